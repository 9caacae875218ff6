"""Tokens of a sentence and their IOB2 tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qatynas.schema import load_schema
from qatynas.sentences import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.document import Document, Mention

OUTSIDE = "O"
TOKEN = re.compile(rf"{WORD.pattern}|\S")


def split_tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The (start, end) of every token between two offsets: words whole with their suffixes, each sign alone.

    A span may begin or end wherever a token does (`sentences.cuts_word`), so that tags never lose a character.

    >>> text = "ҚР СІМ-нің 10,5%-ға, М.Нұртілеу"
    >>> [text[start:end] for start, end in split_tokens(text, 0, len(text))]
    ['ҚР', 'СІМ-нің', '10,5%-ға', ',', 'М', '.', 'Нұртілеу']
    """
    return [token.span() for token in TOKEN.finditer(text, start, end)]


def tag_tokens(document: Document) -> Iterator[tuple[list[int], list[int], list[str]]]:
    """For every sentence: the starts and ends of its tokens, and their IOB2 tags over the outermost spans."""
    spans = find_outermost(document.gold.mentions)
    for start, end in document.sentences:
        tokens = split_tokens(document.text, start, end)
        tags = [OUTSIDE] * len(tokens)
        for mention in spans:
            inside = [place for place, token in enumerate(tokens) if mention.start <= token[0] < mention.end]
            for place in inside:
                tags[place] = ("B-" if place == inside[0] else "I-") + mention.type
        yield [token[0] for token in tokens], [token[1] for token in tokens], tags


def find_outermost(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that no longer one overlaps; of equal spans, the one whose label comes first in the schema."""
    order = {label: place for place, label in enumerate(load_schema().labels)}
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start, order[m.type])):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def list_tags() -> list[str]:
    """The tag set: O, then B- and I- of every label in the order of the schema."""
    return [OUTSIDE, *(prefix + label for label in load_schema().labels for prefix in ("B-", "I-"))]
