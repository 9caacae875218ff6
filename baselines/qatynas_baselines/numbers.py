"""Number mentions with normalised fields: found in a text, or read from the spans that a tagger gives.

`find_numbers` follows KazNERD; the rules here mend what this benchmark's guidelines decide otherwise (N1 to N8).
Whether a figure is a target (N7) is left to `targets`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from qatynas import find_numbers, normalize
from qatynas.document import Mention, Number, mention_key
from qatynas_baselines.money import fill_currencies, read_currencies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qatynas.normalize import NormalizedNumber

COUNTED = ("CARDINAL", "MONEY", "PERCENTAGE", "QUANTITY")
TIMED = ("DATE", "TIME")
# Rates have no date (N8). «туған күніне» and «маусым айына дейін» are no rates.
_DAY = re.compile(r"\d{4}-(?:0\d|1[0-2])-\d\d")
_LATER = {"сол күні": 0, "келесі күні": 1, "ертеңіне": 1}
_RATE = re.compile(
    r"\b(?:(?P<time>[Сс]екундына|[Мм]инутына|[Сс]ағатына)"
    r"|[Жж]ылына|[Аа]йына|[Аа]птасына|[Тт]әулігіне|(?<!туған )[Кк]үніне)"
    r"(?=\s)(?!\s+(?:дейін|қарай|орай|арналған|қарағанда))"
)
_FIRST = re.compile(r"\b[Аа]лғашқы(?:сы|лары)?(?:н|на|ның|нда|нан|мен)?\b(?!\s+есеп)")
_MONTH_PART = re.compile(
    r"\b(\w+?)(?:[нтд][ыі]ң)\s+(?:бас|орта|аяғ|соң)с?(?:[ыі]|[ыі]нда|[ыі]нан|[ыі]на|[ыі]на\s+дейін)\b", re.IGNORECASE
)
_PERIOD = re.compile(r"\s+(?:сол|осы|сәйкес|тиісті)\s+кезең\w*")
_SPAN_TAIL = re.compile(r"\s+айлары\w*|\s+сайын\w*")
_MORE_TAIL = re.compile(r"\s+(?:сәл\s+)?(?:көб|артығ|аста?м)(?:[ыі]\w*|)\b")
_VERBS = (
    (re.compile(r"\s+(?:асады|асты|асып|асқан|асатын|асса)\b"), "[нтд][ае]н", "more_than"),
    (re.compile(r"\s+аспа\w+"), "[нтд][ае]н", "at_most"),
    (re.compile(r"\s+баста[лп]\w+"), "[нтд][ае]н", "at_least"),
    (re.compile(r"\s+(?:жуықта|жақында)\w*"), "[ғқгк][ае]", "approx"),
    (re.compile(r"\s+жетпей\w*"), "[ғқгк][ае]", "less_than"),
)


def find_number_mentions(text: str, date: str) -> tuple[Mention, ...]:
    """Every number mention of a release of this date, with its fields, `target` undecided.

    >>> [mention] = find_number_mentions("Арамыз 4 мың шақырымнан асады.", "2025-08-02")
    >>> mention.number.value, mention.number.unit, mention.number.modifier
    (4000.0, 'km', 'more_than')
    """
    found = [
        Mention(number.start, number.end, number.kind, number=_take_fields(number))
        for number in find_numbers(text, date or None, with_nouns=True)
    ]
    for rule in _RULES:
        found = sorted(rule(text, date, found), key=mention_key)
    return tuple(found)


def normalize_mentions(text: str, date: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The same mentions, those of a number kind with the fields that their words and their sentence give.

    A span that `find_number_mentions` has too takes its fields; any other is read by itself, and where it reads as
    nothing, or as another kind, it keeps what still makes sense for its own.

    >>> [mention] = normalize_mentions("5 млн еуроға жетті", "2025-08-02", [Mention(0, 12, "MONEY")])
    >>> mention.number.value, mention.number.unit
    (5000000.0, 'EUR')
    """
    kinds = (*COUNTED, *TIMED, "ORDINAL")
    known = {(m.start, m.end, m.type): m.number for m in find_number_mentions(text, date)}
    filled = []
    for mention in mentions:
        number = known.get((mention.start, mention.end, mention.type))
        if number is None:
            number = _read_span(text[mention.start : mention.end], date, mention.type)
        filled.append(replace(mention, number=number) if mention.type in kinds else mention)
    return tuple(filled)


