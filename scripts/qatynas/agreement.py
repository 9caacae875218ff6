"""How far the raw readings of the same documents agree.

Measured between every two readings of a document other than the adjudicated one, and summed over documents:

- strict F1: the share of spans that both marked with the same borders and label, 2·|A∩B| / (|A| + |B|), symmetric;
- partial F1: spans of one label that overlap without being the same count half (SemEval-2013 task 9.1), each once;
- kappa: Cohen's (1960) over tokens, for a label "inside any span of it", for all labels the outermost label;
- relation F1: strict, on borders and labels of both mentions and the relation's label;
- values: of the mentions that both marked alike, the share with equal name or equal normalised fields.

Intervals are the 2.5th and 97.5th percentiles over resamples of documents; with one document there is none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from qatynas.schema import load_schema
from qatynas.tokens import find_outermost, split_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from qatynas.document import Document, Mention, Reading

    Span = tuple[int, int, str]
    Counts = dict[tuple[str, str], tuple[float, float]]

RESAMPLES = 10_000
SEED = 20_250_802
ALL = "all"
MEASURES = ("strict", "partial", "relation", "values")


@dataclass(frozen=True, slots=True)
class Score:
    """A share from 0 to 1 with its 95 % interval, and the number of items that it is a share of."""

    value: float
    low: float | None
    high: float | None
    support: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Scores by measure and label, and the most frequent disagreements with their counts, most frequent first."""

    pairs: int
    scores: dict[str, dict[str, Score]]
    confusions: tuple[tuple[str, int], ...]


def measure_agreement(documents: Sequence[Document], resamples: int = RESAMPLES) -> Agreement:
    """The agreement of the raw readings of these documents."""
    compared = [(document, one, other) for document in documents for one, other in combinations(document.readings, 2)]
    counted = [_count_pair(one, other) for _, one, other in compared]
    groups = np.array([list(dict.fromkeys(d.doc_id for d, _, _ in compared)).index(d.doc_id) for d, _, _ in compared])
    scores: dict[str, dict[str, Score]] = {measure: {} for measure in MEASURES}
    keys = sorted({key for counts in counted for key in counts}, key=_schema_order)
    draws = _draw_documents(len(set(groups)), resamples)  # once: every measure sees the same resamples
    for measure, label in keys:
        table = np.array([counts.get((measure, label), (0.0, 0.0)) for counts in counted])
        scores[measure][label] = _score(table, groups, draws)
    scores["kappa"] = _measure_kappa(compared)
    confusions = Counter(text for document, one, other in compared for text in _list_confusions(one, other))
    ranked = sorted(confusions.items(), key=lambda item: (-item[1], item[0]))
    return Agreement(len(compared), scores, tuple(ranked))


def _count_pair(one: Reading, other: Reading) -> Counts:
    """Agreed weight and total weight of every measure and label; their quotient is the score."""
    counts: Counts = {}
    for measure, label, agreed, total in (*_count_spans(one, other), *_count_facts(one, other)):
        for name in (label, ALL):
            known = counts.get((measure, name), (0.0, 0.0))
            counts[measure, name] = known[0] + agreed, known[1] + total
    return counts


def _count_spans(one: Reading, other: Reading) -> Iterator[tuple[str, str, float, float]]:
    first, second = ({take_span(mention): mention for mention in reading.mentions} for reading in (one, other))
    for label in sorted({span[2] for span in (*first, *second)}):
        mine, theirs = ({span for span in spans if span[2] == label} for spans in (first, second))
        both, size = mine & theirs, len(mine) + len(theirs)
        yield "strict", label, 2 * len(both), size
        yield "partial", label, 2 * len(both) + _count_overlaps(mine - both, theirs - both), size
        alike = sum((first[span].name, first[span].number) == (second[span].name, second[span].number) for span in both)
        yield "values", label, alike, len(both)


def _count_facts(one: Reading, other: Reading) -> Iterator[tuple[str, str, float, float]]:
    first, second = set(list_facts(one)), set(list_facts(other))
    for label in sorted({fact[0] for fact in first | second}):
        mine, theirs = ({fact for fact in facts if fact[0] == label} for facts in (first, second))
        yield "relation", label, 2 * len(mine & theirs), len(mine) + len(theirs)


def _count_overlaps(mine: set[Span], theirs: set[Span]) -> int:
    """The number of pairs of overlapping spans, each span used once, the longest overlaps first."""
    pairs = [
        (min(one[1], other[1]) - max(one[0], other[0]), one, other)
        for one in mine
        for other in theirs
        if one[0] < other[1] and other[0] < one[1]
    ]
    used: set[tuple[int, Span]] = set()
    count = 0
    for _, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if not {(0, one), (1, other)} & used:
            used |= {(0, one), (1, other)}
            count += 1
    return count


