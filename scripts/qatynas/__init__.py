"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

from __future__ import annotations

__version__ = "0.1.0"

from qatynas.data import load, load_documents
from qatynas.errors import QatynasError

__all__ = ["QatynasError", "__version__", "load", "load_documents"]
