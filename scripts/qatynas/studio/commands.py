"""The commands `qatynas studio`."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qatynas.errors import QatynasError
from qatynas.options import FILE, FOLDER, annotations_option, complete_documents
from qatynas.talk import tell, track

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qatynas.issue import Issue
    from qatynas.label_studio import Task
    from qatynas.studio.client import Client
    from qatynas.studio.held import HeldTask
    from qatynas.studio.push import Prediction, Report
    from qatynas_baselines.pipeline import Pipeline

URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"
data_option = click.option(
    "--data", type=FOLDER, default=".studio", show_default=True, help="Folder of the server's data, account and token."
)
project_option = click.option("--project", default="qatynas", show_default=True, help="The project's name.")


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the options that name a server: --url, --token-file, --data."""
    url = click.option("--url", help=f"The server's address; else {URL}, else that of --data.")
    token = click.option(
        "--token-file", type=FILE, help=f"A file that holds the token, - for standard input; else {TOKEN}, else --data."
    )
    return url(token(data_option(command)))


def connect(url: str | None, token_file: Path | None, data: Path) -> Client:
    """A client of the server that options, the environment or a server's folder name.

    A token never stands on a command line, and a folder's token goes to no server but the folder's own.

    Raises:
        QatynasError: where an address, a token or the extra `label-studio` is missing.
    """
    if importlib.util.find_spec("httpx") is None:
        raise QatynasError("httpx", "is not installed", "pip install 'qatynas[label-studio]'")
    from qatynas.studio.client import Client
    from qatynas.studio.server import find_account

    address = url or os.environ.get(URL)
    token = _read_token(token_file) if token_file else os.environ.get(TOKEN)
    known = find_account(data) if not (address and token) else None
    if not address:
        if known is None:
            cure = f"start one with `qatynas studio serve`, or give --url or {URL}"
            raise QatynasError(data, "no server was ever started here", cure)
        address = known.url
    if not token:
        if known is None or known.url != address.rstrip("/"):
            raise QatynasError("the server's token", "is missing", f"give --token-file or {TOKEN}")
        token = known.token
    return Client(address, token)


def _read_token(path: Path) -> str:
    try:
        return sys.stdin.readline() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QatynasError(path, "cannot be read", type(error).__name__, "name a file that holds the token") from None


@click.group()
def studio() -> None:
    """Annotate in a real Label Studio: start one, and put tasks on it.

    Example: qatynas studio serve
    """


@studio.command()
@data_option
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
def serve(data: Path, port: int) -> None:
    """Start Label Studio on this machine, for this machine alone, and stop it with Ctrl-C.

    The first start takes a minute or two. Account and token are kept in account.json of the folder.

    Example: qatynas studio serve --port 8081
    """
    from qatynas.studio.server import ACCOUNT, LOG, start_server

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        tell(f"starting Label Studio on {data}")
        with start_server(data, port) as server:
            click.echo(server.url)
            tell(f"ready; log in with the account of {data / ACCOUNT}; stop with Ctrl-C")
            sys.stdout.flush()
            while server.process.poll() is None:
                time.sleep(0.2)
            raise QatynasError(data / LOG, f"Label Studio ended with code {server.process.returncode}", "see its end")
    except KeyboardInterrupt:
        tell("stopped")
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@studio.command()
@project_option
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Push the documents of one split.")
@click.option(
    "--doc",
    "docs",
    multiple=True,
    metavar="ID",
    help="Push this document; may be given again.",
    shell_complete=complete_documents,
)
@click.option("--text", "texts", multiple=True, type=FILE, help="Push a new text: title, then text; may be repeated.")
@click.option("--date", default="", help="Release date of new texts; else the one in a file's name.")
@click.option("--genre", default="", help="Genre of new texts.")
@click.option("--source", default="official", show_default=True, help="Source of new texts.")
@click.option("--predictions", type=FILE, help="Add a predictions file's lines as predictions.")
@click.option(
    "--pre-annotate",
    "system",
    metavar="[MODEL]",
    is_flag=False,
    flag_value="crf+rules",
    help="Add the "
    "predictions of a model file, or of a system by name that is trained now (crf+rules if none is named).",
)
@click.option("--replace", is_flag=True, help="Replace what differs on the server; what was done there is kept aside.")
@annotations_option
@connection_options
def push(  # noqa: PLR0913, PLR0917
    project: str,
    split: str | None,
    docs: tuple[str, ...],
    texts: tuple[Path, ...],
    date: str,
    genre: str,
    source: str,
    predictions: Path | None,
    system: str | None,
    replace: bool,
    annotations: Path,
    url: str | None,
    token_file: Path | None,
    data: Path,
) -> int:
    """Put tasks with all their readings into a project, which is made or brought up to date.

    What the project holds already is left as it is; what differs there is refused. After a fault, or a kill, the same
    command completes the work. With --text alone only the new texts are pushed.

    Example: qatynas studio push --text mfa-kz-2025-09-01-summit.txt --genre summit --pre-annotate crf+rules
    """
    from qatynas.studio.selection import select_tasks

    if predictions and system:
        raise QatynasError("studio push", "has both --predictions and --pre-annotate", "choose one")
    new = [(path, date, genre, source) for path in texts]
    tasks, issues = select_tasks(annotations, split, docs, new)
    if issues:
        return _tell_issues(issues)
    with connect(url, token_file, data) as client:
        client.check()  # before a model is trained
        predicted, issues = _predict(tasks, predictions, system)
        if issues:
            return _tell_issues(issues)
        return _push(client, project, tasks, predicted, data if replace else None)


