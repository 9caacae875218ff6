"""Task files: read with every fault located, written whole or not at all."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, TypeVar, overload

import msgspec

from qatynas.errors import QatynasError
from qatynas.issue import Issue
from qatynas.label_studio import Task, encode_task
from qatynas.storage import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

AnyTask = TypeVar("AnyTask", bound=Task)
MAX_BYTES = 64 * 2**20
FILE_CHECKS = {
    "file-empty": "A task file holds at least one character.",
    "file-not-utf8": "A task file is UTF-8, with or without a byte order mark.",
    "file-not-json": "A task file is JSON or JSON Lines, whole and without NaN or Infinity.",
    "file-not-tasks": "A task file holds Label Studio tasks: objects with `data`, alone, in a list or one a line.",
    "task-malformed": "A task has the fields and types that Label Studio gives it, and `doc_id` and `text` in `data`.",
}


@overload
def read_task_files(paths: Iterable[Path]) -> tuple[list[Task], list[Issue]]: ...


@overload
def read_task_files(paths: Iterable[Path], kind: type[AnyTask]) -> tuple[list[AnyTask], list[Issue]]: ...


def read_task_files(paths: Iterable[Path], kind: type[Any] = Task) -> tuple[list[Any], list[Issue]]:
    """The tasks of all files, in order, and what kept the rest from being read; `kind` is the record to read.

    Raises:
        QatynasError: for a file that is missing, unreadable or too large to hold tasks by hand.
    """
    tasks: list[Any] = []
    issues: list[Issue] = []
    for path in paths:
        for found in _decode_tasks(path.name, _read_bytes(path), kind):
            if isinstance(found, Issue):
                issues.append(found)
            else:
                tasks.append(found)
    return tasks, issues


def read_known_tasks(folder: Path) -> tuple[list[Task], list[Issue]]:
    """The tasks of a folder, one a file and each in the file of its name, and what kept the rest from being read.

    Raises:
        QatynasError: for a folder without tasks or with anything else, and a file that is not named by its only task.
    """
    tasks: list[Task] = []
    issues: list[Issue] = []
    for path in list_task_files(folder):
        found, faults = read_task_files([path])
        if not faults and [task.data.doc_id for task in found] != [path.stem]:
            held = [task.data.doc_id for task in found]
            raise QatynasError(path, f"holds {held}", "expected one task, of the file's name", "rename or split it")
        tasks += found
        issues += faults
    return tasks, issues


def list_task_files(folder: Path) -> list[Path]:
    """The task files of a folder, sorted by name; hidden files are passed over.

    Raises:
        QatynasError: for a folder that is missing, holds none, or holds anything else.
    """
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    for path in paths:
        if path.suffix != ".json" or not path.is_file():
            raise QatynasError(path, "is no task file", "expected <doc_id>.json", "move it away")
    if not paths:
        fault = "holds no task file" if folder.is_dir() else "is no folder"
        raise QatynasError(folder, fault, "name the folder of annotations/tasks/*.json")
    return paths


def write_task_file(path: Path, task: Task) -> None:
    """Write one task; whatever happens, the file holds the old task or the new one, whole.

    Raises:
        QatynasError: where the place cannot be written to.
    """
    write_whole(path, encode_task(task))


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise QatynasError(path, f"{size} bytes", f"a task file has at most {MAX_BYTES}", "one file a document")
        return path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror, "name a readable task file") from error


def _decode_tasks(name: str, data: bytes, kind: type[AnyTask]) -> Iterator[AnyTask | Issue]:
    if not data.strip():
        yield Issue(name, "line 1", "file-empty", "error", "nothing is in it: write a task into it, or delete it")
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        fault = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8"
        yield Issue(name, _locate(data, error.start), "file-not-utf8", "error", fault)
        return
    try:
        pieces = list(_cut_tasks(data))
    except (msgspec.DecodeError, RecursionError) as error:
        yield _explain_json(name, data, error)
        return
    for place, piece in pieces:
        yield _decode_task(name, place, piece, kind)


def _cut_tasks(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every task's place and JSON: of a list, of a single object, or of JSON Lines."""
    if data.lstrip().startswith(b"["):
        if data.strip(b"[] \t\r\n") == b"":
            yield "$", data  # an empty list holds no task
        for index, raw in enumerate(msgspec.json.decode(data, type=list[msgspec.Raw])):
            yield f"$[{index}]", bytes(raw)
        return
    try:
        yield "$", bytes(msgspec.json.decode(data, type=msgspec.Raw))
    except msgspec.DecodeError as error:
        if "trailing characters" not in str(error):
            raise
        yield from ((f"line {number}", line) for number, line in enumerate(data.splitlines(), 1) if line.strip())


def _decode_task(name: str, place: str, piece: bytes, kind: type[AnyTask]) -> AnyTask | Issue:
    try:
        return msgspec.json.decode(piece, type=kind)
    except msgspec.ValidationError as error:
        fault, _, path = str(error).partition(" - at ")
        where = place + path.strip("`").removeprefix("$")
        if path or not re.search("`data`|got `(?:array|str|int|float|bool|null)`", fault):
            cure = "mend it to what Label Studio exports"
            return Issue(name, where, "task-malformed", "error", f"{fault}: {cure}")
        cure = "expected Label Studio tasks; export the project as JSON"
        return Issue(name, where, "file-not-tasks", "error", f"{fault}: {cure}")
    except (msgspec.DecodeError, RecursionError) as error:
        return _explain_json(name, piece, error, place)


def _explain_json(name: str, data: bytes, error: Exception, place: str | None = None) -> Issue:
    offset = re.search(r"\(byte (\d+)\)", str(error))
    where = place or _locate(data, int(offset[1]) if offset else len(data))
    fault = "nested too deep" if isinstance(error, RecursionError) else str(error)
    return Issue(name, where, "file-not-json", "error", f"{fault}: expected whole JSON; export or restore the file")


def _locate(data: bytes, offset: int) -> str:
    before = data[:offset].decode(errors="replace")
    return f"line {before.count(chr(10)) + 1} column {len(before) - before.rfind(chr(10))}"
