"""DocRED's `rel_info.json`: the relations by the Wikidata properties under which the format docred names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.label_studio import Task


def encode_tasks(_tasks: Iterable[Task]) -> Iterator[bytes]:
    """All relations of the schema as one JSON object, whatever the tasks hold."""
    yield msgspec.json.format(msgspec.json.encode(name_relations()), indent=2) + b"\n"


def name_relations() -> dict[str, str]:
    """Every relation's label by the first of its Wikidata properties.

    >>> name_relations()["P710"]
    'PARTICIPANT'
    """
    return {relation.wikidata[0]: relation.label for relation in load_schema().relations}


def list_remarks(_tasks: Iterable[Task]) -> list[str]:
    """Nothing: the relations are all there."""
    return []
