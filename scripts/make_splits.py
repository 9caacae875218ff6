"""Make `annotations/splits.csv` once; it is frozen afterwards, since scores compare systems on the same split.

Documents are cut into five folds by scikit-learn's StratifiedGroupKFold (groups: stories; strata: families of genres,
since no genre has as many documents as there are folds). The fold of the official releases is test, the next one
validation, the other three train. The first seed from SEED on is taken with which every label stands at least LEAST
times in train and in test; if none is, the one with the fewest rare labels.

Run in a checkout: python scripts/make_splits.py annotations
"""

from __future__ import annotations

import csv
import io
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from qatynas.checks.corpus import LEAST
from qatynas.errors import QatynasError
from qatynas.label_studio import to_document
from qatynas.schema import load_schema
from qatynas.splits import COLUMNS, SPLITS
from qatynas.storage import write_whole
from qatynas.task_files import read_known_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qatynas.document import Document

FOLDS = 5
SEED = 20_250_802
TRIES = 200
FAMILIES = (
    ("ministers-talks", "phone-call", "visit", "consultations", "credentials"),
    ("summit", "commission", "signing", "vote", "election-observation"),
    ("forum", "transit", "energy"),
    ("briefing", "message", "anniversary", "consular", "culture", "aid"),
)


def make_splits(documents: Sequence[Document]) -> dict[str, str]:
    """The split of every document, by its id."""
    ordered = sorted(documents, key=lambda document: document.doc_id)
    draws = (_draw_splits(ordered, seed) for seed in range(SEED, SEED + TRIES))
    return min(draws, key=lambda splits: len(find_rare_labels(ordered, splits)))


def find_rare_labels(documents: Sequence[Document], splits: dict[str, str]) -> list[str]:
    """The labels and relations that stand fewer than LEAST times in train or in test, with their counts."""
    rare = []
    for split in (SPLITS[0], SPLITS[2]):
        golds = [document.gold for document in documents if splits[document.doc_id] == split]
        counts = Counter(mention.type for gold in golds for mention in gold.mentions)
        counts += Counter(relation.type for gold in golds for relation in gold.relations)
        names = (*load_schema().labels, *load_schema().relation_labels)
        rare += [f"{name} {counts[name]} in {split}" for name in names if counts[name] < LEAST]
    return rare


def _draw_splits(documents: Sequence[Document], seed: int) -> dict[str, str]:
    families = [next(f for f, genres in enumerate(FAMILIES) if document.genre in genres) for document in documents]
    stories = [document.story for document in documents]
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a family may have fewer documents than there are folds
        held = [set(test) for _, test in folds.split(np.zeros(len(families)), families, stories)]
    official = {place for place, document in enumerate(documents) if document.source == "official"}
    test = next((place for place, fold in enumerate(held) if fold & official), 0)
    names = dict.fromkeys(held[test] | official, SPLITS[2])
    names = dict.fromkeys(held[(test + 1) % FOLDS] - official, SPLITS[1]) | names
    return {document.doc_id: names.get(place, SPLITS[0]) for place, document in enumerate(documents)}


def main() -> None:
    """Write the splits of the annotations in the folder that the command line names."""
    folder = Path(sys.argv[1])
    tasks, issues = read_known_tasks(folder / "tasks")
    if issues:
        raise QatynasError(issues[0], "mend the annotations first")
    documents = [to_document(task) for task in tasks]
    splits = make_splits(documents)
    for rare in find_rare_labels(documents, splits):
        sys.stderr.write(f"rare: {rare}\n")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *sorted(splits.items())])
    write_whole(folder / "splits.csv", text.getvalue().encode())


if __name__ == "__main__":
    main()
