"""How two readings of one document match beyond their spans: names, normalised numbers, relations, entities.

Everything here yields items (task, measure, group, predicted, gold): what either side says, with the weight that it has
on each side. An item of both sides is credited.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qatynas.document import NUMBER_FIELDS, Mention, holds_mention
from qatynas.rows import place_mentions
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from qatynas.document import Document, Number, Reading

    Span = tuple[int, int, str]
    Key = tuple[str, str, str]  # task, measure, group
    Fact = tuple[Hashable, str, Hashable]
    # credit of what is predicted, number predicted, credit of what is gold, number of gold
    Item = tuple[Key, tuple[float, float, float, float]]

ALL = "all"
NUMBER_MEASURES: dict[str, tuple[str, ...]] = {
    "strict": NUMBER_FIELDS,
    "value": ("value", "value_max"),
    "unit": ("unit",),
    "modifier": ("modifier",),
    "target": ("target",),
    "date": ("date",),
}
DECIMALS = 4  # the guidelines write fractions to four places (N6)


@dataclass(frozen=True, slots=True)
class Known:
    """What the training documents say: entities by type and name, and facts between them."""

    entities: frozenset[Hashable]
    facts: frozenset[Fact]


def learn_known(documents: Iterable[Document]) -> Known:
    """The entities and facts of documents, by name."""
    entities: set[Hashable] = set()
    facts: set[Fact] = set()
    for document in documents:
        names = [name_mention(mention, document.text) for mention in document.gold.mentions]
        entities.update(names)
        facts.update((names[r.head], r.type, names[r.tail]) for r in document.gold.relations)
    return Known(frozenset(entities), frozenset(facts))


def name_mention(mention: Mention, text: str) -> Hashable:
    """What a mention stands for beyond its document: type and name, or kind and normalised fields."""
    if mention.number is None:
        return mention.type, mention.name or text[mention.start : mention.end]
    return mention.type, *round_number(mention.number)


def round_number(number: Number) -> tuple[Hashable, ...]:
    """The fields of a number as they are compared: values to four decimal places, the rest as written."""
    values = (getattr(number, name) for name in NUMBER_FIELDS)
    return tuple(round(value, DECIMALS) if isinstance(value, float) else value for value in values)


def count_items(document: Document, predicted: Reading, known: Known) -> Iterator[Item]:
    """Every item of one document."""
    yield from _count_names(document, predicted)
    yield from _count_subsets(document, predicted, known)
    yield from _count_numbers(document.gold, predicted)
    yield from _count_relations(document, predicted)
    yield from _count_entity_relations(document, predicted, known)


def _both(task: str, measure: str, labels: Iterable[tuple[str, float, float, float]]) -> Iterator[Item]:
    """Items from (label, matched, predicted, gold), each also under `all`."""
    for label, matched, predicted, gold in labels:
        for group in (label, ALL):
            yield (task, measure, group), (matched, predicted, matched, gold)


def _compare(
    task: str, measure: str, found: Iterable[tuple[Any, ...]], gold: Iterable[tuple[Any, ...]]
) -> Iterator[Item]:
    """Items from two sets of tuples whose last field is the label."""
    mine, theirs = set(found), set(gold)
    counts = [(item, item in mine, item in theirs) for item in mine | theirs]
    yield from _both(task, measure, ((item[-1], a and b, a, b) for item, a, b in counts))


def _span(mention: Mention) -> Span:
    return mention.start, mention.end, mention.type


def _count_names(document: Document, predicted: Reading) -> Iterator[Item]:
    """Entity mentions with their borders, label and canonical name."""
    found, gold = (
        {(m.start, m.end, m.name, m.type) for m in reading.mentions if m.number is None}
        for reading in (predicted, document.gold)
    )
    yield from _compare("entity", "name", found, gold)


def _count_subsets(document: Document, predicted: Reading, known: Known) -> Iterator[Item]:
    """Recall of gold entity mentions: seen in train or not by type and name, inside a longer mention or not."""
    found = {_span(mention) for mention in predicted.mentions}
    mentions = document.gold.mentions
    for mention in mentions:
        if mention.number is None:
            hit = float(_span(mention) in found)
            seen = name_mention(mention, document.text) in known.entities
            nested = any(holds_mention(other, mention) for other in mentions)
            for group in ("seen" if seen else "unseen", "nested" if nested else "outermost"):
                yield ("entity", "strict", group), (0, 0, hit, 1)


def _count_numbers(gold: Reading, predicted: Reading) -> Iterator[Item]:
    """Numbers by span and kind, with each field, with all of them, and all of them where span and kind are found."""
    mine, theirs = (
        {_span(m): dict(zip(NUMBER_FIELDS, round_number(m.number), strict=True)) for m in reading.mentions if m.number}
        for reading in (predicted, gold)
    )
    yield from _compare("number", "detection", mine, theirs)
    for measure, names in NUMBER_MEASURES.items():
        found, due = (
            {(tuple(number[name] for name in names), *span) for span, number in side.items()} for side in (mine, theirs)
        )
        yield from _compare("number", measure, found, due)
    for span in mine.keys() & theirs.keys():
        right = float(mine[span] == theirs[span])
        yield from _both("number", "given_mentions", [(span[2], right, 1, 1)])


def _count_relations(document: Document, predicted: Reading) -> Iterator[Item]:
    """Relations by both mentions and label, by borders alone, where both sides have both mentions, by distance."""
    mine, theirs = (_list_facts(reading) for reading in (predicted, document.gold))
    yield from _compare("relation", "strict", mine, theirs)
    found, gold = ({(head[:2], tail[:2], label) for head, tail, label in facts} for facts in (mine, theirs))
    yield from _compare("relation", "boundary", found, gold)
    shared = {_span(m) for m in predicted.mentions} & {_span(m) for m in document.gold.mentions}
    given, sought = ({fact for fact in facts if {fact[0], fact[1]} <= shared} for facts in (mine, theirs))
    yield from _compare("relation", "given_mentions", given, sought)
    for fact in mine | theirs:
        first, second = _place_ends(document, fact)
        group = "in_sentence" if first == second else "cross_sentence"
        both = fact in mine and fact in theirs
        yield ("relation", "strict", group), (both, fact in mine, both, fact in theirs)


def _list_facts(reading: Reading) -> set[tuple[Span, Span, str]]:
    spans = [_span(mention) for mention in reading.mentions]
    return {(spans[relation.head], spans[relation.tail], relation.type) for relation in reading.relations}


def _place_ends(document: Document, fact: tuple[Span, Span, str]) -> list[int]:
    return place_mentions(document, [Mention(*span) for span in fact[:2]])


def _count_entity_relations(document: Document, predicted: Reading, known: Known) -> Iterator[Item]:
    """Facts between entities, as DocRED counts them (Yao et al. 2019; the measures of its evaluation.py).

    A predicted entity stands for the gold one with which it shares most mentions, the earlier one if several do.
    `ign` leaves the correct facts that train has out of precision; `evidence` counts the sentences of correct facts.
    """
    gold = _lift_relations(document, document.gold, {})
    found = _lift_relations(document, predicted, _align_entities(document, predicted))
    names = {_entity_key(m, document.text): name_mention(m, document.text) for m in document.gold.mentions}
    correct = gold.keys() & found.keys()
    trained = sum((names[head], label, names[tail]) in known.facts for head, label, tail in correct)
    size, total = len(found), len(gold)
    yield ("relation", "entity_level", ALL), (len(correct), size, len(correct), total)
    yield ("relation", "entity_level_ign", ALL), (len(correct) - trained, size - trained, len(correct), total)
    proven = sum(len(gold[fact] & found[fact]) for fact in correct)
    claimed, due = (sum(map(len, facts.values())) for facts in (found, gold))
    yield ("relation", "evidence", ALL), (proven, claimed, proven, due)


def _entity_key(mention: Mention, text: str) -> Hashable:
    """The entity of a mention within its document: type and name; a number stands for itself."""
    if mention.type in load_schema().number_labels:
        return _span(mention)
    return mention.type, mention.name or text[mention.start : mention.end]


def _align_entities(document: Document, predicted: Reading) -> dict[Hashable, Hashable]:
    """For each predicted entity the gold entity that it stands for; one that shares no mention has none."""
    text = document.text
    order: dict[Hashable, int] = {}
    owner = {}
    for place, mention in enumerate(document.gold.mentions):
        owner[_span(mention)] = _entity_key(mention, text)
        order.setdefault(owner[_span(mention)], place)
    shared: dict[Hashable, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    for mention in predicted.mentions:
        key = _entity_key(mention, text)
        if _span(mention) in owner:
            shared[key][owner[_span(mention)]] += 1
        else:
            shared[key].setdefault(("unmatched", key), 0)
    return {key: min(counts, key=lambda gold: (-counts[gold], order.get(gold, 0))) for key, counts in shared.items()}


def _lift_relations(document: Document, reading: Reading, aligned: dict[Hashable, Hashable]) -> dict[Fact, set[int]]:
    """The facts between entities that a reading's relations state, and the sentences that prove each."""
    keys = [_entity_key(mention, document.text) for mention in reading.mentions]
    keys = [aligned.get(key, key) for key in keys]
    places = place_mentions(document, reading.mentions)
    facts: dict[Fact, set[int]] = defaultdict(set)
    for relation in reading.relations:
        fact = keys[relation.head], relation.type, keys[relation.tail]
        facts[fact] |= {places[relation.head], places[relation.tail]}
    return dict(facts)
