"""The Label Studio labelling interface, made from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from qatynas.label_studio import LABEL_CONTROLS, TEXT

if TYPE_CHECKING:
    from qatynas.schema import Attribute, EntityType, NumberKind, Schema

CONTROL_TAGS = {"text": "TextArea", "number": "Number", "choice": "Choices", "flag": "Choices"}

# Room above each line for the labels of relations; Label Studio ignores a line height on the View.
STYLE = ".lsf-htx-richtext, .lsf-richtext__line { line-height: 3.2 }"


def render_label_config(schema: Schema) -> str:
    """The XML of the interface: the text, both sets of labels, the relations, and the attributes.

    An attribute's control appears only while a region is selected whose label may carry it.

    >>> from qatynas.schema import load_schema
    >>> '<Label value="GPE"' in render_label_config(load_schema())
    True
    """
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = STYLE
    _add_labels(view, LABEL_CONTROLS[0], schema.entities)
    _add_labels(view, LABEL_CONTROLS[1], schema.numbers)
    reading = ET.SubElement(view, "View", style="white-space: pre-wrap")
    ET.SubElement(reading, "Text", name=TEXT, value="$text", granularity="word")
    for attribute in schema.attributes:
        _add_attribute(view, attribute, schema)
    relations = ET.SubElement(view, "Relations")
    for relation in schema.relations:
        ET.SubElement(relations, "Relation", value=relation.label)
    ET.indent(view)
    return "<!-- Made from schema.toml by `qatynas build`. -->\n" + ET.tostring(view, encoding="unicode") + "\n"


def _add_labels(view: ET.Element, name: str, labels: tuple[EntityType, ...] | tuple[NumberKind, ...]) -> None:
    control = ET.SubElement(view, "Labels", name=name, toName=TEXT, showInline="true")
    for label in labels:
        ET.SubElement(control, "Label", value=label.label, background=label.color, hint=f"{label.kazakh}: {label.hint}")


def _add_attribute(view: ET.Element, attribute: Attribute, schema: Schema) -> None:
    carriers = [label.label for label in schema.labels.values() if attribute.name in label.attributes]
    shown = ET.SubElement(
        view,
        "View",
        visibleWhen="region-selected",
        whenTagName=LABEL_CONTROLS[0] if carriers[0] in schema.entity_labels else LABEL_CONTROLS[1],
        whenLabelValue=",".join(carriers),
    )
    ET.SubElement(shown, "Header", value=f"{attribute.title} ({attribute.hint})", size="5")
    control = ET.SubElement(shown, CONTROL_TAGS[attribute.control], name=attribute.name, toName=TEXT, perRegion="true")
    if attribute.control == "text":
        control.attrib |= {"rows": "1", "maxSubmissions": "1", "editable": "true"}
    elif attribute.control == "number":
        control.set("step", "any")
    else:
        choices = schema.modifiers if attribute.control == "choice" else (attribute.name,)
        control.attrib |= {"choice": "single", "showInline": "true"}
        for choice in choices:
            ET.SubElement(control, "Choice", value=choice)
