"""Reading lengths of time: «үш жыл», «екі аптадан астам», «үш жыл бұрын», «30 жастағы».

The value is an ISO 8601 duration with its modifier. Counted back («бұрын») or forward («кейін», «соң») from the
release, it is a date in the precision of its unit; counted from an event («отырыстан бір күн бұрын») it is a length. A
range («3-5 жыл») is its two ends, `P3Y/P5Y`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qatynas.grammar.amounts import Amount, blur, read_amount, read_bound
from qatynas.grammar.lexicon import CLOCK_UNITS, PERIODS
from qatynas.grammar.readings import Reading
from qatynas.grammar.suffixes import BARE
from qatynas.grammar.timespans import shift_period, write_duration

if TYPE_CHECKING:
    import datetime as dt

    from qatynas.grammar.suffixes import Tail
    from qatynas.grammar.words import Tokens

DATE, TIME = "DATE", "TIME"
_BACK = ("бұрын", "бұрынғы")
_ONWARD = ("кейін", "кейінгі", "соң")
_WITHIN = ("бойы", "бойғы", "ішінде", "ішіндегі", "бері", "бергі")
_DESIGNATORS = {"H": "H", "M": "TM", "S": "S"}
_ABLATIVES = ("дан", "ден", "тан", "тен", "нан", "нен")
_AGES = ("жас", "жасар")
_OLDEST = 130
WORKING = ("жұмыс", "күнтізбелік")  # «жеті жұмыс күні»


@dataclass(frozen=True, slots=True)
class _Length:
    """A counted unit of time: designator and count per unit, kind, the token after it, its ending."""

    designator: str
    factor: int
    kind: str
    stop: int
    tail: Tail = BARE


def _read_unit(page: Tokens, index: int) -> _Length | None:
    """The unit of time at `index`."""
    if not (page.spaced(index) or page.hyphened(index) or page.glued(index)):
        return None
    if page.surface(index).lower() in WORKING and page.lemma(index + 1) == "күн":
        index += 1
    word = page.word(index)
    if word.lemma == "жеті":  # colloquial for a week, where it cannot be the number: «бір жетіден»
        return _Length("W", 1, DATE, index + 1, word.tail)
    if (
        word.lemma == "ай"
        and word.tail.derived
        and page.lemma(index + 1 + (page.surface(index + 1) == "есептік")) == ("көрсеткіш")
    ):
        return None  # «айлық есептік көрсеткіш» is a unit of Kazakh law
    if word.lemma in PERIODS:
        factor, designator = PERIODS[word.lemma]
        return _Length(designator, factor, DATE, index + 1, word.tail)
    if word.lemma in CLOCK_UNITS:
        return _Length(_DESIGNATORS[CLOCK_UNITS[word.lemma]], 1, TIME, index + 1, word.tail)
    return None


def read_duration(page: Tokens, amount: Amount, release: dt.date | None) -> Reading | None:
    """The length of time that `amount` counts, with what follows it, or None.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("бір жарым жылдан астам")
    >>> reading = read_duration(page, read_amount(page, 0), None)
    >>> reading.date, reading.modifier
    ('P18M', 'more_than')
    """
    bound = read_bound(page, amount.stop, amount.tail)
    if not amount.tail.bare and bound is None:
        return None
    length = _read_unit(page, bound[1] if bound else amount.stop)
    if length is None or amount.low < 0 or not _fits_age(page, amount, length):
        return None
    modifier = (bound[0] if bound else "") or amount.modifier
    date = _write_length(amount, length)
    reading = Reading(amount.first, length.stop, length.kind, date=date, modifier=modifier or None)
    if length.kind == TIME and amount.high is None:
        reading, length = _add_lesser(page, reading, length, amount)
    return _read_after(page, reading, length, amount, release)


def _write_length(amount: Amount, length: _Length) -> str | None:
    """The ISO 8601 duration of an amount of this unit, or of both ends of a range."""
    ends = (amount.low,) if amount.high is None else (amount.low, amount.high)
    written = [write_duration(end, length.factor, length.designator) for end in ends]
    return "/".join(map(str, written)) if all(written) else None


def _fits_age(page: Tokens, amount: Amount, length: _Length) -> bool:
    """Whether «жас» means an age: «он үш мың жас» are young people, and so are «жастың», «жастар»."""
    if page.lemma(length.stop - 1) not in _AGES:
        return True
    return amount.low <= _OLDEST and length.tail.case != "gen" and not length.tail.plural


def _add_lesser(page: Tokens, reading: Reading, length: _Length, amount: Amount) -> tuple[Reading, _Length]:
    """«екі сағат отыз минут» as one length."""
    if length.designator != "H" or not length.tail.bare or not page.spaced(length.stop):
        return reading, length
    lesser = read_amount(page, length.stop) if page.word(length.stop).leads else None
    unit = _read_unit(page, lesser.stop) if lesser and lesser.high is None and lesser.tail.bare else None
    if lesser is None or unit is None or unit.designator != "TM" or lesser.low >= 60:
        return reading, length
    date = write_duration(amount.low * 60 + lesser.low, 1, "TM")
    return replace(reading, stop=unit.stop, date=date), unit


def _read_after(page: Tokens, reading: Reading, length: _Length, amount: Amount, release: dt.date | None) -> Reading:
    """The reading with its postposition: direction from the release, bound, or «ішінде», «бойы»."""
    index, tail = length.stop, length.tail
    word = page.lemma(index) if page.spaced(index) else ""
    anchor = None if _follows_event(page, reading) else release
    if word in _BACK and tail.case == "" and not tail.derived:
        return _count_from(reading, length, amount, anchor, -1)
    if word in _ONWARD and tail.case == "abl" and page.word(index).tail.bare:
        return _count_from(reading, length, amount, anchor, 1)
    if word in _WITHIN:
        return replace(reading, stop=index + 1)
    if tail.case == "abl" and word and amount.high is None:
        second = _read_second(page, index, length)
        if second is not None:
            date = f"{reading.date}/{second[1]}" if reading.date and second[1] else None
            return replace(reading, stop=second[0], date=date, modifier=None)
    bound = read_bound(page, index, tail)
    blurred = reading.modifier or blur(tail) or None
    if bound is None:
        return replace(reading, modifier=blurred)
    return _skip_within(page, replace(reading, modifier=bound[0], stop=bound[1]))


def _read_second(page: Tokens, index: int, first: _Length) -> tuple[int, str | None] | None:
    """The end of «бір айдан алты айға дейін», a range of lengths: the token after it, and its second length."""
    amount = read_amount(page, index) if page.word(index).leads else None
    length = _read_unit(page, amount.stop) if amount and amount.high is None and amount.tail.bare else None
    if amount is None or length is None or length.kind != first.kind or length.tail.case != "dat":
        return None
    if not page.spaced(length.stop) or page.lemma(length.stop) not in ("дейін", "дейінгі", "шейін"):
        return None
    return length.stop + 1, _write_length(amount, length)


def _skip_within(page: Tokens, reading: Reading) -> Reading:
    """«он шақты жыл бойы», «екі жылдан астам уақыт» keep «бойы», not «уақыт»."""
    if page.spaced(reading.stop) and page.lemma(reading.stop) in ("бойы", "бері", "ішінде", "бұрын"):
        return replace(reading, stop=reading.stop + 1)
    return reading


def _follows_event(page: Tokens, reading: Reading) -> bool:
    """Whether the length counts from an event, «отырыстан бір күн бұрын», and not from the release."""
    before = reading.first - 1
    return before >= 0 and page.spaced(reading.first) and page.surface(before).lower().endswith(_ABLATIVES)


def _count_from(reading: Reading, length: _Length, amount: Amount, release: dt.date | None, direction: int) -> Reading:
    """The date that lies the length before or after the release; without a release no date is known."""
    count = amount.low * length.factor * direction
    moved = replace(reading, stop=length.stop + 1)
    if length.kind == TIME:
        return moved
    exact = amount.high is None and count.denominator == 1 and reading.modifier is None
    date = shift_period(release, length.designator, int(count)) if release and exact else None
    return replace(moved, date=date if release else moved.date)
