from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatynas.document import Document, Mention, Number, Reading, Relation
from qatynas.scoring.facts import Known, learn_known
from qatynas.scoring.intervals import Resampling, adjust_holm, compute_scores, resample_sums
from qatynas.scoring.report import Report, compare_tallies, compute_report
from qatynas.scoring.spans import MEASURES, Spans, count_matches
from qatynas.scoring.tally import tally_readings
from strategies import documents

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING = Known(frozenset(), frozenset())
FEW = Resampling(50)
TAGS = ("GPE", "PERSON", "LAW")
TEXT = "Астанада Айдос Серікұлы Анкара меморандумына қол қойды. Кездесу 2 сағатқа созылды. Министр Астанаға оралды."


def make_document(
    doc_id: str, mentions: list[Mention], relations: list[Relation] | None = None, text: str = TEXT
) -> Document:
    gold = Reading("adjudicator", tuple(mentions), tuple(relations or []))
    return Document(doc_id, "Тақырып", text, "2025-08-02", "visit", "composed", doc_id, gold)


def score(found: dict[str, Reading], gold: list[Document], known: Known = NOTHING) -> Report:
    return compute_report(tally_readings(gold, found, known), {}, (), FEW)


def f1(report: Report, *key: str) -> float:
    value = report.find(*key).f1
    assert value is not None
    return value


# One document by hand: 5 gold entity mentions, 4 predicted; each measure's credits are counted in the comments.
GOLD = [
    Mention(0, 8, "GPE", "Астана"),
    Mention(9, 23, "PERSON", "Айдос Серікұлы"),
    Mention(24, 44, "LAW", "Анкара меморандумы"),
    Mention(24, 30, "GPE", "Анкара"),
    Mention(56, 63, "ACT", "кездесу"),
]
FOUND = [
    Mention(0, 8, "GPE", "Астана"),  # strict
    Mention(9, 14, "PERSON", "Айдос"),  # overlaps with its label
    Mention(24, 44, "EVENT", "Анкара меморандумы"),  # borders alone
    Mention(64, 65, "ACT", "2"),  # nothing
]
EXPECTED = {
    "strict": (1, 1),
    "boundary": (2, 2),
    "partial": (2.5, 2.5),
    "type": (2, 2),
    "name": (1, 1),
}


@pytest.mark.parametrize("measure", EXPECTED)
def test_entity_measures_are_those_counted_by_hand(measure: str) -> None:
    report = score({"d": Reading("s", tuple(FOUND))}, [make_document("d", GOLD)])
    found = report.find("entity", measure)
    assert (found.precision, found.recall) == (EXPECTED[measure][0] / 4, EXPECTED[measure][1] / 5)


def test_number_measures_are_those_counted_by_hand() -> None:
    gold = [
        Mention(0, 3, "MONEY", None, Number(3e9, None, "USD", "at_most", True)),
        Mention(4, 8, "DATE", None, Number(date="2025-08-02")),
        Mention(9, 12, "CARDINAL", None, Number(2 / 3)),
    ]
    found = [
        Mention(0, 3, "MONEY", None, Number(3e9, None, "USD", "at_most")),  # all but the target
        Mention(4, 8, "DATE", None, Number(date="2025-08")),  # another date
        Mention(9, 12, "CARDINAL", None, Number(0.6667)),  # equal to four places
        Mention(13, 15, "CARDINAL", None, Number(5.0)),  # nothing
    ]
    report = score({"d": Reading("s", tuple(found))}, [make_document("d", gold)])
    right = {"detection": 3, "value": 3, "unit": 3, "modifier": 3, "target": 2, "date": 2, "strict": 1}
    for measure, count in right.items():
        assert report.find("number", measure).precision == count / 4, measure
        assert report.find("number", measure).recall == count / 3, measure
    assert f1(report, "number", "given_mentions") == pytest.approx(1 / 3)


def test_relation_measures_are_those_counted_by_hand() -> None:
    gold = [Mention(0, 8, "GPE", "Астана"), Mention(9, 23, "PERSON", "А"), Mention(56, 63, "ACT", "кездесу")]
    facts = [Relation("PARTICIPANT", 2, 1), Relation("LOCATED_IN", 2, 0)]
    found = [Mention(0, 8, "LOCATION", "Астана"), *gold[1:]]
    claims = [Relation("PARTICIPANT", 2, 1), Relation("LOCATED_IN", 2, 0), Relation("CONCERNS", 2, 1)]
    report = score({"d": Reading("s", tuple(found), tuple(claims))}, [make_document("d", gold, facts)])
    assert report.find("relation").precision == 1 / 3
    assert report.find("relation").recall == 1 / 2
    assert report.find("relation", "boundary").recall == 1  # the place is found, under another label
    assert report.find("relation", "given_mentions").precision == 1 / 2
    assert report.find("relation", "given_mentions").recall == 1
    assert report.find("relation", "strict", "cross_sentence").gold == 2


