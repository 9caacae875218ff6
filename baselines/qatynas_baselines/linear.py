"""Logistic regression token by token, decoded with learned transitions.

scikit-learn's stochastic gradient descent on the features of `features`, put side by side for all tokens at once. The
transitions are what the tags of training say of each other beyond their own frequency (pointwise mutual information),
weighed by a factor that is chosen on a fifth of the training sentences.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import SGDClassifier

from qatynas_baselines.features import FeatureSpace, join_blocks
from qatynas_baselines.spans import score_tags
from qatynas_baselines.viterbi import decode, list_legal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qatynas_baselines.features import Token

    Floats = NDArray[np.float32]
    Sequences = Sequence[Sequence[Token]]

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_HELD_OUT = 5
_SMOOTHING = 0.5


class LogisticTagger(BaseEstimator):
    """Tags for sequences of tokens; a token is a form, or a tuple of a form and further columns of text.

    Args:
        alpha: strength of the quadratic penalty.
        epochs: passes over the training tokens.
        least: how often a feature must stand in training to be kept.
        ablated: groups of features to leave out (see `features`).
        seed: of the order of tokens.
    """

    def __init__(
        self, alpha: float = 1e-5, epochs: int = 12, least: int = 1, ablated: tuple[str, ...] = (), seed: int = 0
    ) -> None:
        self.alpha = alpha
        self.epochs = epochs
        self.least = least
        self.ablated = ablated
        self.seed = seed

    def fit(self, X: Sequences, y: Sequence[Sequence[str]]) -> LogisticTagger:  # noqa: N803
        """This estimator with weights learned from sequences and their tags."""
        kept = [place for place in range(len(X)) if place % _HELD_OUT]
        held = [place for place in range(len(X)) if place % _HELD_OUT == 0]
        self._learn([X[place] for place in kept], [y[place] for place in kept])
        scores = []
        for weight in WEIGHTS:
            self.weight_ = weight
            scores.append(score_tags([y[place] for place in held], self.predict([X[place] for place in held])))
        self._learn(X, y)
        self.weight_ = WEIGHTS[int(np.argmax(scores))]
        return self

    def _learn(self, sequences: Sequences, tags: Sequence[Sequence[str]]) -> None:
        self.tags_ = sorted({tag for row in tags for tag in row} | {"O"})
        self.space_ = FeatureSpace(self.ablated, self.least).learn(sequences)
        features = join_blocks(self.space_.encode(sequences))
        features.indices, features.indptr = features.indices.astype(np.int32), features.indptr.astype(np.int32)
        places = {tag: place for place, tag in enumerate(self.tags_)}
        gold = np.array([places[tag] for row in tags for tag in row])
        self.coefficients_ = np.zeros((features.shape[1], len(self.tags_)), dtype=np.float32)
        self.intercepts_ = np.full(len(self.tags_), -np.inf, dtype=np.float32)
        seen = np.unique(gold)
        if len(seen) > 1:
            model = SGDClassifier(
                "log_loss",
                alpha=self.alpha,
                max_iter=self.epochs,
                tol=None,
                average=True,
                random_state=self.seed,
                n_jobs=-1,  # a tag against the rest each, seeded apart: the number of processors changes nothing
            )
            model.fit(features, gold)
            two = len(seen) == 2  # scikit-learn keeps one row for two classes
            self.coefficients_[:, seen] = (np.concatenate([-model.coef_, model.coef_]) if two else model.coef_).T
            self.intercepts_[seen] = np.concatenate([-model.intercept_, model.intercept_]) if two else model.intercept_
        else:
            self.intercepts_[seen] = 0
        self.chain_ = _count_transitions(tags, places)

    def predict(self, X: Sequences) -> list[list[str]]:  # noqa: N803
        """The best legal tags of every sequence by token scores and weighed transitions (Viterbi 1967)."""
        if not len(X):
            return []
        encoded = self.space_.encode(X)
        scores = join_blocks(encoded) @ self.coefficients_ + self.intercepts_
        scores = -np.logaddexp(0, -scores)  # the logarithm of each tag's probability against the rest
        scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        chain = np.where(list_legal(self.tags_), self.weight_ * self.chain_, -np.inf).astype(np.float32)
        found = decode(scores.astype(np.float32), encoded.starts, chain)
        return [[self.tags_[tag] for tag in found[a:b]] for a, b in pairwise(encoded.starts.tolist())]

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Settings as plain JSON, and arrays: all that `from_state` needs to predict the same."""
        settings = {
            "parameters": self.get_params(),
            "tags": self.tags_,
            "features": self.space_.get_state(),
            "weight": self.weight_,
        }
        return settings, {
            "coefficients": self.coefficients_,
            "intercepts": self.intercepts_,
            "chain": self.chain_,
        }

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> LogisticTagger:
        """The trained estimator that `get_state` described."""
        parameters = settings["parameters"] | {"ablated": tuple(settings["parameters"]["ablated"])}
        model = cls(**parameters)
        model.tags_, model.weight_ = settings["tags"], settings["weight"]
        model.space_ = FeatureSpace.from_state(settings["features"], model.ablated, model.least)
        model.coefficients_, model.intercepts_ = arrays["coefficients"], arrays["intercepts"]
        model.chain_ = arrays["chain"]
        return model

    def score(self, X: Sequences, y: Sequence[Sequence[str]]) -> float:  # noqa: N803
        """Strict micro F1 over spans."""
        return score_tags(y, self.predict(X))


def _count_transitions(tags: Sequence[Sequence[str]], places: dict[str, int]) -> Floats:
    """The pointwise mutual information of a tag with the one before it (tags + 1, tags), the last row the start."""
    size = len(places)
    counts = np.full((size + 1, size), _SMOOTHING)
    for row in tags:
        numbers = [size, *(places[tag] for tag in row)]
        np.add.at(counts, (numbers[:-1], numbers[1:]), 1)
    joint = counts / counts.sum()
    table: Floats = np.log(joint / joint.sum(axis=1, keepdims=True) / joint.sum(axis=0, keepdims=True))
    return table.astype(np.float32)
