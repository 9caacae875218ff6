"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qatynas.normalize import FoundNumber, NormalizedNumber, find_numbers, normalize, supports

__version__ = "0.1.0"
__all__ = ["FoundNumber", "NormalizedNumber", "find_numbers", "normalize", "supports"]
