"""The card of the data set: what the Hugging Face Hub shows, and what `load_dataset` reads."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.parquet import CONFIGS
from qatynas.rows import WINDOW, list_candidates
from qatynas.schema import load_schema
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from qatynas.document import Document

ROWS = {
    "documents": "a release",
    "ner": "a sentence, IOB2 over the outermost spans",
    "relations": "a pair of mentions that a signature allows",
    "numbers": "a number with its normalised fields",
    "annotations": "one annotator's reading of a release",
}


def hash_tables(tables: Mapping[tuple[str, str], pa.Table]) -> str:
    """The SHA-256 of all tables' rows, in hexadecimal: the same for the same content, whatever writes it."""
    digest = hashlib.sha256()
    for (config, split), table in tables.items():
        digest.update(f"{config}/{split}\n{table.schema.to_string()}\n".encode())
        for row in table.to_pylist():
            digest.update(repr(row).encode() + b"\n")
    return digest.hexdigest()


def render_card(documents: Sequence[Document], splits: Mapping[str, str], digest: str) -> str:
    """The card as Markdown with its YAML head."""
    import jinja2
    import yaml

    environment = jinja2.Environment(  # noqa: S701 (Markdown, not HTML)
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    metadata = yaml.safe_dump(describe_metadata(digest), sort_keys=False, allow_unicode=True, width=1000).strip()
    return environment.get_template("card.md.j2").render(
        metadata=metadata, version=__version__, **count_content(documents, splits)
    )


def describe_metadata(digest: str) -> dict[str, Any]:
    """The YAML head; each config names the content's digest, so that no cache serves an older build's rows."""
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
                "data_files": [{"split": split, "path": f"{config}/{split}.parquet"} for split in SPLITS],
            }
            for config in CONFIGS
        ],
    }


def count_content(documents: Sequence[Document], splits: Mapping[str, str]) -> dict[str, Any]:
    """The numbers that the card states."""
    schema = load_schema()
    labels = Counter(mention.type for document in documents for mention in document.gold.mentions)
    relations = Counter(relation.type for document in documents for relation in document.gold.relations)
    sources = Counter(document.source for document in documents)
    return {
        "configs": [
            {"name": config, "row": ROWS[config], **_count_rows(config, documents, splits)} for config in CONFIGS
        ],
        "mentions": [(label, labels[label]) for label in schema.labels],
        "relations": [(label, relations[label]) for label in schema.relation_labels],
        "documents": len(documents),
        "sources": ", ".join(f"{sources[source]} {source}" for source in schema.sources),
        "sentences": sum(len(document.sentences) for document in documents),
        "tokens": sum(len(row["tokens"]) for document in documents for row in CONFIGS["ner"](document)),
        "mention_total": labels.total(),
        "relation_total": relations.total(),
        "number_total": sum(labels[label] for label in schema.number_labels),
        "window": WINDOW,
        "outside": sum(map(_count_outside, documents)),
    }


def _count_rows(config: str, documents: Sequence[Document], splits: Mapping[str, str]) -> dict[str, int]:
    return {
        split: sum(1 for document in documents if splits[document.doc_id] == split for _ in CONFIGS[config](document))
        for split in SPLITS
    }


def _count_outside(document: Document) -> int:
    candidates = set(list_candidates(document))
    return sum((relation.head, relation.tail) not in candidates for relation in document.gold.relations)
