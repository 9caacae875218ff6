"""Nested and crossing spans as segments of the text and as a tree to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.document import Mention


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text within which no mention begins or ends; `mentions` are indexes, the earliest begun first."""

    start: int
    end: int
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention, or the part of it that lies inside the marks around it.

    `first` and `last` say whether the mention begins and ends here; spans that cross give a mention several marks.
    """

    mention: int
    first: bool
    last: bool
    children: tuple[Mark | str, ...]


def split_segments(mentions: Sequence[Mention], start: int, end: int) -> tuple[Segment, ...]:
    """The segments of the text between two offsets, in order, without a gap.

    >>> from qatynas.document import Mention
    >>> text = "ҚР СІМ-нің баспасөз қызметі"
    >>> marked = (Mention(0, 27, "ORGANISATION"), Mention(0, 10, "ORGANISATION"), Mention(0, 2, "GPE"))
    >>> [(text[s.start : s.end], s.mentions) for s in split_segments(marked, 0, 27)]
    [('ҚР', (0, 1, 2)), (' СІМ-нің', (0, 1)), (' баспасөз қызметі', (0,))]
    """
    inside = [index for index, mention in enumerate(mentions) if mention.start < end and start < mention.end]
    places = {place for i in inside for place in (mentions[i].start, mentions[i].end) if start < place < end}
    order = sorted(inside, key=lambda index: (mentions[index].start, -mentions[index].end, index))
    return tuple(
        Segment(one, other, tuple(i for i in order if mentions[i].start <= one and other <= mentions[i].end))
        for one, other in pairwise(sorted({start, end} | places))
    )


def nest_segments(text: str, mentions: Sequence[Mention], segments: Sequence[Segment]) -> tuple[Mark | str, ...]:
    """The segments as text and marks, each mark around what lies inside it.

    >>> from qatynas.document import Mention
    >>> marked = (Mention(0, 6, "GPE"), Mention(4, 9, "GPE"))
    >>> nest_segments("Астанадан", marked, split_segments(marked, 0, 9))[1]
    Mark(mention=1, first=False, last=True, children=('дан',))
    """
    return tuple(_nest(text, mentions, segments, 0))


def _nest(text: str, mentions: Sequence[Mention], segments: Sequence[Segment], depth: int) -> Iterator[Mark | str]:
    def take(segment: Segment) -> int | None:
        return segment.mentions[depth] if depth < len(segment.mentions) else None

    for index, group in groupby(segments, key=take):
        inside = tuple(group)
        if index is None:
            yield from (text[segment.start : segment.end] for segment in inside)
        else:
            first, last = mentions[index].start == inside[0].start, mentions[index].end == inside[-1].end
            yield Mark(index, first, last, tuple(_nest(text, mentions, inside, depth + 1)))


def draw_lines(text: str, mentions: Sequence[Mention]) -> tuple[tuple[Mark | str, ...], ...]:
    """Every line of a text as text and marks; the line ends are left out."""
    return tuple(draw_stretch(text, mentions, start, end) for start, end in list_lines(text))


def draw_stretch(text: str, mentions: Sequence[Mention], start: int, end: int) -> tuple[Mark | str, ...]:
    """The text between two offsets as text and marks."""
    return nest_segments(text, mentions, split_segments(mentions, start, end)) if start < end else ()


def list_lines(text: str) -> Iterator[tuple[int, int]]:
    r"""The (start, end) of every line, without its line end.

    >>> list(list_lines("Бір\n\nекі"))
    [(0, 3), (4, 4), (5, 8)]
    """
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def stack_lanes(mentions: Sequence[Mention]) -> tuple[int, ...]:
    """For every mention the lane of its underline, from 1 under the words: never the lane of a span that it overlaps.

    A longer span lies below those that it overlaps.

    >>> from qatynas.document import Mention
    >>> stack_lanes((Mention(0, 27, "ORGANISATION"), Mention(0, 10, "ORGANISATION"), Mention(0, 2, "GPE")))
    (3, 2, 1)
    """
    lanes: dict[int, int] = {}
    for index in sorted(range(len(mentions)), key=lambda i: (mentions[i].end - mentions[i].start, -i)):
        one = mentions[index]
        above = (lanes[i] for i in lanes if mentions[i].start < one.end and one.start < mentions[i].end)
        lanes[index] = 1 + max(above, default=0)
    return tuple(lanes[index] for index in range(len(mentions)))
