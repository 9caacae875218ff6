"""Rows of the five configs of the data set, made from documents."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qatynas.document import NUMBER_FIELDS, Mention, Number, Reading, Relation, group_entities
from qatynas.schema import load_schema
from qatynas.tokens import tag_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qatynas.document import Document

    Row = dict[str, Any]

NO_RELATION = "NO_RELATION"
DATA_FIELDS = ("doc_id", "title", "text", "date", "genre", "source", "story")
WINDOW = 1  # the distance in sentences between the two mentions of a candidate pair, at most


def list_documents(document: Document) -> Iterator[Row]:
    """One row: the release with its adjudicated mentions, entities, numbers and relations."""
    data = {name: getattr(document, name) for name in DATA_FIELDS}
    sentences = [{"start": start, "end": end} for start, end in document.sentences]
    yield data | {"sentences": sentences} | describe_reading(document, document.gold)


def list_annotations(document: Document) -> Iterator[Row]:
    """One row a reading, the adjudicated one first: who made it, and what was marked."""
    for reading in (document.gold, *document.readings):
        yield {
            "doc_id": document.doc_id,
            "annotator": reading.annotator,
            "adjudicated": reading is document.gold,
            "guidelines": reading.guidelines,
        } | describe_reading(document, reading)


def describe_reading(document: Document, reading: Reading) -> Row:
    """Mentions, entities, numbers and relations of a reading; ids are places in these lists, from 0.

    A relation's evidence is the sentences in which its two mentions begin.
    """
    entities = group_entities(reading, document.text)
    entity_of = {place: index for index, entity in enumerate(entities) for place in entity.mentions}
    sentence_of = place_mentions(document, reading.mentions)
    return {
        "mentions": [
            {
                "id": place,
                "start": mention.start,
                "end": mention.end,
                "type": mention.type,
                "text": document.text[mention.start : mention.end],
                "entity": entity_of.get(place),
            }
            for place, mention in enumerate(reading.mentions)
        ],
        "entities": [{"id": index, "type": e.type, "name": e.name} for index, e in enumerate(entities)],
        "numbers": [
            {"mention": place, **asdict(mention.number)}
            for place, mention in enumerate(reading.mentions)
            if mention.number is not None
        ],
        "relations": [
            {"id": place, **asdict(r), "evidence": sorted({sentence_of[r.head], sentence_of[r.tail]})}
            for place, r in enumerate(reading.relations)
        ],
    }


def parse_reading(row: Row) -> Reading:
    """The reading that a row of `annotations`, or a row that `describe_reading` gave, holds."""
    names = [entity["name"] for entity in row["entities"]]
    values = {number["mention"]: number for number in row["numbers"]}
    mentions = tuple(
        Mention(
            mention["start"],
            mention["end"],
            mention["type"],
            None if mention["entity"] is None else names[mention["entity"]],
            Number(*(values[place][name] for name in NUMBER_FIELDS)) if place in values else None,
        )
        for place, mention in enumerate(row["mentions"])
    )
    relations = tuple(Relation(r["type"], r["head"], r["tail"]) for r in row["relations"])
    return Reading(row["annotator"], mentions, relations, row["guidelines"])


def list_sentences(document: Document) -> Iterator[Row]:
    """One row a sentence, with IOB2 tags over the outermost spans."""
    for place, (starts, ends, tags) in enumerate(tag_tokens(document)):
        yield {
            "doc_id": document.doc_id,
            "sentence": place,
            "tokens": [document.text[start:end] for start, end in zip(starts, ends, strict=True)],
            "starts": starts,
            "ends": ends,
            "ner_tags": tags,
        }


def list_pairs(document: Document) -> Iterator[Row]:
    """One row a pair of mentions that a signature allows, in one sentence or in neighbouring ones, and its label.

    A pair of mentions that several relations join has a row for each; one that none joins is NO_RELATION.
    """
    mentions = document.gold.mentions
    sentence_of = place_mentions(document, mentions)
    labels: dict[tuple[int, int], list[str]] = {}
    for relation in document.gold.relations:
        labels.setdefault((relation.head, relation.tail), []).append(relation.type)
    for head, tail in list_candidates(document):
        first, last = sorted((sentence_of[head], sentence_of[tail]))
        for label in labels.get((head, tail), [NO_RELATION]):
            yield {
                "doc_id": document.doc_id,
                "head": head,
                "tail": tail,
                **_describe_end(document, head, "head"),
                **_describe_end(document, tail, "tail"),
                "window_start": document.sentences[first][0],
                "window": document.text[document.sentences[first][0] : document.sentences[last][1]],
                "sentence_distance": last - first,
                "label": label,
            }


def list_candidates(document: Document) -> Iterator[tuple[int, int]]:
    """Every ordered pair of different mentions that a signature allows within the window of sentences."""
    mentions = document.gold.mentions
    sentence_of = place_mentions(document, mentions)
    for head, one in enumerate(mentions):
        for tail, other in enumerate(mentions):
            near = abs(sentence_of[head] - sentence_of[tail]) <= WINDOW
            if head != tail and near and load_schema().find_relations(one.type, other.type):
                yield head, tail


def list_numbers(document: Document) -> Iterator[Row]:
    """One row a number of the adjudicated reading, with its sentence and its release's date."""
    sentence_of = place_mentions(document, document.gold.mentions)
    for place, mention in enumerate(document.gold.mentions):
        if mention.number is not None:
            start, end = document.sentences[sentence_of[place]]
            yield {
                "doc_id": document.doc_id,
                "mention": place,
                "text": document.text[mention.start : mention.end],
                "start": mention.start,
                "end": mention.end,
                "kind": mention.type,
                **asdict(mention.number),
                "sentence_start": start,
                "sentence": document.text[start:end],
                "release_date": document.date,
            }


def place_mentions(document: Document, mentions: Iterable[Mention]) -> list[int]:
    """For every mention the index of the sentence in which it begins, or of the one before it."""
    starts = [start for start, _ in document.sentences]
    return [max(0, bisect_right(starts, mention.start) - 1) for mention in mentions]


def _describe_end(document: Document, place: int, end: str) -> Row:
    mention = document.gold.mentions[place]
    return {
        f"{end}_type": mention.type,
        f"{end}_text": document.text[mention.start : mention.end],
        f"{end}_start": mention.start,
        f"{end}_end": mention.end,
    }
