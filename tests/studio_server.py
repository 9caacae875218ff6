"""Fixtures: a real Label Studio. One data folder is made once and kept in pytest's cache; every server has a copy."""

from __future__ import annotations

import importlib.util
import shutil
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qatynas.studio.server import start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.studio.server import Server

INSTALLED = importlib.util.find_spec("label_studio") is not None


@pytest.fixture(scope="session")
def studio_template(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A data folder in which a server has been started once: a copy of it is ready in seconds."""
    if not INSTALLED:
        pytest.skip("Label Studio is not installed: pip install -e '.[studio]'")
    cache = getattr(pytestconfig, "cache", None)
    shelf = cache.mkdir("qatynas-studio") if cache else tmp_path_factory.mktemp("studio-shelf")
    kept = shelf / version("label-studio")
    if not (kept / "account.json").exists():
        made = Path(tmp_path_factory.mktemp("studio-template")) / "data"
        with start_server(made, 0):
            pass
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(made, kept.with_name(kept.name + ".new"), dirs_exist_ok=True)
        kept.with_name(kept.name + ".new").rename(kept)
    return kept


@contextmanager
def serve_copy(template: Path, folder: Path, port: int = 0) -> Iterator[Server]:
    """A server of its own on a copy of the template in a folder, which is taken up where it stands already."""
    if not folder.exists():
        shutil.copytree(template, folder)
    with start_server(folder, port) as server:
        yield server


@pytest.fixture(scope="session")
def studio_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the server that all tests share."""
    return Path(tmp_path_factory.mktemp("studio")) / "data"


@pytest.fixture(scope="session")
def studio(studio_template: Path, studio_folder: Path) -> Iterator[Server]:
    """A server that all tests of a run share: each works in projects of its own names."""
    with serve_copy(studio_template, studio_folder) as server:
        yield server
