"""Tasks that come home, merged into the task files by document and annotator."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

import msgspec

from qatynas.annotation_form import settle_annotation
from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.label_studio import Task, TaskMeta, encode_task, from_reading
from qatynas.quotation import QuotedReading, resolve_quotation
from qatynas.readings import (
    Change,
    list_differences,
    match_readings,
)
from qatynas.server_tasks import ServerMeta, ServerTask, name_annotators, refuse_lossy
from qatynas.task_files import read_known_tasks, read_task_files, write_task_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Annotation
    from qatynas.readings import Step


def import_tasks(
    paths: Iterable[Path], folder: Path, *, replace: bool = False, annotators: Mapping[int, str] | None = None
) -> tuple[list[Issue], list[Path]]:
    """The findings that keep files from being imported; if there are none, the task files that were written.

    A file holds Label Studio tasks, or one reading by quotation; `annotators` names the users whom an export of the
    web interface knows by their numbers. Only the form of readings is checked here: a document may come home before it
    is adjudicated.

    Raises:
        QatynasError: for a file that cannot be read or has lost relations, a quotation that does not fit, a user
            without a name and a conflict.
    """
    begun = folder.exists() and any(folder.iterdir())
    tasks, issues = read_known_tasks(folder) if begun else ([], [])
    if issues:
        return sorted(issues), []  # a broken task file is not to be written over
    known = {task.data.doc_id: task for task in tasks}
    new: list[ServerTask] = []
    for path in paths:
        refuse_lossy(path)
        quoted = _read_quoted(path)
        if quoted is not None:
            new.append(quote_task(quoted, known))
        else:
            found, faults = read_task_files([path], ServerTask)
            new += found
            issues += faults
    name_annotators(new, annotators or {}, known)
    version = read_guidelines_version(folder.parent)
    for task in new:
        if task.id is not None:
            add_guidelines(task, version)
    issues += [issue for task in new for issue in check_draft(task)]  # before what a server says twice is dropped
    if issues:
        return sorted(issues), []
    changed = merge_tasks(known, new, replace=replace)
    issues += [issue for task in changed.values() for issue in check_draft(task)]
    if issues:
        return sorted(issues), []
    folder.mkdir(exist_ok=True)
    for doc_id, merged in sorted(changed.items()):
        write_task_file(folder / f"{doc_id}.json", merged)
    return [], [folder / f"{doc_id}.json" for doc_id in sorted(changed)]


def _read_quoted(path: Path) -> QuotedReading | None:
    """The reading by quotation in a file, or None if the file is something else."""
    try:
        data = path.read_bytes().removeprefix(BOM_UTF8)
        if "annotator" not in msgspec.json.decode(data, type=dict[str, msgspec.Raw]):
            return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # the reader of task files says what is wrong
    try:
        return msgspec.json.decode(data, type=QuotedReading)
    except msgspec.ValidationError as error:
        raise QatynasError(path, error, "mend the reading") from error


def merge_task(old: Task, new: ServerTask, *, replace: bool = False) -> Task:
    """The old task with the readings of the new one that it lacks; cancelled ones are kept beside the counted.

    A reading that only the new task has changed since a push takes the old one's place. One that both have changed is
    a conflict, unless `replace` lets the new one in; so is an annotator's counted reading that differs, where nobody
    knows what was pushed. What the new task lacks stays.

    Raises:
        QatynasError: for data that differ, and for a conflict.
    """
    doc_id = old.data.doc_id
    if old.data != new.data:
        raise QatynasError(doc_id, "its data differ from the task file's", "bring them in line before you import")
    steps = [step for step in match_readings(old.annotations, new.annotations, new.pushed) if step.theirs is not None]
    merged, conflicts = take_steps(old, steps, "theirs" if replace else None)
    for step in conflicts:
        fault = f"the reading of {step.annotator!r} differs from the task file's"
        change = str(Change(doc_id, "", fault, list_differences(step.ours, step.theirs, old.data.text)))
        raise QatynasError(change, "choose one (--replace takes the new)")
    first, last = (new.meta, old.meta) if new.pushed else (old.meta, new.meta)
    guidelines = dict(sorted((first.guidelines | last.guidelines).items()))
    return Task(old.data, merged, msgspec.structs.replace(old.meta, guidelines=guidelines))


def take_steps(task: Task, steps: Iterable[Step], choice: str | None) -> tuple[list[Annotation], list[Step]]:
    """The annotations after the steps of the other side, and the steps that want a choice: "ours" or "theirs"."""
    merged, conflicts = list(task.annotations), []
    for step in steps:
        side = choice if step.side == "both" and choice else step.side
        if side == "both":
            conflicts.append(step)
        elif side == "theirs":
            _take(merged, step, task.data.text)
    return merged, conflicts


def _take(annotations: list[Annotation], step: Step, text: str) -> None:
    """Put the other side's annotation where this side's was, or behind all, in the form of task files."""
    places = [place for place, annotation in enumerate(annotations) if annotation is step.ours]
    if step.theirs is None:
        del annotations[places[0]]
    elif step.ours is None:
        annotations.append(settle_annotation(step.theirs, text))
    else:
        settled = settle_annotation(step.theirs, text)
        annotations[places[0]] = msgspec.structs.replace(settled, completed_by=step.ours.completed_by)


def add_guidelines(task: Task, version: int | None) -> None:
    """Note the version of the guidelines for every annotator of a task who has none yet."""
    for annotation in task.annotations if version else ():
        task.meta.guidelines.setdefault(annotation.annotator, version or 1)


def read_guidelines_version(annotations: Path) -> int | None:
    """The version that the guidelines of an annotations folder have now, or None where there are none."""
    try:
        text = (annotations / "GUIDELINES.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(r"^Version ([1-9][0-9]{0,3})\b", text, re.MULTILINE)
    return int(found[1]) if found else None


def merge_tasks(old: Mapping[str, Task], new: Iterable[ServerTask], *, replace: bool = False) -> dict[str, Task]:
    """The tasks that have to be written, by document id: new documents, and known ones that gain a reading."""
    changed: dict[str, Task] = {}
    for task in new:
        doc_id = task.data.doc_id
        known = changed.get(doc_id) or old.get(doc_id)
        merged = merge_task(known, task, replace=replace) if known else settle_task(task)
        if known is None or encode_task(merged) != encode_task(known):
            changed[doc_id] = merged
    return changed


def settle_task(task: Task) -> Task:
    """A task that is new here, in the form of a task file."""
    annotations = [settle_annotation(annotation, task.data.text) for annotation in task.annotations]
    return Task(task.data, annotations, TaskMeta(dict(sorted(task.meta.guidelines.items()))))


def quote_task(quoted: QuotedReading, old: Mapping[str, Task]) -> ServerTask:
    """The task of a known document with one reading by quotation as its only annotation.

    Raises:
        QatynasError: for a document that has no task yet, and for quotations that do not fit its text.
    """
    if quoted.doc_id not in old:
        raise QatynasError(quoted.doc_id, "has no task file", "import its task before its readings")
    data = old[quoted.doc_id].data
    reading = resolve_quotation(quoted, data.text)
    meta = ServerMeta({quoted.annotator: quoted.guidelines})
    return ServerTask(data, [from_reading(reading, data.text, ground_truth=quoted.adjudicated)], meta)
