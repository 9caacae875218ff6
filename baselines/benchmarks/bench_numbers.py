"""Prints how well and how fast Kazakh numbers are read: `make bench-numbers`.

Five tables: words against digits on KazNERD's pairs; the oracles read back; mentions found in KazNERD's validation text
(see `kaznerd` for how its tokens become text); speed beside dateparser and quantulum3; cost of hostile inputs. The
rules were written while looking at the errors of the first half of the KazNERD file and at the pairs, which come from
the whole of it: the second half shows what the rules do on text whose errors nobody looked at.

The corpora are read from the folder that the command line names.
"""

from __future__ import annotations

import csv
import importlib
import logging
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.kaznerd import KINDS, Sentence, drop_twins, read_sentences, score_sentences
from benchmarks.oracles import (
    CASES,
    compare,
    compare_cases,
    compare_decimals,
    draw_values,
    load_icu,
    load_num2words,
    load_qazaqify,
)
from qatynas import find_numbers, normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RELEASE = "2020-06-01"  # KazNERD's broadcasts have no dates; any one serves to compare words with digits
DRAWN = 20_000
TARGETS = {
    "MONEY": 0.95,
    "PERCENTAGE": 0.96,
    "QUANTITY": 0.88,
    "ORDINAL": 0.88,
    "CARDINAL": 0.82,
    "DATE": 0.80,
    "TIME": 0.60,
}
# Why the pairs that are left differ, by their words.
REASONS = {
    "бір мын төрт жүз елу төрт": "«мың» is misspelt",
    "жылға дейн": "«дейін» is misspelt",
    "мың тоғыз он төртінші жылы": "«жүз» is missing",
    "Тоқсаныншы жылдардағы": "90 in words, 9 in digits",
    "төрт жыл": "4 in words, 14 in digits",
    "өткен жылмен": "'last year' beside 2017",
    "жарты миллионға": "«жарты 1000000-ға» is half in words",
    "біреу": "'somebody', a pronoun by itself",
    "жүзі": "'his face' by itself",
    "онда": "'there' by itself",
    "оны күні": "'him' by itself",
    "төрттік": "'a four', a mark or a quartet",
    "Екінші жартысында": "the half of what, only the context tells",
    "бір және алты жастағы": "two numbers",
    "он тоғызыншы , жиырмасыншы": "two numbers",
    "Жиырма төрттік сағаттық": "'twenty-four-hour', no length or time",
    "екі кештің арасында": "a saying: 'between two evenings'",
}
HOSTILE = (
    *(
        "бір ",
        "бір",
        "бір-",
        "1",
        "1 ",
        "1,",
        "1-",
        "1 – ",
        ",",
        "-",
        "%",
        " ",
        "жүз мың ",
        "оннан ",
        "бір де ",
        "нөл ",
    ),
    *("2 тамыз – ", "2024 жылдан ", "ең көп дегенде ", "таңғы 9-дан ", "5 м/", "$1", "I ", "бір мен ", "111 ", "а"),
)


def print_pairs(path: Path) -> None:
    """Words against digits, by label, and every pair that disagrees."""
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    same, labelled, total, left = Counter[str](), Counter[str](), Counter[str](), []
    for row in rows:
        words, digits = normalize(row["words"], RELEASE), normalize(row["digits"], RELEASE)
        agreed = words is not None and words == digits
        for label in (row["label"], "all"):
            total[label] += 1
            same[label] += agreed
            labelled[label] += agreed and words is not None and words.kind == row["label"]
        if not agreed:
            left.append((row, words, digits))
    print(f"Pairs of words and digits: the same fields read from both ({len(rows)} pairs, target 99 %)")
    for label in (*KINDS, "all"):
        share = same[label] / total[label]
        print(f"  {label:11}{same[label]:5} of {total[label]:5}  {share:7.2%}   of them as labelled {labelled[label]}")
    for row, words, digits in left:
        known = max((words for words in REASONS if words in row["words"]), key=len, default="")
        found = " / ".join("nothing" if number is None else str(number.to_row()) for number in (words, digits))
        print(f"    {row['label']}: {row['words']} | {row['digits']} -> {found} ({REASONS.get(known, '?')})")


