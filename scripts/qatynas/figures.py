"""The figures that the cards state, all counted from the data that is being built."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.columns import CONFIG_ROWS
from qatynas.document import group_entities, holds_mention
from qatynas.rows import list_candidates, list_documents, place_mentions
from qatynas.schema import load_schema
from qatynas.splits import SPLITS, count_unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

    from qatynas.document import Document, Reading
    from qatynas.results import StoredScore

    Tables = Mapping[tuple[str, str], pa.Table]
    Splits = Mapping[str, str]

PUBLISHED = "2026-11-23"  # the day of this version's data; CITATION.cff says the same (tests/test_cards.py)
RARE = 10  # a label with fewer mentions or relations in test says little there
SHOWN = 2  # items of each list in the example
AGREEMENT = {
    "strict": "span F1, strict",
    "partial": "span F1, partial",
    "relation": "relation F1",
    "values": "names and values on spans marked alike",
    "kappa": "Cohen's kappa over tokens",
}


def collect_figures(
    documents: Sequence[Document],
    splits: Splits,
    tables: Tables,
    digest: str,
    scores: Mapping[str, Mapping[str, StoredScore]],
) -> dict[str, Any]:
    """Every figure by name; the documents are sorted by id, the digest is that of the tables' content."""
    schema = load_schema()
    size = _count_size(documents, splits)
    mentions = _count_labels(documents, splits, list(schema.labels), _list_mention_labels)
    relations = _count_labels(documents, splits, list(schema.relation_labels), _list_relation_labels)
    return {
        "version": __version__,
        "digest": digest,
        "splits": SPLITS,
        "published": PUBLISHED,
        "hints": {label.label: label.hint for label in (*schema.labels.values(), *schema.relations)},
        "entity_types": len(schema.entities),
        "number_kinds": len(schema.numbers),
        "relation_types": len(schema.relations),
        "configs": [
            {"name": name, "row": row, **{split: len(tables[name, split]) for split in SPLITS}}
            for name, row in CONFIG_ROWS.items()
        ],
        "size": size,
        "total": {name: sum(row.values()) for name, row in size.items()},
        "tokens": sum(len(row) for split in SPLITS for row in tables["ner", split]["tokens"].to_pylist()),
        "sources": {source: _join_splits(documents, splits, source) for source in schema.sources},
        "genres": Counter(document.genre for document in documents),
        "dates": (min((d.date for d in documents), default=""), max((d.date for d in documents), default="")),
        "mentions": mentions,
        "relations": relations,
        "number_total": sum(sum(mentions[label].values()) for label in schema.number_labels),
        "outside": sum(map(_count_outside, documents)),
        "unseen": count_unseen(documents, splits),
        "rare_limit": RARE,
        "rare": {label: row[SPLITS[2]] for label, row in (mentions | relations).items() if row[SPLITS[2]] < RARE},
        "readings": _describe_readings(documents),
        "agreement": _describe_agreement(documents),
        "scores": scores,
        "example": _choose_example(documents, splits),
    }


def _count_size(documents: Sequence[Document], splits: Splits) -> dict[str, dict[str, int]]:
    """Counts by measure and split."""
    measures: dict[str, Callable[[Document], int]] = {
        "documents": lambda _: 1,
        "characters": lambda document: len(document.text),
        "sentences": lambda document: len(document.sentences),
        "mentions": lambda document: len(document.gold.mentions),
        "nested": lambda document: _count_nested(document.gold),
        "entities": lambda document: len(group_entities(document.gold, document.text)),
        "numbers": lambda document: sum(mention.number is not None for mention in document.gold.mentions),
        "relations": lambda document: len(document.gold.relations),
        "across": _count_across,
    }
    size = {
        name: _add_up(splits, ((document, measure(document)) for document in documents))
        for name, measure in measures.items()
    }
    stories = {(splits[document.doc_id], document.story) for document in documents}
    return {"stories": {split: sum(place == split for place, _ in stories) for split in SPLITS}, **size}


