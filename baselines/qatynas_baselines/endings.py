"""Kazakh nouns in and out of their forms: case endings, the possessive of the third person, the genitive."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qatynas_baselines.states import read_states

if TYPE_CHECKING:
    from collections.abc import Sequence

_BACK, _FRONT, _EITHER = "аоұыяюё", "әөүіеэ", "иу"
_VOWELS = _BACK + _FRONT + _EITHER
_VOICELESS = "кқптсшщчцхфһбгд"  # б, г, д at the end of foreign names take voiceless endings («Ашхабадтан»)
_SONANT = "лрйуи" + _VOWELS
# Case endings by the letters that they may follow, the longest first. «ыі» is the possessive.
_ENDINGS = sorted(
    (
        (ending, before)
        for endings, before in (
            ("ндағы ндегі нда нде нан нен на не", "ыі"),
            ("ның нің", _VOWELS + "мнң"),
            ("дың дің", "лрйузжвмнңди"),
            ("ды ді", "лрйузжвмнңд"),
            ("дағы дегі дан ден да де", _SONANT + "зжвмнңд"),
            ("тың тің тағы тегі тан тен та те ты ті", _VOICELESS + "в"),
            ("нан нен", "мнң"),
            ("ны ні", "аәеиуоөүэюя"),
            ("ға ге", _SONANT + "зжвмнң"),
            ("қа ке", _VOICELESS + "в"),
            ("мен", _SONANT + "мнң"),
            ("бен", "зжмнңв"),
            ("пен", _VOICELESS + "в"),
        )
        for ending in endings.split()
    ),
    key=lambda pair: (-len(pair[0]), pair[0]),
)
_ENDS_IN_S = re.compile(r"(?:кеңе|\bүле|әріпте|отанда|жолда|заманда|адре|бизне|интере|конгре)с[ыі]$", re.IGNORECASE)
_UNOWNED = re.compile(r"(?:(?<!к[іы])ш[ыі]|нд[ыі]|ткі|ржы|ақы|йғы)$")  # «сарапшы», «қаржы»: a vowel of the stem
_HYPHENED = re.compile(r"^(.*[A-ZА-ЯӘҒҚҢӨҰҮІҺ0-9»%])[-\u2011][а-яәғқңөұүіһ]{1,5}$")
# Words that only look declined.
STANDING = re.compile(
    r"(?:стан|судан|[ий]ордан|лондон|йемен|бремен|туркмен|өскемен|ақорда|қызылорда|қарағанды|зода|верде|төраға)$"
    r"|^(?:сауда|туынды|көрермен|аудан[ыі]?|ағын[ыі]?|жиын|тұрғын|ақын|бақты|сана)$"
)
_OURS = re.compile(r"(?<=[ыі])м[ыі]з(?:д[ыі]ң|ге|ді|ден|бен)?$")  # «министріміздің»
_OBJECT = re.compile(r"(?:[сл]ы|[рклмнсдғгбп]і|[қғрлмнк]ы|сі)н$")  # «министрін»: the accusative of the possessive
# Acts and measures are common nouns: their own possessive goes too («мемлекеттік сапары»), and the capital.
COMMON = ("ACT", "MEASURED")
_ADJECTIVE = re.compile(r"(?:[лдт][ыі][қк]|[лдт][ыі]|[ғқгк][ыі]|[ғқгк][ае]н|тын|тін|ресми|онлайн|жалпы|өзара|жақты)$")


@lru_cache(maxsize=1 << 14)
def strip_case(word: str) -> str:
    """The nominative of one word: without its case ending, with its possessive.

    >>> [strip_case(word) for word in ("Астанадағы", "СІМ-нің", "министрлігінің", "министрін", "Қазақстан")]
    ['Астана', 'СІМ', 'министрлігі', 'министрі', 'Қазақстан']
    """
    hyphened = _HYPHENED.match(word)
    if hyphened:
        return hyphened[1]
    small = word.lower()
    word = _OURS.sub("", word)
    if small in read_states() or STANDING.search(small):
        return word
    stems = [word[: -len(ending)] for ending, before in _ENDINGS if _carries(word, ending, before)]
    if re.search(r"ш[ыі]н[ыі]$", small):  # «сарапшыны», where «-ыны» may else be a possessive
        return word[:-2]
    named = [stem for stem in stems if stem.lower() in read_states()]
    if named or stems:
        return (named or stems)[0]
    return word[:-1] if len(word) > 5 and _OBJECT.search(small) else word


def _carries(word: str, ending: str, before: str) -> bool:
    """Whether the word can be a stem with this ending: the letter before it and the vowels agree."""
    stem = word.removesuffix(ending)
    shortest = 2 if stem.islower() and ending not in ("ны", "ні") else 3
    if stem == word or len(stem) < shortest or stem.rstrip("ьъ")[-1:] not in before:
        return False
    last = next((sign for sign in reversed(stem) if sign in _VOWELS), "")
    first = next((sign for sign in ending if sign in _VOWELS), "")
    return last in _EITHER or (last in _BACK) == (first in _BACK) or len(ending) > 2


def strip_phrase(phrase: str) -> str:
    """The nominative of a noun phrase: its last word without its case ending, one space between words.

    >>> strip_phrase("Сыртқы істер министрлігінің")
    'Сыртқы істер министрлігі'
    """
    *words, last = phrase.split() or [""]
    return " ".join([*words, strip_case(last)])


def strip_possessive(word: str) -> str:
    """The noun without the possessive of the third person, its last consonant voiceless again.

    >>> [strip_possessive(word) for word in ("сапары", "көрсеткіші", "рәсімі", "бюджеті", "данасы", "үлесі", "ағыны")]
    ['сапар', 'көрсеткіш', 'рәсім', 'бюджет', 'дана', 'үлес', 'ағын']
    """
    if len(word) < 4 or word[-1] not in "ыі":
        return word
    if _UNOWNED.search(word):
        return word
    if word[-2] == "с" and word[-3] in _VOWELS and not _ENDS_IN_S.search(word):
        return word[:-2]
    voiceless = {} if word[-3] == "н" else {"ғ": "қ", "г": "к", "б": "п"}
    return word[:-2] + voiceless.get(word[-2], word[-2])


def add_possessive(word: str) -> str:
    """The noun with the possessive of the third person, as a name needs it after its owner.

    >>> add_possessive("Министр"), add_possessive("елшілік"), add_possessive("елші")
    ('Министрі', 'елшілігі', 'елшісі')
    """
    front = _is_front(word)
    if word[-1] in _VOWELS:
        return word + ("сі" if front else "сы")
    voiced = {"қ": "ғ", "к": "г", "п": "б"}
    return word[:-1] + voiced.get(word[-1], word[-1]) + ("і" if front else "ы")


def _is_front(word: str) -> bool:
    """Whether the last vowel that decides is a front one."""
    return next((sign for sign in reversed(word.lower()) if sign in _BACK + _FRONT), "и") in _FRONT + _EITHER


def add_genitive(phrase: str) -> str:
    """The phrase in the genitive.

    >>> add_genitive("Сыртқы істер министрлігі"), add_genitive("Қазақстан"), add_genitive("кеңес")
    ('Сыртқы істер министрлігінің', 'Қазақстанның', 'кеңестің')
    """
    small = phrase.lower()
    consonant = "н" if small[-1:] in _VOWELS + "мнң" else "т" if small[-1:] in _VOICELESS else "д"
    return phrase + consonant + ("ің" if _is_front(phrase) else "ың")


def inflect(kind: str, before: Sequence[str], word: str) -> str:
    """The form of the last word of a name of this type after these words."""
    word = strip_case(word)
    if before and kind not in ("PERSON", "GPE") and re.search(r"[^нж][ыі]н$", word) and not STANDING.search(word):
        word = word[:-1]  # «сыйға тарту шартын»
    if kind == "ORGANISATION":
        word = re.sub(r"ліктері$", "лігі", word)
    if kind == "LAW" and before and before[-1] == "туралы":
        return strip_possessive(word)
    if kind == "MEASURED" and not before:
        word = re.sub(r"^(адам|бет|орын|контейнер|вагон|төсек|тонна)[лдт][ыі][кқ]$", r"\1", word)  # «60 орындық»
    if kind in COMMON and (not before or all(_ADJECTIVE.search(other.lower()) for other in before)):
        return strip_possessive(word)
    return word


@lru_cache(maxsize=1 << 14)
def stem_word(word: str) -> str:
    """What all forms of a word share: without case and possessive, and without a last ы or і."""
    return strip_possessive(strip_case(word).lower()).rstrip("ыі")


def clean(surface: str) -> str:
    """The words of a span with one space between them."""
    return " ".join(surface.split())


def is_abbreviation(word: str) -> bool:
    """Whether a word is nothing but capitals and digits, as «СІМ» and «C5» are."""
    return re.fullmatch(r"[A-ZА-ЯӘҒҚҢӨҰҮІҺ][A-ZА-ЯӘҒҚҢӨҰҮІҺ0-9]+", word) is not None
