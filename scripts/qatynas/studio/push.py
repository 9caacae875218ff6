"""Tasks put on a server: what is new there is imported, what is the same is left, what differs needs a word.

A push looks at what the project holds, does what is missing, and looks again until nothing is: so the same command
completes one that was killed, and a request of which nobody knows whether it was carried out is never repeated blindly.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.errors import QatynasError
from qatynas.label_studio import Annotation, Task, User
from qatynas.readings import hash_annotation, hash_annotations
from qatynas.studio.client import BATCH, UnsureError
from qatynas.studio.held import BASE, HeldTask, make_meta, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qatynas.studio.client import Client
    from qatynas.studio.held import HeldAnnotation

_ROUNDS = 5
_PAUSE = 2.0  # seconds before a look at a server that broke off


class Prediction(msgspec.Struct):
    """A system's reading of a task as Label Studio takes it; `score` is from 0 to 1, None where nothing is known."""

    model_version: str
    score: float | None
    result: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task as it stands here, and the prediction that is to stand beside it, if any."""

    task: Task
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A task that the project holds otherwise than it stands here, and wherein."""

    wanted: Wanted
    held: HeldTask
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.wanted.task.data.doc_id}: differs on the server ({'; '.join(self.faults)})"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project lacks: whole tasks, changed ones, predictions, and marks of what was pushed."""

    new: tuple[Wanted, ...] = ()
    same: tuple[str, ...] = ()
    changed: tuple[Difference, ...] = ()
    unpredicted: tuple[tuple[HeldTask, Prediction], ...] = ()
    unmarked: tuple[tuple[HeldTask, dict[str, Any]], ...] = ()


@dataclass(slots=True)
class Report:
    """What a push did, by document id; `refused` are differences that it left alone."""

    sent: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    predicted: list[str] = field(default_factory=list)
    refused: list[Difference] = field(default_factory=list)


def push_tasks(
    client: Client,
    project: int,
    wanted: Sequence[Wanted],
    keep: Callable[[HeldTask], None] | None = None,
    progress: Callable[[int, int], object] = lambda _, __: None,
) -> Report:
    """What was done until the project held every task that it may hold.

    Without `keep` a task that differs on the server is left alone. With it, it is replaced, after `keep` was given what
    the server held if somebody worked on it there. `progress` is told how many steps of how many are done.

    Raises:
        QatynasError: for a document that stands twice in the project, and from the client.
    """
    report = Report()
    for _ in range(_ROUNDS):
        plan = plan_push(wanted, read_snapshot(client.fetch_snapshot(project)))
        report.refused = [] if keep else list(plan.changed)
        todo = plan.new or plan.unpredicted or plan.unmarked or (keep and plan.changed)
        if not todo:
            touched = {*report.sent, *report.replaced, *report.predicted}
            report.same = [doc_id for doc_id in plan.same if doc_id not in touched]
            return report
        steps = _list_steps(client, project, plan, keep, report)
        try:
            for done, step in enumerate(steps, 1):
                step()
                progress(done, len(steps))
        except UnsureError:
            time.sleep(_PAUSE)
    raise QatynasError(client.url, "breaks off again and again", "see its log; the same command completes the push")


def plan_push(wanted: Sequence[Wanted], held: Sequence[HeldTask]) -> Plan:
    """What has to be done, from what is here and what a project holds.

    Raises:
        QatynasError: for a document that stands twice on either side.
    """
    places = {task.doc_id: task for task in held}
    _refuse_twice([task.doc_id for task in held if task.doc_id], "the project")
    _refuse_twice([one.task.data.doc_id for one in wanted], "what is pushed")
    new, same, changed, unpredicted, unmarked = [], [], [], [], []
    for one in wanted:
        there = places.get(one.task.data.doc_id)
        if there is None:
            new.append(one)
            continue
        faults = tuple(_list_differences(one, there))
        if faults:
            changed.append(Difference(one, there, faults))
            continue
        same.append(there.doc_id)
        if one.prediction is not None and not _find_predictions(there, one.prediction):
            unpredicted.append((there, one.prediction))
        meta = make_meta(one.task, there)
        if meta != there.meta:
            unmarked.append((there, meta))
    return Plan(tuple(new), tuple(same), tuple(changed), tuple(unpredicted), tuple(unmarked))


def _refuse_twice(doc_ids: Sequence[str], place: str) -> None:
    for doc_id, count in Counter(doc_ids).items():
        if count > 1:
            raise QatynasError(doc_id, f"stands {count} times in {place}", "leave one of them")


def _list_differences(wanted: Wanted, held: HeldTask) -> Iterator[str]:
    """What was changed here since it was pushed; the server's own work is for a pull."""
    task = wanted.task
    if task.data != held.data:
        yield "data"
    guidelines = held.meta.get("guidelines")
    known = guidelines if isinstance(guidelines, dict) else {}
    if any(known.get(annotator) != version for annotator, version in task.meta.guidelines.items()):
        yield "meta.guidelines"
    here, there = hash_annotations(task.annotations), held.hash_readings()
    for annotator, hashes in here.items():
        pushed = held.base.get(annotator)
        if hashes not in (there.get(annotator), pushed):
            both = annotator in there and there[annotator] != pushed
            yield f"the reading of {annotator}" + (", changed there too" if both else "")
    if wanted.prediction is not None:
        rivals = _find_predictions(held, wanted.prediction)
        if rivals and not any(_is_same(rival, wanted.prediction) for rival in rivals):
            yield f"the prediction of {wanted.prediction.model_version}"


def _find_predictions(held: HeldTask, prediction: Prediction) -> list[Any]:
    return [rival for rival in held.predictions if rival.model == prediction.model_version]


