from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from qatynas.cli import main
from qatynas.document import Mention, Number
from qatynas.errors import QatynasError
from qatynas.merge import import_tasks
from qatynas.quotation import QuotedMention, QuotedReading, QuotedRelation, resolve_quotation

TEXT = "Астана мен Анкара. Анкараға 5 млн теңге, тағы 5 млн теңге берілді."
VALID = Path(__file__).parent / "valid.json"


def quote(*mentions: dict[str, Any], relations: tuple[tuple[str, str, str], ...] = ()) -> QuotedReading:
    quoted = [QuotedMention(id=str(place), **mention) for place, mention in enumerate(mentions)]
    return QuotedReading("d", "reader-a", 1, quoted, [QuotedRelation(*relation) for relation in relations])


def test_offsets_are_found_from_sentence_words_and_standing() -> None:
    reading = resolve_quotation(
        quote(
            {"sentence": 1, "quote": "Анкараға", "type": "GPE", "name": "Анкара"},
            {"sentence": 0, "quote": "Анкара", "type": "GPE", "name": "Анкара"},
            {"sentence": 1, "quote": "5 млн теңге", "nth": 2, "type": "MONEY", "value": 5e6, "unit": "KZT"},
        ),
        TEXT,
    )
    assert reading.mentions == (
        Mention(11, 17, "GPE", "Анкара"),
        Mention(19, 27, "GPE", "Анкара"),
        Mention(46, 57, "MONEY", None, Number(5e6, unit="KZT")),
    )


@pytest.mark.parametrize(
    ("mention", "fault"),
    [
        ({"sentence": 2, "quote": "Астана", "type": "GPE", "name": "А"}, "sentence 2 of 0 to 1"),
        ({"sentence": 0, "quote": "Анкар", "type": "GPE", "name": "А"}, "stands 0 times as whole words"),
        ({"sentence": 1, "quote": "5 млн теңге", "type": "MONEY", "value": 5, "unit": "KZT"}, "stands 2 times"),
        ({"sentence": 0, "quote": "Астана", "nth": 2, "type": "GPE", "name": "А"}, "nth is 2"),
        ({"sentence": 0, "quote": " мен", "type": "GPE", "name": "А"}, "stands 0 times"),
        ({"sentence": 0, "quote": "", "type": "GPE", "name": "А"}, "stands 0 times"),
        ({"sentence": 0, "quote": "Астана", "type": "CITY", "name": "А"}, "label 'CITY' is not in the schema"),
        ({"sentence": 0, "quote": "Астана", "type": "GPE"}, "'name' is missing"),
        ({"sentence": 0, "quote": "Астана", "type": "GPE", "name": "А", "value": 3}, "'value' is missing or not"),
    ],
)
def test_a_quotation_that_does_not_fit_is_refused(mention: dict[str, Any], fault: str) -> None:
    with pytest.raises(QatynasError, match=fault):
        resolve_quotation(quote(mention), TEXT)


def test_relations_that_do_not_fit_are_refused_together() -> None:
    ends = (
        {"sentence": 0, "quote": "Астана", "type": "GPE", "name": "Астана"},
        {"sentence": 0, "quote": "Анкара", "type": "GPE", "name": "Анкара"},
    )
    relations = (("LOCATED_IN", "0", "7"), ("SIGNATORY", "0", "1"), ("LOCATED_IN", "0", "0"))
    with pytest.raises(QatynasError) as refusal:
        resolve_quotation(quote(*ends, relations=relations), TEXT)
    assert len(str(refusal.value).splitlines()) == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tasks").mkdir()
    assert import_tasks([VALID], tmp_path / "tasks")[0] == []
    return tmp_path / "tasks"


def write_reading(folder: Path, **changes: Any) -> Path:
    reading = {
        "doc_id": "example",
        "annotator": "reader-b",
        "guidelines": 2,
        "mentions": [{"id": "1", "sentence": 0, "quote": "Анкараға", "type": "GPE", "name": "Анкара"}],
        "relations": [],
    }
    path = folder.parent / "reading.json"
    path.write_text(json.dumps(reading | changes), encoding="utf-8")
    return path


