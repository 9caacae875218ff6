"""Canonical names of entity mentions (guidelines, R7): what train has seen, and the rules of `composition`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator

from qatynas_baselines.composition import Page
from qatynas_baselines.endings import clean, inflect, is_abbreviation, strip_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qatynas.document import Document, Mention


class EntityNamer(BaseEstimator):
    """Canonical names for entity mentions: what train has seen, then the rules of case, composition and alias.

    `lexicon_` holds the names of surfaces that mean the same in every document, `lemmas_` the last words of names that
    the rules would spell otherwise, both by type and unambiguous in train.
    """

    def fit(self, documents: Sequence[Document], y: object = None) -> EntityNamer:  # noqa: ARG002
        """This namer, with the lexicon and the lemmas of the documents."""
        names: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        lemmas: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for document in documents:
            for mention in document.gold.mentions:
                if mention.number is None and mention.name:
                    surface = clean(document.text[mention.start : mention.end])
                    names[mention.type][strip_phrase(surface)].add((mention.name, document.doc_id))
                    word, lemma = surface.split()[-1].lower(), mention.name.split()[-1].lower()
                    if word[:3] == lemma[:3] and len(surface.split()) == len(mention.name.split()):
                        lemmas[mention.type][word].add(lemma)
        self.lexicon_ = {kind: _pick_names(kind, by_surface) for kind, by_surface in sorted(names.items())}
        self.lemmas_ = {kind: _pick_lemmas(kind, by_word) for kind, by_word in sorted(lemmas.items())}
        return self

    def name_mentions(self, text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """The same mentions, every entity mention with its canonical name; numbers as they are.

        >>> from qatynas.document import Mention
        >>> text = "ҚР Сыртқы істер министрі Айдос Серікұлы келді. А.Серікұлының сапары басталды."
        >>> spans = ((0, 2, "GPE"), (0, 24, "POSITION"), (25, 39, "PERSON"), (47, 60, "PERSON"), (61, 67, "ACT"))
        >>> named = EntityNamer().fit([]).name_mentions(text, [Mention(*span) for span in spans])
        >>> [mention.name for mention in named]
        ['Қазақстан', 'Қазақстан Сыртқы істер министрі', 'Айдос Серікұлы', 'Айдос Серікұлы', 'сапар']
        """
        page = Page(text, mentions, self.lexicon_, self.lemmas_)
        return tuple(
            replace(mention, name=page.names.get(place)) if place in page.names else mention
            for place, mention in enumerate(mentions)
        )

    def get_state(self) -> dict[str, Any]:
        """Everything learnt, ready for JSON, in sorted order."""
        return {"lemmas": _sort(self.lemmas_), "lexicon": _sort(self.lexicon_)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> EntityNamer:
        """The namer whose `get_state` this is."""
        namer = cls()
        namer.lexicon_, namer.lemmas_ = _sort(state["lexicon"]), _sort(state["lemmas"])
        return namer


def _sort(table: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {kind: dict(sorted(table[kind].items())) for kind in sorted(table)}


def _pick_names(kind: str, by_surface: dict[str, set[tuple[str, str]]]) -> dict[str, str]:
    """The names of surfaces that have one, and one that no single document explains."""
    picked = {}
    for surface, uses in sorted(by_surface.items()):
        names, documents = {name for name, _ in uses}, {document for _, document in uses}
        lasting = kind in ("GPE", "LOCATION") or is_abbreviation(surface) or len(documents) > 1
        if len(names) == 1 and lasting and (name := min(names)) != surface:
            picked[surface] = name
    return picked


def _pick_lemmas(kind: str, by_word: dict[str, set[str]]) -> dict[str, str]:
    return {
        word: min(lemmas)
        for word, lemmas in sorted(by_word.items())
        if len(lemmas) == 1 and min(lemmas) != inflect(kind, [], word).lower()
    }
