"""Checks of all documents together: their ids, their splits, the data set built from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qatynas.checks.text import list_gold
from qatynas.duplicates import find_near_duplicates
from qatynas.label_studio import LabelsRow, RelationRow
from qatynas.schema import load_schema
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qatynas.label_studio import Annotation, Task

    Finding = tuple[str, str, str]

ENOUGH_DOCUMENTS = 20
LEAST = 5


@dataclass(frozen=True)
class Corpus:
    """The tasks to be checked, the split of each document where splits are known, and what the data set lacks.

    `stale` holds (doc_id, place, message) for every difference between the built data set and a rebuild; `whole` says
    that there are no documents beside these.
    """

    tasks: list[Task]
    splits: Mapping[str, str] | None = None
    stale: list[Finding] = field(default_factory=list)
    whole: bool = False


def doc_id_twice(corpus: Corpus) -> Iterator[Finding]:
    """No two documents have one id."""
    for doc_id, count in Counter(task.data.doc_id for task in corpus.tasks).items():
        if count > 1:
            yield doc_id, "data.doc_id", f"{count} documents have this id: rename all but one"


def split_missing(corpus: Corpus) -> Iterator[Finding]:
    """Every document is in a split, and every line of splits.csv has its document."""
    known = {task.data.doc_id for task in corpus.tasks}
    for doc_id in sorted(set(corpus.splits or {}) - known if corpus.whole else ()):
        yield doc_id, "splits.csv", "has a line, but no document has this id: delete the line, or restore the document"
    for doc_id in sorted(known):
        if corpus.splits is not None and doc_id not in corpus.splits:
            yield doc_id, "splits.csv", "has no line for this document: add one"


def split_unknown(corpus: Corpus) -> Iterator[Finding]:
    """Every split is train, validation or test."""
    for doc_id in sorted({task.data.doc_id for task in corpus.tasks}):
        split = (corpus.splits or {}).get(doc_id, SPLITS[0])
        if split not in SPLITS:
            yield doc_id, "splits.csv", f"{split!r} is none of {', '.join(SPLITS)}: choose one"


def story_in_two_splits(corpus: Corpus) -> Iterator[Finding]:
    """Documents of one story stand in one split."""
    found: dict[str, dict[str, str]] = {}
    for task in sorted(corpus.tasks, key=lambda task: (task.data.doc_id, task.data.story)):
        split = (corpus.splits or {}).get(task.data.doc_id)
        if split:
            found.setdefault(task.data.story, {}).setdefault(split, task.data.doc_id)
    for story, splits in found.items():
        for split, doc_id in list(splits.items())[1:]:
            first = next(iter(splits))
            yield doc_id, "splits.csv", f"story {story!r} is in {first} ({splits[first]}) and {split}: move one"


def near_duplicate_in_two_splits(corpus: Corpus) -> Iterator[Finding]:
    """No two documents of different splits share much of their wording."""
    splits = corpus.splits or {}
    texts = dict(sorted((task.data.doc_id, task.data.text) for task in corpus.tasks))
    if len(set(map(splits.get, texts))) < 2:
        return
    for one, other, share in find_near_duplicates(texts):
        if splits.get(one) != splits.get(other):
            yield other, "data.text", f"shares {share:.0%} of its word 5-grams with {one} of another split: move one"


def label_rare(corpus: Corpus) -> Iterator[Finding]:
    """Every label and relation stands at least five times in train and in test, once there are twenty documents."""
    if len(corpus.tasks) < max(ENOUGH_DOCUMENTS, len(corpus.splits or {}) / 2):
        return  # a corpus that is still being made, or a few files of one
    counts = {split: Counter[str]() for split in SPLITS}
    for task in corpus.tasks:
        if (split := (corpus.splits or {}).get(task.data.doc_id)) in counts:
            counts[split].update(label for annotation in list_gold(task) for label in _list_labels(annotation))
    for split in (SPLITS[0], SPLITS[2]):
        for label in (*load_schema().labels, *load_schema().relation_labels):
            if counts[split][label] < LEAST:
                fault = f"{label} stands {counts[split][label]} times in {split}, expected {LEAST}"
                yield "corpus", "splits.csv", f"{fault}: add documents that have it"


def _list_labels(annotation: Annotation) -> Iterator[str]:
    for row in annotation.result:
        if isinstance(row, LabelsRow):
            yield from row.value.labels
        elif isinstance(row, RelationRow):
            yield from row.labels


def dataset_stale(corpus: Corpus) -> Iterator[Finding]:
    """The data set is what a rebuild from the annotations gives."""
    yield from corpus.stale


CORPUS_CHECKS = (
    doc_id_twice,
    split_missing,
    split_unknown,
    story_in_two_splits,
    near_duplicate_in_two_splits,
    label_rare,
    dataset_stale,
)
