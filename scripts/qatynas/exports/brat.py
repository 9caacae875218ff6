r"""A folder for brat: NAME.txt and NAME.ann a document, its configuration, and what brat has no room for.

- `T` lines are the mentions. brat's lines hold no line break and no tab, so that a span with one is written as brat
  itself would: as a discontinuous span, fragments with such characters between them.
- `R` lines are the relations: head as Arg1, tail as Arg2.
- `A` lines are the fields with few values: `target`, and `modifier` with its value.
- `#` lines, one a mention, are notes that an annotator can change by hand: a mention's canonical name, or a number's
  other fields as `value=3000000000 unit=USD`; line breaks, tabs, backslashes and white space at an edge as `\n`,
  `\t`, `\\`, `\u0020`.
- `documents.json`, which brat passes over, has what remains: each document's fields, and who adjudicated it by which
  guidelines.

The raw readings stay behind. `brat_reader.read_brat` reads the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from qatynas.exports.adjudicated import list_documents
from qatynas.exports.brat_config import render_annotation_config, render_visual_config
from qatynas.exports.brat_notes import INDEX, Header, escape, find_fragments, write_fields
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.document import Document, Mention
    from qatynas.label_studio import Task


def encode_files(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every file of the folder."""
    documents = list_documents(tasks)
    yield "annotation.conf", render_annotation_config(load_schema()).encode()
    yield "visual.conf", render_visual_config(load_schema()).encode()
    yield INDEX, b"[" + b",\n".join(msgspec.json.encode(describe_header(document)) for document in documents) + b"]\n"
    for document in documents:
        yield f"{document.doc_id}.txt", document.text.encode()
        yield f"{document.doc_id}.ann", "".join(f"{line}\n" for line in list_lines(document)).encode()


def describe_header(document: Document) -> Header:
    """What neither the text nor its annotations say of a document."""
    names = ("doc_id", "title", "date", "genre", "source", "story")
    fields = {name: getattr(document, name) for name in names}
    return Header(**fields, annotator=document.gold.annotator, guidelines=document.gold.guidelines)


def list_lines(document: Document) -> Iterator[str]:
    r"""The lines of the .ann file: mentions in their order, then attributes, notes and relations.

    >>> from qatynas.document import Document, Mention, Reading
    >>> reading = Reading("a", (Mention(0, 8, "GPE", "Астана"),))
    >>> document = Document("a-1", "", "Астанада болды.", "2025-08-02", "visit", "composed", "a", reading)
    >>> list(list_lines(document))
    ['T1\tGPE 0 8\tАстанада', '#1\tAnnotatorNotes T1\tАстана']
    """
    mentions = [(f"T{place}", mention) for place, mention in enumerate(document.gold.mentions, 1)]
    for mention_id, mention in mentions:
        fragments = find_fragments(document.text, mention.start, mention.end)
        offsets = ";".join(f"{start} {end}" for start, end in fragments)
        shown = " ".join(document.text[start:end] for start, end in fragments)
        yield f"{mention_id}\t{mention.type} {offsets}\t{shown}"
    attributes = [f"{name} {mention_id}{value}" for mention_id, m in mentions for name, value in _list_attributes(m)]
    yield from (f"A{place}\t{attribute}" for place, attribute in enumerate(attributes, 1))
    notes = [(mention_id, note) for mention_id, mention in mentions if (note := _write_note(mention)) is not None]
    yield from (f"#{place}\tAnnotatorNotes {mention_id}\t{note}" for place, (mention_id, note) in enumerate(notes, 1))
    for place, relation in enumerate(document.gold.relations, 1):
        yield f"R{place}\t{relation.type} Arg1:T{relation.head + 1} Arg2:T{relation.tail + 1}"


def _list_attributes(mention: Mention) -> Iterator[tuple[str, str]]:
    if mention.number is not None and mention.number.modifier is not None:
        yield "modifier", f" {mention.number.modifier}"
    if mention.number is not None and mention.number.target:
        yield "target", ""


def _write_note(mention: Mention) -> str | None:
    if mention.number is not None:
        return write_fields(mention.number) or None
    return None if mention.name is None else escape(mention.name)


def list_remarks(tasks: Iterable[Task]) -> list[str]:
    """What brat's files do not hold."""
    readings = sum(len(document.readings) for document in list_documents(tasks))
    return [f"lost: {readings} raw readings; the adjudicated ones are whole"]
