"""A text as tokens: words with their lemma and ending, digit runs and signs, at code-point offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from qatynas.grammar.lexicon import ABBREVIATIONS, EXACT, LEADS, STEMS
from qatynas.grammar.suffixes import BARE, Tail, read_tail, split_form

if TYPE_CHECKING:
    from qatynas.grammar.amounts import Amount
    from qatynas.numerals import Number

SPACES = frozenset((" ", "\u00a0", "\u202f", "\u2009"))
HYPHENS = frozenset(("-", "\u2010", "\u2011"))
_DASHES = (*HYPHENS, "\u2012", "\u2013", "\u2014", "\u2212")
_SPACED = SPACES | {first + second for first in SPACES for second in SPACES}
_DASHED = {before + dash + after for before in ("", *SPACES) for dash in _DASHES for after in ("", *SPACES)}
_LOOSE_HYPHENS = {space + hyphen for space in SPACES for hyphen in HYPHENS}
SIGNS = "%‰°$€£¥₸₽₺₼₴₾₩₹₪"
NO_GAP = "\n"
_PADDING = 32  # further than any reader looks past the last token
DIGITS = "0"
# A run of more digits is a code or an account, no number; it also keeps int() fast.
LONGEST_DIGITS = 24
# Roman numerals, also with the Cyrillic letters that look like I, X, C and M.
ROMAN = "I"
_ROMAN = re.compile("[IVXLCMІХСМ]{1,8}")
_TOKEN = re.compile(rf"([^\W\d_]+|\d+|[{SIGNS}])")


@dataclass(frozen=True, slots=True)
class Word:
    """One token form: its dictionary lemma (empty where unknown) and ending.

    Digit runs have the lemma "0", Roman numerals "I" and signs their own. `leads` says whether a number mention may
    begin here.
    """

    form: str
    lemma: str
    tail: Tail
    leads: bool


PLAIN = Word("", "", BARE, leads=False)


@lru_cache(maxsize=1 << 16)
def read_word(form: str) -> Word:
    """The analysis of one token, remembered for each distinct form.

    >>> word = read_word("Тамызда")
    >>> word.lemma, word.tail.case
    ('тамыз', 'loc')
    """
    if form[0].isdecimal():
        readable = len(form) <= LONGEST_DIGITS and form.isascii()
        return Word(form, DIGITS, BARE, leads=True) if readable else PLAIN
    if form in SIGNS:
        return Word(form, form, BARE, leads=form in LEADS)
    lower = form.lower()
    if form in ABBREVIATIONS or lower in EXACT:
        lemma = form if form in ABBREVIATIONS else lower
        return Word(lower, lemma, BARE, leads=lemma in LEADS)
    found = split_form(lower, STEMS)
    if found is not None:
        return Word(lower, *found, leads=found[0] in LEADS)
    if _ROMAN.fullmatch(form):
        return Word(lower, ROMAN, BARE, leads=True)
    return PLAIN


class Tokens:
    """The tokens of one text in order, with what stands between them.

    An index a little outside the text may be asked for: there stands a plain word, joined to nothing.

    >>> page = Tokens("2–5 тамызда")
    >>> page.gap(1), page.words[2].lemma, page.spaced(2)
    ('–', 'тамыз', True)
    """

    __slots__ = ("amounts", "count", "ends", "gaps", "numbers", "starts", "surfaces", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = _TOKEN.split(text)  # gap, token, gap, token, …, gap
        borders = list(accumulate(map(len, pieces)))
        self.starts = borders[0:-1:2]
        self.ends = borders[1::2]
        self.count = len(self.ends)
        self.surfaces = pieces[1::2]
        self.words = [*map(read_word, self.surfaces), *[PLAIN] * _PADDING]
        self.surfaces += [""] * _PADDING
        self.gaps = [NO_GAP + pieces[0], *pieces[2:-1:2], *[NO_GAP] * _PADDING]
        if "лн. " in text or "рд. " in text:
            self._close_abbreviations()
        # What was read at a token, so that no reader reads it again.
        self.numbers: dict[tuple[int, bool], Number | None] = {}
        self.amounts: dict[int, Amount | None] = {}

    def _close_abbreviations(self) -> None:
        """Let the stop of «млн.», «млрд.», «трлн.» end no sentence where no new one begins."""
        for index in range(1, self.count):
            ended = self.gaps[index] == ". " and self.surfaces[index - 1].lower() in ("млн", "млрд", "трлн")
            if ended and not self.surfaces[index].istitle():
                self.gaps[index] = " "

    def word(self, index: int) -> Word:
        """The word at `index`, a plain one just outside the text."""
        return self.words[index]

    def lemma(self, index: int) -> str:
        """The lemma at `index`, empty for unknown words and just outside the text."""
        return self.words[index].lemma

    def surface(self, index: int) -> str:
        """The text of the token at `index` as written, empty just outside the text."""
        return self.surfaces[index]

    def gap(self, index: int) -> str:
        """What stands between the tokens `index - 1` and `index`: a newline where either is missing."""
        return self.gaps[index]

    def spaced(self, index: int) -> bool:
        """Whether the token at `index` follows the one before after one or two spaces and nothing else."""
        return self.gaps[index] in _SPACED

    def hyphened(self, index: int) -> bool:
        """Whether a hyphen without spaces joins the token at `index` to the one before."""
        return self.gaps[index] in HYPHENS

    def dashed(self, index: int) -> bool:
        """Whether a hyphen or dash, with or without spaces, stands before the token at `index`."""
        return self.gaps[index] in _DASHED

    def glued(self, index: int) -> bool:
        """Whether nothing stands before the token at `index`."""
        return not self.gaps[index]

    def close(self, index: int) -> bool:
        """Whether the token at `index` follows the one before at once or after a space."""
        return not self.gaps[index] or self.gaps[index] in _SPACED

    def ending(self, index: int) -> tuple[Tail, int] | None:
        """The hyphened ending at `index` («-інші» of «5-інші», «-ға» of «%-ға») and the index after it.

        A space before the hyphen is forgiven («4,7% -ті»), as is «-ақ» 'just', which means nothing here.
        """
        gap = self.gaps[index]
        hyphened = gap in HYPHENS or gap in _LOOSE_HYPHENS
        if gap and not hyphened:
            return None
        form = self.surfaces[index].lower()
        if form == "ақ" and hyphened:
            return BARE, index + 1
        tail = read_tail(form)
        # «2025нші» without its hyphen can be nothing else.
        if tail is None or not (hyphened or (tail.derived == "ordinal" and self.lemma(index - 1) == DIGITS)):
            return None
        return tail, index + 1