def _draw_documents(documents: int, resamples: int) -> NDArray[np.int64]:
    """How often each document stands in each resample: (resamples, documents)."""
    if not documents:
        return np.zeros((resamples, 0), dtype=np.int64)
    return np.random.default_rng(SEED).multinomial(documents, [1 / documents] * documents, size=resamples)


def _score(table: NDArray[np.float64], groups: NDArray[np.int64], draws: NDArray[np.int64]) -> Score:
    """The quotient of the column sums of (pairs, 2), with its interval over resampled groups (documents)."""
    agreed, total = table.sum(axis=0)
    documents = draws.shape[1]
    sums = np.zeros((documents, 2))
    np.add.at(sums, groups, table)
    support = int(total)
    value = float(agreed / total) if total else 0.0
    if documents == 1 or not total:
        return Score(value, None, None, support)
    drawn = draws @ sums
    shares = drawn[drawn[:, 1] > 0]
    low, high = np.percentile(shares[:, 0] / shares[:, 1], (2.5, 97.5))
    return Score(value, float(low), float(high), support)


def _measure_kappa(compared: Sequence[tuple[Document, Reading, Reading]]) -> dict[str, Score]:
    labels = list(load_schema().labels)
    columns: dict[str, tuple[list[str], list[str]]] = {label: ([], []) for label in (*labels, ALL)}
    for document, *readings in compared:
        tokens = [start for ends in document.sentences for start, _ in split_tokens(document.text, *ends)]
        for side, reading in enumerate(readings):
            for label in labels:
                columns[label][side].extend(_label_tokens(tokens, [m for m in reading.mentions if m.type == label]))
            columns[ALL][side].extend(_label_tokens(tokens, find_outermost(reading.mentions)))
    scores = {}
    for label, (one, other) in columns.items():
        marked = sum(bool(a or b) for a, b in zip(one, other, strict=True))
        if marked:
            scores[label] = Score(compute_kappa(one, other), None, None, marked)
    return scores


def compute_kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Cohen's kappa (1960, equation 1) of two raters' labels of the same items, 1 where they agree throughout.

    Written out because importing scikit-learn for it takes longer than the rest of a build's agreement.

    >>> compute_kappa(["адам", "ел", "ел", ""], ["адам", "ел", "", ""])
    0.6363636363636364
    """
    if list(one) == list(other):
        return 1.0
    items = len(one)
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / items
    counts, others = Counter(one), Counter(other)
    chance = sum(count * others[label] for label, count in counts.items()) / items**2
    return (agreed - chance) / (1 - chance)


def _label_tokens(starts: Sequence[int], mentions: Iterable[Mention]) -> list[str]:
    """The label of every token that begins in a mention, by the sorted starts of all tokens."""
    found = [""] * len(starts)
    for mention in mentions:
        for place in range(bisect_left(starts, mention.start), bisect_left(starts, mention.end)):
            found[place] = mention.type
    return found


def list_facts(reading: Reading) -> Iterator[tuple[str, Span, Span]]:
    """Every relation as its label and the spans of head and tail: what is compared between readings."""
    for relation in reading.relations:
        yield relation.type, take_span(reading.mentions[relation.head]), take_span(reading.mentions[relation.tail])


def _list_confusions(one: Reading, other: Reading) -> Iterator[str]:
    """A line for everything that only one reading has: what the other has in its place, if anything."""
    first, second = set(map(take_span, one.mentions)), set(map(take_span, other.mentions))
    mine, theirs = first - second, second - first
    relabelled = {span[:2]: span[2] for span in theirs}
    for span in mine:
        if span[:2] in relabelled:
            yield " ↔ ".join(sorted((span[2], relabelled[span[:2]])))
        else:
            yield f"{span[2]}: {'other borders' if find_rival(span, theirs) else 'one reading only'}"
    for span in theirs:
        if span[:2] not in {known[:2] for known in mine} and not find_rival(span, mine):
            yield f"{span[2]}: one reading only"
    for fact in set(list_facts(one)) ^ set(list_facts(other)):
        yield f"{fact[0]}: one reading only"


def find_rival(span: Span, others: set[Span]) -> bool:
    """Whether a span of the same label overlaps this one."""
    return any(label == span[2] and start < span[1] and span[0] < end for start, end, label in others)


def take_span(mention: Mention) -> Span:
    """Start, end and label: what is compared between readings."""
    return mention.start, mention.end, mention.type


def _schema_order(key: tuple[str, str]) -> tuple[int, int]:
    order = [ALL, *load_schema().labels, *load_schema().relation_labels]
    return MEASURES.index(key[0]), order.index(key[1])
