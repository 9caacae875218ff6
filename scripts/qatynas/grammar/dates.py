"""Reading calendar dates: days, months, quarters, years, decades and centuries, alone, inside a year and as intervals.

Values are EDTF. A day or month without a year belongs to the year of the release; where that is not known it has no
value. «тамыз айы» without a year keeps «айы» out of the span, a day «күні», as in KazNERD.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qatynas.grammar.amounts import Amount, read_amount
from qatynas.grammar.lexicon import MONTHS, SEASONS
from qatynas.grammar.suffixes import BARE, Tail
from qatynas.grammar.timespans import is_day, join_interval, write_day, write_part, write_year
from qatynas.grammar.words import DIGITS

if TYPE_CHECKING:
    from qatynas.grammar.words import Tokens

_QUARTER, _HALF_YEAR = 32, 39  # EDTF codes are 33 to 36 and 40 to 41
_PARTS = {"тоқсан": (_QUARTER, 4), "жартыжылдық": (_HALF_YEAR, 2), "жарты": (_HALF_YEAR, 2)}
_POSITIONS = ("бас", "соң", "орта", "аяқ", "қарсаң")
_LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of calendar time: EDTF (None where not resolvable), the token after it, its last ending.

    `outer_stop` reaches over words outside the span; `broken` marks a day that no calendar has.
    """

    edtf: str | None
    stop: int
    tail: Tail = BARE
    outer_stop: int | None = None
    broken: bool = False


def read_numeric_date(page: Tokens, start: int) -> Stretch | None:
    """«02.08.2025», «2025-08-02», «02/08/2025», or None.

    >>> from qatynas.grammar.words import Tokens
    >>> read_numeric_date(Tokens("02.08.2025"), 0).edtf
    '2025-08-02'
    """
    gap = page.gap(start + 1)
    if gap not in (".", "-", "/") or page.gap(start + 2) != gap:
        return None
    parts = [page.surface(start + k) for k in range(3)]
    if not all(part.isdecimal() and len(part) <= 4 for part in parts) or page.gap(start + 3) == gap:
        return None
    if gap == "-" and len(parts[0]) == 4:
        parts.reverse()
    if len(parts[2]) != 4 or max(len(parts[0]), len(parts[1])) > 2:
        return None
    day, month, year = map(int, parts)
    if not (year >= 1 and is_day(year, month, day)):
        return Stretch(None, start + 3, broken=True)
    stop = start + 3
    attached = page.ending(stop)
    stretch = Stretch(write_day(year, month, day), *(attached[::-1] if attached else (stop, BARE)))
    return _skip_year_word(page, stretch)


def _skip_year_word(page: Tokens, stretch: Stretch) -> Stretch:
    """«02.08.2025 ж.», «2 тамыз 2025 жыл»: the word for year after a full date."""
    if page.close(stretch.stop) and page.lemma(stretch.stop) in ("ж", "жыл"):
        return replace(stretch, stop=stretch.stop + 1, tail=page.word(stretch.stop).tail)
    return stretch


def read_month(page: Tokens, start: int, year: int | None, *, named_year: bool) -> Stretch | None:
    """A month by name with what belongs to it: «айы», a second month, or its day («тамыздың 2-сі»).

    >>> from qatynas.grammar.words import Tokens
    >>> read_month(Tokens("тамыздың 2-сі"), 0, 2025, named_year=False).edtf
    '2025-08-02'
    """
    month = MONTHS.get(page.lemma(start))
    if month is None:
        return None
    tail, stop, outer = page.word(start).tail, start + 1, None
    if tail.derived:
        return None
    if tail.bare and page.dashed(stop) and page.lemma(stop) in MONTHS:
        last = MONTHS[page.lemma(stop)]
        return Stretch(join_interval(write_part(year, month), write_part(year, last)), stop + 1, page.word(stop).tail)
    if tail.bare and page.spaced(stop) and page.lemma(stop) == "ай" and not page.word(stop).tail.derived:
        tail, outer = page.word(stop).tail, stop + 1
        inside = named_year or page.lemma(outer) in ("дейін", "шейін") or page.lemma(outer) in _POSITIONS
        stop, outer = (outer, None) if inside else (stop, outer)
    elif tail.case == "gen":
        return _read_day_of(page, stop, year, month) or Stretch(write_part(year, month), stop, tail)
    return Stretch(write_part(year, month), stop, tail, outer)


