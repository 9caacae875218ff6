"""Prints what our CRF costs and reaches beside CRFsuite with the same features: `make bench-tagger`.

On the distinct sentences of KazNERD's validation text, variants of one sentence (spoken and written numbers) on one
side, 80 % to train and 20 % to test. The features are those of `features`, each a string for CRFsuite (through
sklearn-crfsuite: L-BFGS, penalties 0.1, 100 iterations); ours runs with its defaults. Making features counts as work.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sklearn_crfsuite
from threadpoolctl import threadpool_limits

from qatynas.schema import load_schema
from qatynas_baselines.crf import LinearChainCRF
from qatynas_baselines.features import EDGE, GROUPS, REACH, describe_form, describe_pair
from qatynas_baselines.iob2 import read_iob2
from qatynas_baselines.spans import score_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FOLD = 5
_Result = TypeVar("_Result")


def split_sentences(path: Path) -> tuple[list[tuple[list[str], list[str]]], list[tuple[list[str], list[str]]]]:
    """The training and the test sentences: every fifth family of variants is test.

    Variants share their words but for numbers; they are told by the words that carry no number tag.
    """
    families: dict[str, dict[tuple[str, ...], tuple[list[str], list[str]]]] = {}
    numbers = load_schema().number_labels
    for tokens, tags in read_iob2(path):
        words = [token.lower() for token, tag in zip(tokens, tags, strict=True) if tag[2:] not in numbers]
        families.setdefault(" ".join(words), {})[tuple(tokens)] = (tokens, tags)
    ordered = [list(families[key].values()) for key in sorted(families)]
    train = [pair for place, family in enumerate(ordered) if place % _FOLD for pair in family]
    test = [pair for place, family in enumerate(ordered) if place % _FOLD == 0 for pair in family]
    return train, test


def describe_tokens(tokens: Sequence[str]) -> list[dict[str, float]]:
    """The features of every token as CRFsuite takes them."""
    padded = dict(enumerate(tokens))
    rows = []
    for place in range(len(tokens)):
        row: dict[str, float] = {}
        for offset, reach in REACH.items():
            for group in GROUPS[:reach]:
                names = describe_form(padded.get(place + offset, EDGE), group)
                row.update((f"{offset}:{name}", weight) for name, weight in names)
        for side, pair in (("-", (place - 1, place)), ("+", (place, place + 1))):
            names = describe_pair(padded.get(pair[0], EDGE), padded.get(pair[1], EDGE))
            row.update((f"{side}{name}", weight) for name, weight in names)
        rows.append(row)
    return rows


def _time(work: Callable[[], _Result]) -> tuple[float, _Result]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def main() -> None:
    """Print the table."""
    train, test = split_sentences(Path(sys.argv[1]) / "kaznerd_valid.iob2")
    tokens = sum(len(words) for words, _ in test)
    print(f"{len(train):,} sentences to train, {len(test):,} with {tokens:,} tokens to test; one thread")
    print(f"{'tagger':22}{'training s':>12}{'tokens/s':>11}{'strict F1':>11}")
    with threadpool_limits(1):
        ours = LinearChainCRF()
        trained, _ = _time(lambda: ours.fit([words for words, _ in train], [tags for _, tags in train]))
        read, found = _time(lambda: ours.predict([words for words, _ in test]))
        gold = [tags for _, tags in test]
        print(f"{'qatynas CRF':22}{trained:12.1f}{tokens / read:11,.0f}{score_tags(gold, found):11.4f}", flush=True)
        theirs = sklearn_crfsuite.CRF(
            algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=100, all_possible_transitions=False
        )
        slow, _ = _time(lambda: theirs.fit([describe_tokens(words) for words, _ in train], [tags for _, tags in train]))
        late, other = _time(lambda: theirs.predict([describe_tokens(words) for words, _ in test]))
        print(f"{'sklearn-crfsuite':22}{slow:12.1f}{tokens / late:11,.0f}{score_tags(gold, list(other)):11.4f}")
    print(f"{'ratio':22}{slow / trained:12.1f}{late / read:11.1f}")


if __name__ == "__main__":
    main()
