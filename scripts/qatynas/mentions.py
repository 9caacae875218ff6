"""From tokens to mentions: which reader looks at a token, in which order, and what makes a bare number a mention."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas import clock, currencies, units
from qatynas.amounts import Amount, read_amount
from qatynas.dates import Stretch, read_day, read_numeric_date, read_quarter, read_year
from qatynas.durations import WORKING, read_duration
from qatynas.intervals import close_date
from qatynas.lexicon import (
    CLOCK_UNITS,
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
from qatynas.measures import CARDINAL, MONEY, ORDINAL, QUANTITY, read_measure, read_unit
from qatynas.readings import Reading
from qatynas.relative import (
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
from qatynas.timespans import write_duration
from qatynas.words import DIGITS, ROMAN, Tokens

if TYPE_CHECKING:
    import datetime as dt

DATE = "DATE"
_FIGURE_GAPS = frozenset(".-/:")
_JOINTS = ("мен", "бен", "пен")
# What may follow an amount in a date or a length of time: the noun, or a postposition before it («он шақты жыл»).
_ACTS = ("қарар", "қаулы", "бап", "баб", "тармақ", "тармағ", "бұйрық", "бұйрығ", "хаттама", "резолюция")
_BOUNDS = ("шақты", "шамалы", "астам", "аса", "артық", "жуық", "таяу", "тарта", "кем", "аз", "көп", "шама")
_TIME_WORDS = frozenset((*MONTHS, *PERIODS, *CLOCK_UNITS, *_JOINTS, *_BOUNDS, "және", "ж", "жж", "ғ", "жеті", "жарты"))
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


def _wrap(reading: Reading | None) -> list[Reading]:
    return [] if reading is None else [reading]


def _read_numeric(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """Whatever a numeral or its prefix begins: numeric date, time of day, date, length of time, measure or count."""
    if page.lemma(start) == DIGITS:
        figures = _read_figures(page, start, release)
        if figures is not None:
            return [figures]
    amount = read_amount(page, start)
    if amount is None:
        return _skip_code(page, start)
    following = page.words[amount.stop]
    if amount.low < 24 and NUMERALS.get(following.lemma, 1) not in range(1, 10):
        time = clock.read_spoken_time(page, start)
        if time is not None:
            return [time]
    both = _read_from_to(page, amount) if following.leads or following.lemma in _JOINTS else None
    reading = _read_amount(page, both or amount, release)
    # «700-ден 2000 теңгеге дейін»: here «дейін» closes the range and bounds nothing.
    if reading is None or both is None:
        return _wrap(reading)
    between = page.spaced(reading.stop) and page.lemma(reading.stop) in ("аралық", "ара")
    return [replace(reading, modifier=None, stop=reading.stop + between)]


def _read_figures(page: Tokens, start: int, release: dt.date | None) -> Reading | None:
    """«02.08.2025» and «15:00»."""
    if page.gaps[start + 1] not in _FIGURE_GAPS or (page.glued(start) and start):
        return None
    date = read_numeric_date(page, start)
    if date is not None:
        return close_date(page, start, date, release)
    time = clock.read_figures(page, start, dotted=False)
    if time is None:
        return None
    return clock.read_until(page, Reading(start, time.stop, clock.TIME), time)


def _skip_code(page: Tokens, start: int) -> list[Reading]:
    """A digit run that belongs to a code: read over to its end, so that no part of it is taken for a number."""
    if page.lemma(start) != DIGITS:
        return []
    stop = start + 1
    while page.lemma(stop) == DIGITS and page.hyphened(stop):
        stop += 1
    return [Reading(start, stop, CARDINAL, broken=True)]


def _read_amount(page: Tokens, amount: Amount, release: dt.date | None) -> Reading | None:
    """The mention of `amount`: the first of day, quarter, year, length, noun with a number, measure."""
    if page.lemma(amount.stop) not in _TIME_WORDS and page.surface(amount.stop) not in WORKING:
        return _read_timeless(page, amount)
    year = release.year if release else None
    stretch = read_day(page, amount, year) or read_quarter(page, amount, year) or read_year(page, amount)
    stretch = stretch or _read_shared_month(page, amount, year) or _read_listed_year(page, amount)
    if stretch is not None:
        return close_date(page, amount.first, stretch, release)
    if amount.ordinal:
        return _read_ordinal(page, amount)
    length = read_duration(page, amount, release)
    if length is not None:
        return length
    return _read_timeless(page, amount)


def _read_timeless(page: Tokens, amount: Amount) -> Reading | None:
    """A mention of `amount` that is no time: ordinal, number of a noun, measure or count."""
    if amount.ordinal:
        return _read_ordinal(page, amount)
    if page.hyphened(amount.stop) and amount.tail.bare and amount.number.figures:
        return _read_numbered(page, amount)
    return _read_count(page, amount)


def _read_shared_month(page: Tokens, amount: Amount, year: int | None) -> Stretch | None:
    """«2 мен 5 тамыз аралығында», «2-ден 5 тамызға дейін»: the first day borrows the month of the second."""
    joint = amount.tail.bare and page.lemma(amount.stop) in ("мен", "бен", "пен") and page.spaced(amount.stop)
    if not joint or amount.high is not None:
        return None
    second = read_amount(page, amount.stop + 1)
    if second is None or second.high is not None or second.low <= amount.low:
        return None
    both = replace(second, low=amount.low, high=second.low)
    stretch = read_day(page, both, year)
    between = stretch is not None and page.lemma(stretch.stop) in ("аралық", "ара", "күн")
    if stretch is None or not between:
        return None
    return replace(stretch, stop=stretch.stop + (page.lemma(stretch.stop) != "күн"))


def _read_listed_year(page: Tokens, amount: Amount) -> Stretch | None:
    """The first year of «2024 және 2025 жылдары», which leaves the noun to the second."""
    index = amount.stop
    year = amount.number.whole
    if page.lemma(index) not in ("және", *_JOINTS) or not page.spaced(index) or not 1900 <= year < 2100:
        return None
    second = read_amount(page, index + 1) if page.word(index + 1).leads else None
    noun = second is not None and page.lemma(second.stop) == "жыл" and page.word(second.stop).tail.plural
    return Stretch(str(year), index) if noun and amount.tail.bare and amount.high is None else None


def _read_ordinal(page: Tokens, amount: Amount) -> Reading | None:
    """An ordinal, or an ordinal day, month or year of something («екінші күні»), which is a DATE without value."""
    index = amount.stop
    word = page.word(index)
    counted = word.lemma in ("жыл", "ай", "апта", "күн", "тәулік") and page.spaced(index) and not word.tail.derived
    if counted and amount.tail.case == "":
        return Reading(amount.first, index + 1, DATE)
    # «304-бабының бірінші тармағы»: the numbering of a law is a code.
    return replace(read_measure(page, amount), broken=page.surface(index).lower().startswith(_ACTS))


def _read_numbered(page: Tokens, amount: Amount) -> Reading:
    """«5-отырыс»: digits with a hyphen and a noun are an ordinal, the span is the whole word.

    The number of a legal act or of a part of it («1244-қарар», «14-бап») is a code and no mention.
    """
    code = page.surface(amount.stop).lower().startswith(_ACTS)
    return Reading(amount.first, amount.stop + 1, ORDINAL, amount.low, broken=code)


def _read_count(page: Tokens, amount: Amount) -> Reading | None:
    """A measure or a cardinal, unless «бір» is an article there."""
    reading = read_measure(page, amount)
    if reading.kind == CARDINAL and _tells_age(page, amount):
        return replace(reading, kind=DATE, value=None, date=write_duration(amount.low, 1, "Y"))
    if reading.kind == CARDINAL and _is_year(reading, amount):
        return replace(reading, kind=DATE, value=None, date=str(amount.number.whole))
    bare = reading.kind == CARDINAL and reading.stop == amount.first + 1 and page.lemma(amount.first) == "бір"
    if bare and page.word(amount.first).tail.bare and is_article(page, amount.first):
        return None
    return reading


def _tells_age(page: Tokens, amount: Amount) -> bool:
    """Whether the number stands after «жасы»: «жасы елу жетіде»."""
    before = page.word(amount.first - 1)
    return before.lemma == "жас" and before.tail.possessive and page.spaced(amount.first) and amount.high is None


def _is_year(reading: Reading, amount: Amount) -> bool:
    """Whether a number without its noun is a year: «2017-де», «екі мың он жетіде»."""
    located = amount.tail.case == "loc" and not amount.tail.possessive and not amount.tail.attributive
    return located and reading.modifier is None and amount.high is None and 1900 <= amount.number.whole < 2100


def is_article(page: Tokens, index: int) -> bool:
    """Whether «бір» at `index` means 'a certain': «қандай да бір», «белгілі бір», «бір кездері».

    >>> is_article(Tokens("белгілі бір мемлекет"), 1), is_article(Tokens("ауылда бір мектеп"), 1)
    (True, False)
    """
    before = page.surface(index - 1).lower() if page.spaced(index) else ""
    after = page.surface(index + 1).lower() if page.spaced(index + 1) else ""
    converb = after.endswith(("ып", "іп"))  # «бір пайдаланып»: 'once'
    return before in _ARTICLE_BEFORE_WORDS or converb or after.startswith(_ARTICLE_NEXT_STEMS)


_ARTICLE_WORDS = """
да де белгілі осындай сондай мұндай ондай ең үлкен кез келген әлде түбі жаңа жақсы ерекше кішкентай
"""
_ARTICLE_BEFORE_WORDS = frozenset(_ARTICLE_WORDS.split())
_ARTICLE_NEXT_STEMS = (
    "кезде",
    "кезең",
    "мезгіл",
    "топ",
    "нәрсе",
    "қызығ",
    "жағынан",
    "енді",
    "сондай",
    "осындай",
    "уақыт",
)


def _read_from_to(page: Tokens, low: Amount) -> Amount | None:
    """«700-ден 2000 теңгеге дейін», «он бес пен жиырма аралығында»: one amount of both ends."""
    index = low.stop
    joint = page.lemma(index) in ("мен", "бен", "пен") and low.tail.bare and page.spaced(index)
    from_to = low.tail.case == "abl" and not low.tail.possessive and page.spaced(index)
    if low.high is not None or low.ordinal or not (joint or from_to) or not page.spaced(index + joint):
        return None
    high = read_amount(page, index + joint)
    if (
        high is None
        or high.high is not None
        or high.ordinal
        or high.first != high.number.stop - (high.stop - high.first)
    ):
        return None
    unit = read_unit(page, high.stop) if high.tail.bare else None
    stop, tail = (unit.stop, unit.tail) if unit else (high.stop, high.tail)
    if not unit and high.tail.bare and (page.lemma(stop) in PERIODS or page.lemma(stop) in CLOCK_UNITS):
        stop, tail = stop + 1, page.word(stop).tail
    closes = (
        page.lemma(stop) in ("аралық", "ара", "шама") if joint else tail.case == "dat" and page.lemma(stop) == "дейін"
    )
    if not (closes and page.spaced(stop)):
        return None
    ends = sorted((low.low, high.low))
    return replace(high, low=ends[0], high=ends[1], first=low.first, modifier="")


def _read_clock_word(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    reading = clock.read_clock(page, start)
    if reading is None and page.lemma(start) == "сағат":
        sayin = page.lemma(start + 1) in ("сайын", "сайынғы") and page.spaced(start + 1)
        return [Reading(start, start + 2, clock.TIME)] if sayin else []
    return _wrap(reading or clock.read_phase(page, start))


def _read_phase(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return _wrap(clock.read_clock(page, start) or clock.read_phase(page, start))


def _read_greeting(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    return _wrap(clock.read_greeting(page, start))


def _read_rate(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:  # noqa: ARG001
    """«сағатына 350 км»: a quantity per hour; other rates («сағатына 20 адам») leave the rate out."""
    amount = read_amount(page, start + 1) if page.spaced(start + 1) else None
    if amount is None:
        return []
    reading = read_measure(page, _read_from_to(page, amount) or amount)
    if reading.kind != QUANTITY:
        return []
    return [replace(reading, first=start, unit=f"{reading.unit}/{units.RATES[page.lemma(start)]}")]


def _read_exact_half(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """«тең жартысы»: 'exactly half'."""
    if not page.spaced(start + 1) or page.lemma(start + 1) != "жарты":
        return []
    return [replace(reading, first=start) for reading in _read_numeric(page, start + 1, release)]


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
    return [reading for reading in _read_numeric(page, start, release) if reading.first == start]


def _on_optional(read: Callable[[Tokens, int, dt.date | None], Reading | None]) -> Reader:
    """A reader of the common shape from one that returns a mention or nothing."""
    return lambda page, start, release: _wrap(read(page, start, release))


def _make_readers() -> dict[str, Reader]:
    """The reader of each leading lemma; later lines win where a word leads in two ways (тоқсан, жұма)."""
    readers: dict[str, Reader] = {}
    readers |= dict.fromkeys(PERIODS, _on_optional(read_period_word))
    readers |= dict.fromkeys(SEASONS, _on_optional(read_season))
    readers |= dict.fromkeys(WEEKDAYS, _on_optional(read_weekday))
    readers |= dict.fromkeys(MONTHS, _on_optional(read_month_word))
    readers |= dict.fromkeys((*NUMERALS, *COLLECTIVES, "жарты", "ширек", DIGITS, ROMAN), _read_numeric)
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
    readers["бірнеше"] = lambda page, start, _: _wrap(read_several(page, start))
    return readers | {
        "қайырлы": _read_greeting,
        "тең": _read_exact_half,
        "күнделікті": _read_everyday,
        "сол": _read_that_day,
    }


_READERS = _make_readers()
