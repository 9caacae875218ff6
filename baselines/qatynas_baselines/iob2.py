"""IOB2 files: a token and its tag a line, an empty line after each sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from pathlib import Path

    Tagged = tuple[list[str], list[str]]


def read_iob2(path: Path) -> list[Tagged]:
    """The sentences of a file: their tokens and their tags.

    Raises:
        QatynasError: for a file that cannot be read, and for the first line that is no token with an IOB2 tag.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QatynasError(path, "cannot be read", error, "name an IOB2 file in UTF-8") from error
    sentences: list[Tagged] = []
    tokens: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        fields = line.split()
        if fields:
            _check_tag(path, number, fields, tags[-1] if tags else "O")
            tokens.append(fields[0])
            tags.append(fields[-1])
        elif tokens:
            sentences.append((tokens, tags))
            tokens, tags = [], []
    if not sentences:
        raise QatynasError(path, "holds no sentence", "expected a token and a tag a line", "name another file")
    return sentences


def _check_tag(path: Path, number: int, fields: list[str], before: str) -> None:
    tag = fields[-1]
    well_formed = len(fields) > 1 and (tag == "O" or (tag[:2] in {"B-", "I-"} and len(tag) > len("B-")))
    if not well_formed or (tag.startswith("I-") and before[2:] != tag[2:]):
        fault = f"{' '.join(fields)[:60]!r} after {before!r}"
        raise QatynasError(f"{path} line {number}", fault, "expected a token and an IOB2 tag", "mend the line")
