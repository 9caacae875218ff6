"""Checks of the adjudicated reading: names of entities, fields of numbers."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from qatynas.checks.text import find_forbidden, find_mixed_scripts
from qatynas.label_studio import collect_regions
from qatynas.normalize import NormalizedNumber, normalize, supports
from qatynas.notation import is_currency, is_duration, is_edtf, is_time_of_day, is_ucum
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.label_studio import Annotation, Region, Task

    Finding = tuple[str, str]


def entity_without_name(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every entity mention has its canonical name."""
    for region in _list_entities(annotation):
        if not str(region.attributes.get("name", "")).strip():
            yield region.id, f"{region.label} {_quote(region, task)} has no name: write its nominative, spelled out"


def name_malformed(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """A name is one line of NFC text in one script a word, without forbidden characters or white space too many."""
    for region in _list_entities(annotation):
        name = str(region.attributes.get("name", ""))
        faults = [fault for _, fault in (*find_forbidden(name), *find_mixed_scripts(name))]
        if name != " ".join(name.split()) or not unicodedata.is_normalized("NFC", name):
            faults.append("has white space too many or is not NFC")
        if name.strip() and (faults or not any(map(str.isalnum, name))):
            yield region.id, f"name {name!r}: {', '.join(faults) or 'has no letter'}: write it in plain words"


def name_with_two_types(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """One name stands for entities of one type in a document."""
    types: dict[str, str] = {}
    for region in _list_entities(annotation):
        name = region.attributes.get("name")
        if name and types.setdefault(name, region.label) != region.label:
            yield region.id, f"{name!r} is {region.label} here and {types[name]} before: decide, or name them apart"


def number_without_fields(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every number has the fields that its kind requires."""
    for region in _list_numbers(annotation):
        for name in load_schema().labels[region.label].required:
            if name not in region.attributes:
                yield region.id, f"{region.label} {_quote(region, task)} has no {name}: write it"


def range_reversed(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The upper end of a range is above its lower end."""
    for region in _list_numbers(annotation):
        low, high = region.attributes.get("value"), region.attributes.get("value_max")
        if high is not None and (low is None or high <= low):
            yield region.id, f"value_max {high} of {_quote(region, task)} is not above value {low}: mend the two"


def unit_not_currency(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The unit of money is an ISO 4217 code."""
    for region, unit in _list_units(annotation, "MONEY"):
        if not is_currency(unit):
            yield region.id, f"unit {unit!r} of {_quote(region, task)} is not in ISO 4217: write KZT, USD, EUR …"


def unit_not_ucum(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The unit of a quantity is in UCUM."""
    for region, unit in _list_units(annotation, "QUANTITY"):
        if not is_ucum(unit):
            yield region.id, f"unit {unit!r} of {_quote(region, task)} is not in UCUM: write t, km, har, MW …"


def unit_not_percent(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The unit of a percentage is % or, for percentage points, %{pp}."""
    for region, unit in _list_units(annotation, "PERCENTAGE"):
        if unit not in {"%", "%{pp}"}:
            yield region.id, f"unit {unit!r} of {_quote(region, task)} is neither % nor %{{pp}}: write one of them"


def date_not_edtf(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The date of a DATE is EDTF or an ISO 8601 duration; of a TIME, an ISO 8601 time of day or duration."""
    for region in _list_numbers(annotation):
        given = region.attributes.get("date")
        if given is None:
            continue
        if not (is_duration(given) or (is_time_of_day(given) if region.label == "TIME" else is_edtf(given))):
            expected = "T15:00 or PT45M" if region.label == "TIME" else "2025-08-02, 2024, 2025/2027 or P3Y"
            yield region.id, f"date {given!r} of {_quote(region, task)} is not well formed: write it like {expected}"


def ordinal_not_whole(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """An ordinal is a whole number, not negative."""
    for region in _list_numbers(annotation):
        value = region.attributes.get("value", 0)
        if region.label == "ORDINAL" and (value < 0 or value != int(value)):
            yield region.id, f"value {value} of {_quote(region, task)} is no place in a sequence: write a whole number"


def value_contradicts_text(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """The fields of a number are what its own text says, wherever the normaliser can read it."""
    for region in _list_numbers(annotation):
        fields = {name: region.attributes.get(name) for name in ("value", "value_max", "unit", "modifier", "date")}
        annotated = NormalizedNumber(region.label, **fields)
        text = task.data.text[region.start : region.end]
        if supports(text, annotated, task.data.date) is False:
            read = normalize(text, task.data.date) or annotated
            fault = f"is annotated {_list_fields(annotated)}, and reads {_list_fields(read)}"
            yield region.id, f"{_quote(region, task)} {fault}: mend the fields or the span"


def _list_entities(annotation: Annotation) -> list[Region]:
    return [region for region in collect_regions(annotation) if region.label in load_schema().entity_labels]


def _list_numbers(annotation: Annotation) -> list[Region]:
    return [region for region in collect_regions(annotation) if region.label in load_schema().number_labels]


def _list_units(annotation: Annotation, label: str) -> Iterator[tuple[Region, str]]:
    for region in _list_numbers(annotation):
        if region.label == label and "unit" in region.attributes:
            yield region, region.attributes["unit"]


def _list_fields(number: NormalizedNumber) -> str:
    return " ".join(f"{name}={field}" for name, field in number.to_row().items())


def _quote(region: Region, task: Task) -> str:
    return f"«{task.data.text[region.start : region.end]}»"


GOLD_CHECKS = (
    entity_without_name,
    name_malformed,
    name_with_two_types,
    number_without_fields,
    range_reversed,
    unit_not_currency,
    unit_not_ucum,
    unit_not_percent,
    date_not_edtf,
    ordinal_not_whole,
)
MEANING_CHECKS = (value_contradicts_text,)  # of fields that are well formed, beside a release date that is
