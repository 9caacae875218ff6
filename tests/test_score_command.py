from __future__ import annotations

import errno
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qatynas.scoring
from command import run_command
from qatynas import __version__
from qatynas.cli import main
from qatynas.data import hash_dataset, load_documents
from qatynas.document import Reading
from qatynas.predictions import encode_predictions

if TYPE_CHECKING:
    from qatynas.document import Document

FEW = ("--resamples", "20", "--seed", "7")
GOLD = {document.doc_id: document.gold for document in load_documents("validation")}


@pytest.fixture(autouse=True)
def _read_data_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data set is read once for all tests: reading it costs more than scoring."""
    monkeypatch.setattr(qatynas.scoring, "load_documents", load_once)


@cache
def load_once(split: str) -> list[Document]:
    return load_documents(split)


def write(path: Path, predicted: dict[str, Reading]) -> str:
    path.write_bytes(encode_predictions(predicted))
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str, split: str = "validation") -> tuple[int, str, str]:
    return run_command(capsys, "score", *arguments, "--split", split, *FEW)


@pytest.fixture
def perfect(tmp_path: Path) -> str:
    return write(tmp_path / "perfect.jsonl", GOLD)


@pytest.fixture
def half(tmp_path: Path) -> str:
    return write(
        tmp_path / "half.jsonl", {doc_id: Reading("system", gold.mentions[::2]) for doc_id, gold in GOLD.items()}
    )


def test_a_perfect_file_scores_one(perfect: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run(capsys, perfect)
    assert (code, error) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    headline = {words[0]: words[1] for words in lines if words and words[0] in {"overall", "entity", "relation"}}
    assert headline["overall"] == "1.000"
    assert lines[0][0].startswith(f"qatynas:{__version__}|data:{hash_dataset()[:12]}|")
    assert lines[0][0].endswith("|resamples:20|seed:7")


def test_json_holds_the_signature_and_every_score(perfect: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run(capsys, perfect, "--json")
    assert (code, error) == (0, "")
    report = json.loads(out)
    assert report["signature"].split("|")[3:] == [
        "split:validation", f"docs:{len(GOLD)}", "missing:0", "resamples:20", "seed:7"
    ]  # fmt: skip
    assert report["missing"] == []
    first = report["scores"][0]
    assert (first["task"], first["measure"], first["group"], first["f1"]) == ("overall", "strict", "all", 1.0)
    assert all(score["f1"] == 1.0 for score in report["scores"] if score["group"] == "all")


def test_the_same_call_gives_the_same_bytes(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, half, "--json") == run(capsys, half, "--json")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_broken_file_exits_1_with_a_line_a_finding(
    form: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *_ = sorted(GOLD)
    path = tmp_path / "broken.jsonl"
    mention = {"start": 0, "end": 5, "type": "ORG"}
    rows = [{"doc_id": first, "mentions": [mention]}, {"doc_id": second, "mentions": [], "extra": 1}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, out, error = run(capsys, str(path), *form)
    assert code == 1
    lines = (out + error).splitlines()
    assert [line.split("]")[0].split("[")[1] for line in lines[:2]] == [
        "prediction-unknown-label", "prediction-malformed"
    ]  # fmt: skip
    assert lines[2:] == ["qatynas: 2 findings, nothing is scored"]
    assert "overall" not in out
    if form:
        assert out == ""  # what reads JSON from stdout finds JSON there, or nothing


def test_a_missing_document_is_a_finding_unless_it_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = sorted(GOLD)
    path = write(tmp_path / "rest.jsonl", {doc_id: GOLD[doc_id] for doc_id in rest})
    code, out, error = run(capsys, path)
    assert code == 1
    assert f"[prediction-missing] lacks {first}" in out + error
    code, out, error = run(capsys, path, "--allow-missing", "--json")
    assert (code, error) == (0, "")
    report = json.loads(out)
    assert report["missing"] == [first]
    assert "|missing:1|" in report["signature"]
    assert report["scores"][0]["f1"] < 1


def test_two_files_are_compared(perfect: str, half: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run(capsys, perfect, "--against", half)
    assert (code, error) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["strict", "overall", "entity", "relation", "number"]
    code, out, _ = run(capsys, perfect, "--against", half, "--json")
    differences = json.loads(out)["differences"]
    assert code == 0
    assert [row["task"] for row in differences] == ["overall", "entity", "relation", "number"]
    assert differences[0]["one"] == 1.0 > differences[0]["other"]
    assert all(1 / 21 <= row["p"] <= row["p_holm"] <= 1 for row in differences)


def test_a_file_does_not_differ_from_itself(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, half, "--against", half, "--json")
    assert code == 0
    assert {row["p"] for row in json.loads(out)["differences"]} == {1.0}


def test_a_fault_of_either_file_stops_a_comparison(
    perfect: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    code, out, error = run(capsys, perfect, "--against", str(path), "--json")
    assert (code, out) == (1, "")
    assert error.startswith("empty.jsonl whole [prediction-missing]")


def test_a_file_of_another_split_names_that_split(perfect: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run(capsys, perfect, split="train")
    assert code == 1
    assert (out + error).count("score that with --split validation") == len(GOLD)


@pytest.mark.parametrize(
    "arguments",
    [["--split", "dev"], ["--resamples", "0"], ["--seed", "-1"], ["--against", "missing.jsonl"], ["--nonsense"]],
)
def test_a_wrong_option_is_one_line_and_exit_2(
    arguments: list[str], perfect: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", perfect, *arguments])
    out, error = capsys.readouterr()
    assert (stop.value.code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith("qatynas: ")


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_path_that_is_no_file_is_one_line_and_exit_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, error = run(capsys, str(tmp_path / name))
    assert (code, out, error.count("\n")) == (2, "", 1)


def test_an_unreadable_file_is_one_line_and_exit_2(
    perfect: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_once("validation")  # the data set itself stays readable

    def refuse(_: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, out, error = run(capsys, perfect)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "cannot be read: Input/output error: name a predictions file" in error
