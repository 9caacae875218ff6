"""Where the data lies: beside the code in an installed package, in the checkout otherwise."""

from __future__ import annotations

from pathlib import Path

from qatynas.errors import QatynasError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def dataset_path() -> Path:
    """The folder of the built data set: the packaged copy, else the checkout's `dataset/`."""
    return _find(_PACKAGE / "dataset", _CHECKOUT / "dataset")


def schema_path() -> Path:
    """The file of the schema: the packaged copy, else the checkout's `annotations/schema.toml`."""
    return _find(_PACKAGE / "schema.toml", _CHECKOUT / "annotations" / "schema.toml")


def _find(packaged: Path, checkout: Path) -> Path:
    for path in (packaged, checkout):
        if path.exists():
            return path
    raise QatynasError(packaged, "is missing", "reinstall qatynas, or work in a checkout of it")
