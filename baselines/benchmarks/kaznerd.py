"""KazNERD sentences as written Kazakh text with gold number mentions, and strict scoring against them.

How tokens become text: a space between tokens, but none before «, . ! ? ; : % » )» and none after «« (»; a comma or
colon between two digit tokens closes up («1 , 7» is «1,7», «18 : 00» is «18:00»). The corpus is transcribed speech: one
lower-case word in parentheses is a hesitation or a false start («( ыы )», «( жу )») and is left out, in gold spans too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas import find_numbers

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("DATE", "TIME", "MONEY", "PERCENTAGE", "QUANTITY", "CARDINAL", "ORDINAL")
_NO_SPACE_BEFORE = frozenset(",.!?;:»)")
_NO_SPACE_AFTER = frozenset("«(")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its text, the gold spans (code points, half-open) and a key shared by its spoken twin."""

    text: str
    spans: tuple[Span, ...]
    twin_key: str


def read_sentences(path: Path) -> list[Sentence]:
    """The sentences of an IOB2 file, `token LABEL` a line."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [join_tokens([tuple(line.rsplit(" ", 1)) for line in block.splitlines() if line]) for block in blocks]


def join_tokens(rows: list[tuple[str, ...]]) -> Sentence:
    """The sentence that tokens and labels make, by the rules above."""
    text = ""
    placed: list[tuple[int, int, str]] = []
    for index, (token, label) in enumerate(rows):
        if _is_hesitation(rows, index):
            continue
        if text and not _closes_up(rows, index, text):
            text += " "
        placed.append((len(text), len(text) + len(token), label))
        text += token
    outside = [token for token, label in rows if label[2:] not in KINDS]
    return Sentence(text, tuple(_merge_labels(placed)), " ".join(outside))


def _is_hesitation(rows: list[tuple[str, ...]], index: int) -> bool:
    """Whether the token belongs to «( word )»."""
    for first in range(index - 2, index + 1):
        group = [token for token, _ in rows[max(first, 0) : first + 3]]
        if first >= 0 and len(group) == 3 and group[0] == "(" and group[2] == ")" and group[1].islower():
            return True
    return False


def _closes_up(rows: list[tuple[str, ...]], index: int, text: str) -> bool:
    """Whether no space stands before the token."""
    token = rows[index][0]
    if token[0] in _NO_SPACE_BEFORE or token[0] == "%" or text[-1] in _NO_SPACE_AFTER:
        return True
    before = rows[index - 2][0] if index > 1 else ""
    return rows[index - 1][0] in (",", ":") and before.isdecimal() and token[0].isdecimal()


def _merge_labels(placed: list[tuple[int, int, str]]) -> list[Span]:
    spans: list[Span] = []
    inside = ""
    for start, end, label in placed:
        kind = label[2:]
        if label.startswith("I-") and kind == inside and spans:
            spans[-1] = (spans[-1][0], end, kind)
        elif kind in KINDS:
            spans.append((start, end, kind))
        inside = kind if kind in KINDS else ""
    return spans


def find_spans(text: str) -> list[Span]:
    """What `find_numbers` finds, as spans."""
    return [(number.start, number.end, number.kind) for number in find_numbers(text)]


def score_sentences(sentences: list[Sentence]) -> dict[str, tuple[float, float, float, int]]:
    """Precision, recall, F1 and gold count per kind and in all, strict on span and kind."""
    hits, found, gold = Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences:
        predicted = set(find_spans(sentence.text))
        for spans, counter in ((predicted, found), (sentence.spans, gold), (predicted & set(sentence.spans), hits)):
            counter.update(kind for _, _, kind in spans)
    for counter in (hits, found, gold):
        counter["all"] = sum(counter.values())
    return {kind: _rate(hits[kind], found[kind], gold[kind]) for kind in (*KINDS, "all")}


def _rate(hit: int, found: int, gold: int) -> tuple[float, float, float, int]:
    precision, recall = hit / max(found, 1), hit / max(gold, 1)
    return precision, recall, 2 * hit / max(found + gold, 1), gold


def drop_twins(sentences: list[Sentence]) -> list[Sentence]:
    """The first of each group that differs only in its number mentions (spoken and written)."""
    return list({sentence.twin_key: sentence for sentence in reversed(sentences)}.values())
