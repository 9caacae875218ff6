"""Reading MONEY, PERCENTAGE, QUANTITY, CARDINAL and ORDINAL mentions from an amount and what follows it.

Spans follow KazNERD: currency, per-cent and unit words and the modifier belong to the mention, a counted noun does not.
«2,1 есе» 'times' is a CARDINAL there with «есе» in its span, and so it is here, without a unit. Percentage points are
`%{pp}`; degrees of frost are negative degrees Celsius.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from qatynas.grammar import currencies, units
from qatynas.grammar.amounts import Amount, blur, read_amount, read_bound
from qatynas.grammar.lexicon import NUMERALS
from qatynas.grammar.readings import Reading
from qatynas.grammar.suffixes import BARE, Tail
from qatynas.grammar.words import DIGITS
from qatynas.numerals import read_number

if TYPE_CHECKING:
    from qatynas.grammar.words import Tokens
    from qatynas.numerals import Rational

MONEY, PERCENTAGE, QUANTITY, CARDINAL, ORDINAL = "MONEY", "PERCENTAGE", "QUANTITY", "CARDINAL", "ORDINAL"
_PERCENT_WORDS = ("пайыз", "процент")
# How many words the longest unit has that begins with a word.
_REACH: dict[str, int] = {}
for _words in units.UNITS:
    _REACH[_words[0].lower()] = max(len(_words), _REACH.get(_words[0].lower(), 0))
_COMPARED = ("көп", "артық", "кем", "аз", "төмен", "жоғары")
# First words of units and currencies that the lexicon does not know.
_FIRST_WORDS = {words[0].lower() for words in (*units.UNITS, *currencies.CURRENCIES)}
_UNIT_JOINTS = frozenset(("", "-", "/", "·", "⋅", "."))
# «бір метр жиырма сантиметр»: the smaller unit in the greater.
_PARTS = {
    ("t", "kg"): Fraction(1, 1000),
    ("kg", "g"): Fraction(1, 1000),
    ("km", "m"): Fraction(1, 1000),
    ("m", "cm"): Fraction(1, 100),
    ("cm", "mm"): Fraction(1, 10),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is measured: kind, unit code, factor to the plain unit, the token after it, its ending."""

    kind: str
    code: str | None
    stop: int
    tail: Tail = BARE
    factor: Rational = 1


def read_unit(page: Tokens, index: int) -> Unit | None:
    """The per-cent sign, currency, unit of measure or «есе» at token `index`, or None.

    >>> from qatynas.grammar.words import Tokens
    >>> unit = read_unit(Tokens("5 шаршы метрден астам"), 1)
    >>> unit.code, unit.stop, unit.tail.case
    ('m2', 3, 'abl')
    """
    lemma = page.lemma(index)
    if lemma == DIGITS or lemma in NUMERALS or not page.close(index):
        return None
    first = _strip_adjective(page.surface(index).lower())
    if not lemma and first not in _FIRST_WORDS and page.surface(index) not in currencies.CODES:
        return None
    if lemma in ("%", "‰", *_PERCENT_WORDS, "промилле"):
        return _read_percent(page, index)
    if lemma == "есе":
        return _read_times(page, index)
    return _read_currency(page, index) or _read_measure_unit(page, index)


def _read_times(page: Tokens, index: int) -> Unit:
    """«екі есе», and «екі есе жоғары», «екі есе төмен» with the word that compares."""
    tail = page.word(index).tail
    compared = tail.bare and page.spaced(index + 1) and page.lemma(index + 1) in ("жоғары", "төмен")
    return Unit(CARDINAL, None, index + 1 + compared, tail)


def _with_ending(page: Tokens, unit: Unit) -> Unit:
    """The unit with its hyphened ending («%-ға», «км-ге»)."""
    attached = page.ending(unit.stop) if unit.tail.bare else None
    return replace(unit, tail=attached[0], stop=attached[1]) if attached else unit


