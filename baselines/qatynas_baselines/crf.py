"""A linear-chain conditional random field (Lafferty et al. 2001) in NumPy, with scikit-learn's interface.

Trained by AdaGrad (Duchi et al. 2011) on mini-batches of sentences of like length: the forward-backward recursion, in
scaled probabilities (Rabiner 1989), runs over time steps for a whole batch at once. Only the weights of features that
occur in a batch are touched. Features are dropped at random while training, weights are averaged over the ends of all
epochs but the first.
Transitions that IOB2 forbids have probability 0 in training and in decoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator

from qatynas_baselines.features import Encoded, FeatureSpace, join_blocks
from qatynas_baselines.viterbi import decode, list_legal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qatynas_baselines.features import Token

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Sequences = Sequence[Sequence[Token]]

_TINY = 1e-30


class LinearChainCRF(BaseEstimator):
    """Tags for sequences of tokens; a token is a form, or a tuple of a form and further columns of text.

    Args:
        epochs: passes over the training sentences.
        batch: sentences in a mini-batch.
        step: AdaGrad's step.
        damping: AdaGrad's sums of squares at the start; the larger, the less a rare feature moves.
        dropout: share of features left out at random while training.
        decay: strength of the quadratic penalty, a step.
        least: how often a feature must stand in training to be kept.
        ablated: groups of features to leave out (see `features`).
        seed: of batches and dropout.
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        epochs: int = 6,
        batch: int = 32,
        step: float = 0.3,
        damping: float = 1.0,
        dropout: float = 0.3,
        decay: float = 1e-6,
        least: int = 1,
        ablated: tuple[str, ...] = (),
        seed: int = 0,
    ) -> None:
        self.epochs = epochs
        self.batch = batch
        self.step = step
        self.damping = damping
        self.dropout = dropout
        self.decay = decay
        self.least = least
        self.ablated = ablated
        self.seed = seed

    def fit(self, X: Sequences, y: Sequence[Sequence[str]]) -> LinearChainCRF:  # noqa: N803
        """This estimator with weights learned from sequences and their tags."""
        self.tags_ = sorted({tag for tags in y for tag in tags} | {"O"})
        self.space_ = FeatureSpace(self.ablated, self.least).learn(X)
        encoded = self.space_.encode(X)
        places = {tag: place for place, tag in enumerate(self.tags_)}
        gold = np.array([places[tag] for tags in y for tag in tags], dtype=np.int64)
        batches = list(_cut_batches(encoded, gold, self.batch, len(self.tags_)))
        self._train(encoded, batches)
        return self

    def _train(self, encoded: Encoded, batches: list[_Batch]) -> None:
        generator = np.random.default_rng(self.seed)
        legal = list_legal(self.tags_)
        widths = [block.matrix.shape[1] for block in encoded.blocks]
        weights, chain = (
            _Weights.start(rows, len(self.tags_), self.damping) for rows in (sum(widths), len(self.tags_) + 1)
        )
        for epoch in range(self.epochs):
            for place in generator.permutation(len(batches)):
                batch = batches[place]
                features = batch.drop(self.dropout, generator)
                scores = features @ np.take(weights.value, batch.columns, axis=0)
                errors, moves = batch.find_errors(scores, chain.value, legal)
                weights.update(batch.columns, features.T @ errors, self.step, self.decay)
                chain.update(slice(None), moves, self.step, self.decay)
            if epoch or self.epochs == 1:
                weights.remember()
                chain.remember()
        self.weights_ = np.split(weights.average(), np.cumsum(widths)[:-1])
        self.chain_ = chain.average()

    def score_tokens(self, X: Sequences) -> tuple[Floats, Integers]:  # noqa: N803
        """The scores of every tag for every token (tokens, tags), and where sequences start."""
        encoded = self.space_.encode(X)
        scores = np.zeros((int(encoded.starts[-1]), len(self.tags_)), dtype=np.float32)
        for block, weights in zip(encoded.blocks, self.weights_, strict=True):
            scores += (block.matrix @ weights)[block.rows]
        return scores, encoded.starts

    def predict(self, X: Sequences) -> list[list[str]]:  # noqa: N803
        """The most probable legal tags of every sequence (Viterbi 1967)."""
        if not len(X):
            return []
        scores, starts = self.score_tokens(X)
        chain = np.where(list_legal(self.tags_), self.chain_, -np.inf).astype(np.float32)
        found = decode(scores, starts, chain)
        return [[self.tags_[tag] for tag in found[a:b]] for a, b in pairwise(starts.tolist())]

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Settings as plain JSON, and arrays: all that `from_state` needs to predict the same."""
        settings = {"parameters": self.get_params(), "tags": self.tags_, "features": self.space_.get_state()}
        return settings, {"chain": self.chain_} | {f"block{place}": w for place, w in enumerate(self.weights_)}

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> LinearChainCRF:
        """The trained estimator that `get_state` described."""
        parameters = settings["parameters"] | {"ablated": tuple(settings["parameters"]["ablated"])}
        model = cls(**parameters)
        model.tags_ = settings["tags"]
        model.space_ = FeatureSpace.from_state(settings["features"], model.ablated, model.least)
        model.chain_ = arrays["chain"]
        model.weights_ = [arrays[f"block{place}"] for place in range(len(arrays) - 1)]
        return model

    def score(self, X: Sequences, y: Sequence[Sequence[str]]) -> float:  # noqa: N803
        """Strict micro F1 over spans."""
        from qatynas_baselines.spans import score_tags

        return score_tags(y, self.predict(X))


@dataclass(slots=True)
class _Weights:
    """Weights with AdaGrad's sums of squares, and the sum of the weights that were remembered."""

    value: Floats
    squares: Floats
    total: Floats
    remembered: int = 0

    @classmethod
    def start(cls, rows: int, columns: int, damping: float) -> _Weights:
        value, squares, total = (np.full((rows, columns), fill, dtype=np.float32) for fill in (0, damping, 0))
        return cls(value, squares, total)

    def update(self, rows: Any, gradient: Floats, step: float, decay: float) -> None:
        """Take one step; the gradient's array is used up."""
        value = self.value[rows]
        squares = decay * value
        gradient += squares
        np.multiply(gradient, gradient, out=squares)
        squares += self.squares[rows]
        self.squares[rows] = squares
        squares += _TINY
        np.sqrt(squares, out=squares)
        gradient /= squares
        gradient *= step
        value -= gradient
        self.value[rows] = value

    def remember(self) -> None:
        self.total += self.value
        self.remembered += 1

    def average(self) -> Floats:
        return self.total / np.float32(self.remembered)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sentences of like length, longest first.

    The features (tokens, columns) are those that occur, `columns` their places among all; then come the gold tags and
    the token of each (time, sentence).
    """

    features: sparse.csr_matrix
    columns: Integers
    gold: Integers
    steps: tuple[Integers, ...]
    tags: int

    def drop(self, share: float, generator: np.random.Generator) -> sparse.csr_matrix:
        """The features, of which a share is left out at random and the others weigh more."""
        if not share:
            return self.features
        kept = generator.random(self.features.nnz, dtype=np.float32) >= share
        data = self.features.data * kept / np.float32(1 - share)
        return sparse.csr_matrix((data, self.features.indices, self.features.indptr), shape=self.features.shape)

    def find_errors(self, scores: Floats, chain: Floats, legal: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Gradients of the negative log-likelihood: marginals less gold (tokens, tags), and of transitions."""
        size = self.tags
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        moves = np.where(legal, np.exp(chain), 0).astype(np.float32)
        forward, scale = self._go_forward(local, moves)
        marginals = np.empty_like(forward)
        expected = np.zeros((size + 1, size), dtype=np.float32)
        back: Floats = np.ones((len(self.steps[-1]), size), dtype=np.float32)
        for time in range(len(self.steps) - 1, -1, -1):
            here = self.steps[time]
            if len(here) > len(back):
                back = np.concatenate([back, np.ones((len(here) - len(back), size), dtype=np.float32)])
            marginals[here] = forward[here] * back
            weighed = local[here] * back / scale[here, np.newaxis]
            if time:
                before = forward[self.steps[time - 1][: len(here)]]
                expected[:size] += before.T @ weighed
                back = weighed @ moves[:size].T
            else:
                expected[size] = weighed.sum(axis=0)
        expected *= moves
        marginals /= marginals.sum(axis=1, keepdims=True)
        marginals[np.arange(len(self.gold)), self.gold] -= 1
        return marginals, expected - self._count_moves(size)

    def _go_forward(self, local: Floats, moves: Floats) -> tuple[Floats, Floats]:
        forward, scale = np.empty_like(local), np.empty(len(local), dtype=np.float32)
        for time, here in enumerate(self.steps):
            came = forward[self.steps[time - 1][: len(here)]] @ moves[:-1] if time else moves[-1]
            value = came * local[here]
            scale[here] = value.sum(axis=1) + _TINY
            forward[here] = value / scale[here, np.newaxis]
        return forward, scale

    def _count_moves(self, size: int) -> Floats:
        counts = np.zeros((size + 1, size), dtype=np.float32)
        for time, here in enumerate(self.steps):
            before = self.gold[self.steps[time - 1][: len(here)]] if time else np.full(len(here), size)
            np.add.at(counts, (before, self.gold[here]), 1)
        return counts


def _cut_batches(encoded: Encoded, gold: Integers, batch: int, tags: int) -> Iterator[_Batch]:
    lengths = np.diff(encoded.starts)
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > 0]
    features = join_blocks(encoded)
    table = np.empty(features.shape[1], dtype=np.int32)
    for first in range(0, len(order), batch):
        chosen = order[first : first + batch]
        tokens = np.concatenate([np.arange(encoded.starts[place], encoded.starts[place + 1]) for place in chosen])
        offsets = np.cumsum(lengths[chosen]) - lengths[chosen]
        steps = tuple(offsets[lengths[chosen] > time] + time for time in range(int(lengths[chosen[0]])))
        part = features[tokens]
        ordered = np.sort(part.indices)
        columns = ordered[np.diff(ordered, prepend=-1) > 0]
        table[columns] = np.arange(len(columns))
        part = sparse.csr_matrix((part.data, table[part.indices], part.indptr), shape=(len(tokens), len(columns)))
        yield _Batch(part, columns, gold[tokens], steps, tags)
