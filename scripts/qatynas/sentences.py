"""Sentences and words of a text, as code-point spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from razdel import sentenize

_LETTERS = r"[\w\u0300-\u036f]"
_CURRENCY = "$€£¥₸"
WORD = re.compile(
    rf"[{_CURRENCY}]?{_LETTERS}+(?:"
    rf"[-\u2011'’ʼ]{_LETTERS}+"  # compounds and suffixes: «Шолпан-Ата», «СІМ-нің»
    rf"|(?<=\d)[.,:/]\d{_LETTERS}*"  # «1,7», «15.00», «02.08.2025»
    r"|(?<=\d)[\u00a0\u202f\u2009]\d{3}(?!\d)"  # thousands by a space that does not break
    rf"|(?<=\d)[%°{_CURRENCY}]{_LETTERS}*"  # «10,5%», «25°C»
    rf"|[%°{_CURRENCY}](?=[-\u2011]{_LETTERS})"
    rf"|\.(?=[-\u2011]{_LETTERS})"  # «млрд.-қа»
    r")*"
)
# After these a point does not end a sentence («б.з.д.» is B.C.); after the second group it does before a capital.
_ABBREVIATION = re.compile(r"(?:^|\s)(?:млн|млрд|трлн|б\.з\.[дб]|б\.д\.д)\.$")
_ABBREVIATION_BEFORE_SMALL = re.compile(r"(?:^|[\s\d])(?:ж|жж|ғ|ғғ|мың|км|га|тг|т\.б|қ|обл|ауд)\.$")


@lru_cache(maxsize=256)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of every sentence, in code points, half-open, from 0; a line end always ends one.

    Sentences are found by razdel (Natasha project), which knows initials and Russian abbreviations, and joined again
    where it cuts after a Kazakh one.

    >>> split_sentences("М.Нұртілеу келді. Кездесу өтті.")
    ((0, 17), (18, 31))
    >>> split_sentences("2025 ж. 14 наурызда 5 млрд. АҚШ доллары бөлінді.")
    ((0, 48),)
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        first = len(spans)
        for sentence in sentenize(line.group()):
            start, end = line.start() + sentence.start, line.start() + sentence.stop
            if len(spans) > first and _goes_on(text[spans[-1][0] : spans[-1][1]], text[start]):
                start = spans.pop()[0]
            spans.append((start, end))
    return tuple(spans)


def cuts_word(text: str, offset: int) -> bool:
    """Whether a span border at this offset would fall inside a word.

    A word is letters, digits and marks with what joins them without a space: hyphens and apostrophes («СІМ-нің»,
    «Шолпан-Ата»), a decimal comma, point, colon or slash between digits («1,7», «15:00»), a sign of per cent, degree
    or currency at a number with its suffix («10,5%-ға»), a no-break space between thousands, an abbreviation's point
    before a hyphen («млрд.-қа»).

    >>> cuts_word("СІМ-нің", 3), cuts_word("Астана мен", 6), cuts_word("10,5%-ға", 5)
    (True, False, True)
    """
    starts, ends = find_words(text)
    place = bisect_right(starts, offset) - 1
    return place >= 0 and starts[place] < offset < ends[place]


@lru_cache(maxsize=256)
def find_words(text: str) -> tuple[list[int], list[int]]:
    """The starts and the ends of all words of a text."""
    spans = [word.span() for word in WORD.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


def _goes_on(sentence: str, following: str) -> bool:
    if _ABBREVIATION.search(sentence):
        return True
    return not following.isupper() and _ABBREVIATION_BEFORE_SMALL.search(sentence) is not None
