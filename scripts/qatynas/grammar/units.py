"""Kazakh names of units of measure and their UCUM codes, from Babel's CLDR data wherever it has them right."""

from __future__ import annotations

import re

from babel import Locale

# CLDR unit -> UCUM (ucum.org). CLDR's `mass-tonne` is «метрлік тонна» and its `mass-ton`, the short ton, «тонна»:
# Kazakh text means the tonne by both, so the name stands in `_ADDITIONS`. Length `point` («пункт»), `item`
# («элемент»), `dot` («нүкте»), spoons and cups are left out: in running text these words count other things.
_CLDR_TO_UCUM = {
    "area-square-kilometer": "km2",
    "area-hectare": "har",
    "area-square-meter": "m2",
    "area-square-centimeter": "cm2",
    "area-square-mile": "[smi_us]",
    "area-acre": "[acr_us]",
    "area-square-foot": "[sft_i]",
    "digital-petabyte": "PBy",
    "digital-terabyte": "TBy",
    "digital-gigabyte": "GBy",
    "digital-gigabit": "Gbit",
    "digital-megabyte": "MBy",
    "digital-megabit": "Mbit",
    "digital-kilobyte": "kBy",
    "digital-byte": "By",
    "electric-ampere": "A",
    "electric-volt": "V",
    "energy-kilocalorie": "kcal",
    "energy-calorie": "cal",
    "energy-kilojoule": "kJ",
    "energy-joule": "J",
    "energy-kilowatt-hour": "kW.h",
    "frequency-gigahertz": "GHz",
    "frequency-megahertz": "MHz",
    "frequency-kilohertz": "kHz",
    "frequency-hertz": "Hz",
    "length-kilometer": "km",
    "length-meter": "m",
    "length-decimeter": "dm",
    "length-centimeter": "cm",
    "length-millimeter": "mm",
    "length-micrometer": "um",
    "length-nanometer": "nm",
    "length-mile": "[mi_i]",
    "length-yard": "[yd_i]",
    "length-foot": "[ft_i]",
    "length-inch": "[in_i]",
    "length-light-year": "[ly]",
    "length-nautical-mile": "[nmi_i]",
    "mass-tonne": "t",
    "mass-kilogram": "kg",
    "mass-gram": "g",
    "mass-milligram": "mg",
    "mass-microgram": "ug",
    "mass-ounce": "[oz_av]",
    "mass-ounce-troy": "[oz_tr]",
    "mass-carat": "[car_m]",
    "power-gigawatt": "GW",
    "power-megawatt": "MW",
    "power-kilowatt": "kW",
    "power-watt": "W",
    "power-milliwatt": "mW",
    "power-horsepower": "[HP]",
    "pressure-bar": "bar",
    "pressure-atmosphere": "atm",
    "pressure-pascal": "Pa",
    "pressure-kilopascal": "kPa",
    "pressure-megapascal": "MPa",
    "speed-kilometer-per-hour": "km/h",
    "speed-meter-per-second": "m/s",
    "temperature-generic": "Cel",
    "temperature-celsius": "Cel",
    "temperature-fahrenheit": "[degF]",
    "temperature-kelvin": "K",
    "volume-cubic-kilometer": "km3",
    "volume-cubic-meter": "m3",
    "volume-cubic-centimeter": "cm3",
    "volume-cubic-foot": "[cft_i]",
    "volume-hectoliter": "hL",
    "volume-liter": "L",
    "volume-deciliter": "dL",
    "volume-centiliter": "cL",
    "volume-milliliter": "mL",
    "volume-gallon": "[gal_us]",
    "volume-barrel": "[bbl_us]",
}
# What CLDR lacks or has otherwise: the native «шақырым», words for «шаршы» and «текше» in use, powers written with
# plain digits, other spellings of compound units, quintals, and the counted units of Kazakh law and sport.
_ADDITIONS = {
    "тонна": "t",
    "шақырым": "km",
    "шаршы шақырым": "km2",
    "текше шақырым": "km3",
    "шақырым сағат": "km/h",
    "кв м": "m2",
    "кв км": "km2",
    "куб": "m3",
    "куб м": "m3",
    "куб метр": "m3",
    "м 2": "m2",
    "м 3": "m3",
    "км 2": "km2",
    "метр куб": "m3",
    "дециметр куб": "dm3",
    "сантиметр куб": "cm3",
    "келі": "kg",
    "кило": "kg",
    "сотық": "ar",
    "центнер": "dt",
    "ц": "dt",
    "киловатт сағат": "kW.h",
    "мегаватт": "MW",
    "мегаватт сағат": "MW.h",
    "гигаватт сағат": "GW.h",
    "кВт сағ": "kW.h",
    "МВт сағ": "MW.h",
    "ГВт сағ": "GW.h",
    "цельсий градус": "Cel",
    "° С": "Cel",
    "миля": "[mi_i]",
    "айлық есептік көрсеткіш": "{MCI}",
    "айлық көрсеткіш": "{MCI}",
    "АЕК": "{MCI}",
    "ұпай": "{point}",
    "балл": "{point}",
}
# Degrees of frost and of heat: «жиырма градус суық» is -20.
SIGNS_OF_HEAT = {"суық": -1, "аяз": -1, "ыстық": 1, "жылы": 1}
# «сағатына 350 км»: the rate stands before the number.
RATES = {"сағатына": "h", "минутына": "min", "секундына": "s"}

_WORD = re.compile(r"[^\W\d_]+|\d+|°")
_LOOKALIKES = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
_IZAFETS = {"градусы": "градус", "жылы": "жыл", "милі": "миль", "күші": "күш", "унциясы": "унция"}
_CYRILLIC = re.compile("[а-яәіңғүұқөһА-Я]")


def _repair(name: str) -> str:
    """`name` without the Latin look-alikes that CLDR mixes into Cyrillic words («cм²», «aмпер»)."""
    words = name.split()
    return " ".join(word.translate(_LOOKALIKES) if _CYRILLIC.search(word) else word for word in words)


def _split_name(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name))


def _read_names() -> dict[tuple[str, ...], str]:
    """Every unit name as its words, with its UCUM code."""
    patterns = Locale("kk")._data["unit_patterns"]
    names: dict[tuple[str, ...], str] = {}
    for unit, ucum in _CLDR_TO_UCUM.items():
        for width in ("long", "short"):
            pattern = patterns[unit].get(width, {}).get("other", "")
            name = _repair(pattern.replace("{0}", ""))
            words = _split_name(name.lower() if width == "long" else name)
            if words:
                names[words] = ucum
    return names | {_split_name(name): ucum for name, ucum in _ADDITIONS.items()}


UNITS = {(*words[:-1], _IZAFETS.get(words[-1], words[-1])): ucum for words, ucum in _read_names().items()}
LONGEST_UNIT = max(map(len, UNITS))
# Abbreviations have a capital or at most three letters, and take no ending without a hyphen; names are stems.
_SHORT_NAMES = {"күш", "жыл", "куб", "бар", "акр", "фут", "ярд"}
_WORDS = {words[-1] for words in UNITS}
ABBREVIATIONS = {word for word in _WORDS if len(word) <= 3 or word != word.lower()} - _SHORT_NAMES
NAMES = _WORDS - ABBREVIATIONS
