"""Texts to be read: plain files, JSON Lines and Parquet as documents, one after another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas_baselines.extraction.parts import KINDS, Columns, list_parts, make_document, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qatynas.document import Document

_BATCH = 256


def read_texts(path: Path, date: str = "") -> Iterator[Document]:
    """The documents of a file: .jsonl and .parquet with `doc_id`, `text` and, if known, `date`; else one plain text.

    - stands for standard input. Texts are taken in NFC, and offsets count in that form.

    Raises:
        QatynasError: for a file that cannot be read, and for the first row without a text.
    """
    if path.suffix in KINDS:
        for part in list_parts([path], _BATCH):
            yield from read_part(part, Columns(), date)
    else:
        name, text = _read_plain(path)
        yield make_document(str(path), {"doc_id": name, "text": text}, Columns(), date)


def _read_plain(path: Path) -> tuple[str, str]:
    try:
        if str(path) == "-":
            return "stdin", sys.stdin.buffer.read().decode()
        return path.stem, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QatynasError(path, "cannot be read", error, "name a text in UTF-8") from error
