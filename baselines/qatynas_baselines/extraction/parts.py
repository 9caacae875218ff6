"""The parts of a corpus: rows of Parquet or JSON Lines files, each part read by itself."""

from __future__ import annotations

import datetime as dt
import unicodedata
from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.document import Document, Reading
from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

KINDS = {".parquet": "Parquet", ".jsonl": "JSON Lines"}
_NOBODY = Reading("")


class Columns(msgspec.Struct, frozen=True):
    """The names of the columns that hold a document's text, its id and its release date."""

    text: str = "text"
    doc_id: str = "doc_id"
    date: str = "date"


class Part(msgspec.Struct, frozen=True):
    """Some rows of a file: `first` is the number of its first row, from 0.

    Of a Parquet file it is the rows from `start` to `end` of the row group `group`, of JSON Lines the bytes.
    """

    path: str
    first: int
    rows: int
    start: int
    end: int
    group: int | None = None


def list_parts(paths: Iterable[Path], size: int) -> list[Part]:
    """The parts of files, in order, each of at most `size` rows.

    Raises:
        QatynasError: for a file that is neither Parquet nor JSON Lines, or cannot be read.
    """
    parts: list[Part] = []
    for path in paths:
        if path.suffix not in KINDS:
            raise QatynasError(path, "is of an unknown kind", f"expected {' or '.join(KINDS)}", "convert it")
        try:
            parts += _cut_parquet(path, size) if path.suffix == ".parquet" else _cut_lines(path, size)
        except (OSError, ValueError) as error:
            raise _explain(path, error) from error
    return parts


def _cut_parquet(path: Path, size: int) -> Iterator[Part]:
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    first = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        for start in range(0, rows, size):
            end = min(start + size, rows)
            yield Part(str(path), first + start, end - start, start, end, group)
        first += rows


def _cut_lines(path: Path, size: int) -> Iterator[Part]:
    start = place = first = rows = 0
    with path.open("rb") as file:
        for line in file:
            place += len(line)
            rows += 1
            if rows == size:
                yield Part(str(path), first, rows, start, place)
                start, first, rows = place, first + rows, 0
    if rows:
        yield Part(str(path), first, rows, start, place)


def read_part(part: Part, columns: Columns, date: str = "") -> list[Document]:
    """The documents of a part, one a row, with empty readings; a row whose text is null is a document without one.

    Texts are taken in NFC with line ends as one sign, and offsets count in that form. A row without an id is named by
    its file and number; `date` is the release date of rows that bring none.

    Raises:
        QatynasError: for a file that cannot be read, a row that is none, and a date that is none.
    """
    path = Path(part.path)
    try:
        rows = _read_parquet(part, path, columns) if part.group is not None else _read_lines(part, path)
        return [
            make_document(f"{path.name}:{number}", row, columns, date) for number, row in enumerate(rows, part.first)
        ]
    except (OSError, ValueError) as error:
        raise _explain(path, error) from error


def _read_parquet(part: Part, path: Path, columns: Columns) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        known = file.schema_arrow.names
        if columns.text not in known:
            raise QatynasError(path, f"has no column {columns.text!r}", f"it has {', '.join(known)}", "name the column")
        chosen = [name for name in msgspec.structs.astuple(columns) if name in known]
        skipped = part.start
        batches: list[pa.RecordBatch] = []
        for batch in file.iter_batches(part.end - part.start, row_groups=[part.group], columns=chosen):
            if skipped >= batch.num_rows:
                skipped -= batch.num_rows
                continue
            batches.append(batch.slice(skipped, part.rows - sum(found.num_rows for found in batches)))
            skipped = 0
            if sum(found.num_rows for found in batches) == part.rows:
                break
        yield from pa.Table.from_batches(batches).to_pylist() if batches else ()


def _read_lines(part: Part, path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        file.seek(part.start)
        data = file.read(part.end - part.start)
    for number, line in enumerate(data.removeprefix(BOM_UTF8 if part.start == 0 else b"").split(b"\n"), part.first + 1):
        if line.strip():
            yield _decode(line, f"{path} line {number}")


def _decode(line: bytes, place: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fault = " ".join(str(error).split())
        raise QatynasError(place, fault, "expected a JSON object in UTF-8", "mend it") from error


def make_document(place: str, row: Any, columns: Columns, date: str) -> Document:
    """The document of a row (see `read_part`), which stands at a place.

    Raises:
        QatynasError: for a row without the column of texts, and for a date that is none.
    """
    if not isinstance(row, dict) or not isinstance(row.get(columns.text, 0), str | None):
        raise QatynasError(place, f"{str(row)[:60]!r}", f"expected a text under {columns.text!r}", "mend the row")
    text = row[columns.text]
    doc_id, day = str(row.get(columns.doc_id) or place), str(row.get(columns.date) or date)[:10]
    try:
        _ = not day or dt.date.fromisoformat(day)
    except ValueError:
        raise QatynasError(place, f"{day!r}", "expected a release date such as 2025-08-02", "mend the date") from None
    whole = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n"))
    return Document(doc_id, "", whole, day, "", "", doc_id, _NOBODY)


def count_documents(parts: Sequence[Part]) -> int:
    """The rows of all parts."""
    return sum(part.rows for part in parts)


def _explain(path: Path, error: Exception) -> QatynasError:
    fault = " ".join(str(error).split())[:200]
    return QatynasError(path, "cannot be read", fault, "name a whole Parquet or JSON Lines file")
