"""Nested mentions by sequence tagging: one model for the outermost spans, one for those inside, level by level.

The first estimator tags the outermost spans. The second sees each token with the tag of the level above as a further
column, is trained on all deeper levels at once, and is run again and again until it finds nothing more. Tried on
validation and left out: a model a label, every label flat in itself (strict F1 over all spans 0.709; the levels 0.726
with the same features and training).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, clone

from qatynas import find_numbers
from qatynas.document import Mention, Reading, mention_key
from qatynas.tokens import split_tokens
from qatynas_baselines.crf import LinearChainCRF
from qatynas_baselines.linear import LogisticTagger
from qatynas_baselines.spans import MOST_LEVELS, place_spans, read_tags, split_levels, write_tags
from qatynas_baselines.states import is_state_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.document import Document
    from qatynas.scoring.facts import Span

    Sentence = list[tuple[int, int]]  # the (start, end) of its tokens

NUMBERS, PLACES = "numbers", "places"


class NestedTagger(BaseEstimator):
    """Mentions (span and type) of documents, nested ones too.

    Args:
        estimator: tags sequences of tokens (`fit(X, y)`, `predict(X)`), as `LinearChainCRF` does.
        columns: what a token is described by beside its form: `numbers`, the tags of `qatynas.find_numbers`; `places`,
            whether the word is the Kazakh name of a state in CLDR with any ending.
    """

    def __init__(self, estimator: Any = None, columns: tuple[str, ...] = ()) -> None:
        self.estimator = estimator
        self.columns = columns

    def fit(self, documents: Sequence[Document], y: object = None) -> NestedTagger:  # noqa: ARG002
        """This tagger, trained on the adjudicated mentions of documents."""
        model = LinearChainCRF() if self.estimator is None else self.estimator
        outer, tags, inner, inner_tags = [], [], [], []
        for document in documents:
            for sentence, tokens in self._describe(document):
                length = len(tokens)
                levels = [
                    write_tags(level, length) for level in split_levels(place_spans(document.gold.mentions, sentence))
                ]
                levels = levels[:MOST_LEVELS] or [["O"] * length]
                outer.append(tokens)
                tags.append(levels[0])
                for above, below in zip(levels, [*levels[1:], ["O"] * length], strict=True):
                    if any(tag != "O" for tag in above):
                        inner.append(_add_column(tokens, above))
                        inner_tags.append(below)
        self.outer_ = clone(model).fit(outer, tags)
        self.inner_ = clone(model).fit(inner, inner_tags)
        return self

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Settings as plain JSON, and arrays: all that `from_state` needs to predict the same."""
        settings: dict[str, Any] = {"columns": list(self.columns), "kind": type(self.outer_).__name__}
        arrays: dict[str, Any] = {}
        for level, model in (("outer", self.outer_), ("inner", self.inner_)):
            settings[level], own = model.get_state()
            arrays |= {f"{level}.{name}": array for name, array in own.items()}
        return settings, arrays

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> NestedTagger:
        """The trained tagger that `get_state` described."""
        kind: Any = {"LinearChainCRF": LinearChainCRF, "LogisticTagger": LogisticTagger}[settings["kind"]]
        tagger = cls(None, tuple(settings["columns"]))
        levels = {
            level: {name.partition(".")[2]: array for name, array in arrays.items() if name.startswith(f"{level}.")}
            for level in ("outer", "inner")
        }
        tagger.outer_ = kind.from_state(settings["outer"], levels["outer"])
        tagger.inner_ = kind.from_state(settings["inner"], levels["inner"])
        return tagger

    def predict(self, documents: Sequence[Document]) -> list[Reading]:
        """A reading for every document, of mentions alone, without names and values."""
        described = [list(self._describe(document)) for document in documents]
        sequences = [tokens for sentences in described for _, tokens in sentences]
        levels = self._predict_levels(sequences)
        readings, place = [], 0
        for sentences in described:
            mentions = set()
            for sentence, _ in sentences:
                for start, end, label in levels[place]:
                    mentions.add(Mention(sentence[start][0], sentence[end - 1][1], label))
                place += 1
            readings.append(Reading("system", tuple(sorted(mentions, key=mention_key))))
        return readings

    def _predict_levels(self, sequences: list[list[tuple[str, ...]]]) -> list[list[tuple[int, int, str]]]:
        """The spans of every sequence, all levels together."""
        tags = self.outer_.predict(sequences)
        found = [read_tags(sequence) for sequence in tags]
        open_ = [place for place, spans in enumerate(found) if spans]
        above = {place: tags[place] for place in open_}
        for _ in range(MOST_LEVELS - 1):
            if not open_:
                break
            tags = self.inner_.predict([_add_column(sequences[place], above[place]) for place in open_])
            above = {place: inner for place, inner in zip(open_, tags, strict=True) if any(t != "O" for t in inner)}
            open_ = [place for place, inner in above.items() if not set(read_tags(inner)) <= set(found[place])]
            for place in open_:
                found[place] += read_tags(above[place])
        return found

    def score(self, documents: Sequence[Document], y: object = None) -> float:  # noqa: ARG002
        """Strict micro F1 over the spans of documents."""
        pairs = zip(documents, self.predict(documents), strict=True)
        sides: list[tuple[set[Span], set[Span]]] = [
            ({(m.start, m.end, m.type) for m in d.gold.mentions}, {(m.start, m.end, m.type) for m in r.mentions})
            for d, r in pairs
        ]
        both = sum(len(gold & found) for gold, found in sides)
        return 2 * both / max(sum(len(gold) + len(found) for gold, found in sides), 1)

    def _describe(self, document: Document) -> Iterator[tuple[Sentence, list[tuple[str, ...]]]]:
        """Every sentence with its tokens, and each token with its columns."""
        numbers = find_numbers(document.text, document.date or None, with_nouns=True) if NUMBERS in self.columns else []
        kinds = [Mention(number.start, number.end, number.kind) for number in numbers]
        for start, end in document.sentences:
            sentence = split_tokens(document.text, start, end)
            forms = [document.text[first:last] for first, last in sentence]
            columns = [forms]
            if NUMBERS in self.columns:
                columns.append(write_tags(place_spans(kinds, sentence), len(forms)))
            if PLACES in self.columns:
                columns.append(["state" if is_state_form(form) else "-" for form in forms])
            yield sentence, list(zip(*columns, strict=True))


def _add_column(tokens: Sequence[tuple[str, ...]], column: Sequence[str]) -> list[tuple[str, ...]]:
    return [(*token, value) for token, value in zip(tokens, column, strict=True)]
