"""The command `qatynas`: a thin face over the library.

Results go to stdout, talk to stderr. A caller's mistake is one line, never a traceback.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qatynas import __version__
from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
annotations_option = click.option(
    "--annotations", type=FOLDER, default="annotations", show_default=True, help="Folder of tasks and splits."
)
dataset_option = click.option(
    "--dataset", type=FOLDER, default="dataset", show_default=True, help="Folder of the built data set."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit: 0 done, 1 findings or a fault of the data, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Kazakh letters shows their codes
    try:
        code = commands.main(arguments, prog_name="qatynas", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = 2
    except click.ClickException as error:
        code = _fail(" ".join(error.format_message().split()), 2)
    except QatynasError as error:
        code = _fail(error, 2)
    except (click.Abort, KeyboardInterrupt):
        code = _fail("stopped", 1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has gone: nothing is left to say
        code = 1
    except OSError as error:
        sys.stdout = None  # what is still to be written would fail again when Python ends
        code = _fail(f"{error.filename or 'output'}: cannot be used: {error.strerror}: free or name another place", 1)
    sys.exit(code)


def _fail(message: object, code: int) -> int:
    click.echo(f"qatynas: {message}", err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="qatynas %(version)s (code and data)")
def commands() -> None:
    """Entities, relations and normalised numbers in Kazakh diplomatic press releases."""


@commands.command()
@annotations_option
@dataset_option
def build(annotations: Path, dataset: Path) -> int:
    """Build dataset/ from annotations/.

    The same input gives the same bytes; any finding stops the build, and nothing is written.

    Example: qatynas build
    """
    from qatynas.build import build_dataset

    try:
        issues = build_dataset(annotations, dataset)
    except QatynasError as error:
        return _fail(error, 1)
    for issue in issues:
        click.echo(issue, err=True)
    click.echo(f"{dataset}: {f'not built, {len(issues)} findings' if issues else 'built'}", err=True)
    return 1 if issues else 0


@commands.command()
@click.argument("files", nargs=-1, type=FILE)
@annotations_option
@dataset_option
@json_option
@click.option("--list", "rules", is_flag=True, help="List every check and its rule.")
def check(files: tuple[Path, ...], annotations: Path, dataset: Path, as_json: bool, rules: bool) -> int:
    """Check annotations and data set by every named rule, or the task files given.

    One finding a line: document, place, [check], message. Exits 0 when clean, 1 with findings.

    Example: qatynas check annotations/tasks/mfa-kz-2025-08-02-kyrgyzstan.json
    """
    import msgspec

    from qatynas.build import check_annotations, check_files
    from qatynas.checks import list_checks

    if rules:
        click.echo("\n".join(f"{check_id:28} {rule}" for check_id, rule in list_checks().items()))
        return 0
    issues, summary = check_files(files, dataset) if files else check_annotations(annotations, dataset)
    if as_json:
        click.echo(msgspec.json.encode(issues))
    for issue in () if as_json else issues:
        click.echo(issue)
    click.echo(f"{summary}: {f'{len(issues)} findings' if issues else 'clean'}", err=as_json or bool(issues))
    return 1 if issues else 0


@commands.command(name="import")
@click.argument("files", nargs=-1, type=FILE, required=True)
@annotations_option
@click.option("--replace", is_flag=True, help="Let a new reading take the place of its annotator's old one.")
@click.option("--annotator", "users", multiple=True, metavar="NUMBER=NAME", help="Whom a web export calls by a number.")
def import_files(files: tuple[Path, ...], annotations: Path, replace: bool, users: tuple[str, ...]) -> int:
    """Bring Label Studio tasks, or readings by quotation, into annotations/tasks/.

    Tasks are a task file or an export of the web interface in the format JSON. Nothing is written unless all of it
    fits.

    Example: qatynas import reading.json
    """
    from qatynas.merge import import_tasks

    named = dict(_parse_user(user) for user in users)
    issues, written = import_tasks(files, annotations / "tasks", replace=replace, annotators=named)
    for issue in issues:
        click.echo(issue)
    for path in written:
        click.echo(f"{path}: written", err=True)
    if not issues and not written:
        click.echo("nothing new", err=True)
    return 1 if issues else 0


def _parse_user(given: str) -> tuple[int, str]:
    number, _, name = given.partition("=")
    if not number.isdecimal() or not name.strip():
        raise QatynasError(f"--annotator {given!r}", "is no NUMBER=NAME", "write it like 3=reader-a")
    return int(number), name.strip()


@commands.command(name="export")
@click.argument("out", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--to",
    "kind",
    metavar="FORMAT",
    required=True,
    help="label-studio, conll, kaznerd, brat, docred or docred-relations.",
)
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Export the documents of one split.")
@click.option("--doc", "docs", multiple=True, metavar="ID", help="Export this document; may be given again.")
@click.option("--force", is_flag=True, help="Write over an export of this name.")
@annotations_option
def export_files(  # noqa: PLR0913, PLR0917
    out: Path, kind: str, split: str | None, docs: tuple[str, ...], force: bool, annotations: Path
) -> int:
    """Write annotations/tasks/ into a file of another tool; - as OUT is standard output. For brat, OUT is a folder.

    Nothing is written unless every document asked for is clean. What a format cannot hold is counted on standard error.

    Example: qatynas export --to label-studio tasks.json
    """
    from qatynas.exports import export_tasks, find_format, list_remarks, select_tasks, write_export

    find_format(kind)  # an unknown format is said at once
    tasks, issues = select_tasks(annotations, split, docs)
    for issue in issues:
        click.echo(issue, err=True)
    if issues:
        return _fail(f"{len(issues)} findings, nothing is exported", 1)
    if str(out) == "-":
        sys.stdout.buffer.writelines(export_tasks(tasks, kind))
    else:
        write_export(tasks, kind, out, force=force)
    for line in (f"{out}: {len(tasks)} documents", *list_remarks(tasks, kind)):
        click.echo(line, err=True)
    return 0


@commands.command()
@click.argument("text")
@click.option("--date", "release", metavar="DATE", help="Release date, for relative dates.")
def normalize(text: str, release: str | None) -> int:
    """Normalise one Kazakh number or date expression; print its fields as JSON.

    With - as TEXT, every line of standard input is one expression and gives one line: its fields, or null. Exits 1 if
    anything could not be read.

    Example: qatynas normalize "3 млрд АҚШ долларына дейін" --date 2025-08-02
    """
    import json

    from qatynas.normalize import normalize as read_number

    code = 0
    for number, line in enumerate(sys.stdin if text == "-" else [text], 1):
        expression = line.strip()
        fields = read_number(expression, release)
        if fields or text == "-":
            click.echo(json.dumps(fields.to_row() if fields else None, ensure_ascii=False))
        if fields is None:
            place = f"line {number}: " if text == "-" else ""
            code = _fail(f"{place}{expression!r} cannot be read: expected one number or date such as «2 млн тонна»", 1)
    return code


@commands.command()
@json_option
def stats(as_json: bool) -> None:
    """Count what the data set holds, by split.

    Example: qatynas stats --json
    """
    import msgspec

    from qatynas.stats import count_dataset

    counts = count_dataset()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(counts), indent=2))
        return
    for title, table in counts.items():
        _print_table(title, table)


def _print_table(title: str, table: dict[str, dict[str, int]]) -> None:
    width = max(len(name) for name in (title, *table))
    splits = list(next(iter(table.values())))
    click.echo(f"{title:{width}}" + "".join(f"{split:>12}" for split in (*splits, "all")))
    for name, counts in table.items():
        click.echo(f"{name:{width}}" + "".join(f"{count:>12,}" for count in (*counts.values(), sum(counts.values()))))
    click.echo()


@commands.command()
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


@commands.command()
@click.argument("predictions", type=FILE)
@click.option("--split", default="test", show_default=True, help="The split that was predicted.")
@click.option("--against", type=FILE, help="Another predictions file: do the two systems differ?")
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
        return _fail(f"{len(issues)} findings, nothing is scored", 1)
    click.echo(msgspec.json.format(msgspec.json.encode(row), indent=2) if as_json else "\n".join(lines))
    return 0


def _add_baselines() -> None:
    from qatynas_baselines.commands import baseline, leaderboard
    from qatynas_baselines.extraction.commands import extract

    commands.add_command(baseline)
    commands.add_command(extract)
    commands.add_command(leaderboard)


def _add_studio() -> None:
    from qatynas.studio.commands import studio

    commands.add_command(studio)


_add_baselines()
_add_studio()
