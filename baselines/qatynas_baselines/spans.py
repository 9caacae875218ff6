"""Spans and IOB2 tags, nested mentions and levels of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.scoring.intervals import compute_scores
from qatynas.scoring.spans import Spans, match_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qatynas.document import Mention

    Span = tuple[int, int, str]  # first token, token after the last, label

MOST_LEVELS = 4


def read_tags(tags: Sequence[str]) -> list[Span]:
    """The spans of IOB2 tags.

    >>> read_tags(["B-GPE", "I-GPE", "O", "B-ACT"])
    [(0, 2, 'GPE'), (3, 4, 'ACT')]
    """
    spans = []
    start = None
    for place, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            spans.append((start, place, tags[start][2:]))
            start = None
        if tag.startswith("B-"):
            start = place
    return spans


def write_tags(spans: Iterable[Span], length: int) -> list[str]:
    """IOB2 tags of spans; of two that overlap the one that begins first, the longer, is written."""
    tags = ["O"] * length
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if all(tag == "O" for tag in tags[start:end]):
            tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tags


def split_levels(spans: Iterable[Span]) -> list[list[Span]]:
    """Spans level by level from outside in: on each level none overlaps another.

    >>> split_levels([(0, 3, "ORGANISATION"), (0, 1, "GPE"), (4, 5, "ACT")])
    [[(0, 3, 'ORGANISATION'), (4, 5, 'ACT')], [(0, 1, 'GPE')]]
    """
    levels: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        for level in levels:
            if all(end <= span[0] or span[1] <= start for start, end, _ in level):
                level.append(span)
                break
        else:
            levels.append([span])
    return levels


def place_spans(mentions: Iterable[Mention], tokens: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans in tokens of the mentions that lie within these tokens, given by their code-point offsets."""
    firsts = {start: place for place, (start, _) in enumerate(tokens)}
    lasts = {end: place + 1 for place, (_, end) in enumerate(tokens)}
    return [(firsts[m.start], lasts[m.end], m.type) for m in mentions if m.start in firsts and m.end in lasts]


def score_tags(gold: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> float:
    """Strict micro F1 of the spans of IOB2 tags."""
    labels = sorted({tag[2:] for tags in (*gold, *found) for tag in tags if tag != "O"})
    places = {label: place for place, label in enumerate(labels)}
    sides = [
        Spans.from_rows(
            (number, start, end, places[label])
            for number, tags in enumerate(side)
            for start, end, label in read_tags(tags)
        )
        for side in (gold, found)
    ]
    credit = match_spans(sides[0], sides[1])["strict"]
    counts = credit.sum(sides[0].document, sides[1].document, max(len(gold), 1)).sum(axis=0)
    return float(compute_scores(counts)[2])
