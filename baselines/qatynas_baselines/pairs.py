"""Pairs of mentions that a relation may join, and what the text says of each pair, as names of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qatynas.rows import WINDOW, place_mentions
from qatynas.schema import load_schema
from qatynas.tokens import split_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qatynas.document import Document, Mention

    Integers = NDArray[np.int64]
    Pair = tuple[int, int]

_NEAR = np.array([0, 1, 2, 3, 5, 8, 13, 21])
_FEW_WORDS = 6
_LONGEST_ENDING = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """A document's words and where its mentions lie among them.

    `firsts` and `lasts` are the words of each mention, `sentences` its sentence, `ends` the words after each sentence.
    """

    words: list[str]
    mentions: tuple[Mention, ...]
    firsts: list[int]
    lasts: list[int]
    sentences: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Place:
    """How two mentions lie to each other.

    `order` is the head's place as the tail sees it, `low` and `high` the words between which the gap lies; then come
    the number of mentions in the gap, of those of the tail's and of the head's type, whether each is the nearest of its
    type to the other, and in how many mentions each stands.
    """

    order: str
    low: int
    high: int
    bucket: int
    between: int
    tail_kind: int
    head_kind: int
    tail_nearest: int
    head_nearest: int
    head_holders: int
    tail_holders: int


def make_scene(document: Document, mentions: Sequence[Mention]) -> Scene:
    """The scene of mentions in their document."""
    tokens, ends = [], []
    for start, end in document.sentences:
        tokens += split_tokens(document.text, start, end)
        ends.append(len(tokens))
    starts = np.array([start for start, _ in tokens])
    firsts = np.searchsorted(starts, [mention.start for mention in mentions], side="right") - 1
    lasts = np.searchsorted(starts, [mention.end for mention in mentions], side="left") - 1
    words = [document.text[start:end].lower() for start, end in tokens]
    return Scene(words, tuple(mentions), firsts.tolist(), lasts.tolist(), place_mentions(document, mentions), ends)


def list_pairs(scene: Scene) -> list[Pair]:
    """Every ordered pair of different mentions that a signature allows within the window of sentences."""
    schema = load_schema()
    types = [mention.type for mention in scene.mentions]
    return [
        (head, tail)
        for head in range(len(types))
        for tail in range(len(types))
        if head != tail
        and abs(scene.sentences[head] - scene.sentences[tail]) <= WINDOW
        and schema.find_relations(types[head], types[tail])
    ]


def describe_pairs(scene: Scene, pairs: Sequence[Pair]) -> Iterator[list[str]]:
    """The features of every pair, by name; the telling ones also together with both types."""
    sides: dict[tuple[int, str, str], list[str]] = {}
    for (head, tail), place in zip(pairs, _place_pairs(scene, pairs), strict=True):
        one, other = scene.mentions[head].type, scene.mentions[tail].type
        types = f"{one}>{other}"
        names = [types]
        for name in _describe_place(scene, head, tail, place):
            names += (name, f"{types}|{name}")
        for side, mention in (("head", head), ("tail", tail)):
            key = mention, side, place.order
            if key not in sides:
                sides[key] = list(_describe_side(scene, mention, side, place.order))
        own = sides[head, "head", place.order] + sides[tail, "tail", place.order]
        for name in (*own, *_describe_gap(scene, place), *_describe_verb(scene, head)):
            names += (name, f"{one}|{name}", f"{other}<{name}")
        yield names


def _describe_place(scene: Scene, head: int, tail: int, place: Place) -> Iterator[str]:
    order = place.order
    yield f"order={order}"
    yield f"gap={order}{place.bucket}"
    yield f"sentences={scene.sentences[head] - scene.sentences[tail]}"
    yield f"mentions={order}{place.between}"
    yield f"tail kind between={order}{place.tail_kind}"
    yield f"head kind between={order}{place.head_kind}"
    yield f"nearest={order}{place.tail_nearest}{place.head_nearest}"
    yield f"inside={place.head_holders}{place.tail_holders}"
    yield f"signs={''.join(word for word in scene.words[place.low + 1 : place.high] if not word[0].isalnum())[:3]}"


def _describe_side(scene: Scene, mention: int, side: str, order: str) -> Iterator[str]:
    last = scene.words[scene.lasts[mention]]
    yield f"{side}={last}"
    yield from (f"{side} ends {last[-size:]}{order}" for size in range(1, _LONGEST_ENDING + 1))
    yield f"{side} before={_find_word(scene, scene.firsts[mention] - 1)}"
    yield f"{side} after={_find_word(scene, scene.lasts[mention] + 1)}"


def _describe_gap(scene: Scene, place: Place) -> Iterator[str]:
    gap = scene.words[place.low + 1 : place.high]
    if len(gap) <= _FEW_WORDS:
        yield f"gap={place.order}{' '.join(gap)}"
    yield from (f"between={place.order}{word}" for word in sorted(set(gap)))


def _describe_verb(scene: Scene, head: int) -> Iterator[str]:
    """The last word of the head's sentence."""
    verb = _find_word(scene, scene.ends[scene.sentences[head]] - 2)
    yield f"verb={verb}"
    yield f"verb ends {verb[-3:]}"


