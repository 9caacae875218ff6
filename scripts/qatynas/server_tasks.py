"""Tasks as a Label Studio server gives them: what they know more, whose readings they hold, what is no such file."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

import msgspec

from qatynas.errors import QatynasError
from qatynas.label_studio import ANNOTATOR_DOMAIN, Annotation, Task, TaskMeta, User
from qatynas.readings import hash_annotation, hash_annotations
from qatynas.task_files import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HEAD_BYTES = 4096
COLUMNS = {"annotation_id", "annotator", "lead_time", "id"}
_FLAT = "it has lost the ids of regions and all relations, so that values belong to no span"
LOSSY = {
    "JSON_MIN": _FLAT,
    "CSV": _FLAT,
    "TSV": _FLAT,
    "CoNLL": "it has lost nested spans, values and all relations",
}


class ServerMeta(TaskMeta):
    """What a server knows of a task: `qatynas` holds the hashes of its annotations, by annotator, at the last push."""

    qatynas: dict[str, list[str]] = msgspec.field(default_factory=dict)


class ServerTask(Task):
    """A task with its number on the server and what was pushed."""

    meta: ServerMeta = msgspec.field(default_factory=ServerMeta)
    id: int | None = None

    @property
    def pushed(self) -> dict[str, list[str]]:
        """The hashes of the annotations as they were pushed, by annotator; none for a task that was not pushed."""
        return self.meta.qatynas


def refuse_lossy(path: Path) -> None:
    """Return if a file may hold whole tasks.

    Raises:
        QatynasError: for an export in a format that has lost what task files keep.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES).decode("utf-8-sig", errors="replace").lstrip()
            found = _name_format(head, path.suffix.lower())
            if found is None and head[:1] in {"[", "{"} and path.stat().st_size <= MAX_BYTES and _is_json_min(path):
                found = "JSON_MIN"
    except OSError:
        return  # the reader of task files says what is wrong
    if found:
        raise QatynasError(path, f"is a {found} export", LOSSY[found], "export the project as JSON")


def _name_format(head: str, suffix: str) -> str | None:
    """The lossy format of a table or of token lines that a file's beginning, or the end of its name, shows."""
    if head[:1] in {"[", "{"}:
        return None
    line = head.split("\n", 1)[0]
    if line.startswith("-DOCSTART-") or suffix == ".conll":
        return "CoNLL"
    for separator, name in (("\t", "TSV"), (",", "CSV")):
        columns = {column.strip('"\r') for column in line.split(separator)}
        if len(columns & COLUMNS) > 1 or suffix == f".{name.lower()}":
            return name
    return None


def _is_json_min(path: Path) -> bool:
    """Whether JSON holds objects without `data` that have an annotation's number, or a task's own beside its text."""
    try:
        data = path.read_bytes().removeprefix(BOM_UTF8)
        decoded = msgspec.json.decode(data, type=list[dict[str, msgspec.Raw]] | dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    for keys in [decoded] if isinstance(decoded, dict) else decoded:
        return "data" not in keys and ("annotation_id" in keys or {"id", "text"} <= set(keys))
    return False


def name_annotators(tasks: Iterable[ServerTask], given: Mapping[int, str], known: Mapping[str, Task]) -> None:
    """Give annotations an e-mail address where an export of the web interface has a user's number.

    A number is named by the caller, or by its readings: the hash of one that has not changed since it was pushed, or
    that stands in the known task, tells whose it is.

    Raises:
        QatynasError: for a number that stays without a name.
    """
    tasks = list(tasks)
    names = {number: {name} for number, name in given.items()}
    for task in tasks:
        hashes = _list_hashes(task, known.get(task.data.doc_id))
        for annotation in task.annotations:
            number = annotation.completed_by
            if isinstance(number, int) and number not in given:
                found = {name for name in hashes if _hash_as(annotation, name) in hashes[name]}
                names[number] = (names[number] & found or names[number]) if names.get(number) else found
    for task in tasks:
        task.annotations = [_name(task, annotation, names) for annotation in task.annotations]


def _list_hashes(task: ServerTask, known: Task | None) -> dict[str, set[str]]:
    hashes: dict[str, set[str]] = {}
    for name, found in (*task.pushed.items(), *(hash_annotations(known.annotations).items() if known else ())):
        hashes.setdefault(name, set()).update(found)
    return hashes


def _name(task: ServerTask, annotation: Annotation, names: Mapping[int, set[str]]) -> Annotation:
    number = annotation.completed_by
    if not isinstance(number, int):
        return annotation
    if len(names[number]) == 1:
        return _give_name(annotation, min(names[number]))
    cure = f"say whose readings these are: --annotator {number}=reader-a"
    raise QatynasError(task.data.doc_id, f"is annotated by user {number}, whose address the export does not have", cure)


def _hash_as(annotation: Annotation, name: str) -> str:
    return hash_annotation(_give_name(annotation, name))


def _give_name(annotation: Annotation, name: str) -> Annotation:
    return msgspec.structs.replace(annotation, completed_by=User(name if "@" in name else name + ANNOTATOR_DOMAIN))
