"""Currencies that their own noun does not tell: shared by countries, or left out beside a sum that has one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qatynas.document import Mention

_OPEN_SCALE = re.compile(r"(?:(?:млн|млрд|трлн)-\w+|(?:миллион|миллиард|триллион|мың)(?!дай|дық|ға\s+жуық)\w+)$")
_LIST = re.compile(r", [\w ,-]{1,160}")
_BARE_SCALE = re.compile(r"(?:млн|млрд|трлн|мың|миллион|миллиард|триллион)$")
# Currency nouns that several countries share, by a word of the country; "" where only one has it.
_CURRENCIES: dict[str, dict[str, str]] = {
    "песо": {"Чили": "CLP", "Мексика": "MXN", "Аргентина": "ARS", "Колумбия": "COP", "Филиппин": "PHP", "Куба": "CUP"},
    "крон": {"Норвег": "NOK", "Швед": "SEK", "Швеция": "SEK", "Дания": "DKK", "Чех": "CZK", "Исланд": "ISK"},
    "динар": {"Серб": "RSD", "Иордан": "JOD", "Кувейт": "KWD", "Ирак": "IQD", "Бахрейн": "BHD", "Тунис": "TND"},
    "риал": {"Иран": "IRR", "Оман": "OMR", "Йемен": "YER"},
    "риял": {"Сауд": "SAR", "Катар": "QAR"},
    "шиллинг": {"Кения": "KES", "Танзания": "TZS", "Уганда": "UGX"},
    "швейцар франк": {"": "CHF"},
    "соль": {"": "PEN"},
    "сольд": {"": "PEN"},
    "бат": {"": "THB"},
}
_CURRENCY = re.compile(rf"\s+({'|'.join(sorted(_CURRENCIES, key=len, reverse=True))})(\w{{0,5}})\b")


def read_currencies(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With the currencies that several countries share, by the country named last before (N2)."""
    read = []
    for mention in mentions:
        noun = _CURRENCY.match(text, mention.end) if mention.type == "CARDINAL" else None
        codes = _CURRENCIES[noun[1]] if noun else {}
        country = max(codes, key=lambda name: text.rfind(name, 0, mention.end), default=None)
        if noun and country is not None and country in text and mention.number:
            number = replace(mention.number, unit=codes[country])
            mention = replace(mention, end=noun.end(), type="MONEY", number=number)  # noqa: PLW2901
        read.append(mention)
    return read


def fill_currencies(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With the currency that is left out because a neighbour has it (N6): «соның 41 миллионы»."""
    filled = list(mentions)
    for place, mention in enumerate(filled):
        words = text[mention.start : mention.end]
        if mention.type != "CARDINAL" or not mention.number:
            continue
        before = [
            m for m in filled[:place] if m.type == "MONEY" and mention.start - m.end < (60 if "мың" in words else 160)
        ]
        after = [m for m in filled[place + 1 :] if m.type == "MONEY" and _LIST.fullmatch(text, mention.end, m.start)]
        open_end = _OPEN_SCALE.search(words) or (
            _BARE_SCALE.search(words) and text[mention.end : mention.end + 1] in (",", ".", ";", ")")
        )
        source = (before[-1:] or after[:1]) if open_end else []
        if source and source[0].number:
            filled[place] = replace(mention, type="MONEY", number=replace(mention.number, unit=source[0].number.unit))
    return filled
