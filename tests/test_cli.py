from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command import run_command
from qatynas.cli import commands
from qatynas.label_config import render_label_config
from qatynas.schema import load_schema

ROOT = Path(__file__).parents[1]
ENTRY = Path(sys.executable).parent / "qatynas"


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_command(capsys, name, "--help")
    assert code == 0
    assert "Usage: qatynas" in out


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
