from __future__ import annotations

from pathlib import Path

import pytest

from qatynas.build import check_annotations, check_files
from qatynas.checks import list_checks
from qatynas.cli import main

INVALID = Path(__file__).parent / "invalid"
DATASET = Path(__file__).parents[1] / "dataset"


@pytest.mark.parametrize("check_id", list_checks())
def test_every_check_finds_its_fixture_and_nothing_else(check_id: str) -> None:
    issues, _ = check_files([INVALID / f"{check_id}.json"], DATASET)
    assert {issue.check_id for issue in issues} == {check_id}
    assert all("\n" not in str(issue) for issue in issues)


@pytest.mark.parametrize("check_id", list_checks())
def test_the_command_line_exits_1_and_names_the_check(
    check_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(DATASET.parent)
    with pytest.raises(SystemExit) as stop:
        main(["check", str(INVALID / f"{check_id}.json")])
    assert stop.value.code == 1
    assert f"[{check_id}]" in capsys.readouterr().out


def test_every_fixture_is_named_by_a_check() -> None:
    assert {path.stem for path in INVALID.glob("*.json")} == set(list_checks())


def test_every_check_has_a_rule() -> None:
    assert all(rule.endswith(".") and len(rule) > 20 for rule in list_checks().values())


def test_the_valid_task_is_clean() -> None:
    assert check_files([INVALID.parent / "valid.json"], DATASET)[0] == []


def test_the_committed_annotations_and_dataset_are_clean() -> None:
    issues, summary = check_annotations(DATASET.parent / "annotations", DATASET)
    assert [str(issue) for issue in issues] == [], summary


def test_findings_are_sorted_and_the_order_of_files_does_not_matter() -> None:
    paths = sorted(INVALID.glob("*.json"))
    forward, backward = check_files(paths, DATASET)[0], check_files(paths[::-1], DATASET)[0]
    assert forward == sorted(forward) == backward
