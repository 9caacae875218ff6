from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import run_command
from qatynas.errors import QatynasError
from qatynas.exports import FORMATS, export_tasks, select_tasks
from qatynas.label_config import render_label_config
from qatynas.label_studio import Task, encode_task, from_document, to_document
from qatynas.merge import import_tasks
from qatynas.schema import load_schema
from qatynas.server_tasks import LOSSY
from server_noise import Json, export, push
from strategies import documents

if TYPE_CHECKING:
    from qatynas.document import Document

ROOT = Path(__file__).parents[1]
VALID = ROOT / "tests" / "valid.json"
DOC = "transit-china-2026-06"


def read(data: bytes) -> list[Task]:
    return msgspec.json.decode(data, type=list[Task])


def write(tasks: list[Task]) -> bytes:
    return b"".join(export_tasks(tasks, "label-studio"))


@given(st.lists(documents(), max_size=3))
def test_documents_written_and_read_are_themselves(given_documents: list[Document]) -> None:
    written = write([from_document(document) for document in given_documents])
    assert [to_document(task) for task in read(written)] == given_documents


@given(documents(), st.integers(0, 2**32))
def test_what_a_server_exports_read_written_and_read_is_itself(document: Document, seed: int) -> None:
    tasks = read(export(push([from_document(document)]), seed))
    written = write(tasks)
    assert read(written) == tasks
    assert write(read(written)) == written
    assert [to_document(task) for task in read(written)] == [document]


@settings(max_examples=30)
@given(documents())
def test_the_sdk_accepts_every_task_that_is_written(document: Document) -> None:
    pytest.importorskip("label_studio_sdk", reason="the extra label-studio is not installed")
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(render_label_config(load_schema()))
    for task in json.loads(write([from_document(document)])):
        data: Any = {"data": task["data"]}
        assert interface.validate_task(data)
        for annotation in task["annotations"]:
            assert interface.validate_prediction(annotation, return_errors=True) == []


@pytest.fixture(name="annotations")
def copy_annotations(tmp_path: Path) -> Path:
    folder = tmp_path / "annotations"
    (folder / "tasks").mkdir(parents=True)
    for name in ("splits.csv", "GUIDELINES.md"):
        shutil.copy(ROOT / "annotations" / name, folder)
    for name in (DOC, "aid-syria-2025-03", "vote-ilo-2025-06"):
        shutil.copy(ROOT / "annotations" / "tasks" / f"{name}.json", folder / "tasks")
    return folder


def list_bytes(annotations: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (annotations / "tasks").iterdir()}


