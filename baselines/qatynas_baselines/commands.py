"""The commands `qatynas baseline` and `qatynas leaderboard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qatynas.errors import QatynasError
from qatynas.options import FILE, force_option, json_option, results_option
from qatynas.talk import tell, track

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from qatynas.document import Document
    from qatynas_baselines.pipeline import Pipeline


BATCH = 16  # documents that are read together
# The names of `systems.SYSTEMS`, which takes seconds to import: a shell that completes a name does not wait for it.
NAMES = ("lookup", "rules", "linear", "crf", "crf+rules")


def complete_systems(
    context: click.Context,  # noqa: ARG001 (click calls it with three arguments)
    parameter: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[str | CompletionItem]:
    """The names of systems that begin so."""
    return [name for name in NAMES if name.startswith(incomplete)]


@click.group()
def baseline() -> None:
    """Train, run and store the baseline systems.

    Example: qatynas baseline run crf+rules
    """


@baseline.command(name="run")
@click.argument("names", nargs=-1, shell_complete=complete_systems)
@click.option("--all", "every", is_flag=True, help="Run every system.")
@click.option("--study", is_flag=True, help="Measure crf+rules on parts of train and of its features too.")
@results_option
@json_option
def run_baselines(names: tuple[str, ...], every: bool, study: bool, results: Path, as_json: bool) -> None:
    """Train systems, predict validation and test, score, and store the results.

    A second run gives the same files, but for the cost.

    Example: qatynas baseline run crf+rules
    """
    import msgspec

    from qatynas_baselines.run import run_system
    from qatynas_baselines.systems import SYSTEMS

    chosen = tuple(SYSTEMS) if every else names
    if not chosen:
        raise QatynasError("baseline run", "names no system", f"name some of {', '.join(SYSTEMS)}, or use --all")
    scores: dict[str, dict[str, float]] = {}
    for name in track(chosen, "systems"):
        tell(f"{name}: training and reading")
        reports = run_system(name, results, study=study)["reports"]
        scores[name] = {split: _find_overall(report) for split, report in reports.items()}
        if not as_json:
            click.echo("  ".join([f"{name:12}", *(f"{split} {f1:.3f}" for split, f1 in scores[name].items())]))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(scores), indent=2))


def _find_overall(report: dict[str, list[dict[str, float]]]) -> float:
    return report["scores"][0]["f1"]


@baseline.command()
@click.argument("name", shell_complete=complete_systems)
@click.option("-o", "--output", type=FILE, required=True, help="The model file to write.")
@force_option
def train(name: str, output: Path, force: bool) -> None:
    """Train a system on train, tune it on validation, and store it.

    Example: qatynas baseline train crf+rules -o model.safetensors
    """
    from qatynas.storage import spare_file
    from qatynas_baselines.models import save_model
    from qatynas_baselines.run import train_system

    spare_file(output, force=force)
    save_model(train_system(name), output, name)
    tell(f"{output}: written")


@baseline.command()
@click.argument("model", type=FILE)
@click.argument("texts", type=FILE)
@click.option("-o", "--output", type=FILE, help="The predictions file to write; standard output if none is named.")
@click.option("--date", default="", help="Release date of texts that bring none, for relative dates.")
@force_option
def predict(model: Path, texts: Path, output: Path | None, date: str, force: bool) -> None:
    """Read a Kazakh text, or those of a JSON Lines or Parquet file (doc_id, text, date); - is standard input.

    Example: qatynas baseline predict model.safetensors release.txt --date 2025-08-02
    """
    from qatynas.storage import spare_file, write_whole
    from qatynas_baselines.models import load_model
    from qatynas_baselines.texts import read_texts

    if output is not None:
        spare_file(output, force=force)
    _, pipeline = load_model(model)
    lines = _predict_lines(pipeline, read_texts(texts, date))
    if output is None:
        for line in lines:
            click.echo(line, nl=False)
    else:
        write_whole(output, lines)
        tell(f"{output}: written")


def _predict_lines(pipeline: Pipeline, documents: Iterable[Document]) -> Iterator[bytes]:
    """A line of a predictions file for every document; some are read at once."""
    from itertools import islice

    import msgspec

    from qatynas.predictions import from_reading

    waiting = iter(track(documents, "documents"))
    while batch := list(islice(waiting, BATCH)):
        for document, reading in zip(batch, pipeline.predict(batch), strict=True):
            line = from_reading(document.doc_id, reading)
            for mention in line.mentions:
                mention.text = document.text[mention.start : mention.end]
            yield msgspec.json.encode(line) + b"\n"


@baseline.command()
@click.option("--iob2", type=FILE, required=True, help="A file of tokens with IOB2 tags, in KazNERD's labels.")
@json_option
@click.option("--store", is_flag=True, help="Keep the table in the result of crf, for the leaderboard.")
@results_option
def transfer(iob2: Path, as_json: bool, store: bool, results: Path) -> None:
    """Measure how far the composed texts carry: train here and score on the file, and the other way round.

    Example: qatynas baseline transfer --iob2 kaznerd_valid.iob2
    """
    import json

    from qatynas_baselines.run import store_transfer
    from qatynas_baselines.transfer import measure_transfer

    rows = measure_transfer(iob2)
    if store:
        tell(f"{store_transfer(rows, results)}: written")
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    click.echo("".join(f"{name:>22}" for name in rows[0]))
    for row in rows:
        click.echo("".join(f"{value:22.3f}" if isinstance(value, float) else f"{value:>22}" for value in row.values()))


@click.command()
@results_option
@click.option("--target", type=FILE, default="baselines/LEADERBOARD.md", show_default=True, help="The page to write.")
@click.option("--verify", is_flag=True, help="Rescore every stored predictions file and compare; write nothing.")
@click.option("--add", metavar="NAME", help="Score and store a system: needs --facts, --validation and --test.")
@click.option("--facts", type=FILE, help="JSON with description, author, url and uses.")
@click.option("--validation", type=FILE, help="Its predictions file for validation.")
@click.option("--test", type=FILE, help="Its predictions file for test.")
@json_option
def leaderboard(  # noqa: PLR0913, PLR0917
    results: Path,
    target: Path,
    verify: bool,
    add: str | None,
    facts: Path | None,
    validation: Path | None,
    test: Path | None,
    as_json: bool,
) -> int:
    """Write the leaderboard from the stored results, add a system to them, or verify them.

    --verify prints a line, or with --json an item, for everything that is not as stored, and then exits 1.

    Example: qatynas leaderboard --verify
    """
    import msgspec

    from qatynas_baselines.leaderboard import add_result, update_leaderboard, verify_results

    if add is not None:
        if facts is None or validation is None or test is None:
            raise QatynasError("leaderboard --add", "lacks a file", "name --facts, --validation and --test")
        path = add_result(results, add, facts, {"test": test, "validation": validation})
        tell(f"{path}: written")
    if verify:
        faults = verify_results(results, target, watch=lambda paths: track(paths, "systems"))
        for fault in () if as_json else faults:
            click.echo(fault)
        if as_json:
            click.echo(msgspec.json.encode(faults))
        tell(f"{results}: {f'{len(faults)} differences' if faults else 'as stored'}")
        return 1 if faults else 0
    written = update_leaderboard(results, target)
    if as_json:
        click.echo(msgspec.json.encode({"page": str(target), "written": written}))
    tell(f"{target}: {'written' if written else 'is today’s'}")
    return 0