def _is_same(held: Any, prediction: Prediction) -> bool:
    if held.score is None or prediction.score is None:
        return bool(held.score is prediction.score and held.result == prediction.result)
    return bool(abs(held.score - prediction.score) < 1e-6 and held.result == prediction.result)


def _list_steps(
    client: Client, project: int, plan: Plan, keep: Callable[[HeldTask], None] | None, report: Report
) -> list[Callable[[], None]]:
    """What is to be done, in order; each step leaves the project whole."""
    changed = plan.changed if keep else ()
    users: dict[str, int] = {}

    def make_users() -> None:
        users.update(_make_users(client, [*plan.new, *(difference.wanted for difference in changed)]))

    def send(batch: Sequence[Wanted]) -> None:
        client.send_tasks(project, [_encode_new(one) for one in batch])
        report.sent += [one.task.data.doc_id for one in batch]

    def replace(difference: Difference) -> None:
        if keep and _is_worked_on(difference.held):
            keep(difference.held)
        _replace_task(client, difference, users)
        report.replaced.append(difference.held.doc_id)

    def predict(held: HeldTask, prediction: Prediction) -> None:
        client.add_prediction({"task": held.id, **msgspec.to_builtins(prediction)})
        report.predicted.append(held.doc_id)

    batches = [plan.new[start : start + BATCH] for start in range(0, len(plan.new), BATCH)]
    return [
        make_users,
        *(partial(send, batch) for batch in batches),
        *(partial(replace, difference) for difference in changed),
        *(partial(predict, held, prediction) for held, prediction in plan.unpredicted),
        *(partial(client.update_task, held.id, {"meta": meta}) for held, meta in plan.unmarked),
    ]


def _make_users(client: Client, wanted: Sequence[Wanted]) -> dict[str, int]:
    annotations = (annotation for one in wanted for annotation in one.task.annotations)
    emails = {annotation.completed_by.email for annotation in annotations if isinstance(annotation.completed_by, User)}
    return client.make_users(emails) if emails else {}


def _encode_new(wanted: Wanted) -> dict[str, Any]:
    predictions = [] if wanted.prediction is None else [msgspec.to_builtins(wanted.prediction)]
    task: dict[str, Any] = msgspec.to_builtins(wanted.task)
    return {**task, "meta": make_meta(wanted.task), "predictions": predictions}


def _is_worked_on(held: HeldTask) -> bool:
    """Whether the server holds a reading that was not pushed as it stands."""
    return any(held.base.get(annotator) != hashes for annotator, hashes in held.hash_readings().items())


def _replace_task(client: Client, difference: Difference, users: Mapping[str, int]) -> None:
    """Bring a task on the server to what it is here; `meta` comes last, so that a killed run is taken up again."""
    task, held = difference.wanted.task, difference.held
    if task.data != held.data:
        _refuse_lost_readings(task, held)
    for annotation, place in _pair_readings(task, held):
        if place is None:
            _add_reading(client, held, annotation, users)
        else:
            _replace_reading(client, place, annotation)
    prediction = difference.wanted.prediction
    for rival in _find_predictions(held, prediction) if prediction else ():
        client.update_prediction(rival.id, msgspec.to_builtins(prediction))
    base = {**held.base, **hash_annotations(task.annotations)}
    guidelines = {**(held.meta.get("guidelines") or {}), **task.meta.guidelines}
    meta = {**held.meta, "guidelines": guidelines, BASE: base}
    client.update_task(held.id, {"data": msgspec.to_builtins(task.data), "meta": meta})


def _refuse_lost_readings(task: Task, held: HeldTask) -> None:
    """Raise an error where a new text would take the ground from readings that are on the server alone."""
    strangers = sorted(set(held.hash_readings()) - set(hash_annotations(task.annotations)))
    if strangers and (held.data is None or held.data.text != task.data.text):
        fault = f"has a new text, and the server holds readings of the old one by {', '.join(map(repr, strangers))}"
        raise QatynasError(held.doc_id, fault, "pull them first, and mark them anew")


def _pair_readings(task: Task, held: HeldTask) -> Iterator[tuple[Annotation, HeldAnnotation | None]]:
    """Every reading that was changed here, and the annotation on the server whose place it takes; the gold one last.

    One that was changed on the server alone is not among them: that is work for a pull.
    """
    here, there = hash_annotations(task.annotations), held.hash_readings()
    free = [place for place in held.annotations if place.hash not in {h for hashes in here.values() for h in hashes}]
    for annotation in sorted(task.annotations, key=lambda annotation: annotation.ground_truth):
        name, own = annotation.annotator, hash_annotation(annotation)
        if own in there.get(name, []) or here[name] == held.base.get(name):
            continue
        rivals = [place for place in free if place.content and place.content.annotator == name]
        rivals.sort(key=lambda place: place.content is None or place.content.was_cancelled != annotation.was_cancelled)
        if rivals:
            free.remove(rivals[0])
        yield annotation, rivals[0] if rivals else None


def _add_reading(client: Client, held: HeldTask, annotation: Annotation, users: Mapping[str, int]) -> None:
    name = f"{client.url} {held.id} {hash_annotation(annotation)}"
    fields = {
        **msgspec.to_builtins(annotation),
        "completed_by": users[getattr(annotation.completed_by, "email", "")],
        "unique_id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),  # the server takes it once, however often it is sent
    }
    client.add_annotation(held.id, fields)


def _replace_reading(client: Client, place: HeldAnnotation, annotation: Annotation) -> None:
    """Put a reading in the place of another, unless somebody has worked on that since the snapshot."""
    if client.fetch_annotation(place.id)["updated_at"] != place.updated_at:
        raise UnsureError(client.url, f"annotation {place.id} was changed just now", "run the same command again")
    fields = msgspec.to_builtins(annotation)
    del fields["completed_by"]
    client.update_annotation(place.id, fields)
