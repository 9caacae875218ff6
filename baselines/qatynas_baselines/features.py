"""Features of token sequences, computed once a distinct word form and gathered by token.

A `Block` is a sparse matrix over distinct things (word forms, pairs of neighbouring forms, extra columns) and, for
every token, the row that describes it at some offset. A token's features are its rows in all blocks; a linear model's
scores are therefore one small product a block and a gather, never a dictionary a token.

Templates (chosen in trials on KazNERD): form and shape at offsets -2 to 2; prefixes of 1 to 4 letters, suffixes of 1 to
5 and a flag of case, digits and length at -1 to 1; character n-grams of 2 to 5 letters at 0, weighted by one over the
root of their number; of neighbouring tokens form with form, shape with shape, shape with suffix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Token = str | tuple[str, ...]
    Integers = NDArray[np.int64]

GROUPS = ("form", "affix", "gram")  # in the order of columns: offsets ±2 see the first, ±1 the first two, 0 all
REACH = {0: 3, -1: 2, 1: 2, -2: 1, 2: 1}
EXTRA_REACH = (-1, 0, 1)
REMEMBERED = 20_000  # rows of features that are kept from text to text: most words come again
EDGE = "\x00"  # stands beyond both ends of a sentence


def describe_form(form: str, group: str) -> list[tuple[str, float]]:
    """The features of a word form in one group, with their weights.

    >>> [name for name, _ in describe_form("5-ші", "form")]
    ['w=5-ші', 's=d-x']
    """
    lower = form.lower()
    if group == "form":
        return [(f"w={lower}", 1.0), (f"s={shape_form(form)}", 1.0)]
    if group == "affix":
        names = [f"p={lower[:size]}" for size in range(1, 5) if size <= len(lower)]
        names += [f"e={lower[-size:]}" for size in range(1, 6) if size <= len(lower)]
        return [(name, 1.0) for name in [*names, f"f={_flag(form)}"]]
    padded = f"^{lower}$"
    grams = sorted({padded[i : i + n] for n in range(2, 6) for i in range(len(padded) - n + 1)})
    return [(f"g={gram}", len(grams) ** -0.5) for gram in grams]


def shape_form(form: str) -> str:
    """The form with runs of capitals, small letters and digits as one sign each.

    >>> shape_form("М.Нұртілеу"), shape_form("10,5%-ға")
    ('X.Xx', 'd,d%-x')
    """
    signs = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in form)
    return re.sub(r"([Xxd])\1+", r"\1", signs)


def _flag(form: str) -> str:
    case = "A" if form.isupper() else "C" if form[:1].isupper() else "l"
    digits = "d" if form.isdigit() else "m" if any(map(str.isdigit, form)) else "-"
    return f"{case}{digits}{min(len(form), 8)}"


def describe_pair(one: str, other: str) -> list[tuple[str, float]]:
    """The features of two neighbouring forms."""
    shapes = shape_form(one), shape_form(other)
    names = [f"ww={one.lower()} {other.lower()}", f"ss={shapes[0]} {shapes[1]}"]
    names += [f"se={shapes[0]} {other.lower()[-3:]}", f"es={one.lower()[-3:]} {shapes[1]}"]
    return [(name, 1.0) for name in names]


@dataclass(frozen=True, slots=True)
class Block:
    """A sparse matrix (things, features) and for each token its row."""

    name: str
    matrix: sparse.csr_matrix
    rows: Integers


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sequences as blocks; `starts` are the places of their first tokens, and the end of the last."""

    blocks: tuple[Block, ...]
    starts: Integers

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(slots=True)
class FeatureSpace:
    """The features that the training sequences have, and the blocks of any sequences over them.

    `ablated` names groups or blocks to leave out. `columns` holds, for each family of features, name → column.
    """

    ablated: tuple[str, ...] = ()
    least: int = 1
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    _rows: dict[tuple[str, object], tuple[list[int], list[float]]] = field(default_factory=dict, repr=False)

    def learn(self, sequences: Sequence[Sequence[Token]]) -> FeatureSpace:
        """This space with the features that stand at least `least` times in the sequences, sorted."""
        self._rows.clear()
        forms, ids, extras = _number_forms(sequences)
        counts = np.bincount(ids, minlength=len(forms))
        for group in GROUPS:
            self.columns[group] = self._collect([describe_form(form, group) for form in forms], counts, group)
        pairs, rows = _number_pairs(ids, _edges(sequences))
        texts = [describe_pair(forms[one], forms[other]) for one, other in pairs.tolist()]
        self.columns["pair"] = self._collect(texts, np.bincount(rows, minlength=len(pairs)), "pair")
        for place, column in enumerate(extras):
            name = f"extra{place}"
            self.columns[name] = self._collect([[(value, 1.0)] for value in column], np.ones(len(column)), name)
        return self

    def get_state(self) -> dict[str, Any]:
        """The features in the order of their columns, as plain JSON."""
        return {family: list(columns) for family, columns in self.columns.items()}

    @classmethod
    def from_state(cls, state: dict[str, list[str]], ablated: tuple[str, ...] = (), least: int = 1) -> FeatureSpace:
        """The space that `get_state` described."""
        columns = {family: {name: place for place, name in enumerate(names)} for family, names in state.items()}
        return cls(ablated, least, columns)

    def _collect(self, texts: list[list[tuple[str, float]]], counts: NDArray[Any], family: str) -> dict[str, int]:
        if family in self.ablated:
            return {}
        found: dict[str, int] = {}
        for names, count in zip(texts, counts.tolist(), strict=True):
            for name, _ in names:
                found[name] = found.get(name, 0) + int(count)
        kept = sorted(name for name, count in found.items() if count >= self.least)
        return {name: column for column, name in enumerate(kept)}

    def encode(self, sequences: Sequence[Sequence[Token]]) -> Encoded:
        """The blocks of sequences; features that training had not are left out."""
        forms, ids, extras = _number_forms(sequences)
        starts = np.cumsum([0, *map(len, sequences)])
        parts = [self._fill(forms, group, partial(describe_form, group=group)) for group in GROUPS]
        blocks = []
        for offset, reach in REACH.items():
            matrix = sparse.hstack(parts[:reach], format="csr")
            blocks.append(Block(f"form{offset:+}", matrix, _shift(ids, starts, offset, forms.index(EDGE))))
        pairs, rows = _number_pairs(ids, _edges(sequences))
        neighbours = [(forms[one], forms[other]) for one, other in pairs.tolist()]
        matrix = self._fill(neighbours, "pair", lambda pair: describe_pair(*pair))
        blocks += [Block("pair-1", matrix, rows[: len(ids)]), Block("pair+1", matrix, rows[len(ids) :])]
        for place, column in enumerate(extras):
            values = sorted({*column, EDGE})
            known = {value: row for row, value in enumerate(values)}
            matrix = self._fill(values, f"extra{place}", lambda value: [(value, 1.0)])
            numbered = np.array([known[value] for value in column], dtype=np.int64)
            blocks += [
                Block(f"extra{place}{offset:+}", matrix, _shift(numbered, starts, offset, known[EDGE]))
                for offset in EXTRA_REACH
            ]
        return Encoded(tuple(blocks), starts)

    def _fill(
        self, things: Sequence[Any], family: str, describe: Callable[[Any], list[tuple[str, float]]]
    ) -> sparse.csr_matrix:
        columns = self.columns.get(family, {})
        data: list[float] = []
        places: list[int] = []
        ends = [0]
        if len(self._rows) > REMEMBERED:
            self._rows.clear()
        for thing in things if columns else ():
            key = family, thing
            if key not in self._rows:
                known = [(columns[name], weight) for name, weight in describe(thing) if name in columns]
                self._rows[key] = [place for place, _ in known], [weight for _, weight in known]
            found, weights = self._rows[key]
            places += found
            data += weights
            ends.append(len(places))
        ends += [0] * (len(things) + 1 - len(ends))
        shape = (len(things), len(columns))
        return sparse.csr_matrix((np.array(data, dtype=np.float32), places, ends), shape=shape, dtype=np.float32)


