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


def measure_transfer(path: Path) -> list[dict[str, str | int | float]]:
    """Strict F1 by label, each way: rows of direction, label, sentences and spans scored, F1.

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
    rows: list[dict[str, str | int | float]] = []
    for source, target in (("train", "file"), ("train", "validation"), ("file", "validation")):
        model = make_crf().fit(*sides[source])
        rows += _score_labels(f"{source} to {target}", sides[target][1], model.predict(sides[target][0]), shared)
    return rows


def _list_sentences(split: str, shared: Sequence[str]) -> tuple[Tags, Tags]:
    """The tokens and the KazNERD tags of a split's sentences."""
    kaznerd = {label.label: label.kaznerd for label in load_schema().labels.values()}
    sequences, tags = [], []
    for document in load_documents(split):
        outermost = find_outermost(document.gold.mentions)
        for start, end in document.sentences:
            tokens = split_tokens(document.text, start, end)
            spans = [(a, b, kaznerd[label] or label) for a, b, label in place_spans(outermost, tokens)]
            sequences.append([document.text[first:last] for first, last in tokens])
            tags.append(_keep(write_tags(spans, len(tokens)), shared))
    return sequences, tags


def _keep(tags: Sequence[str], labels: Sequence[str]) -> list[str]:
    return [tag if tag[2:] in labels else "O" for tag in tags]


def _score_labels(direction: str, gold: Tags, found: Tags, labels: Sequence[str]) -> list[dict[str, str | int | float]]:
    rows: list[dict[str, str | int | float]] = []
    for label in ("all", *labels):
        chosen = labels if label == "all" else [label]
        sides = [[_keep(tags, chosen) for tags in side] for side in (gold, found)]
        spans = sum(len(read_tags(tags)) for tags in sides[0])
        if spans:
            f1 = round(score_tags(*sides), 4)
            rows.append({"direction": direction, "label": label, "spans": spans, "F1": f1})
    return rows
