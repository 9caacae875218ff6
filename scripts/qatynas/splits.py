"""Which document is in which split: `annotations/splits.csv`, made once and frozen."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from pathlib import Path

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
