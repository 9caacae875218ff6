"""What a system says of a task, as Label Studio predictions: an annotator corrects instead of starting empty."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

import msgspec

from qatynas import __version__
from qatynas.document import Document, Reading
from qatynas.label_studio import from_reading
from qatynas.predictions import read_lines, to_reading
from qatynas.studio.push import Prediction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Task
    from qatynas.predictions import PredictedDocument


def to_draft(task: Task) -> Document:
    """The document of a task with an empty reading, whether it has readings or not."""
    return Document(**msgspec.structs.asdict(task.data), gold=Reading(""))


def make_predictions(
    system: str, readings: Mapping[str, Reading], tasks: Sequence[Task], score: float | None
) -> dict[str, Prediction]:
    """A system's predictions by document id, from its readings; none says how sure it is, so all have one score."""
    texts = {task.data.doc_id: task.data.text for task in tasks}
    model = f"{system} {__version__}"
    return {doc_id: _make_prediction(model, reading, texts[doc_id], score) for doc_id, reading in readings.items()}


def read_prediction_file(path: Path, tasks: Sequence[Task]) -> tuple[dict[str, Prediction], list[Issue]]:
    """The predictions of a file by document id, under the file's name, and everything that is wrong with them.

    Where the file scores its mentions, their scores go with them, and a task's score is their mean.

    Raises:
        QatynasError: where the file cannot be read.
    """
    lines, issues = read_lines(path, [to_draft(task) for task in tasks], allow_missing=True)
    if issues:
        return {}, issues
    texts = {task.data.doc_id: task.data.text for task in tasks}
    return {doc_id: _convert(path.stem, line, texts[doc_id]) for doc_id, line in lines.items()}, []


def _convert(model: str, line: PredictedDocument, text: str) -> Prediction:
    prediction = _make_prediction(model, to_reading(line), text, None)
    scores = {(mention.start, mention.end, mention.type): mention.score for mention in line.mentions}
    for row in prediction.result:
        if row["type"] == "labels":
            value = row["value"]
            score = scores[value["start"], value["end"], value["labels"][0]]
            if score is not None:
                row["score"] = score
    given = [score for score in scores.values() if score is not None]
    prediction.score = fmean(given) if given else None
    return prediction


def _make_prediction(model: str, reading: Reading, text: str, score: float | None) -> Prediction:
    return Prediction(model, score, msgspec.to_builtins(from_reading(reading, text, ground_truth=False).result))
