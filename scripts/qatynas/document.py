"""A release and what readers marked in it: frozen records, offsets in code points, half-open, from 0."""

from __future__ import annotations

from dataclasses import dataclass, fields

from qatynas.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Number:
    """The normalised fields of a number mention; what the text does not say is None.

    `unit` is ISO 4217 for money, UCUM for quantities and percentages; `date` is EDTF (ISO 8601-2), an ISO 8601
    duration or an ISO 8601 time of day.
    """

    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    modifier: str | None = None
    target: bool = False
    date: str | None = None


NUMBER_FIELDS = tuple(field.name for field in fields(Number))


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled span; an entity mention has the entity's canonical `name`, a number mention its `number`."""

    start: int
    end: int
    type: str
    name: str | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled pair of mentions; `head` and `tail` are indexes into the reading's mentions."""

    type: str
    head: int
    tail: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one annotator marked in one document; `guidelines` is the version that they followed."""

    annotator: str
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    guidelines: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """The mentions of one type that share one name; `mentions` are indexes into the reading's mentions."""

    type: str
    name: str
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A release with its adjudicated reading and the raw readings behind it; `date` is ISO 8601."""

    doc_id: str
    title: str
    text: str
    date: str
    genre: str
    source: str
    story: str
    gold: Reading
    readings: tuple[Reading, ...] = ()

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The (start, end) of every sentence."""
        return split_sentences(self.text)


def sort_reading(reading: Reading) -> Reading:
    """The same reading in the canonical order: mentions by start, longest first; relations by place.

    >>> one, two = Mention(11, 14, "GPE"), Mention(0, 9, "GPE")
    >>> sort_reading(Reading("a", (one, two), (Relation("LOCATED_IN", 0, 1),))).relations
    (Relation(type='LOCATED_IN', head=1, tail=0),)
    """
    mentions = reading.mentions
    order = sorted(range(len(mentions)), key=lambda i: mention_key(mentions[i]))
    rank = {old: new for new, old in enumerate(order)}
    moved = (Relation(r.type, rank[r.head], rank[r.tail]) for r in reading.relations)
    return Reading(
        reading.annotator,
        tuple(mentions[i] for i in order),
        tuple(sorted(moved, key=lambda r: (r.head, r.tail, r.type))),
        reading.guidelines,
    )


def mention_key(mention: Mention) -> tuple[int, int, str]:
    """The sort key of the canonical order: start, longest first, type."""
    return mention.start, -mention.end, mention.type


def holds_mention(outer: Mention, inner: Mention) -> bool:
    """Whether the outer mention is the longer one and covers the inner."""
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


def group_entities(reading: Reading, text: str) -> tuple[Entity, ...]:
    """The entities of a reading, in the order of their first mention; a mention without a name stands for itself.

    >>> text = "Астана. Астанада"
    >>> reading = Reading("a", (Mention(0, 6, "GPE", "Астана"), Mention(8, 16, "GPE", "Астана")))
    >>> group_entities(reading, text)
    (Entity(type='GPE', name='Астана', mentions=(0, 1)),)
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for index, mention in enumerate(reading.mentions):
        if mention.number is None:
            name = mention.name or text[mention.start : mention.end]
            groups.setdefault((mention.type, name), []).append(index)
    return tuple(Entity(kind, name, tuple(indexes)) for (kind, name), indexes in groups.items())