def _read_percent(page: Tokens, index: int) -> Unit:
    """Per cent, per mille, or «пайыздық тармақ/пункт»."""
    lemma, tail = page.lemma(index), page.word(index).tail
    code = "[ppth]" if lemma in ("‰", "промилле") else "%"
    unit = _with_ending(page, Unit(PERCENTAGE, code, index + 1, tail))
    points = unit.tail.derived == "lyq" and page.spaced(unit.stop) and page.lemma(unit.stop) in ("тармақ", "пункт")
    if points:
        return Unit(PERCENTAGE, "%{pp}", unit.stop + 1, page.word(unit.stop).tail)
    return unit


def _read_currency(page: Tokens, index: int) -> Unit | None:
    """A currency name with or without its country, an ISO code, a sign, or a minor unit."""
    sign = currencies.SIGNS.get(page.lemma(index))
    if sign:
        return _with_ending(page, Unit(MONEY, sign, index + 1))
    if page.surface(index) in currencies.CODES:
        return _with_ending(page, Unit(MONEY, page.surface(index), index + 1))
    minor = currencies.MINOR_UNITS.get(page.lemma(index))
    if minor:
        return Unit(MONEY, minor, index + 1, page.word(index).tail, Fraction(1, 100))
    return _read_currency_name(page, index)


def _read_currency_name(page: Tokens, index: int) -> Unit | None:
    """The longest currency name at `index` («фунт», «фунт стерлинг»)."""
    found: Unit | None = None
    words: list[str] = []
    for stop in range(index + 1, index + currencies.LONGEST_CURRENCY + 1):
        word = page.word(stop - 1)
        if words and not (page.spaced(stop - 1) or page.hyphened(stop - 1)):
            break
        code = currencies.CURRENCIES.get((*words, word.lemma))
        if code:
            found = _with_ending(page, Unit(MONEY, code, stop, word.tail))
        words.append(_strip_adjective(page.surface(stop - 1).lower()))
        if words[-1] not in currencies.QUALIFIERS:
            break
    return found


def _strip_adjective(word: str) -> str:
    """The country of its adjective («қазақстандық» to «қазақстан»), other words as they are."""
    derived = word[-3:] in ("лық", "лік", "дық", "дік", "тық", "тік") and word[:-3] in currencies.QUALIFIERS
    return word[:-3] if derived else word


def _read_measure_unit(page: Tokens, index: int) -> Unit | None:
    """The longest unit name at `index`, and a second one after a stroke («миллиграмм / литр» is mg/L)."""
    unit = _read_plain_unit(page, index)
    if unit is None or not unit.tail.bare or page.gap(unit.stop).strip() != "/":
        return unit
    below = _read_plain_unit(page, unit.stop)
    return replace(below, code=f"{unit.code}/{below.code}") if below else unit


def _read_plain_unit(page: Tokens, index: int) -> Unit | None:
    """The longest unit name at `index`."""
    for size in range(_REACH.get(page.surface(index).lower(), _REACH.get(page.lemma(index), 0)), 0, -1):
        last = page.word(index + size - 1)
        if any(page.gap(index + k).strip() not in _UNIT_JOINTS for k in range(1, size)):
            continue
        inner = tuple(page.surface(k) for k in range(index, index + size - 1))
        code = units.UNITS.get((*inner, page.surface(index + size - 1)))
        if code:
            return _read_heat(page, _with_ending(page, Unit(QUANTITY, code, index + size)))
        code = units.UNITS.get((*(surface.lower() for surface in inner), last.lemma))
        if code and last.lemma:
            return _read_heat(page, _with_ending(page, Unit(QUANTITY, code, index + size, last.tail)))
    return None


def _read_heat(page: Tokens, unit: Unit) -> Unit:
    """«градус суық» and «градус ыстық» with their sign."""
    heat = units.SIGNS_OF_HEAT.get(page.lemma(unit.stop), 0)
    if unit.code != "Cel" or not heat or not unit.tail.bare or not page.spaced(unit.stop):
        return unit
    return replace(unit, stop=unit.stop + 1, tail=page.word(unit.stop).tail, factor=heat)


