"""A finding of a check: what is wrong with the data, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One finding; `where` is a place inside the document or file named by `doc_id`.

    >>> print(Issue("visit-1", "reader-a m3", "region-outside-text", "error", "ends at 90, the text at 80"))
    visit-1 reader-a m3 [region-outside-text] ends at 90, the text at 80
    """

    doc_id: str
    where: str
    check_id: str
    severity: str
    message: str

    def __str__(self) -> str:
        line = f"{self.doc_id or repr('')} {self.where} [{self.check_id}] {self.message}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