def _find_word(scene: Scene, place: int) -> str:
    return scene.words[place] if 0 <= place < len(scene.words) else ""


def _place_pairs(scene: Scene, pairs: Sequence[Pair]) -> Iterator[Place]:
    """How the mentions of every pair lie to each other, all pairs at once."""
    heads, tails = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    kinds = np.unique([mention.type for mention in scene.mentions], return_inverse=True)[1].reshape(-1)
    firsts, lasts = np.array(scene.firsts, dtype=np.int64), np.array(scene.lasts, dtype=np.int64)
    lows, highs = _find_gaps(firsts, lasts)
    gaps = highs - lows
    nearest = (gaps <= _find_nearest(gaps, kinds)[:, kinds]).astype(int)
    low, high = lows[heads, tails], highs[heads, tails]
    inside = (low[:, np.newaxis] < firsts) & (lasts < high[:, np.newaxis])
    holders = np.minimum(_count_holders(scene), 2)
    columns = (
        _name_orders(scene, heads, tails),
        low,
        high,
        (high[:, np.newaxis] - low[:, np.newaxis] - 1 >= _NEAR).sum(axis=1),
        np.minimum(inside.sum(axis=1), 4),
        np.minimum((inside & (kinds == kinds[tails, np.newaxis])).sum(axis=1), 2),
        np.minimum((inside & (kinds == kinds[heads, np.newaxis])).sum(axis=1), 2),
        nearest[heads, tails],
        nearest[tails, heads],
        holders[heads],
        holders[tails],
    )
    return map(Place, *(column.tolist() for column in columns))


def _find_gaps(firsts: Integers, lasts: Integers) -> tuple[Integers, Integers]:
    """For every two mentions the last word of the earlier one and the first of the later (mentions, mentions)."""
    one, other = (firsts[:, np.newaxis], lasts[:, np.newaxis]), (firsts, lasts)
    earlier = (one[0] < other[0]) | ((one[0] == other[0]) & (one[1] <= other[1]))
    lows = np.where(earlier, one[1], other[1])
    return lows, np.maximum(np.where(earlier, other[0], one[0]), lows)


def _find_nearest(gaps: Integers, kinds: Integers) -> Integers:
    """For every mention its smallest gap to another mention of each kind (mentions, kinds)."""
    others = np.where(np.eye(len(gaps), dtype=bool), np.iinfo(np.int64).max, gaps)
    groups = [others[:, kinds == kind] for kind in range(int(kinds.max(initial=-1)) + 1)]
    return np.stack([group.min(axis=1) for group in groups], axis=1) if groups else others


def _count_holders(scene: Scene) -> Integers:
    """For every mention the number of other mentions that cover it."""
    starts = np.array([mention.start for mention in scene.mentions])
    ends = np.array([mention.end for mention in scene.mentions])
    covers = (starts <= starts[:, np.newaxis]) & (ends[:, np.newaxis] <= ends)
    counts: Integers = covers.sum(axis=1) - 1  # each covers itself
    return counts


def _name_orders(scene: Scene, heads: Integers, tails: Integers) -> NDArray[np.str_]:
    starts = np.array([mention.start for mention in scene.mentions])
    ends = np.array([mention.end for mention in scene.mentions])
    holds = (starts[heads] <= starts[tails]) & (ends[tails] <= ends[heads])
    within = (starts[tails] <= starts[heads]) & (ends[heads] <= ends[tails])
    return np.select([holds, within, starts[heads] < starts[tails]], ["holds", "within", "before"], "after")
