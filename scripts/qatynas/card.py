"""The card of the data set: what the Hugging Face Hub shows, and what `load_dataset` reads."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.parquet import CONFIGS
from qatynas.rows import list_candidates
from qatynas.schema import load_schema
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from qatynas.document import Document

    Tables = Mapping[tuple[str, str], pa.Table]

ROWS = {
    "documents": "a release",
    "ner": "a sentence, IOB2 over the outermost spans",
    "relations": "a pair of mentions that a signature allows",
    "numbers": "a number with its normalised fields",
    "annotations": "one annotator's reading of a release",
}


def hash_tables(tables: Tables) -> str:
    """The SHA-256 of all tables' rows, in hexadecimal: the same for the same content, whatever writes it."""
    digest = hashlib.sha256()
    for (config, split), table in tables.items():
        digest.update(f"{config}/{split}\n{table.schema.to_string()}\n".encode())
        digest.update(table.schema.metadata[b"huggingface"])  # the labels, which `to_string` cuts short
        for row in table.to_pylist():
            digest.update(repr(row).encode() + b"\n")
    return digest.hexdigest()


def render_card(documents: Sequence[Document], tables: Tables) -> str:
    """The card as Markdown with its YAML head."""
    import jinja2
    import yaml

    environment = jinja2.Environment(  # noqa: S701 (Markdown, not HTML)
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    metadata = yaml.safe_dump(describe_metadata(tables), sort_keys=False, allow_unicode=True, width=1000).strip()
    return environment.get_template("card.md.j2").render(
        metadata=metadata, version=__version__, **count_content(documents, tables)
    )


def describe_metadata(tables: Tables) -> dict[str, Any]:
    """The YAML head.

    Each config names the content's digest, so that no cache serves an older build's rows. A split without rows is not
    listed: `datasets` 5.2 cannot make one ("corresponds to no data").
    """
    digest = hash_tables(tables)
    return {
        "pretty_name": "Qatynas",
        "language": ["kk"],
        "license": "cc-by-4.0",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found", "machine-generated"],
        "source_datasets": ["original"],
        "multilinguality": ["monolingual"],
        "size_categories": ["n<1K"],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition"],
        "tags": ["relation-extraction", "information-extraction", "number-normalisation", "diplomacy"],
        "configs": [
            {
                "config_name": config,
                **({"default": True} if config == "documents" else {}),
                "version": __version__,
                "description": f"{ROWS[config]}; content sha256 {digest}",
                "data_files": [
                    {"split": split, "path": f"{config}/{split}.parquet"}
                    for split in SPLITS
                    if len(tables[config, split])
                ],
            }
            for config in CONFIGS
        ],
    }


def count_content(documents: Sequence[Document], tables: Tables) -> dict[str, Any]:
    """The numbers that the card states."""
    schema = load_schema()
    labels = Counter(mention.type for document in documents for mention in document.gold.mentions)
    relations = Counter(relation.type for document in documents for relation in document.gold.relations)
    sources = Counter(document.source for document in documents)
    return {
        "configs": [
            {"name": name, "row": ROWS[name], **{split: len(tables[name, split]) for split in SPLITS}}
            for name in CONFIGS
        ],
        "mentions": [(label, labels[label]) for label in schema.labels],
        "relations": [(label, relations[label]) for label in schema.relation_labels],
        "documents": len(documents),
        "sources": ", ".join(f"{sources[source]} {source}" for source in schema.sources),
        "sentences": sum(len(document.sentences) for document in documents),
        "tokens": sum(len(row) for split in SPLITS for row in tables["ner", split]["tokens"].to_pylist()),
        "mention_total": labels.total(),
        "relation_total": relations.total(),
        "number_total": sum(labels[label] for label in schema.number_labels),
        "outside": sum(map(_count_outside, documents)),
    }


def _count_outside(document: Document) -> int:
    candidates = set(list_candidates(document))
    return sum((relation.head, relation.tail) not in candidates for relation in document.gold.relations)
