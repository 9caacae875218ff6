"""Whether a counted figure is a target (guidelines, N7): a small logistic regression over cues of its sentence."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator

from qatynas.document import Number
from qatynas.sentences import split_sentences
from qatynas_baselines.numbers import COUNTED, TIMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qatynas.document import Document, Mention

# What tells a plan from a fact, in lower case (N7).
_CUES = tuple(
    (name, re.compile(rf"\b(?:{pattern})"))
    for name, pattern in (
        ("plan", r"жоспар|көзде|межел|меже\b|мақсат|ниет|болжа|күтіл"),
        ("need", r"тиіс|керек|қажет|мүмкін|болады\b"),
        ("promise", r"уәде|келісті|келісім|уағдалас|ұсын|шешім|туралы|хабарлады|жариялады"),
        ("raise", r"жеткіз|арттыр|көбейт|ұлғайт|өсір|қысқарт|азайт|төменде|биіктет"),
        ("intend", r"\w+(?:[мбп][ае]қ|[мбп]ек)\b"),
        ("future", r"\w+(?:[аеэ]ды|[ае]ді|йды|йді|[ае]мыз|[ае]міз)\b"),
        ("past", r"\w{2,}(?<![аей])(?:[дт]ы|[дт]і)\b"),
        ("perfect", r"\w{2,}[ғқгк][ае]н(?:\b|ы|і)"),
        ("to-be", r"\w+(?:ылатын|ілетін|[ае]тын|йтын|[ае]тін|йтін)"),
        ("verbal", r"\w+[уү]ге\b|\w+уға\b|\w+уды\b|\w+уді\b|\w+у үшін|\w+у\b"),
        ("progress", r"(?:отыр|жатыр|тұр|жүр)\b"),
        ("by", r"\w+ қарай|\w+ дейін"),
        ("from", r"бастап|кейін|соң"),
        ("when", r"былтыр|өткен|осыған дейін|бұрын|қазір|әзірге|бүгін"),
        ("soon", r"биыл|келесі|келер|алда|енді|ендігі|кейін|ертең"),
        ("each", r"жыл сайын|жылына|аптасына|айына|тәулігіне"),
        ("cost", r"құны|жоба|қуаты|салын|салу|салып|құрыл"),
        ("if", r"\w+(?:са|се)\b"),
        ("part", r"соның|оның|олардың|қалған|бұл"),
    )
)


class TargetClassifier(BaseEstimator):
    """Whether a counted figure is a target (N7): a logistic regression over cues of its clause and sentence.

    The weights are learnt by scikit-learn and applied by plain sums, so that the state is JSON and the same everywhere.
    """

    def __init__(self, c: float = 0.3, threshold: float = 0.4) -> None:
        self.c = c
        self.threshold = threshold

    def fit(self, documents: Sequence[Document], y: object = None) -> TargetClassifier:  # noqa: ARG002
        """This classifier, with weights learnt from the adjudicated numbers of the documents."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        rows, labels = [], []
        for document in documents:
            for mention, cues in _list_cues(document.text, document.gold.mentions, document.date):
                rows.append(dict.fromkeys(cues, 1.0))
                labels.append(mention.number is not None and mention.number.target)
        vectorizer = DictVectorizer(sparse=False)  # liblinear takes no sparse rows with 64-bit indices
        model = LogisticRegression(C=self.c, solver="liblinear", random_state=0)
        model.fit(vectorizer.fit_transform(rows), labels)
        # Rounded, so that the last bits of the solver's arithmetic do not enter the state.
        weights = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
        self.weights_ = {str(name): round(float(weight), 6) for name, weight in weights}
        self.bias_ = round(float(model.intercept_[0]), 6)
        return self

    def score_mentions(self, text: str, mentions: Sequence[Mention], date: str) -> list[tuple[Mention, float]]:
        """Every counted mention with the probability that it is a target."""
        return [
            (mention, 1 / (1 + math.exp(-self.bias_ - sum(self.weights_.get(cue, 0.0) for cue in cues))))
            for mention, cues in _list_cues(text, mentions, date)
        ]

    def mark_targets(self, text: str, mentions: Sequence[Mention], date: str = "") -> tuple[Mention, ...]:
        """The same mentions with `target` decided; without a release's date no date of the text is future or past."""
        scores = dict(self.score_mentions(text, mentions, date))
        return tuple(
            replace(mention, number=replace(mention.number or Number(), target=scores[mention] >= self.threshold))
            if mention in scores
            else mention
            for mention in mentions
        )

    def get_state(self) -> dict[str, Any]:
        """Everything learnt, ready for JSON, in sorted order."""
        weights = dict(sorted(self.weights_.items()))
        return {"bias": self.bias_, "c": self.c, "threshold": self.threshold, "weights": weights}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> TargetClassifier:
        """The classifier whose `get_state` this is."""
        classifier = cls(state["c"], state["threshold"])
        classifier.weights_, classifier.bias_ = dict(state["weights"]), state["bias"]
        return classifier


def _list_cues(text: str, mentions: Sequence[Mention], date: str) -> list[tuple[Mention, list[str]]]:
    """Every counted mention with its cues, sorted."""
    sentences = split_sentences(text)
    timed = [m for m in mentions if m.type in TIMED and m.number and m.number.date]
    listed = []
    for mention in mentions:
        if mention.type in COUNTED:
            place = max((i for i, (start, _) in enumerate(sentences) if start <= mention.start), default=0)
            cues = {f"kind={mention.type}", *_read_clause(text, sentences[place], mention, timed, date)}
            if place:
                before = _read_words(text[slice(*sentences[place - 1])])
                cues |= {f"before:{cue}" for cue in before}
            listed.append((mention, sorted(cues)))
    return listed


def _read_clause(
    text: str, sentence: tuple[int, int], mention: Mention, timed: Sequence[Mention], date: str
) -> Iterator[str]:
    """The cues of the sentence, of what follows the figure, of the clause's last word and of the dates around."""
    start, end = sentence
    yield from (f"sentence:{cue}" for cue in _read_words(text[start:end]))
    rest = text[mention.end : end]
    clause = re.split(r"[,;:–]\s", rest, maxsplit=1)[0]
    yield from (f"clause:{cue}" for cue in _read_words(clause))
    yield from (f"head:{cue}" for cue in _read_words(text[start : mention.start]))
    for name, words in (("own", clause), ("last", rest)):
        found = re.findall(r"\w+", words)
        if found:
            yield from (f"{name}-end={found[-1].lower()[-size:]}" for size in (2, 3, 4))
    following = re.findall(r"\w+", rest)[:2]
    yield from (f"next={word.lower()[:5]}" for word in following)
    number = mention.number or Number()
    yield f"modifier={number.modifier}"
    yield f"case={text[mention.end - 2 : mention.end].lower()}"
    for other in timed:
        if date and start <= other.start < end and other.number:
            day = (other.number.date or "").removeprefix("../")
            if day[:1] != "P" and day[:1] != "T":
                yield "date:future" if day[:4] > date[:4] or day > date else "date:past"


def _read_words(words: str) -> list[str]:
    return [name for name, pattern in _CUES if pattern.search(words.lower())]
