"""Prints what extraction costs, engine by engine and worker by worker: `make bench-extract`.

The corpus is made of the composed texts: paragraphs of all of them, drawn with a seed into documents of the length of a
release, as many as the megabytes that are asked for. Every engine runs in a process of its own; `loop` is the plain
loop over the documents, without parts and files but with one file at the end. All outputs are compared row for row.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from qatynas import load_documents
from qatynas_baselines.models import save_model
from qatynas_baselines.run import train_system

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20_250_802
PARAGRAPHS = 8  # of a document
RUNS = (("loop", 1), ("local", 1), ("local", 2), ("ray", 1), ("ray", 2))
LOOP = """
import sys
from pathlib import Path
import pyarrow.parquet as pq
from qatynas_baselines.extraction.parts import Columns, list_parts, read_part
from qatynas_baselines.extraction.work import tabulate_part
from qatynas_baselines.models import load_model
_, pipeline = load_model(Path(sys.argv[1]))
parts = list_parts([Path(sys.argv[2])], 500)
tables = [tabulate_part(pipeline, read_part(part, Columns())) for part in parts]
import pyarrow as pa
Path(sys.argv[3]).mkdir()
pq.write_table(pa.concat_tables(tables), Path(sys.argv[3]) / "all.parquet", compression="zstd")
"""
# Linux counts the largest process in KiB.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def make_corpus(path: Path, megabytes: float) -> int:
    """The number of documents in a Parquet file of so many megabytes of text in UTF-8, which is now written."""
    rows = list(_draw_documents(megabytes * 1e6))
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=5000, compression="zstd")
    return len(rows)


def _draw_documents(size: float) -> Iterator[dict[str, str]]:
    chance = random.Random(SEED)  # noqa: S311
    composed = [document for document in load_documents() if document.source == "composed"]
    paragraphs = sorted({line for document in composed for line in document.text.split("\n") if line})
    written = 0
    while written < size:
        text = "\n".join(chance.sample(paragraphs, PARAGRAPHS))
        written += len(text.encode())
        yield {"doc_id": f"d{written}", "text": text, "date": "2025-08-02"}


def run_engine(engine: str, workers: int, model: Path, corpus: Path, output: Path) -> tuple[float, float]:
    """The seconds that a run took as a process, and the largest memory of one of its processes in MB."""
    if engine == "loop":
        command = [sys.executable, "-c", LOOP, str(model), str(corpus), str(output)]
    else:
        command = [sys.executable, "-c", "from qatynas.cli import main; main()", "--quiet", "extract"]
        command += ["--model", str(model), "--input", str(corpus), "--output", str(output)]
        command += ["--engine", engine, "--workers", str(workers)]
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", WATCH, *command], check=True, capture_output=True, text=True)
    return time.perf_counter() - begun, float(done.stdout) / 1000


def read_rows(output: Path) -> pa.Table:
    """All rows of an output, in the order of the input."""
    return pa.concat_tables(pq.read_table(path) for path in sorted(output.glob("*.parquet"))).combine_chunks()


def main() -> None:
    """Print the table."""
    system, megabytes = sys.argv[1], float(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        model, corpus = folder / "model.safetensors", folder / "corpus.parquet"
        save_model(train_system(system), model, system)
        documents = make_corpus(corpus, megabytes)
        print(f"{documents:,} documents, {megabytes:g} MB of text, {system}")
        print(f"{'engine':10}{'workers':>9}{'seconds':>10}{'documents/s':>13}{'MB/s':>8}{'speed-up':>10}{'MB peak':>9}")
        first, rows = 0.0, None
        for engine, workers in RUNS:
            output = folder / f"{engine}{workers}"
            seconds, peak = run_engine(engine, workers, model, corpus, output)
            first, found = first or seconds, read_rows(output)
            same = "" if rows is None or found.equals(rows) else "  other rows"
            rows = found if rows is None else rows
            print(
                f"{engine:10}{workers:9}{seconds:10.1f}{documents / seconds:13.1f}{megabytes / seconds:8.3f}"
                f"{first / seconds:10.2f}{peak:9.0f}{same}",
                flush=True,
            )


if __name__ == "__main__":
    main()
