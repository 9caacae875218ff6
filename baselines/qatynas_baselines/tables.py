"""Tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def render_table(rows: Sequence[Mapping[str, object]]) -> str:
    r"""A Markdown table of flat rows, columns in the order in which they appear, those without words to the right.

    >>> print(render_table([{"жүйе": "ереже", "F1": 0.25}, {"жүйе": "а|б", "дана": 3}]))
    | жүйе | F1 | дана |
    |---|---:|---:|
    | ереже | 0.250 |  |
    | а\|б |  | 3 |
    """
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        return ""
    words = {column for row in rows for column, value in row.items() if isinstance(value, str | bool)}
    cells = [[write_cell(row.get(column)) for column in columns] for row in rows]
    head, *body = (f"| {' | '.join(line)} |" for line in ([*map(write_cell, columns)], *cells))
    rule = "".join("---|" if column in words else "---:|" for column in columns)
    return "\n".join((head, f"|{rule}", *body))


def write_cell(value: object) -> str:
    """A value in one line of Markdown, without what would end a cell or begin a tag."""
    text = write_value(value)
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def write_value(value: object) -> str:
    """A value as plain text: floats to three places or none, truth as yes or no, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.{3 if abs(value) < 100 else 0}f}" if isinstance(value, float) else str(value)
