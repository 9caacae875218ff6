"""Independent speakers of Kazakh numbers, to be read back: ICU's spell-out rules, num2words `kz` and qazaqify.

None of them gives case forms, so these are made from qazaqify's words by the table of allomorphs in `decline`. Known
faults of the oracles, each shown by a test of its own:

- ICU writes the ordinal of 40 without its syncope, «қырықыншы» for «қырқыншы» (read all the same), and speaks the
  binary error of large decimals («бүтін миллиардтан екі жүз миллион» in 9028.2): its decimals are drawn below 100.
- num2words has no ordinals, and leaves the denominator out of decimals: «бір бүтін жеті» for 1.7 (read all the same).

That num2words says «бір мың», ICU «миллион» and qazaqify «мың» is no fault: all are used.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator
from fractions import Fraction

from qatynas.grammar.words import Tokens
from qatynas.numerals import read_number

Speaker = Callable[[float], str]
CASES = ("gen", "dat", "acc", "loc", "abl", "ins")
_BACK_STEMS = "алты тоғыз он жиырма отыз қырық алпыс тоқсан мың миллион миллиард триллион"
_BACK_WORDS = frozenset(_BACK_STEMS.split())
_ENDINGS = {
    "gen": {"vowel": "ның нің", "nasal": "ның нің", "liquid": "дың дің", "z": "дың дің", "voiceless": "тың тің"},
    "dat": {"voiceless": "қа ке", "": "ға ге"},
    "acc": {"vowel": "ны ні", "voiceless": "ты ті", "": "ды ді"},
    "loc": {"voiceless": "та те", "": "да де"},
    "abl": {"nasal": "нан нен", "voiceless": "тан тен", "": "дан ден"},
    "ins": {"z": "бен бен", "voiceless": "пен пен", "": "мен мен"},
}


def draw_values(count: int = 20_000, top: int = 15, seed: int = 2025) -> list[int]:
    """0 to 10,000 and `count` numbers up to 10^`top`, evenly drawn over their lengths."""
    draw = random.Random(seed)  # noqa: S311
    return [*range(10_001), *(draw.randrange(10 ** draw.randint(4, top)) for _ in range(count))]


def decline(spelled: str, case: str) -> str:
    """A spelled number in a case, by vowel harmony and the last sound of its last word.

    >>> decline("екі жүз", "abl"), decline("тоқсан", "abl"), decline("қырық", "dat")
    ('екі жүзден', 'тоқсаннан', 'қырыққа')
    """
    last = spelled.rpartition(" ")[2]
    sounds = {"vowel": "аыеі", "nasal": "мнң", "liquid": "рлу", "z": "з"}
    group = next((name for name, letters in sounds.items() if last[-1] in letters), "voiceless")
    pair = _ENDINGS[case].get(group) or _ENDINGS[case][""]
    return spelled + pair.split()[0 if last in _BACK_WORDS else 1]


def read_back(text: str) -> tuple[Fraction, str, bool] | None:
    """The value, case and ordinality of a text that is one numeral from end to end."""
    page = Tokens(text)
    number = read_number(page, 0, homographs=True)
    if number is None or number.stop != page.count:
        return None
    return Fraction(number.value), number.tail.case, number.ordinal


def load_icu() -> tuple[Speaker, Speaker, Speaker]:
    """ICU's cardinal, ordinal and decimal speakers."""
    icu = importlib.import_module("icu")
    spell = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale("kk"))
    return spell.format, lambda value: str(spell.format(value, "%spellout-ordinal")), spell.format


def load_num2words() -> Speaker:
    """The cardinal speaker of num2words."""
    module = importlib.import_module("num2words")
    return lambda value: str(module.num2words(value, lang="kz"))


def load_qazaqify() -> tuple[Speaker, Speaker, Speaker]:
    """The cardinal, ordinal and decimal speakers of qazaqify."""
    module = importlib.import_module("qazaqify")
    return module.words, module.ordinal_word, module.words_float


def compare(speak: Speaker, values: list[int], *, ordinal: bool = False) -> Iterator[tuple[int, str]]:
    """The values that are not read back from what `speak` says, with its words."""
    for value in values:
        spoken = speak(value)
        if read_back(spoken) != (Fraction(value), "", ordinal):
            yield value, spoken


def compare_cases(speak: Speaker, values: list[int]) -> Iterator[tuple[int, str]]:
    """The same for every case form."""
    for value in values:
        for case in CASES:
            spoken = decline(speak(value), case)
            if read_back(spoken) != (Fraction(value), case, False):
                yield value, spoken


def compare_decimals(
    speak: Speaker, count: int = 10_000, top: int = 10_000, seed: int = 7
) -> Iterator[tuple[float, str]]:
    """The decimals of one and two places below `top` that are not read back."""
    draw = random.Random(seed)  # noqa: S311
    for _ in range(count):
        places = draw.choice((10, 100))
        part = draw.randrange(1, places)
        if part % 10 == 0:
            continue
        value = Fraction(draw.randrange(top)) + Fraction(part, places)
        spoken = speak(float(value))
        read = read_back(spoken)
        if read is None or read[0] != value:
            yield float(value), spoken
