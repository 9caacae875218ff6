"""Work done on a real Label Studio server, brought home."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from command import run_command
from qatynas.label_studio import Annotation, Task
from qatynas.readings import compare_annotations
from qatynas.studio import client as client_module
from qatynas.studio.client import Client
from qatynas.studio.held import HeldTask, read_snapshot
from studio_server import serve_copy

if TYPE_CHECKING:
    from qatynas.studio.server import Server

ROOT = Path(__file__).parents[1]
DOCS = ("aid-malawi-2024-03", "forum-uae-2025-11", "phone-jordan-2024-11", "transit-china-2026-06", "vote-ilo-2025-06")
Rows = list[dict[str, Any]]


class Desk:
    """A copy of some task files, a project of its own on the shared server, and what an annotator does there."""

    def __init__(self, folder: Path, data: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.annotations, self.capsys = folder / "annotations", capsys
        self.options = ("--project", name, "--data", data, "--annotations", self.annotations)
        self.name = name
        (self.annotations / "tasks").mkdir(parents=True)
        for file in ("splits.csv", "GUIDELINES.md"):
            shutil.copy(ROOT / "annotations" / file, self.annotations)
        for doc_id in DOCS:
            shutil.copy(ROOT / "annotations" / "tasks" / f"{doc_id}.json", self.annotations / "tasks")

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        return run_command(self.capsys, "studio", command, *self.options, *arguments)

    def read(self) -> dict[str, bytes]:
        return {path.stem: path.read_bytes() for path in (self.annotations / "tasks").iterdir()}

    def load(self, doc_id: str) -> Task:
        return msgspec.json.decode(self.read()[doc_id], type=Task)

    def fetch(self, client: Client) -> dict[str, HeldTask]:
        project = client.find_project(self.name)
        assert project is not None
        return {task.doc_id: task for task in read_snapshot(client.fetch_snapshot(project))}

    def find(self, client: Client, doc_id: str, annotator: str) -> tuple[int, Rows]:
        """The number and the rows of a reading on the server."""
        raw = json.loads(self.fetch(client)[doc_id].raw)
        found = next(a for a in raw["annotations"] if a["completed_by"]["email"].startswith(annotator))
        return found["id"], found["result"]


@pytest.fixture
def desk(studio: Server, studio_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: Any) -> Desk:
    assert studio.url
    made = Desk(tmp_path, studio_folder, f"pull {request.node.name[:30]}", capsys)
    assert made.run("push")[0] == 0
    return made


def kill(server: Server) -> None:
    server.process.kill()
    server.process.wait()


def find_reading(task: Task, annotator: str) -> Annotation:
    return next(annotation for annotation in task.annotations if annotation.annotator == annotator)


def compare_lines(before: bytes, after: bytes) -> tuple[int, int]:
    """How many lines have gone and come, wherever a list ends."""
    old, new = (Counter(line.rstrip(b",]}") for line in data.splitlines()) for data in (before, after))
    return (old - new).total(), (new - old).total()


def test_a_push_and_a_pull_without_work_in_between_change_no_byte(desk: Desk, studio: Server) -> None:
    before = desk.read()
    with Client(studio.url, studio.token) as client:
        held = {doc_id: task.raw for doc_id, task in desk.fetch(client).items()}
        assert desk.run("pull") == (0, "", f"{desk.annotations / 'tasks'}: nothing new\n")
        assert {doc_id: task.raw for doc_id, task in desk.fetch(client).items()} == held
    assert desk.read() == before


def test_exactly_what_was_changed_comes_home(desk: Desk, studio: Server) -> None:
    before = desk.read()
    with Client(studio.url, studio.token) as client:
        region, relation, value, reader, cancelled = DOCS
        number, rows = desk.find(client, region, "reader-a")
        region_id = rows[0]["id"]
        kept = [row for row in rows if region_id not in {row.get("id"), row.get("from_id"), row.get("to_id")}]
        dropped_rows = [row for row in rows if row not in kept]
        client.update_annotation(number, {"result": kept})
        number, rows = desk.find(client, relation, "reader-b")
        dropped = next(row for row in rows if row["type"] == "relation")
        client.update_annotation(number, {"result": [row for row in rows if row is not dropped]})
        number, rows = desk.find(client, value, "reader-a")
        next(row for row in rows if row["from_name"] == "name")["value"]["text"] = ["Басқа атау"]
        client.update_annotation(number, {"result": list(reversed(rows))})
        user = client.make_users(["aigul@mfa.example"])["aigul@mfa.example"]
        _, rows = desk.find(client, reader, "reader-a")
        task = desk.fetch(client)[reader].id
        client.add_annotation(task, {"result": rows, "completed_by": user, "ground_truth": False})
        number, _ = desk.find(client, cancelled, "reader-b")
        client.update_annotation(number, {"was_cancelled": True})

    code, out, talk = desk.run("pull")
    assert (code, out) == (0, "")
    assert "5 task files written" in talk
    after = desk.read()
    assert len(dropped_rows) > 1
    assert compare_lines(before[region], after[region]) == (len(dropped_rows), 0)
    assert compare_lines(before[relation], after[relation]) == (1, 0)
    assert compare_lines(before[value], after[value]) == (1, 1)
    assert "Басқа атау".encode() in after[value]
    third = desk.load(reader)
    assert third.annotations[:-1] == msgspec.json.decode(before[reader], type=Task).annotations
    copied = msgspec.structs.replace(third.annotations[-1], completed_by=find_reading(third, "reader-a").completed_by)
    assert third.annotations[-1].annotator == "aigul@mfa.example"
    assert compare_annotations(copied, find_reading(third, "reader-a"))
    assert third.meta.guidelines["aigul@mfa.example"] == 5
    assert after[cancelled] == before[cancelled].replace(
        b'reader-b@qatynas.example"}, "ground_truth": false, "was_cancelled": false',
        b'reader-b@qatynas.example"}, "ground_truth": false, "was_cancelled": true',
    )
    assert desk.run("pull")[2].endswith("nothing new\n")
    assert desk.run("push")[0] == 0, "what came home is what the server has"


def test_two_rounds_of_work_are_no_conflict_and_work_on_both_sides_is(desk: Desk, studio: Server) -> None:
    doc_id = DOCS[0]
    with Client(studio.url, studio.token) as client:

        def rename(name: str) -> None:
            number, rows = desk.find(client, doc_id, "reader-a")
            next(row for row in rows if row["from_name"] == "name")["value"]["text"] = [name]
            client.update_annotation(number, {"result": rows})

        for name in ("Бірінші", "Екінші"):
            rename(name)
            assert desk.run("pull")[0] == 0
            assert name.encode() in desk.read()[doc_id]
        rename("Онда")
    path = desk.annotations / "tasks" / f"{doc_id}.json"
    path.write_bytes(path.read_bytes().replace("Екінші".encode(), "Мұнда".encode()))
    before = desk.read()
    code, out, _ = desk.run("pull")
    assert (code, out.count("\n"), desk.read()) == (1, 1, before)
    assert f"{doc_id} reader-a: changed on both sides, left alone:" in out
    assert "'Мұнда' here, 'Онда' there" in out
    assert desk.run("pull", "--theirs")[0] == 0
    assert "Онда".encode() in desk.read()[doc_id]
    assert desk.run("pull")[2].endswith("nothing new\n")
    assert desk.run("pull", "--ours", "--theirs")[0] == 2


def test_what_the_server_keeps_that_is_invalid_is_named_and_the_rest_comes_home(desk: Desk, studio: Server) -> None:
    before = desk.read()
    faults = {}
    with Client(studio.url, studio.token) as client:
        for doc_id in DOCS:
            number, rows = desk.find(client, doc_id, "reader-a")
            if doc_id == DOCS[0]:
                rows[0]["value"]["labels"], faults[doc_id] = ["PLANET"], "label-unknown"
            elif doc_id == DOCS[1]:
                rows[0]["value"]["end"], faults[doc_id] = 10**6, "region-outside-text"
            elif doc_id == DOCS[2]:
                next(row for row in rows if row["type"] == "relation")["to_id"] = "gone"
                faults[doc_id] = "relation-dangling"
            elif doc_id == DOCS[3]:
                rows += [json.loads(json.dumps(rows[0]))]
                faults[doc_id] = "region-id-twice"
            else:
                next(row for row in rows if row["from_name"] == "name")["value"]["text"] = ["Басқа атау"]
            client.update_annotation(number, {"result": rows})
    code, out, talk = desk.run("pull")
    assert code == 1
    for doc_id, check_id in faults.items():
        assert any(line.startswith(f"{doc_id} reader-a") and check_id in line for line in out.splitlines())
    assert {line.split()[0] for line in out.splitlines()} == set(faults)
    assert "1 task files written" in talk
    after = desk.read()
    assert {doc_id for doc_id in DOCS if after[doc_id] != before[doc_id]} == {DOCS[4]}


def test_a_project_that_is_not_there_is_one_line(desk: Desk) -> None:
    code, _, error = desk.run("pull", "--project", "nonsense")
    assert (code, error.count("\n")) == (2, 1)
    assert "has no project named 'nonsense'" in error


def test_a_server_killed_in_the_middle_of_a_pull_leaves_the_files_and_the_next_pull_completes(
    studio_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_PAUSES", (0.05, 0.1))
    data, doc_id = tmp_path / "data", DOCS[0]
    desk = Desk(tmp_path, data, "killed", capsys)
    before = desk.read()
    with serve_copy(studio_template, data) as server, Client(server.url, server.token) as client:
        assert desk.run("push")[0] == 0
        number, rows = desk.find(client, doc_id, "reader-a")
        next(row for row in rows if row["from_name"] == "name")["value"]["text"] = ["Басқа атау"]
        client.update_annotation(number, {"result": rows})
        with monkeypatch.context() as patch:
            patch.setattr(Client, "_await_export", lambda *_: kill(server))
            code, out, error = desk.run("pull")
        assert (code, out, error.count("\n")) == (2, "", 1)
        assert desk.read() == before
    with serve_copy(studio_template, data) as server:
        with monkeypatch.context() as patch:
            update = Client.update_task

            def die(self: Client, task: int, fields: Any) -> None:
                kill(server)
                update(self, task, fields)

            patch.setattr(Client, "update_task", die)
            assert desk.run("pull")[0] == 2
        assert "Басқа атау".encode() in desk.read()[doc_id], "written whole before the server was to be told"
    with serve_copy(studio_template, data) as server, Client(server.url, server.token) as client:
        after = desk.read()
        assert desk.run("pull")[0] == 0
        assert desk.read() == after
        held = desk.fetch(client)[doc_id]
        assert held.base == held.hash_readings()
