"""Relations between mentions, learned: one logistic regression a relation over the pairs that its signature allows.

A pair is two mentions at most one sentence apart. Probabilities are those of the regression (Platt's sigmoid is what it
fits); a pair has a relation where the probability reaches the relation's threshold, chosen for F1 on documents that
were not trained on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator

from qatynas.document import Mention, Reading, Relation, sort_reading
from qatynas.rows import WINDOW, place_mentions
from qatynas.schema import load_schema
from qatynas.tokens import split_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qatynas.document import Document

    Pair = tuple[int, int]

_THRESHOLDS = np.linspace(0.1, 0.9, 17)
_ENOUGH = 8  # gold relations of a label, for a threshold of its own
_NEAR = (0, 1, 2, 3, 5, 8, 13, 21)
_FEW_WORDS = 6
_LONGEST_ENDING = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """A document's words and where its mentions lie among them."""

    words: list[str]
    mentions: tuple[Mention, ...]
    firsts: list[int]
    lasts: list[int]
    sentences: list[int]
    ends: list[int]


def make_scene(document: Document, mentions: Sequence[Mention]) -> Scene:
    """The scene of mentions in their document."""
    tokens, ends = [], []
    for start, end in document.sentences:
        tokens += split_tokens(document.text, start, end)
        ends.append(len(tokens))
    starts = np.array([start for start, _ in tokens])
    firsts = [int(np.searchsorted(starts, mention.start, side="right")) - 1 for mention in mentions]
    lasts = [int(np.searchsorted(starts, mention.end, side="left")) - 1 for mention in mentions]
    words = [document.text[start:end].lower() for start, end in tokens]
    return Scene(words, tuple(mentions), firsts, lasts, place_mentions(document, mentions), ends)


def list_pairs(scene: Scene) -> list[Pair]:
    """Every ordered pair of different mentions that a signature allows within the window of sentences."""
    schema = load_schema()
    types = [mention.type for mention in scene.mentions]
    return [
        (head, tail)
        for head in range(len(types))
        for tail in range(len(types))
        if head != tail
        and abs(scene.sentences[head] - scene.sentences[tail]) <= WINDOW
        and schema.find_relations(types[head], types[tail])
    ]


def describe_pair(scene: Scene, head: int, tail: int) -> Iterator[str]:
    """The features of a pair, by name; the telling ones also together with both types."""
    types = f"{scene.mentions[head].type}>{scene.mentions[tail].type}"
    yield types
    for name in _describe_place(scene, head, tail):
        yield name
        yield f"{types}|{name}"
    for name in _describe_words(scene, head, tail):
        yield name
        yield f"{scene.mentions[head].type}|{name}"
        yield f"{scene.mentions[tail].type}<{name}"


def _describe_place(scene: Scene, head: int, tail: int) -> Iterator[str]:
    order = _name_order(scene, head, tail)
    low, high = _find_gap(scene, head, tail)
    between = [place for place in range(len(scene.mentions)) if low < scene.firsts[place] and scene.lasts[place] < high]
    kinds = [scene.mentions[place].type for place in between]
    yield f"order={order}"
    yield f"gap={order}{_bucket(high - low - 1)}"
    yield f"sentences={scene.sentences[head] - scene.sentences[tail]}"
    yield f"mentions={order}{min(len(between), 4)}"
    yield f"tail kind between={order}{min(kinds.count(scene.mentions[tail].type), 2)}"
    yield f"head kind between={order}{min(kinds.count(scene.mentions[head].type), 2)}"
    yield f"nearest={order}{_is_nearest(scene, head, tail)}{_is_nearest(scene, tail, head)}"
    yield f"inside={_count_holders(scene, head)}{_count_holders(scene, tail)}"
    yield f"signs={''.join(word for word in scene.words[low + 1 : high] if not word[0].isalnum())[:3]}"


