from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from qatynas import storage
from qatynas.build import build_dataset, write_dataset
from qatynas.cli import main
from qatynas.errors import QatynasError
from qatynas.parquet import CONFIGS, make_features, make_table
from qatynas.storage import replace_folder
from strategies import documents

if TYPE_CHECKING:
    from qatynas.document import Document

ROOT = Path(__file__).parents[1]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    return tmp_path


def read_folder(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_builds_give_the_same_bytes(workspace: Path) -> None:
    assert build_dataset(workspace / "annotations", workspace / "one") == []
    assert build_dataset(workspace / "annotations", workspace / "other") == []
    assert read_folder(workspace / "one") == read_folder(workspace / "other")
    assert not (workspace / "DATASHEET.md").exists()  # it is written with the project's own data set alone


def test_the_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    from qatynas.label_studio import to_document
    from qatynas.task_files import read_task_files

    (task,), _ = read_task_files([ROOT / "tests" / "valid.json"])
    one = to_document(task)
    task.data.doc_id = "another"
    pair, splits = [one, to_document(task)], {"example": "train", "another": "train"}
    for name, order in (("one", pair), ("other", pair[::-1])):
        (tmp_path / name).mkdir()
        write_dataset(tmp_path / name, order, splits, tmp_path / "results")
    assert read_folder(tmp_path / "one") == read_folder(tmp_path / "other")


def test_any_finding_stops_the_build_and_nothing_is_written(workspace: Path) -> None:
    assert build_dataset(workspace / "annotations", workspace / "dataset") == []
    before = read_folder(workspace)
    broken = workspace / "annotations" / "tasks" / "example.json"
    shutil.copy(ROOT / "tests" / "invalid" / "relation-dangling.json", broken)
    issues = build_dataset(workspace / "annotations", workspace / "dataset")
    assert {issue.check_id for issue in issues} == {"relation-dangling", "split-missing"}
    broken.unlink()
    assert read_folder(workspace) == before


@pytest.mark.parametrize("target", ["annotations", "annotations/tasks", ".", "precious", "file", "/"])
def test_a_target_that_holds_other_things_is_refused_and_stays(
    target: str, workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "precious").mkdir()
    (workspace / "precious" / "letter.txt").write_text("hello", encoding="utf-8")
    (workspace / "file").write_text("hello", encoding="utf-8")
    before = read_folder(workspace)
    with pytest.raises(SystemExit) as stop:
        main(["build", "--dataset", target])
    error = capsys.readouterr().err
    assert (stop.value.code in {1, 2}, error.count("\n")) == (True, 1)
    assert read_folder(workspace) == before


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(workspace: Path) -> None:
    (workspace / "real").mkdir()
    (workspace / "dataset").symlink_to(workspace / "real")
    for _ in range(2):
        assert build_dataset(workspace / "annotations", workspace / "dataset") == []
    assert (workspace / "dataset").is_symlink()
    assert (workspace / "real" / "README.md").exists()
    assert sorted(path.name for path in workspace.iterdir()) == ["DATASHEET.md", "annotations", "dataset", "real"]


@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing", None])
def test_a_damaged_dataset_is_stale_and_no_traceback(damage: bytes | None, workspace: Path) -> None:
    from qatynas.build import check_annotations, check_files

    assert build_dataset(workspace / "annotations", workspace / "dataset") == []
    for config in ("ner", "documents"):
        path = workspace / "dataset" / config / "test.parquet"
        path.unlink() if damage is None else path.write_bytes(damage)
    issues, _ = check_annotations(workspace / "annotations", workspace / "dataset")
    assert {(issue.check_id, issue.where) for issue in issues} == {
        ("dataset-stale", "documents/test.parquet"),
        ("dataset-stale", "ner/test.parquet"),
    }
    issues, _ = check_files([ROOT / "tests" / "valid.json"], workspace / "dataset")
    assert [issue.check_id for issue in issues] == ["dataset-stale"]


def test_a_label_config_that_is_not_the_schema_is_stale(workspace: Path) -> None:
    from qatynas.build import check_annotations

    assert build_dataset(workspace / "annotations", workspace / "dataset") == []
    (workspace / "annotations" / "label_config.xml").write_bytes(b"\xff")
    issues, _ = check_annotations(workspace / "annotations", workspace / "dataset")
    assert [(issue.doc_id, issue.check_id) for issue in issues] == [("label_config.xml", "dataset-stale")]


def test_a_line_of_splits_without_a_document_is_found(workspace: Path) -> None:
    with (workspace / "annotations" / "splits.csv").open("a", encoding="utf-8") as file:
        file.write("gone,train\n")
    issues = build_dataset(workspace / "annotations", workspace / "dataset")
    assert [(issue.doc_id, issue.check_id) for issue in issues] == [("gone", "split-missing")]


@pytest.mark.parametrize("name", ["notes.txt", "another.json", "folder.json"])
def test_what_is_no_task_file_of_its_name_is_refused(name: str, workspace: Path) -> None:
    tasks = workspace / "annotations" / "tasks"
    if name == "folder.json":
        (tasks / name).mkdir()
    else:
        shutil.copy(ROOT / "tests" / "valid.json", tasks / name)
    with pytest.raises(QatynasError, match=name):
        build_dataset(workspace / "annotations", workspace / "dataset")


def test_the_digest_sees_a_change_of_labels_alone() -> None:
    from qatynas.card import hash_tables

    table = make_table("numbers", [])
    fields = table.schema.metadata[b"huggingface"].replace(b"PERCENTAGE", b"PERCENTILE")
    assert fields != table.schema.metadata[b"huggingface"]
    other = table.replace_schema_metadata({b"huggingface": fields})
    assert hash_tables({("numbers", "test"): table}) != hash_tables({("numbers", "test"): other})


def test_the_label_config_is_renewed(workspace: Path) -> None:
    config = workspace / "annotations" / "label_config.xml"
    committed = config.read_bytes()
    config.write_text("<View/>", encoding="utf-8")
    build_dataset(workspace / "annotations", workspace / "dataset")
    assert config.read_bytes() == committed


def test_a_build_killed_at_any_moment_leaves_the_old_or_the_new_whole(workspace: Path) -> None:
    """The swap is killed at every one of its steps, then the same command completes the work."""
    target = workspace / "dataset"
    target.mkdir()
    (target / "file").write_text("old", encoding="utf-8")
    script = (
        "import sys, os\nfrom pathlib import Path\nfrom qatynas.storage import replace_folder\n"
        "calls = 0\n"
        "def trace(event, arguments):\n"
        "    global calls\n"
        "    if event.split('.')[0] in {'os', 'shutil', 'open', 'ctypes'}:\n"
        "        calls += 1\n"
        "        if calls == int(sys.argv[2]):\n"
        "            os.kill(os.getpid(), 9)\n"
        "sys.addaudithook(trace)\n"
        "with replace_folder(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'file').write_text('new')\n"
        "    (folder / 'inner').mkdir()\n"
    )
    kills = 0
    for step in range(1, 60):
        done = subprocess.run([sys.executable, "-c", script, str(target), str(step)], check=False)
        assert (target / "file").read_text(encoding="utf-8") in {"old", "new"}
        kills += done.returncode == -signal.SIGKILL
        if done.returncode == 0:
            break
    assert done.returncode == 0
    assert kills > 8
    assert (target / "file").read_text(encoding="utf-8") == "new"
    assert [path.name for path in workspace.iterdir() if path.name.startswith(".dataset")] == []


def test_a_real_build_survives_being_killed(workspace: Path) -> None:
    arguments = [sys.executable, "-c", "from qatynas.cli import main; main(['build'])"]
    subprocess.run(arguments, cwd=workspace, check=True, capture_output=True)
    whole = read_folder(workspace / "dataset")
    for delay in (0.2, 0.8, 1.4, 1.6, 1.8, 2.0):
        with subprocess.Popen(arguments, cwd=workspace, stderr=subprocess.DEVNULL) as process:
            time.sleep(delay)
            process.kill()
        assert read_folder(workspace / "dataset") == whole
    subprocess.run(arguments, cwd=workspace, check=True, capture_output=True)
    assert sorted(path.name for path in workspace.iterdir()) == ["DATASHEET.md", "annotations", "dataset"]


def test_without_an_exchange_the_old_folder_is_moved_aside_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_exchange", lambda *_: False)
    target = tmp_path / "dataset"
    for content in ("old", "new"):
        with replace_folder(target) as folder:
            (folder / "file").write_text(content, encoding="utf-8")
    assert (target / "file").read_text(encoding="utf-8") == "new"
    target.rename(tmp_path / ".dataset.old")  # as a run leaves it that is killed between its two steps
    with pytest.raises(RuntimeError), replace_folder(target):
        raise RuntimeError
    assert (target / "file").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with (
        replace_folder(tmp_path / "dataset"),
        pytest.raises(QatynasError, match="another run"),
        replace_folder(tmp_path / "dataset"),
    ):
        pass


def test_an_unwritable_target_is_one_line(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "file").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["build", "--dataset", "file/dataset"])
    error = capsys.readouterr().err
    assert (stop.value.code, error.count("\n")) == (1, 1)
    assert "cannot be written" in error


@given(documents())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_rows_of_any_document_fit_the_features(document: Document) -> None:
    for config in CONFIGS:
        table = make_table(config, [document])
        assert table.schema.equals(make_features(config).arrow_schema)
        if config == "documents":
            (row,) = table.to_pylist()
            assert len(row["relations"]) == len(document.gold.relations)
            for mention in row["mentions"]:
                assert row["text"][mention["start"] : mention["end"]] == mention["text"]
        if config == "ner":
            assert_tags_lose_nothing(document, table.to_pylist())


def assert_tags_lose_nothing(document: Document, sentences: list[dict[str, Any]]) -> None:
    for row in sentences:
        assert row["tokens"] == [document.text[a:b] for a, b in zip(row["starts"], row["ends"], strict=True)]
        previous = 0
        for tag in row["ner_tags"]:  # tags are O, B-X, I-X, B-Y, I-Y …: an I follows its own B or itself
            assert tag == 0 or tag % 2 == 1 or previous in {tag, tag - 1}
            previous = tag