def test_a_reading_is_added_once(folder: Path) -> None:
    path = write_reading(folder)
    assert import_tasks([path], folder) == ([], [folder / "example.json"])
    task = json.loads((folder / "example.json").read_text(encoding="utf-8"))
    assert [annotation["completed_by"]["email"].split("@")[0] for annotation in task["annotations"]] == [
        "adjudicator",
        "reader-a",
        "reader-b",
    ]
    assert task["meta"]["guidelines"]["reader-b"] == 2
    assert import_tasks([path], folder) == ([], [])


def test_a_reading_that_differs_is_a_conflict_unless_told(folder: Path) -> None:
    path = write_reading(folder, annotator="reader-a")
    before = (folder / "example.json").read_bytes()
    with pytest.raises(QatynasError, match="differs from the task file's"):
        import_tasks([path], folder)
    assert (folder / "example.json").read_bytes() == before
    assert import_tasks([path], folder, replace=True)[1] == [folder / "example.json"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"doc_id": "unknown"}, "has no task file"),
        ({"guidelines": "two"}, "Expected `int`"),
        ({"mention": []}, "unknown field `mention`"),
    ],
)
def test_a_bad_reading_is_one_line(
    folder: Path, changes: dict[str, Any], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_reading(folder, **changes)
    with pytest.raises(SystemExit) as stop:
        main(["import", str(path), "--annotations", str(folder.parent)])
    error = capsys.readouterr().err
    assert (stop.value.code, error.count("\n")) == (2, 1)
    assert fault in error


def test_a_broken_task_file_is_not_written_over(folder: Path) -> None:
    (folder / "example.json").write_text("{", encoding="utf-8")
    issues, written = import_tasks([VALID], folder)
    assert [issue.check_id for issue in issues] == ["file-not-json"]
    assert written == []
    assert (folder / "example.json").read_text(encoding="utf-8") == "{"


def test_a_task_with_findings_is_not_imported(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    issues, written = import_tasks([VALID.parent / "invalid" / "region-twice.json"], folder)
    assert [issue.check_id for issue in issues] == ["region-twice"]
    assert written == []
    assert list(folder.iterdir()) == []


def test_a_cancelled_reading_is_kept_beside_the_counted_one_of_its_annotator(folder: Path) -> None:
    path = folder / "example.json"
    task = json.loads(path.read_text(encoding="utf-8"))
    cancelled = json.loads(json.dumps(task["annotations"][1])) | {"was_cancelled": True, "result": []}
    for order in ([*task["annotations"], cancelled], [cancelled, *task["annotations"]]):
        path.write_text(json.dumps(task | {"annotations": order}), encoding="utf-8")
        assert import_tasks([write_reading(folder)], folder)[1] == [path]
        kept = json.loads(path.read_text(encoding="utf-8"))["annotations"]
        assert sorted(
            (a["completed_by"]["email"].split("@")[0], a["was_cancelled"], len(a["result"]) > 0) for a in kept
        ) == [
            ("adjudicator", False, True),
            ("reader-a", False, True),
            ("reader-a", True, False),
            ("reader-b", False, True),
        ]


def test_the_same_reading_as_a_server_gives_it_is_nothing_new(folder: Path) -> None:
    task = json.loads((folder / "example.json").read_text(encoding="utf-8"))
    for annotation in task["annotations"]:
        annotation["result"].reverse()
        annotation["id"] = 7
        for row in annotation["result"]:
            if row["type"] == "labels":
                del row["value"]["text"]
            if row["type"] == "relation":
                row["from_id"], row["to_id"], row["direction"] = row["to_id"], row["from_id"], "left"
    path = folder.parent / "export.json"
    path.write_text("\ufeff" + json.dumps([task]), encoding="utf-8")
    assert import_tasks([path], folder) == ([], [])


def test_data_that_differ_are_refused(folder: Path) -> None:
    task = json.loads(VALID.read_text(encoding="utf-8"))
    task["data"]["title"] = "Басқа тақырып"
    path = folder.parent / "task.json"
    path.write_text(json.dumps(task), encoding="utf-8")
    with pytest.raises(QatynasError, match="data differ"):
        import_tasks([path], folder)
