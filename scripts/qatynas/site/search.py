"""The texts that the index page searches, as a script: a page that is opened from disk may fetch no file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qatynas.site.addresses import name_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qatynas.document import Document

_ESCAPES = str.maketrans({"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def render_search(documents: Iterable[Document]) -> str:
    """A script that sets `qatynasTexts`: title and text of every document, by the address of its page."""
    texts = {name_page(document.doc_id): f"{document.title}\n{document.text}" for document in documents}
    return f"window.qatynasTexts = {json.dumps(texts, ensure_ascii=False, indent=0).translate(_ESCAPES)};\n"
