"""Reading relative dates: «бүгін», «биыл», «өткен жылы», «келесі аптада», «соңғы үш жылда», «жыл сайын».

They are resolved against the release's date; without it, or where the words name no definite time («соңғы жылдары»,
«бүгінде» nowadays, «күн сайын»), the mention has no value. «соңғы үш жыл» is a length of time, `P3Y`. A weekday is the
last day of that name, the release's own included, since releases tell what has happened; with «өткен» or «келесі» it is
that of the week before or after.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas.grammar.amounts import read_amount
from qatynas.grammar.dates import Stretch, read_month, read_part, read_position, read_within
from qatynas.grammar.durations import read_duration
from qatynas.grammar.intervals import close_date
from qatynas.grammar.lexicon import DAYS, MONTHS, NUMERALS, PERIODS, SEASONS, SHIFTS, WEEKDAYS, YEARS
from qatynas.grammar.readings import Reading
from qatynas.grammar.timespans import shift_period, week_around, write_part, write_year
from qatynas.grammar.words import DIGITS

if TYPE_CHECKING:
    import datetime as dt

    from qatynas.grammar.words import Tokens

DATE = "DATE"
_DAY_WORDS = {"бүгінгі": 0, "кешегі": -1, "ертеңгі": 1}
_MONTH_HOMOGRAPHS = ("маусым", "қазан")  # season; cauldron
_RUSSIAN_MONTHS = ("май", "март", "август")
# short; wrote; in writing: forms of other words.
_SEASON_HOMOGRAPHS = ("қысқа", "жазды", "жазға", "қысты", "жазса", "қысы")
_COUNTED = ("жыл", "ай", "апта", "күн", "ғасыр", "тәулік")
_SHORT_DESIGNATORS = {"жыл": "Y", "ай": "M", "апта": "W", "күн": "D", "тәулік": "D"}


def read_day_word(page: Tokens, start: int, release: dt.date | None) -> Reading:
    """«бүгін», «кеше», «ертең», «бүгінгі күні».

    «бүгінде» and «бүгінгі таңда» mean nowadays, «ертеңіне» the day after the one just told: neither has a date.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_day_word(Tokens("кеше"), 0, dt.date(2025, 8, 3)).date
    '2025-08-02'
    """
    word, stop = page.word(start), start + 1
    shift = DAYS.get(word.lemma, _DAY_WORDS.get(word.lemma, 0))
    date = shift_period(release, "D", shift) if release else None
    tail = word.tail
    if page.hyphened(stop) and page.lemma(stop) in DAYS:
        return Reading(start, stop + 1, DATE)
    nowadays = (word.lemma == "бүгін" and tail.case == "loc") or (word.lemma == "ертең" and tail.possessive)
    if (word.lemma in _DAY_WORDS or tail.attributive) and page.spaced(stop):
        following = page.word(stop)
        if following.lemma == "күн" or (following.lemma == "таң" and following.tail.case == "loc"):
            nowadays, tail, stop = following.lemma == "таң", following.tail, stop + 1
    return close_date(page, start, Stretch(None if nowadays else date, stop, tail), release)


def read_year_word(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """«биыл», «былтырдан бері», and what follows inside that year as a mention of its own («биыл күзде»).

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> [reading.date for reading in read_year_word(Tokens("былтыр тамызда"), 0, dt.date(2025, 8, 3))]
    ['2024', '2024-08']
    """
    word = page.word(start)
    year = release.year + YEARS[word.lemma] if release else None
    stretch = Stretch(write_year(year), start + 1, word.tail)
    if word.tail.case == "gen":
        stretch = read_position(page, stretch)
    return _with_inner(page, close_date(page, start, stretch, release), stretch, year, release)


def _with_inner(
    page: Tokens, reading: Reading, stretch: Stretch, year: int | None, release: dt.date | None
) -> list[Reading]:
    """The year's mention and, as a second one, the part of that year that follows it («өткен жылы 5 қарашада»)."""
    if stretch.tail.case not in ("", "loc") or reading.stop != stretch.stop or not page.spaced(reading.stop):
        return [reading]
    month = read_month(page, reading.stop, year, named_year=False)
    part = month or read_part(page, reading.stop, year, named_year=True)
    if part is None or part.broken:
        return [reading]
    inner = close_date(page, reading.stop, part, release)
    return [reading, replace(inner, outer_first=reading.first)]


