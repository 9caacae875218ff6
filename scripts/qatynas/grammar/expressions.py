"""What a numeral begins: the first that fits of date, time, length of time, measure, ordinal and count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas.grammar import clock
from qatynas.grammar.amounts import Amount, read_amount
from qatynas.grammar.dates import Stretch, read_day, read_numeric_date, read_quarter, read_year
from qatynas.grammar.durations import WORKING, read_duration
from qatynas.grammar.intervals import close_date
from qatynas.grammar.lexicon import CLOCK_UNITS, MONTHS, NUMERALS, PERIODS
from qatynas.grammar.measures import CARDINAL, ORDINAL, read_measure, read_unit
from qatynas.grammar.readings import Reading
from qatynas.grammar.timespans import write_duration
from qatynas.grammar.words import DIGITS, Tokens

if TYPE_CHECKING:
    import datetime as dt

DATE = "DATE"
_FIGURE_GAPS = frozenset(".-/:")
_JOINTS = ("мен", "бен", "пен")
_PHONE_JOINTS = " ()-\u00a0"
# Acts of law and their parts, whose numbers are codes.
_ACTS = ("қарар", "қаулы", "бап", "баб", "тармақ", "тармағ", "бұйрық", "бұйрығ", "хаттама", "резолюция")
# What may follow an amount in a date or a length of time: the noun, or a postposition before it («он шақты жыл»).
_BOUNDS = ("шақты", "шамалы", "астам", "аса", "артық", "жуық", "таяу", "тарта", "кем", "аз", "көп", "шама")
_TIME_WORDS = frozenset((*MONTHS, *PERIODS, *CLOCK_UNITS, *_JOINTS, *_BOUNDS, "және", "ж", "жж", "ғ", "жеті", "жарты"))
# «бір» as an article: after these words, before those stems.
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


def wrap_reading(reading: Reading | None) -> list[Reading]:
    """A list of the reading, empty for None.

    >>> wrap_reading(None)
    []
    """
    return [] if reading is None else [reading]


def read_numeric(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """Whatever a numeral or its prefix begins: numeric date, time of day, date, length of time, measure or count.

    >>> import datetime as dt
    >>> [reading.date for reading in read_numeric(Tokens("2 тамызда"), 0, dt.date(2025, 8, 3))]
    ['2025-08-02']
    """
    if page.lemma(start) == DIGITS:
        figures = _read_figures(page, start, release)
        if figures is not None:
            return [figures]
    amount = None if _starts_code(page, start) else read_amount(page, start)
    if amount is None:
        return _skip_code(page, start)
    following = page.words[amount.stop]
    if amount.low < 24 and NUMERALS.get(following.lemma, 1) not in range(1, 10):
        time = clock.read_spoken_time(page, start)
        if time is not None:
            return [time]
    both = read_from_to(page, amount) if following.leads or following.lemma in _JOINTS else None
    reading = _read_amount(page, both or amount, release)
    # «700-ден 2000 теңгеге дейін»: here «дейін» closes the range and bounds nothing.
    if reading is None or both is None:
        return wrap_reading(reading)
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


def _starts_code(page: Tokens, start: int) -> bool:
    """Whether digits go on as a code: «8-7172-72», and «+7 7172» of a telephone."""
    if page.lemma(start) != DIGITS or page.lemma(start + 1) != DIGITS:
        return False
    chained = page.hyphened(start + 1) and page.hyphened(start + 2) and page.lemma(start + 2) == DIGITS
    return chained or (page.gap(start)[-1:] == "+" and not page.gap(start + 1).strip(_PHONE_JOINTS))


def _skip_code(page: Tokens, start: int) -> list[Reading]:
    """A digit run that belongs to a code: read over to its end, so that no part of it is taken for a number.

    The code of a telephone («+7 7172 72 01 11») goes on over spaces and brackets.
    """
    if page.lemma(start) != DIGITS:
        return []
    stop = start + 1
    joints = _PHONE_JOINTS if page.gap(start)[-1:] == "+" else "-\u2010\u2011"
    while page.lemma(stop) == DIGITS and not page.gap(stop).strip(joints):
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
    joint = amount.tail.bare and page.lemma(amount.stop) in _JOINTS and page.spaced(amount.stop)
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


def read_from_to(page: Tokens, low: Amount) -> Amount | None:
    """«700-ден 2000 теңгеге дейін», «он бес пен жиырма аралығында»: one amount of both ends."""
    index = low.stop
    joint = page.lemma(index) in _JOINTS and low.tail.bare and page.spaced(index)
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