def count_docred(
    gold: list[tuple[set[int], str, set[int]]], found: list[tuple[set[int], str, set[int]]]
) -> tuple[float, float]:
    """Precision and recall of facts between entities, each the set of its mentions: the definition, pair by pair."""
    correct = [claim for claim in found if claim in gold]
    return len(correct) / len(found), len(correct) / len(gold)


def test_entity_level_measures_follow_docred_with_coreference() -> None:
    # sentence 0: Астана, Серікұлы; sentence 1: Кездесу; sentence 2: Министр (the same person), Астана again
    gold = [
        Mention(0, 8, "GPE", "Астана"),
        Mention(9, 23, "PERSON", "Айдос Серікұлы"),
        Mention(56, 63, "ACT", "кездесу"),
        Mention(84, 91, "PERSON", "Айдос Серікұлы"),
        Mention(92, 100, "GPE", "Астана"),
    ]
    facts = [Relation("PARTICIPANT", 2, 1), Relation("LOCATED_IN", 2, 0)]
    claims = [Relation("PARTICIPANT", 2, 3), Relation("LOCATED_IN", 2, 4), Relation("LOCATED_IN", 2, 0)]
    document = make_document("d", gold, facts)
    report = score({"d": Reading("s", tuple(gold), tuple(claims))}, [document])
    assert report.find("relation").precision == 1 / 3
    person, city, act = {1, 3}, {0, 4}, {2}
    expected = count_docred(
        [(act, "PARTICIPANT", person), (act, "LOCATED_IN", city)],
        [(act, "PARTICIPANT", person), (act, "LOCATED_IN", city)],
    )
    found = report.find("relation", "entity_level")
    assert (found.precision, found.recall) == expected == (1, 1)
    # evidence: gold {0, 1} and {0, 1}; claimed {1, 2} and {0, 1, 2}: 3 right of 5, of 4
    evidence = report.find("relation", "evidence")
    assert (evidence.precision, evidence.recall) == (3 / 5, 3 / 4)
    # the place is known from train: one of two correct facts leaves precision, recall stays
    known = learn_known([make_document("t", gold, facts[1:])])
    ign = score({"d": Reading("s", tuple(gold), tuple(claims))}, [document], known).find("relation", "entity_level_ign")
    assert (ign.precision, ign.recall, ign.predicted) == (1, 1, 1)


def test_a_predicted_entity_stands_for_the_gold_one_that_it_shares_most_mentions_with() -> None:
    gold = [
        Mention(0, 8, "GPE", "Астана"),
        Mention(24, 30, "GPE", "Анкара"),
        Mention(56, 63, "ACT", "кездесу"),
        Mention(92, 100, "GPE", "Астана"),
    ]
    document = make_document("d", gold, [Relation("LOCATED_IN", 2, 0)])
    merged = [replace(m, name="бір") if m.type == "GPE" else m for m in gold]
    claim = (Relation("LOCATED_IN", 2, 1),)
    assert f1(score({"d": Reading("s", tuple(merged), claim)}, [document]), "relation", "entity_level") == 1
    assert f1(score({"d": Reading("s", tuple(gold), claim)}, [document]), "relation", "entity_level") == 0


