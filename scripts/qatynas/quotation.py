"""Readings by quotation: an annotator names a sentence and the exact words, and code finds the offsets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from qatynas.document import NUMBER_FIELDS, Mention, Number, Reading, Relation, sort_reading
from qatynas.errors import QatynasError
from qatynas.schema import load_schema
from qatynas.sentences import cuts_word, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator


class QuotedMention(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The `nth` standing (from 1) of the whole words `quote` in sentence number `sentence` (from 0)."""

    id: str
    sentence: int
    quote: str
    type: str
    nth: Annotated[int, Meta(ge=1)] | None = None
    name: str | None = None
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    modifier: str | None = None
    target: bool = False
    date: str | None = None


class QuotedRelation(msgspec.Struct, forbid_unknown_fields=True):
    """A relation between two quoted mentions, by their ids."""

    type: str
    head: str
    tail: str


class QuotedReading(msgspec.Struct, forbid_unknown_fields=True):
    """One annotator's reading of one document, in quotations."""

    doc_id: str
    annotator: Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    guidelines: Annotated[int, Meta(ge=1, le=9999)]
    mentions: list[QuotedMention]
    relations: list[QuotedRelation]
    adjudicated: bool = False


def resolve_quotation(quoted: QuotedReading, text: str) -> Reading:
    """The reading with code-point offsets.

    Raises:
        QatynasError: for every quotation that does not stand in its sentence, stands there more than once
            without `nth`, has an unknown label or attribute, and every relation that does not fit; a line each.

    >>> mention = QuotedMention(id="1", sentence=0, quote="Астанаға", type="GPE", name="Астана")
    >>> quoted = QuotedReading(doc_id="d", annotator="a", guidelines=1, mentions=[mention], relations=[])
    >>> resolve_quotation(quoted, "Елші Астанаға келді.").mentions
    (Mention(start=5, end=13, type='GPE', name='Астана', number=None),)
    """
    problems: list[str] = []
    mentions = [_resolve_mention(mention, text, problems) for mention in quoted.mentions]
    problems += _find_duplicates(quoted)
    relations = [_resolve_relation(relation, quoted, problems) for relation in quoted.relations]
    if problems:
        raise QatynasError("\n".join(f"{quoted.doc_id} {quoted.annotator}: {problem}" for problem in problems))
    reading = Reading(quoted.annotator, tuple(mentions), tuple(relations), quoted.guidelines)
    return sort_reading(reading)


def _resolve_mention(mention: QuotedMention, text: str, problems: list[str]) -> Mention:
    start, end = _find_quote(mention, text, problems)
    label = load_schema().labels.get(mention.type)
    if label is None:
        problems.append(f"mention {mention.id}: label {mention.type!r} is not in the schema")
        return Mention(start, end, mention.type)
    given = [name for name in NUMBER_FIELDS if getattr(mention, name) not in (None, False)]
    given += ["name"] if mention.name is not None else []
    wrong = [name for name in given if name not in label.attributes]
    wrong += [name for name in label.required if name not in given]
    problems += [
        f"mention {mention.id} ({mention.type}): attribute {name!r} is missing or not allowed" for name in wrong
    ]
    if mention.type in load_schema().entity_labels:
        return Mention(start, end, mention.type, mention.name)
    number = Number(*(getattr(mention, name) for name in NUMBER_FIELDS))
    return Mention(start, end, mention.type, None, number)


def _find_quote(mention: QuotedMention, text: str, problems: list[str]) -> tuple[int, int]:
    sentences = split_sentences(text)
    if not 0 <= mention.sentence < len(sentences):
        problems.append(f"mention {mention.id}: sentence {mention.sentence} of 0 to {len(sentences) - 1}")
        return 0, 0
    places = list(_find_whole_words(mention.quote, text, *sentences[mention.sentence]))
    nth = mention.nth or 1
    if not 1 <= nth <= len(places) or (mention.nth is None and len(places) > 1):
        problems.append(
            f"mention {mention.id}: {mention.quote!r} stands {len(places)} times as whole words in sentence "
            f"{mention.sentence}, nth is {mention.nth}"
        )
        return 0, 0
    return places[nth - 1], places[nth - 1] + len(mention.quote)


def _find_whole_words(quote: str, text: str, start: int, end: int) -> Iterator[int]:
    place = text.find(quote, start, end) if quote.strip() == quote != "" else -1
    while place >= 0:
        if not cuts_word(text, place) and not cuts_word(text, place + len(quote)):
            yield place
        place = text.find(quote, place + 1, end)


def _find_duplicates(quoted: QuotedReading) -> Iterator[str]:
    for mention_id, count in Counter(mention.id for mention in quoted.mentions).items():
        if count > 1:
            yield f"mention {mention_id}: the id stands {count} times"
    keys = Counter((m.sentence, m.quote, m.nth, m.type) for m in quoted.mentions)
    for key, count in keys.items():
        if count > 1:
            yield f"mention {key}: marked {count} times"
    for relation, count in Counter((r.type, r.head, r.tail) for r in quoted.relations).items():
        if count > 1:
            yield f"relation {relation}: drawn {count} times"


def _resolve_relation(relation: QuotedRelation, quoted: QuotedReading, problems: list[str]) -> Relation:
    index = {mention.id: place for place, mention in enumerate(quoted.mentions)}
    missing = [end for end in (relation.head, relation.tail) if end not in index]
    if missing:
        problems.append(f"relation {relation.type}: no mention has the id {missing[0]!r}")
        return Relation(relation.type, 0, 0)
    head, tail = index[relation.head], index[relation.tail]
    types = quoted.mentions[head].type, quoted.mentions[tail].type
    if relation.type not in load_schema().find_relations(*types) or head == tail:
        problems.append(
            f"relation {relation.type} {relation.head}→{relation.tail}: {types[0]} → {types[1]} does not fit"
        )
    return Relation(relation.type, head, tail)
