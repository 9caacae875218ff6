"""The figures, each drawn from the numbers that `series` gives."""

from __future__ import annotations

import math
from itertools import cycle
from typing import TYPE_CHECKING

from qatynas.plots.series import Grid
from qatynas.plots.style import DARK, LOOKS, PALE, draw_heat, draw_stacks, make_figure, name_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qatynas.plots.series import Mark, Step


def draw_labels(counts: Grid) -> Figure:
    """Mentions by label, a stack of splits each."""
    figure = make_figure(7.2, 5.2)
    axes = figure.subplots()
    draw_stacks(axes, _name_rows(counts), sideways=True)
    axes.set_title("Mentions by label and split")
    axes.set_xlabel("mentions")
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    return figure


def draw_lengths(counts: Grid) -> Figure:
    """Mentions by length in tokens, a stack of entities and numbers each."""
    figure = make_figure(6.4, 3.4)
    axes = figure.subplots()
    draw_stacks(axes, _turn(counts), sideways=False)
    axes.set_title("Mentions by length")
    axes.set_xlabel("tokens")
    axes.set_ylabel("mentions")
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    return figure


def draw_nesting(depths: Grid, nests: Grid) -> Figure:
    """Mentions by depth beside the labels of what is held and what holds it."""
    figure = make_figure(9.6, 4.8)
    left, right = figure.subplots(1, 2, width_ratios=(1, 2.6))
    draw_stacks(left, _turn(depths), sideways=False)
    left.set_title("Mentions by depth")
    left.set_xlabel("longer mentions around it")
    left.set_ylabel("mentions")
    left.grid(axis="y", color=PALE, linewidth=0.5)
    draw_heat(right, _name_rows(nests), (1, _find_largest(nests)), counts=True)
    _slant(right)
    right.set_title("What nests in what")
    right.set_ylabel("inner mention")
    right.set_xlabel("mention around it")
    return figure


def draw_joins(counts: Grid) -> Figure:
    """Relations by the labels of head and tail."""
    figure = make_figure(9.6, 6.0)
    axes = figure.subplots()
    draw_heat(axes, _name_rows(counts), (1, _find_largest(counts)), counts=True)
    _slant(axes)
    axes.set_title("Relations by the labels of their ends")
    axes.set_ylabel("head")
    axes.set_xlabel("tail")
    return figure


def draw_magnitudes(counts: Grid) -> Figure:
    """Numbers by kind and magnitude."""
    figure = make_figure(8.0, 2.6)
    axes = figure.subplots()
    draw_heat(axes, _name_rows(counts), (1, _find_largest(counts)), counts=True)
    axes.set_title("Numbers with a value, by kind and magnitude")
    axes.set_xlabel("power of ten of the value")
    return figure


def draw_agreement(spans: Grid, relations: Grid) -> Figure:
    """The agreement of the raw readings by label and measure."""
    figure = make_figure(9.2, 5.6)
    left, right = figure.subplots(1, 2, width_ratios=(4, 1.2))
    shares = [cell for grid in (spans, relations) for row in grid.cells for cell in row if cell is not None]
    scale = (min(0.9, math.floor(10 * min(shares, default=0.0)) / 10), 1.0)
    draw_heat(left, _name_rows(spans), scale, counts=False)
    draw_heat(right, relations, scale, counts=False)
    left.set_title("Agreement of raw readings: mentions")
    left.set_xticks(left.get_xticks(), ["strict F1", "partial F1", "equal values", "Cohen’s κ"])
    right.set_ylim(left.get_ylim())  # rows of one height on both sides
    right.set_title("relations (strict F1)")
    right.set_xticks([])
    return figure


def draw_scores(marks: Sequence[Mark]) -> Figure:
    """F1 with its interval by task, a row a system, the best first."""
    tasks = tuple(dict.fromkeys(mark.task for mark in marks))
    systems = tuple(dict.fromkeys(mark.system for mark in marks))
    figure = make_figure(9.6, 1.1 + 0.42 * len(systems))
    row = figure.subplots(1, len(tasks), sharey=True, squeeze=False)[0]
    for axes, task, look in zip(row, tasks, cycle(LOOKS), strict=False):
        for mark in (mark for mark in marks if mark.task == task):
            place = systems.index(mark.system)
            if mark.low is not None and mark.high is not None:
                axes.plot((mark.low, mark.high), (place, place), color=look.color, linewidth=2.5, alpha=0.55)
            axes.plot(mark.f1, place, marker=look.marker, color=look.color, markeredgecolor=DARK, markersize=6)
            axes.text(mark.f1, place - 0.22, f"{mark.f1:.3f}", ha="center", va="bottom", fontsize=8)
        axes.set_title(task)
        axes.set_xlim(-0.15, 1.12)  # a value at either end keeps clear of the frame
        axes.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", ".25", ".5", ".75", "1"))
        axes.grid(axis="x", color=PALE, linewidth=0.5)
        axes.set_yticks(range(len(systems)), systems)
        axes.set_ylim(len(systems) - 0.5, -0.7)
        axes.tick_params(axis="y", length=0)
    figure.supxlabel("strict F1 on test, with 95 % intervals over documents", fontsize=9)
    return figure


def draw_curve(steps: Sequence[Step], system: str) -> Figure:
    """F1 by the number of training documents, a line a task with its name at its end."""
    figure = make_figure(6.4, 3.6)
    axes = figure.subplots()
    for task, look in zip(dict.fromkeys(step.task for step in steps), cycle(LOOKS), strict=False):
        points = [(step.documents, step.f1) for step in steps if step.task == task]
        axes.plot(*zip(*points, strict=True), color=look.color, marker=look.marker, linestyle=look.line, label=task)
        for point in points:
            axes.annotate(f"{point[1]:.2f}", point, (0, 5), textcoords="offset points", ha="center", fontsize=7.5)
        axes.annotate(task, points[-1], (10, -3), textcoords="offset points", fontweight="bold")
    axes.set_title(f"Learning curve of {system}")
    documents = sorted({step.documents for step in steps})
    axes.set_xscale("log")
    axes.set_xticks(documents, map(str, documents))
    axes.minorticks_off()
    axes.set_xlim(0.85 * documents[0], 1.6 * documents[-1])
    axes.set_xlabel("training documents, on a logarithmic scale")
    axes.set_ylabel("strict F1 on validation")
    axes.set_ylim(0, 1)
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    return figure


def _name_rows(grid: Grid) -> Grid:
    return Grid(tuple(map(name_label, grid.rows)), grid.columns, grid.cells)


def _turn(grid: Grid) -> Grid:
    return Grid(grid.columns, grid.rows, tuple(zip(*grid.cells, strict=True)))


def _slant(axes: Axes) -> None:
    axes.tick_params(axis="x", labelrotation=40)
    for tick in axes.get_xticklabels():
        tick.set(ha="right", rotation_mode="anchor")


def _find_largest(grid: Grid) -> float:
    """The largest number of a grid of counts, but two at least, so that a scale has a length."""
    return max(2.0, *(cell or 0 for row in grid.cells for cell in row)) if grid.cells else 2.0