def spans_of(tags: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """Spans (sentence, start, end, label) of IOB2 tags, a token a code point."""
    rows = []
    for place, sentence in enumerate(tags):
        start = None
        for index, tag in enumerate([*sentence, "O"]):
            if start is not None and not tag.startswith("I-"):
                rows.append((place, start, index, TAGS.index(sentence[start][2:])))
                start = None
            if tag.startswith("B-"):
                start = index
    return rows


@st.composite
def tag_lists(draw: st.DrawFn, length: int) -> list[str]:
    tags: list[str] = []
    while len(tags) < length:
        size = draw(st.integers(1, 3))
        label = draw(st.sampled_from(["O", *TAGS]))
        tags += ["O"] * size if label == "O" else [f"B-{label}", *[f"I-{label}"] * (size - 1)]
    return tags[:length]


@st.composite
def tagged_corpora(draw: st.DrawFn, most: int = 6) -> tuple[list[list[str]], list[list[str]]]:
    lengths = draw(st.lists(st.integers(1, 12), min_size=1, max_size=most))
    return [draw(tag_lists(n)) for n in lengths], [draw(tag_lists(n)) for n in lengths]


def count_tags(gold: list[list[str]], found: list[list[str]]) -> dict[str, NDArray[np.float64]]:
    counted = count_matches(Spans.from_rows(spans_of(gold)), Spans.from_rows(spans_of(found)), len(gold), len(TAGS))
    return {measure: table.sum(axis=0) for measure, table in counted.items()}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
@given(tagged_corpora())
def test_strict_scores_equal_seqeval_on_flat_spans(corpus: tuple[list[list[str]], list[list[str]]]) -> None:
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, found = corpus
    counts = count_tags(gold, found)["strict"]
    if not counts[:, 3].any() or not counts[:, 1].any():
        return
    with np.errstate(all="ignore"):
        theirs = classification_report(gold, found, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    ours = [float(value) for value in compute_scores(counts.sum(axis=0))]
    assert [theirs["micro avg"][name] for name in ("precision", "recall", "f1-score")] == pytest.approx(ours, abs=1e-15)
    for place, label in enumerate(TAGS):
        if counts[place, 1:4:2].any():
            mine = [float(value) for value in compute_scores(counts[place])]
            assert [theirs[label][name] for name in ("precision", "recall", "f1-score")] == pytest.approx(
                mine, abs=1e-15
            )


@settings(deadline=None)
@given(tagged_corpora())
def test_strict_scores_equal_seqscore_on_flat_spans(corpus: tuple[list[list[str]], list[list[str]]]) -> None:
    from seqscore.encoding import get_encoding
    from seqscore.scoring import ClassificationScore, score_sequence_mentions

    gold, found = corpus
    counts = count_tags(gold, found)["strict"].sum(axis=0)
    encoding = get_encoding("BIO")
    theirs = ClassificationScore()
    for one, other in zip(found, gold, strict=True):
        mentions = [encoding.decode_labels(side) for side in (one, other)]
        score_sequence_mentions(*mentions, theirs)
    ours = [float(value) for value in compute_scores(counts)]
    assert [theirs.precision, theirs.recall, theirs.f1] == pytest.approx(ours, abs=1e-15)


@settings(deadline=None)
@given(tagged_corpora(most=1))
def test_partial_and_type_scores_equal_nervaluate_for_one_document(
    corpus: tuple[list[list[str]], list[list[str]]],
) -> None:
    from nervaluate import Evaluator

    gold, found = corpus
    results = Evaluator(gold, found, tags=list(TAGS), loader="list").evaluate()["overall"]
    counts = count_tags(gold, found)
    for ours, theirs in (("strict", "strict"), ("boundary", "exact"), ("partial", "partial"), ("type", "ent_type")):
        precision, recall, _ = (float(value) for value in compute_scores(counts[ours].sum(axis=0)))
        assert (results[theirs].precision, results[theirs].recall) == pytest.approx((precision, recall)), ours


@given(documents(), documents(), st.randoms())
def test_no_score_depends_on_the_order_of_the_input(one: Document, other: Document, random: object) -> None:
    documents_given = [replace(one, doc_id="a"), replace(other, doc_id="b")]
    found = {"a": one.readings[0] if one.readings else one.gold, "b": Reading("s", other.gold.mentions[::2])}

    def shuffle(reading: Reading) -> Reading:
        order = list(range(len(reading.mentions)))
        random.shuffle(order)  # type: ignore[attr-defined]
        rank = {old: new for new, old in enumerate(order)}
        relations = [Relation(r.type, rank[r.head], rank[r.tail]) for r in reading.relations]
        random.shuffle(relations)  # type: ignore[attr-defined]
        return replace(reading, mentions=tuple(reading.mentions[i] for i in order), relations=tuple(relations))

    again = [replace(d, gold=shuffle(d.gold)) for d in documents_given[::-1]]
    shuffled = {doc_id: shuffle(reading) for doc_id, reading in reversed(found.items())}
    assert score(shuffled, again) == score(found, documents_given)


@given(documents(), documents())
def test_the_corpus_twice_gives_the_same_f1(one: Document, other: Document) -> None:
    once = [replace(one, doc_id="a"), replace(other, doc_id="b")]
    found = {"a": Reading("s", one.gold.mentions[::2]), "b": other.readings[0] if other.readings else other.gold}
    twice = once + [replace(document, doc_id=document.doc_id * 2) for document in once]
    both = found | {doc_id * 2: reading for doc_id, reading in found.items()}
    for single, double in zip(score(found, once).scores, score(both, twice).scores, strict=True):
        assert (double.f1, double.recall) == pytest.approx((single.f1, single.recall), nan_ok=True)


@given(documents())
def test_a_perfect_prediction_scores_one_and_an_empty_one_zero(document: Document) -> None:
    perfect = score({document.doc_id: document.gold}, [document])
    assert all(entry.f1 in {1.0, None} for entry in perfect.scores if entry.gold and entry.task != "overall")
    empty = score({}, [document])
    assert all(entry.f1 in {0.0, None} for entry in empty.scores)


@given(documents(), documents())
def test_relation_scores_equal_a_brute_force_reading_of_the_definition(one: Document, other: Document) -> None:
    found = other.gold
    report = score({one.doc_id: found}, [one])

    def say(reading: Reading, relation: Relation) -> tuple[object, ...]:
        ends = [reading.mentions[relation.head], reading.mentions[relation.tail]]
        return (relation.type, *((end.start, end.end, end.type) for end in ends))

    gold_facts = [say(one.gold, relation) for relation in one.gold.relations]
    facts = [say(found, relation) for relation in found.relations]
    correct = sum(any(fact == due for due in set(gold_facts)) for fact in set(facts))
    strict = report.find("relation")
    assert strict.predicted == len(set(facts))
    assert strict.gold == len(set(gold_facts))
    assert (strict.precision or 0) * len(set(facts)) == pytest.approx(correct)


def test_nested_spans_with_the_same_borders_are_credited_once() -> None:
    gold = Spans.from_rows([(0, 0, 5, 0), (0, 0, 5, 1)])
    found = Spans.from_rows([(0, 0, 5, 1), (0, 0, 5, 2)])
    counts = count_matches(gold, found, 1, 3)
    assert counts["strict"][0].sum(axis=0).tolist() == [1, 2, 1, 2]
    assert counts["boundary"][0].sum(axis=0).tolist() == [2, 2, 2, 2]


def test_spans_of_different_documents_never_meet() -> None:
    gold = Spans.from_rows([(0, 3, 9, 0), (1, 0, 4, 0)])
    found = Spans.from_rows([(1, 3, 9, 0), (0, 0, 2, 0)])
    counts = count_matches(gold, found, 2, 1)
    assert [counts[measure][..., 0].sum() for measure in MEASURES] == [0, 0, 0.5, 1]


def test_resamples_are_draws_of_documents() -> None:
    counts = np.array([[[1.0, 1, 1, 1]], [[0.0, 1, 0, 1]], [[0.0, 1, 0, 1]]])
    sums = np.concatenate(list(resample_sums(counts, Resampling(20_000))))
    assert set(sums[:, 0, 1].tolist()) == {3.0}
    shares = np.bincount(sums[:, 0, 0].astype(int), minlength=4) / len(sums)
    expected = [(2 / 3) ** 3, 3 * (1 / 3) * (2 / 3) ** 2, 3 * (1 / 3) ** 2 * (2 / 3), (1 / 3) ** 3]
    assert shares.tolist() == pytest.approx(expected, abs=0.015)


def test_two_systems_that_differ_in_every_document_differ_significantly_and_equal_ones_do_not() -> None:
    gold = [make_document(f"d{place}", GOLD) for place in range(12)]
    good = tally_readings(gold, {document.doc_id: document.gold for document in gold}, NOTHING)
    bad = tally_readings(gold, {document.doc_id: Reading("s", tuple(FOUND)) for document in gold}, NOTHING)
    entity = compare_tallies(bad, good)[1]
    assert entity.task == "entity"
    assert entity.p == pytest.approx(2 / 2**12, rel=0.9)  # all or none exchanged, of 4,096 ways
    assert {difference.p for difference in compare_tallies(good, good)} == {1.0}


def test_holm_is_the_step_down_of_bonferroni() -> None:
    assert adjust_holm([0.5, 0.001, 0.02, 0.02]) == pytest.approx([0.5, 0.004, 0.06, 0.06])
