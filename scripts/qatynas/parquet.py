"""The Parquet files of the data set: their features, and one way to write and to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qatynas import rows
from qatynas.schema import load_schema
from qatynas.tokens import list_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa
    from datasets import Features

    from qatynas.document import Document

ROW_GROUP = 1000
CONFIGS: dict[str, Callable[[Document], Iterator[dict[str, Any]]]] = {
    "documents": rows.list_documents,
    "ner": rows.list_sentences,
    "relations": rows.list_pairs,
    "numbers": rows.list_numbers,
    "annotations": rows.list_annotations,
}


def make_features(config: str) -> Features:
    """The `datasets` features of a config.

    >>> make_features("relations")["label"].names[0]
    'NO_RELATION'
    """
    from datasets import Features

    makers = {
        "documents": _document_features,
        "ner": _sentence_features,
        "relations": _pair_features,
        "numbers": _number_features,
        "annotations": _annotation_features,
    }
    return Features(makers[config]())


def make_table(config: str, documents: Iterable[Document]) -> pa.Table:
    """The Arrow table of a config, with its features in the schema's metadata."""
    return tabulate_rows(config, (row for document in documents for row in CONFIGS[config](document)))


def tabulate_rows(config: str, given: Iterable[dict[str, Any]]) -> pa.Table:
    """The Arrow table of a config's rows, with its features in the schema's metadata; an unknown label is None."""
    import pyarrow as pa

    features = make_features(config)
    encoded = [_encode(row, features) for row in given]
    return pa.Table.from_pylist(encoded, schema=features.arrow_schema)


def _encode(value: Any, feature: Any) -> Any:
    """The value with every label as its number.

    `Features.encode_example` looks at the first item of a list alone and leaves later labels as text if that one's
    label is None, so it cannot be used here.
    """
    if value is None:
        return None
    if isinstance(feature, dict):
        return {name: _encode(value[name], inner) for name, inner in feature.items()}
    if hasattr(feature, "feature"):
        return [_encode(item, feature.feature) for item in value]
    return feature.str2int(value) if hasattr(feature, "str2int") else value


def list_rows(config: str, table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a config's table, with labels by name: what the maker of the config gave."""
    features = make_features(config)
    return [_decode(row, features) for row in table.to_pylist()]


def _decode(value: Any, feature: Any) -> Any:
    if value is None:
        return None
    if isinstance(feature, dict):
        return {name: _decode(value[name], inner) for name, inner in feature.items()}
    if hasattr(feature, "feature"):
        return [_decode(item, feature.feature) for item in value]
    return feature.int2str(value) if hasattr(feature, "int2str") else value


def write_table(table: pa.Table, path: Path) -> None:
    """Write a Parquet file: the same table gives the same bytes under one version of pyarrow."""
    import pyarrow.parquet as pq

    pq.write_table(table.combine_chunks(), path, compression="zstd", row_group_size=ROW_GROUP, version="2.6")


def read_table(path: Path) -> pa.Table:
    """The table of a Parquet file, with its features in the schema's metadata."""
    import pyarrow.parquet as pq

    return pq.read_table(path)


def _document_features() -> dict[str, Any]:
    from datasets import ClassLabel, List, Value

    schema = load_schema()
    return {
        "doc_id": Value("string"),
        "title": Value("string"),
        "text": Value("string"),
        "date": Value("string"),
        "genre": ClassLabel(names=list(schema.genres)),
        "source": ClassLabel(names=list(schema.sources)),
        "story": Value("string"),
        "sentences": List({"start": Value("int32"), "end": Value("int32")}),
        **_reading_features(),
    }


def _annotation_features() -> dict[str, Any]:
    from datasets import Value

    return {
        "doc_id": Value("string"),
        "annotator": Value("string"),
        "adjudicated": Value("bool"),
        "guidelines": Value("int32"),
        **_reading_features(),
    }


def _reading_features() -> dict[str, Any]:
    from datasets import ClassLabel, List, Value

    schema = load_schema()
    return {
        "mentions": List(
            {
                "id": Value("int32"),
                "start": Value("int32"),
                "end": Value("int32"),
                "type": ClassLabel(names=list(schema.labels)),
                "text": Value("string"),
                "entity": Value("int32"),
            }
        ),
        "entities": List(
            {"id": Value("int32"), "type": ClassLabel(names=list(schema.entity_labels)), "name": Value("string")}
        ),
        "numbers": List({"mention": Value("int32"), **_normalised_features()}),
        "relations": List(
            {
                "id": Value("int32"),
                "type": ClassLabel(names=list(schema.relation_labels)),
                "head": Value("int32"),
                "tail": Value("int32"),
                "evidence": List(Value("int32")),
            }
        ),
    }


def _normalised_features() -> dict[str, Any]:
    from datasets import ClassLabel, Value

    return {
        "value": Value("float64"),
        "value_max": Value("float64"),
        "unit": Value("string"),
        "modifier": ClassLabel(names=list(load_schema().modifiers)),
        "target": Value("bool"),
        "date": Value("string"),
    }


def _sentence_features() -> dict[str, Any]:
    from datasets import ClassLabel, List, Value

    return {
        "doc_id": Value("string"),
        "sentence": Value("int32"),
        "tokens": List(Value("string")),
        "starts": List(Value("int32")),
        "ends": List(Value("int32")),
        "ner_tags": List(ClassLabel(names=list_tags())),
    }


def _pair_features() -> dict[str, Any]:
    from datasets import ClassLabel, Value

    schema = load_schema()
    ends = {
        f"{end}_{name}": feature
        for end in ("head", "tail")
        for name, feature in (
            ("type", ClassLabel(names=list(schema.labels))),
            ("text", Value("string")),
            ("start", Value("int32")),
            ("end", Value("int32")),
        )
    }
    return {
        "doc_id": Value("string"),
        "head": Value("int32"),
        "tail": Value("int32"),
        **ends,
        "window_start": Value("int32"),
        "window": Value("string"),
        "sentence_distance": Value("int32"),
        "label": ClassLabel(names=[rows.NO_RELATION, *schema.relation_labels]),
    }


def _number_features() -> dict[str, Any]:
    from datasets import ClassLabel, Value

    return {
        "doc_id": Value("string"),
        "mention": Value("int32"),
        "text": Value("string"),
        "start": Value("int32"),
        "end": Value("int32"),
        "kind": ClassLabel(names=list(load_schema().number_labels)),
        **_normalised_features(),
        "sentence_start": Value("int32"),
        "sentence": Value("string"),
        "release_date": Value("string"),
    }
