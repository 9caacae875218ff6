"""What a server holds, brought home: a three-way merge with what was pushed, by document and annotator.

Planning changes nothing; every task file is then written whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.issue import Issue
from qatynas.label_studio import Annotation, LabelsRow, Task, TaskData, TaskMeta, User
from qatynas.merge import read_guidelines_version, take_steps
from qatynas.readings import Change, hash_annotations, list_differences, match_readings
from qatynas.studio.held import BASE, read_snapshot
from qatynas.task_files import read_known_tasks, write_task_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from qatynas.readings import Step
    from qatynas.studio.client import Client
    from qatynas.studio.held import HeldTask


@dataclass(slots=True)
class Plan:
    """What a pull would do: the tasks to be written by document id, what came, what it leaves alone and why.

    `marks` are the tasks' `meta` by their number on the server, where what both sides now share is not noted yet.
    """

    changed: dict[str, Task] = field(default_factory=dict)
    arrivals: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    marks: dict[int, dict[str, Any]] = field(default_factory=dict)

    def summarize(self, written: int) -> str:
        """What came of the plan in one line, after so many files were written."""
        said = [f"{written} task files written" if written else "nothing new"]
        if self.conflicts:
            cure = "--ours keeps what is here, --theirs takes what is there"
            said.append(f"{len(self.conflicts)} conflicts left alone ({cure})")
        if self.issues:
            said.append(f"{len(self.issues)} findings not merged")
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Side:
    """The server's readings of one task that can be read, the annotators to be left alone, and what is wrong."""

    readings: tuple[Annotation, ...]
    blocked: frozenset[str]
    issues: tuple[Issue, ...]


def pull_project(client: Client, name: str, annotations: Path, choice: str | None) -> tuple[Plan, list[Path]]:
    """What was planned for a project on a server, and the task files that were written.

    Raises:
        QatynasError: for a project that is not there, a snapshot that is not whole, a file that cannot be written, and
            from the client.
    """
    folder = annotations / "tasks"
    begun = folder.exists() and any(folder.iterdir())
    tasks, issues = read_known_tasks(folder) if begun else ([], [])
    if issues:
        return Plan(issues=sorted(issues)), []  # a broken task file is not to be written over
    project = client.find_project(name)
    if project is None:
        raise QatynasError(client.url, f"has no project named {name!r}", "name another --project, or push first")
    plan = plan_pull(tasks, client.fetch_snapshot(project), choice, read_guidelines_version(annotations))
    paths = apply_plan(plan, folder)
    for task, meta in plan.marks.items():  # last: a run that is killed before finds the two sides alike
        client.update_task(task, {"meta": meta})
    return plan, paths


def plan_pull(local: Iterable[Task], exported: bytes, choice: str | None = None, guidelines: int | None = None) -> Plan:
    """What has to be done to bring a snapshot home.

    `choice` settles conflicts: "ours" keeps what is here, "theirs" takes what is there. `guidelines` is the version
    noted for annotators who are new to a document.

    Raises:
        QatynasError: for a snapshot that is not whole.
    """
    try:
        held = read_snapshot(exported)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise QatynasError("the server's snapshot", error, "expected whole JSON", "pull again") from error
    known = {task.data.doc_id: task for task in local}
    plan = Plan()
    counts = Counter(task.doc_id for task in held if task.data is not None)
    for doc_id, count in sorted(counts.items()):
        if count > 1:
            fault = f"{count} tasks of the project have this id: delete all but one"
            plan.issues.append(Issue(doc_id, "data.doc_id", "doc-id-twice", "error", fault))
    for task in sorted(held, key=lambda task: (task.doc_id, task.id)):
        if task.data is None:
            plan.issues.append(_explain_data(task))
        elif counts[task.doc_id] == 1:
            _plan_task(plan, task, task.data, known.get(task.doc_id), choice, guidelines)
    return plan


