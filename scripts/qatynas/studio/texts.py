"""Raw texts as new tasks: the way the corpus grows."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas.label_studio import Task, TaskData

if TYPE_CHECKING:
    from pathlib import Path

_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def read_release(path: Path, date: str = "", genre: str = "", source: str = "") -> Task:
    """The task of a text file: its first line is the title, the rest the text, and its name the `doc_id`.

    Both are taken in NFC, each line without white space at its ends. A date in the file's name, such as that of
    `mfa-kz-2025-08-02-kyrgyzstan.txt`, is the release's unless one is given.

    Raises:
        QatynasError: for a file that cannot be read, or has no text below its first line.
    """
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = (error.strerror if isinstance(error, OSError) else None) or "is not UTF-8"
        raise QatynasError(path, "cannot be read", fault, "name a text in UTF-8") from None
    lines = [line.strip() for line in unicodedata.normalize("NFC", raw).splitlines()]
    title, _, text = "\n".join(lines).strip().partition("\n")
    if not text.strip():
        raise QatynasError(
            path, f"holds {title[:40]!r} alone", "expected a title, then the text below", "add what lacks"
        )
    doc_id = re.sub(r"[\s_.]+", "-", path.stem.lower())
    found = _DAY.search(doc_id)
    day = date or (found.group() if found else "")
    return Task(TaskData(doc_id, text.strip(), title, day, genre, source, doc_id))
