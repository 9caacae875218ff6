"""Label Studio tasks as typed records, and the way between them and documents.

The records hold what Label Studio 1.23 keeps exactly from import to export; what a server adds (ids, dates, counts)
is dropped when a task is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from qatynas.document import NUMBER_FIELDS, Document, Mention, Number, Reading, Relation, sort_reading
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXT = "text"
LABEL_CONTROLS = ("entity", "number")
ANNOTATOR_DOMAIN = "@qatynas.example"


class LabelsValue(msgspec.Struct, omit_defaults=True):
    """A labelled stretch of the text, in code points, half-open, from 0."""

    start: int
    end: int
    labels: list[str]
    text: str | None = None


class TextValue(msgspec.Struct, omit_defaults=True):
    """What was typed into a per-region text field."""

    text: list[str] | str
    start: int | None = None
    end: int | None = None


class NumberValue(msgspec.Struct, omit_defaults=True):
    """What was typed into a per-region number field."""

    number: Annotated[int, Meta(ge=-(10**18), le=10**18)] | Annotated[float, Meta(ge=-1e18, le=1e18)]
    start: int | None = None
    end: int | None = None


class ChoicesValue(msgspec.Struct, omit_defaults=True):
    """What was chosen for a region."""

    choices: list[str]
    start: int | None = None
    end: int | None = None


class LabelsRow(msgspec.Struct, tag_field="type", tag="labels"):
    """The row of `result` that makes a region."""

    id: str
    from_name: str
    to_name: str
    value: LabelsValue


class TextRow(msgspec.Struct, tag_field="type", tag="textarea"):
    """A row that writes a text attribute on the region of its id."""

    id: str
    from_name: str
    to_name: str
    value: TextValue


class NumberRow(msgspec.Struct, tag_field="type", tag="number"):
    """A row that writes a number attribute on the region of its id."""

    id: str
    from_name: str
    to_name: str
    value: NumberValue


class ChoicesRow(msgspec.Struct, tag_field="type", tag="choices"):
    """A row that writes a choice or a flag on the region of its id."""

    id: str
    from_name: str
    to_name: str
    value: ChoicesValue


class RelationRow(msgspec.Struct, tag_field="type", tag="relation"):
    """A row that joins two regions."""

    from_id: str
    to_id: str
    direction: str = "right"
    labels: list[str] = []

    @property
    def ends(self) -> tuple[str, str]:
        """The region ids of head and tail: an arrow drawn to the left has its head on the right."""
        return (self.to_id, self.from_id) if self.direction == "left" else (self.from_id, self.to_id)


AttributeRow = TextRow | NumberRow | ChoicesRow
Row = LabelsRow | TextRow | NumberRow | ChoicesRow | RelationRow


class User(msgspec.Struct):
    """An annotator as Label Studio names one."""

    email: str


class Annotation(msgspec.Struct):
    """One annotator's reading of a task."""

    result: list[Row]
    completed_by: User | int | None = None
    ground_truth: bool = False
    was_cancelled: bool = False

    @property
    def annotator(self) -> str:
        """The annotator's id: the address without this project's domain, a server's number, or nothing."""
        if isinstance(self.completed_by, User):
            return self.completed_by.email.removesuffix(ANNOTATOR_DOMAIN)
        return "" if self.completed_by is None else str(self.completed_by)


class TaskData(msgspec.Struct, forbid_unknown_fields=True):
    """The release itself; `doc_id` and `text` must be there for a task to be read at all."""

    doc_id: str
    text: str
    title: str = ""
    date: str = ""
    genre: str = ""
    source: str = ""
    story: str = ""


class TaskMeta(msgspec.Struct, omit_defaults=True):
    """What is known of a task beside its data: the guidelines' version by annotator."""

    guidelines: dict[str, Annotated[int, Meta(ge=1, le=9999)]] = {}


class Task(msgspec.Struct):
    """One document with all its annotations."""

    data: TaskData
    annotations: list[Annotation] = []
    meta: TaskMeta = msgspec.field(default_factory=TaskMeta)


@dataclass(frozen=True, slots=True)
class Region:
    """A labels row with the attributes that other rows write on it."""

    id: str
    label: str
    start: int
    end: int
    attributes: dict[str, Any]


def collect_regions(annotation: Annotation) -> tuple[Region, ...]:
    """The regions of an annotation, in its own order; call it on what the checks have passed."""
    attributes: dict[str, dict[str, Any]] = {}
    for row in annotation.result:
        if isinstance(row, AttributeRow):
            attributes.setdefault(row.id, {})[row.from_name] = attribute_value(row)
    return tuple(
        Region(row.id, row.value.labels[0], row.value.start, row.value.end, attributes.get(row.id, {}))
        for row in annotation.result
        if isinstance(row, LabelsRow)
    )


def attribute_value(row: AttributeRow) -> str | float | bool:
    """What an attribute row says: text, a number, a choice, or True for a flag."""
    if isinstance(row, NumberRow):
        return row.value.number
    if isinstance(row, TextRow):
        text = row.value.text
        return text if isinstance(text, str) else "\n".join(text)
    return True if row.from_name == "target" else "".join(row.value.choices)


