from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import qatynas

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_code_data_and_schema_and_nothing_of_the_layout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} <= {"qatynas", "qatynas_baselines"}
    for wanted in (
        "schema.toml",
        "py.typed",
        "dataset/README.md",
        "dataset/croissant.json",
        "dataset/numbers/test.parquet",
        "templates/card.md.j2",
        "site/templates/document.html.j2",
        "site/static/site.css",
        "site/static/site.js",
        "site/static/icon.svg",
        "templates/croissant.yaml.j2",
        "templates/datasheet.md.j2",
    ):
        assert f"qatynas/{wanted}" in names


def test_an_installed_package_loads_its_data_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = "import qatynas; print(qatynas.__file__, len(qatynas.load('numbers', 'test')))"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    path, count = done.stdout.split()
    assert path.startswith(str(tmp_path / "site"))
    assert int(count) == len(qatynas.load("numbers", "test"))
