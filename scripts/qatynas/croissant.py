"""The data set in Croissant 1.1 (MLCommons): its files with checksums, its record sets, and what is to be known of it.

See https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html; `mlcroissant` reads every record set from the
files beside this one.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.card import render_template
from qatynas.columns import CONFIG_ROWS, describe_column
from qatynas.parquet import make_features
from qatynas.rows import NO_RELATION
from qatynas.schema import load_schema
from qatynas.splits import SPLITS
from qatynas.tokens import list_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Json = dict[str, Any]

TITLE = "Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases"
AUTHOR = "The Qatynas developers"
PARQUET = "application/x-parquet"
KINDS = {"string": "sc:Text", "int32": "sc:Integer", "float64": "sc:Float", "bool": "sc:Boolean"}
# The context of Croissant 1.1. Its appendix writes http://schema.org/, which mlcroissant 1.1.1 takes for another
# vocabulary and refuses (mlcommons/croissant#1018): https it is.
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def render_croissant(figures: Mapping[str, Any], folder: Path) -> bytes:
    """The Croissant file of the Parquet files that lie in a folder."""
    import yaml

    prose = yaml.safe_load(render_template("croissant.yaml.j2", figures))
    published = figures["published"]
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": "qatynas",
        "alternateName": TITLE,
        "description": prose["description"],
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "version": __version__,
        "datePublished": published,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "README.md",  # the card beside this file: the data set has no address of its own
        "creator": {"@type": "Organization", "name": AUTHOR},
        "inLanguage": "kk",
        "keywords": ["Kazakh", "information extraction", "relation extraction", "number normalisation"],
        "isLiveDataset": False,
        "citeAs": (
            f"@misc{{qatynas, title = {{{TITLE}}}, author = {{{{{AUTHOR}}}}}, "
            f"year = {{{published[:4]}}}, version = {{{__version__}}}}}"
        ),
        **{f"rai:{name}": value for name, value in prose["rai"].items()},
        "distribution": [*_list_files(folder), *map(_describe_files, CONFIG_ROWS)],
        "recordSet": [_list_splits(), *_list_labels(), *map(_describe_config, CONFIG_ROWS)],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _list_files(folder: Path) -> Iterator[Json]:
    for config in CONFIG_ROWS:
        for split in SPLITS:
            name = f"{config}/{split}.parquet"
            data = (folder / name).read_bytes()
            yield {
                "@type": "cr:FileObject",
                "@id": name,
                "name": name,
                "description": f"Split {split} of {config}.",
                "contentUrl": name,
                "contentSize": f"{len(data)} B",
                "encodingFormat": PARQUET,
                "sha256": hashlib.sha256(data).hexdigest(),
            }


def _describe_files(config: str) -> Json:
    """The three files of a config as one set, so that a record set runs over all splits."""
    return {
        "@type": "cr:FileSet",
        "@id": f"{config}-files",
        "name": f"{config}-files",
        "description": f"The files of {config}.",
        "encodingFormat": PARQUET,
        "includes": f"{config}/*.parquet",
    }


def _list_splits() -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits, by story.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [_describe_field("splits/name", "name of the split", "sc:Text")],
        "data": [{"splits/name": split} for split in SPLITS],
    }


def _name_labels() -> dict[str, list[str]]:
    """The names of every ClassLabel, by the record set that lists them."""
    schema = load_schema()
    return {
        "genres": list(schema.genres),
        "sources": list(schema.sources),
        "labels": list(schema.labels),
        "entity-types": list(schema.entity_labels),
        "number-kinds": list(schema.number_labels),
        "modifiers": list(schema.modifiers),
        "relation-types": list(schema.relation_labels),
        "pair-labels": [NO_RELATION, *schema.relation_labels],
        "tags": list_tags(),
    }


def _list_labels() -> Iterator[Json]:
    for place, names in _name_labels().items():
        yield {
            "@type": "cr:RecordSet",
            "@id": place,
            "name": place,
            "description": f"What the numbers of the {place} stand for.",
            "dataType": "sc:Enumeration",
            "key": {"@id": f"{place}/number"},
            "field": [
                _describe_field(f"{place}/number", "the number in the files", "sc:Integer"),
                _describe_field(f"{place}/name", "its name", "sc:Text"),
            ],
            "data": [{f"{place}/number": number, f"{place}/name": name} for number, name in enumerate(names)],
        }


def _describe_config(config: str) -> Json:
    split = _describe_field(f"{config}/split", "split of the row", "sc:Text") | {
        "references": {"field": {"@id": "splits/name"}},
        "source": {
            "fileSet": {"@id": f"{config}-files"},
            "extract": {"fileProperty": "filename"},
            # The suffix is optional because mlcroissant applies it twice to a field with a reference.
            "transform": {"regex": rf"^({'|'.join(SPLITS)})(?:\.parquet)?$"},
        },
    }
    columns = [_describe_column(config, name, feature) for name, feature in make_features(config).items()]
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": f"A record is {CONFIG_ROWS[config]}.",
        "field": [split, *columns],
    }


def _describe_column(config: str, path: str, feature: Any) -> Json:
    """A column as a field; a list of structs is an array of sub-fields, each taken out of the column by its name."""
    place = f"{config}/{path.replace('.', '/')}"
    inner = getattr(feature, "feature", feature)
    array = {"isArray": True, "arrayShape": "-1"} if inner is not feature else {}
    if isinstance(inner, dict):
        fields = [_describe_column(config, f"{path}.{name}", part) for name, part in inner.items()]
        return _describe_field(place, describe_column(config, path)) | array | {"subField": fields}
    column, _, name = path.partition(".")
    return {
        **_describe_field(place, _explain(config, path, inner), _name_kind(inner)),
        **array,
        "source": {
            "fileSet": {"@id": f"{config}-files"},
            "extract": {"column": column},
            **({"transform": {"jsonPath": name}} if name else {}),
        },
    }


def _explain(config: str, path: str, feature: Any) -> str:
    """What a column means, and for a label which record set has its names.

    `references` would say the latter to a machine, but mlcroissant 1.1.1 follows one reference a record set alone, and
    none inside an array.
    """
    text = describe_column(config, path)
    if not hasattr(feature, "names"):
        return text
    (place,) = (place for place, names in _name_labels().items() if names == feature.names)
    return f"{text}; a number of {place}"


def _name_kind(feature: Any) -> str:
    return "sc:Integer" if hasattr(feature, "names") else KINDS[feature.dtype]


def _describe_field(place: str, text: str, kind: str | None = None) -> Json:
    return {
        "@type": "cr:Field",
        "@id": place,
        "name": place,
        "description": text,
        **({"dataType": kind} if kind else {}),
    }
