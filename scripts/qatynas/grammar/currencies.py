"""Kazakh names of currencies and their ISO 4217 codes, from Babel's CLDR data."""

from __future__ import annotations

from collections import Counter

from babel import Locale

_LOCALE = Locale("kk")
_VOWELS = "аәоөұүыіеиуэюя"
# CLDR names every currency with its country («АҚШ доллары»); a bare noun that several countries share means the one
# that Kazakh text means by it. «Крона», «динар», «риал», «песо» and «шиллинг» alone name none.
_BARE = {
    "доллар": "USD",
    "рубль": "RUB",
    "сом": "KGS",
    "фунт": "GBP",
    "франк": "CHF",
    "вон": "KRW",
    "манат": "AZN",
    "рупия": "INR",
    "дирхам": "AED",
    "лей": "MDL",
}
# Currency nouns that are everyday words too, and mean a currency only after its country.
_HOMOGRAPHS = {"сол", "тала", "бат", "кип", "марка", "лев", "лег", "лит", "лат", "така", "пула", "кина", "быр", "реал"}
# Names in use that CLDR writes otherwise or lacks: the currency's own name, other spellings, Russian-style forms.
_ALIASES = {
    "америка доллар": "USD",
    "америкалық доллар": "USD",
    "еуропа еуро": "EUR",
    "евро": "EUR",
    "фунт стерлинг": "GBP",
    "ағылшын фунт": "GBP",
    "өзбек сом": "UZS",
    "өзбек сум": "UZS",
    "сум": "UZS",
    "қырғыз сом": "KGS",
    "әзербайжан манат": "AZN",
    "түрікмен манат": "TMT",
    "түркия лира": "TRY",
    "корей вон": "KRW",
    "сомони": "TJS",
    "лари": "GEL",
    "гривен": "UAH",
    "гривна": "UAH",
    "злотый": "PLN",
    "чех крон": "CZK",
    "швед крон": "SEK",
    "норвег крон": "NOK",
    "йена": "JPY",
    "иен": "JPY",
    "йен": "JPY",
}
# Hundredths: «елу тиын» is half a tenge.
MINOR_UNITS = {"тиын": "KZT", "цент": "USD", "тиін": "KZT", "копейка": "RUB", "пенс": "GBP", "евроцент": "EUR"}


_NO_CURRENCY = "XXX"  # ISO 4217: a transaction without a currency


def _strip_possessive(noun: str) -> str:
    """The bare noun of an izafet: «доллары» to «доллар», «теңгесі» to «теңге», «рублі» to «рубль»."""
    if noun.endswith(("сы", "сі")) and noun[-3] in _VOWELS:
        return noun[:-2]
    if not noun.endswith(("ы", "і")):
        return noun
    stem = noun[:-1]
    return stem + "ь" if stem.endswith(("бл", "юан")) else stem


def _read_names() -> dict[tuple[str, ...], str]:
    """Currency names as lower-case words, the noun bare, with their codes; withdrawn currencies left out."""
    names = {}
    for code, name in _LOCALE.currencies.items():
        words = name.lower().replace(" - ", " ").replace("-", " ").split()
        if "(" not in name and code != _NO_CURRENCY:
            names[(*words[:-1], _strip_possessive(words[-1]))] = code
    return names


def _read_nouns(names: dict[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Bare nouns: those of a single currency, and the shared ones that have a usual reading."""
    nouns = Counter(words[-1] for words in names)
    single = {
        words[-1:]: code for words, code in names.items() if nouns[words[-1]] == 1 and words[-1] not in _HOMOGRAPHS
    }
    return single | {(noun,): code for noun, code in _BARE.items()}


_NAMES = _read_names()
CURRENCIES = _NAMES | _read_nouns(_NAMES) | {tuple(name.split()): code for name, code in _ALIASES.items()}
LONGEST_CURRENCY = max(map(len, CURRENCIES))
NOUNS = {words[-1] for words in CURRENCIES} | set(MINOR_UNITS)
QUALIFIERS = {word for words in CURRENCIES for word in words[:-1]}
CODES = frozenset(_LOCALE.currencies) - {_NO_CURRENCY}
# CLDR's signs of one character, and those of neighbours that its Kazakh data leaves out.
SIGNS = {sign: code for code, sign in _LOCALE.currency_symbols.items() if len(sign) == 1 and code != _NO_CURRENCY} | {
    "¥": "CNY",
    "₺": "TRY",
    "₼": "AZN",
    "₴": "UAH",
    "₾": "GEL",
}
