"""The commands that report in numbers: `stats`, `agreement` and `score`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qatynas.options import FOLDER, INPUT, force_option, json_option, results_option
from qatynas.talk import tell

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@click.command()
@json_option
@click.option("--plots", "folder", type=FOLDER, metavar="DIR", help="Draw figures into this folder, as SVG.")
@click.option("--figure", "names", multiple=True, metavar="NAME", help="Draw this one alone; may be given again.")
@results_option
@force_option
def stats(as_json: bool, folder: Path | None, names: tuple[str, ...], results: Path, force: bool) -> None:
    """Count what the data set holds, by split, and draw it.

    With --plots the figures are labels, lengths, nesting, relations, numbers, agreement and, where there are stored
    results, scores and a learning curve. The same numbers give the same files.

    Example: qatynas stats --plots plots
    """
    import msgspec

    from qatynas.stats import count_dataset

    if folder is not None:
        _draw(folder, names, results, force=force)
    counts = count_dataset()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(counts), indent=2))
        return
    for title, table in counts.items():
        _print_table(title, table)


def _draw(folder: Path, names: Collection[str], results: Path, *, force: bool) -> None:
    from qatynas.data import list_splits, load_documents
    from qatynas.plots import check_library, choose_drawings, draw_plots, plan_data, plan_results, write_plots
    from qatynas_baselines.entries import read_results
    from qatynas_baselines.plotted import list_curves, list_marks

    check_library()  # before anything is counted
    stored = read_results(results) if results.is_dir() else []
    if not stored:
        tell(f"{results}: no results, so no figure of scores")
    drawings = plan_data(load_documents(), list_splits()) | plan_results(list_marks(stored), list_curves(stored))
    files = draw_plots(choose_drawings(drawings, names))
    written = write_plots(files, folder, force=force)
    tell(f"{folder}: {len(written)} figures written, {len(files) - len(written)} were there already")


def _print_table(title: str, table: dict[str, dict[str, int]]) -> None:
    width = max(len(name) for name in (title, *table))
    splits = list(next(iter(table.values())))
    click.echo(f"{title:{width}}" + "".join(f"{split:>12}" for split in (*splits, "all")))
    for name, counts in table.items():
        click.echo(f"{name:{width}}" + "".join(f"{count:>12,}" for count in (*counts.values(), sum(counts.values()))))
    click.echo()


@click.command()
@json_option
@click.option("--top", default=12, show_default=True, help="How many kinds of disagreement to list.")
def agreement(as_json: bool, top: int) -> None:
    """Measure how far the raw readings of the data set agree, label by label.

    Example: qatynas agreement --top 20
    """
    import msgspec

    from qatynas.agreement import measure_agreement
    from qatynas.data import load_documents

    measured = measure_agreement(load_documents())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(measured), indent=2))
        return
    click.echo(f"{measured.pairs} pairs of readings; 95 % intervals over documents")
    for measure, scores in measured.scores.items():
        click.echo(f"\n{measure:28}{'share':>8}{'interval':>18}{'items':>8}")
        for label, score in scores.items():
            interval = "" if score.low is None else f"{score.low:.3f} – {score.high:.3f}"
            click.echo(f"{label:28}{score.value:8.3f}{interval:>18}{score.support:8}")
    click.echo("\ndisagreements")
    for text, count in measured.confusions[:top]:
        click.echo(f"{count:5}  {text}")


@click.command()
@click.argument("predictions", type=INPUT)
@click.option("--split", default="test", show_default=True, help="The split that was predicted.")
@click.option("--against", type=INPUT, help="Another predictions file: do the two systems differ?")
@click.option("--allow-missing", is_flag=True, help="Score documents without a line as empty.")
@click.option("--resamples", default=10_000, show_default=True, type=click.IntRange(1), help="Rounds of resampling.")
@click.option("--seed", default=20_250_802, show_default=True, type=click.IntRange(0), help="Seed of the resampling.")
@json_option
def score(  # noqa: PLR0913, PLR0917
    predictions: Path,
    split: str,
    against: Path | None,
    allow_missing: bool,
    resamples: int,
    seed: int,
    as_json: bool,
) -> int:
    """Score a predictions file: a document a line, as `qatynas baseline predict` writes it.

    Nothing is scored until the file is clean. Exits 1 with findings.

    Example: qatynas score predictions.jsonl --split validation
    """
    import msgspec

    from qatynas.scoring import Resampling, compare_files, print_differences, print_report, score_file

    resampling = Resampling(resamples, seed)
    if against is None:
        report, issues = score_file(predictions, split, resampling, allow_missing=allow_missing)
        row, lines = (report.to_row(), print_report(report)) if report else ({}, [])
    else:
        differences, issues = compare_files(predictions, against, split, resampling, allow_missing=allow_missing)
        row, lines = {"differences": differences}, print_differences(differences)
    for issue in issues:
        click.echo(issue, err=as_json)
    if issues:
        click.echo(f"qatynas: {len(issues)} findings, nothing is scored", err=True)
        return 1
    click.echo(msgspec.json.format(msgspec.json.encode(row), indent=2) if as_json else "\n".join(lines))
    return 0
