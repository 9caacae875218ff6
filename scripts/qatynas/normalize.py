"""Kazakh numbers, amounts, dates and times found in text and normalised.

`find_numbers` gives every number mention of a text, `normalize` the fields of one expression. Kinds are those of
KazNERD: DATE, TIME, MONEY, PERCENTAGE, QUANTITY, CARDINAL, ORDINAL. What the fields hold:

- `value` and, for a range, `value_max`, in the plain unit («2 млн тонна» is 2000000 t);
- `unit`: ISO 4217 for MONEY, UCUM for QUANTITY, `%` or `%{pp}` (percentage points) for PERCENTAGE;
- `modifier`: approx, at_least, at_most, more_than, less_than (see `amounts`), none for the range «X-дан Y-ға дейін»;
- `date`, for DATE and TIME instead of a value: EDTF, an ISO 8601 duration or time of day, resolved against the date
  of the release and absent where no definite time is named. Lengths of time keep their modifier («екі жылдан астам»).

«екі есе» 'twice' is a CARDINAL without a unit and «есе» is inside its span, as in KazNERD. Text is taken to be NFC.

The vocabulary is read from Babel when the first text is: importing this module costs nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from qatynas.grammar.readings import Reading
    from qatynas.grammar.words import Tokens
    from qatynas.numerals import Rational

FIELDS = ("kind", "value", "value_max", "unit", "modifier", "date")
_EDGES = ' \t\n\u00a0\u202f\u2009.,;:!?«»"“”()–—'
_CONTEXT_WORDS = 3
_ROUNDING = 5e-5
_COUNTED_FROM = ("бұрын", "кейін", "соң")
_NINETY = 90
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class NormalizedNumber:
    """The normalised fields of one number expression; a field that does not apply is None."""

    kind: str
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    modifier: str | None = None
    date: str | None = None

    def to_row(self) -> dict[str, str | float]:
        """The fields that are set, whole values as int, ready for JSON.

        >>> normalize("2 млн тоннадан астам").to_row()
        {'kind': 'QUANTITY', 'value': 2000000, 'unit': 't', 'modifier': 'more_than'}
        """
        row: dict[str, str | float] = {}
        for name in FIELDS:
            field = getattr(self, name)
            if field is not None:
                row[name] = int(field) if isinstance(field, float) and field.is_integer() else field
        return row


@dataclass(frozen=True, slots=True)
class FoundNumber(NormalizedNumber):
    """A number mention in a text: code points `start` to `end`, half-open, from 0, and its fields."""

    start: int = 0
    end: int = 0

    def to_row(self) -> dict[str, str | float]:
        """The offsets and the fields that are set, ready for JSON."""
        return {"start": self.start, "end": self.end, **NormalizedNumber.to_row(self)}


def find_numbers(text: str, date: dt.date | str | None = None, *, with_nouns: bool = False) -> list[FoundNumber]:
    """Every number mention of `text` in order, none overlapping another.

    `date` is the release's date, or its ISO form, against which relative dates are resolved. Spans are those of
    KazNERD, which leaves «сағат» before a time, «күні» after a day and «айы» after a month without a year outside;
    with `with_nouns` they are inside, as in this benchmark's guidelines.

    Raises:
        QatynasError: where `date` is a string and no ISO date.

    >>> text = "2024 жылы тауар айналымы 1,7 млрд АҚШ долларын құрады."
    >>> for number in find_numbers(text):
    ...     print(text[number.start : number.end], number.to_row())
    2024 жылы {'start': 0, 'end': 9, 'kind': 'DATE', 'date': '2024'}
    1,7 млрд АҚШ долларын {'start': 25, 'end': 46, 'kind': 'MONEY', 'value': 1700000000, 'unit': 'USD'}
    """
    from qatynas.grammar.mentions import read_mentions
    from qatynas.grammar.words import Tokens

    page = Tokens(text)
    found = []
    for reading in read_mentions(page, _read_release(date)):
        if not reading.broken:
            first, stop = _take_nouns(page, reading) if with_nouns else (reading.first, reading.stop)
            found.append(FoundNumber(*_write_fields(reading), start=page.starts[first], end=page.ends[stop - 1]))
    return found


def _take_nouns(page: Tokens, reading: Reading) -> tuple[int, int]:
    """The tokens of a reading with «сағат» before and «күні», «айы» after it."""
    hour = reading.outer_first is not None and page.lemma(reading.outer_first) == "сағат"
    noun = reading.outer_stop is not None and page.lemma(reading.stop) in ("күн", "ай")
    first = reading.outer_first if hour and reading.outer_first is not None else reading.first
    return first, reading.stop + noun


def normalize(text: str, date: dt.date | str | None = None) -> NormalizedNumber | None:
    """The fields of the one number expression that `text` is, or None where it is none, or more than that.

    Words that go with an expression without belonging to its span may stand («сағат 15:00-де», «2 тамыз күні»), as may
    quotes and stops around it.

    Raises:
        QatynasError: where `date` is a string and no ISO date.

    >>> normalize("өткен жылдың 2 тамызында", "2025-08-03").date
    '2024-08-02'
    >>> normalize("31 ақпан") is None
    True
    """
    from qatynas.grammar.mentions import read_mentions
    from qatynas.grammar.words import Tokens

    page = Tokens(text.strip(_EDGES))
    readings = list(read_mentions(page, _read_release(date))) if page.count else []
    for reading in reversed(readings):
        first = reading.first if reading.outer_first is None else reading.outer_first
        stop = reading.stop if reading.outer_stop is None else reading.outer_stop
        if first == 0 and stop == page.count and page.starts[0] == 0 and not reading.broken:
            return NormalizedNumber(*_write_fields(reading))
    return None


def supports(text: str, annotated: NormalizedNumber, date: dt.date | str | None = None) -> bool | None:
    """Whether `text` can mean the `annotated` fields; None where the text cannot be read as one expression.

    An annotation may know more than its text does. A unit may stand where the text has none (it was named before), a
    modifier where a verb outside gives it («4 мың шақырымнан асады»).
    A date may be resolved where the text names none; the year of «2 тамыз» may be another one, a length («екі жылда»)
    may be placed in time, and the modifier of a length may be left out. What the text does say must agree.

    >>> supports("1,7 млрд АҚШ долларын", NormalizedNumber("MONEY", 1.7e9, unit="USD"))
    True
    >>> supports("екі мыңнан астам", NormalizedNumber("CARDINAL", 200.0, modifier="more_than"))
    False
    """
    read = normalize(text, date)
    if read is None:
        return None
    if read.kind in ("DATE", "TIME") or annotated.kind in ("DATE", "TIME"):
        if read.kind == "CARDINAL" and read.value == _NINETY and annotated.kind == "DATE":
            return None  # «тоқсан» is ninety, and a quarter of a year
        return read.kind == annotated.kind and _supports_date(text, read, annotated)
    values = _is_near(read.value, annotated.value) and _is_near(read.value_max, annotated.value_max)
    unit = read.unit in (None, annotated.unit) and (read.unit is not None or read.kind == "CARDINAL")
    kind = read.kind == annotated.kind or (read.kind == "CARDINAL" and annotated.unit is not None)
    modifier = read.modifier in (None, annotated.modifier)
    return values and kind and modifier and (unit or annotated.unit is None)


def _is_near(read: float | None, annotated: float | None) -> bool:
    """Whether two values are the same; a fraction is annotated to four places."""
    if read is None or annotated is None:
        return read is annotated
    return abs(read - annotated) <= _ROUNDING


def _supports_date(text: str, read: NormalizedNumber, annotated: NormalizedNumber) -> bool:
    """Whether an annotated date agrees with the text: exactly, or in all that the text itself fixes.

    Without a release the same text gives only what it names by itself; what it then leaves open, the context decides.
    """
    if read.date is None or annotated.date in (None, read.date):
        return True
    lengths = read.date.startswith("P"), annotated.date.startswith("P")
    if any(lengths):
        return not all(lengths) or read.date == annotated.date
    if "/" in read.date and _lies_in(annotated.date, read.date):
        return True  # «жұма» is the week, or its Friday
    if text.rsplit(maxsplit=1)[-1].lower().startswith(_COUNTED_FROM):
        return len(read.date) == len(annotated.date)  # from the release, or from an event told before
    if _names_weekday(text) and _lie_a_week_apart(read.date, annotated.date):
        return True  # «бейсенбі күні» is the last one, or the next
    alone = normalize(text)
    if alone is not None and alone.date is not None:
        return False
    # «2 тамыз», «наурызға дейін»: the month and day are said, the year is not.
    said, meant = (_YEAR.sub("", given) for given in (read.date, annotated.date))
    return said == meant and "-" in said


def _names_weekday(text: str) -> bool:
    from qatynas.grammar.lexicon import WEEKDAYS

    return any(name in text.lower() for name in WEEKDAYS)


def _lie_a_week_apart(read: str, annotated: str) -> bool:
    """Whether the annotated day is the one a week after the day that was read."""
    try:
        return dt.date.fromisoformat(annotated) - dt.date.fromisoformat(read) == dt.timedelta(days=7)
    except ValueError:
        return False


def _lies_in(day: str, interval: str) -> bool:
    """Whether this is a day between the two days of an interval."""
    start, _, end = interval.partition("/")
    return len(day) == len(start) == len(end) == len("2025-08-02") and start <= day <= end


def _read_release(date: dt.date | str | None) -> dt.date | None:
    """The release's date as a date."""
    if date is None or isinstance(date, dt.date):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise QatynasError(f"release date {date!r}", "is no ISO date", "write it as in 2025-08-02") from None


def _write_fields(reading: Reading) -> tuple[str, float | None, float | None, str | None, str | None, str | None]:
    """The fields of a reading in the order of `FIELDS`, exact values as float."""
    return (
        reading.kind,
        _write_float(reading.value),
        _write_float(reading.value_max),
        reading.unit,
        reading.modifier or None,
        reading.date,
    )


def _write_float(value: Rational | None) -> float | None:
    return None if value is None else float(value)
