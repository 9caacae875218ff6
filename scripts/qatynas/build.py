"""The data set, built from the annotations: read, check, split, write, swap in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qatynas.card import render_card
from qatynas.checks import Corpus, check_corpus, list_checks, list_counted
from qatynas.errors import QatynasError
from qatynas.issue import Issue
from qatynas.label_config import render_label_config
from qatynas.label_studio import to_document
from qatynas.parquet import CONFIGS, make_table, read_table, write_table
from qatynas.schema import load_schema
from qatynas.splits import SPLITS, count_unseen, read_splits
from qatynas.storage import replace_folder, write_whole
from qatynas.task_files import read_known_tasks, read_task_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qatynas.checks.corpus import Finding
    from qatynas.document import Document
    from qatynas.label_studio import Task

CARD = "README.md"
LABEL_CONFIG = "label_config.xml"


def build_dataset(annotations: Path, dataset: Path) -> list[Issue]:
    """What keeps the data set from being built; nothing is written unless the list is empty.

    Writes `dataset` and, if the schema has changed, `label_config.xml` in `annotations`.

    Raises:
        QatynasError: where annotations cannot be read or the data set cannot be written.
    """
    _refuse_other_folders(annotations, dataset)
    tasks, issues = read_known_tasks(annotations / "tasks")
    splits = read_splits(annotations / "splits.csv")
    issues += check_corpus(Corpus(tasks, splits, whole=True))
    if issues:
        return sorted(issues)
    if not _has_label_config(annotations):
        write_whole(annotations / LABEL_CONFIG, render_label_config(load_schema()).encode())
    with replace_folder(dataset) as folder:
        write_dataset(folder, [to_document(task) for task in tasks], splits)
    return []


def _refuse_other_folders(annotations: Path, dataset: Path) -> None:
    """A build replaces its target whole: it must not be or hold the annotations, nor hold other things."""
    source, target = annotations.resolve(), dataset.resolve()
    if target in (source, *source.parents):
        raise QatynasError(dataset, "holds the annotations", "name another folder for the data set")
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not (target / CARD).exists()):
        raise QatynasError(dataset, "is not a data set", f"expected an empty folder or one with {CARD}", "name another")


def write_dataset(folder: Path, documents: Sequence[Document], splits: Mapping[str, str]) -> None:
    """Write every config's Parquet files and the card into an empty folder."""
    documents = sorted(documents, key=lambda document: document.doc_id)
    tables = {}
    for config in CONFIGS:
        (folder / config).mkdir()
        for split in SPLITS:
            chosen = [document for document in documents if splits[document.doc_id] == split]
            tables[config, split] = make_table(config, chosen)
            write_table(tables[config, split], folder / config / f"{split}.parquet")
    (folder / CARD).write_text(render_card(documents, tables), encoding="utf-8")


def check_annotations(annotations: Path, dataset: Path) -> tuple[list[Issue], str]:
    """What is wrong with all annotations and the data set built from them, and what was looked at.

    Raises:
        QatynasError: where annotations cannot be read.
    """
    tasks, issues = read_known_tasks(annotations / "tasks")
    splits = read_splits(annotations / "splits.csv")
    issues += check_corpus(Corpus(tasks, splits, whole=True))
    if not issues:
        issues = check_corpus(Corpus([], stale=list(_compare_dataset(tasks, splits, dataset))))
        if not _has_label_config(annotations):
            fault = "is not what schema.toml gives: run `qatynas build`"
            issues.append(Issue(LABEL_CONFIG, "file", "dataset-stale", "error", fault))
    novelty = "" if issues else f"; {_describe_novelty([to_document(task) for task in tasks], splits)}"
    return sorted(issues), f"{_describe(tasks)}, {dataset}{novelty}"


def check_files(paths: Sequence[Path], dataset: Path) -> tuple[list[Issue], str]:
    """What is wrong with the tasks of some files, and what was looked at.

    Splits come from a `splits.csv` beside a file or one folder up. A document that the data set holds too is compared
    with what is there.

    Raises:
        QatynasError: where a file cannot be read.
    """
    tasks, issues = read_task_files(paths)
    issues += check_corpus(Corpus(tasks, _find_splits(paths)))
    if not issues and (dataset / CARD).exists():
        issues = check_corpus(Corpus([], stale=list(_compare_documents(tasks, dataset))))
    return sorted(issues), _describe(tasks)


def _find_splits(paths: Sequence[Path]) -> dict[str, str] | None:
    found: dict[str, str] | None = None
    for folder in dict.fromkeys(path.resolve().parent for path in paths):
        beside = [place / "splits.csv" for place in (folder, folder.parent) if (place / "splits.csv").exists()]
        if beside:
            found = (found or {}) | read_splits(beside[0])
    return found


def _describe(tasks: Sequence[Task]) -> str:
    readings = [annotation for task in tasks for annotation in list_counted(task)]
    rows = sum(len(annotation.result) for annotation in readings)
    return f"{len(list_checks())} checks over {len(tasks)} documents, {len(readings)} readings, {rows} rows"


def _describe_novelty(documents: Sequence[Document], splits: Mapping[str, str]) -> str:
    counts = count_unseen(documents, splits)
    parts = [f"{unseen} of {every} {label}" for label, (unseen, every) in counts.items()]
    return f"test entities whose name train does not have: {', '.join(parts)}"


def _has_label_config(annotations: Path) -> bool:
    path = annotations / LABEL_CONFIG
    return path.is_file() and path.read_bytes() == render_label_config(load_schema()).encode()


def _compare_dataset(tasks: Sequence[Task], splits: Mapping[str, str], dataset: Path) -> Iterator[Finding]:
    """Every file in which the data set differs from what a rebuild gives.

    Tables are compared, not the bytes of Parquet, which depend on the version of pyarrow.
    """
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        write_dataset(fresh, [to_document(task) for task in tasks], splits)
        names = {path.relative_to(root) for root in (fresh, dataset) for path in root.rglob("*") if path.is_file()}
        for name in sorted(names):
            fault = _compare_files(fresh / name, dataset / name)
            if fault:
                yield dataset.name, str(name), f"{fault}: run `qatynas build`"


def _compare_documents(tasks: Sequence[Task], dataset: Path) -> Iterator[Finding]:
    """Every task whose document stands in the data set in another form."""
    try:
        tables = [read_table(dataset / "documents" / f"{split}.parquet") for split in SPLITS]
    except (OSError, ValueError) as error:
        yield dataset.name, "documents", f"cannot be read ({_first_line(error)}): run `qatynas build`"
        return
    built = {row["doc_id"]: row for table in tables for row in table.to_pylist()}
    for task in tasks:
        document = to_document(task)
        if document.doc_id in built and make_table("documents", [document]).to_pylist() != [built[document.doc_id]]:
            yield document.doc_id, dataset.name, "holds another form of this document: run `qatynas build`"


def _compare_files(fresh: Path, built: Path) -> str:
    if not built.exists():
        return "is missing"
    if not fresh.exists():
        return "is not made by the build"
    if fresh.suffix == ".parquet":
        try:
            one, other = read_table(fresh), read_table(built)
        except (OSError, ValueError) as error:
            return f"cannot be read ({_first_line(error)})"
        same = one.equals(other) and one.schema.equals(other.schema, check_metadata=True)
    else:
        same = fresh.read_bytes() == built.read_bytes()
    return "" if same else "differs from the annotations"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