def to_reading(task: Task, annotation: Annotation) -> Reading:
    """The reading that an annotation holds; call it on what the checks have passed."""
    regions = collect_regions(annotation)
    index = {region.id: place for place, region in enumerate(regions)}
    relations = tuple(
        Relation(label, *(index[end] for end in row.ends))
        for row in annotation.result
        if isinstance(row, RelationRow)
        for label in row.labels
    )
    guidelines = task.meta.guidelines.get(annotation.annotator)
    return sort_reading(Reading(annotation.annotator, tuple(map(_to_mention, regions)), relations, guidelines))


def _to_mention(region: Region) -> Mention:
    if region.label in load_schema().entity_labels:
        return Mention(region.start, region.end, region.label, region.attributes.get("name"))
    number: dict[str, Any] = {
        name: float(given) if name in {"value", "value_max"} else given for name, given in region.attributes.items()
    }
    return Mention(region.start, region.end, region.label, None, Number(**number))


def to_document(task: Task) -> Document:
    """The document of a task that the checks have passed: its one ground truth, and its other readings.

    Cancelled annotations are left out.
    """
    counted = [annotation for annotation in task.annotations if not annotation.was_cancelled]
    (gold,) = (to_reading(task, annotation) for annotation in counted if annotation.ground_truth)
    readings = (to_reading(task, annotation) for annotation in counted if not annotation.ground_truth)
    data = msgspec.structs.asdict(task.data)
    return Document(**data, gold=gold, readings=tuple(sorted(readings, key=lambda reading: reading.annotator)))


def from_document(document: Document) -> Task:
    """The task of a document: `to_document` gives the document back."""
    data = TaskData(**{field.name: getattr(document, field.name) for field in msgspec.structs.fields(TaskData)})
    readings = (document.gold, *document.readings)
    annotations = [from_reading(reading, document.text, ground_truth=reading is document.gold) for reading in readings]
    versions = {reading.annotator: reading.guidelines for reading in readings if reading.guidelines is not None}
    return Task(data, annotations, TaskMeta(dict(sorted(versions.items()))))


def from_reading(reading: Reading, text: str, *, ground_truth: bool) -> Annotation:
    """The annotation of a reading; regions are numbered in the canonical order of mentions."""
    reading = sort_reading(reading)
    rows: list[Row] = []
    for place, mention in enumerate(reading.mentions):
        rows += _from_mention(mention, f"m{place}", text)
    for relation in reading.relations:
        rows.append(RelationRow(f"m{relation.head}", f"m{relation.tail}", "right", [relation.type]))
    user = User(reading.annotator if "@" in reading.annotator else reading.annotator + ANNOTATOR_DOMAIN)
    return Annotation(rows, user, ground_truth)


def _from_mention(mention: Mention, region_id: str, text: str) -> Iterator[Row]:
    place = {"start": mention.start, "end": mention.end}
    control = LABEL_CONTROLS[0] if mention.number is None else LABEL_CONTROLS[1]
    value = LabelsValue(**place, labels=[mention.type], text=text[mention.start : mention.end])
    yield LabelsRow(region_id, control, TEXT, value)
    for name, given in _list_attributes(mention):
        if given is True:
            yield ChoicesRow(region_id, name, TEXT, ChoicesValue([name], **place))
        elif isinstance(given, str) and name == "modifier":
            yield ChoicesRow(region_id, name, TEXT, ChoicesValue([given], **place))
        elif isinstance(given, str):
            yield TextRow(region_id, name, TEXT, TextValue([given], **place))
        else:
            yield NumberRow(region_id, name, TEXT, NumberValue(_shorten(given), **place))


def _shorten(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _list_attributes(mention: Mention) -> Iterable[tuple[str, Any]]:
    if mention.number is None:
        given: list[tuple[str, Any]] = [("name", mention.name)]
    else:
        given = [(name, getattr(mention.number, name)) for name in NUMBER_FIELDS]
    return [(name, value) for name, value in given if value is not None and value is not False]


def encode_task(task: Task) -> bytes:
    """The task as JSON with one row of `result` a line: the only form in which task files are written."""
    data = msgspec.json.format(_encode(task.data), indent=1)
    annotations = b",\n".join(map(_encode_annotation, task.annotations))
    return b'{"data": %b,\n"annotations": [\n%b\n],\n"meta": %b}\n' % (data, annotations, _encode(task.meta))


def _encode_annotation(annotation: Annotation) -> bytes:
    rows = b",\n  ".join(map(_encode, annotation.result))
    marks = (annotation.completed_by, annotation.ground_truth, annotation.was_cancelled)
    form = b' {"completed_by": %b, "ground_truth": %b, "was_cancelled": %b, "result": [\n  %b]}'
    return form % (*map(_encode, marks), rows)


_encode = msgspec.json.encode
