"""The formats in which annotated documents leave: a module a format, a line of `FORMATS` each."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.splits import read_splits
from qatynas.storage import replace_folder, spare_file, write_whole
from qatynas.task_files import read_known_tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Task


@dataclass(frozen=True, slots=True)
class Format:
    """A format of exports: what it is, and the module that writes it.

    Every function of such a module takes tasks that the checks have passed. `list_remarks(tasks)` gives what a user
    must know of an export, a line each: what it loses above all. `encode_tasks(tasks)` gives the file's bytes, piece
    by piece; for a format of several files, which has the name of one of them as `index`, `encode_files(tasks)` gives
    the name and the bytes of each.
    """

    summary: str
    module: str
    index: str | None = None


FORMATS = {
    "label-studio": Format("JSON that Label Studio's web interface imports", "qatynas.exports.label_studio"),
    "conll": Format("IOB2 tags over the outermost spans, a token a line", "qatynas.exports.conll"),
    "kaznerd": Format("the same in KazNERD's 25 labels", "qatynas.exports.kaznerd"),
    "brat": Format("a folder of brat's stand-off files", "qatynas.exports.brat", index="documents.json"),
    "docred": Format("DocRED's JSON: entities, facts, evidence", "qatynas.exports.docred"),
    "docred-relations": Format("the relations of docred by their ids", "qatynas.exports.docred_relations"),
}


def find_format(name: str) -> Format:
    """The format of this name.

    Raises:
        QatynasError: for a format that does not exist.
    """
    if name not in FORMATS:
        raise QatynasError(f"format {name!r}", f"is none of {', '.join(FORMATS)}", "choose one")
    return FORMATS[name]


def export_tasks(tasks: Sequence[Task], name: str) -> Iterator[bytes]:
    """The bytes of an export, piece by piece.

    Raises:
        QatynasError: for a format that does not exist or is a folder, and a task that has nothing for it.
    """
    if find_format(name).index:
        raise QatynasError(f"format {name!r}", "is a folder of files", "name a folder to write, not a file or -")
    pieces: Iterator[bytes] = importlib.import_module(FORMATS[name].module).encode_tasks(tasks)
    return pieces


def list_remarks(tasks: Sequence[Task], name: str) -> list[str]:
    """What a user must know of an export of these tasks, a line each: what it loses, what it wants."""
    remarks: list[str] = importlib.import_module(find_format(name).module).list_remarks(tasks)
    return remarks


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
    """Write an export into a file or a folder, whole or not at all.

    Raises:
        QatynasError: for what stands there already, unless forced, and a place that cannot be written to; a folder is
            written over only where an export of this format made it.
    """
    spare_file(out, force=force)
    index = find_format(name).index
    if index is None:
        write_whole(out, export_tasks(tasks, name))
        return
    if out.exists() and not (out / index).is_file():
        raise QatynasError(out, f"has no {index}, so that no export made it", "name another folder")
    files = importlib.import_module(FORMATS[name].module).encode_files(tasks)
    with replace_folder(out) as folder:
        for file_name, data in files:
            (folder / file_name).write_bytes(data)
