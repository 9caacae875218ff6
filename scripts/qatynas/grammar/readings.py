"""What a reader hands on: one number mention of a text, by tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qatynas.numerals import Rational


@dataclass(frozen=True, slots=True)
class Reading:
    """One mention: tokens `first` to `stop` (half-open), its kind and fields.

    `outer_first` and `outer_stop` reach over words that belong to the expression but not to the span («сағат» before a
    time, «күні» after a day); None where there are none. `broken` marks what has the shape of a date or time and cannot
    be one («31 ақпан»): it is read over, and gives no mention.
    """

    first: int
    stop: int
    kind: str
    value: Rational | None = None
    value_max: Rational | None = None
    unit: str | None = None
    modifier: str | None = None
    date: str | None = None
    outer_first: int | None = None
    outer_stop: int | None = None
    broken: bool = False