def _read_span(words: str, date: str, kind: str) -> Number:
    """What the words say that a number of this kind can have."""
    read = normalize(words, date or None)
    inner = None if read else max(find_numbers(words, date or None), key=lambda n: n.end - n.start, default=None)
    best = read or inner
    if best is None:
        return Number()
    fields = _take_fields(best)
    if best.kind == kind:
        return fields
    if kind in TIMED:
        return replace(fields, value=None, value_max=None, unit=None, date=fields.date if best.kind in TIMED else None)
    unit = "%" if kind == "PERCENTAGE" else fields.unit if kind in ("MONEY", "QUANTITY") else None
    return replace(fields, unit=unit, date=None)


def _take_fields(number: NormalizedNumber) -> Number:
    return Number(number.value, number.value_max, number.unit, number.modifier, date=number.date)


def _is_free(start: int, end: int, mentions: Iterable[Mention]) -> bool:
    return all(end <= mention.start or mention.end <= start for mention in mentions)


def _drop_others(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """Without what N5, N6 and N8 leave unmarked: «-дың бірі», «бір бөлігі», «бүгінде», numbers of codes and titles."""
    return [mention for mention in mentions if not _is_none(text, mention)]


def _is_none(text: str, mention: Mention) -> bool:
    words, before, after = (
        text[mention.start : mention.end],
        text[max(mention.start - 40, 0) : mention.start],
        text[mention.end : mention.end + 40],
    )
    small = words.lower()
    if mention.type == "DATE":
        return small in ("бүгінде", "бүгінгі", "бірнеше күн")
    if mention.type == "TIME":
        return small in ("таңға", "күндіз-түні")
    if mention.type == "ORDINAL":
        return small == "бірінші" and after.startswith(" кезекте")
    if mention.type != "CARDINAL":
        return False
    if re.fullmatch(r"бірі(?:н|не|нің|нде|нен|мен)?", small):
        return re.search(r"(?:[нтд][ыі]ң|бір-)\s*$", before[-9:]) is not None
    if small == "бір":
        return re.match(r"\s+(?:бөлі[гк]|жағ|жапырақ|тамшы|уыс|терезе)", after) is not None or before.endswith("осы ")
    title = re.search(r"«(?:[^«»]*\s)?$", before[-40:]) and re.match(r"\s[^«».!?]{2,25}»(?! – д)", after)
    return "/" in words or (title is not None and small.isalpha())


def _trim_spans(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """Spans without what N4 leaves outside («аралығында», «тура», «тең») and with «сайын», «айларында», «көбі»."""
    trimmed = []
    for mention in mentions:
        words = text[mention.start : mention.end]
        head = re.match(r"(?:тура|тең|дәл)\s+", words, re.IGNORECASE)
        cut = re.search(r"\s+аралығын\w*$", words)
        start = mention.start + (head.end() if head else 0)
        if words.startswith(("көбі ", "кемі ")) and text[:start].endswith("ең "):
            start -= 3
        end = mention.start + cut.start() if cut else mention.end
        number = mention.number
        tail = _SPAN_TAIL.match(text, end) if mention.type in TIMED else None
        half = _MORE_TAIL.match(text, end) if words.endswith(("тысынан", "бірінен")) else None
        year = re.compile(r"\s+жыл\w*").match(text, end) if words.endswith("жарты") else None
        if number and half:
            number = replace(number, modifier="more_than")
        if number and tail and "сайын" in tail[0]:
            number = Number()
        end = next((found.end() for found in (tail, half, year) if found), end)
        trimmed.append(replace(mention, start=start, end=end, number=number))
    return trimmed


def _add_rates(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With «аптасына», «жылына» as DATE and «секундына» as TIME; «секундына 310 текше метр» in two (N8)."""
    kept = list(mentions)
    for rate in _RATE.finditer(text):
        for place, mention in enumerate(kept):
            if mention.start == rate.start() and mention.type == "QUANTITY" and mention.number:
                unit = (mention.number.unit or "").rpartition("/")[0] or mention.number.unit
                start = rate.end() + 1
                kept[place] = replace(mention, start=start, number=replace(mention.number, unit=unit))
        if _is_free(rate.start(), rate.end(), kept):
            kept.append(Mention(rate.start(), rate.end(), "TIME" if rate["time"] else "DATE", number=Number()))
    return kept


def _join_dates(text: str, date: str, mentions: list[Mention]) -> list[Mention]:
    """With «биыл» and «1 қыркүйекте» as one date, and «қазанның басында» and «былтырғы осы кезең» found."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and last.type == mention.type == "DATE" and text[last.end : mention.start] == " ":
            number = _read_joined(text[last.start : last.end], last.number, text[mention.start : mention.end], date)
            if number:
                joined[-1] = replace(last, end=mention.end, number=number)
                continue
        joined.append(mention)
    for part in _MONTH_PART.finditer(text):
        read = normalize(part[1] + "да", date or None)
        if read and read.kind == "DATE" and _is_free(part.start(), part.end(), joined):
            until = f"../{read.date}" if part[0].endswith("дейін") else read.date
            joined.append(Mention(part.start(), part.end(), "DATE", number=Number(date=until)))
    return [_repeat_period(text, mention, joined) for mention in joined]


def _read_joined(first: str, number: Number | None, second: str, date: str) -> Number | None:
    """The date that a year and a day, month or part of it make."""
    year = number.date if number else None
    if year is None or not re.fullmatch(r"\d{4}", year):
        return None
    second = re.sub(r"^алғашқы", "бірінші", second.lower())
    half = re.match(r"бірінші жарты", second)
    if half:
        return Number(date=f"{year}-40")
    for words in (f"{first} {second}", f"{year} жылғы {second}"):
        read = normalize(words, date or None)
        if read and read.kind == "DATE":
            return _take_fields(read)
    return None


def _repeat_period(text: str, mention: Mention, mentions: Sequence[Mention]) -> Mention:
    """«өткен жылдың сол кезеңінен»: the last part of a year that was named, in that year."""
    period = _PERIOD.match(text, mention.end)
    year = mention.number.date if mention.number else None
    if period is None or mention.type != "DATE" or year is None or not re.fullmatch(r"\d{4}", year):
        return mention
    named = [m.number.date for m in mentions if m.start < mention.start and m.number and m.number.date]
    parts = [day for day in named if re.match(r"\d{4}-\d\d(?:/|$)", day)]
    moved = re.sub(r"\d{4}(?=-)", year, parts[-1]) if parts else year
    return replace(mention, end=period.end(), number=Number(date=moved))


def _close_dates(text: str, date: str, mentions: list[Mention]) -> list[Mention]:
    """With «3 маусымнан [бастап]» as the day itself, since «бастап» stays outside (N4), and «сол күні» resolved."""
    closed = []
    day = ""
    for mention in mentions:
        number = mention.number or Number()
        words = text[mention.start : mention.end].lower()
        if number.date and number.date.endswith("/..") and "бері" not in words:
            number = replace(number, date=number.date[:-3])
        if words in _LATER and day:  # the day told last
            number = replace(number, date=str(dt.date.fromisoformat(day) + dt.timedelta(_LATER[words])))
        if number.date and _DAY.fullmatch(number.date) and date[:4] <= number.date <= date:
            day = number.date
        closed.append(replace(mention, number=number))
    return closed


def _match_appositions(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With «бейсенбі күні» beside «10 шілдеде» as that day (N8)."""
    matched = list(mentions)
    for one, other in pairwise(range(len(mentions))):
        if text[mentions[one].end : mentions[other].start] != ", ":
            continue
        for loose, fixed in ((one, other), (other, one)):
            words = text[mentions[loose].start : mentions[loose].end]
            number = mentions[fixed].number
            digits = [any(sign.isdigit() for sign in text[m.start : m.end]) for m in (mentions[loose], mentions[fixed])]
            dates = mentions[one].type == mentions[other].type == "DATE"
            if (
                dates
                and number
                and _DAY.fullmatch(number.date or "")
                and digits == [False, True]
                and "апта" not in words
            ):
                matched[loose] = replace(mentions[loose], number=number)
    return matched


def _add_firsts(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With «алғашқы» as an ORDINAL, or inside the length of time that it leads."""
    kept = list(mentions)
    for first in _FIRST.finditer(text):
        following = next((m for m in kept if m.start == first.end() + 1 and m.type in TIMED), None)
        if following and first[0].endswith("қы"):
            kept[kept.index(following)] = replace(following, start=first.start())
        elif _is_free(first.start(), first.end(), kept) and not text.startswith((" апта", " күн"), first.end()):
            kept.append(Mention(first.start(), first.end(), "ORDINAL", number=Number(1.0)))
    return kept


def _read_verbs(text: str, date: str, mentions: list[Mention]) -> list[Mention]:  # noqa: ARG001
    """With the modifier that the verb after the span gives (N1): «4 мың шақырымнан [асады]»."""
    read = []
    for mention in mentions:
        words, number = text[mention.start : mention.end], mention.number or Number()
        for verb, case, modifier in _VERBS:
            lasting = mention.type in COUNTED or (number.date or "").startswith("P")
            if number.modifier is None and lasting and re.search(rf"{case}$", words) and verb.match(text, mention.end):
                number = replace(number, modifier=modifier)
        read.append(replace(mention, number=number))
    return read


_RULES = (
    _drop_others,
    _trim_spans,
    _join_dates,
    _add_rates,
    _close_dates,
    _match_appositions,
    _add_firsts,
    read_currencies,
    _read_verbs,
    fill_currencies,
)
