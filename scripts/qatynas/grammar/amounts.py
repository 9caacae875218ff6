"""Amounts: a numeral or a range of two, with the words around it that bound or blur it.

A postposition governs a case, and both together give the modifier: the ablative with «астам, аса, артық, көп» is
`more_than`, with «кем, аз, төмен» `less_than`, with «кем емес» `at_least`; the dative with «дейін, шейін» `at_most`,
with «жуық, таяу, таман, тарта» `approx`. «шақты», «шамасында», «шамалы», «-дай» and «-даған» are `approx`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qatynas.grammar.lexicon import SCALES
from qatynas.grammar.suffixes import Tail
from qatynas.grammar.words import DIGITS
from qatynas.numerals import Number, read_number

if TYPE_CHECKING:
    from qatynas.grammar.words import Tokens
    from qatynas.numerals import Rational

APPROX, AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN = "approx", "at_least", "at_most", "more_than", "less_than"
_AFTER_ABLATIVE = {
    **dict.fromkeys(("астам", "аса", "артық", "көп", "жоғары"), MORE_THAN),
    **dict.fromkeys(("кем", "аз", "төмен"), LESS_THAN),
    **dict.fromkeys(("аспайтын", "асып"), AT_MOST),
}
_AFTER_DATIVE = {
    **dict.fromkeys(("дейін", "шейін", "дейінгі", "шейінгі"), AT_MOST),
    **dict.fromkeys(("жуық", "таяу", "таман", "тарта"), APPROX),
}
_AFTER_ANY = dict.fromkeys(("шақты", "шамалы"), APPROX)
# Before the numeral, longest first.
_PREFIXES = (
    (("ең", "көп", "дегенде"), AT_MOST),
    (("ең", "аз", "дегенде"), AT_LEAST),
    (("ең", "кем", "дегенде"), AT_LEAST),
    (("ең", "кемі"), AT_LEAST),
    (("кем", "дегенде"), AT_LEAST),
    (("әрі", "кетсе"), AT_MOST),
    (("кемінде",), AT_LEAST),
    (("кемі",), AT_LEAST),
    (("көбі",), AT_MOST),
    (("шамамен",), APPROX),
    (("жобамен",), APPROX),
    (("шама",), APPROX),
    (("тура",), ""),
    (("дәл",), ""),
)
_PREFIX_STARTS = frozenset(lemmas[0] for lemmas, _ in _PREFIXES)
_SIGNS = {"минус": -1, "плюс": 1}
_NOMINATIVE = Tail(possessive=True)
_FACTORS = {"жүз": 100} | SCALES


@dataclass(frozen=True, slots=True)
class Amount:
    """A value or a range with its bounds: `high` is None for one value, `tail` what the last numeral word carries.

    `first` and `stop` are token indices, half-open; `number` is the (last) numeral itself.
    """

    low: Rational
    high: Rational | None
    number: Number
    first: int
    stop: int
    modifier: str = ""

    @property
    def tail(self) -> Tail:
        """The ending of the last numeral word."""
        return self.number.tail

    @property
    def ordinal(self) -> bool:
        """Whether an ordinal closes it."""
        return self.number.ordinal


def read_amount(page: Tokens, start: int) -> Amount | None:
    """The amount that begins at token `start`, prefix and range included, without its postposition.

    >>> from qatynas.grammar.words import Tokens
    >>> amount = read_amount(Tokens("шамамен екі-үш миллион"), 0)
    >>> int(amount.low), int(amount.high), amount.modifier
    (2000000, 3000000, 'approx')
    """
    if start not in page.amounts:
        page.amounts[start] = _read_amount(page, start)
    return page.amounts[start]


def _read_amount(page: Tokens, start: int) -> Amount | None:
    """What `read_amount` remembers."""
    prefix, index = read_prefix(page, start) if page.lemma(start) in _PREFIX_STARTS else ("", start)
    sign = _SIGNS.get(page.lemma(index), 0)
    first = index + 1 if sign else index
    if first != start and not page.spaced(first):
        return None
    number = read_number(page, first)
    if number is None:
        return None
    amount = _read_range(page, number) or Amount(number.value, None, number, start, number.stop)
    modifier = prefix or blur(amount.tail)
    if sign < 0:
        low, high = -amount.low, None if amount.high is None else -amount.high
        return Amount(low, high, amount.number, start, amount.stop, modifier)
    return replace(amount, first=start, modifier=modifier) if modifier or amount.first != start else amount


def read_prefix(page: Tokens, start: int) -> tuple[str, int]:
    """The modifier before a numeral and the index after it: empty and `start` where none stands.

    >>> from qatynas.grammar.words import Tokens
    >>> read_prefix(Tokens("ең көп дегенде бес"), 0)
    ('at_most', 3)
    """
    for lemmas, modifier in _PREFIXES:
        if all(page.lemma(start + k) == lemma for k, lemma in enumerate(lemmas)):
            named = lemmas != ("шама",) or page.word(start).tail == _NOMINATIVE
            return (modifier, start + len(lemmas)) if named else ("", start)
    return "", start


def blur(tail: Tail) -> str:
    """The modifier that an ending gives: «жүздей», «мыңдаған» are approximate.

    >>> from qatynas.grammar.suffixes import read_tail
    >>> blur(read_tail("дей"))
    'approx'
    """
    return APPROX if tail.derived in ("like", "scores") else ""


def _read_range(page: Tokens, low: Number) -> Amount | None:
    """«2–5», «екі-үш», «300-350 мың», «бір жарым – екі»: a range after its lower end `low`, or None."""
    if not page.dashed(low.stop) or not (low.tail.bare or low.ordinal):
        return None
    high = read_number(page, low.stop) if not page.hyphened(low.stop) or _pairs(page, low) else None
    if high is None or (low.ordinal and not high.ordinal):
        return None
    bottom = low.value if low.scaled else _share_scale(page, low, high)
    if bottom == high.value:
        return Amount(high.value, None, high, low.stop, high.stop)
    if 10 > bottom > high.value > 0 and not high.ordinal:
        bottom, top = high.value, bottom  # «үш-екі»
        return Amount(bottom, top, high, low.stop, high.stop)
    return Amount(bottom, high.value, high, low.stop, high.stop) if bottom < high.value else None


def _pairs(page: Tokens, low: Number) -> bool:
    """Whether a hyphen joins two numerals and not the parts of a code («8-800-555»)."""
    after = low.stop + 1
    figures = page.lemma(low.stop) == DIGITS
    return not (figures and page.hyphened(after) and page.lemma(after) == DIGITS)


def _share_scale(page: Tokens, low: Number, high: Number) -> Rational:
    """The lower end with the scale that stands after the upper one only: «екі-үш жүз» is 200 to 300."""
    best, scale = low.value, 1
    for index in range(high.stop - 1, low.stop, -1):
        factor = _FACTORS.get(page.lemma(index), 0)
        if not factor:
            break
        scale *= factor
        if low.value * scale < high.value:
            best = low.value * scale
    return best


def read_bound(page: Tokens, index: int, tail: Tail) -> tuple[str, int] | None:
    """The modifier of the postposition at `index` after a word with ending `tail`, and the index after it.

    >>> from qatynas.grammar.words import Tokens
    >>> page = Tokens("жүзден кем емес")
    >>> read_bound(page, 1, page.words[0].tail)
    ('at_least', 3)
    """
    if not page.spaced(index):
        return None
    lemma = page.lemma(index)
    if page.word(index).tail.derived:
        return None
    if lemma == "шама":
        blurred = page.word(index).tail.case in ("loc", "dat") and not page.word(index).tail.attributive
        return (APPROX, index + 1) if blurred and tail.case in ("", "gen", "dat") else None
    if lemma == "кем" and page.lemma(index + 1) == "дегенде":
        return AT_LEAST, index + 2
    if tail.case == "dat" and lemma in _AFTER_DATIVE:
        return _AFTER_DATIVE[lemma], index + 1
    if tail.case == "abl" and lemma in _AFTER_ABLATIVE:
        return _read_ablative(page, index, lemma)
    if tail.case in ("", "abl") and lemma in _AFTER_ANY and not tail.possessive:
        return _AFTER_ANY[lemma], index + 1
    # Digits are often written without their ending: «2000000 астам».
    bare = lemma in ("жуық", "тарта", "дейін", "шейін") and page.lemma(index - 1) in (DIGITS, "%")
    if tail.bare and (bare or lemma == "астам"):
        return (_AFTER_DATIVE | _AFTER_ABLATIVE)[lemma], index + 1
    return None


def _read_ablative(page: Tokens, index: int, lemma: str) -> tuple[str, int] | None:
    """«кем емес» turns the bound round; «асып кетпейтін» is one bound in two words."""
    following = page.lemma(index + 1) if page.spaced(index + 1) else ""
    if lemma == "асып":
        return (AT_MOST, index + 2) if following == "кетпейтін" else None
    if lemma in ("кем", "аз") and following == "емес":
        return AT_LEAST, index + 2
    return _AFTER_ABLATIVE[lemma], index + 1
