"""Where the readings of one document differ, by what `agreement` compares: borders, labels, values and relations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from qatynas.agreement import find_rival, list_facts, take_span
from qatynas.site.values import describe_mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qatynas.agreement import Span
    from qatynas.document import Document, Mention, Reading

    Fact = tuple[str, Span, Span]

T = TypeVar("T")
ABSENT = "–"
PRESENT = "✓"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reading has of a span: whether it has it, or what instead, and its value where values differ."""

    note: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A span that not all readings have with the same label and value; `cells` says of each reading what it has."""

    text: str
    type: str
    number: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation that not all readings have; `cells` says of each reading whether it does."""

    head: str
    type: str
    tail: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the readings of a document share and do not share; the adjudicated reading comes first.

    `odd` and `disputed` have for each reading the indexes of its mentions and relations that stand in `mentions` and in
    `relations`.
    """

    readings: tuple[Reading, ...]
    shared_mentions: int
    mentions: tuple[MentionRow, ...]
    shared_relations: int
    relations: tuple[RelationRow, ...]
    odd: tuple[frozenset[int], ...]
    disputed: tuple[frozenset[int], ...]


def compare_readings(document: Document) -> Comparison:
    """What the adjudicated and the raw readings share and do not share."""
    readings = (document.gold, *document.readings)
    sides = [{take_span(mention): mention for mention in reading.mentions} for reading in readings]
    spans = sorted({span for side in sides for span in side}, key=lambda span: (span[0], -span[1], span[2]))
    differing = [span for span in spans if not _agree(sides, span)]
    listed = [list(list_facts(reading)) for reading in readings]
    every, shared = {fact for facts in listed for fact in facts}, set(listed[0]).intersection(*listed)
    return Comparison(
        readings,
        len(spans) - len(differing),
        tuple(_describe_span(document.text, sides, span) for span in differing),
        len(shared),
        tuple(_describe_facts(document.text, listed, every - shared)),
        tuple(_find(set(differing), map(take_span, reading.mentions)) for reading in readings),
        tuple(_find(every - shared, facts) for facts in listed),
    )


def _find(wanted: set[T], items: Iterable[T]) -> frozenset[int]:
    return frozenset(index for index, item in enumerate(items) if item in wanted)


def _agree(sides: Sequence[dict[Span, Mention]], span: Span) -> bool:
    """Whether all readings have the span, with one name or with the same normalised fields."""
    return all(span in side for side in sides) and len({(side[span].name, side[span].number) for side in sides}) == 1


def _describe_span(text: str, sides: Sequence[dict[Span, Mention]], span: Span) -> MentionRow:
    shared = set(sides[0]).intersection(*sides)
    values = {(side[span].name, side[span].number) for side in sides if span in side}
    cells = tuple(
        _describe_value(side[span], tell=len(values) > 1)
        if span in side
        else Cell(_find_instead(set(side) - shared, span))
        for side in sides
    )
    number = any(side[span].number is not None for side in sides if span in side)
    return MentionRow(text[span[0] : span[1]], span[2], number, cells)


def _describe_value(mention: Mention, *, tell: bool) -> Cell:
    return Cell(PRESENT, describe_mention(mention) if tell else "")


def _find_instead(others: set[Span], span: Span) -> str:
    """What a reading has in the place of a span that it lacks."""
    labels = sorted(label for start, end, label in others if (start, end) == span[:2])
    if labels:
        return f"as {', '.join(labels)}"
    return "other borders" if find_rival(span, others) else ABSENT


def _describe_facts(text: str, sides: Sequence[list[Fact]], disputed: set[Fact]) -> Iterator[RelationRow]:
    for fact in sorted(disputed, key=lambda fact: (fact[1], fact[2], fact[0])):
        label, head, tail = fact
        cells = tuple(PRESENT if fact in side else ABSENT for side in sides)
        yield RelationRow(text[head[0] : head[1]], label, text[tail[0] : tail[1]], cells)
