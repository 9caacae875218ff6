"""The data set, built from the annotations: read, check, split, write, swap in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qatynas.card import render_card
from qatynas.checks import Corpus, check_corpus, list_checks, list_counted
from qatynas.issue import Issue
from qatynas.label_config import render_label_config
from qatynas.label_studio import to_document
from qatynas.parquet import CONFIGS, make_table, read_table, write_table
from qatynas.schema import load_schema
from qatynas.splits import SPLITS, read_splits
from qatynas.storage import replace_folder, write_whole
from qatynas.task_files import list_task_files, read_task_files

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
    tasks, issues = read_task_files(list_task_files(annotations / "tasks"))
    splits = read_splits(annotations / "splits.csv")
    issues += check_corpus(Corpus(tasks, splits))
    if issues:
        return sorted(issues)
    with replace_folder(dataset) as folder:
        write_dataset(folder, [to_document(task) for task in tasks], splits)
    config = render_label_config(load_schema()).encode()
    path = annotations / LABEL_CONFIG
    if not path.exists() or path.read_bytes() != config:
        write_whole(path, config)
    return []


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
    tasks, issues = read_task_files(list_task_files(annotations / "tasks"))
    splits = read_splits(annotations / "splits.csv")
    issues += check_corpus(Corpus(tasks, splits))
    if not issues:
        issues = check_corpus(Corpus([], splits, list(_compare_dataset(tasks, splits, dataset))))
        issues += _check_label_config(annotations / LABEL_CONFIG)
    return sorted(issues), f"{_describe(tasks)}, {dataset}"


def check_files(paths: Sequence[Path], dataset: Path) -> tuple[list[Issue], str]:
    """What is wrong with the tasks of some files, and what was looked at.

    Splits come from a `splits.csv` beside a file or one folder up. A document that the data set holds too is compared
    with what is there.

    Raises:
        QatynasError: where a file cannot be read.
    """
    tasks, issues = read_task_files(paths)
    found = [folder / "splits.csv" for path in paths for folder in (path.parent, path.parent.parent)]
    splits = next((read_splits(path) for path in found if path.exists()), None)
    corpus = Corpus(tasks, splits)
    issues += check_corpus(corpus)
    if not issues and (dataset / CARD).exists():
        issues = check_corpus(Corpus([], None, list(_compare_documents(tasks, dataset))))
    return sorted(issues), _describe(tasks)


def _describe(tasks: Sequence[Task]) -> str:
    readings = [annotation for task in tasks for annotation in list_counted(task)]
    rows = sum(len(annotation.result) for annotation in readings)
    return f"{len(list_checks())} checks over {len(tasks)} documents, {len(readings)} readings, {rows} rows"


def _check_label_config(path: Path) -> list[Issue]:
    if path.exists() and path.read_text(encoding="utf-8") == render_label_config(load_schema()):
        return []
    return [Issue(path.name, "file", "dataset-stale", "error", "is not what schema.toml gives: run `qatynas build`")]


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
    tables = [read_table(dataset / "documents" / f"{split}.parquet") for split in SPLITS]
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
        one, other = read_table(fresh), read_table(built)
        same = one.equals(other) and one.schema.equals(other.schema, check_metadata=True)
    else:
        same = fresh.read_bytes() == built.read_bytes()
    return "" if same else "differs from the annotations"
