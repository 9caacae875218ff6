"""The data set as `datasets` objects, read from the built files without network or cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from qatynas.errors import QatynasError
from qatynas.parquet import CONFIGS, read_table
from qatynas.paths import dataset_path
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict


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
    _compare("split", split, SPLITS)
    return _load_split(config, split)


def _load_split(config: str, split: str) -> Dataset:
    from datasets import Dataset, NamedSplit

    path = dataset_path() / config / f"{split}.parquet"
    if not path.exists():
        raise QatynasError(path, "is missing", "run `qatynas build`, or reinstall qatynas")
    return Dataset(read_table(path), split=NamedSplit(split))


def _compare(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise QatynasError(f"{what} {given!r}", f"is none of {', '.join(known)}", "choose one")
