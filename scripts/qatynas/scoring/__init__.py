"""The reference scorer of this benchmark: predictions against the adjudicated readings.

Everything is counted on character spans; no tokenisation enters. Scores are sums over documents, so that none depends
on their order; intervals resample documents (`intervals`). Measures, by task:

- entity: `strict` (borders and label), `boundary`, `partial`, `type` (see `spans`), `name` (strict, with its name);
- relation: `strict` (borders and labels of both mentions, and the relation's label), `boundary`, `given_mentions`
  (strict, among the relations whose two mentions both sides have), `entity_level`, `entity_level_ign` and `evidence`
  (DocRED's, see `facts`);
- number: `strict` (span, kind and all normalised fields), `detection` (span and kind), `value`, `unit`, `modifier`,
  `target`, `date` (span, kind and that field), `given_mentions` (all fields, among the spans and kinds of both sides).

Groups are `all` (micro), `macro` (the mean over labels that either side has), each label, the source of the documents,
for strict entities `seen`, `unseen`, `nested`, `outermost` (recall alone), for strict relations `in_sentence` and
`cross_sentence`. `overall` is the mean of the three strict micro F1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.data import hash_dataset, list_splits, load_documents
from qatynas.errors import QatynasError
from qatynas.predictions import read_predictions
from qatynas.scoring.facts import learn_known
from qatynas.scoring.intervals import Resampling
from qatynas.scoring.report import (
    DEFAULT,
    Difference,
    Report,
    Score,
    compare_tallies,
    compute_report,
    sign,
    write_signature,
)
from qatynas.scoring.table import print_differences, print_report
from qatynas.scoring.tally import tally_readings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qatynas.document import Reading
    from qatynas.issue import Issue

__all__ = [
    "Difference",
    "Report",
    "Resampling",
    "Score",
    "compare_files",
    "print_differences",
    "print_report",
    "score_file",
    "score_readings",
    "write_signature",
]


def score_readings(predicted: Mapping[str, Reading], split: str = "test", resampling: Resampling = DEFAULT) -> Report:
    """The scores of readings by document id; a document of the split without one counts as empty.

    Raises:
        QatynasError: for a split or document that does not exist.

    >>> gold = {document.doc_id: document.gold for document in load_documents("test")}
    >>> score_readings(gold, "test", Resampling(10)).find("overall").f1
    1.0
    """
    documents = load_documents(split)
    ids = {document.doc_id for document in documents}
    unknown = sorted(set(predicted) - ids)
    if unknown:
        raise QatynasError(f"document {unknown[0]!r}", f"is not in the split {split}", "score the split that has it")
    tally = tally_readings(documents, predicted, learn_known(load_documents("train")))
    missing = sorted(ids - set(predicted))
    signature = sign(split, len(documents), hash_dataset(), len(missing), resampling)
    return compute_report(tally, signature, missing, resampling)


def score_file(
    path: Path, split: str = "test", resampling: Resampling = DEFAULT, *, allow_missing: bool = False
) -> tuple[Report | None, list[Issue]]:
    """The scores of a predictions file, or, with None, everything that is wrong with it."""
    predicted, issues = _read(path, split, allow_missing=allow_missing)
    if issues:
        return None, issues
    return score_readings(predicted, split, resampling), []


def compare_files(
    one: Path, other: Path, split: str = "test", resampling: Resampling = DEFAULT, *, allow_missing: bool = False
) -> tuple[tuple[Difference, ...], list[Issue]]:
    """The headline scores of two predictions files and whether they differ, or everything that is wrong with them."""
    documents, known = load_documents(split), learn_known(load_documents("train"))
    sides = [_read(path, split, allow_missing=allow_missing) for path in (one, other)]
    faults = [issue for _, issues in sides for issue in issues]
    if faults:
        return (), faults
    first, second = (tally_readings(documents, predicted, known) for predicted, _ in sides)
    return compare_tallies(first, second, resampling), []


def _read(path: Path, split: str, *, allow_missing: bool) -> tuple[dict[str, Reading], list[Issue]]:
    """The readings of a predictions file by document, without those that it lacks, and its faults."""
    documents = load_documents(split)
    return read_predictions(path, documents, allow_missing=allow_missing, elsewhere=list_splits())
