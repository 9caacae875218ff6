from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.label_studio import Task, encode_task, from_document
from qatynas.readings import compare_annotations
from qatynas.studio.pull import apply_plan, plan_pull
from qatynas.task_files import read_known_tasks
from server_noise import Json, export, push
from strategies import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from qatynas.document import Document

TASKS = Path(__file__).parents[1] / "annotations" / "tasks"
VALID = Path(__file__).parent / "valid.json"
DOC = "transit-china-2026-06"
SEEDS = st.integers(0, 2**32)


def load(path: Path) -> Task:
    return msgspec.json.decode(path.read_bytes(), type=Task)


def edit(task: Task, change: Callable[[Json], object]) -> Task:
    row = msgspec.to_builtins(task)
    change(row)
    return msgspec.convert(row, Task)


def find(task: Json, annotator: str) -> Json:
    annotation: Json = next(a for a in task["annotations"] if a["completed_by"]["email"].startswith(annotator))
    return annotation


def find_row(task: Json, annotator: str, **keys: str) -> Json:
    rows = find(task, annotator)["result"]
    row: Json = next(row for row in rows if keys.items() <= row.items())
    return row


def rename(name: str, annotator: str = "reader-a") -> Callable[[Json], object]:
    return lambda task: find_row(task, annotator, from_name="name")["value"].update(text=[name])


@settings(max_examples=50)
@given(documents(), SEEDS)
def test_a_push_and_a_pull_without_work_in_between_change_nothing(document: Document, seed: int) -> None:
    task = from_document(document)
    plan = plan_pull([task], export(push([task]), seed))
    assert (plan.changed, plan.arrivals, plan.conflicts, plan.issues, plan.marks) == ({}, [], [], [], {})


def test_the_whole_corpus_comes_home_without_a_change(tmp_path: Path) -> None:
    shutil.copytree(TASKS, tmp_path / "tasks")
    tasks, _ = read_known_tasks(tmp_path / "tasks")
    plan = plan_pull(tasks, export(push(tasks)))
    assert apply_plan(plan, tmp_path / "tasks") == []
    assert (plan.conflicts, plan.issues, plan.marks) == ([], [], {})
    assert {p.name: p.read_bytes() for p in (tmp_path / "tasks").iterdir()} == {
        p.name: p.read_bytes() for p in TASKS.iterdir()
    }


def drop_relation(task: Json) -> None:
    rows = find(task, "reader-a")["result"]
    rows.remove(next(row for row in rows if row["type"] == "relation"))


def drop_attribute(task: Json) -> None:
    rows = find(task, "reader-a")["result"]
    rows.remove(next(row for row in rows if row["type"] in {"number", "textarea"}))


def drop_region(task: Json) -> None:
    annotation = find(task, "reader-a")
    gone = annotation["result"][0]["id"]
    annotation["result"] = [
        r for r in annotation["result"] if gone not in {r.get("id"), r.get("from_id"), r.get("to_id")}
    ]


def add_relation(task: Json) -> None:
    ends = {"from_id": "m8", "to_id": "m5", "direction": "right"}
    find(task, "reader-a")["result"].append({"type": "relation", **ends, "labels": ["POINT_IN_TIME"]})


def add_region(task: Json) -> None:
    rows = find(task, "reader-a")["result"]
    end = len("Қазақстан Сыртқы істер")
    value = {"start": 10, "end": end, "labels": ["ORGANISATION"], "text": "Сыртқы істер"}
    name = {"text": ["Сыртқы істер министрлігі"], "start": 10, "end": end}
    rows.append({"type": "labels", "id": "aB3dE_", "from_name": "entity", "to_name": "text", "value": value})
    rows.append({"type": "textarea", "id": "aB3dE_", "from_name": "name", "to_name": "text", "value": name})


def move_region(task: Json) -> None:
    for row in find(task, "reader-a")["result"]:
        if row.get("id") == "m4":
            row["value"] |= {"start": 62, "end": 70} | ({"text": "сапармен"} if row["type"] == "labels" else {})


EDITS: dict[str, Callable[[Json], object]] = {
    "a relation less": drop_relation,
    "a relation more": add_relation,
    "a value less": drop_attribute,
    "a value": rename("Басқа атау"),
    "a region less": drop_region,
    "a region more": add_region,
    "a region moved": move_region,
    "cancelled": lambda task: find(task, "reader-a").update(was_cancelled=True),
}


