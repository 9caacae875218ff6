from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run_command
from qatynas.task_files import MAX_BYTES, read_task_files

if TYPE_CHECKING:
    from pathlib import Path

TASK = '{"data": {"doc_id": "a", "text": "Астана"}}'
HEAD = TASK[:-1] + ', "annotations": [{"result": ['
NUMBER = '{"type": "number", "id": "a", "from_name": "value", "to_name": "text", "value": {"number": %s}}'
VERSION = '"meta": {"guidelines": {"reader-a": 10000000000}}'
BAD = {
    "empty": (b"", "file-empty", "line 1"),
    "only white space": (b" \n\t", "file-empty", "line 1"),
    "truncated": (TASK[:-3].encode(), "file-not-json", "line 1 column 41"),
    "no JSON": (b"doc_id,text\n1,2\n", "file-not-json", "line 1 column 1"),
    "NaN": (TASK.replace('"a"', "NaN").encode(), "file-not-json", "line 1 column 21"),
    "not UTF-8": (TASK.encode("utf-16"), "file-not-utf8", "line 1 column 1"),
    "an empty list": (b" [ ] ", "file-not-tasks", "$"),
    "a number": (b"42", "file-not-tasks", "$"),
    "a number too large": (f"{HEAD}{NUMBER % ('1' + '0' * 400)}]}}]}}".encode(), "task-malformed", "$.annotations[0]"),
    "guidelines too large": (f"{TASK[:-1]}, {VERSION}}}".encode(), "task-malformed", "$.meta"),
    "another tool": (b'{"documents": []}', "file-not-tasks", "$"),
    "a list of another tool": (b'[{"tokens": []}]', "file-not-tasks", "$[0]"),
    "a text": (b'"Astana"', "file-not-tasks", "$"),
    "a number for a text": (TASK.replace('"Астана"', "7").encode(), "task-malformed", "$.data.text"),
    "no text": (b'{"data": {"doc_id": "a"}}', "task-malformed", "$.data"),
    "no doc_id": (b'{"data": {"text": "a"}}', "task-malformed", "$.data"),
    "unknown data": (TASK.replace('"text"', '"html": "", "text"').encode(), "task-malformed", "$.data"),
    "result is no list": (
        (TASK[:-1] + ', "annotations": [{"result": {}}]}').encode(),
        "task-malformed",
        "$.annotations[0].result",
    ),
    "unknown region": (
        (TASK[:-1] + ', "annotations": [{"result": [{"type": "polygon"}]}]}').encode(),
        "task-malformed",
        "$.annotations[0].result[0].type",
    ),
    "nested too deep": (b"[" * 100_000, "file-not-json", "line 1"),
    "second line broken": ((TASK + "\n" + TASK[:-3]).encode(), "file-not-json", "line 2"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_input_is_one_finding_with_its_place(fault: str, tmp_path: Path) -> None:
    data, check_id, where = BAD[fault]
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    _, issues = read_task_files([path])
    assert [(issue.doc_id, issue.check_id) for issue in issues] == [("bad.json", check_id)]
    assert issues[0].where.startswith(where)
    assert "\n" not in str(issues[0])


@pytest.mark.parametrize(
    "data",
    [
        TASK,
        f"[{TASK}, {TASK}]",
        f"{TASK}\n{TASK}\n",
        f"\n{TASK}\r\n\r\n{TASK}",
        f"\ufeff{TASK}",
        f"\ufeff[{TASK}]",
    ],
)
def test_tasks_are_read_alone_in_lists_and_by_line_with_and_without_bom(data: str, tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    path.write_text(data, encoding="utf-8", newline="")
    tasks, issues = read_task_files([path])
    assert issues == []
    assert len(tasks) == data.count("doc_id")
    assert all(task.data.text == "Астана" for task in tasks)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_bytes(data)
    read_task_files([path])


def test_a_file_too_large_for_a_document_is_refused_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    code, _, error = run_command(capsys, "check", path)
    assert (code, error.count("\n")) == (2, 1)
    assert str(path) in error
    assert str(MAX_BYTES) in error


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_without_tasks_is_one_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tasks").mkdir()
    code, _, error = run_command(capsys, command, "--annotations", tmp_path, "--dataset", tmp_path / "dataset")
    assert (code, error.count("\n")) == ({"build": 1, "check": 2}[command], 1)
    assert "holds no task file" in error
    assert not (tmp_path / "dataset").exists()


def test_an_unreadable_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.json"
    path.write_text(TASK, encoding="utf-8")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    code, _, error = run_command(capsys, "check", path)
    assert (code, error.count("\n")) == (2, 1)
    assert "cannot be read: Permission denied" in error
