"""The floor: mentions of the training documents found again by longest match."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator

from qatynas.document import Mention, Reading, mention_key
from qatynas.tokens import split_tokens
from qatynas_baselines.spans import place_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.document import Document

    Forms = tuple[str, ...]


class LookupTagger(BaseEstimator):
    """Mentions of documents: what training marked with a label in at least half of its occurrences.

    Matches are made on lower-cased words, at each place the longest. What training marked inside a mention is marked
    inside its match too.

    Args:
        share: the part of the occurrences of a form in training that must have been marked.
    """

    def __init__(self, share: float = 0.5) -> None:
        self.share = share

    def fit(self, documents: Sequence[Document], y: object = None) -> LookupTagger:  # noqa: ARG002
        """This tagger with the mentions of documents."""
        marked: dict[Forms, Counter[str]] = defaultdict(Counter)
        inside: dict[Forms, Counter[tuple[tuple[int, int, str], ...]]] = defaultdict(Counter)
        sentences = []
        for document in documents:
            for forms, spans in _list_sentences(document):
                sentences.append(forms)
                for start, end, label in spans:
                    marked[forms[start:end]][label] += 1
                    held = sorted((a - start, b - start, kind) for a, b, kind in spans if start <= a and b <= end)
                    inside[forms[start:end]][tuple(span for span in held if span[1] - span[0] < end - start)] += 1
        seen = _count_forms(sentences, set(marked))
        self.lexicon_ = {
            forms: (min(labels, key=lambda label: (-labels[label], label)), _most_common(inside[forms]))
            for forms, labels in sorted(marked.items())
            if sum(labels.values()) >= self.share * seen[forms]
        }
        self.longest_ = max(map(len, self.lexicon_), default=0)
        return self

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Settings as plain JSON, and no arrays: all that `from_state` needs to predict the same."""
        lexicon = [[list(forms), label, held] for forms, (label, held) in self.lexicon_.items()]
        return {"parameters": self.get_params(), "lexicon": lexicon}, {}

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> LookupTagger:  # noqa: ARG003
        """The trained tagger that `get_state` described."""
        model = cls(**settings["parameters"])
        model.lexicon_ = {
            tuple(forms): (label, tuple((start, end, kind) for start, end, kind in held))
            for forms, label, held in settings["lexicon"]
        }
        model.longest_ = max(map(len, model.lexicon_), default=0)
        return model

    def predict(self, documents: Sequence[Document]) -> list[Reading]:
        """A reading for every document, of mentions alone."""
        return [Reading("system", self.find_mentions(document)) for document in documents]

    def find_mentions(self, document: Document) -> tuple[Mention, ...]:
        """The mentions of one document, without names and values, in the canonical order."""
        found = set()
        for start, end in document.sentences:
            tokens = split_tokens(document.text, start, end)
            forms = tuple(document.text[first:last].lower() for first, last in tokens)
            for first, last, label in self._match(forms):
                found.add((tokens[first][0], tokens[last - 1][1], label))
        return tuple(sorted((Mention(*span) for span in found), key=mention_key))

    def _match(self, forms: Forms) -> Iterator[tuple[int, int, str]]:
        place = 0
        while place < len(forms):
            for size in range(min(self.longest_, len(forms) - place), 0, -1):
                if (entry := self.lexicon_.get(forms[place : place + size])) is not None:
                    label, held = entry
                    yield place, place + size, label
                    yield from ((place + start, place + end, kind) for start, end, kind in held)
                    place += size
                    break
            else:
                place += 1


def _list_sentences(document: Document) -> Iterator[tuple[Forms, list[tuple[int, int, str]]]]:
    for start, end in document.sentences:
        tokens = split_tokens(document.text, start, end)
        forms = tuple(document.text[first:last].lower() for first, last in tokens)
        yield forms, place_spans(document.gold.mentions, tokens)


def _count_forms(sentences: Sequence[Forms], sought: set[Forms]) -> Counter[Forms]:
    """How often each of the sought sequences of forms stands in the sentences."""
    sizes = sorted({len(forms) for forms in sought})
    return Counter(
        forms[place : place + size]
        for forms in sentences
        for size in sizes
        for place in range(len(forms) - size + 1)
        if forms[place : place + size] in sought
    )


def _most_common(counts: Counter[tuple[tuple[int, int, str], ...]]) -> tuple[tuple[int, int, str], ...]:
    return min(counts, key=lambda held: (-counts[held], held))
