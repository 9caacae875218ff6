from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import qatynas
from qatynas.agreement import compute_kappa, measure_agreement
from qatynas.document import Document, Mention, Number, Reading, Relation
from strategies import documents

TEXT = "Астана мен Анкара 5 млн теңге берді. Кездесу Астанада өтті."
ASTANA, ANKARA = Mention(0, 6, "GPE", "Астана"), Mention(11, 17, "GPE", "Анкара")
MONEY = Mention(18, 29, "MONEY", None, Number(5e6, unit="KZT"))
MEETING, PLACE = Mention(37, 44, "ACT", "кездесу"), Mention(45, 53, "GPE", "Астана")


def pair(doc_id: str, one: Reading, other: Reading) -> Document:
    return Document(doc_id, "t", TEXT, "2025-01-01", "visit", "composed", doc_id, Reading("adjudicator"), (one, other))


ONE = Reading("a", (ASTANA, ANKARA, MONEY, MEETING, PLACE), (Relation("LOCATED_IN", 3, 4),))
OTHER = Reading(
    "b",
    (
        ASTANA,
        Mention(7, 17, "GPE", "Анкара"),  # other borders: half a point
        Mention(18, 29, "MONEY", None, Number(6e6, unit="KZT")),  # another value
        Mention(37, 44, "EVENT", "кездесу"),  # another label
        PLACE,
    ),
    (Relation("LOCATED_IN", 3, 4),),
)


def test_a_case_worked_out_by_hand() -> None:
    measured = measure_agreement([pair("d", ONE, OTHER)])
    strict, partial = measured.scores["strict"], measured.scores["partial"]
    assert strict["all"].value == 2 * 3 / 10
    assert partial["all"].value == (2 * 3 + 1) / 10
    assert strict["GPE"].value == 2 * 2 / 6
    assert partial["GPE"].value == (2 * 2 + 1) / 6
    assert strict["ACT"].value == 0
    assert measured.scores["relation"]["all"].value == 0  # the head has another label
    assert measured.scores["values"]["all"].value == 2 / 3
    assert measured.scores["values"]["MONEY"].value == 0
    assert strict["all"].low is None
    assert dict(measured.confusions) == {
        "GPE: other borders": 1,
        "ACT ↔ EVENT": 1,
        "LOCATED_IN: one reading only": 2,
    }


def test_kappa_of_a_case_worked_out_by_hand() -> None:
    # 12 tokens (two stops); GPE in a: Астана Анкара Астанада, in b: the same and «мен»
    kappa = measure_agreement([pair("d", ONE, OTHER)]).scores["kappa"]["GPE"]
    observed = 11 / 12
    expected = (3 / 12) * (4 / 12) + (9 / 12) * (8 / 12)
    assert kappa.value == pytest.approx((observed - expected) / (1 - expected))


def test_kappa_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(0)
    for _ in range(20):
        one, other = (rng.choice(["", "GPE", "PERSON"], 50).tolist() for _ in range(2))
        assert compute_kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))


def test_the_corpus_twice_gives_the_same_scores_and_an_interval() -> None:
    once = measure_agreement([pair("d", ONE, OTHER)])
    twice = measure_agreement([pair("d", ONE, OTHER), pair("e", ONE, OTHER)])
    for measure, scores in once.scores.items():
        for label, score in scores.items():
            assert twice.scores[measure][label].value == score.value
    assert twice.scores["strict"]["all"].low == pytest.approx(0.6)


def test_documents_are_resampled_and_the_seed_is_fixed() -> None:
    mixed = [pair("d", ONE, OTHER), pair("e", ONE, ONE), pair("f", ONE, ONE)]
    score = measure_agreement(mixed).scores["strict"]["all"]
    assert score == measure_agreement(mixed[::-1]).scores["strict"]["all"]
    assert score.low is not None
    assert score.high is not None
    assert 0.6 <= score.low < score.value < score.high <= 1.0


@given(documents())
@settings(deadline=None, max_examples=30)
def test_a_reading_agrees_with_itself_and_order_does_not_matter(document: Document) -> None:
    same = pair("d", document.gold, document.gold)
    object.__setattr__(same, "text", document.text)
    for scores in measure_agreement([same], resamples=10).scores.values():
        assert all(score.value == 1 for score in scores.values() if score.support)
    if len(document.readings) == 2:
        forward, backward = (pair("d", *order) for order in (document.readings, document.readings[::-1]))
        for one in (forward, backward):
            object.__setattr__(one, "text", document.text)
        mirrored = measure_agreement([backward], 10).scores
        for measure, scores in measure_agreement([forward], 10).scores.items():
            for label, score in scores.items():
                assert mirrored[measure][label].value == pytest.approx(score.value)


def test_documents_without_raw_readings_have_nothing_to_compare() -> None:
    assert measure_agreement([]).pairs == 0


def test_the_datasheet_states_the_agreement_as_it_comes_out() -> None:
    datasheet = (Path(__file__).parents[1] / "DATASHEET.md").read_text(encoding="utf-8")
    scores = measure_agreement(qatynas.load_documents()).scores
    names = {
        "strict": "span F1, strict",
        "partial": "span F1, partial",
        "relation": "relation F1",
        "values": "names and values on spans marked alike",
        "kappa": "Cohen's kappa over tokens",
    }
    for measure, name in names.items():
        score = scores[measure]["all"]
        interval = "" if score.low is None else f"{score.low:.3f} – {score.high:.3f}"
        assert f"| {name} | {score.value:.3f} | {interval} |" in datasheet
