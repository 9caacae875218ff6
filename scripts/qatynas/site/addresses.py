"""Names of the site's files."""

from __future__ import annotations

import hashlib
import re

DOCUMENTS = "documents"
_SAFE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 100


def name_page(doc_id: str) -> str:
    """The address of a document's page from the folder of the site.

    An id that is no plain slug gives a name with a part of its SHA-256 behind a low line, which no slug has: two ids
    never share a name, not even where letters of both cases are one, and no name leads elsewhere.

    >>> name_page("mfa-kz-2025-08-02-kyrgyzstan")
    'documents/mfa-kz-2025-08-02-kyrgyzstan.html'
    >>> name_page("../../Астана")
    'documents/_59a717bcda8582cd.html'
    """
    if _SAFE.fullmatch(doc_id) and len(doc_id) <= _LONGEST:
        return f"{DOCUMENTS}/{doc_id}.html"
    plain = "-".join(re.findall(r"[a-z0-9]+", doc_id.lower()))[:40]
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{DOCUMENTS}/{plain}_{digest}.html"
