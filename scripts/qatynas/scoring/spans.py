"""How two sets of labelled spans match: strict, by boundary, partially and by type, counted by document and label.

The four measures are those of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013, section 5). Every span is credited at
most once, and all counts add up over documents. Spans may nest and overlap; no tokenisation enters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

MEASURES = ("strict", "boundary", "partial", "type")
COLUMNS = 4  # credit of predicted spans, predicted spans, credit of gold spans, gold spans


@dataclass(frozen=True, slots=True)
class Spans:
    """Labelled spans as columns of one length, in the order of document, start, longest first, label.

    `document` and `label` are numbers from 0, `start` and `end` code points, half-open. No span stands twice.
    """

    document: Integers
    start: Integers
    end: Integers
    label: Integers

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int, int]]) -> Spans:
        """Spans from (document, start, end, label) in any order."""
        table = np.array(sorted(rows, key=lambda row: (row[0], row[1], -row[2], row[3])), dtype=np.int64)
        return cls(*np.ascontiguousarray(table.reshape(-1, 4).T))

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Credits:
    """The credit of every gold and of every predicted span under one measure, in the order of the spans."""

    gold: Floats
    predicted: Floats

    def sum(self, gold: Integers, predicted: Integers, groups: int) -> Floats:
        """Credits and numbers (groups, 4) of spans, given the group of each; the last axis has the `COLUMNS`."""
        table = np.zeros((groups, COLUMNS))
        for place, cells, credit in ((0, predicted, self.predicted), (2, gold, self.gold)):
            table[:, place] = np.bincount(cells, weights=credit, minlength=groups)
            table[:, place + 1] = np.bincount(cells, minlength=groups)
        return table


def count_matches(gold: Spans, predicted: Spans, documents: int, labels: int) -> dict[str, Floats]:
    """For every measure of `MEASURES` an array (documents, labels, 4), its last axis the `COLUMNS`.

    Precision is the first column by the second, recall the third by the fourth.

    >>> gold = Spans.from_rows([(0, 0, 5, 0), (0, 0, 9, 1)])
    >>> counts = count_matches(gold, Spans.from_rows([(0, 0, 5, 0), (0, 2, 9, 1)]), 1, 2)
    >>> counts["strict"][0].tolist(), counts["partial"][0].tolist()
    ([[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]], [[1.0, 1.0, 1.0, 1.0], [0.5, 1.0, 0.5, 1.0]])
    """
    due, found = (spans.document * labels + spans.label for spans in (gold, predicted))
    return {
        measure: credit.sum(due, found, documents * labels).reshape(documents, labels, COLUMNS)
        for measure, credit in match_spans(gold, predicted).items()
    }


def match_spans(gold: Spans, predicted: Spans) -> dict[str, Credits]:
    """The credits of all spans under every measure of `MEASURES`.

    - strict: 1 for the same borders and label;
    - boundary: 1 for the same borders; the same label is preferred;
    - partial: 1 for the same borders, else 0.5 for an overlap, whatever the label;
    - type: 1 for an overlap with the same label. A span that overlaps others of another label alone uses one of them
      up, as nervaluate counts.

    What has the same borders is matched first; then the predicted spans choose in their order, by type the closest
    span, else the first.
    """
    starts, ends = _join_documents(gold, predicted)
    labels = 1 + max((int(spans.label.max()) for spans in (gold, predicted) if len(spans)), default=0)
    alike = _match_keys(*_list_keys(gold, predicted, starts, ends, labels))
    borders = _match_borders(starts, ends, alike)
    near = _match_greedily(_list_overlaps(starts, ends, (~borders[0], ~borders[1])))
    pairs = _list_overlaps(starts, ends, (~alike[0], ~alike[1]))
    typed = _match_by_type(pairs, (gold.label, predicted.label), starts, ends)
    return {
        "strict": Credits(*(found.astype(np.float64) for found in alike)),
        "boundary": Credits(*(found.astype(np.float64) for found in borders)),
        "partial": Credits(*(exact + 0.5 * part for exact, part in zip(borders, near, strict=True))),
        "type": Credits(*((exact | part).astype(np.float64) for exact, part in zip(alike, typed, strict=True))),
    }


def _join_documents(gold: Spans, predicted: Spans) -> tuple[tuple[Integers, ...], tuple[Integers, ...]]:
    """Starts and ends of the gold and of the predicted spans, as places in one text of all documents."""
    documents = 1 + max((int(spans.document.max()) for spans in (gold, predicted) if len(spans)), default=-1)
    lengths = np.zeros(documents, dtype=np.int64)
    for spans in (gold, predicted):
        np.maximum.at(lengths, spans.document, spans.end + 1)
    offsets = np.cumsum(lengths) - lengths
    both = [(spans.start + offsets[spans.document], spans.end + offsets[spans.document]) for spans in (gold, predicted)]
    return tuple(start for start, _ in both), tuple(end for _, end in both)


def _list_keys(
    gold: Spans, predicted: Spans, starts: tuple[Integers, ...], ends: tuple[Integers, ...], labels: int
) -> Iterator[Integers]:
    """One number a span, the same for the same borders and label, growing with the order of the spans."""
    longest = max((int((end - start).max()) for start, end in zip(starts, ends, strict=True) if len(start)), default=0)
    for start, end, label in zip(starts, ends, (gold.label, predicted.label), strict=True):
        yield (start * (longest + 1) + longest - (end - start)) * labels + label


def _match_keys(gold: Integers, predicted: Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each key of either side, both sorted and without repetition, whether the other side has it."""
    return _find_keys(gold, predicted), _find_keys(predicted, gold)


