"""Tasks that come home, merged into the task files by document and annotator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.label_studio import LabelsRow, RelationRow, Task, attribute_value, encode_task, from_reading
from qatynas.quotation import QuotedReading, resolve_quotation
from qatynas.task_files import BOM, read_known_tasks, read_task_files, write_task_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Annotation, Row


def import_tasks(paths: Iterable[Path], folder: Path, *, replace: bool = False) -> tuple[list[Issue], list[Path]]:
    """The findings that keep files from being imported; if there are none, the task files that were written.

    A file holds Label Studio tasks, or one reading by quotation. Only the form of readings is checked here: a
    document may come home before it is adjudicated.

    Raises:
        QatynasError: for a file that cannot be read, a quotation that does not fit and a conflict.
    """
    begun = folder.exists() and any(folder.iterdir())
    tasks, issues = read_known_tasks(folder) if begun else ([], [])
    if issues:
        return sorted(issues), []  # a broken task file is not to be written over
    known = {task.data.doc_id: task for task in tasks}
    new: list[Task] = []
    for path in paths:
        quoted = _read_quoted(path)
        if quoted is not None:
            new.append(quote_task(quoted, known))
        else:
            tasks, faults = read_task_files([path])
            new += tasks
            issues += faults
    changed = merge_tasks(known, new, replace=replace)
    issues += [issue for task in changed.values() for issue in check_draft(task)]
    if issues:
        return sorted(issues), []
    folder.mkdir(exist_ok=True)
    for doc_id, task in sorted(changed.items()):
        write_task_file(folder / f"{doc_id}.json", task)
    return [], [folder / f"{doc_id}.json" for doc_id in sorted(changed)]


def _read_quoted(path: Path) -> QuotedReading | None:
    """The reading by quotation in a file, or None if the file is something else."""
    try:
        data = path.read_bytes().removeprefix(BOM)
        if "annotator" not in msgspec.json.decode(data, type=dict[str, msgspec.Raw]):
            return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # the reader of task files says what is wrong
    try:
        return msgspec.json.decode(data, type=QuotedReading)
    except msgspec.ValidationError as error:
        raise QatynasError(path, error, "mend the reading") from error


def merge_task(old: Task, new: Task, *, replace: bool = False) -> Task:
    """The old task with the annotations of the new one that it lacks; cancelled ones are kept beside the counted.

    An annotator's counted reading that both have and that says something else in the new one is a conflict, unless
    `replace` lets the new one in. The order of rows and what follows from others do not count (`compare_annotations`).

    Raises:
        QatynasError: for data that differ, and for a conflict.
    """
    doc_id = old.data.doc_id
    if old.data != new.data:
        raise QatynasError(doc_id, "its data differ from the task file's", "bring them in line before you import")
    merged = list(old.annotations)
    for annotation in new.annotations:
        if any(compare_annotations(annotation, known) for known in merged):
            continue
        places = [place for place, known in enumerate(merged) if _is_rival(annotation, known)]
        if places and not replace:
            fault = f"the reading of {annotation.annotator!r} differs from the task file's"
            raise QatynasError(doc_id, fault, "choose one (--replace takes the new)")
        if places:
            merged[places[0]] = annotation
        else:
            merged.append(annotation)
    guidelines = dict(sorted((old.meta.guidelines | new.meta.guidelines).items()))
    return Task(old.data, merged, msgspec.structs.replace(old.meta, guidelines=guidelines))


def compare_annotations(one: Annotation, other: Annotation) -> bool:
    """Whether two annotations say the same: annotator, marks, and rows, in any order.

    A server gives rows in another order and may leave out or repeat what follows from others (a region's text, the
    offsets on an attribute), so that only what a row says of its own is compared.
    """
    return _describe(one) == _describe(other)


def _describe(annotation: Annotation) -> tuple[object, ...]:
    rows = sorted(repr(_describe_row(row)) for row in annotation.result)
    return annotation.annotator, annotation.ground_truth, annotation.was_cancelled, rows


def _describe_row(row: Row) -> tuple[object, ...]:
    if isinstance(row, RelationRow):
        return (*row.ends, row.direction in {"left", "right"}, sorted(row.labels))
    if isinstance(row, LabelsRow):
        return row.id, row.from_name, row.value.start, row.value.end, sorted(row.value.labels)
    return row.id, row.from_name, attribute_value(row)


def _is_rival(one: Annotation, other: Annotation) -> bool:
    return one.annotator == other.annotator != "" and not one.was_cancelled and not other.was_cancelled


def merge_tasks(old: Mapping[str, Task], new: Iterable[Task], *, replace: bool = False) -> dict[str, Task]:
    """The tasks that have to be written, by document id: new documents, and known ones that gain a reading."""
    changed: dict[str, Task] = {}
    for task in new:
        doc_id = task.data.doc_id
        known = changed.get(doc_id) or old.get(doc_id)
        merged = merge_task(known, task, replace=replace) if known else task
        if known is None or encode_task(merged) != encode_task(known):
            changed[doc_id] = merged
    return changed


def quote_task(quoted: QuotedReading, old: Mapping[str, Task]) -> Task:
    """The task of a known document with one reading by quotation as its only annotation.

    Raises:
        QatynasError: for a document that has no task yet, and for quotations that do not fit its text.
    """
    if quoted.doc_id not in old:
        raise QatynasError(quoted.doc_id, "has no task file", "import its task before its readings")
    data = old[quoted.doc_id].data
    reading = resolve_quotation(quoted, data.text)
    task = Task(data, [from_reading(reading, data.text, ground_truth=quoted.adjudicated)])
    task.meta.guidelines[quoted.annotator] = quoted.guidelines
    return task
