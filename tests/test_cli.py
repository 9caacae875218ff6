from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from command import run_command
from qatynas import __version__
from qatynas.cli import commands
from qatynas.data import hash_dataset
from qatynas.label_config import render_label_config
from qatynas.schema import load_schema
from qatynas.talk import track
from qatynas_baselines.commands import NAMES
from qatynas_baselines.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
ROOT = Path(__file__).parents[1]
ENTRY = Path(sys.executable).parent / "qatynas"


def list_commands(group: click.Group = commands, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that name every command, groups and the bare command too."""
    yield path
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from list_commands(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = list(list_commands())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example_that_parses(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out, _ = run_command(capsys, *path, "--help")
    assert code == 0
    assert " ".join(("Usage: qatynas", *path)) in out
    (example,) = re.findall(r"Example: qatynas (.*(?:\n +.*)*?)\n\n", out)
    words = shlex.split(example)
    if path:
        assert tuple(words[: len(path)]) == path
    monkeypatch.chdir(tmp_path)
    for word in words:
        if Path(word).suffix in {".json", ".jsonl", ".txt", ".iob2", ".safetensors"}:  # a file that is to exist
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()
    parse_words(words)


def parse_words(words: list[str]) -> None:
    """Parse a command line as click does before it runs a command; a fault is raised."""
    command: click.Command = commands
    context = commands.make_context("qatynas", list(words))
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)


def test_the_version_is_that_of_code_and_data(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_command(capsys, "--version")
    assert (code, out) == (0, f"qatynas {__version__} (code and data, content {hash_dataset()[:12]})\n")


def test_the_version_is_told_without_a_data_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("qatynas.data.dataset_path", lambda: tmp_path)
    code, out, _ = run_command(capsys, "--version")
    assert (code, out) == (0, f"qatynas {__version__} (code; the data set is missing)\n")


def test_quiet_hushes_talk_and_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def export(out: str, *options: str) -> tuple[int, str, str]:
        words = ("export", "--to", "label-studio", "--annotations", ROOT / "annotations", "--doc", RELEASE)
        return run_command(capsys, *options, *words, tmp_path / out)

    assert "loud.json: 1 documents" in export("loud.json")[2]
    assert export("quiet.json", "--quiet") == (0, "", "")
    assert (tmp_path / "quiet.json").read_bytes() == (tmp_path / "loud.json").read_bytes()
    code, _, error = export("quiet.json", "-q")
    assert (code, error.count("\n")) == (2, 1)
    assert "stands there already" in error
    code, out, error = run_command(capsys, "--quiet", "check", ROOT / "tests" / "invalid" / "region-twice.json")
    assert (code, error) == (1, "")
    assert "[region-twice]" in out


@pytest.mark.parametrize(("options", "shown"), [((), True), (("--quiet",), False)])
def test_progress_is_shown_on_a_terminal_unless_hushed(
    options: tuple[str, ...], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    with commands.make_context("qatynas", [*options, "stats"]) as context:
        context.command.callback(**context.params)  # type: ignore[misc]  # a group has a callback
        assert list(track(range(3), "steps")) == [0, 1, 2]
    assert ("3/3" in terminal.getvalue()) == shown


def test_no_progress_is_shown_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(range(3), "steps")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def complete(words: str) -> list[str]:
    """What bash offers for the last of these words."""
    environment = os.environ | {
        "_QATYNAS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run([ENTRY], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("qatynas sh", ["show"]),
        ("qatynas show mfa", [RELEASE]),
        ("qatynas export --doc visit-q", ["visit-qatar-2026-01"]),
        ("qatynas baseline run crf", ["crf", "crf+rules"]),
        ("qatynas baseline train li", ["linear"]),
        ("qatynas stats --pl", ["--plots"]),
    ],
)
def test_a_shell_completes_commands_documents_and_systems(words: str, offered: list[str]) -> None:
    assert complete(words) == offered


def test_the_names_that_are_completed_are_those_of_the_systems() -> None:
    assert tuple(SYSTEMS) == NAMES


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_switched_on_as_the_readme_says(shell: str) -> None:
    environment = os.environ | {"_QATYNAS_COMPLETE": f"{shell}_source"}
    done = subprocess.run([ENTRY], env=environment, capture_output=True, text=True, check=True)
    assert "_QATYNAS_COMPLETE" in done.stdout


def test_findings_of_a_build_and_an_import_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    shutil.copy(ROOT / "tests" / "invalid" / "region-twice.json", tmp_path / "annotations" / "tasks" / "example.json")
    places = ("--annotations", tmp_path / "annotations", "--json")
    code, out, _ = run_command(capsys, "build", *places, "--dataset", tmp_path / "dataset")
    assert code == 1
    assert "region-twice" in {issue["check_id"] for issue in json.loads(out)}
    code, out, _ = run_command(capsys, "import", *places, ROOT / "annotations" / "tasks" / f"{RELEASE}.json")
    assert json.loads(out).keys() == {"issues", "written"}


def test_the_leaderboard_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "baselines" / "results", tmp_path / "results")
    page = tmp_path / "LEADERBOARD.md"
    places = ("leaderboard", "--json", "--results", tmp_path / "results", "--target", page)
    assert json.loads(run_command(capsys, *places)[1]) == {"page": str(page), "written": True}
    for name in ("lookup", "linear", "crf", "crf+rules"):
        for path in (tmp_path / "results").glob(f"{name}.*"):
            path.unlink()
    code, out, _ = run_command(capsys, *places, "--verify")
    assert code == 1
    assert [line.partition(": ")[2][:8] for line in json.loads(out)] == ["is not w"]


def test_a_run_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run_nothing(name: str, folder: Path, *, study: bool) -> dict[str, Any]:  # noqa: ARG001 (the real one's)
        return {"reports": {split: {"scores": [{"f1": 0.5}]} for split in ("test", "validation")}}

    monkeypatch.setattr("qatynas_baselines.run.run_system", run_nothing)
    _, out, _ = run_command(capsys, "baseline", "run", "rules", "--json", "--results", tmp_path)
    assert json.loads(out) == {"rules": {"test": 0.5, "validation": 0.5}}


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["check", "--nonsense"], ["check", "missing.json"], ["import"], ["build", "extra"]]
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run_command(capsys, *arguments)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith("qatynas: ")


def test_findings_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, _ = run_command(capsys, "check", "--json", "tests/invalid/region-twice.json")
    assert code == 1
    assert json.loads(out)[0]["check_id"] == "region-twice"


def test_check_says_what_it_checked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, error = run_command(capsys, "check")
    assert (code, error) == (0, "")
    assert "checks over" in out
    assert out.endswith("clean\n")


def test_the_installed_entry_point_answers() -> None:
    done = subprocess.run([ENTRY, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("qatynas 0.")
    assert done.stderr == ""


def test_the_command_line_is_there_without_heavy_imports() -> None:
    heavy = {"datasets", "pandas", "pyarrow", "sklearn", "numpy", "label_studio_sdk", "edtf", "babel", "lark"}
    heavy |= {"matplotlib", "rich", "tqdm"}
    script = "import sys, qatynas.cli, qatynas.build; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("encoding", ["cp1251", "latin-1", "ascii"])
def test_a_terminal_without_kazakh_letters_gets_their_codes(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [str(ENTRY), "check", "tests/invalid/region-cuts-word.json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"[region-cuts-word]" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{ENTRY}' check --list > /dev/full"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "No space left" in done.stderr


def test_the_bare_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run_command(capsys)
    assert code == 2
    assert "Commands:" in error.splitlines()


def test_a_closed_pipe_is_no_traceback() -> None:
    command = f"'{ENTRY}' check --list | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("file-empty")
    assert "Traceback" not in done.stderr


def test_the_schema_is_what_the_design_fixes() -> None:
    schema = load_schema()
    assert (len(schema.entities), len(schema.numbers), len(schema.relations)) == (13, 7, 14)
    assert all(entry.kaznerd == entry.label for entry in schema.labels.values() if entry.kaznerd)
    assert {entity.label for entity in schema.entities if entity.kaznerd is None} == {"ACT", "MEASURED"}
    assert all(code.startswith("P") for relation in schema.relations for code in relation.wikidata)
    assert "POINT_IN_TIME" in schema.find_relations("MONEY", "DATE")
    assert not schema.find_relations("DATE", "DATE")
    assert schema.find_relations("LAW", "ACT") == {"CONCERNS"}
    assert len(render_label_config(schema).encode()) > 5000
