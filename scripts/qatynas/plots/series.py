"""What the figures show, as numbers: grids of counts and shares, made from documents and stored scores."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.agreement import ALL, MEASURES
from qatynas.document import holds_mention
from qatynas.schema import load_schema
from qatynas.splits import SPLITS
from qatynas.tokens import split_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qatynas.agreement import Agreement
    from qatynas.document import Document, Mention

LONGEST = 10  # the tokens from which spans are counted together
KINDS = ("entities", "numbers")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of numbers: a row of `cells` for each of `rows`; None where there is nothing to tell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An F1 from 0 to 1 of a system on a task, with its 95 % interval where there is one."""

    system: str
    task: str
    f1: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An F1 from 0 to 1 on a task after training on so many documents."""

    documents: int
    task: str
    f1: float


def count_labels(documents: Iterable[Document], splits: Mapping[str, str]) -> Grid:
    """Adjudicated mentions by label and split; `splits` names every document's."""
    counts = Counter((m.type, splits[document.doc_id]) for document in documents for m in document.gold.mentions)
    return _make_grid(tuple(load_schema().labels), SPLITS, counts)


def count_lengths(documents: Iterable[Document]) -> Grid:
    """Adjudicated mentions by length in tokens, from 1 to `LONGEST` and more; entities and numbers."""
    counts: Counter[tuple[str, str]] = Counter()
    for document in documents:
        for mention in document.gold.mentions:
            length = len(split_tokens(document.text, mention.start, mention.end))
            counts[_name_kind(mention), _name_length(length)] += 1
    return _make_grid(KINDS, tuple(_name_length(length) for length in range(1, LONGEST + 1)), counts)


def count_depths(documents: Iterable[Document]) -> Grid:
    """Adjudicated mentions by the number of longer ones that hold each; entities and numbers."""
    depths = [
        (_name_kind(mention), len(list(_list_holders(mention, document.gold.mentions))))
        for document in documents
        for mention in document.gold.mentions
    ]
    deepest = max((depth for _, depth in depths), default=0)
    counts = Counter((kind, str(depth)) for kind, depth in depths)
    return _make_grid(KINDS, tuple(map(str, range(deepest + 1))), counts)


def count_nests(documents: Iterable[Document]) -> Grid:
    """Pairs of adjudicated mentions of which one holds the other: inner label by outer label, those that occur."""
    counts = Counter(
        (mention.type, holder.type)
        for document in documents
        for mention in document.gold.mentions
        for holder in _list_holders(mention, document.gold.mentions)
    )
    return _make_grid(*_list_ends(counts), counts)


def count_joins(documents: Iterable[Document]) -> Grid:
    """Adjudicated relations: label of the head by label of the tail, those that occur."""
    counts = Counter(
        (document.gold.mentions[relation.head].type, document.gold.mentions[relation.tail].type)
        for document in documents
        for relation in document.gold.relations
    )
    return _make_grid(*_list_ends(counts), counts)


def count_magnitudes(documents: Iterable[Document]) -> Grid:
    """Adjudicated numbers with a value: kind by the integer part of log10 of the value, "0" for nought.

    The columns run from the smallest magnitude to the largest without a gap.
    """
    found = [
        (mention.type, mention.number.value)
        for document in documents
        for mention in document.gold.mentions
        if mention.number is not None and mention.number.value is not None
    ]
    powers = [_find_power(value) for _, value in found if value]
    columns = tuple(map(name_power, range(min(powers), max(powers) + 1))) if powers else ()
    counts = Counter((kind, name_power(_find_power(value)) if value else "0") for kind, value in found)
    if any(not value for _, value in found):
        columns = ("0", *columns)
    rows = tuple(kind for kind in load_schema().number_labels if any(kind == other for other, _ in found))
    return _make_grid(rows, columns, counts)


def name_power(power: int) -> str:
    """A power of ten in words that fit a tick.

    >>> name_power(6), name_power(-1)
    ('10⁶', '10⁻¹')
    """
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def list_agreement(measured: Agreement) -> tuple[Grid, Grid]:
    """Shares from 0 to 1 by label and measure: of mention labels, and of relation labels, `ALL` first."""
    schema = load_schema()
    of_spans = (*(name for name in MEASURES if name != "relation"), "kappa")
    return _list_shares(measured, schema.labels, of_spans), _list_shares(
        measured, schema.relation_labels, ("relation",)
    )


def _list_shares(measured: Agreement, labels: Iterable[str], measures: Sequence[str]) -> Grid:
    scores = [measured.scores[measure] for measure in measures]
    rows = tuple(label for label in (ALL, *labels) if any(label in by_label for by_label in scores))
    cells = (tuple(by_label[row].value if row in by_label else None for by_label in scores) for row in rows)
    return Grid(rows, tuple(measures), tuple(cells))


def _make_grid(rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int]) -> Grid:
    cells = tuple(tuple(counts.get((row, column), 0) for column in columns) for row in rows)
    return Grid(tuple(rows), tuple(columns), cells)


def _list_ends(counts: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels that occur first in a pair, and those that occur second, in the order of the schema."""
    pairs = list(counts)
    ends = ({pair[side] for pair in pairs} for side in (0, 1))
    first, second = (tuple(label for label in load_schema().labels if label in labels) for labels in ends)
    return first, second


def _list_holders(mention: Mention, mentions: Iterable[Mention]) -> Iterator[Mention]:
    return (other for other in mentions if holds_mention(other, mention))


def _name_kind(mention: Mention) -> str:
    return KINDS[mention.type in load_schema().number_labels]


def _name_length(tokens: int) -> str:
    return f"{LONGEST}+" if tokens >= LONGEST else str(tokens)


def _find_power(value: float) -> int:
    """The integer part of log10 of a value other than nought, exact at powers of ten."""
    power = math.floor(math.log10(abs(value)))
    return power + 1 if abs(value) >= 10.0 ** (power + 1) else power
