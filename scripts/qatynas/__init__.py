"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas.normalize import FoundNumber, NormalizedNumber, find_numbers, normalize, supports

if TYPE_CHECKING:
    from qatynas.data import load, load_documents

__version__ = "0.1.0"
__all__ = [
    "FoundNumber",
    "NormalizedNumber",
    "QatynasError",
    "__version__",
    "find_numbers",
    "load",
    "load_documents",
    "normalize",
    "supports",
]


def __getattr__(name: str) -> object:
    """Import what is heavy when it is asked for."""
    if name in {"load", "load_documents"}:
        from qatynas import data

        return getattr(data, name)
    raise AttributeError(name)
