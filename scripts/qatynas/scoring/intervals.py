"""Precision, recall and F1 from counts by document; their intervals, and whether two systems differ.

Counts are arrays (documents, cells, 4): credit of what is predicted, number predicted, credit of what is gold, number
of gold. All statistics are of sums over documents, so that resamples are products of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95
_BATCH = 2**22  # numbers in one block of resampled weights


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often documents are drawn or exchanged, and the seed of the generator (NumPy's PCG64)."""

    rounds: int = 10_000
    seed: int = 20_250_802


def compute_scores(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 = 2PR / (P + R) of counts (..., 4); 0 where nothing is to be divided by.

    >>> [round(float(score), 3) for score in compute_scores(np.array([3.0, 4.0, 3.0, 6.0]))]
    [0.75, 0.5, 0.6]
    """
    precision = _divide(sums[..., 0], sums[..., 1])
    recall = _divide(sums[..., 2], sums[..., 3])
    return precision, recall, _divide(2 * precision * recall, precision + recall)


def _divide(upper: Floats, lower: Floats) -> Floats:
    return np.divide(upper, lower, out=np.zeros_like(lower), where=lower > 0)


def resample_sums(counts: Floats, resampling: Resampling) -> Iterator[Floats]:
    """Sums (batch, cells, 4) over documents drawn with replacement, as many as there are, batch by batch.

    Documents with the same counts are one kind, drawn by their share (a multinomial over kinds, in the order of
    their counts): the same distribution as drawing documents, whatever their order, at the cost of the kinds.
    """
    documents, *shape = counts.shape
    kinds, sizes = _list_kinds(counts.reshape(documents, -1))
    generator = np.random.default_rng(resampling.seed)
    batch = max(1, _BATCH // len(kinds))
    for start in range(0, resampling.rounds, batch):
        size = min(batch, resampling.rounds - start)
        drawn = generator.multinomial(documents, sizes / documents, size=size)
        yield (drawn @ kinds).reshape(size, *shape)


def _list_kinds(rows: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The different rows in lexicographic order, and how often each stands there."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    return ordered[starts], np.diff(starts, append=len(ordered))


def find_interval(draws: Floats) -> tuple[Floats, Floats]:
    """The ends of the central 95 % of draws (resamples, columns), draws without a value (NaN) left out."""
    tail = 100 * (1 - LEVEL) / 2
    bounds = np.full((2, draws.shape[1]), np.nan)
    some = ~np.isnan(draws).all(axis=0)
    bounds[:, some] = np.nanpercentile(draws[:, some], (tail, 100 - tail), axis=0)
    return bounds[0], bounds[1]


def randomise_differences(one: Floats, other: Floats, resampling: Resampling) -> Iterator[Floats]:
    """Sums (2, batch, cells, 4) of both systems after their documents were exchanged at random, batch by batch.

    Approximate randomisation (Noreen 1989; Yeh 2000): in each round every document's counts change sides or not.
    """
    documents, *shape = one.shape
    change = (other - one).reshape(documents, -1)
    totals = [counts.reshape(documents, -1).sum(axis=0) for counts in (one, other)]
    generator = np.random.default_rng(resampling.seed)
    batch = max(1, _BATCH // documents)
    for start in range(0, resampling.rounds, batch):
        size = min(batch, resampling.rounds - start)
        moved = generator.integers(0, 2, (size, documents)).astype(np.float64) @ change
        yield np.stack([totals[0] + moved, totals[1] - moved]).reshape(2, size, *shape)


def adjust_holm(values: list[float]) -> list[float]:
    """P-values corrected for their number by Holm's method (1979), in the order given.

    >>> adjust_holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = least
    return adjusted
