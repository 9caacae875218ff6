from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from qatynas import load_documents
from qatynas.document import Document, Mention, Reading
from qatynas_baselines.crf import LinearChainCRF, _Batch
from qatynas_baselines.features import FeatureSpace, join_blocks
from qatynas_baselines.linear import LogisticTagger
from qatynas_baselines.lookup import LookupTagger
from qatynas_baselines.spans import place_spans, read_tags, score_tags, split_levels, write_tags
from qatynas_baselines.tagger import NestedTagger
from qatynas_baselines.viterbi import decode, list_legal

TRAIN = load_documents("train")[:6]
SENTENCES = [
    (["Қазақстан", "мен", "Түркия", "келісті"], ["B-GPE", "O", "B-GPE", "O"]),
    (["Түркия", "Сыртқы", "істер", "министрлігі", "хабарлады"], ["B-ORG", "I-ORG", "I-ORG", "I-ORG", "O"]),
    (["Кездесу", "Астанада", "өтті"], ["B-ACT", "B-GPE", "O"]),
    (["Министрлік", "хабарлады"], ["B-ORG", "O"]),
]
X = [tokens for tokens, _ in SENTENCES]
Y = [tags for _, tags in SENTENCES]
TAGS = ["B-GPE", "I-GPE", "O"]


def score_path(scores: np.ndarray, chain: np.ndarray, path: tuple[int, ...]) -> float:  # type: ignore[type-arg]
    """The sum of token scores and transitions, minus infinity where IOB2 forbids a step."""
    legal = list_legal(TAGS)
    total, before = 0.0, len(TAGS)
    for place, tag in enumerate(path):
        total += scores[place, tag] + chain[before, tag] if legal[before, tag] else -np.inf
        before = tag
    return total


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_decoding_finds_the_best_of_all_legal_paths(length: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(length, 3)).astype(np.float32)
    chain = generator.normal(size=(4, 3)).astype(np.float32)
    found = decode(scores, np.array([0, length]), np.where(list_legal(TAGS), chain, -np.inf).astype(np.float32))
    best = max(product(range(3), repeat=length), key=lambda path: score_path(scores, chain, path))
    assert score_path(scores, chain, tuple(found.tolist())) == pytest.approx(score_path(scores, chain, best), abs=1e-4)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_gradients_are_those_of_the_likelihood_summed_over_all_paths(lengths: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    lengths = sorted(lengths, reverse=True)
    scores = generator.normal(size=(sum(lengths), 3)).astype(np.float32)
    chain = generator.normal(size=(4, 3)).astype(np.float32)
    gold = np.concatenate([np.resize([0, 1, 2], length) for length in lengths])
    begins = np.cumsum([0, *lengths])[:-1]
    steps = tuple(begins[np.array(lengths) > time] + time for time in range(lengths[0]))
    nothing = sparse.csr_matrix((sum(lengths), 0), dtype=np.float32)
    errors, moves = _Batch(nothing, np.array([]), gold, steps, 3).find_errors(scores, chain, list_legal(TAGS))
    marginals, expected = np.zeros_like(scores), np.zeros((4, 3))
    counted = np.zeros((4, 3))
    for begin, length in zip(begins, lengths, strict=True):
        own = scores[begin : begin + length]
        paths = list(product(range(3), repeat=length))
        weights = np.exp([score_path(own, chain, path) for path in paths])
        for path, weight in zip(paths, weights / weights.sum(), strict=True):
            for place, (before, tag) in enumerate(zip((3, *path), path, strict=False)):
                marginals[begin + place, tag] += weight
                expected[before, tag] += weight
        for before, tag in zip((3, *gold[begin : begin + length - 1]), gold[begin : begin + length], strict=True):
            counted[before, tag] += 1
    marginals[np.arange(len(gold)), gold] -= 1
    assert errors == pytest.approx(marginals, abs=1e-3)
    assert moves == pytest.approx(expected - counted, abs=1e-3)


@pytest.mark.parametrize("estimator", [LinearChainCRF(batch=2, dropout=0.1), LogisticTagger(epochs=50)])
class TestTaggers:
    def test_it_learns_what_it_has_seen_and_clones_unfitted(self, estimator: LinearChainCRF) -> None:
        model = clone(estimator).fit(X * 5, Y * 5)
        assert model.predict(X) == Y
        assert model.score(X, Y) == 1
        assert not hasattr(clone(model), "tags_")
        assert clone(model).get_params() == estimator.get_params()

    def test_a_second_training_gives_the_same(self, estimator: LinearChainCRF) -> None:
        states = [clone(estimator).fit(X * 5, Y * 5).get_state() for _ in range(2)]
        assert states[0][0] == states[1][0]
        assert all((states[0][1][name] == states[1][1][name]).all() for name in states[0][1])

    def test_it_comes_back_from_its_state(self, estimator: LinearChainCRF) -> None:
        model = clone(estimator).fit(X * 5, Y * 5)
        again = type(model).from_state(*model.get_state())
        unseen = [["Түркия", "президенті", "Анкарада"], ["5-ші", "отырыс"]]
        assert again.predict([*X, *unseen]) == model.predict([*X, *unseen])

    def test_tags_are_legal_and_empty_input_gives_nothing(self, estimator: LinearChainCRF) -> None:
        model = clone(estimator).fit(X, Y)
        assert model.predict([]) == []
        for tags in model.predict([["министрлігі", "істер", "Сыртқы"], [], ["🤝"]]):
            assert all(not t.startswith("I-") or b[2:] == t[2:] for b, t in zip(["O", *tags], tags, strict=False))

    def test_scikit_learn_searches_and_validates_it(self, estimator: LinearChainCRF) -> None:
        scores = cross_val_score(estimator, X * 4, Y * 4, cv=2)
        assert all(0 <= score <= 1 for score in scores)
        search = GridSearchCV(estimator, {"least": [1, 2]}, cv=2).fit(X * 4, Y * 4)
        assert search.best_params_["least"] in {1, 2}


def test_features_of_an_unknown_form_are_those_of_its_parts() -> None:
    space = FeatureSpace().learn(X)
    known, unknown = (join_blocks(space.encode([[form, "мен"]])) for form in ("Түркия", "Түркияның"))
    assert 0 < unknown[0].nnz < known[0].nnz * 2
    assert known.shape == unknown.shape


def test_columns_beside_the_form_are_features() -> None:
    tokens = [[("а", "x"), ("ә", "y")], [("б", "x")]]
    names = {block.name for block in FeatureSpace().learn(tokens).encode(tokens).blocks}
    assert {"extra0-1", "extra0+0", "extra0+1"} <= names


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4), st.sampled_from(["GPE", "LAW"])), max_size=6))
def test_levels_hold_every_span_once_and_none_overlaps_in_its_level(rows: list[tuple[int, int, str]]) -> None:
    spans = sorted({(start, start + size, label) for start, size, label in rows})
    levels = split_levels(spans)
    assert sorted(span for level in levels for span in level) == spans
    for level in levels:
        assert sorted(read_tags(write_tags(level, 12))) == sorted(level)


