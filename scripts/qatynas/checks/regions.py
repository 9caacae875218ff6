"""Checks of every reading: regions, their attributes, and the relations between them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qatynas.label_studio import (
    LABEL_CONTROLS,
    TEXT,
    AttributeRow,
    ChoicesRow,
    LabelsRow,
    NumberRow,
    RelationRow,
    TextRow,
)
from qatynas.schema import load_schema
from qatynas.sentences import cuts_word, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.label_studio import Annotation, Task

    Finding = tuple[str, str]

CONTROL_ROWS = {"text": TextRow, "number": NumberRow, "choice": ChoicesRow, "flag": ChoicesRow}


def control_unknown(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every row comes from a control of the label config and belongs to the text."""
    controls: dict[str, type] = {
        attribute.name: CONTROL_ROWS[attribute.control] for attribute in load_schema().attributes
    }
    controls |= dict.fromkeys(LABEL_CONTROLS, LabelsRow)
    for row in annotation.result:
        if isinstance(row, RelationRow):
            continue
        if not isinstance(row, controls.get(row.from_name, ())) or row.to_name != TEXT:
            kind = type(row).__struct_config__.tag
            yield row.id, f"{kind} row of {row.from_name!r} for {row.to_name!r}: use the controls of label_config.xml"


def label_unknown(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every region has one label, of the schema, from its own control."""
    schema = load_schema()
    known = dict(zip(LABEL_CONTROLS, (schema.entity_labels, schema.number_labels), strict=True))
    for row in _list_labels(annotation):
        labels = row.value.labels
        if len(labels) != 1 or labels[0] not in known.get(row.from_name, schema.labels):
            yield row.id, f"{labels} of {row.from_name!r}: give it one label of schema.toml"


def region_id_twice(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No two regions of a reading have one id."""
    for region_id, count in Counter(row.id for row in _list_labels(annotation)).items():
        if count > 1:
            yield region_id, f"{count} regions have this id: give each its own"


def region_twice(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No stretch of the text has one label twice."""
    seen: dict[tuple[int, int, str], str] = {}
    for row in _list_labels(annotation):
        for label in row.value.labels:
            first = seen.setdefault((row.value.start, row.value.end, label), row.id)
            if first != row.id:
                yield row.id, f"is the same {label} as {first}: delete one, and join its relations to the other"


def region_outside_text(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every region has at least one character and lies inside the text."""
    for row in _list_labels(annotation):
        start, end = row.value.start, row.value.end
        if not _is_inside(row, task):
            yield row.id, f"runs from {start} to {end} in a text of {len(task.data.text)}: mark it anew"


def region_text_differs(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """A region's own text is the text at its offsets; a line end written out by the web interface is forgiven."""
    for row in _list_labels(annotation):
        found = task.data.text[row.value.start : row.value.end]
        said = found if row.value.text is None else row.value.text
        if _is_inside(row, task) and found not in (said, said.replace(r"\n", "\n")):
            yield row.id, f"says {row.value.text!r}, the text there is {found!r}: mark it anew"


def region_edge_space(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No region begins or ends at white space."""
    for row in _list_labels(annotation):
        found = task.data.text[row.value.start : row.value.end]
        if _is_inside(row, task) and found != found.strip():
            yield row.id, f"{found!r} begins or ends at white space: mark it without"


def region_cuts_word(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No region begins or ends inside a word; suffixes belong to the word."""
    for row in _list_labels(annotation):
        if _is_inside(row, task) and any(
            cuts_word(task.data.text, place) for place in (row.value.start, row.value.end)
        ):
            around = task.data.text[max(0, row.value.start - 8) : row.value.end + 8]
            found = task.data.text[row.value.start : row.value.end]
            yield row.id, f"{found!r} in {around!r} cuts a word: mark whole words with their suffixes"


def region_without_word(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """A region holds a letter or a digit."""
    for row in _list_labels(annotation):
        found = task.data.text[row.value.start : row.value.end]
        if found.strip() and not any(map(str.isalnum, found)):
            yield row.id, f"{found!r} holds no letter and no digit: mark words"


def region_crosses_sentence(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """A region lies in one sentence."""
    starts = [start for start, _ in split_sentences(task.data.text)]
    for row in _list_labels(annotation):
        inside = [start for start in starts if row.value.start < start < row.value.end]
        if _is_inside(row, task) and inside:
            found = task.data.text[row.value.start : row.value.end]
            yield row.id, f"{found!r} goes on after a sentence ends: mark it in one sentence"


def attribute_without_region(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every attribute is written on a region."""
    regions = {row.id for row in _list_labels(annotation)}
    for row in _list_attributes(annotation):
        if row.id not in regions:
            yield row.id, f"no region has this id, and {row.from_name!r} is written on it: delete the row"


def attribute_not_allowed(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every attribute belongs to its region's label."""
    labels = {row.id: label for row in _list_labels(annotation) for label in row.value.labels}
    known = {attribute.name for attribute in load_schema().attributes}
    for row in _list_attributes(annotation):
        label = load_schema().labels.get(labels.get(row.id, ""))
        if label is not None and row.from_name in known - set(label.attributes):
            allowed = ", ".join(label.attributes)
            yield row.id, f"{row.from_name!r} on {label.label}: it may carry {allowed}"


def attribute_twice(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No attribute is written twice on one region."""
    for (region_id, name), count in Counter((row.id, row.from_name) for row in _list_attributes(annotation)).items():
        if count > 1:
            yield region_id, f"{name!r} is written {count} times: leave one"


def choice_unknown(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """A choice is one of its control's: a modifier of the schema, or a flag's own name."""
    schema = load_schema()
    choices = {a.name: schema.modifiers if a.control == "choice" else (a.name,) for a in schema.attributes}
    for row in _list_attributes(annotation):
        if isinstance(row, ChoicesRow) and row.from_name in choices:
            known = choices[row.from_name]
            if len(row.value.choices) != 1 or row.value.choices[0] not in known:
                yield row.id, f"{row.from_name} {row.value.choices} is not one of {', '.join(known)}: choose one"


def relation_unknown(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every relation has at least one label, all of the schema."""
    for row in _list_relations(annotation):
        unknown = [label for label in row.labels if label not in load_schema().relation_labels]
        if unknown or not row.labels:
            yield _place(row), f"labels {row.labels}: give it a relation of schema.toml"


def relation_direction(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every relation points from its head to its tail."""
    for row in _list_relations(annotation):
        if row.direction not in {"right", "left"}:
            yield _place(row), f"direction {row.direction!r}: draw it from head to tail (right)"


def relation_dangling(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every relation joins two regions that exist."""
    regions = {row.id for row in _list_labels(annotation)}
    for row in _list_relations(annotation):
        for end in row.ends:
            if end not in regions:
                yield _place(row), f"no region has the id {end!r}: draw it anew, or delete it"


def relation_to_itself(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No relation joins a region to itself."""
    for row in _list_relations(annotation):
        if row.from_id == row.to_id:
            yield _place(row), "joins a region to itself: draw it to another"


def relation_twice(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """No relation is drawn twice between the same regions."""
    drawn = Counter((label, *row.ends) for row in _list_relations(annotation) for label in row.labels)
    for (label, head, tail), count in drawn.items():
        if count > 1:
            yield f"{head}→{tail}", f"{label} is drawn {count} times: leave one"


def relation_signature(task: Task, annotation: Annotation) -> Iterator[Finding]:
    """Every relation joins labels that its signature allows."""
    rows = _list_labels(annotation)
    times = Counter(row.id for row in rows)
    labels = {row.id: row.value.labels[0] for row in rows if len(row.value.labels) == 1 == times[row.id]}
    for row in _list_relations(annotation):
        head, tail = (labels.get(end) for end in row.ends)
        if head not in load_schema().labels or tail not in load_schema().labels or head is None or tail is None:
            continue
        for label in row.labels:
            if label in load_schema().relation_labels and label not in load_schema().find_relations(head, tail):
                allowed = ", ".join(sorted(load_schema().find_relations(head, tail))) or "nothing"
                yield _place(row), f"{label} does not join {head} to {tail} ({allowed} does): see the guidelines"


def _list_labels(annotation: Annotation) -> list[LabelsRow]:
    return [row for row in annotation.result if isinstance(row, LabelsRow)]


def _list_attributes(annotation: Annotation) -> list[AttributeRow]:
    return [row for row in annotation.result if isinstance(row, AttributeRow)]


def _list_relations(annotation: Annotation) -> list[RelationRow]:
    return [row for row in annotation.result if isinstance(row, RelationRow)]


def _is_inside(row: LabelsRow, task: Task) -> bool:
    return 0 <= row.value.start < row.value.end <= len(task.data.text)


def _place(row: RelationRow) -> str:
    head, tail = row.ends
    return f"{head}→{tail}"


READING_CHECKS = (
    control_unknown,
    label_unknown,
    region_id_twice,
    region_twice,
    region_outside_text,
    region_text_differs,
    region_edge_space,
    region_cuts_word,
    region_without_word,
    region_crosses_sentence,
    attribute_without_region,
    attribute_not_allowed,
    attribute_twice,
    choice_unknown,
    relation_unknown,
    relation_direction,
    relation_dangling,
    relation_to_itself,
    relation_twice,
    relation_signature,
)
