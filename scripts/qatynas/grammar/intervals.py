"""Closing a date: intervals of two dates, open intervals, and the postpositions that stay outside the span."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas.grammar.amounts import read_amount
from qatynas.grammar.dates import Stretch, read_part, read_position, read_year
from qatynas.grammar.readings import Reading
from qatynas.grammar.timespans import join_interval

if TYPE_CHECKING:
    import datetime as dt

    from qatynas.grammar.words import Tokens

DATE = "DATE"
_UNTIL = ("дейін", "шейін", "дейінгі", "шейінгі")
_SINCE = ("бері", "бергі")
_AFTER = ("кейін", "кейінгі", "соң")
_WITHIN = ("ішінде", "ішіндегі", "бойы")
_OUTSIDE = {"бастап": "abl", "қарай": "dat"}
_CONJUNCTIONS = ("мен", "бен", "пен")


def close_date(page: Tokens, first: int, stretch: Stretch, release: dt.date | None) -> Reading:
    """The DATE mention from token `first` over `stretch` and what bounds it.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("2030 жылға дейін")
    >>> close_date(page, 0, Stretch("2030", 2, page.word(1).tail), None).date
    '../2030'
    """
    if stretch.broken:
        return Reading(first, stretch.stop, DATE, broken=True)
    stretch = read_position(page, stretch)
    joined = _join_second(page, stretch, release)
    if joined is not None:
        return _skip_days(page, Reading(first, joined.stop, DATE, date=joined.edtf, broken=joined.broken))
    reading = Reading(first, stretch.stop, DATE, date=stretch.edtf, outer_stop=stretch.outer_stop)
    return _open(page, reading, stretch)


def _open(page: Tokens, reading: Reading, stretch: Stretch) -> Reading:
    """The reading with its postposition, an open interval where that says so."""
    index = stretch.stop
    case = stretch.tail.case
    # «2 тамыз күнінен бастап», «наурыз айына дейін»
    if stretch.outer_stop is not None and page.word(index).tail.case:
        case = page.word(index).tail.case
        index = stretch.outer_stop
    if not page.spaced(index):
        return reading
    lemma, date = page.lemma(index), stretch.edtf
    if lemma == "аралық" and case in ("", "gen"):
        return replace(reading, stop=index + 1)
    plain = date if date and "/" not in date else None
    if lemma in _UNTIL and case == "dat":
        end = date.rpartition("/")[2] if date else None
        return replace(reading, stop=index + 1, date=end and f"../{end}", outer_stop=None)
    if lemma in (*_SINCE, *_AFTER) and case == "abl":
        return replace(reading, stop=index + 1, date=plain and f"{plain}/..", outer_stop=None)
    if _OUTSIDE.get(lemma) == case:
        since = lemma == "бастап" and plain
        return replace(reading, date=f"{plain}/.." if since else date, outer_stop=index + 1)
    if lemma in _WITHIN and case in ("", "gen"):
        return replace(reading, stop=index + 1)
    return reading


def _join_second(page: Tokens, stretch: Stretch, release: dt.date | None) -> Stretch | None:
    """The interval to a second date: «30 шілде – 2 тамыз», «2 тамыздан 5 тамызға дейін», «X пен Y аралығында»."""
    index = stretch.stop
    dashed = stretch.tail.bare and page.dashed(index) and not page.hyphened(index)
    joint = page.spaced(index) and page.lemma(index) in _CONJUNCTIONS
    if not (dashed or joint or (stretch.tail.case == "abl" and page.spaced(index))):
        return None
    second = _read_second(page, index + joint, stretch, release)
    if second is None:
        return None
    stop = second.stop
    if joint:
        days = page.lemma(stop) == "күн" and page.spaced(stop)
        between = page.lemma(stop + days) in ("аралық", "ара") and page.spaced(stop + days)
        stop += days + between
        if not between:
            return None
    elif not dashed:
        until = second.tail.case == "dat" and page.lemma(stop) in _UNTIL and page.spaced(stop)
        if not until:
            return None
        stop += 1
    return replace(second, edtf=join_interval(stretch.edtf, second.edtf), stop=stop)


def _read_second(page: Tokens, index: int, first: Stretch, release: dt.date | None) -> Stretch | None:
    """The second date, in the year of the first where it names none."""
    named = first.edtf and first.edtf[:4].isdecimal()
    year = int(first.edtf[:4]) if first.edtf and named else release.year if release else None
    if not page.word(index).leads:
        return None
    amount = read_amount(page, index)
    own = read_year(page, amount) if amount else None
    return own or read_part(page, index, year, named_year=False)


def _skip_days(page: Tokens, reading: Reading) -> Reading:
    """«2 мен 5 тамыз күндері»: «күндері» belongs to the expression, not to the span."""
    if page.spaced(reading.stop) and page.lemma(reading.stop) == "күн":
        return replace(reading, outer_stop=reading.stop + 1)
    return reading
