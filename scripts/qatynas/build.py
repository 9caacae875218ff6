"""The data set, built from the annotations: read, check, split, write, swap in."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qatynas.card import hash_tables, render_card, render_datasheet
from qatynas.checks import Corpus, check_corpus, list_checks, list_counted
from qatynas.croissant import render_croissant
from qatynas.errors import QatynasError
from qatynas.figures import collect_figures
from qatynas.issue import Issue
from qatynas.label_config import render_label_config
from qatynas.label_studio import to_document
from qatynas.parquet import CONFIGS, make_table, read_table, write_table
from qatynas.results import read_scores
from qatynas.schema import load_schema
from qatynas.splits import SPLITS, count_unseen, read_splits
from qatynas.storage import replace_folder, write_whole
from qatynas.task_files import read_known_tasks, read_task_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qatynas.checks.corpus import Finding
    from qatynas.document import Document
    from qatynas.figures import Tables
    from qatynas.label_studio import Task

    Figures = dict[str, Any]

CARD = "README.md"
CROISSANT = "croissant.json"
DATASHEET = "DATASHEET.md"
LABEL_CONFIG = "label_config.xml"


def build_dataset(annotations: Path, dataset: Path) -> list[Issue]:
    """What keeps the data set from being built; nothing is written unless the list is empty.

    Writes `dataset` and, if the schema has changed, `label_config.xml` in `annotations`. Where `dataset` is the folder
    `dataset` beside `annotations`, the project's own, `DATASHEET.md` beside both is written too. Scores for the cards
    are read from `baselines/results` there, if there are any for this content.

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
        figures = write_dataset(folder, [to_document(task) for task in tasks], splits, _find_results(annotations))
    if (datasheet := _find_datasheet(annotations, dataset)) is not None:
        write_whole(datasheet, render_datasheet(figures).encode())
    return []


def _refuse_other_folders(annotations: Path, dataset: Path) -> None:
    """A build replaces its target whole: it must not be or hold the annotations, nor hold other things."""
    source, target = annotations.resolve(), dataset.resolve()
    if target in (source, *source.parents):
        raise QatynasError(dataset, "holds the annotations", "name another folder for the data set")
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not (target / CARD).exists()):
        raise QatynasError(dataset, "is not a data set", f"expected an empty folder or one with {CARD}", "name another")


def _find_results(annotations: Path) -> Path:
    return annotations.resolve().parent / "baselines" / "results"


def _find_datasheet(annotations: Path, dataset: Path) -> Path | None:
    """The place of the datasheet, or None where the data set is not the project's own."""
    project = annotations.resolve().parent
    return project / DATASHEET if (project / "dataset").resolve() == dataset.resolve() else None


def write_dataset(folder: Path, documents: Sequence[Document], splits: Mapping[str, str], results: Path) -> Figures:
    """The figures of the cards, after every config's Parquet files and the cards are written into an empty folder."""
    tables = write_tables(folder, documents, splits)
    return write_cards(folder, documents, splits, tables, results)


def write_tables(folder: Path, documents: Sequence[Document], splits: Mapping[str, str]) -> Tables:
    """The tables by config and split, after they are written as Parquet files into an empty folder."""
    documents = sorted(documents, key=lambda document: document.doc_id)
    tables = {}
    for config in CONFIGS:
        (folder / config).mkdir()
        for split in SPLITS:
            chosen = [document for document in documents if splits[document.doc_id] == split]
            tables[config, split] = make_table(config, chosen)
            write_table(tables[config, split], folder / config / f"{split}.parquet")
    return tables


def write_cards(
    folder: Path, documents: Sequence[Document], splits: Mapping[str, str], tables: Tables, results: Path
) -> Figures:
    """The figures of the cards, after the cards are written beside the Parquet files that they describe.

    The digest is that of the tables alone: scores, whose signatures name it, can stand in the cards.
    """
    documents = sorted(documents, key=lambda document: document.doc_id)
    digest = hash_tables(tables)
    figures = collect_figures(documents, splits, tables, digest, read_scores(results, digest))
    (folder / CARD).write_text(render_card(figures, tables), encoding="utf-8")
    (folder / CROISSANT).write_bytes(render_croissant(figures, folder))
    return figures


def check_annotations(annotations: Path, dataset: Path) -> tuple[list[Issue], str]:
    """What is wrong with all annotations and the data set built from them, and what was looked at.

    Raises:
        QatynasError: where annotations cannot be read.
    """
    tasks, issues = read_known_tasks(annotations / "tasks")
    splits = read_splits(annotations / "splits.csv")
    issues += check_corpus(Corpus(tasks, splits, whole=True))
    if not issues:
        issues = check_corpus(Corpus([], stale=list(_compare_dataset(tasks, splits, annotations, dataset))))
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


def _compare_dataset(
    tasks: Sequence[Task], splits: Mapping[str, str], annotations: Path, dataset: Path
) -> Iterator[Finding]:
    """Every file in which the data set, or its datasheet, differs from what a rebuild gives.

    Tables are compared, not the bytes of Parquet, which depend on the version of pyarrow; the cards, which have
    checksums of these bytes, are those of the files that are there.
    """
    documents = [to_document(task) for task in tasks]
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        tables = write_tables(fresh, documents, splits)
        faults = {name: _compare_files(fresh / name, dataset / name) for name in _list_names(fresh)}
        for name in (name for name, fault in faults.items() if not fault):
            shutil.copyfile(dataset / name, fresh / name)
        figures = write_cards(fresh, documents, splits, tables, _find_results(annotations))
        others = _list_names(fresh, dataset) - faults.keys()
        faults |= {name: _compare_files(fresh / name, dataset / name) for name in others}
    for name, fault in sorted(faults.items()):
        if fault:
            yield dataset.name, str(name), f"{fault}: run `qatynas build`"
    datasheet = _find_datasheet(annotations, dataset)
    if datasheet is not None and (
        not datasheet.is_file() or datasheet.read_bytes() != render_datasheet(figures).encode()
    ):
        yield DATASHEET, "file", "is not what annotations and results give: run `qatynas build`"


def _list_names(*roots: Path) -> set[Path]:
    return {path.relative_to(root) for root in roots for path in root.rglob("*") if path.is_file()}


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
    return "" if same else "differs from annotations and results"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
