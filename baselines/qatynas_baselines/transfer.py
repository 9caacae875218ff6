"""How far the composed texts carry to other Kazakh text: trained here, scored on an IOB2 file, and the other way round.

Both sides are taken as flat: of nested mentions the outermost. Only labels that the file and the schema's KazNERD names
share are scored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas import load_documents
from qatynas.errors import QatynasError
from qatynas.schema import load_schema
from qatynas.tokens import find_outermost, split_tokens
from qatynas_baselines.iob2 import read_iob2
from qatynas_baselines.spans import place_spans, read_tags, score_tags, write_tags
from qatynas_baselines.systems import make_crf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Tags = list[list[str]]
    Row = dict[str, str | int | float]


def measure_transfer(path: Path) -> list[Row]:
    """Strict F1 by label, each way: rows of label, spans and F1 on the file, spans and F1s on validation.

    Raises:
        QatynasError: for a file that is not IOB2, or that shares no label with the schema.
    """
    theirs = read_iob2(path)
    names = {label.kaznerd: label.label for label in load_schema().labels.values() if label.kaznerd}
    shared = sorted({tag[2:] for _, tags in theirs for tag in tags} & set(names))
    if not shared:
        raise QatynasError(
            path, "has no label of the schema", f"expected some of {', '.join(sorted(names))}", "map them"
        )
    sides = {
        "file": ([tokens for tokens, _ in theirs], [_keep(tags, shared) for _, tags in theirs]),
        "train": _list_sentences("train", shared),
        "validation": _list_sentences("validation", shared),
    }
    found = {
        (source, target): make_crf().fit(*sides[source]).predict(sides[target][0])
        for source, target in (("train", "file"), ("train", "validation"), ("file", "validation"))
    }
    rows: list[Row] = []
    for label in ("all", *shared):
        chosen = shared if label == "all" else [label]
        row: Row = {"label": label}
        for (source, target), tags in found.items():
            gold = [_keep(sequence, chosen) for sequence in sides[target][1]]
            row[f"spans of {target}"] = sum(len(read_tags(sequence)) for sequence in gold)
            row[f"{source} to {target}"] = round(score_tags(gold, [_keep(sequence, chosen) for sequence in tags]), 4)
        rows.append(row)
    return rows


def _list_sentences(split: str, shared: Sequence[str]) -> tuple[Tags, Tags]:
    """The tokens and the KazNERD tags of a split's sentences."""
    kaznerd = {label.label: label.kaznerd for label in load_schema().labels.values()}
    sequences, tags = [], []
    for document in load_documents(split):
        outermost = find_outermost(document.gold.mentions)
        for start, end in document.sentences:
            tokens = [part for token in split_tokens(document.text, start, end) for part in _cut(document.text, token)]
            spans = [(a, b, kaznerd[label] or label) for a, b, label in place_spans(outermost, tokens)]
            sequences.append([document.text[first:last] for first, last in tokens])
            tags.append(_keep(write_tags(spans, len(tokens)), shared))
    return sequences, tags


def _cut(text: str, token: tuple[int, int]) -> list[tuple[int, int]]:
    """The token, cut where KazNERD cuts: «10,5%-ға» is a figure and a sign with its suffix."""
    start, end = token
    place = text.find("%", start + 1, end)
    return [token] if place < 0 else [(start, place), (place, end)]


def _keep(tags: Sequence[str], labels: Sequence[str]) -> list[str]:
    return [tag if tag[2:] in labels else "O" for tag in tags]
