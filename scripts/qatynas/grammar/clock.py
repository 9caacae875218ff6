"""Reading times of day: «15:00-де», «сағат он бесте», «таңғы 9-дан кешкі 6-ға дейін», «түстен кейін».

Values are ISO 8601 times of day (`T15:00`), intervals of two (`T09:00/T18:00`), or absent for words like «түнде».
«сағат» before a time stays out of the span, «таңғы», «кешкі» belong to it, as in KazNERD.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qatynas.grammar.readings import Reading
from qatynas.grammar.suffixes import BARE, Tail
from qatynas.grammar.words import DIGITS
from qatynas.numerals import Number, read_number

if TYPE_CHECKING:
    from qatynas.grammar.words import Tokens

TIME = "TIME"
DAY_PARTS = ("таңғы", "түскі", "кешкі", "кешкісін", "түнгі")
PHASES = ("таң", "түс", "кеш", "түн")
_AFTER_PHASE = ("дейін", "кейін", "соң", "бері", "бойы", "шейін")
_PHASE_CASES = ("loc", "dat", "abl")
_PHASE_COMPANIONS = ("қайта", "атпай", "сәріден", "жарық")


@dataclass(frozen=True, slots=True)
class _Time:
    """A time of day: hour and minute (24:00 allowed), the token after it, its ending."""

    hour: int
    minute: int
    stop: int
    tail: Tail = BARE

    @property
    def valid(self) -> bool:
        """Whether a clock shows it."""
        return (self.hour < 24 and self.minute < 60) or (self.hour, self.minute) == (24, 0)

    @property
    def iso(self) -> str:
        """The time in ISO 8601."""
        return f"T{self.hour:02}:{self.minute:02}"


def read_figures(page: Tokens, start: int, *, dotted: bool) -> _Time | None:
    """«15:00», «9:30:15», and «15.00» where `dotted` is allowed or an ending shows a time («15.00-де»).

    >>> from qatynas.grammar.words import Tokens
    >>> read_figures(Tokens("15.00-де"), 0, dotted=False).iso
    'T15:00'
    """
    gap = page.gap(start + 1)
    figures = page.surface(start), page.surface(start + 1)
    if gap not in (":", ".") or page.lemma(start) != DIGITS or page.lemma(start + 1) != DIGITS:
        return None
    if len(figures[0]) > 2 or len(figures[1]) != 2:
        return None
    stop = start + 2
    if gap == ":" and page.gap(stop) == ":" and len(page.surface(stop)) == 2:
        stop += 1
    attached = page.ending(stop)
    if gap == "." and not (dotted or (attached and attached[0].case in ("loc", "abl"))):
        return None
    tail, stop = attached or (BARE, stop)
    return _Time(int(figures[0]), int(figures[1]), stop, tail)


def _read_spoken(page: Tokens, start: int) -> _Time | None:
    """An hour in words or digits with «жарым», «нөл-нөл» or minutes: «он алты нөл-нөлде», «алты жарымға»."""
    number = read_number(page, start, homographs=True)
    if number is None or number.ordinal or number.tail.derived or number.tail.possessive:
        return None
    hour = int(number.value)
    if number.value - hour not in (0, 0.5) or not 0 <= hour < 100 or number.scaled:
        return None
    if number.value != hour:
        return _Time(hour, 30, number.stop, number.tail)
    return _read_minutes(page, number) or _Time(hour, 0, number.stop, number.tail)


def _read_minutes(page: Tokens, hour: Number) -> _Time | None:
    """The minutes spoken after an hour: «нөл-нөл», «отыз», «он бес минут»."""
    index = hour.stop
    if not hour.tail.bare or not page.spaced(index) or page.lemma(index) == DIGITS:
        return None
    minutes = read_number(page, index)
    if minutes is None or minutes.ordinal or not 0 <= minutes.whole < 60:
        return None
    stop, tail = minutes.stop, minutes.tail
    if minutes.value == 0:
        if page.lemma(stop) != "нөл" or not (page.hyphened(stop) or page.spaced(stop)):
            return None
        stop, tail = stop + 1, page.word(stop).tail
    elif minutes.whole < 10:
        return None
    if page.lemma(stop) == "минут" and page.spaced(stop):
        stop, tail = stop + 1, page.word(stop).tail
    return _Time(hour.whole, minutes.whole, stop, tail)


def _read_hour(page: Tokens, start: int, part: str) -> _Time | None:
    """The time at `start`, moved to the half of the day that `part` names."""
    if not page.spaced(start):
        return None
    time = read_figures(page, start, dotted=True) or _read_spoken(page, start)
    if time is None:
        return None
    late = part in ("кешкі", "кешкісін") and 1 <= time.hour < 12
    noon = part == "түскі" and 1 <= time.hour < 6
    night = part == "түнгі" and 8 <= time.hour < 12
    return replace(time, hour=time.hour + 12) if late or noon or night else time


def read_clock(page: Tokens, start: int) -> Reading | None:
    """The time that «сағат», «таңғы» or «кешкі» at token `start` introduces, or None.

    >>> from qatynas.grammar.words import Tokens
    >>> read_clock(Tokens("таңғы 9-дан кешкі 6-ға дейін"), 0).date
    'T09:00/T18:00'
    """
    index, part = start, ""
    if page.lemma(index) in DAY_PARTS:
        index, part = index + 1, page.lemma(index)
    elif page.lemma(index) == "түн" and page.word(index).tail.case == "gen":
        return _read_night_hour(page, start)
    if page.lemma(index) == "сағат" and page.word(index).tail.bare and (index == start or page.spaced(index)):
        index += 1
    time = _read_hour(page, index, part) if index > start else None
    if time is None or _is_length(page, time, index):
        return None
    first = start if part else index
    return read_until(page, Reading(first, time.stop, TIME, outer_first=start), time)


def _read_night_hour(page: Tokens, start: int) -> Reading | None:
    """«түннің бір уағына дейін»: an hour of the night."""
    time = _read_hour(page, start + 1, "түнгі")
    if time is None or not page.spaced(time.stop) or not page.surface(time.stop).lower().startswith("уағы"):
        return None
    stop = time.stop + 1
    until = page.spaced(stop) and page.lemma(stop) in ("дейін", "шейін")
    return Reading(start, stop + until, TIME, date=time.iso, modifier="at_most" if until else None)


def _is_length(page: Tokens, time: _Time, index: int) -> bool:
    """Whether a unit of time follows, so that «кешкі 3 сағат» is a length."""
    return page.lemma(time.stop) in ("сағат", "минут") and page.spaced(time.stop) and page.gap(index + 1) != ":"


def read_until(page: Tokens, reading: Reading, time: _Time) -> Reading:
    """The reading of `time`, with «-дан … -ға дейін» or a dash to a second time, and its postposition.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("9:00-ден 18:00-ге дейін")
    >>> read_until(page, Reading(0, 3, TIME), read_figures(page, 0, dotted=False)).date
    'T09:00/T18:00'
    """
    reading = replace(reading, date=time.iso, stop=time.stop, broken=not time.valid)
    end = _read_end(page, time)
    if end is not None:
        broken = not (time.valid and end.valid)
        stop = end.stop + 1 if page.lemma(end.stop) in ("дейін", "шейін") else end.stop
        return replace(reading, date=f"{time.iso}/{end.iso}", stop=stop, broken=broken)
    return _read_after(page, reading, time.tail)


def _read_end(page: Tokens, time: _Time) -> _Time | None:
    """The second time of an interval."""
    index = time.stop
    if time.tail.bare and page.dashed(index):
        return read_figures(page, index, dotted=False) or _read_spoken(page, index)
    if time.tail.case != "abl" or not page.spaced(index):
        return None
    part = page.lemma(index) if page.lemma(index) in DAY_PARTS else ""
    index += bool(part)
    if part and page.lemma(index) == "сағат":
        index += 1
    end = _read_hour(page, index, part)
    until = end is not None and end.tail.case == "dat" and page.lemma(end.stop) in ("дейін", "шейін")
    return end if until else None


def _read_after(page: Tokens, reading: Reading, tail: Tail) -> Reading:
    """The postposition after a time: «дейін» and «шамасында» belong to the span, «бастап» does not."""
    if not page.spaced(reading.stop):
        return reading
    lemma = page.lemma(reading.stop)
    if lemma in ("дейін", "шейін") and tail.case == "dat":
        return replace(reading, stop=reading.stop + 1, modifier="at_most")
    if lemma in ("бері", "кейін") and tail.case == "abl":
        return replace(reading, stop=reading.stop + 1)
    if lemma == "шама" and tail.case in ("gen", ""):
        stop = reading.stop + 1
        bounded = page.lemma(stop) in ("дейін", "шейін") and page.spaced(stop)
        return replace(reading, stop=stop + bounded, modifier="approx")
    return reading


def read_phase(page: Tokens, start: int) -> Reading | None:
    """A part of the day in a word: «таңертең», «түнде», «кешке дейін», «күндіз», «түн ортасында»; or None.

    Nouns of the day's parts count with a case («таңда» aside, which is a poet's dawn), bare ones only in greetings.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("таңертеңнен кешке дейін")
    >>> read_phase(page, 0).stop
    3
    """
    word, stop = page.word(start), start + 1
    if word.lemma in DAY_PARTS:
        return Reading(start, stop, TIME)
    if word.lemma in PHASES:
        middle = page.lemma(stop) in ("орта", "жарым") and page.word(stop).tail.possessive
        if middle and page.spaced(stop):
            return Reading(start, stop + 1, TIME)
        if not _names_time(page, start):
            return None
    elif word.lemma not in ("таңертең", "күндіз"):
        return None
    if page.hyphened(stop) and page.lemma(stop) == "түн":
        stop += 1
    if page.word(start).tail.case == "abl" and page.lemma(stop) == "кеш" and page.word(stop).tail.case == "dat":
        stop += 1
    follows = page.spaced(stop) and page.lemma(stop) in _AFTER_PHASE
    return Reading(start, stop + follows, TIME)


def _names_time(page: Tokens, start: int) -> bool:
    """Whether a noun of the day's parts is a time here: with a case, «түні», or in «түс қайта», «таң атпай»."""
    word = page.word(start)
    if word.tail.bare:
        return page.spaced(start + 1) and page.surface(start + 1) in _PHASE_COMPANIONS
    if word.form == "түні":
        return True
    dawn = word.lemma == "таң" and word.tail.case == "loc"
    return word.tail.case in _PHASE_CASES and not word.tail.possessive and not dawn and word.form != "кешені"


def read_spoken_time(page: Tokens, start: int) -> Reading | None:
    """A time in words without «сағат»: hours and minutes, then a case («он жеті қырық екіде», «он нөл-нөлден»).

    >>> from qatynas.grammar.words import Tokens
    >>> read_spoken_time(Tokens("он жеті қырық екіде"), 0).date
    'T17:42'
    """
    time = _read_spoken(page, start)
    if time is None or not time.valid or time.tail.case not in _PHASE_CASES or page.lemma(start) == DIGITS:
        return None
    hour = read_number(page, start)
    if hour is None or hour.stop == time.stop or hour.value.denominator != 1:
        return None
    return read_until(page, Reading(start, time.stop, TIME), time)


def read_greeting(page: Tokens, start: int) -> Reading | None:
    """The part of the day in «қайырлы таң», «қайырлы күн», «қайырлы кеш».

    >>> from qatynas.grammar.words import Tokens
    >>> read_greeting(Tokens("Қайырлы таң"), 0).first
    1
    """
    noun = page.word(start + 1)
    if page.spaced(start + 1) and noun.lemma in (*PHASES, "күн") and noun.tail.bare:
        return Reading(start + 1, start + 2, TIME)
    return None
