"""What every column of the five configs means: the text that the card and the Croissant file share."""

from __future__ import annotations

CONFIG_ROWS = {
    "documents": "a release",
    "ner": "a sentence, IOB2 over the outermost spans",
    "relations": "a pair of mentions that a signature allows",
    "numbers": "a number with its normalised fields",
    "annotations": "one annotator's reading of a release",
}

_DATE = "EDTF date or interval, ISO 8601 duration or time of day; null where the text names none"
# By path inside a row; `CONFIG:PATH` stands before PATH where a config means something else by it.
_COLUMNS = {
    "doc_id": "id of the document",
    "title": "headline; that of an official release is the editors'",
    "text": "the release in NFC; lines end with a line feed",
    "date": "date of the release, ISO 8601",
    "genre": "kind of release",
    "source": "official (published) or composed (written for this data set)",
    "story": "id of the story; documents of one story are in one split",
    "sentences": "sentences in the order of the text",
    "sentences.start": "first character",
    "sentences.end": "character after the last",
    "mentions": "marked spans by start, longest first",
    "mentions.id": "place in this list",
    "mentions.start": "first character",
    "mentions.end": "character after the last",
    "mentions.type": "entity type or number kind",
    "mentions.text": "the words of the span",
    "mentions.entity": "id of its entity; null for a number",
    "entities": "entities: the mentions of one type with one name",
    "entities.id": "place in this list",
    "entities.type": "entity type",
    "entities.name": "canonical name: nominative, spelled out",
    "numbers": "normalised fields of the numbers among the mentions",
    "numbers.mention": "id of the mention",
    "relations": "relations between mentions",
    "relations.id": "place in this list",
    "relations.type": "relation label",
    "relations.head": "id of the head's mention",
    "relations.tail": "id of the tail's mention",
    "relations.evidence": "the sentences in which head and tail begin",
    "value": "the number, or the lower end of a range",
    "value_max": "upper end of a range",
    "unit": "ISO 4217 for money, UCUM for quantities, % for percentages",
    "modifier": "what bounds or blurs the number; null when exact",
    "target": "whether the figure is aimed at, not reached",
    "numbers.date": _DATE,
    "sentence": "number of the sentence in its document, from 0",
    "tokens": "words with their suffixes, and signs",
    "starts": "first character of each token in the release",
    "ends": "character after the last of each token",
    "ner_tags": "IOB2 tag of each token",
    "head": "id of the head's mention in `documents`",
    "tail": "id of the tail's mention in `documents`",
    **{
        f"{end}_{name}": text
        for end in ("head", "tail")
        for name, text in (
            ("type", f"entity type or number kind of the {end}"),
            ("text", f"words of the {end}"),
            ("start", f"first character of the {end} in the release"),
            ("end", f"character after the {end}'s last"),
        )
    },
    "window": "the sentence of both, or the two neighbouring ones",
    "window_start": "first character of the window in the release",
    "sentence_distance": "0 in one sentence, 1 in neighbouring ones",
    "label": "relation label, or NO_RELATION",
    "mention": "id of the mention in `documents`",
    "numbers:text": "the words of the number",
    "start": "first character in the release",
    "end": "character after the last",
    "kind": "number kind",
    "numbers:date": _DATE,
    "numbers:sentence": "the sentence of the number",
    "sentence_start": "first character of the sentence in the release",
    "release_date": "date of the release, ISO 8601",
    "annotator": "who read: the adjudicator or one of the readers",
    "adjudicated": "whether this is the adjudicated reading",
    "guidelines": "version of the guidelines that the reading followed",
}


def describe_column(config: str, path: str) -> str:
    """What a column means; the path of a nested one has dots.

    >>> describe_column("documents", "numbers.unit")
    'ISO 4217 for money, UCUM for quantities, % for percentages'
    """
    for key in (f"{config}:{path}", path, path.rpartition(".")[2]):
        if key in _COLUMNS:
            return _COLUMNS[key]
    raise KeyError(config, path)
