"""IOB2 files in KazNERD's own labels, as `schema.toml` maps them.

Mentions whose label KazNERD lacks (ACT, MEASURED) are set aside first; the outermost of the rest are tagged. So a
GPE inside an ACT keeps its tag, and a MEASURED in which nothing stands is O.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from qatynas.document import Document, Reading
from qatynas.exports.adjudicated import list_documents
from qatynas.exports.conll import encode_sentence, tell_loss
from qatynas.rows import list_sentences
from qatynas.schema import load_schema
from qatynas.tokens import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.label_studio import Task


def encode_tasks(tasks: Iterable[Task]) -> Iterator[bytes]:
    """The sentences of the tasks, one a piece."""
    names = {label.label: label.kaznerd for label in load_schema().labels.values()}
    for document in list_documents(tasks):
        for row in list_sentences(keep_known(document)):
            tags = (tag if tag == OUTSIDE else f"{tag[:2]}{names[tag[2:]]}" for tag in row["ner_tags"])
            yield encode_sentence(row["tokens"], tags)


def keep_known(document: Document) -> Document:
    """The document with only the mentions of its adjudicated reading whose label KazNERD has.

    >>> from qatynas.document import Mention
    >>> spans = (Mention(0, 17, "ACT", "сапар"), Mention(0, 11, "GPE", "Астана"))
    >>> text = "Астанадағы сапары"
    >>> document = Document("a", "", text, "2025-08-02", "visit", "composed", "a", Reading("b", spans))
    >>> [mention.type for mention in keep_known(document).gold.mentions]
    ['GPE']
    """
    labels = load_schema().labels
    known = tuple(mention for mention in document.gold.mentions if labels[mention.type].kaznerd)
    return replace(document, gold=Reading(document.gold.annotator, known))


def list_remarks(tasks: Iterable[Task]) -> list[str]:
    """What the tags do not hold: the mentions whose label KazNERD lacks, and what one layer of tags loses."""
    documents = list_documents(tasks)
    lacking = [name for name, label in load_schema().labels.items() if not label.kaznerd]
    types = Counter(mention.type for document in documents for mention in document.gold.mentions)
    told = ", ".join(f"{types[name]} {name}" for name in lacking)
    return [
        f"lost: {told}, which KazNERD lacks; the outermost mentions in them are tagged in their place",
        tell_loss(documents, map(keep_known, documents)),
    ]
