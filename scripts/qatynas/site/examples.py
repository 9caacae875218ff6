"""An example from the training documents for every label and relation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qatynas.document import Document

SPLIT = "train"
_SHORTEST = 40  # characters of a sentence that shows its label in use


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, and the mentions in it that show the label: one, or head and tail of a relation."""

    document: Document
    start: int
    end: int
    mentions: tuple[int, ...]


def choose_examples(documents: Sequence[Document], splits: Mapping[str, str]) -> dict[str, Example]:
    """For every label and relation that train has, the shortest sentence of at least 40 characters that shows it.

    Where there is none of that length, the shortest. Of equals the first document and place: the choice is fixed.
    """
    chosen: dict[str, tuple[tuple[bool, int, str, int, tuple[int, ...]], Example]] = {}
    for document in documents:
        if splits[document.doc_id] != SPLIT:
            continue
        for label, example in _list_examples(document):
            length = example.end - example.start
            key = (length < _SHORTEST, length, document.doc_id, example.start, example.mentions)
            if label not in chosen or key < chosen[label][0]:
                chosen[label] = key, example
    return {label: example for label, (_, example) in chosen.items()}


def _list_examples(document: Document) -> Iterator[tuple[str, Example]]:
    """Every mention, and every relation within one sentence, of the adjudicated reading."""
    mentions = document.gold.mentions
    for start, end in document.sentences:
        inside = {i for i, mention in enumerate(mentions) if start <= mention.start and mention.end <= end}
        for index in sorted(inside):
            yield mentions[index].type, Example(document, start, end, (index,))
        for relation in document.gold.relations:
            if {relation.head, relation.tail} <= inside:
                yield relation.type, Example(document, start, end, (relation.head, relation.tail))