def _read_day_of(page: Tokens, start: int, year: int | None, month: int) -> Stretch | None:
    """The day after a month in the genitive: «тамыздың 2-сі», «тамыздың жиырма тоғызы»."""
    amount = read_amount(page, start) if page.spaced(start) else None
    if amount is None or amount.number.scaled or amount.low < 1 or amount.low > 31:
        return None
    figures = amount.number.figures and page.lemma(amount.stop) not in ("ай", "күн", "%")
    if not (amount.tail.possessive or figures):
        return None
    amount = _join_days(page, amount)
    return _make_days(page, amount, year, month, Stretch(None, amount.stop, amount.tail))


def _join_days(page: Tokens, first: Amount) -> Amount:
    """«(наурыздың) бесі мен он төрті аралығында», «жиырма бесі – жиырма алтысына дейін»: both days as one amount."""
    joint = page.spaced(first.stop) and page.lemma(first.stop) in ("мен", "бен", "пен")
    if first.high is not None or not (joint or page.dashed(first.stop)):
        return first
    last = read_amount(page, first.stop + joint)
    if last is None or last.high is not None or not (last.tail.possessive or last.number.figures):
        return first
    closed = not joint or (page.spaced(last.stop) and page.lemma(last.stop) in ("аралық", "ара", "күн"))
    return replace(last, low=first.low, high=last.low) if closed and first.low < last.low <= 31 else first


def _make_days(page: Tokens, amount: Amount, year: int | None, month: int, stretch: Stretch) -> Stretch:
    """The day, or the days from `low` to `high`, of a month, at the place of `stretch`."""
    days = [int(day) for day in (amount.low, amount.high) if day is not None]
    if any(day != exact for day, exact in zip(days, (amount.low, amount.high), strict=False)):
        return replace(stretch, broken=True)
    if not all(is_day(year, month, day) for day in days):
        return replace(stretch, broken=True)
    written = [write_day(year, month, day) for day in days]
    edtf = written[0] if len(written) == 1 else join_interval(written[0], written[-1])
    outer = stretch.stop + 1 if page.lemma(stretch.stop) == "күн" and page.spaced(stretch.stop) else None
    return replace(stretch, edtf=edtf, outer_stop=outer)


def read_day(page: Tokens, amount: Amount, year: int | None) -> Stretch | None:
    """«2 тамыз», «екінші тамызда», «2–5 тамыз», «2 тамыз 2025», or None.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("2–5 тамызда")
    >>> read_day(page, read_amount(page, 0), 2025).edtf
    '2025-08-02/2025-08-05'
    """
    month = MONTHS.get(page.lemma(amount.stop))
    if month is None or not page.spaced(amount.stop) or amount.modifier or amount.low < 0:
        return None
    if not (amount.tail.bare or amount.ordinal):
        return None
    tail, stop = page.word(amount.stop).tail, amount.stop + 1
    own_year = page.surface(stop)
    if tail.bare and page.spaced(stop) and page.lemma(stop) == DIGITS and len(own_year) == 4:
        stretch = _make_days(page, amount, int(own_year), month, Stretch(None, stop + 1))
        return _skip_year_word(page, stretch)
    return _make_days(page, amount, year, month, Stretch(None, stop, tail))


def read_part(page: Tokens, start: int, year: int | None, *, named_year: bool) -> Stretch | None:
    """What a year holds, at token `start`: day, month, season, quarter, half-year, first months; or None.

    >>> from qatynas.grammar.words import Tokens
    >>> read_part(Tokens("бірінші тоқсанында"), 0, 2025, named_year=True).edtf
    '2025-33'
    """
    lemma = page.lemma(start)
    if lemma in MONTHS:
        return read_month(page, start, year, named_year=named_year)
    if lemma in SEASONS and named_year:
        return Stretch(write_part(year, SEASONS[lemma]), start + 1, page.word(start).tail)
    if lemma == "алғашқы":
        return _read_first(page, start + 1, year)
    amount = read_amount(page, start) if page.word(start).leads else None
    if amount is None:
        return None
    months = named_year and page.lemma(amount.stop) == "ай" and page.spaced(amount.stop)
    if months and amount.tail.bare and amount.high is None and 1 <= amount.low <= 12:
        return _read_first_months(page, amount, year)
    return read_day(page, amount, year) or read_quarter(page, amount, year, named_year=named_year)


