"""Calendar arithmetic in EDTF (ISO 8601-2) and ISO 8601 durations, on plain strings.

Quarters are the EDTF level 2 seasons 33 to 36, half-years 40 and 41, seasons 21 to 24; a week, which EDTF has no sign
for, is the interval from its Monday to its Sunday.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qatynas.numerals import Rational

_FIRST_YEAR, _LAST_YEAR = 1, 9999
_LEAP_YEAR = 2024


def is_day(year: int | None, month: int, day: int) -> bool:
    """Whether the calendar has this day; without a year, whether any year has it.

    >>> is_day(2025, 2, 29), is_day(None, 2, 29), is_day(None, 2, 31)
    (False, True, False)
    """
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or _LEAP_YEAR, month)[1]


def write_year(year: int | None) -> str | None:
    """`year` in four digits, None where it is none or out of range.

    >>> write_year(988)
    '0988'
    """
    return f"{year:04}" if year is not None and _FIRST_YEAR <= year <= _LAST_YEAR else None


def write_part(year: int | None, part: int) -> str | None:
    """A month (1 to 12), season (21 to 24), quarter (33 to 36) or half-year (40, 41) of a year.

    >>> write_part(2025, 8), write_part(2025, 33), write_part(None, 8)
    ('2025-08', '2025-33', None)
    """
    written = write_year(year)
    return written and f"{written}-{part:02}"


def write_day(year: int | None, month: int, day: int) -> str | None:
    """One day, None without a year.

    >>> write_day(2025, 8, 2)
    '2025-08-02'
    """
    written = write_part(year, month)
    return written and f"{written}-{day:02}"


def join_interval(start: str | None, end: str | None) -> str | None:
    """The EDTF interval over both ends, each a date or itself an interval; None where an end is missing.

    >>> join_interval("2025-07-30", "2025-08-02/2025-08-05")
    '2025-07-30/2025-08-05'
    """
    if not start or not end or start.startswith("P") or end.startswith("P"):
        return None
    return f"{start.partition('/')[0]}/{end.rpartition('/')[2]}"


def shift_period(date: dt.date, designator: str, count: int) -> str | None:
    """The year (Y), month (M), week (W) or day (D) that lies `count` such units after `date`.

    >>> shift_period(dt.date(2025, 8, 2), "Y", -3), shift_period(dt.date(2025, 8, 2), "M", 6)
    ('2022', '2026-02')
    """
    if abs(count) > 10**6:
        return None
    if designator == "Y":
        return write_year(date.year + count)
    if designator == "M":
        months = date.year * 12 + date.month - 1 + count
        return write_part(months // 12, months % 12 + 1)
    try:
        day = date + dt.timedelta(days=count * (7 if designator == "W" else 1))
    except OverflowError:
        return None
    return day.isoformat()


def week_around(date: dt.date, shift: int) -> str | None:
    """The week `shift` weeks from that of `date`, as an interval of days.

    >>> week_around(dt.date(2025, 8, 3), 1)
    '2025-08-04/2025-08-10'
    """
    try:
        monday = date + dt.timedelta(days=7 * shift - date.weekday())
        return f"{monday.isoformat()}/{(monday + dt.timedelta(days=6)).isoformat()}"
    except OverflowError:
        return None


def write_duration(count: Rational, factor: int, designator: str) -> str:
    """An ISO 8601 duration of `count` units of `factor` designators: H, S and "TM" are those of the clock.

    A broken count goes over to the smaller unit where that is exact («бір жарым жыл» is 18 months), or stays a decimal.

    >>> from fractions import Fraction
    >>> write_duration(Fraction(3, 2), 1, "Y"), write_duration(Fraction(1, 2), 1, "H"), write_duration(3, 1, "D")
    ('P18M', 'PT30M', 'P3D')
    """
    amount = count * factor
    smaller = {"Y": ("M", 12), "W": ("D", 7), "H": ("TM", 60), "TM": ("S", 60), "D": ("H", 24)}
    while amount.denominator != 1 and designator in smaller:
        following, ratio = smaller[designator]
        if (amount * ratio).denominator != 1 and following not in smaller:
            break
        amount, designator = amount * ratio, following
    prefix = "PT" if designator in ("H", "TM", "S") else "P"
    figures = str(int(amount)) if amount.denominator == 1 else f"{float(amount):g}"
    return f"{prefix}{figures}{designator[-1]}"
