"""Stored results as what `qatynas.plots` draws: scores with intervals, and learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.plots.series import Mark, Step
from qatynas_baselines.entries import STRICT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qatynas_baselines.entries import Result


def list_marks(results: Sequence[Result]) -> list[Mark]:
    """The strict F1 scores on test with their intervals, the system with the best overall score first."""
    ordered = sorted(results, key=lambda result: (-(result.reports.test.find_f1(STRICT[0][0]) or 0.0), result.name))
    found = ((result.name, result.reports.test.find(task)) for result in ordered for task, _, _ in STRICT)
    return [
        Mark(name, score.task, score.f1, score.low, score.high)
        for name, score in found
        if score is not None and score.f1 is not None
    ]


def list_curves(results: Sequence[Result]) -> dict[str, list[Step]]:
    """The learning curves by system: strict F1 on validation after so many training documents.

    A row that does not say its documents in a whole number is left out, and so is a cell that is no share.
    """
    tasks = [task for task, _, _ in STRICT]
    curves = {
        result.name: [
            Step(documents, task, float(f1))
            for task in tasks
            for row in result.learning_curve
            if isinstance(documents := row.get("documents"), int) and isinstance(f1 := row.get(task), (int, float))
        ]
        for result in results
    }
    return {name: steps for name, steps in curves.items() if steps}