def _read_first(page: Tokens, start: int, year: int | None) -> Stretch | None:
    """«алғашқы тоқсан», «алғашқы жартыжылдық», «алғашқы алты ай»."""
    tail = page.word(start).tail
    if page.lemma(start) == "тоқсан":
        return Stretch(write_part(year, _QUARTER + 1), start + 1, tail)
    if page.lemma(start) == "жартыжылдық":
        return Stretch(write_part(year, _HALF_YEAR + 1), start + 1, tail)
    amount = read_amount(page, start)
    months = amount is not None and page.lemma(amount.stop) == "ай" and amount.high is None
    return _read_first_months(page, amount, year) if amount and months and 1 <= amount.low <= 12 else None


def _read_first_months(page: Tokens, amount: Amount, year: int | None) -> Stretch | None:
    """The first N months of a year: «жылдың алғашқы алты айында», «биылғы 8 айда»."""
    tail = page.word(amount.stop).tail
    if tail.derived or amount.low.denominator != 1:
        return None
    if amount.ordinal:
        return Stretch(write_part(year, int(amount.low)), amount.stop + 1, tail)
    edtf = join_interval(write_part(year, 1), write_part(year, int(amount.low)))
    return Stretch(edtf, amount.stop + 1, tail)


def read_quarter(page: Tokens, amount: Amount, year: int | None, *, named_year: bool = False) -> Stretch | None:
    """«бірінші тоқсан», «I тоқсан», «3-тоқсан», «екінші жартыжылдық», in a year also «бірінші жартысы»; or None.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("екінші жартыжылдықта")
    >>> read_quarter(page, read_amount(page, 0), 2025).edtf
    '2025-41'
    """
    index = amount.stop
    ordinal = amount.ordinal or (page.hyphened(index) and amount.tail.bare)
    if not ordinal or not (page.spaced(index) or page.hyphened(index)) or amount.low.denominator != 1:
        return None
    base, most = _PARTS.get(page.lemma(index), (0, 0))
    if not 1 <= amount.low <= most or (page.lemma(index) == "жарты" and not named_year):
        return None
    low = write_part(year, base + int(amount.low))
    high = None if amount.high is None else write_part(year, base + min(int(amount.high), most))
    return Stretch(join_interval(low, high) if high else low, index + 1, page.word(index).tail)


def read_year(page: Tokens, amount: Amount) -> Stretch | None:
    """A year, years, decade or century by number, with what stands inside the year; or None.

    >>> from qatynas.grammar.amounts import read_amount
    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("2025 жылғы 2 тамызда")
    >>> read_year(page, read_amount(page, 0)).edtf
    '2025-08-02'
    """
    index = amount.stop
    lemma = page.lemma(index)
    if lemma in ("ғасыр", "ғ"):
        return _read_century(page, amount)
    joined = page.close(index) or page.hyphened(index)
    abbreviated = page.surface(index) in ("ж", "жж")
    if not joined or not (lemma == "жыл" or abbreviated) or page.word(index).tail.derived:
        return None
    word = page.word(index)
    if word.tail.plural or page.surface(index) == "жж":
        decade = _read_decade(page, amount)
        if decade is not None:
            return decade
    return _read_single_year(page, amount)


def _read_single_year(page: Tokens, amount: Amount) -> Stretch | None:
    """«2024 жыл», «екі мың жиырма төртінші жыл», «2025-2027 жылдар».

    An ordinal of two digits is a year of the last century from 30 on, of this one from 10 to 29.
    """
    index = amount.stop
    years = [int(end) for end in (amount.low, amount.high) if end is not None and end.denominator == 1]
    if amount.ordinal and len(years) == 1 and 10 <= years[0] <= 99 and not page.word(index).tail.plural:
        years = [years[0] + (2000 if years[0] < 30 else 1900)]  # «тоқсан бірінші жылы», «жиырма үшінші жыл»
    tail = page.word(index).tail
    if not years or amount.modifier or not all(1000 <= year <= _LAST_YEAR for year in years):
        return None
    if not (amount.tail.bare or amount.ordinal) or _counts_years(page, amount):
        return None
    edtf = write_year(years[0]) if len(years) == 1 else join_interval(write_year(years[0]), write_year(years[1]))
    stretch = Stretch(edtf, index + 1, tail)
    return stretch if len(years) > 1 else read_within(page, stretch, years[0])


