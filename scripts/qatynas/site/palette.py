"""The site's colours: surfaces and inks of both modes, and the schema's colours made legible on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

AA = 4.5  # the least contrast of text (WCAG 2.2, success criterion 1.4.3)


@dataclass(frozen=True, slots=True)
class Mode:
    """The colours of light or dark: what text stands on, what it is written in, and where labels are drawn to."""

    surfaces: dict[str, str]
    inks: dict[str, str]
    lines: dict[str, str]
    extreme: str


LIGHT = Mode(
    {"ground": "#fcfbf8", "panel": "#f4f2ec", "hit": "#fdf0c8"},
    {"ink": "#1f1c19", "muted": "#5f594f", "link": "#1d4e80"},
    {"rule": "#ddd8cc", "edge": "#8a8375"},
    "#000000",
)
DARK = Mode(
    {"ground": "#16181c", "panel": "#1f2227", "hit": "#43391a"},
    {"ink": "#e9e6df", "muted": "#b3ada0", "link": "#9cc4ee"},
    {"rule": "#363a41", "edge": "#7d818a"},
    "#ffffff",
)


def measure_contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance of sRGB).

    >>> measure_contrast("#ffffff", "#000000")
    21.0
    """
    dark, light = sorted(map(_measure_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def make_legible(colour: str, mode: Mode) -> str:
    """The colour, moved towards the mode's extreme until it has contrast AA on every surface of the mode.

    >>> make_legible("#ffca3a", LIGHT)
    '#85691e'
    """
    return next(
        mixed
        for step in range(101)
        if _suits(mixed := _mix(colour, mode.extreme, step / 100), mode.surfaces.values()) or step == 100
    )


def render_palette() -> str:
    """The colours as style rules: custom properties of both modes, and one for each label, chosen by its class."""
    light, dark = (_list_rules(mode) for mode in (LIGHT, DARK))
    inner = "".join(f"  {rule}\n" for rule in dark)
    return "".join(f"{rule}\n" for rule in light) + f"@media screen and (prefers-color-scheme: dark) {{\n{inner}}}\n"


def _list_rules(mode: Mode) -> list[str]:
    named = {**mode.surfaces, **mode.inks, **mode.lines}
    root = " ".join(f"--{name}: {colour};" for name, colour in named.items())
    labels = load_schema().labels.values()
    return [f":root {{ {root} }}"] + [f".l-{x.label} {{ --label: {make_legible(x.color, mode)}; }}" for x in labels]


def _suits(colour: str, surfaces: Iterable[str]) -> bool:
    return all(measure_contrast(colour, surface) >= AA for surface in surfaces)


def _mix(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(_read(one), _read(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _measure_luminance(colour: str) -> float:
    parts = [part / 255 for part in _read(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
