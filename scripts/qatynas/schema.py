"""The labels, attributes, relations, genres and modifiers: `annotations/schema.toml` as typed records."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Literal

import msgspec

from qatynas.errors import QatynasError
from qatynas.paths import schema_path

EVERY_ENTITY = "entity"


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that annotators write on a region, by one control of the interface."""

    name: str
    control: Literal["text", "number", "choice", "flag"]
    title: str
    hint: str


class EntityType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entity label; `kaznerd` is KazNERD's name for it, where KazNERD has the class."""

    label: str
    kazakh: str
    color: str
    hint: str
    kaznerd: str | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """The attributes that every mention of this type carries."""
        return ("name",)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that a mention of this type may carry."""
        return ("name",)


class NumberKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number label, the attributes that it must carry and those that it may."""

    label: str
    kazakh: str
    color: str
    hint: str
    kaznerd: str
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that a mention of this kind may carry."""
        return self.required + self.optional


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Head types and tail types that a relation may join."""

    head: tuple[str, ...]
    tail: tuple[str, ...]


class RelationType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relation label, its signatures and its Wikidata properties."""

    label: str
    wikidata: tuple[str, ...]
    hint: str
    signatures: tuple[Signature, ...]


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Everything that an annotation may say, in the order of `schema.toml`."""

    version: int
    sources: tuple[str, ...]
    modifiers: tuple[str, ...]
    genres: tuple[str, ...]
    attributes: tuple[Attribute, ...] = msgspec.field(name="attribute")
    entities: tuple[EntityType, ...] = msgspec.field(name="entity")
    numbers: tuple[NumberKind, ...] = msgspec.field(name="number")
    relations: tuple[RelationType, ...] = msgspec.field(name="relation")

    @property
    def labels(self) -> dict[str, EntityType | NumberKind]:
        """The twenty mention labels: entity types, then number kinds."""
        labels: tuple[EntityType | NumberKind, ...] = (*self.entities, *self.numbers)
        return {label.label: label for label in labels}

    @property
    def entity_labels(self) -> tuple[str, ...]:
        """The labels of the entity types."""
        return tuple(entity.label for entity in self.entities)

    @property
    def number_labels(self) -> tuple[str, ...]:
        """The labels of the number kinds."""
        return tuple(number.label for number in self.numbers)

    @property
    def relation_labels(self) -> tuple[str, ...]:
        """The labels of the relations."""
        return tuple(relation.label for relation in self.relations)

    def find_relations(self, head: str, tail: str) -> frozenset[str]:
        """The relations whose signatures join these two mention labels, in this direction.

        >>> sorted(load_schema().find_relations("PERSON", "POSITION"))
        ['HOLDS_POSITION']
        """
        return self._joins.get((head, tail), frozenset())

    @cached_property
    def _joins(self) -> dict[tuple[str, str], frozenset[str]]:
        joins: dict[tuple[str, str], frozenset[str]] = {}
        for relation in self.relations:
            for signature in relation.signatures:
                for head in self.expand_labels(signature.head):
                    for tail in self.expand_labels(signature.tail):
                        joins[head, tail] = joins.get((head, tail), frozenset()) | {relation.label}
        return joins

    def expand_labels(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The mention labels that one side of a signature stands for."""
        return self.entity_labels if labels == (EVERY_ENTITY,) else labels


@cache
def load_schema() -> Schema:
    """The schema of this version of the data.

    Raises:
        QatynasError: where the file is no schema.

    >>> schema = load_schema()
    >>> len(schema.entities), len(schema.numbers), len(schema.relations)
    (13, 7, 14)
    """
    try:
        schema = msgspec.toml.decode(schema_path().read_bytes(), type=Schema)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise QatynasError(schema_path(), error, "mend it") from error
    _refuse_unknown_names(schema)
    return schema


def _refuse_unknown_names(schema: Schema) -> None:
    """Every name that the schema uses is one that it defines."""
    ends = [s.head + s.tail for relation in schema.relations for s in relation.signatures]
    used = {label for labels in ends for label in labels} - {EVERY_ENTITY} - set(schema.labels)
    attributes = {name for label in schema.labels.values() for name in label.attributes}
    used |= attributes - {attribute.name for attribute in schema.attributes}
    if used:
        raise QatynasError(
            schema_path(), f"uses {sorted(used)}", "expected a label or attribute that it defines", "mend it"
        )