def test_an_export_is_imported_without_a_change(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, before = tmp_path / "out.json", list_bytes(annotations)
    code, said, talk = run_command(capsys, "export", "--to", "label-studio", out, "--annotations", annotations)
    assert (code, said) == (0, "")
    assert "3 documents" in talk
    assert "reader-a@qatynas.example" in talk
    assert run_command(capsys, "import", out, "--annotations", annotations) == (0, "", "nothing new\n")
    shutil.rmtree(annotations / "tasks")
    assert run_command(capsys, "import", out, "--annotations", annotations)[0] == 0
    assert list_bytes(annotations) == before


def test_documents_and_splits_are_chosen(annotations: Path) -> None:
    tasks, issues = select_tasks(annotations, None, [DOC])
    assert ([task.data.doc_id for task in tasks], issues) == ([DOC], [])
    tasks, _ = select_tasks(annotations, "test", ())
    assert "aid-syria-2025-03" in {task.data.doc_id for task in tasks}
    with pytest.raises(QatynasError, match="is not in"):
        select_tasks(annotations, None, ["nonsense"])
    with pytest.raises(QatynasError, match="no document"):
        select_tasks(annotations, "train", ["aid-syria-2025-03"])


def test_a_file_is_written_over_only_when_told(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine", encoding="utf-8")
    command = ["export", "--to", "label-studio", out, "--doc", DOC, "--annotations", annotations]
    code, _, error = run_command(capsys, *command)
    assert (code, error.count("\n"), out.read_text(encoding="utf-8")) == (2, 1, "mine")
    assert "--force" in error
    assert run_command(capsys, *command, "--force")[0] == 0
    assert [task.data.doc_id for task in read(out.read_bytes())] == [DOC]


def test_standard_output_takes_an_export(annotations: Path) -> None:
    script = "from qatynas.cli import main; main()"
    command = [sys.executable, "-c", script, "export", "--to", "label-studio", "-", "--annotations", str(annotations)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert len(read(done.stdout)) == 3
    assert b"3 documents" in done.stderr


def test_an_unknown_format_is_one_line_that_names_the_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run_command(capsys, "export", "--to", "nonsense", tmp_path / "out")
    assert (code, error.count("\n")) == (2, 1)
    assert all(name in error for name in FORMATS)


def test_findings_keep_an_export_from_being_written(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = annotations / "tasks" / f"{DOC}.json"
    path.write_bytes(path.read_bytes().replace(b'["GPE"]', b'["PLANET"]', 1))
    code, _, error = run_command(
        capsys, "export", "--to", "label-studio", tmp_path / "out.json", "--annotations", annotations
    )
    assert code == 1
    assert "[label-unknown]" in error
    assert not (tmp_path / "out.json").exists()


def as_web_export(held: list[Json], users: dict[str, int]) -> bytes:
    """What the web interface exports as JSON: users' numbers in place of their addresses."""
    rows = json.loads(export(held))
    for task in rows:
        for annotation in task["annotations"]:
            annotation["completed_by"] = users[annotation["completed_by"]["email"]]
    return json.dumps(rows).encode()


USERS = {"reader-a@qatynas.example": 3, "reader-b@qatynas.example": 4, "adjudicator@qatynas.example": 5}


def drop_relation(task: Json, name: str) -> None:
    rows = next(a for a in task["annotations"] if a["completed_by"]["email"].startswith(name))["result"]
    rows.remove(next(row for row in rows if row["type"] == "relation"))


def load_tasks(annotations: Path) -> list[Task]:
    return [msgspec.json.decode(data, type=Task) for _, data in sorted(list_bytes(annotations).items())]


def test_a_web_export_names_its_users_by_what_they_left_unchanged(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list_bytes(annotations)
    held = push(load_tasks(annotations))
    path = tmp_path / "export.json"
    path.write_bytes(as_web_export(held, USERS))
    assert run_command(capsys, "import", path, "--annotations", annotations) == (0, "", "nothing new\n")
    drop_relation(held[1], "reader-b")
    path.write_bytes(as_web_export(held, USERS))
    code, _, talk = run_command(capsys, "import", path, "--annotations", annotations)
    assert (code, talk.count("written")) == (0, 1)
    after = list_bytes(annotations)
    (changed,) = (name for name in before if before[name] != after[name])
    assert len(set(before[changed].splitlines()) - set(after[changed].splitlines())) <= 2


def test_a_web_export_of_a_new_reader_wants_a_name(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = push(load_tasks(annotations))
    reading = json.loads(json.dumps(held[0]["annotations"][0])) | {"completed_by": {"email": "aigul@mfa.example"}}
    held[0]["annotations"].append(reading | {"ground_truth": False})
    held[0]["annotations"][-1]["result"].pop()
    path = tmp_path / "export.json"
    path.write_bytes(as_web_export(held, USERS | {"aigul@mfa.example": 9}))
    code, _, error = run_command(capsys, "import", path, "--annotations", annotations)
    assert (code, error.count("\n")) == (2, 1)
    assert "--annotator 9=" in error
    command = ["import", path, "--annotations", annotations, "--annotator", "9=aigul@mfa.example"]
    assert run_command(capsys, *command)[0] == 0
    task = load_tasks(annotations)[0]
    assert task.annotations[-1].annotator == "aigul@mfa.example"
    assert task.meta.guidelines["aigul@mfa.example"] == 5
    assert run_command(capsys, "import", path, "--annotations", annotations, "--annotator", "nine")[0] == 2


def test_an_import_and_the_server_both_changed_is_a_conflict(annotations: Path, tmp_path: Path) -> None:
    tasks = load_tasks(annotations)
    held = push(tasks)
    drop_relation(held[0], "reader-a")
    path = tmp_path / "export.json"
    path.write_bytes(export(held))
    file = annotations / "tasks" / f"{tasks[0].data.doc_id}.json"
    row: Any = msgspec.to_builtins(tasks[0])
    next(a for a in row["annotations"] if a["completed_by"]["email"].startswith("reader-a"))["result"].pop(0)
    rows = next(a for a in row["annotations"] if a["completed_by"]["email"].startswith("reader-a"))["result"]
    gone = {entry["id"] for entry in rows if "id" in entry} - {e["id"] for e in rows if e["type"] == "labels"}
    rows[:] = [e for e in rows if not gone & {e.get("id"), e.get("from_id"), e.get("to_id")}]
    file.write_bytes(encode_task(msgspec.convert(row, Task)))
    with pytest.raises(QatynasError, match=r"reader-a.*differs from the task file's.*here.*there"):
        import_tasks([path], annotations / "tasks")
    assert import_tasks([path], annotations / "tasks", replace=True)[1] == [file]


def make_lossy(kind: str) -> tuple[str, str]:
    """What the vendor's converter makes of a task, shortened, and the name of its file."""
    text = "Айдос Анкараға барды."
    regions = [{"start": 6, "end": 14, "labels": ["GPE"], "text": "Анкараға"}]
    row = {"doc_id": "example", "text": text, "id": 1, "entity": regions, "annotator": 1, "annotation_id": 1}
    if kind == "JSON_MIN":
        return json.dumps([row], ensure_ascii=False), "result.json"
    if kind == "CoNLL":
        return "-DOCSTART- -X- O\nАйдос -X- _ O\nАнкараға -X- _ B-GPE\n\n", "result.conll"
    columns = sorted(row)
    quoted = [json.dumps(row[name], ensure_ascii=False).replace('"', '""') for name in columns]
    mark = "," if kind == "CSV" else "\t"
    lines = (mark.join(f'"{cell}"' for cell in cells) for cells in (columns, quoted))
    return "\n".join(lines) + "\n", "result.csv"  # the vendor calls a TSV so too


@pytest.mark.parametrize("kind", LOSSY)
@pytest.mark.parametrize("suffix", [None, ".json", ".txt"])
def test_exports_that_have_lost_relations_are_refused_with_the_reason(
    kind: str, suffix: str | None, annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, name = make_lossy(kind)
    path = (tmp_path / name).with_suffix(suffix or Path(name).suffix)
    before = list_bytes(annotations)
    for mark in ("", "\ufeff"):
        path.write_text(mark + text, encoding="utf-8")
        code, out, error = run_command(capsys, "import", path, "--annotations", annotations)
        assert (code, out, error.count("\n")) == (2, "", 1)
        assert f"is a {kind} export: it has lost" in error
        assert "export the project as JSON" in error
    assert list_bytes(annotations) == before


@pytest.mark.parametrize("kind", ["JSON_MIN", "CSV", "TSV", "CONLL2003"])
def test_what_the_vendor_itself_writes_is_refused(kind: str, tmp_path: Path) -> None:
    converter = pytest.importorskip("label_studio_sdk.converter", reason="the extra label-studio is not installed")
    held = json.loads(export(push([msgspec.json.decode(VALID.read_bytes(), type=Task)])))
    (tmp_path / "in.json").write_text(json.dumps(held), encoding="utf-8")
    made = converter.Converter(config=render_label_config(load_schema()), project_dir=str(tmp_path))
    made.convert(str(tmp_path / "in.json"), str(tmp_path / "out"), kind, is_dir=False)
    (path,) = (tmp_path / "out").iterdir()
    with pytest.raises(QatynasError, match=f"is a {kind.replace('CONLL2003', 'CoNLL')} export"):
        import_tasks([path], tmp_path / "tasks")


def test_other_files_are_not_taken_for_lossy_exports(annotations: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    for text, check_id in (("{", "file-not-json"), ('[{"tokens": []}]', "file-not-tasks"), ("", "file-empty")):
        path.write_text(text, encoding="utf-8")
        issues, written = import_tasks([path], annotations / "tasks")
        assert ([issue.check_id for issue in issues], written) == ([check_id], [])
