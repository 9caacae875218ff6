"""The formats in which annotated documents leave: a module a format, a line of `FORMATS` each."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.splits import read_splits
from qatynas.storage import spare_file, write_whole
from qatynas.task_files import read_known_tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Task


@dataclass(frozen=True, slots=True)
class Format:
    """A format of exports: what it is, and the module whose `encode_tasks` writes it.

    `encode_tasks(tasks)` takes tasks that the checks have passed and gives the file's bytes, piece by piece.
    """

    summary: str
    module: str


FORMATS = {
    "label-studio": Format("JSON that Label Studio's web interface imports", "qatynas.exports.label_studio"),
}


def export_tasks(tasks: Sequence[Task], name: str) -> Iterator[bytes]:
    """The bytes of an export, piece by piece.

    Raises:
        QatynasError: for a format that does not exist.
    """
    if name not in FORMATS:
        raise QatynasError(f"format {name!r}", f"is none of {', '.join(FORMATS)}", "choose one")
    pieces: Iterator[bytes] = importlib.import_module(FORMATS[name].module).encode_tasks(tasks)
    return pieces


def select_tasks(annotations: Path, split: str | None, docs: Collection[str]) -> tuple[list[Task], list[Issue]]:
    """The tasks of an annotations folder that are asked for, by document id, or the findings in them.

    Raises:
        QatynasError: for a folder that cannot be read, an unknown document, and where nothing is left.
    """
    tasks, issues = read_known_tasks(annotations / "tasks")
    if issues:
        return [], sorted(issues)
    known = {task.data.doc_id for task in tasks}
    for doc_id in docs:
        if doc_id not in known:
            raise QatynasError(f"document {doc_id!r}", f"is not in {annotations / 'tasks'}", "name one that is")
    splits = read_splits(annotations / "splits.csv") if split else {}
    chosen = [
        task
        for task in tasks
        if (not docs or task.data.doc_id in docs) and (not split or splits.get(task.data.doc_id) == split)
    ]
    if not chosen:
        raise QatynasError("export", f"no document asked for is in split {split!r}", "leave out --split or --doc")
    return chosen, sorted(issue for task in chosen for issue in check_draft(task))


def write_export(tasks: Sequence[Task], name: str, out: Path, *, force: bool = False) -> None:
    """Write an export into a file, whole or not at all.

    Raises:
        QatynasError: for a file that stands there already, unless forced, and a place that cannot be written to.
    """
    spare_file(out, force=force)
    write_whole(out, export_tasks(tasks, name))