@pytest.mark.parametrize("name", EDITS)
@settings(max_examples=5)  # the checks of a reading take their time
@given(seed=SEEDS)
def test_exactly_the_change_comes_home(name: str, seed: int) -> None:
    local = load(VALID)
    held = push([local])
    EDITS[name](held[0])
    plan = plan_pull([local], export(held, seed))
    assert (plan.conflicts, plan.issues) == ([], [])
    merged = plan.changed["example"]
    expected = edit(local, EDITS[name])
    assert all(map(compare_annotations, merged.annotations, expected.annotations))
    assert [len(plan.arrivals), merged.meta, merged.data] == [1, local.meta, local.data]
    before, after = (encode_task(task).splitlines() for task in (local, merged))
    assert len(set(before) ^ set(after)) <= 4, "only the lines of what changed"
    again = plan_pull([merged], export([held[0] | {"meta": plan.marks[1]}], seed + 1))
    assert (again.changed, again.conflicts, again.marks) == ({}, [], {})


def test_a_second_change_of_the_server_is_no_conflict_once_the_first_is_marked() -> None:
    local, held = load(VALID), push([load(VALID)])
    rename("Бірінші")(held[0])
    first = plan_pull([local], export(held))
    held[0]["meta"] = first.marks[1]
    rename("Екінші")(held[0])
    second = plan_pull(first.changed.values(), export(held))
    assert second.conflicts == []
    assert b"\xd0\x95\xd0\xba\xd1\x96\xd0\xbd\xd1\x88\xd1\x96" in encode_task(second.changed["example"])
    held[0]["meta"]["qatynas"] = {}
    unmarked = plan_pull(first.changed.values(), export(held))
    assert len(unmarked.conflicts) == 1, "without a mark nobody can tell"


def test_a_reading_by_a_third_user_is_added_under_the_guidelines_of_today() -> None:
    local, held = load(VALID), push([load(VALID)])
    reading = json.loads(json.dumps(find(held[0], "reader-a"))) | {"completed_by": {"email": "aigul@mfa.example"}}
    held[0]["annotations"].insert(0, reading)
    plan = plan_pull([local], export(held), guidelines=5)
    merged = plan.changed["example"]
    assert merged.annotations[:2] == local.annotations
    assert [a.annotator for a in merged.annotations] == ["adjudicator", "reader-a", "aigul@mfa.example"]
    assert merged.meta.guidelines == {"adjudicator": 1, "aigul@mfa.example": 5, "reader-a": 1}
    assert plan.marks[1]["guidelines"] == merged.meta.guidelines, "so that a push finds nothing changed"
    assert check_draft(merged) == []
    assert b'qatynas": {' not in encode_task(merged)
    assert b'"id":7' not in encode_task(merged)
    assert [str(change) for change in plan.arrivals] == ["example aigul@mfa.example: added, 11 regions"]


@pytest.mark.parametrize(
    ("choice", "expected"), [(None, "Мұнда"), ("ours", "Мұнда"), ("theirs", "Онда")], ids=["unasked", "ours", "theirs"]
)
def test_a_reading_changed_on_both_sides_waits_for_a_choice(choice: str | None, expected: str) -> None:
    held = push([load(VALID)])
    local = edit(load(VALID), rename("Мұнда"))
    rename("Онда")(held[0])
    plan = plan_pull([local], export(held), choice)
    merged = plan.changed.get("example", local)
    assert find_row(msgspec.to_builtins(merged), "reader-a", from_name="name")["value"]["text"] == [expected]
    assert ("example" in plan.changed) == (choice == "theirs")
    lines = [str(conflict) for conflict in plan.conflicts]
    assert bool(lines) == (choice is None)
    for line in lines:
        assert line == "example reader-a: changed on both sides, left alone: m0 name: 'Мұнда' here, 'Онда' there"
    if choice:
        held[0]["meta"] = plan.marks[1]
        settled = plan_pull([merged], export(held))
        assert (settled.changed, settled.conflicts) == ({}, []), "what was settled stays so"


def test_what_changed_here_alone_is_kept_while_another_reading_comes_home() -> None:
    held = push([load(VALID)])
    local = edit(load(VALID), rename("Мұнда", "reader-a"))
    drop = find(held[0], "adjudicator")["result"]
    drop.remove(next(row for row in drop if row["type"] == "relation"))
    plan = plan_pull([local], export(held))
    merged = plan.changed["example"]
    assert merged.annotations[1] == local.annotations[1]
    assert len(merged.annotations[0].result) == len(local.annotations[0].result) - 1
    assert plan.conflicts == []