def _add_up(splits: Splits, counted: Iterable[tuple[Document, int]]) -> dict[str, int]:
    counts = dict.fromkeys(SPLITS, 0)
    for document, count in counted:
        counts[splits[document.doc_id]] += count
    return counts


def _count_nested(reading: Reading) -> int:
    """The number of mentions inside a longer one."""
    return sum(any(holds_mention(outer, inner) for outer in reading.mentions) for inner in reading.mentions)


def _count_across(document: Document) -> int:
    """The number of relations whose mentions begin in different sentences."""
    places = place_mentions(document, document.gold.mentions)
    return sum(places[relation.head] != places[relation.tail] for relation in document.gold.relations)


def _count_outside(document: Document) -> int:
    """The number of relations that the window of the config `relations` does not hold."""
    candidates = set(list_candidates(document))
    return sum((relation.head, relation.tail) not in candidates for relation in document.gold.relations)


def _count_labels(
    documents: Sequence[Document],
    splits: Splits,
    labels: Sequence[str],
    list_labels: Callable[[Document], list[str]],
) -> dict[str, dict[str, int]]:
    """Counts by label and split, every label with a row."""
    counts = {split: Counter[str]() for split in SPLITS}
    for document in documents:
        counts[splits[document.doc_id]].update(list_labels(document))
    return {label: {split: counts[split][label] for split in SPLITS} for label in labels}


def _list_mention_labels(document: Document) -> list[str]:
    return [mention.type for mention in document.gold.mentions]


def _list_relation_labels(document: Document) -> list[str]:
    return [relation.type for relation in document.gold.relations]


def _join_splits(documents: Sequence[Document], splits: Splits, source: str) -> dict[str, Any]:
    """The number of documents of a source, where they are and how they are called."""
    chosen = [document for document in documents if document.source == source]
    return {
        "count": len(chosen),
        "ids": [document.doc_id for document in chosen],
        "splits": [split for split in SPLITS if any(splits[document.doc_id] == split for document in chosen)],
    }


def _describe_readings(documents: Sequence[Document]) -> dict[str, Any]:
    """How many readings there are, under which guidelines, and in which documents the raw ones are the same."""
    raw = [reading for document in documents for reading in document.readings]
    versions = Counter(reading.guidelines for reading in raw)
    same = [document for document in documents if len({(r.mentions, r.relations) for r in document.readings}) == 1]
    return {
        "total": len(raw) + len(documents),
        "raw": len(raw),
        "each": sorted({len(document.readings) for document in documents}),
        "versions": sorted(versions.items(), key=lambda item: item[0] or 0),
        "gold_versions": sorted({document.gold.guidelines or 0 for document in documents}),
        "same": {
            document.doc_id: (len(document.readings[0].mentions), len(document.readings[0].relations))
            for document in same
            if len(document.readings) > 1
        },
    }


def _describe_agreement(documents: Sequence[Document]) -> list[dict[str, Any]]:
    from qatynas.agreement import ALL, measure_agreement  # with NumPy

    scores = measure_agreement(documents).scores
    return [
        {"measure": title, "score": scores[measure][ALL]}
        for measure, title in AGREEMENT.items()
        if ALL in scores[measure]
    ]


def _choose_example(documents: Sequence[Document], splits: Splits) -> dict[str, Any] | None:
    """The row of train's shortest document, of each list the first items, and the lengths of the lists."""
    chosen = [document for document in documents if splits[document.doc_id] == SPLITS[0]]
    if not chosen:
        return None
    document = min(chosen, key=lambda document: (len(document.text), document.doc_id))
    (row,) = list_documents(document)
    lists = {name: value for name, value in row.items() if isinstance(value, list)}
    return {
        "row": row | {name: value[:SHOWN] for name, value in lists.items()},
        "lengths": {name: len(value) for name, value in lists.items()},
        "shown": SHOWN,
    }
