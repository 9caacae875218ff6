"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

from __future__ import annotations

__version__ = "0.1.0"

from qatynas.data import load, load_documents
from qatynas.errors import QatynasError
from qatynas.normalize import FoundNumber, NormalizedNumber, find_numbers, normalize, supports

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
