"""Relations by structure alone: what one mention inside or directly beside another says, without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator

from qatynas.document import Relation, holds_mention
from qatynas.rows import place_mentions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.document import Document, Mention

STATES, BODIES = ("GPE",), ("ORGANISATION", "GPE")
ACTS = ("ACT", "EVENT")
COUNTS = ("MONEY", "PERCENTAGE", "QUANTITY", "CARDINAL")
# Relations to what lies inside: head type, label, tail types.
INSIDE = (
    ("POSITION", "POSITION_IN", BODIES),
    ("ORGANISATION", "PART_OF", BODIES),
    ("EVENT", "ORGANISED_BY", ("ORGANISATION",)),
    ("EVENT", "PARTICIPANT", ("NORP",)),
    ("FACILITY", "LOCATED_IN", STATES),
    ("LAW", "POINT_IN_TIME", ("DATE",)),
)


class PatternRelations(BaseEstimator):
    """Relations between any mentions of a document, by patterns: precision before recall."""

    def fit(self, documents: Sequence[Document], y: object = None) -> PatternRelations:  # noqa: ARG002
        """This estimator: there is nothing to learn."""
        return self

    def predict_relations(self, document: Document, mentions: Sequence[Mention]) -> tuple[Relation, ...]:
        """The relations between these mentions of a document, sorted by head, tail and label."""
        found = {*_find_inside(mentions), *_find_ordinals(mentions), *_find_beside(document.text, mentions)}
        found |= {*_find_dates(document, mentions)}
        return tuple(sorted(found, key=lambda relation: (relation.head, relation.tail, relation.type)))


def _find_inside(mentions: Sequence[Mention]) -> Iterator[Relation]:
    """A title and its state, a body and its parent, a session and its body: the outermost inside, bodies first."""
    for head, outer in enumerate(mentions):
        inner = [(place, m) for place, m in enumerate(mentions) if holds_mention(outer, m)]
        top = [(place, m) for place, m in inner if not any(holds_mention(other, m) for _, other in inner)]
        for kind, label, tails in INSIDE:
            if outer.type == kind:
                chosen = [place for place, m in top if m.type == tails[0]] or [
                    place for place, m in top if m.type in tails
                ]
                yield from (Relation(label, head, place) for place in chosen)


def _find_ordinals(mentions: Sequence[Mention]) -> Iterator[Relation]:
    """An ordinal and the smallest act, event or title around it."""
    for head, ordinal in enumerate(mentions):
        if ordinal.type == "ORDINAL":
            around = [
                (m.end - m.start, place)
                for place, m in enumerate(mentions)
                if m.type in (*ACTS, "POSITION", "ORGANISATION") and holds_mention(m, ordinal)
            ]
            if around:
                yield Relation("ORDINAL_OF", head, min(around)[1])


def _find_beside(text: str, mentions: Sequence[Mention]) -> Iterator[Relation]:
    """A title directly before a name, and a number directly before what it counts."""
    for one, first in enumerate(mentions):
        for other, second in enumerate(mentions):
            if text[first.end : second.start] == " " and first.end < second.start:
                if (first.type, second.type) == ("POSITION", "PERSON"):
                    yield Relation("HOLDS_POSITION", other, one)
                if first.type in COUNTS and second.type == "MEASURED":
                    yield Relation("HAS_VALUE", other, one)


def _find_dates(document: Document, mentions: Sequence[Mention]) -> Iterator[Relation]:
    """The only date of a sentence and its only act or event."""
    sentences = place_mentions(document, mentions)
    for sentence in sorted(set(sentences)):
        own = [place for place, at in enumerate(sentences) if at == sentence]
        dates = [place for place in own if mentions[place].type == "DATE"]
        acts = [place for place in own if mentions[place].type in ACTS]
        if len(dates) == len(acts) == 1:
            yield Relation("POINT_IN_TIME", acts[0], dates[0])
