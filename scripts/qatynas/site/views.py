"""How the mentions of a reading are drawn: classes, lanes, tooltips and the rows that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.document import group_entities
from qatynas.rows import place_mentions
from qatynas.site.addresses import name_page
from qatynas.site.segments import draw_stretch, stack_lanes
from qatynas.site.values import describe_mention

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from qatynas.document import Document, Mention, Reading, Relation
    from qatynas.site.differences import Comparison
    from qatynas.site.examples import Example
    from qatynas.site.segments import Mark

LANES = 9  # lanes that the style sheet knows; what lies deeper shares the last


@dataclass(frozen=True, slots=True)
class View:
    """A mention as it is drawn: its classes, tooltip, the row of a table that it leads to, and a tag of its own."""

    label: str
    style: str
    tip: str
    row: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A stretch of a document's text with its marks; `address` leads to the document, where it has a page."""

    document: Document
    nodes: tuple[Mark | str, ...]
    views: tuple[View, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence as one reading has it, and the relations whose head begins in it that not all readings have."""

    drawing: Drawing
    relations: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as every reading has it; sentences are counted from 1."""

    sentence: int
    cells: tuple[Side, ...]


def view_gold(document: Document) -> tuple[View, ...]:
    """The mentions of the adjudicated reading, each with the row of its entity or of its number."""
    mentions, lanes = document.gold.mentions, stack_lanes(document.gold.mentions)
    rows = {index: f"n{index}" for index in range(len(mentions))}
    for place, entity in enumerate(group_entities(document.gold, document.text)):
        rows |= dict.fromkeys(entity.mentions, f"e{place}")
    return tuple(
        View(mention.type, _style(mention, lanes[index]), _tell(mention), rows[index])
        for index, mention in enumerate(mentions)
    )


def view_reading(reading: Reading, odd: Collection[int]) -> tuple[View, ...]:
    """The mentions of a reading beside others: those that not all have carry their label, the rest is grey."""
    lanes = stack_lanes(reading.mentions)
    return tuple(
        View(mention.type, f"{_style(mention, lanes[index])} odd", _tell(mention), tag=f"◆ {mention.type}")
        if index in odd
        else View(mention.type, f"{_style(mention, lanes[index])} same", _tell(mention))
        for index, mention in enumerate(reading.mentions)
    )


def view_example(document: Document, chosen: Sequence[int]) -> tuple[View, ...]:
    """The mentions of an example; head and tail of a relation say so."""
    mentions = [document.gold.mentions[index] for index in chosen]
    ends = ("head: ", "tail: ") if len(chosen) > 1 else ("",)
    return tuple(
        View(mention.type, _style(mention, lane), _tell(mention), tag=end + mention.type)
        for mention, lane, end in zip(mentions, stack_lanes(mentions), ends, strict=True)
    )


def draw_example(example: Example, pages: Collection[str]) -> Drawing:
    """An example with nothing marked but what it shows; it leads to its document if that has a page."""
    document = example.document
    chosen = [document.gold.mentions[index] for index in example.mentions]
    nodes = draw_stretch(document.text, chosen, example.start, example.end)
    address = name_page(document.doc_id) if document.doc_id in pages else ""
    return Drawing(document, nodes, view_example(document, example.mentions), address)


def draw_examples(examples: Mapping[str, Example], pages: Collection[str]) -> dict[str, Drawing]:
    """The drawings of all examples, by label."""
    return {label: draw_example(example, pages) for label, example in examples.items()}


def draw_differences(document: Document, comparison: Comparison) -> Iterator[Row]:
    """Every sentence in which the readings differ, as each of them has it."""
    views = [view_reading(*pair) for pair in zip(comparison.readings, comparison.odd, strict=True)]
    homes = [place_mentions(document, reading.mentions) for reading in comparison.readings]
    for place, (start, end) in enumerate(document.sentences):
        sides = []
        differ = False
        for side, reading in enumerate(comparison.readings):
            odd = (reading.mentions[index] for index in comparison.odd[side])
            disputed = [reading.relations[index] for index in sorted(comparison.disputed[side])]
            relations = tuple(_name(document, reading, r) for r in disputed if homes[side][r.head] == place)
            differ |= bool(relations) or any(mention.start < end and start < mention.end for mention in odd)
            nodes = draw_stretch(document.text, reading.mentions, start, end)
            sides.append(Side(Drawing(document, nodes, views[side]), relations))
        if differ:
            yield Row(place + 1, tuple(sides))


def _name(document: Document, reading: Reading, relation: Relation) -> tuple[str, str, str]:
    head, tail = reading.mentions[relation.head], reading.mentions[relation.tail]
    return document.text[head.start : head.end], relation.type, document.text[tail.start : tail.end]


def _style(mention: Mention, lane: int) -> str:
    return f"l-{mention.type} k{min(lane, LANES)}{'' if mention.number is None else ' n'}"


def _tell(mention: Mention) -> str:
    return ": ".join(part for part in (mention.type, describe_mention(mention)) if part)