def _counts_years(page: Tokens, amount: Amount) -> bool:
    """Whether «2000 жыл» is a length of time: before «бұрын», «бойы», «астам» and the like."""
    if amount.ordinal:
        return False
    after = page.lemma(amount.stop + 1)
    return after in ("бұрын", "бұрынғы", "бойы", "астам", "аса", "жуық", "шақты", "кейін")


def read_within(page: Tokens, stretch: Stretch, year: int | None) -> Stretch:
    """The year phrase `stretch` narrowed by what follows in it: «жылдың басы», «жылғы 2 тамыз».

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("2024 жылдың наурызында")
    >>> read_within(page, Stretch("2024", 2, page.words[1].tail), 2024).edtf
    '2024-03'
    """
    index, tail = stretch.stop, stretch.tail
    open_end = tail.case == "gen" or tail.attributive or tail.bare or (tail.possessive and not tail.case)
    if not open_end or tail.plural or not page.spaced(index):
        return stretch
    if page.lemma(index) in _POSITIONS and page.word(index).tail.possessive:
        return replace(stretch, stop=index + 1, tail=page.word(index).tail)
    part = read_part(page, index, year, named_year=True)
    plain = not (tail.case == "gen" or tail.attributive)
    if part is None or part.broken:
        return stretch if part is None else part
    if plain and part.edtf and len(part.edtf) < len("2025-08-02"):
        return stretch  # «2021 жылы қыркүйекте» are two mentions, «1965 жылы 4 мамырда» one
    return read_position(page, part)


def read_position(page: Tokens, stretch: Stretch) -> Stretch:
    """The stretch with «басында», «соңына», «ортасында» after it, which EDTF cannot say more exactly.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("2024 жылдың соңында")
    >>> read_position(page, Stretch("2024", 2, page.words[1].tail)).stop
    3
    """
    word = page.word(stretch.stop)
    fits = stretch.tail.bare or stretch.tail.case == "gen" or (stretch.tail.possessive and not stretch.tail.case)
    if fits and page.spaced(stretch.stop) and word.lemma in _POSITIONS and word.tail.possessive:
        return replace(stretch, stop=stretch.stop + 1, tail=word.tail, outer_stop=None)
    return stretch


def _read_decade(page: Tokens, amount: Amount) -> Stretch | None:
    """«1990 жылдары», «90-жылдар», «тоқсаныншы жылдардың басында»: `199X`.

    Two digits name a decade of the twentieth century from the thirties on; «он», «жиырма» could be of two centuries.
    """
    index = amount.stop
    decade = int(amount.low) if amount.low.denominator == 1 and amount.high is None else -1
    full = 1000 <= decade <= _LAST_YEAR and decade % 10 == 0
    short = 10 <= decade <= 90 and decade % 10 == 0 and (amount.ordinal or page.hyphened(index))
    if not (full or short):
        return None
    edtf = f"{decade // 10}X" if full else f"19{decade // 10}X" if decade >= 30 else None
    return read_position(page, Stretch(edtf, index + 1, page.word(index).tail))


def _read_century(page: Tokens, amount: Amount) -> Stretch | None:
    """«XXI ғасыр» is `20XX`; «ХІХ–ХХ ғ.» the interval of two."""
    index = amount.stop
    joined = page.close(index) or page.hyphened(index)
    ordinal = amount.ordinal or page.hyphened(index) or page.lemma(index) == "ғ"
    centuries = [int(end) for end in (amount.low, amount.high) if end is not None]
    if not (joined and ordinal) or not all(1 <= century <= 22 for century in centuries):
        return None
    written = [f"{century - 1:02}XX" for century in centuries]
    edtf = written[0] if len(written) == 1 else "/".join(written)
    return read_position(page, Stretch(edtf, index + 1, page.word(index).tail))
