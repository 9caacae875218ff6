"""Counts of a whole set of documents: every measure and group by document, one array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qatynas.document import Reading
from qatynas.schema import load_schema
from qatynas.scoring.facts import ALL, NUMBER_MEASURES, Known, count_items
from qatynas.scoring.spans import COLUMNS, MEASURES, Spans, count_matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from qatynas.document import Document
    from qatynas.scoring.facts import Key

HEADLINE = (("entity", "strict", ALL), ("relation", "strict", ALL), ("number", "strict", ALL))
RECALL_GROUPS = ("seen", "unseen", "nested", "outermost")
DISTANCES = ("in_sentence", "cross_sentence")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts (documents, keys, 4) in the order of `doc_ids` and `keys`; the last axis is that of `count_matches`."""

    doc_ids: tuple[str, ...]
    sources: tuple[str, ...]
    keys: tuple[Key, ...]
    counts: NDArray[np.float64]

    def select(self, keys: Sequence[Key]) -> NDArray[np.float64]:
        """The counts of these keys (documents, keys, 4)."""
        return self.counts[:, [self.keys.index(key) for key in keys]]


def tally_readings(documents: Sequence[Document], predicted: Mapping[str, Reading], known: Known) -> Tally:
    """The counts of every measure, documents in the order of their ids; one without a reading counts as empty."""
    predicted = {document.doc_id: predicted.get(document.doc_id, Reading("system")) for document in documents}
    ordered = sorted(documents, key=lambda document: document.doc_id)
    cells: dict[Key, NDArray[np.float64]] = {key: np.zeros((len(ordered), COLUMNS)) for key in HEADLINE}
    for place, document in enumerate(ordered):
        for key, row in count_items(document, predicted[document.doc_id], known):
            cells.setdefault(key, np.zeros((len(ordered), COLUMNS)))[place] += row
    cells |= _tally_spans(ordered, predicted)
    keys = sorted(cells, key=_schema_order)
    counts = np.stack([cells[key] for key in keys], axis=1)
    return Tally(tuple(d.doc_id for d in ordered), tuple(d.source for d in ordered), tuple(keys), counts)


def _tally_spans(documents: Sequence[Document], predicted: Mapping[str, Reading]) -> dict[Key, NDArray[np.float64]]:
    labels = load_schema().entity_labels
    places = {label: place for place, label in enumerate(labels)}
    sides = [
        Spans.from_rows(
            (place, mention.start, mention.end, places[mention.type])
            for place, document in enumerate(documents)
            for mention in (predicted[document.doc_id] if side else document.gold).mentions
            if mention.type in places
        )
        for side in (False, True)
    ]
    counted = count_matches(sides[0], sides[1], len(documents), len(labels))
    cells: dict[Key, NDArray[np.float64]] = {}
    for measure in MEASURES:
        cells["entity", measure, ALL] = counted[measure].sum(axis=1)
        for label, place in places.items():
            if counted[measure][:, place].any():
                cells["entity", measure, label] = counted[measure][:, place]
    return cells


def _schema_order(key: Key) -> tuple[int, int, int]:
    """Headline measures first, then as the schema and the tables above have them."""
    task, measure, group = key
    tasks = ("entity", "relation", "number")
    measures = [*MEASURES, "name", "detection", "given_mentions", "entity_level", "entity_level_ign", "evidence"]
    measures += NUMBER_MEASURES
    groups = (ALL, *load_schema().labels, *load_schema().relation_labels, *RECALL_GROUPS, *DISTANCES)
    return tasks.index(task), measures.index(measure), groups.index(group)
