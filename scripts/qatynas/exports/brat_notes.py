"""What brat's lines can hold: spans in fragments, notes with escapes, and the documents' fields beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.document import Number

INDEX = "documents.json"
NOTED = ("value", "value_max", "unit", "date")  # the fields of a number that stand in its note
_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"  # where one reader of lines or another would cut one
_FRAGMENT = re.compile(f"[^{_BREAKS}]+")
_ESCAPED = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]|^\s+|\s+\Z")
_ESCAPE = re.compile(r"\\(?:([\\nt])|u([0-9a-fA-F]{4}))|\\")
_SHORT = {"\\": "\\", "\n": "n", "\t": "t"}
_LONG = {letter: character for character, letter in _SHORT.items()}
_NUMERAL = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?", re.ASCII)


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """A document's line of `documents.json`: all that its .txt and .ann do not say."""

    doc_id: Annotated[str, Meta(pattern=r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")]  # it names files
    title: str
    date: str
    genre: str
    source: str
    story: str
    annotator: str
    guidelines: int | None


def find_fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    r"""The (start, end) of the pieces of a span between line breaks and tabs.

    >>> find_fragments("Қазақстан\nҮкіметі", 0, 17)
    [(0, 9), (10, 17)]
    """
    return [fragment.span() for fragment in _FRAGMENT.finditer(text, start, end)]


def escape(text: str) -> str:
    r"""The text on one line, without white space at its edges; other text stays as it is.

    >>> print(escape("Ақ\tОрда "))
    Ақ\tОрда\u0020
    """
    return _ESCAPED.sub(lambda found: "".join(map(_escape_character, found.group())), text)


def _escape_character(character: str) -> str:
    return "\\" + (_SHORT.get(character) or f"u{ord(character):04x}")


def unescape(text: str) -> str:
    r"""The text that `escape` was given.

    Raises:
        ValueError: for a backslash that begins no escape.

    >>> unescape(r"Ақ\tОрда")
    'Ақ\tОрда'
    """
    return _ESCAPE.sub(_unescape_match, text)


def _unescape_match(found: re.Match[str]) -> str:
    short, code = found.groups()
    if short:
        return _LONG[short]
    if not code or "\ud800" <= chr(int(code, 16)) <= "\udfff":
        raise ValueError(f"{found.string[found.start() : found.start() + 6]!r} is no escape")
    return chr(int(code, 16))


def write_fields(number: Number) -> str:
    """The note of a number: its fields, parted by spaces.

    >>> from qatynas.document import Number
    >>> write_fields(Number(3e9, unit="USD"))
    'value=3000000000 unit=USD'
    """
    given = ((name, getattr(number, name)) for name in NOTED)
    return " ".join(f"{name}={_write_field(value)}" for name, value in given if value is not None)


def _write_field(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value).replace(" ", r"\u0020")
    return str(int(value)) if value.is_integer() else repr(value)


def read_fields(note: str) -> Iterator[tuple[str, str | float]]:
    """The name and the value of every field in a number's note.

    Raises:
        ValueError: for what is no field of a number, or no number where one is expected.

    >>> dict(read_fields("value=3000000000 unit=USD"))
    {'value': 3000000000.0, 'unit': 'USD'}
    """
    for field in filter(None, note.split(" ")):
        name, equals, value = field.partition("=")
        if name not in NOTED or not equals:
            raise ValueError(f"{field!r} is none of {'=, '.join(NOTED)}=")
        yield name, _read_numeral(value) if name in {"value", "value_max"} else unescape(value)


def _read_numeral(text: str) -> float:
    value = float(text) if _NUMERAL.fullmatch(text) else float("inf")
    if value in {float("inf"), float("-inf")}:
        raise ValueError(f"{text!r} is no decimal number")
    return value
