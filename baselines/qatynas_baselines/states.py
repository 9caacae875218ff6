"""Names of states and bodies: CLDR's Kazakh territories, and the abbreviations and full names that releases use."""

from __future__ import annotations

import re
from functools import lru_cache

_SHORTEST_NAME, _LONGEST_ENDING = 4, 6
_NO_STATES = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")  # unions, outliers and pseudo-locales among the territories
HOME = "Қазақстан"
_FORMAL = re.compile(r"\s+(?:Республикасы|Корольдігі|Федерациясы|Халық Республикасы|Князьдігі|Сұлтандығы)$")
STATES = {
    "ҚР": HOME,
    "АҚШ": "Америка Құрама Штаттары",
    "БАӘ": "Біріккен Араб Әмірліктері",
    "ҚХР": "Қытай",
    "РФ": "Ресей",
    "Қырғыз": "Қырғызстан",
    "Чех": "Чехия",
}
# Bodies that releases name by their letters alone (R7).
BODIES = {
    "БҰҰ": "Біріккен Ұлттар Ұйымы",
    "ЕҚЫҰ": "Еуропадағы қауіпсіздік және ынтымақтастық ұйымы",
    "ШЫҰ": "Шанхай ынтымақтастық ұйымы",
    "ТМҰ": "Түркі мемлекеттері ұйымы",
    "ИЫҰ": "Ислам ынтымақтастығы ұйымы",
    "ЕАЭО": "Еуразиялық экономикалық одақ",
    "ЕО": "Еуропалық одақ",
    "ТМД": "Тәуелсіз Мемлекеттер Достастығы",
    "ҰҚШҰ": "Ұжымдық қауіпсіздік туралы шарт ұйымы",
    "АӨСШК": "Азиядағы өзара іс-қимыл және сенім шаралары жөніндегі кеңес",
    "ДСҰ": "Дүниежүзілік сауда ұйымы",
    "ДДСҰ": "Дүниежүзілік денсаулық сақтау ұйымы",
    "ХЕҰ": "Халықаралық еңбек ұйымы",
    "МАГАТЭ": "Атом энергиясы жөніндегі халықаралық агенттік",
}


@lru_cache(maxsize=1)
def read_states() -> frozenset[str]:
    """The Kazakh names of states in Babel's CLDR data, in lower case."""
    from babel import Locale

    territories = Locale("kk").territories
    return frozenset(name.lower() for code, name in territories.items() if code.isalpha() and code not in _NO_STATES)


def name_state(surface: str) -> str:
    """The short name of a state («Қырғыз Республикасы» → «Қырғызстан»), any other place as it stands."""
    short = _FORMAL.sub("", surface)
    return STATES.get(short, short if short.lower() in read_states() else surface)


def is_state(name: str) -> bool:
    """Whether this is the short or the usual name of a state."""
    return name.lower() in read_states() or name in STATES.values()


def is_state_form(word: str) -> bool:
    """Whether a word is the name of a state with any ending of up to six letters.

    >>> is_state_form("Түркияның"), is_state_form("қала")
    (True, False)
    """
    lower = word.lower()
    least = max(_SHORTEST_NAME, len(lower) - _LONGEST_ENDING)
    return any(lower[:size] in read_states() for size in range(len(lower), least - 1, -1))
