"""Scores as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.scoring.facts import ALL
from qatynas.scoring.report import MACRO, OVERALL, write_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.scoring.report import Difference, Report, Score

_HEAD = f"{'':34}{'F1':>7}{'95 % interval':>18}{'P':>8}{'R':>8}{'predicted':>11}{'gold':>7}"


def print_report(report: Report) -> list[str]:
    """The lines of a report: headline, other measures, subsets, labels."""
    lines = [write_signature(report.signature), ""]
    if report.missing:
        lines.append(f"scored as empty, without a line: {', '.join(report.missing)}")
    tables: dict[str, list[Score]] = {}
    for score in report.scores:
        if (title := _name_table(score)) is not None:
            tables.setdefault(title, []).append(score)
    for title, scores in tables.items():
        lines += [f"{title}{_HEAD[len(title) :]}", *map(_print_score, scores), ""]
    return lines[:-1]


def _name_table(score: Score) -> str | None:
    """The table of a score, or None for what only JSON shows."""
    if score.group in {ALL, MACRO}:
        headline = score.measure == "strict" and score.group == ALL
        return "strict" if headline else "other measures"
    if score.measure != "strict":
        return None
    return "strict, by label" if score.group.isupper() else "strict, by part (recall where there is no F1)"


def _print_score(score: Score) -> str:
    name = score.task if score.measure == "strict" and score.group == ALL else f"{score.task} {score.measure}"
    if score.group not in {ALL, OVERALL}:
        name = f"{score.task} {score.group}" if score.measure == "strict" else f"{name} {score.group}"
    interval = "" if score.low is None else f"{score.low:.3f} – {score.high:.3f}"
    shares = "".join(f"{'' if share is None else f'{share:.3f}':>8}" for share in (score.precision, score.recall))
    f1 = "" if score.f1 is None else f"{score.f1:.3f}"
    predicted = "" if score.precision is None else str(score.predicted)
    return f"{name:34}{f1:>7}{interval:>18}{shares}{predicted:>11}{score.gold:>7}"


def print_differences(differences: Sequence[Difference]) -> list[str]:
    """The lines of a comparison."""
    return list(_print_differences(differences))


def _print_differences(differences: Sequence[Difference]) -> Iterator[str]:
    yield f"{'strict F1':12}{'first':>8}{'second':>8}{'difference':>12}{'p':>9}{'p (Holm)':>10}"
    for difference in differences:
        change = difference.other - difference.one
        yield (
            f"{difference.task:12}{difference.one:8.3f}{difference.other:8.3f}{change:+12.3f}"
            f"{difference.p:9.4f}{difference.p_holm:10.4f}"
        )