@settings(max_examples=40)
@given(
    st.sampled_from([None, *EDITS]), st.sampled_from([None, *EDITS]), st.sampled_from([None, "ours", "theirs"]), SEEDS
)
def test_every_pair_of_changes_is_taken_kept_or_shown(
    here: str | None, there: str | None, choice: str | None, seed: int
) -> None:
    held = push([load(VALID)])
    local = edit(load(VALID), EDITS[here]) if here else load(VALID)
    remote = edit(load(VALID), EDITS[there]) if there else load(VALID)
    if there:
        EDITS[there](held[0])
    plan = plan_pull([local], export(held, seed), choice)
    result = plan.changed.get("example", local)
    wins = remote if (there and not here) or (here and there and choice == "theirs") else local
    assert all(map(compare_annotations, result.annotations, wins.annotations))
    assert bool(plan.conflicts) == bool(here and there and here != there and choice is None)


def test_what_was_deleted_on_the_server_stays_unless_told() -> None:
    local, held = load(VALID), push([load(VALID)])
    held[0]["annotations"].pop()
    plan = plan_pull([local], export(held))
    assert plan.changed == {}
    assert [str(change) for change in plan.conflicts] == [
        "example reader-a: deleted on the server, left alone: it is not on the server any more"
    ]
    taken = plan_pull([local], export(held), "theirs")
    assert [a.annotator for a in taken.changed["example"].annotations] == ["adjudicator"]
    kept = plan_pull([local], export(held), "ours")
    assert (kept.changed, kept.conflicts) == ({}, [])


def test_a_reading_deleted_here_does_not_come_back() -> None:
    held = push([load(VALID)])
    local = load(VALID)
    local.annotations.pop()
    plan = plan_pull([local], export(held))
    assert (plan.changed, plan.conflicts) == ({}, [])
    rename("Онда")(held[0])
    plan = plan_pull([local], export(held))
    assert (plan.changed, len(plan.conflicts)) == ({}, 1)


def spoil_label(annotation: Json) -> None:
    annotation["result"][0]["value"]["labels"] = ["PLANET"]


def spoil_offsets(annotation: Json) -> None:
    annotation["result"][0]["value"]["end"] = 10**6


def spoil_relation(annotation: Json) -> None:
    annotation["result"][-1]["to_id"] = "gone"


def spoil_id(annotation: Json) -> None:
    for row in annotation["result"][2:4]:
        row["id"] = "m0"


def spoil_text(annotation: Json) -> None:
    annotation["result"][0]["value"] |= {"text": "Басқа сөз", "start": 10}


def spoil_type(annotation: Json) -> None:
    annotation["result"].append({"type": "polygon", "id": "p", "from_name": "x", "to_name": "text", "value": {}})


def spoil_user(annotation: Json) -> None:
    annotation["completed_by"] = 17


SPOILS: dict[str, tuple[Callable[[Json], object], str]] = {
    "unknown label": (spoil_label, "label-unknown"),
    "offsets past the end": (spoil_offsets, "region-outside-text"),
    "dangling relation": (spoil_relation, "relation-dangling"),
    "duplicate ids": (spoil_id, "region-id-twice"),
    "a text that is not there": (spoil_text, "region-text-differs"),
    "rows of another control": (spoil_type, "task-malformed"),
    "a result that is no list": (lambda annotation: annotation.update(result={"a": 1}), "task-malformed"),
}


def as_saved(held: list[Json]) -> bytes:
    return json.dumps(held).encode()


@pytest.mark.parametrize("name", SPOILS)
def test_what_is_invalid_is_named_and_the_rest_is_merged(name: str) -> None:
    spoil, check_id = SPOILS[name]
    local = [load(VALID), load(TASKS / f"{DOC}.json")]
    held = push(local)
    spoil(find(held[0], "reader-a"))
    rename("Айдос", "adjudicator")(held[0])
    drop_relation(held[1])
    plan = plan_pull(local, as_saved(held))
    assert check_id in {issue.check_id for issue in plan.issues}
    assert all((issue.doc_id, "reader-a" in issue.where) == ("example", True) for issue in plan.issues), plan.issues
    assert set(plan.changed) == {"example", DOC}
    assert plan.changed["example"].annotations[1] == local[0].annotations[1]
    assert plan.changed["example"].annotations[0] != local[0].annotations[0]
    assert plan.conflicts == []
    assert plan.marks[1]["qatynas"]["reader-a"] == held[0]["meta"]["qatynas"]["reader-a"]