def apply_plan(plan: Plan, folder: Path) -> list[Path]:
    """The task files that were written; after a kill the same pull completes the rest.

    Raises:
        QatynasError: where a file cannot be written.
    """
    paths = []
    for doc_id, task in sorted(plan.changed.items()):
        folder.mkdir(parents=True, exist_ok=True)
        write_task_file(folder / f"{doc_id}.json", task)
        paths.append(folder / f"{doc_id}.json")
    return paths


def _plan_task(  # noqa: PLR0913, PLR0917
    plan: Plan, held: HeldTask, data: TaskData, known: Task | None, choice: str | None, guidelines: int | None
) -> None:
    """Add what one task on the server wants to the plan."""
    if known is not None and known.data != data:
        plan.conflicts.append(_compare_data(known.data, data))
        return
    local = known or Task(data)
    side = _read_side(held)
    plan.issues += side.issues
    versions = dict.fromkeys(_list_names(side.readings), guidelines) | _read_versions(held) | local.meta.guidelines
    steps = match_readings(local.annotations, side.readings, held.base)
    wanted, refused = _choose_steps(plan, local, steps, side.blocked, versions)
    annotations, conflicts = take_steps(local, wanted, choice)
    changed = [step for step in wanted if step.side == "theirs" or (step.side == "both" and choice == "theirs")]
    if changed:
        names = {*local.meta.guidelines, *_list_names(annotations)}
        merged = Task(data, annotations, _make_meta(versions, names))
        faults = check_draft(merged)
        plan.issues += faults
        if faults:
            return
        plan.changed[data.doc_id] = merged
        plan.arrivals += [_tell(data, step) for step in changed]
    plan.conflicts += [_tell(data, step, conflict=True) for step in conflicts]
    if known or changed:
        unsettled = {*side.blocked, *(step.annotator for step in (*refused, *conflicts))}
        _mark(plan, held, side, unsettled, plan.changed.get(data.doc_id, local).meta.guidelines)


def _list_names(annotations: Iterable[Annotation]) -> list[str]:
    return list(dict.fromkeys(annotation.annotator for annotation in annotations))


def _read_versions(held: HeldTask) -> dict[str, int]:
    """The versions of the guidelines that the server has with its annotators."""
    given = held.meta.get("guidelines")
    try:
        return dict(msgspec.convert({"guidelines": given or {}}, TaskMeta).guidelines)
    except msgspec.ValidationError:
        return {}


def _make_meta(versions: Mapping[str, int | None], names: Iterable[str]) -> TaskMeta:
    found = ((name, versions.get(name)) for name in sorted(names))
    return TaskMeta({name: version for name, version in found if version is not None})


def _choose_steps(
    plan: Plan, local: Task, steps: Sequence[Step], blocked: frozenset[str], versions: Mapping[str, int | None]
) -> tuple[list[Step], list[Step]]:
    """The steps that may be taken, and those that may not, whose faults are added to the plan."""
    wanted: list[Step] = []
    refused: list[Step] = []
    for step in steps:
        faults: list[Issue] = []
        if step.annotator not in blocked and step.theirs is not None and step.side != "ours":
            faults = _check_reading(local, step.theirs, versions)
        plan.issues += [issue for issue in faults if issue not in plan.issues]
        (refused if faults or step.annotator in blocked else wanted).append(step)
    return wanted, refused


def _check_reading(local: Task, annotation: Annotation, versions: Mapping[str, int | None]) -> list[Issue]:
    """What breaks the rules in one reading that came from a server, and in its release."""
    name = annotation.annotator
    alone = Task(local.data, [annotation], _make_meta(versions, [name]))
    where = f"annotations {name}".rstrip()
    return [replace(issue, where=issue.where.replace("annotations[0]", where)) for issue in check_draft(alone)]


