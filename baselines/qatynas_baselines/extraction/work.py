"""One part of an extraction: read, predicted, and written whole."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.parquet import tabulate_rows
from qatynas.rows import list_documents
from qatynas.storage import write_whole
from qatynas_baselines.extraction.ledger import place_part
from qatynas_baselines.extraction.parts import Columns, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from qatynas.document import Document
    from qatynas_baselines.extraction.parts import Part
    from qatynas_baselines.pipeline import Pipeline

_BATCH = 32  # documents that are read together


class Job(msgspec.Struct, frozen=True):
    """What is the same for all parts: the model file, the folder to write into, columns, the date of undated rows."""

    model: str
    output: str
    columns: Columns = Columns()
    date: str = ""


class Tally(msgspec.Struct, frozen=True):
    """What a part held: documents, and the bytes of their texts in UTF-8."""

    documents: int
    size: int


def extract_part(job: Job, part: Part) -> Tally:
    """The tally of a part, whose file is now written: a row a document with the features of config `documents`.

    Raises:
        QatynasError: for a row that cannot be read, and where the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    from threadpoolctl import threadpool_limits

    documents = read_part(part, job.columns, job.date)
    with threadpool_limits(1):  # one thread a worker: they share the machine
        table = tabulate_part(_load(job.model), documents)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(place_part(Path(job.output), part), sink.getvalue().to_pybytes())
    return Tally(len(documents), sum(len(document.text.encode()) for document in documents))


def tabulate_part(pipeline: Pipeline, documents: list[Document]) -> pa.Table:
    """What the pipeline finds in documents: a row each, with the features of config `documents`."""
    return tabulate_rows("documents", _read(pipeline, documents))


def _read(pipeline: Pipeline, documents: list[Document]) -> Iterator[dict[str, Any]]:
    """The rows of documents as the pipeline reads them; nobody knows genre and source."""
    waiting = iter(documents)
    while batch := list(islice(waiting, _BATCH)):
        for document, reading in zip(batch, pipeline.predict(batch), strict=True):
            for row in list_documents(replace(document, gold=reading)):
                yield row | {"genre": None, "source": None}


@lru_cache(maxsize=1)
def _load(model: str) -> Pipeline:
    """The pipeline, loaded once a process."""
    from qatynas_baselines.models import load_model

    return load_model(Path(model))[1]
