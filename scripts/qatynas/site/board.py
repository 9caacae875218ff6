"""What the leaderboard page shows, whoever counted it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """An F1 with its 95 % interval, where there is one."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class System:
    """A system with its rank and its strict F1 scores on test, in the order of the board's tasks."""

    rank: int
    name: str
    author: str
    description: str
    uses: tuple[str, ...]
    url: str | None
    scores: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Further figures under a title; `figures` says of each column whether it holds numbers alone."""

    title: str
    note: str
    columns: tuple[str, ...]
    figures: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The systems in order of rank; `level` is the p-value under which a difference parts two ranks."""

    tasks: tuple[str, ...]
    systems: tuple[System, ...]
    level: float
    tables: tuple[Table, ...]
