"""The Kazakh words of number and time expressions, each with the one meaning that the readers need.

Month and weekday names come from Babel's CLDR data, currencies and units from `currencies` and `units`; what stands
here by hand are closed classes of grammar: numerals, postpositions, relative words.
"""

from __future__ import annotations

from babel import Locale

from qatynas.grammar import currencies, units

_LOCALE = Locale("kk")

NUMERALS = {
    "нөл": 0,
    "бір": 1,
    "екі": 2,
    "үш": 3,
    "төрт": 4,
    "бес": 5,
    "алты": 6,
    "жеті": 7,
    "сегіз": 8,
    "тоғыз": 9,
    "он": 10,
    "жиырма": 20,
    "отыз": 30,
    "қырық": 40,
    "елу": 50,
    "алпыс": 60,
    "жетпіс": 70,
    "сексен": 80,
    "тоқсан": 90,
    "жүз": 100,
    "мың": 10**3,
    "миллион": 10**6,
    "миллиард": 10**9,
    "триллион": 10**12,
}
SCALES = {"мың": 10**3, "миллион": 10**6, "миллиард": 10**9, "триллион": 10**12}
COLLECTIVES = {"біреу": 1, "екеу": 2, "үшеу": 3, "төртеу": 4, "бесеу": 5, "алтау": 6, "жетеу": 7}
# «жарты» and «ширек» stand before a noun or alone, «жарым» after a number, «бүтін» between whole and fraction.
FRACTIONS = ("жарты", "жарым", "ширек", "бүтін")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "m": 1000}

MONTHS = {name: number for number, name in _LOCALE.months["format"]["wide"].items()}
WEEKDAYS = {name: number for number, name in _LOCALE.days["format"]["wide"].items()}
# Russian month names, usual in speech and in older papers («оныншы май»).
MONTHS |= {"январь": 1, "февраль": 2, "март": 3, "апрель": 4, "май": 5, "июнь": 6, "июль": 7, "август": 8}
MONTHS |= {"сентябрь": 9, "октябрь": 10, "ноябрь": 11, "декабрь": 12}
SEASONS = {"көктем": 21, "жаз": 22, "күз": 23, "қыс": 24}  # EDTF level 1 season codes

# Units of calendar time and of the clock, as ISO 8601 duration parts: factor and designator.
PERIODS = {
    "ғасыр": (100, "Y"),
    "онжылдық": (10, "Y"),
    "жыл": (1, "Y"),
    "жартыжылдық": (6, "M"),
    "тоқсан": (3, "M"),
    "ай": (1, "M"),
    "апта": (1, "W"),
    "жұма": (1, "W"),
    "күн": (1, "D"),
    "тәулік": (1, "D"),
    "сутка": (1, "D"),
    "жас": (1, "Y"),
    "жасар": (1, "Y"),
}
CLOCK_UNITS = {"сағат": "H", "минут": "M", "секунд": "S"}

# Relative words by the shift of their period from the release's: «өткен жылы» is the year before.
SHIFTS = {
    "өткен": -1,
    "былтырғы": -1,
    "осы": 0,
    "ағымдағы": 0,
    "биылғы": 0,
    "келесі": 1,
    "келер": 1,
    "алдағы": 1,
}
DAYS = {"бүгін": 0, "кеше": -1, "ертең": 1, "бүрсігүні": 2}
YEARS = {"биыл": 0, "былтыр": -1}
# Postpositions, particles and prefixes, in the one form that counts.
_EXACT_WORDS = """
аса артық көп аз төмен жоғары емес таяу таман тарта шамамен шамалы жобамен дейін шейін дейінгі шейінгі кемінде
кемі көбі дегенде ең әрі кетсе аспайтын асып кетпейтін бойы ішінде ішіндегі бұрын бұрынғы кейін кейінгі
бері бергі бастап қарай сайын сайынғы мен бен пен және де да те та минус плюс тура дәл күндіз таңғы
түскі кешкісін кешкі түнгі қайырлы сол күнделікті соңғы алғашқы бірнеше бүгінгі өткен осы
ағымдағы келесі келер алдағы былтырғы биылғы кешегі ертеңгі сағатына минутына секундына
"""
EXACT = frozenset(_EXACT_WORDS.split())
# Words that carry endings: «астамын», «жуығы», «шамасында», «жыл соңына», «аралығында».
INFLECTED = (
    *("астам", "жуық", "шама", "шақты", "кем", "соң", "орта", "аяқ", "бас", "ара", "аралық", "тең", "есе"),
    *("пайыз", "процент", "тармақ", "пункт", "промилле", "таң", "түс", "кеш", "түн", "қарсаң"),
    *("суық", "ыстық", "аяз", "таңертең"),
)


def _shape_stems(lemma: str) -> tuple[str, ...]:
    """The stem as it stands before consonants and, voiced or shortened, before vowels: қыркүйек, қыркүйег-."""
    if lemma.endswith("ь"):
        return lemma, lemma[:-1]
    voiced = {"к": "г", "қ": "ғ", "п": "б"}.get(lemma[-1])
    if voiced and len(lemma) > 2:
        return lemma, lemma[:-1] + voiced
    # A doubled consonant is written once before an ending: «киловаттық», «балды».
    return (lemma, lemma[:-1]) if lemma[-1] == lemma[-2] else (lemma,)


def _collect_stems() -> dict[str, str]:
    """Every inflecting stem with its lemma."""
    lemmas = {
        *NUMERALS,
        *COLLECTIVES,
        *FRACTIONS,
        *MONTHS,
        *WEEKDAYS,
        *SEASONS,
        *PERIODS,
        *CLOCK_UNITS,
        *DAYS,
        *YEARS,
        *INFLECTED,
        *currencies.NOUNS,
        *units.NAMES,
    }
    stems = {stem: lemma for lemma in sorted(lemmas) for stem in _shape_stems(lemma)}
    irregular = {"қырқ": "қырық", "млн": "миллион", "млрд": "миллиард", "трлн": "триллион"}
    return stems | irregular | {"көб": "көп", "ноль": "нөл", "жарт": "жарты"}


STEMS = _collect_stems()
# Abbreviated words by their exact letters; «ж.» and «ғ.» are years and centuries, «сағ» hours.
ABBREVIATIONS = units.ABBREVIATIONS | {"ж", "жж", "ғ"}
LEADS = frozenset(
    {
        *NUMERALS,
        *COLLECTIVES,
        *MONTHS,
        *WEEKDAYS,
        *SEASONS,
        *PERIODS,
        *SHIFTS,
        *DAYS,
        *YEARS,
        *currencies.SIGNS,
        *("жарты", "ширек", "соңғы", "алғашқы", "бірнеше", "бүгінгі", "кешегі", "ертеңгі", "күнделікті", "сол"),
        *("шамамен", "шама", "жобамен", "кемінде", "кемі", "көбі", "кем", "ең", "әрі", "минус", "плюс", "тура", "дәл"),
        *("таң", "түс", "кеш", "түн", "таңертең", "күндіз", "таңғы", "түскі", "кешкі", "кешкісін", "түнгі", "қайырлы"),
        *("сағат", "тең", *units.RATES),
    }
)
