from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qatynas
from qatynas.cli import commands

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
LINES = [line.split("#")[0].strip() for language, block in BLOCKS if language == "sh" for line in block.splitlines()]
QATYNAS = [line for line in LINES if line.startswith("qatynas")]
READING = next(block for language, block in BLOCKS if language == "json")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the commands read, so that none of them changes the checkout under test."""
    for folder in ("annotations", "dataset"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "READING.json").write_text(READING, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("line", QATYNAS)
def test_every_command_in_the_readme_runs(line: str, checkout: Path) -> None:
    command = [sys.executable, "-c", "from qatynas.cli import main; main()", *shlex.split(line)[1:]]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", [block for language, block in BLOCKS if language == "python"])
def test_every_python_block_in_the_readme_runs(block: str, checkout: Path) -> None:
    done = subprocess.run([sys.executable, "-c", block], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", README, re.MULTILINE)
    assert len(targets) >= 3
    for target in map("".join, targets):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_stands_in_the_readme_and_has_help_with_an_example() -> None:
    for name, command in commands.commands.items():
        assert any(line.startswith(f"qatynas {name}") for line in QATYNAS), name
        assert f"Example: qatynas {name}" in (command.help or "")


def test_every_label_stands_in_the_readme() -> None:
    from qatynas.schema import load_schema

    for label in (*load_schema().labels, *load_schema().relation_labels):
        assert label in README


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for page in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (ROOT / target).exists(), (page.name, target)


def test_the_version_stands_in_citation_and_changelog() -> None:
    assert f"version: {qatynas.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {qatynas.__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
