"""What a project on a server holds, read from its snapshot; nothing is taken for granted there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.label_studio import Annotation, TaskData
from qatynas.readings import hash_annotation, hash_annotations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qatynas.label_studio import Task

BASE = "qatynas"  # the key of `meta` under which a push keeps the hashes of what it put there


@dataclass(frozen=True, slots=True)
class HeldAnnotation:
    """An annotation on the server; what cannot be read there is None, and equals nothing that is here."""

    id: int
    updated_at: str
    content: Annotation | None

    @property
    def hash(self) -> str:
        """What `hash_annotation` says of it, or nothing."""
        return "" if self.content is None else hash_annotation(self.content)


@dataclass(frozen=True, slots=True)
class HeldPrediction:
    """A prediction on the server."""

    id: int
    model: str
    score: float | None
    result: Any


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task on the server; `raw` is its JSON, `data` is None where it is not that of this project's tasks."""

    id: int
    doc_id: str
    data: TaskData | None
    meta: dict[str, Any]
    annotations: tuple[HeldAnnotation, ...]
    predictions: tuple[HeldPrediction, ...]
    raw: bytes

    @property
    def base(self) -> Mapping[str, list[str]]:
        """The hashes of its annotations by annotator, as they were when they were pushed."""
        base = self.meta.get(BASE)
        if not isinstance(base, dict):
            return {}
        return {name: hashes for name, hashes in base.items() if isinstance(hashes, list)}

    def hash_readings(self) -> dict[str, list[str]]:
        """The hashes of its annotations by annotator, sorted; those that cannot be read are nobody's."""
        hashes: dict[str, list[str]] = {}
        for held in self.annotations:
            hashes.setdefault(held.content.annotator if held.content else "", []).append(held.hash)
        return {annotator: sorted(found) for annotator, found in hashes.items()}


class _Task(msgspec.Struct):
    id: int
    data: dict[str, Any]
    meta: dict[str, Any] | None = None
    annotations: list[msgspec.Raw] = []
    predictions: list[Any] = []


class _Marks(msgspec.Struct):
    id: int
    updated_at: str = ""


def read_snapshot(data: bytes) -> list[HeldTask]:
    """The tasks of a snapshot."""
    return [_read_task(bytes(raw)) for raw in msgspec.json.decode(data, type=list[msgspec.Raw])]


def _read_task(raw: bytes) -> HeldTask:
    task = msgspec.json.decode(raw, type=_Task)
    try:
        data = msgspec.convert(task.data, TaskData)
    except msgspec.ValidationError:
        data = None
    return HeldTask(
        task.id,
        str(task.data.get("doc_id", "")),
        data,
        task.meta or {},
        tuple(map(_read_annotation, task.annotations)),
        tuple(map(_read_prediction, task.predictions)),
        raw,
    )


def _read_annotation(raw: msgspec.Raw) -> HeldAnnotation:
    marks = msgspec.json.decode(raw, type=_Marks)
    try:
        return HeldAnnotation(marks.id, marks.updated_at, msgspec.json.decode(raw, type=Annotation))
    except msgspec.ValidationError:
        return HeldAnnotation(marks.id, marks.updated_at, None)


def _read_prediction(row: Any) -> HeldPrediction:
    return HeldPrediction(row["id"], row.get("model_version") or "", row.get("score"), row.get("result"))


def make_meta(task: Task, held: HeldTask | None = None) -> dict[str, Any]:
    """The `meta` of a task on the server: what is known of it, and hashes of the readings that both sides share.

    A reading that was changed on the server alone keeps the hash of what was pushed.
    """
    here = hash_annotations(task.annotations)
    if held is None:
        return {**msgspec.to_builtins(task.meta), BASE: here}
    there, base = held.hash_readings(), dict(held.base)
    base |= {annotator: hashes for annotator, hashes in here.items() if there.get(annotator) == hashes}
    return {**held.meta, BASE: dict(sorted(base.items()))}
