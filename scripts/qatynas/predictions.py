"""Predictions files: JSON Lines, a document a line, read into readings with every fault located."""

from __future__ import annotations

import math
from codecs import BOM_UTF8
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from qatynas import __version__
from qatynas.document import NUMBER_FIELDS, Mention, Number, Reading, Relation, sort_reading
from qatynas.errors import QatynasError
from qatynas.issue import Issue
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from qatynas.document import Document

SYSTEM = "system"  # the annotator's name of a predicted reading
_Offset = Annotated[int, Meta(ge=0)]


class PredictedMention(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A span in code points, half-open, its label and what the system says of it; `text` and `score` are not scored."""

    start: _Offset
    end: _Offset
    type: str
    text: str | None = None
    name: str | None = None
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    modifier: str | None = None
    target: bool = False
    date: str | None = None
    score: float | None = None


class PredictedRelation(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A relation between two mentions of the same line, by their places in its list; `score` is not scored."""

    type: str
    head: _Offset
    tail: _Offset
    score: float | None = None


class PredictedDocument(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A line: one document's mentions and relations; `dataset` is the version of the data that the system ran on."""

    doc_id: str
    mentions: list[PredictedMention]
    relations: list[PredictedRelation] = msgspec.field(default_factory=list)
    dataset: str | None = None


def read_predictions(
    path: Path,
    documents: Sequence[Document],
    *,
    allow_missing: bool = False,
    elsewhere: Mapping[str, str] | None = None,
) -> tuple[dict[str, Reading], list[Issue]]:
    """The readings that a file predicts, by document, and everything that is wrong with them: `read_lines`, read."""
    found, issues = read_lines(path, documents, allow_missing=allow_missing, elsewhere=elsewhere)
    return {doc_id: to_reading(line) for doc_id, line in found.items()}, issues


def read_lines(
    path: Path,
    documents: Sequence[Document],
    *,
    allow_missing: bool = False,
    elsewhere: Mapping[str, str] | None = None,
) -> tuple[dict[str, PredictedDocument], list[Issue]]:
    """The lines of a file that have no fault, by document, and everything that is wrong with the others.

    `elsewhere` names the split of each document that is not among `documents`, for the cure. A document without a line
    is a fault unless `allow_missing`; an empty file is always one.

    Raises:
        QatynasError: where the file cannot be read.
    """
    try:
        lines = path.read_bytes().removeprefix(BOM_UTF8).splitlines()
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, "name a predictions file") from error
    issues: list[Issue] = []
    known = {document.doc_id: document for document in documents}
    found: dict[str, PredictedDocument] = {}
    seen: set[str] = set()  # faulty lines too: a second line of a document is one too many whatever the first is
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"line {place}"
        try:
            predicted = msgspec.json.decode(line, type=PredictedDocument)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            issues.append(_fault(path, where, "prediction-malformed", f"{error}: write a document a line"))
            continue
        faults = [*_check_line(predicted, known, seen, elsewhere or {})]
        seen.add(predicted.doc_id)
        issues += [_fault(path, f"{where} {predicted.doc_id}", check, message) for check, message in faults]
        if not faults:
            found[predicted.doc_id] = predicted
    if not seen and len(issues) > 1:
        issues = [_fold_malformed(path, issues)]
    if not issues:
        issues += _check_missing(path, known, found, allow_missing=allow_missing)
    return found, issues


def to_reading(predicted: PredictedDocument) -> Reading:
    """The reading that a line holds, in the canonical order."""
    mentions = [
        Mention(m.start, m.end, m.type, m.name)
        if m.type in load_schema().entity_labels
        else Mention(m.start, m.end, m.type, None, Number(*(getattr(m, name) for name in NUMBER_FIELDS)))
        for m in predicted.mentions
    ]
    relations = tuple(Relation(r.type, r.head, r.tail) for r in predicted.relations)
    return sort_reading(Reading(SYSTEM, tuple(mentions), relations))


def encode_predictions(readings: Mapping[str, Reading]) -> bytes:
    """A predictions file, sorted by document: the same readings give the same bytes.

    Raises:
        QatynasError: for a value that JSON cannot hold: an infinite one, or no number at all.
    """
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(from_reading(doc_id, readings[doc_id])) + b"\n" for doc_id in sorted(readings))


