"""Prints what counting 100,000 sentences costs beside seqscore, seqeval and nervaluate: `make bench-scoring`.

The corpus is drawn with a seed: sentences of 5 to 35 tokens, 2,000,000 in all, about 100,000 flat spans, of
which the predictions move, relabel, drop or add a fifth. Counting is timed apart from parsing: every tool gets its own
input ready made (tags for seqeval and nervaluate, mentions for seqscore, columns for us).
"""

from __future__ import annotations

import gc
import random
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from nervaluate import Evaluator
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from seqscore.encoding import get_encoding
from seqscore.scoring import ClassificationScore, score_label_sequences, score_sequence_mentions

from qatynas.scoring.intervals import Resampling, compute_scores, find_interval, resample_sums
from qatynas.scoring.spans import MEASURES, Spans, match_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SENTENCES = 100_000
LABELS = [f"L{number:02}" for number in range(25)]
SEED = 20_250_802
RUNS = 3
Sentence = list[tuple[int, int, int]]  # start, end, label


def draw_corpus() -> tuple[list[int], list[Sentence], list[Sentence]]:
    """The lengths in tokens, the gold spans and the predicted ones, sentence by sentence."""
    source = random.Random(SEED)  # noqa: S311 (a benchmark's data)
    lengths, gold, found = [], [], []
    for _ in range(SENTENCES):
        length = source.randint(5, 35)
        spans: Sentence = []
        place = 0
        while (place := place + source.randint(1, 25)) < length:
            end = min(length, place + source.randint(1, 4))
            spans.append((place, end, source.randrange(len(LABELS))))
            place = end
        lengths.append(length)
        gold.append(spans)
        found.append([moved for span in spans for moved in _disturb(span, source)])
    return lengths, gold, found


def _disturb(span: tuple[int, int, int], source: random.Random) -> Sentence:
    """The predicted spans in the place of a gold one: as it is in four cases of five."""
    start, end, label = span
    match source.randrange(20):
        case 0:
            return []
        case 1:
            return [(start, end, source.randrange(len(LABELS)))]
        case 2 if end - start > 1:
            return [(start, end - 1, label)]
        case 3 if end - start > 2:
            return [(start, start + 1, label), (start + 1, end, source.randrange(len(LABELS)))]
    return [span]


def write_tags(lengths: list[int], sentences: list[Sentence]) -> list[list[str]]:
    """IOB2 tags."""
    tagged = []
    for length, spans in zip(lengths, sentences, strict=True):
        tags = ["O"] * length
        for start, end, label in spans:
            tags[start:end] = [f"B-{LABELS[label]}", *[f"I-{LABELS[label]}"] * (end - start - 1)]
        tagged.append(tags)
    return tagged


def to_columns(sentences: list[Sentence]) -> Spans:
    """The spans as columns."""
    return Spans.from_rows((place, *span) for place, spans in enumerate(sentences) for span in spans)


def time_best(work: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """The shortest time in seconds of some runs, and the result."""
    best, result = float("inf"), None
    for _ in range(runs):
        begun = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begun)
    return best, result


def count_by_sentence(gold: Spans, found: Spans) -> NDArray[np.float64]:
    """The strict counts by sentence (sentences, 4), and all other measures beside them."""
    tables = {
        measure: credit.sum(gold.document, found.document, SENTENCES)
        for measure, credit in match_spans(gold, found).items()
    }
    return tables["strict"]


def decode_mentions(gold: list[list[str]], found: list[list[str]]) -> tuple[list[Any], list[Any]]:
    """Seqscore's mentions of both sides."""
    encoding = get_encoding("BIO")
    return [encoding.decode_labels(tags) for tags in gold], [encoding.decode_labels(tags) for tags in found]


def score_mentions(gold: list[Any], found: list[Any]) -> float:
    """Seqscore's strict F1 of mentions that are decoded already."""
    score = ClassificationScore()
    for one, other in zip(found, gold, strict=True):
        score_sequence_mentions(one, other, score)
    return float(score.f1)


def score_seqscore(gold: list[list[str]], found: list[list[str]]) -> float:
    """Seqscore's strict F1 of tags, which it decodes."""
    return float(score_label_sequences(found, gold, "BIO", repair=None)[0].f1)


def score_seqeval(gold: list[list[str]], found: list[list[str]]) -> float:
    """Seqeval's F1 in strict mode."""
    return float(f1_score(gold, found, mode="strict", scheme=IOB2))


def score_nervaluate(gold: list[list[str]], found: list[list[str]]) -> float:
    """Nervaluate's strict F1; it counts all four measures."""
    return float(Evaluator(gold, found, tags=LABELS, loader="list").evaluate()["overall"]["strict"].f1)


def main() -> None:
    """Print the table."""
    lengths, gold, found = draw_corpus()
    columns = [to_columns(side) for side in (gold, found)]
    spans = [len(side) for side in columns]
    print(f"{SENTENCES:,} sentences, {sum(lengths):,} tokens, {spans[0]:,} gold and {spans[1]:,} predicted spans")
    tags = [write_tags(lengths, side) for side in (gold, found)]
    mentions = decode_mentions(*tags)
    gc.collect()
    gc.freeze()  # Python's collector would go through all of the above again and again, whichever tool is timed
    seconds, table = time_best(lambda: count_by_sentence(columns[0], columns[1]))
    f1 = float(compute_scores(table.sum(axis=0))[2])
    print(f"{'tool':34}{'seconds':>9}{'ratio':>8}{'strict F1':>11}")
    print(f"{'qatynas, all ' + str(len(MEASURES)) + ' measures':34}{seconds:9.3f}{1:8.1f}{f1:11.6f}")
    for name, work in {
        "seqscore, from tags": lambda: score_seqscore(*tags),
        "seqscore, from decoded mentions": lambda: score_mentions(*mentions),
        "seqeval, strict mode": lambda: score_seqeval(*tags),
        "nervaluate, all four measures": lambda: score_nervaluate(*tags),
    }.items():
        theirs, value = time_best(work, 1)
        print(f"{name:34}{theirs:9.3f}{theirs / seconds:8.1f}{value:11.6f}")
    taken, bounds = time_best(lambda: _bootstrap(table[:, np.newaxis]))
    print(f"{'1,000 bootstrap resamples':34}{taken:9.3f}{taken / seconds:8.1f}   {bounds[0]:.4f} – {bounds[1]:.4f}")


def _bootstrap(table: NDArray[np.float64]) -> tuple[float, float]:
    sums = np.concatenate(list(resample_sums(table, Resampling(1000))))
    low, high = find_interval(compute_scores(sums)[2])
    return float(low[0]), float(high[0])


if __name__ == "__main__":
    main()