def _number_forms(sequences: Sequence[Sequence[Token]]) -> tuple[list[str], Integers, list[list[str]]]:
    """The distinct forms, sorted, with the edge; each token's form; the extra columns, value by token."""
    tokens = [(token,) if isinstance(token, str) else token for sequence in sequences for token in sequence]
    width = len(tokens[0]) if tokens else 1
    forms = sorted({token[0] for token in tokens} | {EDGE})
    places = {form: place for place, form in enumerate(forms)}
    ids = np.array([places[token[0]] for token in tokens], dtype=np.int64)
    return forms, ids, [[token[place] for token in tokens] for place in range(1, width)]


def _edges(sequences: Sequence[Sequence[Token]]) -> Integers:
    return np.cumsum([0, *map(len, sequences)])


def _shift(rows: Integers, starts: Integers, offset: int, edge: int) -> Integers:
    """For each token the row of the one `offset` places further in its sequence, or the edge."""
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    places = np.arange(len(rows)) + offset
    inside = (places >= starts[owner]) & (places < starts[owner + 1]) if len(rows) else places.astype(bool)
    return np.where(inside, rows[np.clip(places, 0, max(len(rows) - 1, 0))], edge) if len(rows) else rows


def _number_pairs(ids: Integers, starts: Integers) -> tuple[Integers, Integers]:
    """The distinct pairs of neighbouring forms (pairs, 2); for each token its pair with the one before, then after.

    Beyond an end the edge, form 0, stands: it sorts first.
    """
    size = int(ids.max(initial=0)) + 1
    before, after = _shift(ids, starts, -1, 0), _shift(ids, starts, 1, 0)
    keys = np.concatenate([before * size + ids, ids * size + after])
    distinct, rows = np.unique(keys, return_inverse=True)
    return np.stack([distinct // size, distinct % size], axis=1), rows.reshape(-1)


def join_blocks(encoded: Encoded) -> sparse.csr_matrix:
    """The features of every token as one sparse matrix (tokens, features of all blocks), blocks side by side."""
    return sparse.hstack([block.matrix[block.rows] for block in encoded.blocks], format="csr")
