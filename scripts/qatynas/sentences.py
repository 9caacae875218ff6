"""Sentences and words of a text, as code-point spans."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from razdel import sentenize


@lru_cache(maxsize=256)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of every sentence, in code points, half-open, from 0; a line end always ends one.

    Sentences are found by razdel (Natasha project), which knows initials and Cyrillic abbreviations.

    >>> split_sentences("М.Нұртілеу келді. Кездесу өтті.")
    ((0, 17), (18, 31))
    """
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        spans += [(line.start() + sentence.start, line.start() + sentence.stop) for sentence in sentenize(line.group())]
    return tuple(spans)


def cuts_word(text: str, offset: int) -> bool:
    """Whether a span border at this offset would fall inside a word.

    A word is letters, digits and marks with what joins them without a space: hyphens and apostrophes («СІМ-нің»,
    «Шолпан-Ата»), a decimal comma, point, colon or slash between digits («1,7», «15:00»), a per cent sign after a
    digit with its suffix («10,5%-ға»), an abbreviation's point before a hyphen.

    >>> cuts_word("СІМ-нің", 3), cuts_word("Астана мен", 6), cuts_word("10,5%-ға", 5)
    (True, False, True)
    """
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    further_before = text[offset - 2] if offset > 1 else " "
    further_after = text[offset + 1] if offset + 1 < len(text) else " "
    if _is_wordy(before) and _is_wordy(after):
        return True
    if after in HYPHENS:
        return (_is_wordy(before) or before in "%°") and _is_wordy(further_after)
    if before in HYPHENS:
        return _is_wordy(after) and (_is_wordy(further_before) or further_before in "%°")
    if after == "%":
        return before.isdigit()
    if after in JOINTS:
        return before.isdigit() and further_after.isdigit()
    return before in JOINTS and after.isdigit() and further_before.isdigit()


HYPHENS = "-‑'’ʼ"
JOINTS = ",.:/"


def _is_wordy(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