def test_flat_tags_score_as_spans() -> None:
    assert score_tags([["B-GPE", "I-GPE", "O"]], [["B-GPE", "O", "O"]]) == 0
    assert score_tags([["B-GPE", "O"]], [["B-GPE", "B-LAW"]]) == pytest.approx(2 / 3)


def make_document(text: str, mentions: list[Mention]) -> Document:
    return Document("d", "", text, "2025-08-02", "", "", "d", Reading("adjudicator", tuple(mentions)))


def test_lookup_marks_what_it_has_seen_with_what_lies_inside() -> None:
    text = "ҚР СІМ хабарлады."
    seen = make_document(text, [Mention(0, 6, "ORGANISATION", "а"), Mention(0, 2, "GPE", "б")])
    tagger = LookupTagger().fit([seen])
    (found,) = tagger.predict([make_document("Бүгін ҚР СІМ мәлімдеді.", [])])
    assert [(m.start, m.end, m.type) for m in found.mentions] == [(6, 12, "ORGANISATION"), (6, 8, "GPE")]
    assert LookupTagger.from_state(*tagger.get_state()).lexicon_ == tagger.lexicon_


def test_lookup_leaves_out_what_is_mostly_unmarked() -> None:
    seen = make_document("отырыс. отырыс. отырыс.", [Mention(0, 6, "ACT", "отырыс")])
    assert LookupTagger().fit([seen]).find_mentions(seen) == ()
    assert len(LookupTagger(share=0.3).fit([seen]).find_mentions(seen)) == 3


def test_the_nested_tagger_finds_nested_spans_of_its_training_documents_and_comes_back() -> None:
    tagger = NestedTagger(LinearChainCRF(epochs=15, batch=8, dropout=0.1), ("numbers", "places")).fit(TRAIN)
    assert tagger.score(TRAIN) > 0.9
    found = tagger.predict(TRAIN[:1])[0].mentions
    assert any(a is not b and a.start <= b.start and b.end <= a.end for a in found for b in found)
    assert NestedTagger.from_state(*tagger.get_state()).predict(TRAIN[:2]) == tagger.predict(TRAIN[:2])


def test_spans_that_cut_a_token_are_left_out() -> None:
    assert place_spans([Mention(0, 3, "GPE"), Mention(0, 5, "GPE")], [(0, 5), (6, 9)]) == [(0, 1, "GPE")]