def test_an_unknown_user_and_a_second_reading_are_named() -> None:
    local, held = load(VALID), push([load(VALID)])
    stranger = json.loads(json.dumps(find(held[0], "reader-a")))
    spoil_user(stranger)
    twin = json.loads(json.dumps(find(held[0], "adjudicator"))) | {"ground_truth": False}
    held[0]["annotations"] += [stranger, twin]
    plan = plan_pull([local], as_saved(held), guidelines=5)
    assert {(issue.check_id, issue.where) for issue in plan.issues} == {
        ("annotator-unknown", "annotations 17.completed_by"),
        ("annotator-twice", "annotations adjudicator"),
    }
    assert plan.changed == {}


def test_a_second_ground_truth_is_named_and_its_document_left() -> None:
    local, held = load(VALID), push([load(VALID)])
    find(held[0], "reader-a")["ground_truth"] = True
    plan = plan_pull([local], as_saved(held))
    assert [issue.check_id for issue in plan.issues] == ["gold-twice"]
    assert (plan.changed, plan.marks) == ({}, {})


def test_foreign_tasks_and_twins_are_named_and_the_rest_is_merged() -> None:
    local = [load(VALID), load(TASKS / f"{DOC}.json")]
    held = push(local)
    drop_relation(held[0])
    drop_relation(held[1])
    held += [held[1] | {"id": 3}, {"id": 4, "data": {"image": "x.png"}, "annotations": [], "meta": None}]
    plan = plan_pull(local, as_saved(held))
    assert sorted((issue.doc_id, issue.check_id) for issue in plan.issues) == [
        ("task 4", "task-malformed"),
        (DOC, "doc-id-twice"),
    ]
    assert set(plan.changed) == {"example"}


def test_a_release_that_differs_is_shown_and_left_alone() -> None:
    local, held = load(VALID), push([load(VALID)])
    held[0]["data"]["title"] = "Басқа тақырып"
    drop_relation(held[0])
    for choice in (None, "ours", "theirs"):
        plan = plan_pull([local], export(held), choice)
        assert plan.changed == {}
        assert "data.title: 'Анкараға сапар' here, 'Басқа тақырып' there" in str(plan.conflicts[0])


def test_a_new_document_comes_home_with_its_first_reading() -> None:
    held = push([load(VALID)])
    held[0]["meta"] = {}
    held[0]["annotations"].reverse()
    plan = plan_pull([], export(held), guidelines=5)
    expected = load(VALID)
    expected.meta.guidelines.update(adjudicator=5, **{"reader-a": 5})
    assert encode_task(plan.changed["example"]) == encode_task(expected)
    held[0]["annotations"] = []
    assert plan_pull([], export(held)).changed == {}, "nobody has read it yet"


@settings(max_examples=25)
@given(documents(), st.integers(0, 400))
def test_a_snapshot_that_broke_off_is_one_line(document: Document, cut: int) -> None:
    data = export(push([from_document(document)]))
    with pytest.raises(QatynasError, match="snapshot") as refusal:
        plan_pull([], data[: -1 - cut % (len(data) - 1)])
    assert "\n" not in str(refusal.value)


def test_a_kill_between_two_files_leaves_whole_ones_and_the_same_pull_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = [load(path) for path in sorted(TASKS.iterdir())[:5]]
    for task in local:
        (tmp_path / f"{task.data.doc_id}.json").write_bytes(encode_task(task))
    held = push(local)
    for row in held:
        drop_relation(row)
    done = plan_pull(local, export(held))
    replace = Path.replace
    moved: list[Path] = []

    def die(self: Path, target: Path) -> Path:
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        apply_plan(done, tmp_path)
    monkeypatch.setattr(Path, "replace", replace)
    half, issues = read_known_tasks(tmp_path)
    assert (issues, len(half)) == ([], 5)
    again = plan_pull(half, export(held))
    assert len(again.changed) == 3
    apply_plan(again, tmp_path)
    assert read_known_tasks(tmp_path)[0] == [done.changed[task.data.doc_id] for task in local]
    assert not list(tmp_path.glob(".*"))


def test_every_finding_is_one_line() -> None:
    held = push([load(VALID)])
    find(held[0], "reader-a")["result"][0]["value"]["labels"] = ["a\nb\u202e"]
    (issue,) = plan_pull([load(VALID)], as_saved(held)).issues
    assert str(issue).isprintable()
