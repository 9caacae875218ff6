"""How every figure looks, and how it becomes a file: vectors, the same bytes for the same numbers."""

from __future__ import annotations

import io
from contextlib import contextmanager
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qatynas.plots.series import Grid


class Look(NamedTuple):
    """Colour, hatch, marker and line of a series, so that no two differ by colour alone."""

    color: str
    hatch: str
    marker: str
    line: str


# The colours of Okabe and Ito (2008), which the colour-blind can tell apart; their greys differ too.
LOOKS = (
    Look("#0072B2", "", "o", "-"),
    Look("#E69F00", "////", "s", "--"),
    Look("#56B4E9", r"\\\\", "^", "-."),
    Look("#009E73", "xxxx", "D", ":"),
)
DARK, PALE = "#1a1a1a", "#d9d9d9"
_SETTINGS: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # matplotlib brings it along, with all Kazakh letters
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": DARK,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "svg.fonttype": "path",  # letters as outlines: they look alike where DejaVu Sans is missing
    "svg.hashsalt": "qatynas",
}
_NO_CLOCK = {"Date": None, "Creator": None}


@contextmanager
def set_style() -> Iterator[None]:
    """Matplotlib's own settings and those of this module, whatever the machine's are, until the block ends."""
    import matplotlib as mpl
    from matplotlib import style

    with mpl.rc_context(), style.context("default"):
        mpl.rcParams.update(_SETTINGS)
        yield


def make_figure(width: float, height: float) -> Figure:
    """An empty figure of this size in inches, without a window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def encode_figure(figure: Figure, title: str) -> bytes:
    """The SVG file of a figure: no date, no version, no random name in it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Title": title, **_NO_CLOCK})
    return buffer.getvalue()


def name_label(label: str) -> str:
    """A label with its Kazakh name, where it has one.

    >>> name_label("PERSON"), name_label("PART_OF")
    ('PERSON · адам', 'PART_OF')
    """
    known = load_schema().labels.get(label)
    return f"{label} · {known.kazakh}" if known else label


def draw_heat(axes: Axes, grid: Grid, scale: tuple[float, float], *, counts: bool) -> None:
    """Draw a grid as a heat map in viridis, each cell with its number; what is nought or None stays white.

    `scale` is the range of the colours; those of counts grow with the logarithm.
    """
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.colors import LogNorm, Normalize

    norm = LogNorm(*scale) if counts else Normalize(*scale)
    shown = [[cell if cell is not None and (cell or not counts) else np.nan for cell in row] for row in grid.cells]
    values = np.array(shown, dtype=float).reshape(len(grid.rows), len(grid.columns))
    colours = colormaps["viridis"]
    axes.pcolormesh(values, cmap=colours, norm=norm, edgecolors="white", linewidth=1.0)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            red, green, blue, _ = colours(norm(value))
            ink = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"
            text = f"{value:,.0f}" if counts else f"{value:.3f}"
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink, fontsize=7.5)
    axes.invert_yaxis()
    axes.set_yticks(np.arange(len(grid.rows)) + 0.5, grid.rows)
    axes.set_xticks(np.arange(len(grid.columns)) + 0.5, grid.columns)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def draw_stacks(axes: Axes, grid: Grid, *, sideways: bool) -> None:
    """Draw a grid as stacked bars, a bar a row, each with its sum at its end; `sideways` lays them down."""
    import numpy as np

    places = range(len(grid.rows))
    base = np.zeros(len(grid.rows))
    for column, look in zip(range(len(grid.columns)), cycle(LOOKS), strict=False):
        sizes = np.array([row[column] or 0 for row in grid.cells], dtype=float)
        style: dict[str, Any] = {"color": look.color, "hatch": look.hatch, "edgecolor": "white", "linewidth": 0.5}
        if sideways:
            axes.barh(places, sizes, left=base, label=grid.columns[column], **style)
        else:
            axes.bar(places, sizes, bottom=base, label=grid.columns[column], **style)
        base += sizes
    room = 0.01 * float(base.max(initial=1))
    for place, whole in zip(places, base, strict=True):
        if sideways:
            axes.text(whole + room, place, f"{whole:,.0f}", va="center", fontsize=8)
        else:
            axes.text(place, whole + room, f"{whole:,.0f}", ha="center", va="bottom", fontsize=8)
    (axes.set_yticks if sideways else axes.set_xticks)(places, grid.rows)
    if sideways:
        axes.set_ylim(len(places) - 0.4, -0.6)
    else:
        axes.margins(y=0.08)
    axes.tick_params(axis="y" if sideways else "x", length=0)
    axes.legend()