def read_shifted(page: Tokens, start: int, release: dt.date | None) -> list[Reading]:
    """«өткен жылы», «осы айда», «келесі аптада», «алдағы 8 жылда», «биылғы бірінші тоқсанда»; none: empty.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_shifted(Tokens("келесі жылы"), 0, dt.date(2025, 8, 3))[0].date
    '2026'
    """
    shift, index = SHIFTS[page.lemma(start)], start + 1
    year_word = page.lemma(start) in ("биылғы", "былтырғы")
    word = page.word(index) if page.spaced(index) else page.word(-1)
    if word.lemma == "жыл" and not word.tail.derived:
        return _read_shifted_year(page, start, shift, release)
    year = release.year + shift if release else None
    stretch = _read_shifted_period(page, index, shift, release) if word.lemma else None
    if stretch is not None:
        return [close_date(page, start, stretch, release)]
    # «осы екі жылда»: «осы» only points, and KazNERD leaves it out.
    counted = page.lemma(start) != "осы" and _read_counted(page, start, index, release, year if year_word else None)
    if counted:
        return [counted]
    if year_word:
        part = read_part(page, index, year, named_year=True) if word.lemma else None
        stretch = part if part and not part.broken else Stretch(write_year(year), index)
        return [close_date(page, start, stretch, release)]
    return []


def _read_shifted_year(page: Tokens, start: int, shift: int, release: dt.date | None) -> list[Reading]:
    """«өткен жылы», «осы жылғы тамызда», «өткен жылдары»."""
    tail = page.word(start + 1).tail
    year = release.year + shift if release and not tail.plural else None
    whole = Stretch(write_year(year), start + 2, tail)
    closed = tail.case == "gen" or (tail.attributive and tail.case == "")
    stretch = read_within(page, whole, year) if closed else whole
    reading = close_date(page, start, stretch, release)
    return [reading] if closed or tail.plural else _with_inner(page, reading, whole, year, release)


