"""Extraction from a corpus of any size."""
