"""The form in which task files keep an annotation, whatever order and repetitions a server gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from qatynas.document import NUMBER_FIELDS
from qatynas.label_studio import (
    Annotation,
    ChoicesRow,
    ChoicesValue,
    LabelsRow,
    LabelsValue,
    NumberRow,
    NumberValue,
    RelationRow,
    TextRow,
    TextValue,
    attribute_value,
)

if TYPE_CHECKING:
    from qatynas.label_studio import AttributeRow, Row

ATTRIBUTES = ("name", *NUMBER_FIELDS)


def settle_annotation(annotation: Annotation, text: str) -> Annotation:
    """The annotation in the form of a task file: what has not changed then stands there, byte for byte.

    Regions stand in the order of the text, each with its attributes behind it, then the relations by their ends. An
    annotation whose rows belong to no region, or to two, has no such form and is given back as it is.
    """
    groups = _group_rows(annotation)
    if groups is None:
        return annotation
    order = sorted(groups, key=lambda region_id: _place(groups[region_id][0]))
    rank = {region_id: place for place, region_id in enumerate(order)}
    relations = [_turn(row) for row in annotation.result if isinstance(row, RelationRow)]
    if not all(end in rank for row in relations for end in row.ends):
        return annotation
    rows: list[Row] = []
    for region_id in order:
        region, attributes = groups[region_id]
        start, end = region.value.start, region.value.end
        value = LabelsValue(start, end, region.value.labels, text[start:end])
        rows.append(LabelsRow(region.id, region.from_name, region.to_name, value))
        rows += [_settle_attribute(row, start, end) for row in attributes]
    relations.sort(key=lambda row: (rank[row.from_id], rank[row.to_id], row.labels))
    rows += relations
    return msgspec.structs.replace(annotation, result=rows)


def _group_rows(annotation: Annotation) -> dict[str, tuple[LabelsRow, list[AttributeRow]]] | None:
    groups: dict[str, tuple[LabelsRow, list[AttributeRow]]] = {}
    for row in annotation.result:
        if isinstance(row, LabelsRow):
            if row.id in groups or len(row.value.labels) != 1:
                return None
            groups[row.id] = (row, [])
    for row in annotation.result:
        if not isinstance(row, LabelsRow | RelationRow):
            if row.id not in groups or row.from_name not in ATTRIBUTES:
                return None
            groups[row.id][1].append(row)
    for _, attributes in groups.values():
        attributes.sort(key=lambda row: ATTRIBUTES.index(row.from_name))
    return groups


def _place(row: LabelsRow) -> tuple[int, int, str]:
    return row.value.start, -row.value.end, row.value.labels[0]


def _settle_attribute(row: AttributeRow, start: int, end: int) -> AttributeRow:
    """The attribute with its region's offsets, a text as a list, and a whole number without its point."""
    if isinstance(row, NumberRow):
        number = row.value.number
        whole = int(number) if isinstance(number, float) and number.is_integer() else number
        return msgspec.structs.replace(row, value=NumberValue(whole, start, end))
    if isinstance(row, TextRow):
        return msgspec.structs.replace(row, value=TextValue([str(attribute_value(row))], start, end))
    return ChoicesRow(row.id, row.from_name, row.to_name, ChoicesValue(row.value.choices, start, end))


def _turn(row: RelationRow) -> RelationRow:
    """The relation with its head on the left, whichever way the arrow was drawn."""
    if row.direction != "left":
        return row
    return RelationRow(*row.ends, "right", row.labels)