def _read_shifted_period(page: Tokens, index: int, shift: int, release: dt.date | None) -> Stretch | None:
    """The month, week, quarter, half-year, season, named month or weekday at `index`, `shift` away."""
    word = page.word(index)
    if word.tail.derived:
        return None
    place = Stretch(None, index + 1, word.tail)
    if word.lemma in WEEKDAYS and word.lemma != "жұма":
        return replace(place, edtf=find_weekday(release, WEEKDAYS[word.lemma], shift))
    if word.lemma in MONTHS:
        part = read_month(page, index, release.year + shift if release else None, named_year=True)
        season = word.lemma == "маусым" and part is not None and part.stop == index + 1
        return None if season else part
    if word.lemma in SEASONS:
        return replace(place, edtf=write_part(release.year + shift if release else None, SEASONS[word.lemma]))
    if word.lemma not in PERIODS or word.lemma in ("жас", "жасар"):
        return None
    if word.lemma == "ғасыр":
        return _read_century(page, index, release.year // 100 + shift if release else None)
    if word.lemma in ("күн", "тәулік"):
        return place if word.tail.case or word.tail.possessive else None
    return read_position(page, replace(place, edtf=_shift_unit(word.lemma, shift, release, plural=word.tail.plural)))


def _read_century(page: Tokens, index: int, century: int | None) -> Stretch:
    """«өткен ғасырда», and «өткен ғасырдың елуінші жылдары», a decade of it."""
    tail = page.word(index).tail
    amount = read_amount(page, index + 1) if tail.case == "gen" and page.word(index + 1).leads else None
    numbered = amount is not None and (amount.ordinal or page.hyphened(amount.stop))
    decade = amount is not None and numbered and amount.low in range(10, 100, 10)
    if amount and decade and page.lemma(amount.stop) == "жыл" and page.word(amount.stop).tail.plural:
        edtf = None if century is None else f"{century:02}{int(amount.low) // 10}X"
        return Stretch(edtf, amount.stop + 1, page.word(amount.stop).tail)
    return Stretch(None if century is None else f"{century:02}XX", index + 1, tail)


def _shift_unit(lemma: str, shift: int, release: dt.date | None, *, plural: bool) -> str | None:
    """The month, week, quarter or half-year `shift` away from the release's; None for several."""
    if release is None or plural:
        return None
    if lemma == "ай":
        return shift_period(release, "M", shift)
    if lemma in ("апта", "жұма"):
        return week_around(release, shift)
    parts = {"тоқсан": (4, 33), "жартыжылдық": (2, 40)}.get(lemma)
    if parts is None:
        return None
    count, base = parts
    position = release.year * count + (release.month - 1) * count // 12 + shift
    return write_part(position // count, base + position % count)


def _read_counted(page: Tokens, start: int, index: int, release: dt.date | None, year: int | None) -> Reading | None:
    """«алдағы үш жылда», «соңғы бірнеше күнде»; with a `year`, «осы жылғы 8 айда» is its first months."""
    if page.lemma(index) == "бірнеше":
        several = read_several(page, index)
        return several and replace(several, first=start)
    amount = read_amount(page, index) if page.word(index).leads and page.spaced(index) else None
    if amount is None or amount.ordinal:
        return None
    if year is not None and page.lemma(amount.stop) == "ай":
        part = read_part(page, index, year, named_year=True)
        if part is not None and part.edtf:
            return close_date(page, start, part, release)
    length = read_duration(page, amount, None)
    if length is None or length.kind != DATE or page.lemma(amount.stop) in ("жас", "жасар"):
        return None
    return replace(length, first=start)


def read_latest(page: Tokens, start: int, release: dt.date | None) -> Reading | None:
    """«соңғы үш жылда» (`P3Y`), «соңғы жылдары», «алғашқы тоқсанда»; None for «соңғы рет».

    >>> from qatynas.grammar.words import Tokens
    >>> read_latest(Tokens("соңғы үш жылда"), 0, None).date
    'P3Y'
    """
    index = start + 1
    if not page.spaced(index):
        return None
    if page.lemma(start) == "алғашқы":
        part = read_part(page, start, release.year if release else None, named_year=False)
        if part is not None:
            return close_date(page, start, part, release)
    word = page.word(index)
    if word.lemma in _COUNTED and not word.tail.derived and page.lemma(start) == "соңғы":
        return close_date(page, start, Stretch(None, index + 1, word.tail), release)
    return _read_counted(page, start, index, release, None)


def read_several(page: Tokens, start: int) -> Reading | None:
    """«бірнеше жыл бұрын», «бірнеше минуттық»: a length without a number, and so without a value.

    >>> from qatynas.grammar.words import Tokens
    >>> read_several(Tokens("бірнеше жыл бұрын"), 0).stop
    3
    """
    index = start + 1
    word = page.word(index)
    clock = word.lemma in ("сағат", "минут", "секунд")
    if not page.spaced(index) or not (clock or word.lemma in _COUNTED):
        return None
    stop = index + 1
    after = ("бұрын", "бұрынғы", "бойы", "бері", "ішінде", "кейін", "соң", "ішіндегі", "дейін", "астам")
    follows = page.spaced(stop) and page.lemma(stop) in after
    return Reading(start, stop + follows, "TIME" if clock else DATE)


def read_weekday(page: Tokens, start: int, release: dt.date | None) -> Reading:
    """«дүйсенбі күні», «жұмада»: the last day of that name before the release, or its own.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_weekday(Tokens("дүйсенбі күні"), 0, dt.date(2025, 8, 3)).date
    '2025-07-28'
    """
    word, stop = page.word(start), start + 1
    back = (release.weekday() - WEEKDAYS[word.lemma]) % 7 if release else 0
    date = shift_period(release, "D", -back) if release else None
    if page.spaced(stop) and page.lemma(stop) == "күн" and word.tail.bare:
        return close_date(page, start, Stretch(date, stop + 1, page.word(stop).tail), release)
    return close_date(page, start, Stretch(date, stop, word.tail), release)


def find_weekday(release: dt.date | None, weekday: int, weeks: int) -> str | None:
    """The date of `weekday` (Monday is 0) in the week `weeks` after the release's, None without a release.

    >>> import datetime as dt
    >>> find_weekday(dt.date(2025, 8, 3), 5, -1)
    '2025-07-26'
    """
    return shift_period(release, "D", 7 * weeks + weekday - release.weekday()) if release else None


def read_period_word(page: Tokens, start: int, release: dt.date | None) -> Reading | None:
    """«жыл сайын», «жыл басынан бері», «тәулік бойы», «ғасырлар бойы»; None for the bare noun.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_period_word(Tokens("жыл соңына дейін"), 0, dt.date(2025, 8, 3)).date
    '../2025'
    """
    word, index = page.word(start), start + 1
    if word.tail.case == "abl" and page.hyphened(index) and page.lemma(index) == word.lemma:
        return Reading(start, index + 1, DATE)  # «күннен-күнге», «жылдан-жылға»
    if word.form == "жылда":
        return Reading(start, index, DATE)  # every year
    lemma = page.lemma(index) if page.spaced(index) else ""
    if word.tail.derived or not lemma:
        return None
    if lemma in ("сайын", "сайынғы") and word.tail.bare:
        return Reading(start, index + 1, DATE)
    if lemma == "бойы" and word.tail.case == "":
        return Reading(start, index + 1, DATE)
    if lemma in ("бас", "соң", "орта", "аяқ") and word.lemma in ("жыл", "ай", "апта", "ғасыр"):
        unit = _SHORT_DESIGNATORS.get(word.lemma)
        date = shift_period(release, unit, 0) if release and unit in ("Y", "M") and not word.tail.plural else None
        stretch = read_position(page, Stretch(date, index, word.tail))
        return close_date(page, start, stretch, release) if stretch.stop > index else None
    return None


def read_season(page: Tokens, start: int, release: dt.date | None) -> Reading | None:
    """«қыста», «жазғы», «көктемде»: the season of the release's year where a case shows a time.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_season(Tokens("көктемде"), 0, dt.date(2025, 8, 3)).date
    '2025-21'
    """
    word, stop = page.word(start), start + 1
    if word.form in _SEASON_HOMOGRAPHS or page.hyphened(start) or _is_name(page, start):
        return None
    if word.tail.derived:
        return Reading(start, stop, DATE) if word.lemma == "күз" and word.tail.derived == "lyq" else None
    if page.hyphened(stop) and page.lemma(stop) in SEASONS:
        return Reading(start, stop + 1, DATE)  # «қысы-жазы»
    tail = word.tail
    if page.spaced(stop) and page.lemma(stop) == "ай" and tail.bare:
        tail, stop = page.word(stop).tail, stop + 1
    elif tail.case == "gen" and page.lemma(stop) in ("алғашқы", "соңғы") and page.lemma(stop + 1) in ("күн", "ай"):
        return Reading(start, stop + 2, DATE)
    elif tail.case == "gen" and page.lemma(stop) in (*NUMERALS, DIGITS) and page.lemma(stop + 1) == "ай":
        return Reading(start, stop + 2, DATE)  # «жаздың екі айында»
    edtf = write_part(release.year if release else None, SEASONS[word.lemma])
    return close_date(page, start, Stretch(edtf, stop, tail), release)


def read_month_word(page: Tokens, start: int, release: dt.date | None) -> Reading | None:
    """A month without a number: a date, unless it can be another word («маусым», «қазан», «май») or a name.

    >>> import datetime as dt
    >>> from qatynas.grammar.words import Tokens
    >>> read_month_word(Tokens("наурызда"), 0, dt.date(2025, 8, 3)).date
    '2025-03'
    """
    word = page.word(start)
    stretch = read_month(page, start, release.year if release else None, named_year=False)
    if stretch is None or page.hyphened(start) or _is_name(page, start):
        return None
    lone = stretch.stop == start + 1 and stretch.outer_stop is None
    if lone and (
        word.lemma in _RUSSIAN_MONTHS or (word.lemma in _MONTH_HOMOGRAPHS and word.tail.case in ("", "gen", "acc"))
    ):
        return None
    return close_date(page, start, stretch, release)


def _is_name(page: Tokens, start: int) -> bool:
    """Whether a capital inside a sentence marks a bare season or month as a name («Тамыз конференциясы»)."""
    if page.surface(start + 1).lower().startswith(("мейрам", "мереке")):
        return True
    before = page.gap(start).strip()
    inside = start > 0 and (not before or before in ("«", ",", "-"))
    return inside and page.surface(start)[:1].isupper() and page.word(start).tail.bare and not page.dashed(start + 1)