def from_reading(doc_id: str, reading: Reading) -> PredictedDocument:
    """The line of a predicted reading."""
    for mention in reading.mentions:
        values = (mention.number.value, mention.number.value_max) if mention.number else ()
        if not all(value is None or math.isfinite(value) for value in values):
            place = f"{doc_id} mention ({mention.start}, {mention.end}, {mention.type})"
            raise QatynasError(place, f"has the values {values}", "expected finite numbers", "leave out what is none")
    mentions = [_from_mention(mention) for mention in reading.mentions]
    relations = [PredictedRelation(r.type, r.head, r.tail) for r in reading.relations]
    return PredictedDocument(doc_id, mentions, relations, __version__)


def _from_mention(mention: Mention) -> PredictedMention:
    number = mention.number or Number()
    values: dict[str, Any] = {name: getattr(number, name) for name in NUMBER_FIELDS}
    return PredictedMention(mention.start, mention.end, mention.type, name=mention.name, **values)


def _fault(path: Path, where: str, check: str, message: str) -> Issue:
    return Issue(path.name, where, check, "error", message)


def _fold_malformed(path: Path, issues: Sequence[Issue]) -> Issue:
    """One finding for a file of another kind, which has as many malformed lines as it has lines."""
    first = f"{issues[0].where}: {issues[0].message}"
    return _fault(path, "whole", "prediction-malformed", f"none of its {len(issues)} lines is a document; {first}")


def _check_missing(
    path: Path, known: Iterable[str], found: Mapping[str, object], *, allow_missing: bool
) -> Iterator[Issue]:
    missing = [doc_id for doc_id in known if doc_id not in found]
    if not found:
        yield _fault(path, "whole", "prediction-missing", "predicts no document: write a line for each")
    elif missing and not allow_missing:
        cure = "predict them, or score them as empty with --allow-missing"
        yield _fault(path, "whole", "prediction-missing", f"lacks {', '.join(sorted(missing))}: {cure}")


def _check_line(
    predicted: PredictedDocument,
    known: Mapping[str, Document],
    seen: Collection[str],
    elsewhere: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """What is wrong with one line: (check id, message)."""
    if predicted.dataset not in {None, __version__}:
        message = (
            f"was made on version {predicted.dataset!r}, this is {__version__}: predict again, or install that version"
        )
        yield "prediction-other-version", message
    if predicted.doc_id in seen:
        yield "prediction-document-twice", "the document has a line already: keep one"
    document = known.get(predicted.doc_id)
    if document is None:
        split = elsewhere.get(predicted.doc_id)
        cure = (
            f"stands in the split {split}: score that with --split {split}" if split else "is in no split: mend its id"
        )
        yield "prediction-unknown-document", cure
        return
    yield from _check_mentions(predicted.mentions, document.text)
    yield from _check_relations(predicted)


def _check_mentions(mentions: Sequence[PredictedMention], text: str) -> Iterator[tuple[str, str]]:
    labels = load_schema().labels
    for place, mention in enumerate(mentions):
        what = f"mention {place} ({mention.start}, {mention.end}, {mention.type!r})"
        if mention.type not in labels:
            yield "prediction-unknown-label", f"{what} has no label of the schema: write one of {', '.join(labels)}"
        if not mention.start < mention.end <= len(text):
            yield "prediction-outside-text", f"{what} is no span of a text of {len(text)} code points: mend its offsets"
        elif mention.text is not None and mention.text != text[mention.start : mention.end]:
            found = text[mention.start : mention.end]
            yield "prediction-other-text", f"{what} says {mention.text!r}, the text {found!r}: mend its offsets"
        if mention.modifier is not None and mention.modifier not in load_schema().modifiers:
            modifiers = ", ".join(load_schema().modifiers)
            yield (
                "prediction-unknown-modifier",
                f"{what} has the modifier {mention.modifier!r}: write one of {modifiers}",
            )
    spans = Counter((mention.start, mention.end, mention.type) for mention in mentions)
    for span, count in spans.items():
        if count > 1:
            yield "prediction-mention-twice", f"{span} stands {count} times: keep one"


def _check_relations(predicted: PredictedDocument) -> Iterator[tuple[str, str]]:
    size = len(predicted.mentions)
    for place, relation in enumerate(predicted.relations):
        what = f"relation {place} ({relation.type!r}, {relation.head}, {relation.tail})"
        if relation.type not in load_schema().relation_labels:
            labels = ", ".join(load_schema().relation_labels)
            yield "prediction-unknown-relation", f"{what} has no label of the schema: write one of {labels}"
        if relation.head >= size or relation.tail >= size or relation.head == relation.tail:
            yield "prediction-dangling", f"{what} joins no two of the line's {size} mentions: mend head and tail"
    facts = Counter((relation.type, relation.head, relation.tail) for relation in predicted.relations)
    for fact, count in facts.items():
        if count > 1:
            yield "prediction-relation-twice", f"{fact} stands {count} times: keep one"
