"""From tokens to mentions: which reader looks at a token, in which order, and what makes a bare number a mention."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas.grammar import clock, currencies, units
from qatynas.grammar.amounts import read_amount
from qatynas.grammar.expressions import read_from_to, read_numeric, wrap_reading
from qatynas.grammar.lexicon import (
    COLLECTIVES,
    DAYS,
    MONTHS,
    NUMERALS,
    PERIODS,
    SEASONS,
    SHIFTS,
    WEEKDAYS,
    YEARS,
)
from qatynas.grammar.measures import CARDINAL, MONEY, QUANTITY, read_measure
from qatynas.grammar.readings import Reading
from qatynas.grammar.relative import (
    read_day_word,
    read_latest,
    read_month_word,
    read_period_word,
    read_season,
    read_several,
    read_shifted,
    read_weekday,
    read_year_word,
)
from qatynas.grammar.words import DIGITS, ROMAN, Tokens

if TYPE_CHECKING:
    import datetime as dt

DATE = "DATE"
Reader = Callable[[Tokens, int, "dt.date | None"], "list[Reading]"]


def read_mentions(page: Tokens, release: dt.date | None) -> Iterator[Reading]:
    """Every mention of a text in order, none overlapping another; broken ones are marked, not left out.

    >>> [reading.kind for reading in read_mentions(Tokens("2 тамызда екі ел"), None)]
    ['DATE', 'CARDINAL']
    """
    free = 0
    for index, word in enumerate(page.words):
        if not word.leads or index < free:
            continue
        for reading in _READERS.get(word.lemma, _read_nothing)(page, index, release):
            if reading.stop > free:
                whole = _with_particle(page, reading)
                yield whole
                free = whole.stop


def _with_particle(page: Tokens, reading: Reading) -> Reading:
    """The reading with a hyphened «-ақ» 'just' after its last word."""
    if page.hyphened(reading.stop) and page.surface(reading.stop).lower() == "ақ":
        return replace(reading, stop=reading.stop + 1)
    return reading


def _read_nothing(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return []


def _read_clock_word(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    reading = clock.read_clock(page, start)
    if reading is None and page.lemma(start) == "сағат":
        sayin = page.lemma(start + 1) in ("сайын", "сайынғы") and page.spaced(start + 1)
        return [Reading(start, start + 2, clock.TIME)] if sayin else []
    return wrap_reading(reading or clock.read_phase(page, start))


def _read_phase(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return wrap_reading(clock.read_clock(page, start) or clock.read_phase(page, start))


def _read_greeting(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return wrap_reading(clock.read_greeting(page, start))


def _read_rate(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    """«сағатына 350 км»: a quantity per hour; other rates («сағатына 20 адам») leave the rate out."""
    amount = read_amount(page, start + 1) if page.spaced(start + 1) else None
    if amount is None:
        return []
    reading = read_measure(page, read_from_to(page, amount) or amount)
    if reading.kind != QUANTITY:
        return []
    return [replace(reading, first=start, unit=f"{reading.unit}/{units.RATES[page.lemma(start)]}")]


def _read_exact_half(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """«тең жартысы»: 'exactly half'."""
    if not page.spaced(start + 1) or page.lemma(start + 1) != "жарты":
        return []
    return [replace(reading, first=start) for reading in read_numeric(page, start + 1, release)]


def _read_sign(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    """«$1,7 млрд»: a currency sign before its number."""
    amount = read_amount(page, start + 1) if page.close(start + 1) else None
    if amount is None:
        return []
    reading = read_measure(page, amount)
    code = currencies.SIGNS[page.lemma(start)]
    return [replace(reading, first=start, kind=MONEY, unit=code)] if reading.kind == CARDINAL else []


def _read_everyday(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return [Reading(start, start + 1, DATE)]


def _read_that_day(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    """«сол күні», «сол жылы»: a date that only the context knows."""
    word = page.word(start + 1)
    fits = word.lemma in ("күн", "жыл") and word.tail.possessive and word.tail.case == "" and not word.tail.plural
    return [Reading(start, start + 2, DATE)] if fits and page.spaced(start + 1) else []


def _read_prefix(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    return [reading for reading in read_numeric(page, start, release) if reading.first == start]


def _on_optional(read: Callable[[Tokens, int, dt.date | None], Reading | None]) -> Reader:
    """A reader of the common shape from one that returns a mention or nothing."""
    return lambda page, start, release: wrap_reading(read(page, start, release))


def _make_readers() -> dict[str, Reader]:
    """The reader of each leading lemma; later lines win where a word leads in two ways (тоқсан, жұма)."""
    readers: dict[str, Reader] = {}
    readers |= dict.fromkeys(PERIODS, _on_optional(read_period_word))
    readers |= dict.fromkeys(SEASONS, _on_optional(read_season))
    readers |= dict.fromkeys(WEEKDAYS, _on_optional(read_weekday))
    readers |= dict.fromkeys(MONTHS, _on_optional(read_month_word))
    readers |= dict.fromkeys((*NUMERALS, *COLLECTIVES, "жарты", "ширек", DIGITS, ROMAN), read_numeric)
    readers |= dict.fromkeys(
        ("шамамен", "шама", "жобамен", "кемінде", "кемі", "көбі", "кем", "ең", "әрі"), _read_prefix
    )
    readers |= dict.fromkeys(("минус", "плюс", "тура", "дәл"), _read_prefix)
    readers |= dict.fromkeys((*DAYS, "бүгінгі", "кешегі", "ертеңгі"), _on_optional(read_day_word))
    readers |= dict.fromkeys(YEARS, read_year_word) | dict.fromkeys(SHIFTS, read_shifted)
    readers |= dict.fromkeys(("соңғы", "алғашқы"), _on_optional(read_latest))
    readers |= dict.fromkeys((*clock.DAY_PARTS, "сағат"), _read_clock_word)
    readers |= dict.fromkeys((*clock.PHASES, "таңертең", "күндіз"), _read_phase)
    readers |= dict.fromkeys(units.RATES, _read_rate) | dict.fromkeys(currencies.SIGNS, _read_sign)
    readers["бірнеше"] = lambda page, start, _: wrap_reading(read_several(page, start))
    return readers | {
        "қайырлы": _read_greeting,
        "тең": _read_exact_half,
        "күнделікті": _read_everyday,
        "сол": _read_that_day,
    }


_READERS = _make_readers()
