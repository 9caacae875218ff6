"""The leaderboard as the explorer shows it: the ranks, scores and tables of `leaderboard`, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.site.board import Board, Estimate, System, Table
from qatynas_baselines.entries import SECTIONS, STRICT, read_cost, read_results
from qatynas_baselines.leaderboard import LEVEL, list_cost, list_relaxed, rank_systems
from qatynas_baselines.tables import write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qatynas_baselines.entries import Result

MEASURES = (
    "F1. Partial: the same borders count whole, an overlap by half, whatever the label. Mentions given: among the "
    "spans and labels that both sides have. Entity level: facts between entities; Ign: without the facts that train "
    "has. Number found: span and kind. Official and composed: overall strict F1 on the documents of that source. "
    "Validation: overall strict F1 there."
)


def describe_board(folder: Path) -> Board | None:
    """The leaderboard of a folder of results, or None where it has no system.

    Raises:
        QatynasError: for the first fault of a result.
    """
    ranked = rank_systems(read_results(folder), folder)
    if not ranked:
        return None
    tasks = tuple(task for task, _, _ in STRICT)
    systems = tuple(_describe(rank, result) for rank, result in ranked)
    return Board(tasks, systems, LEVEL, tuple(_list_tables([result for _, result in ranked], folder)))


def _describe(rank: int, result: Result) -> System:
    found = (result.reports.test.find(*key) for key in STRICT)
    scores = tuple(Estimate(score.f1 or 0.0, score.low, score.high) for score in found if score)
    return System(rank, result.name, result.author, result.description, result.uses, result.url, scores)


def _list_tables(results: Sequence[Result], folder: Path) -> Iterator[Table]:
    relaxed = [{**list_relaxed(result), "system": result.name} for result in results]
    yield make_table("Other measures", relaxed, MEASURES)
    costs = [(result.name, read_cost(folder, result.name)) for result in results]
    if rows := [list_cost(name, cost) for name, cost in costs if cost]:
        yield make_table("Cost", rows)
    for key, title in SECTIONS.items():
        for result in results:
            if rows := getattr(result, key):
                yield make_table(f"{title} of {result.name}", rows)


def make_table(title: str, rows: Sequence[Mapping[str, object]], note: str = "") -> Table:
    """A table of flat rows, columns in the order in which they appear.

    >>> make_table("Құны", [{"жүйе": "ереже", "F1": 0.25}, {"жүйе": "crf"}]).rows
    (('ереже', '0.250'), ('crf', ''))
    """
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    words = {column for row in rows for column, value in row.items() if isinstance(value, str | bool)}
    cells = tuple(tuple(write_value(row.get(column)) for column in columns) for row in rows)
    return Table(title, note, columns, tuple(column not in words for column in columns), cells)