def _describe_words(scene: Scene, head: int, tail: int) -> Iterator[str]:
    order = _name_order(scene, head, tail)
    low, high = _find_gap(scene, head, tail)
    for side, place in (("head", head), ("tail", tail)):
        last = scene.words[scene.lasts[place]]
        yield f"{side}={last}"
        yield from (f"{side} ends {last[-size:]}{order}" for size in range(1, _LONGEST_ENDING + 1))
        yield f"{side} before={_find_word(scene, scene.firsts[place] - 1)}"
        yield f"{side} after={_find_word(scene, scene.lasts[place] + 1)}"
    gap = scene.words[low + 1 : high]
    if len(gap) <= _FEW_WORDS:
        yield f"gap={order}{' '.join(gap)}"
    yield from (f"between={order}{word}" for word in sorted(set(gap)))
    verb = _find_word(scene, scene.ends[scene.sentences[head]] - 2)
    yield f"verb={verb}"
    yield f"verb ends {verb[-3:]}"


def _find_word(scene: Scene, place: int) -> str:
    return scene.words[place] if 0 <= place < len(scene.words) else ""


def _name_order(scene: Scene, head: int, tail: int) -> str:
    h, t = scene.mentions[head], scene.mentions[tail]
    if h.start <= t.start and t.end <= h.end:
        return "holds"
    if t.start <= h.start and h.end <= t.end:
        return "within"
    return "before" if h.start < t.start else "after"


def _find_gap(scene: Scene, head: int, tail: int) -> tuple[int, int]:
    """The last word of the earlier mention and the first of the later."""
    one, other = sorted((head, tail), key=lambda place: (scene.firsts[place], scene.lasts[place]))
    return scene.lasts[one], max(scene.firsts[other], scene.lasts[one])


def _bucket(size: int) -> int:
    return sum(size >= edge for edge in _NEAR)


def _is_nearest(scene: Scene, place: int, other: int) -> int:
    """Whether no other mention of the other's type stands nearer to the mention at `place`."""
    kind = scene.mentions[other].type
    rivals = [i for i, mention in enumerate(scene.mentions) if mention.type == kind and i not in (place, other)]
    return int(all(_measure_gap(scene, place, other) <= _measure_gap(scene, place, rival) for rival in rivals))


def _measure_gap(scene: Scene, one: int, other: int) -> int:
    low, high = _find_gap(scene, one, other)
    return high - low


def _count_holders(scene: Scene, place: int) -> int:
    inner = scene.mentions[place]
    return min(sum(m.start <= inner.start and inner.end <= m.end and m != inner for m in scene.mentions), 2)


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

        described, labels, types = [], [], []
        for document in documents:
            scene = make_scene(document, document.gold.mentions)
            known: dict[Pair, set[str]] = {}
            for relation in document.gold.relations:
                known.setdefault((relation.head, relation.tail), set()).add(relation.type)
            for pair in list_pairs(scene):
                described.append(list(describe_pair(scene, *pair)))
                labels.append(known.get(pair, set()))
                types.append((scene.mentions[pair[0]].type, scene.mentions[pair[1]].type))
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
            scored = list(self._score_pairs(document, document.gold.mentions))
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
        found = [
            Relation(label, head, tail)
            for head, tail, label, probability in self._score_pairs(document, mentions)
            if probability >= self.thresholds_[label]
        ]
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

    def _score_pairs(self, document: Document, mentions: Sequence[Mention]) -> Iterator[tuple[int, int, str, float]]:
        scene = make_scene(document, mentions)
        pairs = list_pairs(scene)
        logits = self._encode([list(describe_pair(scene, *pair)) for pair in pairs]) @ self.weights_ + self.biases_
        probabilities = 1 / (1 + np.exp(-logits.astype(np.float64)))
        for (head, tail), row in zip(pairs, probabilities.tolist(), strict=True):
            allowed = load_schema().find_relations(mentions[head].type, mentions[tail].type)
            for label, probability in zip(load_schema().relation_labels, row, strict=True):
                if label in allowed:
                    yield head, tail, label, probability

    def _encode(self, described: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        places = [sorted({self.columns_[name] for name in names if name in self.columns_}) for names in described]
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
