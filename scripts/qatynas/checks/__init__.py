"""Every named rule over the annotations and the data set built from them.

A check is a function whose name, with hyphens, is its id and whose docstring is its rule; it yields what breaks the
rule. Tables of checks stand at the end of each module, in the order in which they run.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from qatynas.checks.corpus import CORPUS_CHECKS, Corpus
from qatynas.checks.regions import READING_CHECKS
from qatynas.checks.text import TASK_CHECKS, gold_missing, list_counted
from qatynas.checks.values import GOLD_CHECKS, MEANING_CHECKS
from qatynas.issue import Issue
from qatynas.task_files import FILE_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qatynas.label_studio import Annotation, Task

    ReadingCheck = Callable[[Task, Annotation], Iterator[tuple[str, str]]]

__all__ = ["Corpus", "check_corpus", "check_draft", "check_task", "list_checks", "list_counted"]


def list_checks() -> dict[str, str]:
    """Every check's id and rule, in the order in which they run."""
    checks = (*TASK_CHECKS, *READING_CHECKS, *GOLD_CHECKS, *MEANING_CHECKS, *CORPUS_CHECKS)
    return FILE_CHECKS | {_name(check): (inspect.getdoc(check) or "").splitlines()[0] for check in checks}


def check_task(task: Task) -> list[Issue]:
    """What breaks the rules in one document.

    The form of every reading is checked, the content of the adjudicated one alone: the raw readings stay as they
    were made, mistakes included, since agreement is measured on them.
    """
    issues = [
        Issue(task.data.doc_id, where, _name(check), "error", message)
        for check in TASK_CHECKS
        for where, message in check(task)
    ]
    dated = not any(issue.check_id.startswith("release-date") for issue in issues)
    for annotation in list_counted(task):
        stages = (READING_CHECKS, *((GOLD_CHECKS, MEANING_CHECKS)[: 1 + dated] if annotation.ground_truth else ()))
        for checks in stages:
            broken = _check_annotation(task, annotation, checks)
            issues += broken
            if broken:
                break  # what is malformed has no meaning to be checked
    return issues


def check_draft(task: Task) -> list[Issue]:
    """What breaks the rules in a document that may not be adjudicated yet."""
    return [issue for issue in check_task(task) if issue.check_id != _name(gold_missing)]


def check_corpus(corpus: Corpus) -> list[Issue]:
    """What breaks the rules in all documents, each and together, sorted."""
    issues = [issue for task in corpus.tasks for issue in check_task(task)]
    for check in CORPUS_CHECKS:
        issues += [Issue(doc_id, where, _name(check), "error", message) for doc_id, where, message in check(corpus)]
    return sorted(issues)


def _check_annotation(task: Task, annotation: Annotation, checks: tuple[ReadingCheck, ...]) -> list[Issue]:
    return [
        Issue(task.data.doc_id, f"{annotation.annotator} {where}", _name(check), "error", message)
        for check in checks
        for where, message in check(task, annotation)
    ]


def _name(check: Callable[..., object]) -> str:
    return check.__name__.replace("_", "-")
