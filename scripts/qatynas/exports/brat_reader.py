"""Documents from a folder of brat's files, as the format `brat` writes it and brat's own editor leaves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.document import Document, Mention, Number, Reading, Relation, sort_reading
from qatynas.errors import QatynasError
from qatynas.exports.brat_notes import INDEX, Header, read_fields, unescape
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Fields = dict[str, dict[str, Any]]  # the attributes of every mention, by its id

_ID = r"\d{1,9}"
_FORMS = {
    "T": (rf"T{_ID}\t(\S+) ({_ID} {_ID}(?:;{_ID} {_ID})*)\t(.*)", "T1<tab>LABEL START END<tab>TEXT"),
    "A": (rf"A{_ID}\t(\S+) (T{_ID})(?: (\S+))?\s*", "A1<tab>target T1, or modifier T1 VALUE"),
    "#": (rf"#{_ID}\t(AnnotatorNotes) (T{_ID})\t(.*)", "#1<tab>AnnotatorNotes T1<tab>TEXT"),
    "R": (rf"R{_ID}\t(\S+) Arg1:(T{_ID}) Arg2:(T{_ID})\s*", "R1<tab>RELATION Arg1:T1 Arg2:T2"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an .ann file with its three parts."""

    path: Path
    number: int
    text: str
    parts: tuple[str, str, str]

    def fault(self, found: object, expected: str) -> QatynasError:
        """The error that names this line."""
        return QatynasError(f"{self.path} line {self.number}", found, f"expected {expected}", "mend the line")


def read_brat(folder: Path) -> list[Document]:
    """The documents of a folder, in the order of its documents.json, each with its adjudicated reading alone.

    Mentions and relations come in the canonical order, whatever the order of the lines. A discontinuous span becomes
    one span if there is only white space between its parts.

    Raises:
        QatynasError: for the first file or line that cannot be read or says what no reading can.
    """
    headers = _read_headers(folder / INDEX)
    known = {header.doc_id for header in headers}
    for path in sorted(folder.glob("*")):
        if path.suffix in {".txt", ".ann"} and path.stem not in known:
            raise QatynasError(path, f"is not in {INDEX}", "expected its title, date and the rest", "add them there")
    return [_read_document(folder, header) for header in headers]


def _read_headers(path: Path) -> list[Header]:
    try:
        headers = msgspec.json.decode(_read_text(path), type=list[Header])
    except msgspec.DecodeError as error:
        raise QatynasError(path, error, "expected a list of documents with their fields", "mend it") from error
    names = [header.doc_id for header in headers]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise QatynasError(path, f"names {', '.join(twice)} twice", "expected every document once", "leave one")
    return headers


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise QatynasError(path, "cannot be read", error, "expected a file in UTF-8: put it there") from error


def _read_document(folder: Path, header: Header) -> Document:
    text = _read_text(folder / f"{header.doc_id}.txt")
    lines = _read_lines(folder / f"{header.doc_id}.ann")
    spans = {line.text.partition("\t")[0]: _read_span(line, text) for line in lines if line.text[0] == "T"}
    fields: Fields = {mention_id: {} for mention_id in spans}
    for line in lines:
        if line.text[0] in "A#":
            _read_attributes(line, spans, fields)
    index = {mention_id: place for place, mention_id in enumerate(spans)}
    mentions = tuple(_to_mention(span, fields[mention_id]) for mention_id, span in spans.items())
    relations = tuple(_read_relation(line, index) for line in lines if line.text[0] == "R")
    gold = sort_reading(Reading(header.annotator, mentions, relations, header.guidelines))
    names = ("title", "date", "genre", "source", "story")
    return Document(header.doc_id, text=text, gold=gold, **{name: getattr(header, name) for name in names})


def _read_lines(path: Path) -> list[Line]:
    lines: dict[str, Line] = {}
    for number, text in enumerate(_read_text(path).split("\n"), 1):
        if not text:
            continue
        pattern, expected = _FORMS.get(text[0], ("", f"a line that begins with {', '.join(_FORMS)}"))
        found = re.fullmatch(pattern, text, re.ASCII)
        parts = (found[1], found[2], found[3] or "") if found else ("", "", "")
        line = Line(path, number, text, parts)
        if not found:
            raise line.fault(repr(text[:60]), expected)
        own = text.partition("\t")[0]
        if own in lines:
            raise line.fault(f"{own} stands in line {lines[own].number} already", "an id of its own")
        lines[own] = line
    return list(lines.values())


def _read_span(line: Line, text: str) -> tuple[int, int, str]:
    """The start, end and label of a mention; the line's text must be the document's at these offsets."""
    label, offsets, shown = line.parts
    if label not in load_schema().labels:
        raise line.fault(repr(label), f"one of {', '.join(load_schema().labels)}")
    fragments = [tuple(map(int, pair.split(" "))) for pair in offsets.split(";")]
    bounds = [bound for fragment in fragments for bound in fragment]
    if bounds != sorted(set(bounds)) or bounds[-1] > len(text):
        raise line.fault(repr(offsets), f"offsets that rise, up to {len(text)} at most")
    there = " ".join(text[start:end] for start, end in fragments)
    if there != shown:
        raise line.fault(repr(shown), f"{there!r}, which is the text at {offsets}")
    gaps = [text[end:start] for end, start in zip(bounds[1:-1:2], bounds[2::2], strict=True)]
    if not all(gap.isspace() for gap in gaps):
        raise line.fault(f"{' … '.join(gaps)!r} is left out", "a span without gaps")
    return bounds[0], bounds[-1], label


def _read_attributes(line: Line, spans: dict[str, tuple[int, int, str]], fields: Fields) -> None:
    """Put what the line says of a mention among that mention's fields."""
    mention_id = line.parts[1]
    if mention_id not in spans:
        raise line.fault(f"{mention_id} is no mention", "the id of a T line")
    label = spans[mention_id][2]
    for name, value in _read_attribute(line) if line.text[0] == "A" else _read_note(line, label):
        allowed = load_schema().labels[label].attributes
        if name not in allowed:
            raise line.fault(f"{name} of a {label}", f"one of {', '.join(allowed)}")
        if name in fields[mention_id]:
            raise line.fault(f"{name} of {mention_id} stands above already", "every field once")
        fields[mention_id][name] = value


def _read_attribute(line: Line) -> list[tuple[str, Any]]:
    name, _, value = line.parts
    if name == "target" and not value:
        return [(name, True)]
    if name != "modifier" or value not in load_schema().modifiers:
        raise line.fault(
            repr(f"{name} {value}".rstrip()), f"target, or modifier with {', '.join(load_schema().modifiers)}"
        )
    return [(name, value)]


def _read_note(line: Line, label: str) -> Iterable[tuple[str, Any]]:
    note = line.parts[2].strip()
    try:
        return [("name", unescape(note))] if label in load_schema().entity_labels else list(read_fields(note))
    except ValueError as error:
        raise line.fault(error, "a name, or a number's value=, value_max=, unit=, date=, with \\\\ for \\") from error


def _to_mention(span: tuple[int, int, str], fields: dict[str, Any]) -> Mention:
    if span[2] in load_schema().entity_labels:
        return Mention(*span, fields.get("name"))
    return Mention(*span, None, Number(**fields))


def _read_relation(line: Line, index: dict[str, int]) -> Relation:
    label, *ends = line.parts
    if label not in load_schema().relation_labels:
        raise line.fault(repr(label), f"one of {', '.join(load_schema().relation_labels)}")
    for end in ends:
        if end not in index:
            raise line.fault(f"{end} is no mention", "the id of a T line")
    return Relation(label, *(index[end] for end in ends))
