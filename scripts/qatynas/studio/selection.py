"""Which tasks are pushed: the corpus, a split, single documents, new texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.checks import check_draft
from qatynas.errors import QatynasError
from qatynas.splits import read_splits
from qatynas.studio.texts import read_release
from qatynas.task_files import read_known_tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from qatynas.issue import Issue
    from qatynas.label_studio import Task

    Text = tuple[Path, str, str, str]  # a file, and the date, genre and source of its release


def select_tasks(
    annotations: Path, split: str | None, docs: Collection[str], texts: Sequence[Text]
) -> tuple[list[Task], list[Issue]]:
    """The tasks that are chosen and the new ones of texts, and what is wrong with them.

    Without a split and without documents all are chosen, unless there are texts: then these alone. What would be
    refused when it comes home is found here, before anybody works on it.

    Raises:
        QatynasError: for a file that cannot be read, a document that is unknown, and a text that has another's id.
    """
    new = [read_release(*text) for text in texts]
    tasks: list[Task] = []
    issues: list[Issue] = []
    if split or docs or not texts:
        known, issues = read_known_tasks(annotations / "tasks")
        chosen = _choose(annotations, split, docs, [task.data.doc_id for task in known])
        tasks = [task for task in known if task.data.doc_id in chosen]
    _refuse_known(new, [*tasks, *_read_rivals(annotations, new)])
    tasks += [task for task in new if task.data.doc_id not in {known.data.doc_id for known in tasks}]
    issues += [issue for task in tasks for issue in check_draft(task)]
    return tasks, sorted(issues)


def _choose(annotations: Path, split: str | None, docs: Collection[str], known: Iterable[str]) -> set[str]:
    every = set(known)
    unknown = sorted(set(docs) - every)
    if unknown:
        raise QatynasError(unknown[0], "has no task file", f"name a document of {annotations / 'tasks'}")
    if split is None:
        return set(docs) or every
    splits = read_splits(annotations / "splits.csv")
    return set(docs) | {doc_id for doc_id in every if splits.get(doc_id) == split}


def _read_rivals(annotations: Path, new: Sequence[Task]) -> list[Task]:
    """The task files whose ids new texts take up."""
    names = {task.data.doc_id for task in new}
    folder = annotations / "tasks"
    if not any((folder / f"{name}.json").exists() for name in names):
        return []
    return [task for task in read_known_tasks(folder)[0] if task.data.doc_id in names]


def _refuse_known(new: Sequence[Task], known: Sequence[Task]) -> None:
    texts = {task.data.doc_id: task.data.text for task in known}
    for task in new:
        doc_id = task.data.doc_id
        if texts.get(doc_id, task.data.text) != task.data.text:
            raise QatynasError(doc_id, "is another document's id", "rename the text's file")
        texts[doc_id] = task.data.text
