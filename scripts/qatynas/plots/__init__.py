"""Figures of what the data set holds, how far its readings agree, and what the systems reach."""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import TYPE_CHECKING

from qatynas.agreement import measure_agreement
from qatynas.errors import QatynasError
from qatynas.plots import figures, series, style
from qatynas.storage import spare_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from qatynas.document import Document
    from qatynas.plots.series import Mark, Step

    Drawing = Callable[[], Figure]

LIBRARY = "matplotlib"


def check_library() -> None:
    """Raise an error where matplotlib is missing."""
    if importlib.util.find_spec(LIBRARY) is None:
        raise QatynasError(LIBRARY, "is not installed", "pip install 'qatynas[plots]'")


def plan_data(documents: Sequence[Document], splits: Mapping[str, str]) -> dict[str, Drawing]:
    """The figures of the data set by name, each a function that counts and draws."""

    def draw_agreement() -> Figure:
        measured = measure_agreement(documents, resamples=1)  # no interval is drawn
        return figures.draw_agreement(*series.list_agreement(measured))

    return {
        "labels": lambda: figures.draw_labels(series.count_labels(documents, splits)),
        "lengths": lambda: figures.draw_lengths(series.count_lengths(documents)),
        "nesting": lambda: figures.draw_nesting(series.count_depths(documents), series.count_nests(documents)),
        "relations": lambda: figures.draw_joins(series.count_joins(documents)),
        "numbers": lambda: figures.draw_magnitudes(series.count_magnitudes(documents)),
        "agreement": draw_agreement,
    }


def plan_results(marks: Sequence[Mark], curves: Mapping[str, Sequence[Step]]) -> dict[str, Drawing]:
    """The figures of stored results by name; none of what there is nothing of."""
    drawings: dict[str, Drawing] = {"scores": partial(figures.draw_scores, marks)} if marks else {}
    for system, steps in curves.items():
        drawings[f"learning-{system}"] = partial(figures.draw_curve, steps, system)
    return drawings


def choose_drawings(drawings: Mapping[str, Drawing], names: Collection[str]) -> dict[str, Drawing]:
    """The figures of these names, or all where none is named.

    Raises:
        QatynasError: for a name that no figure has.
    """
    for name in names:
        if name not in drawings:
            raise QatynasError(f"figure {name!r}", f"is none of {', '.join(drawings)}", "choose one")
    return {name: draw for name, draw in drawings.items() if not names or name in names}


def draw_plots(drawings: Mapping[str, Drawing]) -> dict[str, bytes]:
    """The SVG files by file name: the same numbers give the same bytes under one version of matplotlib.

    Raises:
        QatynasError: where matplotlib is missing.
    """
    check_library()
    with style.set_style():
        return {f"{name}.svg": style.encode_figure(draw(), name) for name, draw in drawings.items()}


def write_plots(files: Mapping[str, bytes], folder: Path, *, force: bool = False) -> list[Path]:
    """The paths of the files that were written; one that holds the same bytes already is left as it is.

    Raises:
        QatynasError: for another file of such a name, unless forced, and a place that cannot be written to.
    """
    changed = {folder / name: data for name, data in files.items() if _read(folder / name) != data}
    for path in changed:
        spare_file(path, force=force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QatynasError(folder, "cannot be made", error.strerror or error, "choose a writable place") from error
    for path, data in changed.items():
        write_whole(path, data)
    return list(changed)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
