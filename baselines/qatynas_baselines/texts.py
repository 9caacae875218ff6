"""Texts to be read: plain files, JSON Lines and Parquet as documents, one after another."""

from __future__ import annotations

import datetime as dt
import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

from qatynas.document import Document, Reading
from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BATCH = 256
_NOBODY = Reading("")


def read_texts(path: Path, date: str = "") -> Iterator[Document]:
    """The documents of a file: .jsonl and .parquet with `doc_id`, `text` and, if known, `date`; else one plain text.

    - stands for standard input. Texts are taken in NFC, and offsets count in that form.

    Raises:
        QatynasError: for a file that cannot be read, and for the first row without a text.
    """
    if path.suffix == ".jsonl":
        rows = _read_lines(path)
    elif path.suffix == ".parquet":
        rows = _read_parquet(path)
    else:
        name, text = _read_plain(path)
        rows = iter([(str(path), {"doc_id": name, "text": text})])
    for place, row in rows:
        yield _make_document(place, row, date)


def _read_plain(path: Path) -> tuple[str, str]:
    try:
        if str(path) == "-":
            return "stdin", sys.stdin.buffer.read().decode()
        return path.stem, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QatynasError(path, "cannot be read", error, "name a text in UTF-8") from error


def _read_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path} line {number}", json.loads(line)
    except (OSError, ValueError, RecursionError) as error:
        raise QatynasError(path, "cannot be read", error, "expected a JSON object a line, in UTF-8") from error


def _read_parquet(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        columns = [name for name in ("doc_id", "text", "date") if name in file.schema_arrow.names]
        number = 0
        for batch in file.iter_batches(_BATCH, columns=columns):
            for row in batch.to_pylist():
                yield f"{path} row {number}", row
                number += 1
    except (OSError, pa.ArrowException) as error:
        message = str(error).partition("\n")[0]
        raise QatynasError(path, "cannot be read", message, "name a Parquet file with a column `text`") from error


def _make_document(place: str, row: Any, date: str) -> Document:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise QatynasError(place, f"{str(row)[:60]!r}", "expected a text under `text`", "mend the row")
    text = unicodedata.normalize("NFC", row["text"].replace("\r\n", "\n"))
    doc_id = str(row.get("doc_id") or place)
    day = str(row.get("date") or date)
    try:
        _ = not day or dt.date.fromisoformat(day)
    except ValueError:
        raise QatynasError(place, f"{day!r}", "expected a release date such as 2025-08-02", "mend the date") from None
    return Document(doc_id, "", text, day, "", "", doc_id, _NOBODY)
