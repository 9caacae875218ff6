"""Kazakh inflection as needed by numerals, dates and units: which endings a stem may carry.

The endings are generated from the grammar (plural, possessive, case, attributive; and before them the derivations
-лық, -дай, -даған, -лап, -ыншы, -еу), in every allomorph. Vowel harmony is not enforced: writers follow the word that
they read aloud, and «10%-ға» and «10%-ке» are both found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands after a stem: its grammatical meaning, each part absent by default.

    `case` is one of gen, dat, acc, loc, abl, ins, or empty; `derived` one of lyq (-лық), like (-дай), scores (-даған),
    each (-лап), ordinal (-ыншы), group (-еу), or empty.
    """

    case: str = ""
    possessive: bool = False
    plural: bool = False
    attributive: bool = False
    derived: str = ""

    @property
    def bare(self) -> bool:
        """Whether nothing at all is attached."""
        return self is BARE


BARE = Tail()

_PLURALS = ("лар", "лер", "дар", "дер", "тар", "тер")
_POSSESSIVES = ("ы", "і", "сы", "сі")
_CASES = {
    "gen": ("ның", "нің", "дың", "дің", "тың", "тің"),
    "dat": ("ға", "ге", "қа", "ке"),
    "acc": ("ны", "ні", "ды", "ді", "ты", "ті"),
    "loc": ("да", "де", "та", "те"),
    "abl": ("дан", "ден", "тан", "тен", "нан", "нен"),
    "ins": ("мен", "бен", "пен"),
}
_POSSESSED_CASES = {
    "gen": ("ның", "нің"),
    "dat": ("на", "не"),
    "acc": ("н",),
    "loc": ("нда", "нде"),
    "abl": ("нан", "нен"),
    "ins": ("мен",),
}
_ATTRIBUTIVES = ("ғы", "гі", "қы", "кі")
# Persons of the collectives: «екеуміз» 'the two of us', «үшеуіңіз» 'the three of you'.
_PERSONS = ("міз", "мыз", "іміз", "ымыз", "ің", "ың", "іңіз", "ыңыз")
# «жиырма жастамын» 'I am twenty': persons of the predicate, after the locative.
_PREDICATIVES = ("мын", "мін", "мыз", "міз")
_DERIVATIONS = {
    **dict.fromkeys(("лық", "лік", "дық", "дік", "тық", "тік", "лығ", "ліг", "дығ", "діг", "тығ", "тіг"), "lyq"),
    **dict.fromkeys(("дай", "дей", "тай", "тей"), "like"),
    **dict.fromkeys(("лаған", "леген", "даған", "деген", "таған", "теген"), "scores"),
    **dict.fromkeys(("лап", "леп", "дап", "деп", "тап", "теп"), "each"),
    **dict.fromkeys(("ншы", "нші", "ыншы", "інші", "сыншы", "сінші", "шы", "ші"), "ordinal"),
    **dict.fromkeys(("еу", "ау"), "group"),
}


def _decline(base: dict[str, Tail], cases: dict[str, tuple[str, ...]]) -> dict[str, Tail]:
    """The forms of `base` with each case, and with the attributive -ғы after the locative."""
    forms = dict(base)
    for (prefix, tail), case in product(base.items(), cases):
        for ending in cases[case]:
            declined = replace(tail, case=case)
            forms[prefix + ending] = declined
            if case == "loc":
                forms |= {prefix + ending + mark: replace(declined, attributive=True) for mark in _ATTRIBUTIVES}
                forms |= {prefix + ending + person: declined for person in _PREDICATIVES}
    return forms


def _inflections() -> dict[str, Tail]:
    """Every chain plural + possessive + case + attributive, by its letters."""
    numbers = {"": BARE, **{plural: Tail(plural=True) for plural in _PLURALS}}
    owned = {
        prefix + ending: replace(tail, possessive=True) for prefix, tail in numbers.items() for ending in _POSSESSIVES
    }
    attributive = {mark: Tail(attributive=True) for mark in _ATTRIBUTIVES}
    persons = {person: Tail(possessive=True) for person in _PERSONS}
    forms = _decline(owned, _POSSESSED_CASES)
    forms |= _decline(numbers, _CASES) | _decline(persons, _CASES) | _decline(attributive, _CASES)
    forms[""] = BARE
    return forms


INFLECTIONS = _inflections()
_SHORTEST_STEM = 1
_LONGEST_FORM = 40
_LONGEST_DERIVATION = max(map(len, _DERIVATIONS))


@lru_cache(maxsize=1 << 14)
def read_tail(ending: str) -> Tail | None:
    """The meaning of the letters after a stem, or None where they are no Kazakh ending.

    >>> read_tail("дан").case, read_tail("ында").case, read_tail("інші").derived
    ('abl', 'loc', 'ordinal')
    >>> read_tail("кент") is None
    True
    """
    if len(ending) > _LONGEST_FORM:
        return None
    tail = INFLECTIONS.get(ending)
    if tail is not None:
        return tail
    for size in range(min(_LONGEST_DERIVATION, len(ending)), 1, -1):
        derived = _DERIVATIONS.get(ending[:size])
        rest = INFLECTIONS.get(ending[size:])
        if derived and rest is not None:
            return replace(rest, derived=derived)
    return None


def split_form(form: str, stems: dict[str, str]) -> tuple[str, Tail] | None:
    """The lemma and the tail of a lower-case word form, the longest known stem first, or None.

    `stems` maps every shape of a stem to its lemma («қыркүйег» to «қыркүйек»).

    >>> split_form("тамызынан", {"тамыз": "тамыз"})
    ('тамыз', Tail(case='abl', possessive=True, plural=False, attributive=False, derived=''))
    """
    if len(form) > _LONGEST_FORM:
        return None
    for size in range(len(form), _SHORTEST_STEM - 1, -1):
        lemma = stems.get(form[:size])
        if lemma is not None:
            tail = read_tail(form[size:])
            if tail is not None:
                return lemma, tail
    return None
