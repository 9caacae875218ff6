from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run_command
from qatynas import load_documents
from qatynas.parquet import list_rows
from qatynas.rows import describe_reading
from qatynas_baselines.extraction.corpus import extract_corpus
from qatynas_baselines.extraction.parts import Columns, list_parts, read_part
from qatynas_baselines.models import load_model, save_model
from qatynas_baselines.run import train_system

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = load_documents("validation")
SAID = [{"doc_id": d.doc_id, "text": d.text, "date": d.date} for d in DOCUMENTS]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "rules.safetensors"
    save_model(train_system("rules"), path, "rules")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> list[Path]:
    """The validation texts: some as Parquet in row groups of three, the others as JSON Lines."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(SAID[:7]), folder / "a.parquet", row_group_size=3)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in SAID[7:])
    (folder / "b.jsonl").write_text(lines, encoding="utf-8")
    return sorted(folder.iterdir())


def read_output(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def list_found(folder: Path) -> list[dict[str, Any]]:
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return [row for table in tables for row in list_rows("documents", table)]


def test_every_text_is_a_row_with_what_the_model_finds(model: Path, corpus: list[Path], tmp_path: Path) -> None:
    tally = extract_corpus(model, corpus, tmp_path / "out", part_rows=2)
    assert tally.documents == len(SAID)
    assert tally.size == sum(len(row["text"].encode()) for row in SAID)
    _, pipeline = load_model(model)
    rows, readings = list_found(tmp_path / "out"), pipeline.predict(DOCUMENTS)
    for row, document, reading in zip(rows, DOCUMENTS, readings, strict=True):
        assert (row["doc_id"], row["text"], row["date"]) == (document.doc_id, document.text, document.date)
        assert (row["genre"], row["source"]) == (None, None)
        found = describe_reading(document, reading)
        assert {name: row[name] for name in found} == found


WITH_RAY = pytest.param(
    "ray",
    marks=[
        pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="Ray is missing: pip install -e '.[scale]'"),
        pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),  # Ray's own, of itself
    ],
)


@pytest.mark.parametrize("engine", ["local", WITH_RAY])
def test_who_does_the_work_changes_no_byte(engine: str, model: Path, corpus: list[Path], tmp_path: Path) -> None:
    extract_corpus(model, corpus, tmp_path / "one", part_rows=2)
    extract_corpus(model, corpus, tmp_path / "other", part_rows=2, engine=engine, workers=2)
    assert read_output(tmp_path / "one") == read_output(tmp_path / "other")
    again = extract_corpus(model, corpus, tmp_path / "other", part_rows=2, engine=engine, workers=2)
    assert again.documents == 0


def test_what_is_done_is_not_done_again_and_leftovers_go(model: Path, corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract_corpus(model, corpus, out, part_rows=2)
    whole = read_output(out)
    lost = sorted(out.glob("*.parquet"))[1]
    lost.unlink()
    (out / f".{lost.name}.part").write_bytes(b"half")
    kept = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    heard: list[tuple[int, int]] = []
    tally = extract_corpus(model, corpus, out, part_rows=2, tell=lambda done, total: heard.append((done, total)))
    assert tally.documents == pq.read_metadata(lost).num_rows
    assert heard == [(len(SAID), len(SAID))]
    assert read_output(out) == whole
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_killed_extraction_is_completed(model: Path, corpus: list[Path], tmp_path: Path) -> None:
    extract_corpus(model, corpus, tmp_path / "whole", part_rows=1)
    out = tmp_path / "out"
    command = [sys.executable, "-c", "from qatynas.cli import main; main()", "extract", "--model", str(model)]
    command += ["--input", str(corpus[0].parent / "*"), "--output", str(out), "--part-rows", "1", "--workers", "1"]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while running.poll() is None and len(list(out.glob("*.parquet"))) < 2:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    halves = {path.name for path in out.glob(".*.part")}
    assert set(read_output(out)) - halves <= set(read_output(tmp_path / "whole"))
    extract_corpus(model, corpus, out, part_rows=1)
    assert read_output(out) == read_output(tmp_path / "whole")


@pytest.mark.parametrize("other", ["model", "inputs"])
def test_an_output_of_another_extraction_is_refused(
    other: str, model: Path, corpus: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, out = tmp_path / "own.safetensors", tmp_path / "out"
    own.write_bytes(model.read_bytes())
    command = ["extract", "--model", own, "--input", corpus[0].parent / "*", "--output", out, "--workers", 1]
    assert run_command(capsys, *command)[0] == 0
    before = read_output(out)
    if other == "model":
        save_model(load_model(own)[1], own, "another name")
    else:
        corpus[1].write_bytes(corpus[1].read_bytes() + b"\n")
    code, _, error = run_command(capsys, *command)
    assert (code, error.count("\n")) == (2, 1)
    assert f"belongs to another {other}" in error
    assert read_output(out) == before


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.jsonl", b"{", "expected a JSON object"),
        ("a.jsonl", b'{"doc_id": "1"}', "expected a text under 'text'"),
        ("a.jsonl", b'{"text": "x", "date": "2.8.2025"}', "expected a release date"),
        ("a.csv", b"text\n", "is of an unknown kind"),
        (".hidden", b"", "matches no file"),
    ],
)
def test_a_broken_input_is_one_line(  # noqa: PLR0917
    name: str, content: bytes, fault: str, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "corpus", tmp_path / "out"
    folder.mkdir()
    (folder / name).write_bytes(content)
    command = ["extract", "--model", model, "--input", folder / "*", "--output", out, "--workers", 1]
    code, _, error = run_command(capsys, *command)
    assert (code, error.count("\n")) == (2, 1)
    assert fault in error
    assert not list(out.glob("*.parquet"))


def test_a_folder_with_other_things_is_left_alone(
    model: Path, corpus: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = corpus[0].parent
    before = read_output(folder)
    code, _, error = run_command(capsys, "extract", "--model", model, "--input", folder / "*", "--output", folder)
    assert (code, "holds other things" in error) == (2, True)
    assert read_output(folder) == before


def test_columns_have_any_names_and_nulls_are_empty_texts(model: Path, tmp_path: Path) -> None:
    texts = [("u1", "Астанада 40 елші қабылданды.", "2025-08-02"), ("u2", None, None)]
    rows = [dict(zip(("url", "body", "day"), row, strict=True)) for row in texts]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    columns = Columns("body", "url", "day")
    extract_corpus(model, [tmp_path / "a.parquet"], tmp_path / "out", columns=columns)
    one, other = list_found(tmp_path / "out")
    assert (one["doc_id"], one["date"], one["numbers"][0]["value"]) == ("u1", "2025-08-02", 40)
    assert (other["doc_id"], other["text"], other["mentions"], other["sentences"]) == ("u2", "", [], [])


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20),
    size=st.integers(1, 9),
    group=st.integers(1, 9),
)
def test_parts_hold_every_row_once_and_in_order(
    texts: list[str], size: int, group: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    table = pa.Table.from_pylist([{"text": text} for text in texts], schema=pa.schema([("text", pa.string())]))
    pq.write_table(table, folder / "parts.parquet", row_group_size=group)
    (folder / "parts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    expected = [unicodedata.normalize("NFC", text.replace("\r\n", "\n")) for text in texts]
    for name in ("parts.parquet", "parts.jsonl"):
        parts = list_parts([folder / name], size)
        found = [document for part in parts for document in read_part(part, Columns())]
        assert [document.text for document in found] == expected
        assert [document.doc_id for document in found] == [f"{name}:{number}" for number in range(len(texts))]
        assert all(part.rows <= size for part in parts)