def _find_keys(keys: Integers, among: Integers) -> NDArray[np.bool_]:
    if not len(among):
        return np.zeros(len(keys), dtype=bool)
    places = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    found: NDArray[np.bool_] = among[places] == keys
    return found


def _match_borders(
    starts: tuple[Integers, ...], ends: tuple[Integers, ...], alike: tuple[NDArray[np.bool_], ...]
) -> tuple[NDArray[np.bool_], ...]:
    """Which spans have a partner of the same borders: those matched strictly, and as many others as both sides have."""
    longest = max((int((end - start).max()) for start, end in zip(starts, ends, strict=True) if len(start)), default=0)
    keys, ranks = [], []
    for start, end, found in zip(starts, ends, alike, strict=True):
        key = (start * (longest + 1) + longest - (end - start))[~found]
        keys.append(key)
        ranks.append(np.arange(len(key)) - np.searchsorted(key, key))
    most = 1 + max((int(rank.max()) for rank in ranks if len(rank)), default=0)
    paired = _match_keys(*(key * most + rank for key, rank in zip(keys, ranks, strict=True)))
    matched = tuple(found.copy() for found in alike)
    for found, pair in zip(matched, paired, strict=True):
        found[~found] = pair
    return matched


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """Pairs of overlapping spans by their places, in the order of the predicted ones, then of the gold ones."""

    gold: Integers
    predicted: Integers
    sizes: tuple[int, int]

    def split(self) -> tuple[NDArray[np.bool_], Iterator[tuple[int, list[int]]]]:
        """Which pairs share no span with another pair, and the others: each predicted span with its gold ones."""
        free = (np.bincount(self.gold, minlength=self.sizes[0])[self.gold] == 1) & (
            np.bincount(self.predicted, minlength=self.sizes[1])[self.predicted] == 1
        )
        return free, self._group(~free)

    def _group(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[int, list[int]]]:
        rivals: dict[int, list[int]] = {}
        for one, other in zip(self.predicted[chosen].tolist(), self.gold[chosen].tolist(), strict=True):
            rivals.setdefault(one, []).append(other)
        yield from rivals.items()


def _list_overlaps(
    starts: tuple[Integers, ...], ends: tuple[Integers, ...], chosen: tuple[NDArray[np.bool_], ...]
) -> _Overlaps:
    """Every overlapping pair among the chosen spans of both sides."""
    gold, predicted = (np.flatnonzero(side) for side in chosen)
    begin, reach = starts[0][gold], np.maximum.accumulate(ends[0][gold])
    first = np.searchsorted(reach, starts[1][predicted], side="right")
    counts = np.maximum(np.searchsorted(begin, ends[1][predicted], side="left") - first, 0)
    left = np.repeat(predicted, counts)
    steps = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = gold[np.repeat(first, counts) + steps]
    meets = ends[0][right] > starts[1][left]
    return _Overlaps(right[meets], left[meets], (len(chosen[0]), len(chosen[1])))


def _match_greedily(pairs: _Overlaps) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which gold and which predicted spans are paired, each once: a predicted span takes the first that is left."""
    used = tuple(np.zeros(size, dtype=bool) for size in pairs.sizes)
    free, rivals = pairs.split()
    used[0][pairs.gold[free]] = used[1][pairs.predicted[free]] = True
    for one, others in rivals:
        for other in others:
            if not used[0][other]:
                used[0][other] = used[1][one] = True
                break
    return used[0], used[1]


def _match_by_type(
    pairs: _Overlaps, labels: tuple[Integers, Integers], starts: tuple[Integers, ...], ends: tuple[Integers, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which gold and which predicted spans are paired with one of their label."""
    matched = tuple(np.zeros(size, dtype=bool) for size in pairs.sizes)
    spent = np.zeros(pairs.sizes[0], dtype=bool)
    free, rivals = pairs.split()
    same = free & (labels[0][pairs.gold] == labels[1][pairs.predicted])
    matched[0][pairs.gold[same]] = matched[1][pairs.predicted[same]] = True
    for one, others in rivals:
        left = [other for other in others if not spent[other]]
        distances = [
            (abs(starts[0][other] - starts[1][one]) + abs(ends[0][other] - ends[1][one]), place)
            for place, other in enumerate(left)
            if labels[0][other] == labels[1][one]
        ]
        if distances:
            other = left[min(distances)[1]]
            matched[0][other] = matched[1][one] = True
            spent[other] = True
        elif left:
            spent[left[0]] = True
    return matched[0], matched[1]
