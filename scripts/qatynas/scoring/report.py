"""Scores with their intervals and signature, and whether two systems differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qatynas import __version__
from qatynas.scoring.facts import ALL
from qatynas.scoring.intervals import (
    Resampling,
    adjust_holm,
    compute_scores,
    find_interval,
    randomise_differences,
    resample_sums,
)
from qatynas.scoring.tally import DISTANCES, HEADLINE, RECALL_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qatynas.scoring.tally import Tally

SCORER = 1  # goes up whenever the same predictions would score differently
MACRO = "macro"
OVERALL = "overall"
DEFAULT = Resampling()


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one group, from 0 to 1.

    `low` and `high` are the ends of the 95 % interval of `f1`, of `recall` where only recall is defined; None for one
    document. `predicted` and `gold` are the numbers of items. `task` is entity, relation, number or overall.
    """

    task: str
    measure: str
    group: str
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of a predictions file, headline first, and what they were computed from."""

    signature: dict[str, str | int]
    missing: tuple[str, ...]
    scores: tuple[Score, ...]

    def find(self, task: str, measure: str = "strict", group: str = ALL) -> Score:
        """The score of this measure and group.

        Raises:
            KeyError: where neither side has an item of it.
        """
        for score in self.scores:
            if (score.task, score.measure, score.group) == (task, measure, group):
                return score
        raise KeyError(task, measure, group)

    def to_row(self) -> dict[str, Any]:
        """The report as plain lists and dictionaries, ready for JSON."""
        return {**asdict(self), "signature": write_signature(self.signature)}


@dataclass(frozen=True, slots=True)
class Difference:
    """A headline F1 of two systems, and the p-value of their difference, plain and Holm-corrected."""

    task: str
    one: float
    other: float
    p: float
    p_holm: float


def sign(split: str, documents: int, digest: str, missing: int, resampling: Resampling) -> dict[str, str | int]:
    """What a score depends on beside the predictions (after sacrebleu's signatures, Post 2018)."""
    return {
        "qatynas": __version__,
        "data": digest,
        "scorer": SCORER,
        "split": split,
        "docs": documents,
        "missing": missing,
        "resamples": resampling.rounds,
        "seed": resampling.seed,
    }


def write_signature(signature: dict[str, str | int]) -> str:
    """A signature in one line, the digest of the data cut to twelve digits."""
    return "|".join(f"{key}:{str(value)[:12]}" for key, value in signature.items())


def compute_report(
    tally: Tally, signature: dict[str, str | int], missing: Sequence[str] = (), resampling: Resampling = DEFAULT
) -> Report:
    """Every score of a tally, the overall one first."""
    draws = np.concatenate([_score_all(tally, sums) for sums in resample_sums(tally.counts, resampling)])
    bounds = find_interval(draws) if len(tally.doc_ids) > 1 else None
    sums = tally.counts.sum(axis=0)
    values = _score_all(tally, sums[np.newaxis])[0]
    scores = []
    for place, (key, members) in enumerate(_list_groups(tally)):
        ends = (None, None) if bounds is None else (_clean(bounds[0][place]), _clean(bounds[1][place]))
        scores.append(_describe(key, sums[members], float(values[place]), ends))
    scores += _score_sources(tally, resampling)
    return Report(signature, tuple(sorted(missing)), tuple(scores))


def _clean(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _list_groups(tally: Tally) -> list[tuple[tuple[str, str, str], list[int]]]:
    """Every score's key and the places of the keys that it is made of: overall, micro scores, macro scores."""
    keys = list(tally.keys)
    groups = [((OVERALL, "strict", ALL), [keys.index(key) for key in HEADLINE])]
    groups += [(key, [place]) for place, key in enumerate(keys)]
    for task, measure in dict.fromkeys(key[:2] for key in keys):
        labels = [
            place
            for place, key in enumerate(keys)
            if key[:2] == (task, measure) and key[2] not in {ALL, *RECALL_GROUPS, *DISTANCES}
        ]
        if labels:
            groups.append(((task, measure, MACRO), labels))
    return groups


def _score_all(tally: Tally, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1, or recall, of every group from sums (samples, keys, 4): (samples, groups); NaN where there is nothing."""
    _, recall, f1 = compute_scores(sums)
    empty = (sums[..., 1] == 0) & (sums[..., 3] == 0)
    only_recall = np.array([key[2] in RECALL_GROUPS for key in tally.keys])
    values = np.where(empty, np.nan, np.where(only_recall, recall, f1))
    columns = []
    for _, members in _list_groups(tally):
        known = values[:, members]
        counted = (~np.isnan(known)).sum(axis=1)
        total = np.nansum(known, axis=1)
        columns.append(np.divide(total, counted, out=np.full(len(total), np.nan), where=counted > 0))
    return np.stack(columns, axis=1)


def _describe(
    key: tuple[str, str, str], sums: NDArray[np.float64], value: float, ends: tuple[float | None, float | None]
) -> Score:
    """The score of a group of keys with these sums (keys, 4)."""
    precision, recall, _ = (float(part.mean()) for part in compute_scores(sums))
    predicted, gold = int(sums[:, 1].sum()), int(sums[:, 3].sum())
    if key[2] in RECALL_GROUPS:
        return Score(*key, None, value, None, *ends, predicted, gold)
    return Score(*key, precision, recall, 0.0 if np.isnan(value) else value, *ends, predicted, gold)


def _score_sources(tally: Tally, resampling: Resampling) -> Iterator[Score]:
    """The headline scores of the documents of each source."""
    for source in sorted(set(tally.sources)):
        chosen = [place for place, name in enumerate(tally.sources) if name == source]
        counts = tally.select(HEADLINE)[chosen]
        draws = np.concatenate([compute_scores(sums)[2] for sums in resample_sums(counts, resampling)])
        bounds = find_interval(draws)
        values = compute_scores(counts.sum(axis=0))[2]
        for place, (task, measure, _) in enumerate(HEADLINE):
            ends = (float(bounds[0][place]), float(bounds[1][place])) if len(chosen) > 1 else (None, None)
            key = (task, measure, f"source={source}")
            yield _describe(key, counts.sum(axis=0)[[place]], float(values[place]), ends)


def compare_tallies(one: Tally, other: Tally, resampling: Resampling = DEFAULT) -> tuple[Difference, ...]:
    """The headline scores of two systems on the same documents, and how likely chance makes them differ as much.

    The p-value is (1 + rounds with a difference at least as large) / (1 + rounds), two-sided.
    """
    sides = [tally.select(HEADLINE) for tally in (one, other)]
    observed = [_score_headline(side.sum(axis=0)) for side in sides]
    least = np.abs(observed[0] - observed[1]) - 1e-12
    extreme = np.zeros(len(least))
    for sums in randomise_differences(sides[0], sides[1], resampling):
        shuffled = _score_headline(sums)
        extreme += (np.abs(shuffled[0] - shuffled[1]) >= least).sum(axis=0)
    values = [float(value) for value in (1 + extreme) / (1 + resampling.rounds)]
    names = [OVERALL, *(key[0] for key in HEADLINE)]
    rows = zip(names, *observed, values, adjust_holm(values), strict=True)
    return tuple(Difference(name, float(a), float(b), p, holm) for name, a, b, p, holm in rows)


def _score_headline(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean and the three headline F1 from sums (…, 3, 4): (…, 4)."""
    f1 = compute_scores(sums)[2]
    return np.concatenate([f1.mean(axis=-1, keepdims=True), f1], axis=-1)