def print_oracles() -> None:
    """What each oracle says, read back."""
    values = draw_values(DRAWN)
    print(f"\nOracles read back: 0 to 10,000 and {DRAWN} drawn up to 10^15")
    num2words = load_num2words()
    cardinal, ordinal, decimal = load_qazaqify()
    _print_oracle("num2words cardinals", len(values), compare(num2words, values))
    _print_oracle("qazaqify cardinals", len(values), compare(cardinal, values))
    _print_oracle("qazaqify ordinals", len(values), compare(ordinal, values, ordinal=True))
    _print_oracle("qazaqify decimals", 10_000, compare_decimals(decimal))
    _print_oracle("qazaqify, declined", len(values) * len(CASES), compare_cases(cardinal, values))
    try:
        cardinal, ordinal, decimal = load_icu()
    except ImportError:
        print("  ICU: PyICU is not installed (make oracles)")
        return
    _print_oracle("ICU cardinals", len(values), compare(cardinal, values))
    _print_oracle("ICU ordinals", len(values), compare(ordinal, values, ordinal=True))
    _print_oracle("ICU decimals below 100", 10_000, compare_decimals(decimal, top=100))
    wrong = sum(1 for _ in compare_decimals(decimal))
    print(f"  ICU's fault: {wrong} of 10000 decimals below 10,000 are spoken with their binary error")


def _print_oracle(name: str, count: int, differences: Iterator[tuple[float, str]]) -> None:
    left = list(differences)
    print(f"  {name:24}{count - len(left):7} of {count:7}  {1 - len(left) / count:8.3%}  {left[:3] or ''}")


def print_mentions(sentences: list[Sentence]) -> None:
    """Strict F1 per kind: whole file, without exact duplicates, without spoken twins, and each half."""
    half = len(sentences) // 2
    tables = {
        "all": sentences,
        "distinct": list(dict.fromkeys(sentences)),
        "no twins": drop_twins(sentences),
        "1st half": sentences[:half],
        "2nd half": sentences[half:],
    }
    scores = {name: score_sentences(part) for name, part in tables.items()}
    print("\nMentions in KazNERD's validation text: strict F1 (precision / recall on all sentences)")
    print(f"  {'':11}{'target':>7}" + "".join(f"{name:>10}" for name in tables) + f"{'P / R':>16}{'gold':>7}")
    for kind in (*KINDS, "all"):
        target = f"{TARGETS[kind]:.2f}" if kind in TARGETS else ""
        row = "".join(f"{scores[name][kind][2]:10.3f}" for name in tables)
        precision, recall, _, gold = scores["all"][kind]
        print(f"  {kind:11}{target:>7}{row}{f'{precision:.3f} / {recall:.3f}':>16}{gold:7}")
    print(f"  sentences  {'':7}" + "".join(f"{len(part):10}" for part in tables.values()))


def print_speed(sentences: list[Sentence]) -> None:
    """Megabytes of Kazakh text a second, beside the two libraries that look for dates and quantities in text."""
    text = "\n".join(sentence.text for sentence in sentences)
    ours = max(_rate(find_numbers, text) for _ in range(3))
    print(f"\nSpeed on one core, KazNERD as text ({len(text.encode()) / 1e6:.2f} MB UTF-8; peers on its first 20 kB)")
    print(f"  {'find_numbers':24}{ours:9.4f} MB/s")
    for name, read in _load_peers():
        rate = _rate(read, text[:11_000])
        print(f"  {name:24}{rate:9.4f} MB/s   find_numbers is {ours / rate:.0f} times as fast")


def _load_peers() -> Iterator[tuple[str, Callable[[str], object]]]:
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    try:
        dates = importlib.import_module("dateparser.search")
        yield "dateparser search_dates", lambda text: dates.search_dates(text, languages=["kk"])
    except (ImportError, ValueError) as error:
        print(f"  dateparser: {error}")
    try:
        parser = importlib.import_module("quantulum3.parser")
        yield "quantulum3 parse", parser.parse
    except ImportError as error:
        print(f"  quantulum3: {error}")


def _rate(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    try:
        read(text)
    except Exception as error:  # noqa: BLE001 (a peer that fails is reported, not followed)
        print(f"  (failed: {error})")
    return len(text.encode()) / 1e6 / max(time.process_time() - start, 1e-9)


def print_hostile() -> None:
    """Seconds for a quarter and for a whole megabyte (10^6 characters) of one repeated piece: four times is linear."""
    print("\nHostile inputs: seconds for 250,000 and 1,000,000 characters")
    for piece in HOSTILE:
        times = []
        for size in (250_000, 1_000_000):
            text = (piece * (size // len(piece) + 1))[:size]
            start = time.process_time()
            find_numbers(text, RELEASE)
            times.append(time.process_time() - start)
        print(f"  {piece!r:20}{times[0]:8.2f}{times[1]:8.2f}   x {times[1] / max(times[0], 1e-3):.1f}")


def main() -> None:
    """Print all tables; the first argument is the folder of the reference corpora."""
    corpora = Path(sys.argv[1])
    if not corpora.exists():
        sys.exit(f"{corpora}: the reference corpora are not here; name their folder as the first argument")
    sentences = read_sentences(corpora / "kaznerd_valid.iob2")
    print_pairs(corpora / "kaznerd_number_pairs.tsv")
    print_oracles()
    print_mentions(sentences)
    print_speed(sentences)
    print_hostile()


if __name__ == "__main__":
    main()