def _read_side(held: HeldTask) -> Side:
    readings: list[Annotation] = []
    issues: list[Issue] = []
    blocked: set[str] = set()
    for place, annotation in enumerate(held.annotations):
        if annotation.content is None:
            owner, fault = _explain_annotation(held, place)
            blocked.add(owner)
            where = f"annotations[{place}] {owner}".rstrip()
            issues.append(Issue(held.doc_id, where, "task-malformed", "error", f"{fault}: mark it anew on the server"))
        else:
            readings.append(annotation.content)
    counted = Counter(reading.annotator for reading in readings if not reading.was_cancelled)
    for annotator, count in counted.items():
        if count > 1:
            blocked.add(annotator)
            fault = f"has {count} readings on the server: cancel or delete all but one"
            issues.append(Issue(held.doc_id, f"annotations {annotator}", "annotator-twice", "error", fault))
    order = sorted(readings, key=lambda reading: (not reading.ground_truth, reading.annotator, reading.was_cancelled))
    return Side(tuple(order), frozenset(blocked), tuple(issues))


class _Owned(msgspec.Struct):
    completed_by: User | int | None = None


class _Framed(msgspec.Struct):
    data: TaskData
    annotations: list[msgspec.Raw] = []


def _explain_annotation(held: HeldTask, place: int) -> tuple[str, str]:
    """Whose an annotation is that cannot be read, and why it cannot."""
    raw = msgspec.json.decode(held.raw, type=_Framed).annotations[place]
    try:
        owner = Annotation([], msgspec.json.decode(raw, type=_Owned).completed_by).annotator
    except msgspec.ValidationError:
        owner = ""
    return owner, _explain(raw, Annotation)


def _explain_data(held: HeldTask) -> Issue:
    name = held.doc_id or f"task {held.id}"
    fault = _explain(held.raw, _Framed)
    return Issue(name, "data", "task-malformed", "error", f"{fault}: mend it to the fields of a task file")


def _explain(raw: bytes | msgspec.Raw, kind: type) -> str:
    try:
        msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        return str(error)
    return "cannot be read"


def _compare_data(ours: TaskData, theirs: TaskData) -> Change:
    names = [field.name for field in msgspec.structs.fields(TaskData)]
    differing = [name for name in names if getattr(ours, name) != getattr(theirs, name)]
    faults = tuple(
        f"data.{name}: {_shorten(getattr(ours, name))} here, {_shorten(getattr(theirs, name))} there"
        for name in differing
    )
    return Change(ours.doc_id, "", "the release itself differs, so that nothing of it is merged (push it)", faults)


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _tell(data: TaskData, step: Step, *, conflict: bool = False) -> Change:
    """What a step is about, in words."""
    differences = list_differences(step.ours, step.theirs, data.text)
    if conflict:
        fault = "changed on both sides" if step.ours and step.theirs else "changed on one side, deleted on the other"
        if step.theirs is None:
            fault = "deleted on the server"
        return Change(data.doc_id, step.annotator, f"{fault}, left alone", differences)
    if step.theirs is None:
        return Change(data.doc_id, step.annotator, "deleted")
    if step.ours is None:
        regions = sum(isinstance(row, LabelsRow) for row in step.theirs.result)
        return Change(data.doc_id, step.annotator, f"added, {regions} regions")
    return Change(data.doc_id, step.annotator, "changed", differences)


def _mark(plan: Plan, held: HeldTask, side: Side, unsettled: set[str], guidelines: Mapping[str, int]) -> None:
    """Note on the server what both sides have now dealt with, so that the next pull, or push, begins there."""
    there = hash_annotations(side.readings)
    shared = {name: hashes for name, hashes in there.items() if name not in unsettled}
    base = {name: held.base[name] for name in unsettled if name in held.base} | shared
    known = _read_versions(held)
    versions = known | {name: guidelines[name] for name in shared if name in guidelines and name not in known}
    if base != held.base or versions != known:
        plan.marks[held.id] = {**held.meta, "guidelines": versions, BASE: dict(sorted(base.items()))}