def _tell_issues(issues: Sequence[Issue]) -> int:
    for issue in issues:
        click.echo(issue)
    click.echo(f"{len(issues)} findings, nothing is pushed", err=True)
    return 1


def _predict(tasks: Sequence[Task], file: Path | None, system: str | None) -> tuple[dict[str, Prediction], list[Issue]]:
    from qatynas.studio.preannotations import make_predictions, read_prediction_file, to_draft

    if file is not None:
        return read_prediction_file(file, tasks)
    if system is None:
        return {}, []
    from qatynas.data import load_documents
    from qatynas_baselines.run import predict_documents

    tell(f"{system}: reading {len(tasks)} documents")
    name, pipeline = _load_system(system)
    readings = predict_documents(pipeline, [to_draft(task) for task in tasks])
    score = round(pipeline.score(load_documents("validation")), 4)  # overall F1: how far it is to be trusted
    return make_predictions(name, readings, tasks, score), []


def _load_system(system: str) -> tuple[str, Pipeline]:
    """The name and the pipeline of a model file, or of a system that is trained now."""
    from qatynas_baselines.models import load_model
    from qatynas_baselines.run import train_system
    from qatynas_baselines.systems import SYSTEMS

    path = Path(system)
    if path.is_file():
        return load_model(path)
    if system in SYSTEMS:
        return system, train_system(system)
    cure = f"name a file of `qatynas baseline train`, or one of {', '.join(SYSTEMS)}"
    raise QatynasError(system, "is no model file and no system", cure)


def _push(
    client: Client, name: str, tasks: Sequence[Task], predicted: dict[str, Prediction], aside: Path | None
) -> int:
    from qatynas.label_config import render_label_config
    from qatynas.schema import load_schema
    from qatynas.studio.push import Wanted, push_tasks

    project = client.make_project(name, render_label_config(load_schema()))
    wanted = [Wanted(task, predicted.get(task.data.doc_id)) for task in tasks]
    with track(unit="steps") as bar:

        def progress(done: int, whole: int) -> None:
            bar.total, bar.n = whole, done
            bar.refresh()

        report = push_tasks(client, project, wanted, keep_aside(aside) if aside else None, progress)
    if predicted:
        client.show_predictions(project, next(iter(predicted.values())).model_version)
    return _tell_report(report, f"{client.url}/projects/{project}")


def keep_aside(folder: Path) -> Callable[[HeldTask], None]:
    """A function that writes a task as the server held it into a file of its own below the folder."""
    from qatynas.studio.server import write_private

    def keep(held: HeldTask) -> None:
        place = folder / "replaced"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{held.doc_id}.{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}.json"
        write_private(place / name, held.raw)
        tell(f"{held.doc_id}: was worked on there; kept in {place / name}")

    return keep


def _tell_report(report: Report, place: str) -> int:
    for difference in report.refused:
        click.echo(f"{difference}: pull it first, or add --replace")
    counts = {"sent": report.sent, "replaced": report.replaced, "predicted": report.predicted}
    counts |= {"unchanged": report.same, "refused": [str(difference) for difference in report.refused]}
    said = ", ".join(f"{len(ids)} {what}" for what, ids in counts.items() if ids) or "nothing to push"
    tell(f"{place}: {said}")
    return 1 if report.refused else 0


@studio.command()
@project_option
@click.option("--ours", is_flag=True, help="Settle conflicts: keep what is here.")
@click.option("--theirs", is_flag=True, help="Settle conflicts: take what is on the server.")
@annotations_option
@connection_options
def pull(  # noqa: PLR0913, PLR0917
    project: str, ours: bool, theirs: bool, annotations: Path, url: str | None, token_file: Path | None, data: Path
) -> int:
    """Bring what was done in a project home into annotations/tasks/.

    What only the server changed since the push is taken, what only this side changed is kept; what both changed is
    shown and left alone, unless told. What breaks a rule is named and not merged. Exits 1 if anything was left.

    Example: qatynas studio pull
    """
    from qatynas.studio.pull import pull_project

    if ours and theirs:
        raise QatynasError("studio pull", "has both --ours and --theirs", "choose one")
    choice = "ours" if ours else "theirs" if theirs else None
    with connect(url, token_file, data) as client:
        plan, paths = pull_project(client, project, annotations, choice)
    for line in (*plan.issues, *plan.conflicts):
        click.echo(line)
    for change in plan.arrivals:
        tell(change)
    tell(f"{annotations / 'tasks'}: {plan.summarize(len(paths))}")
    return 1 if plan.issues or plan.conflicts else 0
