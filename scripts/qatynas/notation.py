"""Whether a normalised value is well formed: EDTF, ISO 8601, ISO 4217, UCUM."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

CURRENT = date(2003, 1, 1)
LONGEST = 40
_PLAIN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


@cache
def is_edtf(given: str) -> bool:
    """Whether this is an EDTF date or interval (ISO 8601-2) whose end does not come before its start.

    Read by the library `edtf`, which knows levels 0 to 2.

    >>> is_edtf("2025-08-02"), is_edtf("2025/2027"), is_edtf("2027/2025"), is_edtf("2025-02-31")
    (True, True, False, False)
    """
    if given != given.strip() or "T" in given or given == "../.." or len(given) > LONGEST:
        return False
    return _is_plain(given) or _is_parsed(given)


def _is_plain(given: str) -> bool:
    """Whether this is a year, month or day of the calendar, or two in order: nearly all, and seen without a parser."""
    parts = given.split("/")
    if len(parts) > 2 or not all(_PLAIN.fullmatch(part) for part in parts):
        return False
    first, last = (part + rest[len(part) - 4 :] for part, rest in ((parts[0], "-01-01"), (parts[-1], "-12-31")))
    with suppress(ValueError):
        for part in parts:
            date.fromisoformat(part + "-01-01"[len(part) - 4 :])
        return first <= last
    return False


def _is_parsed(given: str) -> bool:
    from edtf import parse_edtf  # 0.2 s, and 30 ms a date
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parsed = parse_edtf(given)
        lower, upper = getattr(parsed, "lower", None), getattr(parsed, "upper", None)
        if lower is None or upper is None or ".." in given:
            return True
        return bool(lower.lower_strict() <= upper.upper_strict())
    except (EDTFParseException, ValueError, TypeError, AttributeError, OverflowError):
        return False


@cache
def is_duration(given: str) -> bool:
    """Whether this is an ISO 8601 duration, or a range of two.

    >>> is_duration("P3Y"), is_duration("PT45M"), is_duration("P3Y/P5Y"), is_duration("P")
    (True, True, True, False)
    """
    from isodate import ISO8601Error, parse_duration

    with suppress(ISO8601Error, ValueError, OverflowError):
        parts = given.split("/")
        return len(given) <= LONGEST and all(p.startswith("P") and parse_duration(p) is not None for p in parts)
    return False


@cache
def is_time_of_day(given: str) -> bool:
    """Whether this is an ISO 8601 time of day, or an interval of two.

    >>> is_time_of_day("T15:00"), is_time_of_day("T09:00/T18:00"), is_time_of_day("T27:00")
    (True, True, False)
    """
    from isodate import ISO8601Error, parse_time

    with suppress(ISO8601Error, ValueError, OverflowError):
        parts = given.replace("T24:00", "T00:00").split("/")
        return all(part.startswith("T") and parse_time(part) is not None for part in parts)
    return False


def is_currency(code: str) -> bool:
    """Whether this is the ISO 4217 code of a currency in use since 2003, by CLDR's table of territories (Babel).

    >>> is_currency("KZT"), is_currency("теңге")
    (True, False)
    """
    return code in _list_currencies()


@cache
def is_ucum(unit: str) -> bool:
    """Whether this is a physical unit of the Unified Code for Units of Measure, by the grammar in `ucumvert`.

    >>> is_ucum("t"), is_ucum("kW.h"), is_ucum("тонна")
    (True, True, False)
    """
    from lark.exceptions import LarkError

    if unit in {"1", "%"} or unit.startswith(("10*", "10^", "{")):
        return False
    try:
        _load_ucum_parser().parse(unit)
    except LarkError:
        return False
    return True


@cache
def _list_currencies() -> frozenset[str]:
    from babel import Locale
    from babel.numbers import get_territory_currencies

    territories = [code for code in map(str, Locale("en").territories) if len(code) == 2]
    current = (get_territory_currencies(code, start_date=CURRENT, end_date=date.max) for code in territories)
    return frozenset(code for codes in current for code in codes)


@cache
def _load_ucum_parser() -> Any:
    from ucumvert import get_ucum_parser  # 0.5 s: only where a unit is checked

    return get_ucum_parser()
