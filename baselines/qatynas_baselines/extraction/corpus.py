"""Extraction from a corpus: its parts, read by workers and written whole, in a folder that can be taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.storage import lock_folder
from qatynas_baselines.extraction.engines import run_parts
from qatynas_baselines.extraction.ledger import list_undone, make_ledger, open_output
from qatynas_baselines.extraction.parts import Columns, count_documents, list_parts
from qatynas_baselines.extraction.work import Job, Tally
from qatynas_baselines.models import load_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def extract_corpus(  # noqa: PLR0913
    model: Path,
    paths: Sequence[Path],
    output: Path,
    *,
    columns: Columns | None = None,
    date: str = "",
    engine: str = "local",
    workers: int = 1,
    address: str | None = None,
    part_rows: int = 500,
    tell: Callable[[int, int], None] | None = None,
) -> Tally:
    """What was read in this run: documents, and the bytes of their texts. Parts that are done already are left alone.

    Every part of at most `part_rows` rows becomes one Parquet file in `output`, a row a document, with the features of
    config `documents`; who does the work changes no byte of it. `date` is the release date of rows that bring none,
    `address` that of a Ray cluster, and `tell` hears how many documents of how many are done.

    Raises:
        QatynasError: for a model, an input or a row that cannot be read, an output that belongs to another extraction
            or is being written, and where the extra `scale` is missing.
    """
    columns = columns or Columns()
    load_model(model)  # before anything is written
    parts = list_parts(paths, part_rows)
    ledger = make_ledger(model, paths, columns, date, part_rows)
    output.mkdir(parents=True, exist_ok=True)
    with lock_folder(output, output):
        open_output(output, ledger)
        todo = list_undone(output, parts)
        total = count_documents(parts)
        done, size, before = 0, 0, total - count_documents(todo)
        for tally in run_parts(Job(str(model), str(output), columns, date), todo, engine, workers, address):
            done, size = done + tally.documents, size + tally.size
            if tell is not None:
                tell(before + done, total)
    return Tally(done, size)
