"""Qatynas: entities, relations and normalised numbers in Kazakh diplomatic press releases."""

__version__ = "0.1.0"
