"""Which document is in which split: `annotations/splits.csv`, made once and frozen."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from qatynas.document import group_entities
from qatynas.errors import QatynasError
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qatynas.document import Document

SPLITS = ("train", "validation", "test")
COLUMNS = ["doc_id", "split"]


def read_splits(path: Path) -> dict[str, str]:
    """The split of every document, by its id.

    Raises:
        QatynasError: for a file that is missing, has other columns, an incomplete line or a document twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != COLUMNS:
                raise QatynasError(path, f"columns {rows.fieldnames}", f"expected {COLUMNS}", "restore the header")
            return _collect(path, rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QatynasError(path, "cannot be read", error, "restore the file") from error


def _collect(path: Path, rows: csv.DictReader[str]) -> dict[str, str]:
    splits: dict[str, str] = {}
    for row in rows:
        if None in row or not row["split"]:
            raise QatynasError(f"{path} line {rows.line_num}", f"{row}", "expected doc_id,split", "mend the line")
        if row["doc_id"] in splits:
            raise QatynasError(f"{path} line {rows.line_num}", row["doc_id"], "stands twice", "leave one line")
        splits[row["doc_id"]] = row["split"]
    return splits


def count_unseen(documents: Iterable[Document], splits: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """For each entity type that test has: its entities there whose name no training document has, and all of them.

    An entity counts once a document.
    """
    named: dict[str, list[tuple[str, str]]] = {split: [] for split in SPLITS}
    for document in documents:
        entities = group_entities(document.gold, document.text)
        named[splits[document.doc_id]] += [(entity.type, entity.name) for entity in entities]
    every = Counter(label for label, _ in named[SPLITS[2]])
    seen = set(named[SPLITS[0]])
    unseen = Counter(label for label, name in named[SPLITS[2]] if (label, name) not in seen)
    return {label: (unseen[label], every[label]) for label in load_schema().entity_labels if every[label]}
