"""The command `qatynas extract`."""

from __future__ import annotations

import os
import time
from glob import glob
from pathlib import Path

import click

from qatynas.errors import QatynasError
from qatynas.options import FILE, FOLDER
from qatynas.talk import tell, track


@click.command()
@click.option("--model", type=FILE, required=True, help="A file of `qatynas baseline train`.")
@click.option("--input", "pattern", metavar="PATTERN", required=True, help="Parquet or .jsonl files, as a glob.")
@click.option("--output", type=FOLDER, required=True, help="Folder of the parts; one that was begun is completed.")
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--workers", type=click.IntRange(1), help="Processes; as many as there are processors if not given.")
@click.option("--address", help="A Ray cluster's; without it Ray is started on this machine.")
@click.option("--part-rows", type=click.IntRange(1), default=500, show_default=True, help="Rows of a part, at most.")
@click.option("--text", default="text", show_default=True, help="The column of texts.")
@click.option("--id", "doc_id", default="doc_id", show_default=True, help="The column of ids, if there is one.")
@click.option("--date-column", default="date", show_default=True, help="The column of release dates, if there is one.")
@click.option("--date", default="", help="Release date of rows that bring none, for relative dates.")
def extract(  # noqa: PLR0913, PLR0917
    model: Path,
    pattern: str,
    output: Path,
    engine: str,
    workers: int | None,
    address: str | None,
    part_rows: int,
    text: str,
    doc_id: str,
    date_column: str,
    date: str,
) -> None:
    """Read a corpus: mentions, numbers and relations of every text, as Parquet with the features of `documents`.

    A part is written whole or not at all. The same command again goes on where it stopped, and refuses a folder that
    belongs to another model or input.

    Example: qatynas extract --model model.safetensors --input 'pages/*.parquet' --output found
    """
    from qatynas_baselines.extraction.corpus import extract_corpus
    from qatynas_baselines.extraction.parts import Columns

    paths = [Path(path) for path in sorted(glob(pattern))]  # noqa: PTH207 (a pattern may be absolute)
    if not paths:
        raise QatynasError(f"--input {pattern!r}", "matches no file", "name Parquet or .jsonl files, in quotes")
    begun = time.monotonic()
    with track(unit="documents") as bar:

        def show(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        tally = extract_corpus(
            model,
            paths,
            output,
            columns=Columns(text, doc_id, date_column),
            date=date,
            engine=engine,
            workers=workers or os.cpu_count() or 1,
            address=address,
            part_rows=part_rows,
            tell=show,
        )
    seconds = max(time.monotonic() - begun, 1e-9)
    speed = f"{tally.documents / seconds:.1f} documents and {tally.size / 1e6 / seconds:.3f} MB a second"
    tell(f"{output}: {tally.documents} documents read, {speed}")