def read_measure(page: Tokens, amount: Amount) -> Reading:
    """The mention that `amount` begins where it is no date or time: always one, a bare number at least.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("25 градус суық")
    >>> reading = read_measure(page, read_amount(page, 0))
    >>> int(reading.value), reading.unit
    (-25, 'Cel')
    """
    if amount.ordinal:
        return Reading(amount.first, amount.stop, ORDINAL, amount.low, amount.high)
    amount = _read_spoken_hundredths(page, amount)
    direct = amount.tail.case in ("", "gen") and not amount.tail.possessive
    unit = read_unit(page, amount.stop) if direct else None
    if unit is None:
        return _read_count(page, amount)
    return _finish(page, _read_second_part(page, amount, unit), unit)


def _read_spoken_hundredths(page: Tokens, amount: Amount) -> Amount:
    """«екі қырық бес (миллиграмм)» is 2.45: units, then tens, before a unit of measure."""
    if amount.high is not None or not 0 < amount.number.whole < 10 or not amount.tail.bare:
        return amount
    spoken = page.lemma(amount.stop) in NUMERALS and page.spaced(amount.stop)
    part = read_number(page, amount.stop) if spoken else None
    if part is None or part.figures or not 10 <= part.whole < 100 or not part.tail.bare:
        return amount
    unit = read_unit(page, part.stop)
    if unit is None or unit.kind not in (QUANTITY, PERCENTAGE):
        return amount
    return replace(amount, low=amount.low + Fraction(part.whole, 100), number=part, stop=part.stop)


def _finish(page: Tokens, reading: Reading, unit: Unit) -> Reading:
    """The reading with the postposition after its unit."""
    bound = read_bound(page, reading.stop, unit.tail)
    if bound is None:
        # «12 пайызға көп» tells by how much: «көп» belongs to the expression, not to the span.
        compared = unit.tail.case == "dat" and page.lemma(reading.stop) in _COMPARED and page.spaced(reading.stop)
        outer = reading.stop + 1 if compared else None
        return replace(reading, modifier=reading.modifier or blur(unit.tail) or None, outer_stop=outer)
    # «сексен проценттен астамға жуығы»
    second = read_bound(page, bound[1], page.word(bound[1] - 1).tail)
    return replace(reading, modifier=bound[0], stop=second[1] if second else bound[1])


def _measure(amount: Amount, unit: Unit) -> Reading:
    low = amount.low * unit.factor
    high = None if amount.high is None else amount.high * unit.factor
    if high is not None and high < low:
        low, high = high, low
    return Reading(amount.first, unit.stop, unit.kind, low, high, unit.code, amount.modifier or None)


def _read_second_part(page: Tokens, amount: Amount, unit: Unit) -> Reading:
    """«6 тонна 600 килограмм», «он теңге елу тиын»: one value in the greater unit."""
    whole = _measure(amount, unit)
    if not unit.tail.bare or amount.high is not None or not page.spaced(unit.stop):
        return whole
    lesser = read_amount(page, unit.stop)
    if lesser is None or lesser.high is not None or not lesser.tail.bare:
        return whole
    part = read_unit(page, lesser.stop)
    if part is None:
        return whole
    factor = part.factor if part.kind == MONEY else _PARTS.get((unit.code or "", part.code or ""))
    if factor is None or factor == 1 or (part.kind == MONEY and part.code != unit.code):
        return whole
    return _finish(page, replace(whole, value=amount.low + lesser.low * factor, stop=part.stop), part)


def _read_count(page: Tokens, amount: Amount) -> Reading:
    """A bare number with its postposition; a unit may follow that («мыңнан астам теңге»)."""
    bound = read_bound(page, amount.stop, amount.tail)
    if bound is None:
        return Reading(amount.first, amount.stop, CARDINAL, amount.low, amount.high, None, amount.modifier or None)
    modifier, stop = bound
    bare = page.word(stop - 1).tail.bare
    unit = read_unit(page, stop) if bare else None
    reading = Reading(amount.first, stop, CARDINAL, amount.low, amount.high, None, modifier)
    if unit is None or unit.kind == CARDINAL:
        return reading if unit is None else replace(reading, stop=unit.stop)
    return _finish(page, replace(_measure(amount, unit), modifier=modifier), unit)
