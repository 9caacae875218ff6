"""The cards in words: the one that the Hugging Face Hub shows and `load_dataset` reads, and the datasheet."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.columns import CONFIG_ROWS, describe_column
from qatynas.parquet import make_features
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import jinja2
    import pyarrow as pa
    from datasets import DatasetInfo

    Tables = Mapping[tuple[str, str], pa.Table]

THOUSAND = 1000


def hash_tables(tables: Tables) -> str:
    """The SHA-256 of all tables' rows, in hexadecimal: the same for the same content, whatever writes it."""
    digest = hashlib.sha256()
    for (config, split), table in tables.items():
        digest.update(f"{config}/{split}\n{table.schema.to_string()}\n".encode())
        digest.update(table.schema.metadata[b"huggingface"])  # the labels, which `to_string` cuts short
        for row in table.to_pylist():
            digest.update(repr(row).encode() + b"\n")
    return digest.hexdigest()


def render_card(figures: dict[str, Any], tables: Tables) -> str:
    """The card as Markdown with its YAML head."""
    import yaml

    metadata = yaml.safe_dump(
        describe_metadata(tables, figures["digest"]), sort_keys=False, allow_unicode=True, width=1000
    )
    example = figures["example"]
    return render_template(
        "card.md.j2",
        figures
        | {
            "metadata": metadata.strip(),
            "columns": {config: list(list_columns(config)) for config in CONFIG_ROWS},
            "row": json.dumps(example["row"], ensure_ascii=False, indent=1) if example else "",
        },
    )


def render_datasheet(figures: Mapping[str, Any]) -> str:
    """The datasheet as Markdown."""
    return render_template("datasheet.md.j2", figures)


def render_template(name: str, figures: Mapping[str, Any]) -> str:
    """A template filled with figures; one that it names and that is missing is an error."""
    return _load_environment().get_template(name).render(figures)


@cache
def _load_environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(  # noqa: S701 (Markdown, not HTML)
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": _write_percent, "interval": _write_interval}
    return environment


def _write_percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def _write_interval(score: Any) -> str:
    """The ends of an interval, nothing where there is none."""
    return "" if score.low is None or score.high is None else f"{score.low:.3f} – {score.high:.3f}"


def describe_metadata(tables: Tables, digest: str) -> dict[str, Any]:
    """The YAML head.

    Each config names the content's digest, so that no cache serves an older build's rows. A split without rows is not
    listed: `datasets` 5.2 cannot make one ("corresponds to no data").
    """
    return {
        "pretty_name": "Qatynas",
        "language": ["kk"],
        "license": "cc-by-4.0",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found", "machine-generated"],
        "source_datasets": ["original"],
        "multilinguality": ["monolingual"],
        "size_categories": [_name_size(sum(len(tables["documents", split]) for split in SPLITS))],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition", "coreference-resolution", "multi-class-classification"],
        "tags": ["relation-extraction", "information-extraction", "number-normalisation", "diplomacy"],
        "configs": [_describe_config(config, tables, digest) for config in CONFIG_ROWS],
        "dataset_info": _describe_features(tables),
    }


def _name_size(documents: int) -> str:
    """The Hub's category for a number of documents, of which this data set will not have ten thousand."""
    return "n<1K" if documents < THOUSAND else "1K<n<10K"


def _describe_config(config: str, tables: Tables, digest: str) -> dict[str, Any]:
    return {
        "config_name": config,
        **({"default": True} if config == "documents" else {}),
        "version": __version__,
        "description": f"{CONFIG_ROWS[config]}; content sha256 {digest}",
        "data_files": [{"split": split, "path": f"{config}/{split}.parquet"} for split in _list_filled(config, tables)],
    }


def _describe_features(tables: Tables) -> list[dict[str, Any]]:
    """Features and numbers of rows of every config, as `datasets` writes them into a card.

    Sizes in bytes, which depend on the version of pyarrow, are left out.
    """
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    card = DatasetCardData()
    DatasetInfosDict({config: _make_info(config, tables) for config in CONFIG_ROWS}).to_dataset_card_data(card)
    described: list[dict[str, Any]] = card.to_dict()["dataset_info"]
    for info in described:
        for split in info["splits"]:
            split.pop("num_bytes")
    return described


def _make_info(config: str, tables: Tables) -> DatasetInfo:
    from datasets import DatasetInfo, SplitDict, SplitInfo

    sizes = {split: len(tables[config, split]) for split in _list_filled(config, tables)}
    splits = SplitDict({split: SplitInfo(split, num_examples=size) for split, size in sizes.items()})
    return DatasetInfo(config_name=config, features=make_features(config), splits=splits)


def _list_filled(config: str, tables: Tables) -> list[str]:
    return [split for split in SPLITS if len(tables[config, split])]


def list_columns(config: str) -> Iterator[tuple[str, str, str]]:
    """Path, type and meaning of every column of a config, a nested one after the list that holds it."""
    for path, kind in _walk(make_features(config), ""):
        yield path, kind, describe_column(config, path)


def _walk(features: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for name, feature in features.items():
        inner = getattr(feature, "feature", None)
        if isinstance(inner, dict):
            yield place + name, "list"
            yield from _walk(inner, f"{place}{name}.")
        else:
            yield place + name, _name_kind(feature) if inner is None else f"list of {_name_kind(inner)}"


def _name_kind(feature: Any) -> str:
    return "label" if hasattr(feature, "names") else str(feature.dtype)
