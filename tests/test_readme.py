from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qatynas
from qatynas.cli import commands
from qatynas_baselines.run import describe_machine, run_system

if TYPE_CHECKING:
    from qatynas.studio.server import Server

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
LINES = [line.split("#")[0].strip() for language, block in BLOCKS if language == "sh" for line in block.splitlines()]
QATYNAS = [line for line in LINES if line.startswith("qatynas")]
STUDIO = "qatynas studio "  # these want a server
READING = next(block for language, block in BLOCKS if language == "json" and '"annotator"' in block)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what blocks and commands read, so that none changes the checkout under test; they run in order."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("annotations", "dataset", "baselines/results"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "baselines" / "LEADERBOARD.md", folder / "baselines")
    (folder / "READING.json").write_text(READING, encoding="utf-8")
    (folder / "2025-09-01.txt").write_text("Елші қабылдау туралы\nАстанада 40 елші қабылданды.", encoding="utf-8")
    (folder / "pages").mkdir()
    (folder / "pages" / "one.jsonl").write_text('{"text": "Астанада 40 елші қабылданды."}\n', encoding="utf-8")
    (folder / "release.txt").write_text("Қазақстан Президенті Астанада 40 елшіні қабылдады.", encoding="utf-8")
    return folder


@pytest.mark.parametrize("block", [block for language, block in BLOCKS if language == "python"])
def test_every_python_block_in_the_readme_runs(block: str, checkout: Path) -> None:
    done = subprocess.run([sys.executable, "-c", block], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_example_for_transformers_fits_the_data(checkout: Path) -> None:
    """A stand-in of the four names that it takes from transformers, which is no dependency, looks at what they get."""
    (block,) = re.findall(r"```python not-run\n(.*?)```", README, re.DOTALL)
    (checkout / "stand_in").mkdir()
    shutil.copy(ROOT / "tests" / "transformers_stand_in.py", checkout / "stand_in" / "transformers.py")
    paths = os.pathsep.join((str(checkout / "stand_in"), os.environ.get("PYTHONPATH", "")))
    environment = os.environ | {"PYTHONPATH": paths, "HF_HOME": str(checkout / "cache")}
    command = [sys.executable, "-c", block]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "515 sentences to train on, 173 to validate, 41 labels\n"


@pytest.mark.parametrize("line", [line for line in QATYNAS if not line.startswith(STUDIO)])
def test_every_command_in_the_readme_runs(line: str, checkout: Path) -> None:
    run_line(line, checkout)


def run_line(line: str, checkout: Path, **environment: str) -> str:
    """What a command of the README prints in the checkout."""
    command = [sys.executable, "-c", "from qatynas.cli import main; main()", *shlex.split(line)[1:]]
    whole = {**os.environ, **environment}
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, env=whole)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_studio_commands_in_the_readme_run_against_a_server(checkout: Path, studio: Server) -> None:
    """But for `serve`, which started this one: what they pull is what was pushed."""
    lines = [line for line in QATYNAS if line.startswith(STUDIO)]
    assert [line.split()[2] for line in lines] == ["serve", "push", "pull"]
    before = read_results(checkout / "annotations" / "tasks")
    for line in lines[1:]:
        run_line(line, checkout, LABEL_STUDIO_URL=studio.url, LABEL_STUDIO_API_KEY=studio.token)
    assert read_results(checkout / "annotations" / "tasks") == before


def test_a_second_run_of_a_baseline_gives_the_same_files(checkout: Path) -> None:
    """The first is the stored one, or, where that comes from another kind of processor, the one of this README."""
    stored, first = (folder / "baselines" / "results" for folder in (ROOT, checkout))
    name, machine = "crf+rules", json.loads((stored / "crf+rules.cost.json").read_bytes())["machine"]
    if machine == describe_machine():
        assert read_results(first) == read_results(stored)
    else:
        before = read_results(first)
        run_system(name, first)
        assert read_results(first) == before


def read_results(folder: Path) -> dict[str, bytes]:
    """The files of a folder, but for the costs."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".cost.json")}


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", README, re.MULTILINE)
    assert len(targets) >= 3
    for target in map("".join, targets):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_stands_in_the_readme() -> None:
    for name in commands.commands:
        assert any(line.startswith(f"qatynas {name}") for line in QATYNAS), name


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
