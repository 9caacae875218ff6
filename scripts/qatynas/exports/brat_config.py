"""brat's configuration from the schema: what may be annotated, and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.schema import Schema

_GLYPHS = {"approx": "≈", "at_least": "≥", "at_most": "≤", "more_than": ">", "less_than": "<"}
_MIDDLE_GREY = 140  # of 255: a darker ground takes white letters


def render_annotation_config(schema: Schema) -> str:
    """The text of annotation.conf: labels, relations with their signatures, and the attributes of numbers.

    Spans may nest and overlap freely.
    """
    sections = {
        "entities": list(schema.labels),
        "relations": [*_list_relations(schema), "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"],
        "events": [],
        "attributes": list(_list_attributes(schema)),
    }
    return _render(sections)


def render_visual_config(schema: Schema) -> str:
    """The text of visual.conf: the schema's colours, and a sign for each value of an attribute."""
    drawing = [
        "SPAN_DEFAULT\tfgColor:black, bgColor:white, borderColor:darken",
        "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5",
        *(
            f"{label.label}\tbgColor:{label.color}, fgColor:{_contrast(label.color)}"
            for label in schema.labels.values()
        ),
        f"modifier\tglyph:{'|'.join(_GLYPHS[modifier] for modifier in schema.modifiers)}, position:left",
        "target\tglyph:◎, position:right",
    ]
    return _render({"labels": [], "drawing": drawing})


def _list_relations(schema: Schema) -> Iterator[str]:
    for relation in schema.relations:
        for signature in relation.signatures:
            head, tail = ("|".join(schema.expand_labels(side)) for side in (signature.head, signature.tail))
            yield f"{relation.label}\tArg1:{head}, Arg2:{tail}"


def _list_attributes(schema: Schema) -> Iterator[str]:
    for name, values in (("modifier", schema.modifiers), ("target", ())):
        labels = "|".join(number.label for number in schema.numbers if name in number.attributes)
        yield f"{name}\tArg:{labels}" + (f", Value:{'|'.join(values)}" if values else "")


def _contrast(color: str) -> str:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < _MIDDLE_GREY else "black"


def _render(sections: dict[str, list[str]]) -> str:
    return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())
