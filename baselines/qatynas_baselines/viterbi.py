"""The best legal tags of sequences (Viterbi 1967), many sequences at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

_DECODED = 512  # sentences decoded at once


def list_legal(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Which tag may follow which (tags + 1, tags); the last row is the start of a sentence.

    >>> list_legal(["B-GPE", "I-GPE", "O"])[-1].tolist()
    [True, False, True]
    """
    before = [*tags, "O"]
    return np.array([[not tag.startswith("I-") or last[1:] == tag[1:] for tag in tags] for last in before])


def decode(scores: Floats, starts: Integers, chain: Floats) -> Integers:
    """The best tag of every token from scores (tokens, tags), starts of sequences, transitions (tags + 1, tags)."""
    found = np.zeros(len(scores), dtype=np.int64)
    lengths = np.diff(starts)
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > 0]
    for first in range(0, len(order), _DECODED):
        chosen = order[first : first + _DECODED]
        _decode_batch(scores, starts[chosen], lengths[chosen], chain, found)
    return found


def _decode_batch(scores: Floats, begins: Integers, lengths: Integers, chain: Floats, found: Integers) -> None:
    best = scores[begins] + chain[-1]
    trail = []
    for time in range(1, int(lengths[0])):
        active = int((lengths > time).sum())
        reached = best[:active, :, np.newaxis] + chain[np.newaxis, :-1]
        came = reached.argmax(axis=1)
        trail.append(came)
        best[:active] = np.take_along_axis(reached, came[:, np.newaxis], axis=1)[:, 0] + scores[begins[:active] + time]
    tags = best.argmax(axis=1)
    for time in range(int(lengths[0]) - 1, -1, -1):
        active = int((lengths > time).sum())
        found[begins[:active] + time] = tags[:active]
        if time:
            came = trail[time - 1]
            tags[:active] = came[np.arange(active), tags[:active]]
