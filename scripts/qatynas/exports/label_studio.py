"""Tasks as Label Studio's web interface imports them: a JSON list with all readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.label_studio import User, encode_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.label_studio import Task


def encode_tasks(tasks: Iterable[Task]) -> Iterator[bytes]:
    """The list as JSON, a task a piece; `qatynas import` reads it back.

    >>> from qatynas.label_studio import TaskData
    >>> b"".join(encode_tasks([])) == b"[]" + chr(10).encode()
    True
    """
    opening = b"["
    for task in tasks:
        yield opening + encode_task(task).rstrip()
        opening = b",\n"
    yield b"[]\n" if opening == b"[" else b"]\n"


def list_accounts(tasks: Iterable[Task]) -> list[str]:
    """The e-mail addresses that a server must know before it takes the tasks, sorted."""
    users = (annotation.completed_by for task in tasks for annotation in task.annotations)
    return sorted({user.email for user in users if isinstance(user, User)})


def list_remarks(tasks: Iterable[Task]) -> list[str]:
    """The accounts that the export wants on a server."""
    return [f"the server must know {', '.join(list_accounts(tasks))} (`qatynas studio push` sees to it)"]
