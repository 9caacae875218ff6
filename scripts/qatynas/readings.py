"""Two sides of one document's readings: what each says, where they differ, and which of them has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.label_studio import LabelsRow, RelationRow, attribute_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qatynas.label_studio import Annotation, AttributeRow, Row

SHOWN = 3  # differences in a line


@dataclass(frozen=True, slots=True)
class Step:
    """One reading that the two sides do not share; `None` stands for a side that has none.

    `side` is who changed it since the last push: "ours", "theirs", or "both" where it cannot be settled by itself.
    """

    ours: Annotation | None
    theirs: Annotation | None
    side: str

    @property
    def annotator(self) -> str:
        """Whose reading it is."""
        found = self.ours or self.theirs
        return found.annotator if found else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One document's reading, or its data, that is not the same on both sides: what is the matter, and wherein."""

    doc_id: str
    annotator: str
    fault: str
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = len(self.differences) - SHOWN
        told = [*self.differences[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
        head = f"{self.doc_id} {self.annotator}".rstrip()
        return ": ".join([head, self.fault, *(["; ".join(told)] if told else [])])


def match_readings(
    ours: Sequence[Annotation], theirs: Sequence[Annotation], base: Mapping[str, list[str]]
) -> list[Step]:
    """What is not the same on both sides, reading by reading; `base` has the hashes of the last push, by annotator.

    Without a base nobody can tell who changed what: two counted readings of one annotator that differ are a conflict,
    all else is added.
    """
    names = dict.fromkeys(annotation.annotator for annotation in (*ours, *theirs))
    steps: list[Step] = []
    for name in names:
        here, there = ([reading for reading in side if reading.annotator == name] for side in (ours, theirs))
        steps += _match(here, there, Counter(base.get(name, ())))
    return steps


def _match(ours: list[Annotation], theirs: list[Annotation], base: Counter[str]) -> Iterator[Step]:
    """The steps of one annotator: equal readings part first, then those that only one side has changed."""
    shared = Counter(map(hash_annotation, ours)) & Counter(map(hash_annotation, theirs))
    base = base - shared
    our_old, our_new = _part(_drop(ours, shared), base)
    their_old, their_new = _part(_drop(theirs, shared), base)
    lost = base - Counter(map(hash_annotation, (*our_old, *their_old)))  # changed, or deleted, on both sides
    while our_old and their_new:
        yield Step(our_old.pop(0), their_new.pop(0), "theirs")
    while their_old and our_new:
        yield Step(our_new.pop(0), their_old.pop(0), "ours")
    yield from (Step(None, annotation, "ours") for annotation in their_old)
    yield from (Step(annotation, None, "both") for annotation in our_old)
    left = lost.total()
    for annotation in their_new:
        rival = next((known for known in our_new if left or _is_rival(known, annotation)), None)
        if rival is not None:
            our_new.remove(rival)
        yield Step(rival, annotation, "both" if rival is not None or left else "theirs")
        left = max(left - 1, 0)
    for place, annotation in enumerate(our_new):
        yield Step(annotation, None, "both" if place < left else "ours")


def _drop(annotations: list[Annotation], shared: Counter[str]) -> list[Annotation]:
    left, kept = Counter(shared), []
    for annotation in annotations:
        own = hash_annotation(annotation)
        if left[own]:
            left[own] -= 1
        else:
            kept.append(annotation)
    return kept


def _part(annotations: list[Annotation], base: Counter[str]) -> tuple[list[Annotation], list[Annotation]]:
    """Those that are as they were pushed, and those that are not."""
    old = [annotation for annotation in annotations if base[hash_annotation(annotation)]]
    return old, [annotation for annotation in annotations if annotation not in old]


def _is_rival(one: Annotation, other: Annotation) -> bool:
    return one.annotator == other.annotator != "" and not one.was_cancelled and not other.was_cancelled


def compare_annotations(one: Annotation, other: Annotation) -> bool:
    """Whether two annotations say the same: annotator, marks, and rows, in any order.

    A server gives rows in another order and may leave out or repeat what follows from others (a region's text, the
    offsets on an attribute), so that only what a row says of its own is compared.
    """
    return _describe(one) == _describe(other)


def hash_annotation(annotation: Annotation) -> str:
    """The SHA-256 of what an annotation says, in hexadecimal: the same where `compare_annotations` finds the same.

    It is kept on a server beside each annotation that is put there, so that it can be told later which side changed.
    """
    return hashlib.sha256(repr(_describe(annotation)).encode(errors="surrogatepass")).hexdigest()


def hash_annotations(annotations: Iterable[Annotation]) -> dict[str, list[str]]:
    """The hashes of annotations by annotator, sorted: what a push keeps in `meta.qatynas` on the server."""
    hashes: dict[str, list[str]] = {}
    for annotation in annotations:
        hashes.setdefault(annotation.annotator, []).append(hash_annotation(annotation))
    return {annotator: sorted(hashes[annotator]) for annotator in sorted(hashes)}


def _describe(annotation: Annotation) -> tuple[object, ...]:
    rows = sorted(repr(_describe_row(row)) for row in annotation.result)
    return annotation.annotator, annotation.ground_truth, annotation.was_cancelled, rows


def _describe_row(row: Row) -> tuple[object, ...]:
    if isinstance(row, RelationRow):
        return (*row.ends, row.direction in {"left", "right"}, sorted(row.labels))
    if isinstance(row, LabelsRow):
        return row.id, row.from_name, row.value.start, row.value.end, sorted(row.value.labels)
    return row.id, row.from_name, _read_value(row)


def _read_value(row: AttributeRow) -> str | float | bool:
    value = attribute_value(row)
    return int(value) if isinstance(value, float) and value.is_integer() else value  # a browser writes 3.0 as 3


def list_differences(ours: Annotation | None, theirs: Annotation | None, text: str) -> tuple[str, ...]:
    """Wherein two readings of one text differ, each difference as "place: here, there"."""
    if ours is None or theirs is None:
        return ("it is not here any more" if ours is None else "it is not on the server any more",)
    here, there = _list_facts(ours, text), _list_facts(theirs, text)
    keys = [key for key in here | there if here.get(key) != there.get(key)]
    return tuple(f"{key}: {here.get(key, 'nothing')} here, {there.get(key, 'nothing')} there" for key in keys)


def _list_facts(annotation: Annotation, text: str) -> dict[str, str]:
    """What an annotation says, by place: a region, an attribute on it, the ends of a relation, the marks."""
    facts: dict[str, list[str]] = {}
    for mark in ("ground_truth", "was_cancelled"):
        facts[mark] = [str(getattr(annotation, mark)).lower()]
    for row in annotation.result:
        if isinstance(row, RelationRow):
            facts.setdefault("→".join(row.ends), []).extend(row.labels)
        elif isinstance(row, LabelsRow):
            start, end = row.value.start, row.value.end
            said = f"{'/'.join(row.value.labels)} {start}–{end} {text[start:end]!r}"
            facts.setdefault(f"{row.id} {row.from_name}", []).append(said)
        else:
            facts.setdefault(f"{row.id} {row.from_name}", []).append(repr(_read_value(row)))
    return {key: ", ".join(sorted(said)) for key, said in facts.items()}
