"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from qatynas.data import load, load_documents

__version__ = "0.1.0"
__all__ = ["QatynasError", "__version__", "load", "load_documents"]


def __getattr__(name: str) -> object:
    """Import what is heavy when it is asked for."""
    if name in {"load", "load_documents"}:
        from qatynas import data

        return getattr(data, name)
    raise AttributeError(name)
