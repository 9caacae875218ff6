"""Counts of what the data set holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from qatynas.data import load
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasets import DatasetDict

    Table = dict[str, dict[str, int]]


def count_dataset() -> dict[str, Table]:
    """Counts by split, table by table: `size`, `mentions`, `relations`, `entities`.

    `nested` counts the mentions inside a longer one, `holding others` those around a shorter one, `cross-sentence` the
    relations whose two mentions begin in different sentences, `unseen in train` the entities whose type and name no
    training document has.
    """
    documents = load("documents")
    return {
        "size": _count_size(documents),
        "mentions": _count_labels(documents, "mentions"),
        "relations": _count_labels(documents, "relations"),
        "entities": _count_entities(documents),
    }


def _count_size(documents: DatasetDict) -> Table:
    sentences = load("ner")
    measures: dict[str, Callable[[dict[str, Any]], int]] = {
        "documents": lambda _: 1,
        "sentences": lambda row: len(row["sentences"]),
        "mentions": lambda row: len(row["mentions"]),
        "nested": lambda row: sum(any(_holds(b, a) for b in row["mentions"]) for a in row["mentions"]),
        "holding others": lambda row: sum(any(_holds(a, b) for b in row["mentions"]) for a in row["mentions"]),
        "numbers": lambda row: len(row["numbers"]),
        "entities": lambda row: len(row["entities"]),
        "relations": lambda row: len(row["relations"]),
        "cross-sentence": lambda row: sum(len(relation["evidence"]) > 1 for relation in row["relations"]),
    }
    table = {
        name: {split: sum(map(measure, documents[split])) for split in SPLITS} for name, measure in measures.items()
    }
    table["tokens"] = {split: sum(len(row["tokens"]) for row in sentences[split]) for split in SPLITS}
    return table


def _holds(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
    """Whether the outer mention is the longer one and covers the inner."""
    longer = outer["end"] - outer["start"] > inner["end"] - inner["start"]
    return longer and bool(outer["start"] <= inner["start"] and inner["end"] <= outer["end"])


def _count_labels(documents: DatasetDict, column: str) -> Table:
    label = documents["test"].features[column].feature["type"]
    counts = {split: Counter(item["type"] for row in documents[split] for item in row[column]) for split in SPLITS}
    return {name: {split: counts[split][number] for split in SPLITS} for number, name in enumerate(label.names)}


def _count_entities(documents: DatasetDict) -> Table:
    label = documents["test"].features["entities"].feature["type"]
    seen = {(entity["type"], entity["name"]) for row in documents["train"] for entity in row["entities"]}
    table: Table = {}
    for number, name in enumerate(label.names):
        for suffix, novel in (("", False), (" unseen in train", True)):
            table[name + suffix] = {
                split: sum(
                    entity["type"] == number and not (novel and (number, entity["name"]) in seen)
                    for row in documents[split]
                    for entity in row["entities"]
                )
                for split in SPLITS
            }
    return table
