"""A document of the data set to be read in a terminal, or as plain lines that a program can search.

Text is data: what would move a cursor or colour a terminal is shown as its code, and nothing in it is markup.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from qatynas.data import list_splits, load_documents
from qatynas.document import group_entities
from qatynas.errors import QatynasError
from qatynas.rows import DATA_FIELDS, list_documents, place_mentions
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from qatynas.document import Document, Mention, Number, Reading

NEAR = 5  # how many other names an error tells
FACTS = tuple(name for name in DATA_FIELDS if name != "text")


def find_document(given: str) -> tuple[Document, str]:
    """The document of this id, or the only one whose id begins so, and its split.

    Raises:
        QatynasError: where none or several do; it names those that are near.

    >>> find_document("mfa-kz")[0].doc_id
    'mfa-kz-2025-08-02-kyrgyzstan'
    """
    splits = list_splits()
    found = [given] if given in splits else [doc_id for doc_id in sorted(splits) if doc_id.startswith(given)]
    if len(found) == 1:
        documents = load_documents(splits[found[0]])
        return next(document for document in documents if document.doc_id == found[0]), splits[found[0]]
    near = found or _list_near(given, splits)
    names = ", ".join(near[:NEAR]) + (", …" if len(found) > NEAR else "")
    fault = f"begins {len(found)} ids" if found else "is no document of the data set"
    raise QatynasError(f"document {given!r}", fault, f"name one, such as {names}")


def _list_near(given: str, ids: Iterable[str]) -> list[str]:
    """The ids that are most like what was given, as a whole or in one of their words, the nearest first."""

    def compare(doc_id: str) -> float:
        parts = (doc_id, doc_id[: len(given)], *doc_id.split("-"))
        return max(difflib.SequenceMatcher(None, given.lower(), part).ratio() for part in parts)

    return sorted(ids, key=lambda doc_id: (-compare(doc_id), doc_id))[:NEAR]


def find_reading(document: Document, annotator: str | None) -> Reading:
    """The adjudicated reading, or the one by this annotator.

    Raises:
        QatynasError: where the document has no reading by that name.
    """
    readings = {reading.annotator: reading for reading in (document.gold, *document.readings)}
    if annotator is None:
        return document.gold
    if annotator not in readings:
        known = ", ".join(readings)
        raise QatynasError(f"reading {annotator!r}", f"is none of {document.doc_id}", f"choose one of {known}")
    return readings[annotator]


def reveal(text: object) -> str:
    r"""The text with every character that does not print, but spaces, as its code.

    >>> print(reveal("Астана\x1b[31m\u202e"))
    Астана\x1b[31m\u202e
    """
    return "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in str(text)
    )


def list_lines(document: Document, reading: Reading, split: str) -> Iterator[str]:
    """The document as lines of fields between tabs, the first of which names what the line is.

    Facts, sentences, mentions, numbers, entities and relations, each with its number, from 0; offsets are code
    points, half-open.
    """
    text, mentions = document.text, reading.mentions
    sentence_of = place_mentions(document, mentions)
    for name in FACTS:
        yield _join(name, getattr(document, name))
    yield _join("split", split)
    yield _join("reading", reading.annotator)
    for place, (start, end) in enumerate(document.sentences):
        yield _join("sentence", place, start, end, text[start:end])
    for place, mention in enumerate(mentions):
        words = text[mention.start : mention.end]
        yield _join("mention", place, mention.start, mention.end, mention.type, words, sentence_of[place])
    for place, mention in enumerate(mentions):
        if mention.number is not None:
            words = text[mention.start : mention.end]
            yield _join("number", place, mention.type, words, *(f"{k}={v}" for k, v in _list_fields(mention.number)))
    for place, entity in enumerate(group_entities(reading, text)):
        yield _join("entity", place, entity.type, entity.name, ",".join(map(str, entity.mentions)))
    for place, relation in enumerate(reading.relations):
        ends = (f"{end} {text[mentions[end].start : mentions[end].end]}" for end in (relation.head, relation.tail))
        yield _join("relation", place, relation.type, *ends)


def _join(*fields: object) -> str:
    return "\t".join(map(reveal, fields))


def _list_fields(number: Number) -> list[tuple[str, str]]:
    """The normalised fields that a number has, by name, as they are written in text."""
    said = {name: value for name, value in asdict(number).items() if value is not None and value is not False}
    said |= {"target": "true"} if number.target else {}
    return [(name, f"{value:.15g}" if isinstance(value, float) else str(value)) for name, value in said.items()]


def print_row(document: Document, reading: Reading) -> bytes:
    """The row of the config `documents` as JSON, with labels by name, as if this reading were the adjudicated one."""
    import msgspec

    (row,) = list_documents(replace(document, gold=reading))
    return msgspec.json.format(msgspec.json.encode(row), indent=2)


def print_document(document: Document, reading: Reading, split: str, console: Console) -> None:
    """Print the document for a reader: its text with nested spans, then relations, numbers and entities as tables."""
    from rich.text import Text

    facts = " · ".join(reveal(getattr(document, name)) for name in FACTS if name != "title")
    console.print(Text(reveal(document.title), style="bold"))
    console.print(Text(f"{facts} · {split} · reading {reveal(reading.annotator)}", style="dim"))
    console.print()
    for start, end in _list_paragraphs(document.text):
        console.print(mark_text(document.text, reading.mentions, start, end))
        console.print()
    for table in (
        _list_relations(document, reading),
        _list_numbers(document, reading),
        _list_entities(document, reading),
    ):
        if table.row_count:
            console.print(table)


def _list_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def mark_text(text: str, mentions: Sequence[Mention], start: int, end: int) -> Text:
    """A part of a text with its mentions in brackets, each with its label behind it and its label's colour below it.

    A mention that only partly lies in this part is marked as far as it does.

    >>> from qatynas.document import Mention
    >>> mentions = (Mention(0, 10, "ORGANISATION"), Mention(0, 2, "GPE"))
    >>> print(mark_text("ҚР СІМ-нің өкілі", mentions, 0, 16))
    [[ҚР]GPE СІМ-нің]ORGANISATION өкілі
    """
    from rich.text import Text

    inside = [m for m in mentions if m.start < end and start < m.end]
    marked = Text()
    borders = sorted({start, end, *(min(max(place, start), end) for m in inside for place in (m.start, m.end))})
    for place, following in zip(borders, [*borders[1:], end], strict=True):
        for mention in sorted((m for m in reversed(inside) if min(m.end, end) == place), key=lambda m: -m.start):
            marked.append(f"]{mention.type}", f"bold {name_style(mention.type)}")
        for mention in sorted((m for m in inside if max(m.start, start) == place), key=lambda m: -m.end):
            marked.append("[", f"bold {name_style(mention.type)}")
        around = [m for m in inside if m.start <= place and following <= m.end]
        inner = min(around, key=lambda m: m.end - m.start, default=None)
        marked.append(reveal(text[place:following]), name_style(inner.type) if inner else "")
    return marked


def name_style(label: str) -> str:
    """The style of a label: its colour of the schema below letters that stand out from it.

    >>> name_style("MONEY"), name_style("PROJECT")
    ('#000000 on #8ac926', '#ffffff on #9a031e')
    """
    color = load_schema().labels[label].color
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"{'#000000' if 299 * red + 587 * green + 114 * blue > 110_000 else '#ffffff'} on {color}"


def _list_relations(document: Document, reading: Reading) -> Table:
    table = _make_table("Relations", "head", "relation", "tail")
    for relation in reading.relations:
        head, tail = reading.mentions[relation.head], reading.mentions[relation.tail]
        _add_row(table, _quote(document, head), relation.type, _quote(document, tail))
    return table


def _list_numbers(document: Document, reading: Reading) -> Table:
    table = _make_table("Numbers", "kind", "text", "normalised")
    for mention in reading.mentions:
        if mention.number is not None:
            fields = " ".join(
                value if name == "date" else f"{name}={value}" for name, value in _list_fields(mention.number)
            )
            _add_row(table, mention.type, _quote(document, mention), fields)
    return table


def _list_entities(document: Document, reading: Reading) -> Table:
    table = _make_table("Entities", "type", "name", "mentions")
    for entity in group_entities(reading, document.text):
        forms = dict.fromkeys(_quote(document, reading.mentions[place]) for place in entity.mentions)
        _add_row(table, entity.type, entity.name, f"{len(entity.mentions)}: {', '.join(forms)}")
    return table


def _quote(document: Document, mention: Mention) -> str:
    return document.text[mention.start : mention.end]


def _make_table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", title_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    return table


def _add_row(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*(Text(reveal(cell)) for cell in cells))
