"""DocRED's JSON (Yao et al., ACL 2019): a list of documents with tokens, entities with their mentions, and facts.

- `title` is the document's id, since DocRED's evaluation knows a document by its title.
- A vertex is an entity with all its mentions, or a number with its one; a mention's `name` is its text, as in DocRED.
- `r` is the relation's first Wikidata property, as in DocRED; no two relations share it. `docred-relations` is the
  `rel_info.json` that gives each its name here.
- A fact's `evidence` is the sentences in which the mentions of its relations begin: those of all relations between
  mentions that say the same fact, together.
- `pos` counts tokens. A span that cuts a token is widened to it, one that crosses into another sentence ends with its
  first; the checks allow neither.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.document import group_entities
from qatynas.exports.adjudicated import list_documents
from qatynas.exports.docred_relations import name_relations
from qatynas.rows import list_sentences, place_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.document import Document, Mention
    from qatynas.label_studio import Task

    Row = dict[str, Any]


def encode_tasks(tasks: Iterable[Task]) -> Iterator[bytes]:
    """The list as JSON, a document a line."""
    rows = [msgspec.json.encode(describe_document(document)) for document in list_documents(tasks)]
    yield b"[" + b",\n".join(rows) + b"]\n"


def describe_document(document: Document) -> Row:
    """The document under DocRED's keys.

    >>> from qatynas.document import Document, Mention, Reading
    >>> reading = Reading("a", (Mention(0, 8, "GPE", "Астана"),))
    >>> row = describe_document(Document("a-1", "", "Астанада болды.", "2025-08-02", "visit", "composed", "a", reading))
    >>> row["sents"], row["vertexSet"]
    ([['Астанада', 'болды', '.']], [[{'name': 'Астанада', 'pos': [0, 1], 'sent_id': 0, 'type': 'GPE'}]])
    """
    vertices, mentions = list_vertices(document), describe_mentions(document)
    return {
        "title": document.doc_id,
        "vertexSet": [[mentions[place] for place in vertex] for vertex in vertices],
        "labels": list_facts(document, vertices),
        "sents": [row["tokens"] for row in list_sentences(document)],
    }


def describe_mentions(document: Document) -> list[Row]:
    """Every mention as a vertex holds it: `pos` is its first token and the one after its last, in its sentence."""
    sentences = list(list_sentences(document))
    rows = []
    for mention, place in zip(document.gold.mentions, place_mentions(document, document.gold.mentions), strict=True):
        starts, ends = sentences[place]["starts"], sentences[place]["ends"]
        rows.append(
            {
                "name": document.text[mention.start : mention.end],
                "pos": [bisect_right(ends, mention.start), bisect_left(starts, mention.end)],
                "sent_id": place,
                "type": mention.type,
            }
        )
    return rows


def list_vertices(document: Document) -> list[tuple[int, ...]]:
    """The entities, in the order of their first mention, then the numbers: the indexes of their mentions."""
    mentions = document.gold.mentions
    entities = [entity.mentions for entity in group_entities(document.gold, document.text)]
    return entities + [(place,) for place, mention in enumerate(mentions) if mention.number is not None]


def list_facts(document: Document, vertices: Iterable[tuple[int, ...]]) -> list[Row]:
    """The relations between vertices, each once, with the sentences of all relations between mentions that say it."""
    vertex_of = {place: index for index, vertex in enumerate(vertices) for place in vertex}
    ids = {label: wikidata for wikidata, label in name_relations().items()}
    sentence_of = place_mentions(document, document.gold.mentions)
    facts: dict[tuple[int, int, str], set[int]] = {}
    for relation in document.gold.relations:
        fact = vertex_of[relation.head], vertex_of[relation.tail], ids[relation.type]
        facts.setdefault(fact, set()).update((sentence_of[relation.head], sentence_of[relation.tail]))
    return [{"h": h, "t": t, "r": r, "evidence": sorted(facts[h, t, r])} for h, t, r in sorted(facts)]


def list_remarks(tasks: Iterable[Task]) -> list[str]:
    """What DocRED's keys do not hold, and how many mentions do not stand as they were marked."""
    documents = list_documents(tasks)
    facts = sum(len(list_facts(document, list_vertices(document))) for document in documents)
    relations = sum(len(document.gold.relations) for document in documents)
    mentions = [mention for document in documents for mention in document.gold.mentions]
    numbers = sum(mention.number is not None for mention in mentions)
    moved = sum(len(list_moved(document)) for document in documents)
    return [
        f"lost: which mentions each of {relations} relations joins ({facts} facts), the canonical names, "
        f"the values of {numbers} numbers",
        f"{moved} of {len(mentions)} mentions are widened to whole tokens or cut at the end of a sentence",
    ]


def list_moved(document: Document) -> list[Mention]:
    """The mentions whose borders are no borders of tokens in one sentence."""
    sentences = list(list_sentences(document))
    borders = [
        (sentences[row["sent_id"]]["starts"][row["pos"][0]], sentences[row["sent_id"]]["ends"][row["pos"][1] - 1])
        for row in describe_mentions(document)
    ]
    return [m for m, border in zip(document.gold.mentions, borders, strict=True) if border != (m.start, m.end)]
