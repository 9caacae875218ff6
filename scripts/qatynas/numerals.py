"""Kazakh numerals read: words, digits, mixtures, decimals and fractions, exactly.

A numeral runs from big to small without conjunctions («екі мың жиырма төрт»), its last word carrying the endings. The
reader is an automaton over tokens: each word either fits what was read before or ends the numeral, so that no input
costs more than one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from qatynas.grammar.currencies import SIGNS
from qatynas.grammar.lexicon import COLLECTIVES, NUMERALS, SCALES
from qatynas.grammar.suffixes import BARE, Tail
from qatynas.grammar.words import DIGITS, ROMAN, SPACES
from qatynas.spelling import spell_roman

if TYPE_CHECKING:
    from qatynas.grammar.words import Tokens, Word

Rational: TypeAlias = int | Fraction  # exact, and fast for whole numbers
# Numeral letters that are another word unless a numeral stands before: «бірге» together, «онда» there, «жүзі» his face.
_HOMOGRAPH_WORDS = """
бірге бірден бірде бірдей бірің онда ондағы ондай онды оны оның онымен алтыны алтының жүзі жүзін жүзіне
жүзінде жүзінен жүзінің жүзіндегі бесін
"""
_HOMOGRAPHS = frozenset(_HOMOGRAPH_WORDS.split())
_NEVER = frozenset(("үшін",))
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "M": 1000}
_ROMAN_LETTERS = str.maketrans("ІХСМ", "IXCM")
_MOST_GROUPS = 8
_DENOMINATORS = frozenset((*range(2, 11), 100, 1000))
_DECIMAL_DENOMINATORS = frozenset((10, 100, 1000))
_SCORES = Tail(derived="scores")
_EMPTY = 1000  # above every rank inside a group: nothing read yet


@dataclass(frozen=True, slots=True)
class Number:
    """One numeral in a text: its exact value, the token after it, and what its last word carries.

    `figures` are the digits of a plain digit run as written («02»), empty otherwise.
    """

    value: Rational
    stop: int
    tail: Tail = BARE
    figures: str = ""
    scaled: bool = False

    @property
    def ordinal(self) -> bool:
        """Whether the numeral is an ordinal («екінші», «5-інші», «VII»)."""
        return self.tail.derived == "ordinal"

    @property
    def whole(self) -> int:
        """The value as an integer, -1 where it is none."""
        return int(self.value) if self.value.denominator == 1 else -1


class _Sum:
    """The value read so far: closed thousands in `total`, the open group below them, its lowest rank."""

    __slots__ = ("figures", "floor", "group", "scale", "total")

    def __init__(self) -> None:
        self.total: Rational = 0
        self.group: Rational = 0
        self.floor = _EMPTY
        self.scale = 10**15
        self.figures = ""

    def add(self, value: int) -> bool:
        """Take one numeral word; False where it does not fit what stands before."""
        if value >= 1000:
            return self._close(value)
        if value == 100 and self.floor == 1 and self.group < 10:
            self.group, self.floor = self.group * 100, 100
            return True
        rank = 100 if value == 100 else 10 if value >= 10 else 1
        if rank >= self.floor or (value == 0 and (self.total or self.group or self.floor != _EMPTY)):
            return False
        self.group, self.floor = self.group + value, rank
        return True

    def _close(self, scale: int) -> bool:
        """Multiply the open group, or one, by a thousand, million…, which must fall from left to right."""
        if scale >= self.scale:
            return False
        self.total += (self.group if self.floor != _EMPTY else 1) * scale
        self.group, self.floor, self.scale, self.figures = 0, _EMPTY, scale, ""
        return True

    def add_digits(self, value: Rational, figures: str) -> bool:
        """Take a digit run: alone, or below the scale before it («359 мың 829», «1 млн 250 000», not «3 млн 2024»)."""
        limit = min(self.scale, 1000) if figures else self.scale
        below = not self.total or (value < limit and value.denominator == 1)
        if self.floor != _EMPTY or not below:
            return False
        self.group, self.floor, self.figures = value, 0, "" if self.total else figures
        return True

    def add_half(self) -> bool:
        """Take «жарым»: half of one, or half of the scale just closed («мың жарым» is 1500)."""
        if self.floor != _EMPTY:
            self.group, self.floor = self.group + Fraction(1, 2), 0
        elif self.total:
            self.total, self.floor = self.total + self.scale // 2, 0
        else:
            return False
        self.figures = ""
        return True

    def add_fraction(self, part: Fraction) -> None:
        """Add the decimal part of the open group; only a scale may follow."""
        self.group, self.floor, self.figures = self.group + part, 0, ""

    @property
    def zero(self) -> bool:
        """Whether only «нөл» was read."""
        return self.floor == 1 and not (self.total or self.group)

    @property
    def value(self) -> Rational:
        """The value of everything read."""
        return self.total + self.group


def read_number(page: Tokens, start: int, *, homographs: bool = False) -> Number | None:
    """The longest numeral that begins at token `start`, or None.

    With `homographs`, words that are numerals only in a clear context count («сағат онда», at ten).

    >>> from qatynas.grammar.words import Tokens
    >>> int(read_number(Tokens("екі бүтін оннан бес миллионнан астам"), 0).value)
    2500000
    """
    key = start, homographs
    if key not in page.numbers:
        page.numbers[key] = None if _hangs(page, start) else _read_number(page, start, trusted=homographs)
    return page.numbers[key]


def _read_number(page: Tokens, start: int, *, trusted: bool) -> Number | None:
    """What `read_number` remembers."""
    if page.lemma(start) == ROMAN:
        return _read_roman(page, start)
    total, index, tail = _Sum(), start, BARE
    scores = BARE
    while tail.bare or (tail == _SCORES and page.lemma(index) in SCALES):
        scores = scores if tail.bare else tail  # «ондаған мың»: the scale goes on, the number stays approximate
        step = _take(page, index, total, first=index == start, trusted=trusted)
        if step is None:
            break
        index, tail = step
    tail = scores if tail.bare else tail
    if index == start:
        return None
    number = Number(total.value, index, tail, total.figures, scaled=bool(total.total))
    if total.zero and tail.bare:
        return _read_hundredths(page, number)
    return _read_part(page, number) or number


def _is_homograph(word: Word) -> bool:
    """Whether a word read as a numeral is likelier another one: «бірге», «онда», and «біреу» 'somebody'."""
    return word.form in _HOMOGRAPHS or (word.lemma == "біреу" and not word.tail.possessive)


def _hangs(page: Tokens, start: int) -> bool:
    """Whether the token is part of another word: «G20», «Қазақстан-2050», a half of «бір-бірі»."""
    if page.lemma(start) == "бір" == page.lemma(start + 1) and page.hyphened(start + 1):
        return True
    gap = page.gap(start)
    if not gap or gap == "+":
        return page.lemma(start - 1) not in SIGNS
    if gap.rstrip()[-1:] == "№":
        return True
    if not page.hyphened(start):
        return False
    before, digits = page.lemma(start - 1), page.lemma(start) == DIGITS
    if digits and before not in (DIGITS, *NUMERALS):
        return True  # «Қазақстан-2050», «Қыс-2019»
    return before in ("", ROMAN) or (before == "бір" == page.lemma(start))


def _take(page: Tokens, index: int, total: _Sum, *, first: bool, trusted: bool) -> tuple[int, Tail] | None:
    """Add the token at `index` to `total`; the next index and the ending met, or None where it does not fit."""
    word = page.word(index)
    if word.lemma == DIGITS:
        return _take_digits(page, index, total) if first or page.spaced(index) else None
    if not (first or page.close(index)):
        return None
    if word.form in _NEVER or word.tail.derived in ("lyq", "each", "group"):
        return None
    if first and not trusted and _is_homograph(word):
        return None
    if not _fits(page, index, total, word.lemma):
        return _take_spoken_decimal(page, index, total) if not first else None
    stop = index + 1
    if word.lemma == "бүтін" and word.tail.bare:
        return _take_decimal(page, stop, total)
    attached = page.ending(stop) if word.tail.bare else None
    if attached and (attached[0].bare or word.form in ("млн", "млрд", "трлн")):
        return attached[1], attached[0]
    return stop, word.tail


def _fits(page: Tokens, index: int, total: _Sum, lemma: str) -> bool:
    """Whether a numeral word continues the sum, adding it."""
    if lemma in NUMERALS:
        return total.add(NUMERALS[lemma])
    if lemma in COLLECTIVES:
        return total.add(COLLECTIVES[lemma])
    if lemma == "жарым":
        return total.add_half()
    if lemma in ("жарты", "ширек"):
        if total.floor != _EMPTY or total.total:
            return False
        total.add_fraction(Fraction(1, 2) if lemma == "жарты" else Fraction(1, 4))
        return True
    return lemma == "бүтін" and (total.floor < _EMPTY or total.total > 0) and page.word(index).tail.bare


def _take_decimal(page: Tokens, index: int, total: _Sum) -> tuple[int, Tail] | None:
    """The part after «бүтін»: «оннан жеті», «жүзден жиырма бес», or plain digits («бүтін жеті», «бүтін нөл сегіз»)."""
    below, zeros = page.word(index), 0
    named = NUMERALS.get(below.lemma, 0) in _DECIMAL_DENOMINATORS and below.tail.case == "abl"
    while not named and zeros < _MOST_GROUPS and page.lemma(index + zeros) == "нөл":
        zeros += 1
    part = _read_small(page, index + 1 if named else index + zeros)
    if part is None:
        return None
    value, stop, tail = part
    denominator = NUMERALS[below.lemma] if named else 10 ** (zeros + len(str(value)))
    if value >= denominator:
        return None
    total.add_fraction(Fraction(value, denominator))
    return stop, tail


def _take_spoken_decimal(page: Tokens, index: int, total: _Sum) -> tuple[int, Tail] | None:
    """«он алты да тоғыз миллиард» is 16.9 milliard; «сегіз жүз де алпыс үш», where hundreds stand before, 863."""
    if page.lemma(index) not in ("де", "да", "те", "та") or not page.spaced(index + 1):
        return None
    part = _read_small(page, index + 1)
    if part is None or total.total or not 0 < total.floor < _EMPTY:
        return None
    value, stop, tail = part
    if total.group >= 100:
        total.group, total.floor = total.group + value, 1
        return (stop, tail) if total.group % 100 == value else None
    measured = page.lemma(stop) in SCALES or page.lemma(stop) in ("пайыз", "процент")
    if value >= 100 or (total.group == value and not measured) or (value >= 10 and total.floor == 10):
        return None
    total.add_fraction(Fraction(value, 10 ** len(str(value))))
    return stop, tail


def _read_small(page: Tokens, index: int) -> tuple[int, int, Tail] | None:
    """A whole number below a thousand in words: value, the index after it, ending."""
    total, start, tail = _Sum(), index, BARE
    while tail.bare and page.lemma(index) in NUMERALS and (index == start or page.spaced(index)):
        word = page.word(index)
        if word.lemma in SCALES or word.tail.derived in ("lyq", "each") or not total.add(NUMERALS[word.lemma]):
            break
        index, tail = index + 1, word.tail
    return None if index == start else (int(total.value), index, tail)


def _take_digits(page: Tokens, index: int, total: _Sum) -> tuple[int, Tail] | None:
    """A digit run with its groups of three, decimals and hyphened ending."""
    stop = index + 1
    figures = page.surface(index)
    if len(figures) <= 3 and figures[0] != "0":
        while (
            page.gap(stop) in SPACES
            and page.lemma(stop) == DIGITS
            and len(page.surface(stop)) == 3
            and stop - index <= _MOST_GROUPS
        ):
            stop += 1
    value: Rational = int("".join(page.surfaces[index:stop]))
    plain = figures if stop == index + 1 else ""
    if _has_decimals(page, stop):
        decimals = page.surface(stop)
        value += Fraction(int(decimals), 10 ** len(decimals))
        plain, stop = "", stop + 1
    if not total.add_digits(value, plain):
        return None
    attached = page.ending(stop)
    return (attached[1], attached[0]) if attached else (stop, BARE)


def _has_decimals(page: Tokens, index: int) -> bool:
    """Whether decimals begin at `index`: after a comma, or after a dot where only a decimal makes sense."""
    if page.lemma(index) != DIGITS:
        return False
    following = page.gap(index + 1)
    if page.gap(index) == ",":
        return following != "," or page.lemma(index + 1) != DIGITS
    decimal = page.lemma(index + 1) in SCALES or page.lemma(index + 1) in ("%", "пайыз", "процент")
    return page.gap(index) == "." and decimal and page.close(index + 1)


def _read_hundredths(page: Tokens, zero: Number) -> Number:
    """«нөл-нөл бір» is 0.01: a spoken decimal with its zeros."""
    index, zeros = zero.stop, 0
    while page.lemma(index) == "нөл" and page.word(index).tail.bare and zeros < _MOST_GROUPS:
        index, zeros = index + 1, zeros + 1
    part = _read_small(page, index) if zeros and page.spaced(index) else None
    if part is None:
        return zero
    return Number(Fraction(part[0], 10 ** (zeros + len(str(part[0])))), part[1], part[2])


def _read_part(page: Tokens, whole: Number) -> Number | None:
    """«үштен бір(і)», «төрттен үш», «3-тен 1-і», «3/4»: the fraction that begins with the denominator `whole`."""
    if page.gap(whole.stop) == "/" and whole.figures and page.lemma(whole.stop) == DIGITS:
        below = int(page.surface(whole.stop))
        return Number(Fraction(whole.value) / below, whole.stop + 1) if whole.value < below <= 100 else None
    if whole.tail.case != "abl" or whole.tail.possessive or whole.whole not in _DENOMINATORS:
        return None
    if not page.spaced(whole.stop):
        return None
    step = _Sum()
    taken = _take(page, whole.stop, step, first=False, trusted=True)
    if taken is None or not 0 < step.value < whole.value:
        return None
    if not taken[1].possessive and (taken[1].case == "dat" or (whole.figures and step.value != 1)):
        return None
    if taken[1].derived or (page.lemma(whole.stop) == "жарты"):
        return None
    return Number(Fraction(step.value) / whole.value, taken[0], taken[1])


def _read_roman(page: Tokens, start: int) -> Number | None:
    """A Roman numeral as an ordinal; a single letter counts only as I, V or X before a lower-case word."""
    letters = page.surface(start).translate(_ROMAN_LETTERS)
    if len(letters) == 1 and (letters not in "IVX" or not _precedes_noun(page, start)):
        return None
    values = [_ROMAN_VALUES[letter] for letter in letters]
    signed = [-low if low < high else low for low, high in zip(values, [*values[1:], 0], strict=True)]
    value = sum(signed)
    if value <= 0 or spell_roman(value) != letters:
        return None
    return Number(value, start + 1, Tail(derived="ordinal"))


def _precedes_noun(page: Tokens, start: int) -> bool:
    """Whether a lower-case word follows after a space, or a dash with another Roman numeral."""
    if page.dashed(start + 1):
        return page.lemma(start + 1) == ROMAN
    return page.spaced(start + 1) and page.surface(start + 1)[:1].islower()
