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
from qatynas.options import INPUT, annotations_option, complete_documents, dataset_option, force_option, json_option
from qatynas.talk import hush, tell

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit: 0 done, 1 findings or a fault of the data, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Kazakh letters shows their codes
    try:
        code = commands.main(arguments, prog_name="qatynas", standalone_mode=False) or 0
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


def _print_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Print the one version of code and data, and the beginning of the hash of the data's content."""
    if not asked or context.resilient_parsing:
        return
    from qatynas.data import hash_dataset

    try:
        data = f"code and data, content {hash_dataset()[:12]}"
    except (QatynasError, OSError):
        data = "code; the data set is missing"
    click.echo(f"qatynas {__version__} ({data})")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version of code and data.",
)
@click.option("-q", "--quiet", is_flag=True, help="Keep standard error to errors and findings.")
@click.pass_context
def commands(context: click.Context, quiet: bool) -> None:
    """Entities, relations and normalised numbers in Kazakh diplomatic press releases.

    Example: qatynas --quiet build
    """
    if quiet:
        hush(context)


@commands.command()
@annotations_option
@dataset_option
@json_option
def build(annotations: Path, dataset: Path, as_json: bool) -> int:
    """Build dataset/ with its cards, and DATASHEET.md, from annotations/ and the stored results.

    The same input gives the same bytes; any finding stops the build, and nothing is written. With --json the findings
    are printed as `check --json` prints them.

    Example: qatynas build
    """
    import msgspec

    from qatynas.build import build_dataset

    try:
        issues = build_dataset(annotations, dataset)
    except QatynasError as error:
        return _fail(error, 1)
    if as_json:
        click.echo(msgspec.json.encode(issues))
    for issue in () if as_json else issues:
        click.echo(issue, err=True)
    tell(f"{dataset}: {f'not built, {len(issues)} findings' if issues else 'built'}")
    return 1 if issues else 0


@commands.command()
@click.argument("files", nargs=-1, type=INPUT)
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
    say = tell if as_json or issues else click.echo  # beside findings it is talk, without them it is the result
    say(f"{summary}: {f'{len(issues)} findings' if issues else 'clean'}")
    return 1 if issues else 0


@commands.command(name="import")
@click.argument("files", nargs=-1, type=INPUT, required=True)
@annotations_option
@click.option("--replace", is_flag=True, help="Let a new reading take the place of its annotator's old one.")
@click.option("--annotator", "users", multiple=True, metavar="NUMBER=NAME", help="Whom a web export calls by a number.")
@json_option
def import_files(
    files: tuple[Path, ...], annotations: Path, replace: bool, users: tuple[str, ...], as_json: bool
) -> int:
    """Bring Label Studio tasks, or readings by quotation, into annotations/tasks/.

    Tasks are a task file or an export of the web interface in the format JSON. Nothing is written unless all of it
    fits.

    Example: qatynas import reading.json
    """
    import msgspec

    from qatynas.merge import import_tasks

    named = dict(_parse_user(user) for user in users)
    issues, written = import_tasks(files, annotations / "tasks", replace=replace, annotators=named)
    if as_json:
        click.echo(msgspec.json.encode({"issues": issues, "written": [str(path) for path in written]}))
    for issue in () if as_json else issues:
        click.echo(issue)
    for path in written:
        tell(f"{path}: written")
    if not issues and not written:
        tell("nothing new")
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
@click.option(
    "--doc",
    "docs",
    multiple=True,
    metavar="ID",
    help="Export this document; may be given again.",
    shell_complete=complete_documents,
)
@force_option
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
        tell(line)
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
@click.argument("doc", shell_complete=complete_documents)
@click.option("--reading", "annotator", metavar="ANNOTATOR", help="Show this raw reading, not the adjudicated one.")
@json_option
def show(doc: str, annotator: str | None, as_json: bool) -> None:
    """Show a document of the data set: its text with nested spans, its relations, numbers and entities.

    DOC is an id, or the beginning of one. In a pipe it is lines of fields between tabs; with --json it is the row of
    the config `documents`.

    Example: qatynas show mfa-kz-2025-08-02-kyrgyzstan
    """
    from qatynas.show import find_document, find_reading, list_lines, print_document, print_row

    document, split = find_document(doc)
    reading = find_reading(document, annotator)
    if as_json:
        click.echo(print_row(document, reading))
    elif sys.stdout.isatty():
        from rich.console import Console

        print_document(document, reading, split, Console())
    else:
        for line in list_lines(document, reading, split):
            click.echo(line)


def _add_commands() -> None:
    """Add the commands that stand beside what they are about."""
    from qatynas.reports import agreement, score, stats
    from qatynas.site.commands import site
    from qatynas.studio.commands import studio
    from qatynas_baselines.commands import baseline, leaderboard
    from qatynas_baselines.extraction.commands import extract

    for command in (agreement, baseline, extract, leaderboard, score, site, stats, studio):
        commands.add_command(command)


_add_commands()
