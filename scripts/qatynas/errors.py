"""What a caller did wrong, in one line."""

from __future__ import annotations


class QatynasError(Exception):
    """A caller's mistake: the message names the place, the value found, what was expected and the cure.

    >>> raise QatynasError("answer.json", "is empty", "put a reading into it")
    Traceback (most recent call last):
        ...
    qatynas.errors.QatynasError: answer.json: is empty: put a reading into it
    """

    def __init__(self, *parts: object) -> None:
        super().__init__(": ".join(str(part) for part in parts))
