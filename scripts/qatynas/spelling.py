"""Kazakh numerals spelled: cardinals and ordinals in words, and Roman letters."""

from __future__ import annotations

from qatynas.errors import QatynasError
from qatynas.grammar.lexicon import SCALES

_UNITS = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_ORDINAL_SHAPES = {"жиырма": "жиырмасыншы", "қырық": "қырқыншы"}


def spell_roman(value: int) -> str:
    """`value` in canonical Roman letters (1 to 3999).

    >>> spell_roman(21)
    'XXI'
    """
    pairs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    letters = ""
    for amount, sign in (*pairs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, value = divmod(value, amount)
        letters += sign * count
    return letters


def _spell_group(value: int) -> list[str]:
    """The words of 1 to 999, «жүз» without «бір»."""
    hundreds, rest = divmod(value, 100)
    words = ([_UNITS[hundreds]] if hundreds > 1 else []) + (["жүз"] if hundreds else [])
    return words + [word for word in (_TENS[rest // 10], _UNITS[rest % 10]) if word]


def spell_number(value: int, *, ordinal: bool = False) -> str:
    """The Kazakh words of a whole number from 0 to 10^15 - 1, «мың» and «жүз» without «бір».

    Raises:
        QatynasError: where `value` is outside that range.

    >>> spell_number(2024), spell_number(1_000_040, ordinal=True)
    ('екі мың жиырма төрт', 'бір миллион қырқыншы')
    """
    if not 0 <= value < 10**15:
        raise QatynasError(f"the number {value}", "cannot be spelled", "give a whole number from 0 to 10^15 - 1")
    words = []
    rest = value
    for name, scale in reversed(SCALES.items()):
        count, rest = divmod(rest, scale)
        if count:
            words += ([] if count == 1 and scale == 1000 else _spell_group(count)) + [name]
    words += _spell_group(rest) if rest or not value else []
    words = words or ["нөл"]
    return " ".join([*words[:-1], _spell_ordinal(words[-1])] if ordinal else words)


def _spell_ordinal(word: str) -> str:
    """The ordinal of one numeral word: «екі» to «екінші», «он» to «оныншы»."""
    if word in _ORDINAL_SHAPES:
        return _ORDINAL_SHAPES[word]
    back = next(letter for letter in reversed(word) if letter in "аоұыяәөүіеэи") in "аоұыя"
    joint = "" if word[-1] in "аыеі" else "ы" if back else "і"
    return word + joint + ("ншы" if back else "нші")
