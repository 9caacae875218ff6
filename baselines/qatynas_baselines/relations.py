"""Relations between mentions, learned: one logistic regression a relation over the pairs that its signature allows.

A pair is two mentions at most one sentence apart. Probabilities are those of the regression (Platt's sigmoid is what it
fits); a pair has a relation where the probability reaches the relation's threshold, chosen for F1 on documents that
were not trained on.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator

from qatynas.document import Reading, Relation, sort_reading
from qatynas.schema import load_schema
from qatynas_baselines.pairs import describe_pairs, list_pairs, make_scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from qatynas.document import Document, Mention
    from qatynas_baselines.pairs import Pair

    Floats = NDArray[np.float64]

_THRESHOLDS = np.linspace(0.1, 0.9, 17)
_ENOUGH = 8  # gold relations of a label, for a threshold of its own


class RelationClassifier(BaseEstimator):
    """Relations between the mentions of documents.

    Args:
        strength: the inverse of the quadratic penalty (scikit-learn's `C`).
        least: how often a feature must stand in training to be kept.
    """

    def __init__(self, strength: float = 0.5, least: int = 2) -> None:
        self.strength = strength
        self.least = least

    def fit(self, documents: Sequence[Document], y: object = None) -> RelationClassifier:  # noqa: ARG002
        """This classifier, trained on the adjudicated mentions and relations of documents."""
        from sklearn.linear_model import LogisticRegression

        described: list[list[str]] = []
        labels, types = [], []
        for document in documents:
            scene = make_scene(document, document.gold.mentions)
            known: dict[Pair, set[str]] = {}
            for relation in document.gold.relations:
                known.setdefault((relation.head, relation.tail), set()).add(relation.type)
            pairs = list_pairs(scene)
            described += describe_pairs(scene, pairs)
            labels += [known.get(pair, set()) for pair in pairs]
            types += [(scene.mentions[head].type, scene.mentions[tail].type) for head, tail in pairs]
        counts = Counter(name for names in described for name in names)
        kept = sorted(name for name, count in counts.items() if count >= self.least)
        self.columns_ = {name: place for place, name in enumerate(kept)}
        features = self._encode(described)
        relations = load_schema().relation_labels
        self.weights_ = np.zeros((len(kept), len(relations)), dtype=np.float32)
        self.biases_ = np.full(len(relations), -np.inf, dtype=np.float32)
        for place, label in enumerate(relations):
            rows = [row for row, ends in enumerate(types) if label in load_schema().find_relations(*ends)]
            gold = np.array([label in labels[row] for row in rows], dtype=bool)
            if gold.any() and not gold.all():
                model = LogisticRegression(C=self.strength, solver="liblinear", random_state=0)
                model.fit(features[rows], gold)
                self.weights_[:, place], self.biases_[place] = model.coef_[0], model.intercept_[0]
        self.thresholds_ = dict.fromkeys(relations, 0.5)
        return self

    def tune(self, documents: Sequence[Document]) -> RelationClassifier:
        """This classifier with the thresholds that give the best F1 on documents.

        A relation with fewer than eight examples there takes the threshold that is best over all.
        """
        rows: list[tuple[str, float, bool]] = []
        missed: Counter[str] = Counter()
        for document in documents:
            known = {(r.head, r.tail, r.type) for r in document.gold.relations}
            pairs, probabilities = self._score_pairs(document, document.gold.mentions)
            scored = [
                (*pairs[row], load_schema().relation_labels[column], float(probabilities[row, column]))
                for row, column in np.argwhere(probabilities >= 0).tolist()
            ]
            rows += [(label, p, (head, tail, label) in known) for head, tail, label, p in scored]
            missed.update(label for _, _, label in known - {(h, t, label) for h, t, label, _ in scored})
        best = _find_threshold(rows, sum(missed.values()))
        for label in self.thresholds_:
            own = [row for row in rows if row[0] == label]
            enough = sum(row[2] for row in own) >= _ENOUGH
            self.thresholds_[label] = _find_threshold(own, missed[label]) if enough else best
        return self

    def predict_relations(self, document: Document, mentions: Sequence[Mention]) -> tuple[Relation, ...]:
        """The relations between these mentions of a document, sorted by head, tail and label."""
        labels = tuple(load_schema().relation_labels)
        pairs, probabilities = self._score_pairs(document, mentions)
        reached = np.argwhere(probabilities >= [self.thresholds_[label] for label in labels])
        found = [Relation(labels[column], *pairs[row]) for row, column in reached.tolist()]
        return tuple(sorted(found, key=lambda relation: (relation.head, relation.tail, relation.type)))

    def predict(self, documents: Sequence[Document]) -> list[Reading]:
        """The adjudicated mentions of every document with predicted relations."""
        return [
            sort_reading(
                Reading("system", document.gold.mentions, self.predict_relations(document, document.gold.mentions))
            )
            for document in documents
        ]

    def score(self, documents: Sequence[Document], y: object = None) -> float:  # noqa: ARG002
        """Strict micro F1 of the relations between the adjudicated mentions."""
        both = total = 0
        for document, reading in zip(documents, self.predict(documents), strict=True):
            gold, found = set(document.gold.relations), set(reading.relations)
            both, total = both + len(gold & found), total + len(gold) + len(found)
        return 2 * both / max(total, 1)

    def _score_pairs(self, document: Document, mentions: Sequence[Mention]) -> tuple[list[Pair], Floats]:
        """The pairs, and the probability of every relation for each: -1 where no signature has it."""
        scene = make_scene(document, mentions)
        pairs = list_pairs(scene)
        logits = self._encode(describe_pairs(scene, pairs)) @ self.weights_ + self.biases_
        probabilities = 1 / (1 + np.exp(-logits.astype(np.float64)))
        allowed = [load_schema().find_relations(mentions[head].type, mentions[tail].type) for head, tail in pairs]
        legal = [[label in labels for label in load_schema().relation_labels] for labels in allowed]
        return pairs, np.where(np.array(legal, dtype=bool).reshape(probabilities.shape), probabilities, -1)

    def _encode(self, described: Iterable[Sequence[str]]) -> sparse.csr_matrix:
        known = self.columns_
        places = [sorted({known[name] for name in names if name in known}) for names in described]
        ends = np.cumsum([0, *map(len, places)])
        columns = np.array([place for row in places for place in row], dtype=np.int64)
        shape = (len(places), len(self.columns_))
        return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=shape)

    def get_state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.float32]]]:
        """Settings as plain JSON, and arrays: all that `from_state` needs to predict the same."""
        settings = {
            "parameters": self.get_params(),
            "columns": list(self.columns_),
            "thresholds": self.thresholds_,
        }
        return settings, {"weights": self.weights_, "biases": self.biases_}

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> RelationClassifier:
        """The trained classifier that `get_state` described."""
        model = cls(**settings["parameters"])
        model.columns_ = {name: place for place, name in enumerate(settings["columns"])}
        model.thresholds_ = dict(settings["thresholds"])
        model.weights_, model.biases_ = arrays["weights"], arrays["biases"]
        return model


def _find_threshold(rows: Sequence[tuple[str, float, bool]], missed: int) -> float:
    """The threshold with the best F1 over (label, probability, gold); `missed` gold relations are out of reach."""
    gold = np.array([row[2] for row in rows], dtype=bool)
    probabilities = np.array([row[1] for row in rows])
    scores = []
    for threshold in _THRESHOLDS:
        found = probabilities >= threshold
        scores.append(2 * (gold & found).sum() / max(gold.sum() + missed + found.sum(), 1))
    return float(_THRESHOLDS[int(np.argmax(scores))])
