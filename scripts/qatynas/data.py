"""The data set as `datasets` objects, read from the built files without network or cache."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, overload

from qatynas.document import Document
from qatynas.errors import QatynasError
from qatynas.parquet import CONFIGS, list_rows, read_table
from qatynas.paths import dataset_path
from qatynas.rows import DATA_FIELDS, parse_reading
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset, DatasetDict

    from qatynas.document import Reading


@overload
def load(config: str = "documents", split: None = None) -> DatasetDict: ...


@overload
def load(config: str, split: str) -> Dataset: ...


def load(config: str = "documents", split: str | None = None) -> Dataset | DatasetDict:
    """One split of a config, or all three: what `load_dataset("dataset", config)` gives, in memory.

    Raises:
        QatynasError: for a config or split that does not exist.

    >>> load("numbers", "test").features["unit"]
    Value('string')
    """
    from datasets import DatasetDict

    _compare("config", config, tuple(CONFIGS))
    if split is None:
        return DatasetDict({name: _load_split(config, name) for name in SPLITS})
    return _load_split(config, split)


def load_documents(split: str | None = None) -> list[Document]:
    """The documents of a split, or of all, with their adjudicated and raw readings, in the order of the files.

    Raises:
        QatynasError: for a split that does not exist.

    >>> load_documents("test")[0].gold.annotator
    'adjudicator'
    """
    chosen = SPLITS if split is None else (split,)
    readings: dict[str, list[Reading]] = {}
    for row in _list_rows("annotations", chosen):
        readings.setdefault(row["doc_id"], []).append(parse_reading(row))
    documents = []
    for row in _list_rows("documents", chosen):
        gold, *raw = readings[row["doc_id"]]
        documents.append(Document(**{name: row[name] for name in DATA_FIELDS}, gold=gold, readings=tuple(raw)))
    return documents


def list_splits() -> dict[str, str]:
    """The split of every document, by its id.

    >>> list_splits()["mfa-kz-2025-08-02-kyrgyzstan"]
    'test'
    """
    return {doc_id: split for split in SPLITS for doc_id in _read_split("documents", split)["doc_id"].to_pylist()}


def hash_dataset() -> str:
    """The SHA-256 of the data set's content, in hexadecimal, as its card gives it."""
    card = (dataset_path() / "README.md").read_text(encoding="utf-8")
    found = re.search(r"content sha256 ([0-9a-f]{64})", card)
    if found is None:
        raise QatynasError(dataset_path() / "README.md", "names no sha256", "run `qatynas build`, or reinstall qatynas")
    return found[1]


def _list_rows(config: str, splits: tuple[str, ...]) -> list[dict[str, Any]]:
    return [row for split in splits for row in list_rows(config, _read_split(config, split))]


def _load_split(config: str, split: str) -> Dataset:
    from datasets import Dataset, NamedSplit

    return Dataset(_read_split(config, split), split=NamedSplit(split))


def _read_split(config: str, split: str) -> pa.Table:
    _compare("split", split, SPLITS)
    path = dataset_path() / config / f"{split}.parquet"
    if not path.exists():
        raise QatynasError(path, "is missing", "run `qatynas build`, or reinstall qatynas")
    return read_table(path)


def _compare(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise QatynasError(f"{what} {given!r}", f"is none of {', '.join(known)}", "choose one")
