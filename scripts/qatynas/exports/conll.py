"""IOB2 files as KazNERD's: a token, a space and its tag a line, an empty line after every sentence.

The tokens and tags are those of config `ner`. White space inside a token (the no-break spaces of «1 700 000») is left
out, since every reader of such files splits a line at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.exports.adjudicated import list_documents
from qatynas.rows import list_sentences
from qatynas.tokens import find_outermost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.document import Document
    from qatynas.label_studio import Task


def encode_tasks(tasks: Iterable[Task]) -> Iterator[bytes]:
    """The sentences of the tasks, one a piece."""
    for document in list_documents(tasks):
        for row in list_sentences(document):
            yield encode_sentence(row["tokens"], row["ner_tags"])


def encode_sentence(tokens: Iterable[str], tags: Iterable[str]) -> bytes:
    r"""The lines of one sentence and the empty line after it, in UTF-8.

    >>> encode_sentence(["Қазақстан", "1\u00a0700", "."], ["B-GPE", "B-CARDINAL", "O"]).decode()
    'Қазақстан B-GPE\n1700 B-CARDINAL\n. O\n\n'
    """
    lines = (f"{''.join(token.split())} {tag}\n" for token, tag in zip(tokens, tags, strict=True))
    return ("".join(lines) + "\n").encode()


def list_remarks(tasks: Iterable[Task]) -> list[str]:
    """What the tags do not hold."""
    documents = list_documents(tasks)
    return [tell_loss(documents, documents)]


def tell_loss(documents: Iterable[Document], tagged: Iterable[Document]) -> str:
    """What is lost of documents where one layer of tags is all that is kept; `tagged` has the mentions that may be."""
    whole = [document.gold for document in documents]
    spans = [document.gold.mentions for document in tagged]
    nested = sum(len(mentions) - len(find_outermost(mentions)) for mentions in spans)
    relations = sum(len(reading.relations) for reading in whole)
    numbers = sum(mention.number is not None for reading in whole for mention in reading.mentions)
    names = sum(len(reading.mentions) for reading in whole) - numbers
    return (
        f"lost: {nested} of {sum(map(len, spans))} mentions, which lie in longer ones, {relations} relations, "
        f"the names of {names} mentions, the values of {numbers} numbers"
    )
