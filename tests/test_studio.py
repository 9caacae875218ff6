"""Tasks on their way to a real Label Studio server, and the server itself."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import msgspec
import pytest

from command import run_command
from qatynas.label_config import render_label_config
from qatynas.label_studio import Annotation, LabelsRow, LabelsValue, Task, TaskData, TaskMeta, User, encode_task
from qatynas.readings import hash_annotations
from qatynas.schema import load_schema
from qatynas.studio import client as client_module
from qatynas.studio import push as push_module
from qatynas.studio.client import Client
from qatynas.studio.held import HeldTask, make_meta, read_snapshot
from qatynas.studio.push import Prediction, Wanted, plan_push, push_tasks
from qatynas.studio.server import find_account
from qatynas.task_files import read_known_tasks
from studio_server import serve_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.studio.server import Server

ROOT = Path(__file__).parents[1]
ENTRY = Path(sys.executable).parent / "qatynas"
CONFIG = render_label_config(load_schema())
SMALL = ("aid-malawi-2024-03", "mfa-kz-2025-08-02-kyrgyzstan")


@pytest.fixture(scope="module")
def corpus() -> list[Task]:
    tasks, issues = read_known_tasks(ROOT / "annotations" / "tasks")
    assert not issues
    return tasks


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of annotations with two of the corpus's task files."""
    return copy_tasks(tmp_path / "annotations", SMALL)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any pause before a repetition."""
    monkeypatch.setattr(client_module, "_PAUSES", (0.05, 0.1))
    monkeypatch.setattr(push_module, "_PAUSE", 0.05)


def copy_tasks(folder: Path, doc_ids: tuple[str, ...]) -> Path:
    (folder / "tasks").mkdir(parents=True)
    for doc_id in doc_ids:
        shutil.copy(ROOT / "annotations" / "tasks" / f"{doc_id}.json", folder / "tasks")
    return folder


def fetch(client: Client, name: str) -> dict[str, HeldTask]:
    """What a project holds, by document; none stands twice."""
    project = client.find_project(name)
    assert project is not None
    held = read_snapshot(client.fetch_snapshot(project))
    assert len({task.doc_id for task in held}) == len(held)
    return {task.doc_id: task for task in held}


def list_results(raw: bytes) -> list[Any]:
    """What the annotations of a task say, as plain JSON: rows, marks and whose they are."""
    return [
        [a["completed_by"]["email"], a["ground_truth"], a["was_cancelled"], a["result"]]
        for a in json.loads(raw)["annotations"]
    ]


def test_every_annotation_of_the_corpus_arrives_once(
    studio: Server, studio_folder: Path, corpus: list[Task], capsys: pytest.CaptureFixture[str]
) -> None:
    push = ("studio", "push", "--data", studio_folder, "--annotations", ROOT / "annotations", "--project", "whole")
    code, _, error = run_command(capsys, *push)
    assert (code, f"{len(corpus)} sent" in error) == (0, True)
    with Client(studio.url, studio.token) as client:
        held = fetch(client, "whole")
        assert set(held) == {task.data.doc_id for task in corpus}
        for task in corpus:
            there = held[task.data.doc_id]
            assert list_results(there.raw) == list_results(encode_task(task))
            assert there.data == task.data
            assert there.meta["guidelines"] == task.meta.guidelines
            assert there.base == hash_annotations(task.annotations)
        code, _, error = run_command(capsys, *push)
        assert (code, f": {len(corpus)} unchanged\n" in error) == (0, True)
        again = fetch(client, "whole")
        assert {task.raw for task in again.values()} == {task.raw for task in held.values()}


def test_a_second_project_is_its_own(
    studio: Server, studio_folder: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push = ("studio", "push", "--data", studio_folder, "--annotations", small)
    for name in ("one", "two", "two"):
        code, _, _ = run_command(capsys, *push, "--project", name, "--doc", SMALL[0])
        assert code == 0
    run_command(capsys, *push, "--project", "two")
    with Client(studio.url, studio.token) as client:
        assert (set(fetch(client, "one")), set(fetch(client, "two"))) == ({SMALL[0]}, set(SMALL))


def test_odd_characters_and_nested_spans_arrive_exactly(studio: Server) -> None:
    text = "🤝  Қазақстан   🇰🇿\n\n«ҚР  СІМ-нің»\u00a0баспасөз\u2011қызметі  👩‍👩‍👧 й"
    spans = [(0, 1), (3, 12), (3, 18), (3, 18), (15, 17), (20, 30), (20, 46), (0, len(text))]
    rows: list[Any] = [
        LabelsRow(f"r{place}", "entity", "text", LabelsValue(start, end, ["GPE"], text[start:end]))
        for place, (start, end) in enumerate(spans)
    ]
    readings = [
        Annotation(rows, User("reader-a@qatynas.example")),
        Annotation(rows[::-1], User("reader-a@qatynas.example"), was_cancelled=True),
        Annotation([], User("adjudicator@qatynas.example"), ground_truth=True),
    ]
    task = Task(TaskData("odd", text, "  Тақырып  🇰🇿"), readings, TaskMeta({"reader-a": 3}))
    with Client(studio.url, studio.token) as client:
        project = client.make_project("odd", CONFIG)
        assert push_tasks(client, project, [Wanted(task)]).sent == ["odd"]
        there = fetch(client, "odd")["odd"]
        assert there.data == task.data
        assert list_results(there.raw) == list_results(encode_task(task))
        assert push_tasks(client, project, [Wanted(task)]).same == ["odd"]


def edit_reading(path: Path, place: int = 0) -> None:
    """Take the last row from a reading of a task file."""
    task = msgspec.json.decode(path.read_bytes(), type=Task)
    task.annotations[place].result.pop()
    path.write_bytes(encode_task(task))


def test_a_changed_task_is_refused_until_it_may_be_replaced(
    studio: Server, studio_folder: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push = ("studio", "push", "--data", studio_folder, "--annotations", small, "--project", "changed")
    assert run_command(capsys, *push)[0] == 0
    edit_reading(small / "tasks" / f"{SMALL[0]}.json")
    code, out, _ = run_command(capsys, *push)
    assert code == 1
    assert out.startswith(f"{SMALL[0]}: differs on the server (the reading of reader-a): ")
    code, _, error = run_command(capsys, *push, "--replace")
    assert (code, "1 replaced, 1 unchanged" in error, "kept in" in error) == (0, True, False)
    with Client(studio.url, studio.token) as client:
        there = fetch(client, "changed")[SMALL[0]]
    assert list_results(there.raw) == list_results((small / "tasks" / f"{SMALL[0]}.json").read_bytes())
    assert run_command(capsys, *push)[0] == 0


def test_work_on_the_server_is_left_there_or_kept_aside(
    studio: Server, studio_folder: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push = ("studio", "push", "--data", studio_folder, "--annotations", small, "--project", "worked-on")
    run_command(capsys, *push)
    with Client(studio.url, studio.token) as client:
        first, second = (fetch(client, "worked-on")[doc_id] for doc_id in SMALL)
        for held in (first, second):
            client.update_annotation(held.annotations[0].id, {"result": list_results(held.raw)[0][3][:2]})
        code, _, error = run_command(capsys, *push, "--replace")
        assert (code, "2 unchanged" in error) == (0, True)  # nothing was changed here
        assert len(list_results(fetch(client, "worked-on")[SMALL[0]].raw)[0][3]) == 2
        edit_reading(small / "tasks" / f"{SMALL[0]}.json")
        code, out, _ = run_command(capsys, *push)
        assert (code, "the reading of reader-a, changed there too" in out) == (1, True)
        code, _, error = run_command(capsys, *push, "--replace")
        assert (code, "was worked on there" in error) == (0, True)
        kept = next((studio_folder / "replaced").glob(f"{SMALL[0]}.*.json"))
        assert len(list_results(kept.read_bytes())[0][3]) == 2
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert len(list_results(fetch(client, "worked-on")[SMALL[1]].raw)[0][3]) == 2
        assert (
            hash_annotations(read_known_tasks(small / "tasks")[0][0].annotations)
            == fetch(client, "worked-on")[SMALL[0]].base
        )


def test_a_new_reading_is_added_once(
    studio: Server, studio_folder: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small / "tasks" / f"{SMALL[0]}.json"
    push = ("studio", "push", "--data", studio_folder, "--annotations", small, "--project", "grown")
    whole = path.read_bytes()
    task = msgspec.json.decode(whole, type=Task)
    path.write_bytes(encode_task(msgspec.structs.replace(task, annotations=task.annotations[1:])))
    run_command(capsys, *push)
    path.write_bytes(whole)
    assert run_command(capsys, *push)[0] == 1
    for _ in range(2):
        assert run_command(capsys, *push, "--replace")[0] == 0
    with Client(studio.url, studio.token) as client:
        assert sorted(list_results(fetch(client, "grown")[SMALL[0]].raw)) == sorted(list_results(whole))


def test_predictions_stand_beside_the_readings(
    studio: Server, studio_folder: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push = ("studio", "push", "--data", studio_folder, "--annotations", small, "--project", "predicted")
    run_command(capsys, *push, "--doc", SMALL[0])
    for _ in range(2):
        assert run_command(capsys, *push, "--pre-annotate", "rules")[0] == 0
    file = tmp_path / "other.jsonl"
    mention = {"start": 21, "end": 28, "type": "DATE", "date": "2024-02", "score": 0.75}
    file.write_text(json.dumps({"doc_id": SMALL[0], "mentions": [mention, mention | {"end": 20}]}) + "\n")
    assert run_command(capsys, *push, "--predictions", file)[0] == 1
    file.write_text(json.dumps({"doc_id": SMALL[0], "mentions": [mention]}) + "\n")
    assert run_command(capsys, *push, "--predictions", file)[0] == 0
    with Client(studio.url, studio.token) as client:
        first, second = (fetch(client, "predicted")[doc_id].predictions for doc_id in SMALL)
    assert [prediction.model.partition(" ")[0] for prediction in (*first, *second)] == ["rules", "other", "rules"]
    assert (first[1].score, first[1].result[0]["score"]) == (0.75, 0.75)
    assert first[0].score == second[0].score
    assert 0 < (first[0].score or 0) < 1
    assert {row["from_name"] for row in first[0].result} >= {"number", "value", "date"}
    file.write_text(json.dumps({"doc_id": SMALL[0], "mentions": []}) + "\n")
    code, out, _ = run_command(capsys, *push, "--predictions", file)
    assert (code, "the prediction of other" in out) == (1, True)
    assert run_command(capsys, *push, "--predictions", file, "--replace")[0] == 0


def test_new_texts_become_tasks(
    studio: Server, studio_folder: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mfa-kz-2025-09-03-beijing.txt"
    file.write_text("\ufeffБейжіңдегі кездесу\r\n\r\nҚазақстан мен Қытай\r\n5 млрд доллардың келісімін жасады. \r\n")
    push = ("studio", "push", "--data", studio_folder, "--annotations", small, "--project", "raw", "--text", file)
    code, out, _ = run_command(capsys, *push)
    assert (code, "[field-missing]" in out) == (1, True)
    for expected in ("1 sent", "1 unchanged"):
        code, _, error = run_command(capsys, *push, "--genre", "signing", "--pre-annotate", "rules")
        assert (code, expected in error) == (0, True)
    with Client(studio.url, studio.token) as client:
        ((doc_id, task),) = fetch(client, "raw").items()
    assert doc_id == file.stem
    assert task.data is not None
    assert (task.data.title, task.data.date) == ("Бейжіңдегі кездесу", "2025-09-03")
    assert task.data.text == "Қазақстан мен Қытай\n5 млрд доллардың келісімін жасады."
    assert len(task.predictions) == 1
    shutil.copy(file, tmp_path / f"{SMALL[0]}.txt")
    code, _, error = run_command(capsys, *push[:-1], tmp_path / f"{SMALL[0]}.txt", "--genre", "signing")
    assert (code, "is another document's id" in error) == (2, True)


def test_a_personal_access_token_works(
    studio: Server, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Client(studio.url, studio.token) as client:
        token = client._send("POST", "/api/token/")["token"]
    file = tmp_path / "token"
    file.write_text(token + "\n")
    push = ("studio", "push", "--annotations", small, "--project", "personal", "--data", tmp_path / "none")
    assert run_command(capsys, *push, "--url", studio.url, "--token-file", file)[0] == 0
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.url + "/")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    code, out, error = run_command(capsys, *push)
    assert (code, "2 unchanged" in error, token in out + error) == (0, True, False)
    with Client(studio.url, token) as client:
        assert client.find_project("personal")
        client._authorization += "x"  # as one that has run out
        assert client.find_project("personal")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("", "0" * 40, "does not accept the token"),
        ("", "eyJhbGciOiJI.eyJ0b2tlbl90eXBl.c2VjcmV0", "does not accept the token"),
        ("", "кілт", "is empty or no token"),
        ("http://127.0.0.1:{free}", "0" * 40, "cannot be reached"),
        ("ftp://127.0.0.1", "0" * 40, "is none"),
        ("http://somebody:secret-word@127.0.0.1:1", "0" * 40, "has a name or a password in it"),
        ("http://127.0.0.1:{port}/elsewhere", "0" * 40, "no Label Studio"),
    ],
)
def test_a_wrong_address_or_token_is_one_line(  # noqa: PLR0917
    url: str,
    token: str,
    said: str,
    studio: Server,
    small: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = url.format(free=find_free_port(), port=studio.url.rpartition(":")[2]) or studio.url
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    code, out, error = run_command(capsys, "studio", "push", "--annotations", small, "--url", address)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert said in error
    assert token not in error
    assert "secret-word" not in error


def test_a_token_goes_to_no_other_server(
    studio_folder: Path, studio: Server, small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    elsewhere = f"http://127.0.0.1:{find_free_port()}"
    push = ("studio", "push", "--annotations", small, "--data")
    code, _, error = run_command(capsys, *push, studio_folder, "--url", elsewhere)
    assert (code, "the server's token: is missing" in error, studio.token in error) == (2, True, False)
    code, _, error = run_command(capsys, *push, tmp_path / "none")
    assert (code, "no server was ever started here" in error) == (2, True)


def test_what_keeps_a_server_from_starting_is_one_line(
    studio_folder: Path, studio: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = studio.url.rpartition(":")[2]
    (tmp_path / "file").write_text("")
    for folder, said in (
        (tmp_path / "new", f"port {port}: cannot be had: address already in use"),
        (tmp_path / "file" / "below", "cannot be written to"),
        (studio_folder, f"is served already, at {studio.url}"),
    ):
        code, out, error = run_command(capsys, "studio", "serve", "--data", folder, "--port", port)
        assert (code, out, error.count("\n")) == (2, "", 2)
        assert said in error.splitlines()[1]


def test_without_the_extra_a_server_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qatynas.studio.server.importlib.util.find_spec", lambda _: None)
    code, _, error = run_command(capsys, "studio", "serve", "--data", tmp_path)
    cure = "is not installed: pip install 'qatynas"
    assert (code, error.splitlines()[1]) == (2, f"qatynas: Label Studio: {cure}[studio]'")
    code, _, error = run_command(capsys, "studio", "push", "--annotations", ROOT / "annotations", "--doc", SMALL[0])
    assert (code, error) == (2, f"qatynas: httpx: {cure}[label-studio]'\n")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_served_folder_is_private_and_stops_cleanly(
    kind: signal.Signals, studio_template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(studio_template, folder)
    command = [str(ENTRY), "studio", "serve", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        account = find_account(folder)
        assert account is not None
        assert account.url == url
        with Client(url, account.token) as client:
            client.check()
        process.send_signal(kind)
        out, error = process.communicate(timeout=60)
    assert (process.returncode, error.splitlines()[-1]) == (0, "stopped")
    assert account.token not in out + error + (folder / "server.log").read_text()
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder / "account.json", folder / "server.log")} == {
        0
    }
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
        pass


HOOK = """
import os, sys
def tell(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
        with open(os.environ["ADDRESSES"], "a") as file:
            print(event, address if isinstance(address, str) else address[0], file=file)
sys.addaudithook(tell)
tell("socket.connect", (None, "localhost"))  # the hook is in place
"""


@pytest.mark.usefixtures("hasty")
def test_a_killed_server_loses_and_duplicates_nothing(
    studio_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is silent towards the outside meanwhile: every address that it looks up or calls is written down."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    monkeypatch.setenv("ADDRESSES", str(tmp_path / "addresses"))
    monkeypatch.setattr(push_module, "BATCH", 20)
    folder = tmp_path / "data"
    push = ("studio", "push", "--data", folder, "--annotations", ROOT / "annotations")
    send, sent = Client.send_tasks, []
    with serve_copy(studio_template, folder) as server:

        def send_and_kill(client: Client, project: int, tasks: Any) -> None:
            send(client, project, tasks)
            sent.extend(tasks)
            server.process.kill()

        monkeypatch.setattr(Client, "send_tasks", send_and_kill)
        code, _, error = run_command(capsys, *push)
    assert (code, error.count("\n"), "cannot be reached" in error) == (2, 1, True)
    assert len(sent) == 20
    monkeypatch.setattr(Client, "send_tasks", send)
    with serve_copy(studio_template, folder, int(server.url.rpartition(":")[2])):
        code, _, error = run_command(capsys, *push)
        assert (code, "31 sent, 20 unchanged" in error) == (0, True)
        with Client(server.url, server.token) as client:
            assert len(fetch(client, "qatynas")) == 51
    called = {line.split()[1] for line in (tmp_path / "addresses").read_text().splitlines()}
    assert called <= {"127.0.0.1", "localhost", "::1"}


def test_a_killed_push_of_500_tasks_is_completed(studio: Server, studio_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "annotations"
    (folder / "tasks").mkdir(parents=True)
    task = msgspec.json.decode((ROOT / "annotations" / "tasks" / f"{SMALL[0]}.json").read_bytes(), type=Task)
    for number in range(500):
        readings = [
            msgspec.structs.replace(a, result=[row for row in a.result if not hasattr(row, "from_id")][:6])
            for a in task.annotations[:2]
        ]
        data = msgspec.structs.replace(task.data, doc_id=f"copy-{number:03}")
        (folder / "tasks" / f"copy-{number:03}.json").write_bytes(encode_task(Task(data, readings, task.meta)))
    command = [str(ENTRY), "studio", "push", "--data", str(studio_folder), "--annotations", str(folder)]
    command += ["--project", "many"]
    with Client(studio.url, studio.token) as client:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not count_tasks(client, "many"):
                time.sleep(0.05)
            process.kill()
        assert 0 < count_tasks(client, "many") < 500
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")
        held = fetch(client, "many")
    assert len(held) == 500
    assert {len(task.annotations) for task in held.values()} == {2}


def count_tasks(client: Client, name: str) -> int:
    project = client.find_project(name)
    return 0 if project is None else int(client._send("GET", f"/api/projects/{project}/")["task_number"])


@contextmanager
def stand_between(url: str, faults: list[str]) -> Iterator[str]:
    """The address of a proxy that plays one fault of the list on each request that changes something, then none."""

    class Proxy(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def forward(self) -> None:
            fault = faults.pop(0) if faults and self.command == "POST" and self.path.endswith("/import") else ""
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if not fault.startswith("before"):
                headers = {"Authorization": self.headers["authorization"], "Content-Type": "application/json"}
                request = Request(url + self.path, data=body or None, headers=headers, method=self.command)  # noqa: S310
                with urlopen(request) as answer:  # noqa: S310
                    status, content = answer.status, answer.read()
            if fault.endswith("drop"):
                self.connection.close()
                return
            if fault:
                status, content = int(fault.split()[1]), b"{}"
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = forward  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
            thread.join()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "faults",
    [["before 429", "before 429"], ["after 500"], ["before 502"], ["after 502", "after drop"], ["before drop"]],
    ids=lambda faults: faults[0],
)
def test_a_fault_on_the_way_neither_loses_nor_duplicates(
    faults: list[str], studio: Server, corpus: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_module, "BATCH", 2)
    name = " ".join(faults)[:40]
    with stand_between(studio.url, list(faults)) as url, Client(url, studio.token) as client:
        project = client.make_project(name, CONFIG)
        push_tasks(client, project, [Wanted(task) for task in corpus[:5]])
        assert set(fetch(client, name)) == {task.data.doc_id for task in corpus[:5]}


def hold(task: Task, pushed: Task | None = None, prediction: Prediction | None = None) -> HeldTask:
    """A task as a server would hold it, with what was pushed of it."""
    annotations = [
        {**msgspec.to_builtins(annotation), "id": place} for place, annotation in enumerate(task.annotations, 1)
    ]
    predictions = [{**msgspec.to_builtins(prediction), "id": 1}] if prediction else []
    row = {"id": 1, "data": task.data, "annotations": annotations, "predictions": predictions}
    return read_snapshot(msgspec.json.encode([{**row, "meta": make_meta(pushed or task)}]))[0]


def read(*texts: str) -> Task:
    """A task with a reading by each of some annotators, written as name and number of rows."""
    rows: list[Any] = [LabelsRow(f"m{i}", "entity", "text", LabelsValue(i, i + 1, ["GPE"])) for i in range(9)]
    readings = [Annotation(rows[: int(text[1:])], User(f"{text[0]}@qatynas.example")) for text in texts]
    return Task(TaskData("one", "Қазақстан"), readings)


@pytest.mark.parametrize(
    ("here", "pushed", "there", "faults"),
    [
        (["a1"], ["a1"], ["a1"], ()),
        (["a1"], ["a1"], ["a2"], ()),
        (["a1"], ["a1"], [], ()),
        (["a1"], ["a1"], ["a1", "b3"], ()),
        ([], [], ["b3"], ()),
        (["a2"], ["a1"], ["a2"], ()),
        (["a2"], ["a1"], ["a1"], ("the reading of a",)),
        (["a2"], ["a1"], ["a3"], ("the reading of a, changed there too",)),
        (["a1", "b1"], ["a1"], ["a1"], ("the reading of b",)),
        (["a1"], [], ["a3"], ("the reading of a, changed there too",)),
    ],
)
def test_only_what_was_changed_here_is_a_difference(
    here: list[str], pushed: list[str], there: list[str], faults: tuple[str, ...]
) -> None:
    plan = plan_push([Wanted(read(*here))], [hold(read(*there), read(*pushed))])
    assert tuple(fault for difference in plan.changed for fault in difference.faults) == faults
    assert bool(plan.same) != bool(faults)
    assert bool(plan.unmarked) == ((here, pushed) == (["a2"], ["a1"]) and not faults)


def test_a_document_twice_on_a_server_is_told() -> None:
    held = hold(read("a1"))
    with pytest.raises(Exception, match="one: stands 2 times in the project: leave one of them"):
        plan_push([Wanted(read("a1"))], [held, held])


def test_what_a_stranger_put_into_a_project_is_left_alone() -> None:
    strange = b'[{"id": 7, "data": {"image": "x.png"}, "annotations": [{"id": 1, "result": [{"type": "brush"}]}]}]'
    held = read_snapshot(strange)
    assert (held[0].data, held[0].hash_readings()) == (None, {"": [""]})
    assert len(plan_push([Wanted(read("a1"))], held).new) == 1
