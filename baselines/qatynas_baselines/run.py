"""Train a system, predict, score, and store what the leaderboard needs."""

from __future__ import annotations

import json
import platform
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_info, threadpool_limits

from qatynas import load_documents
from qatynas.errors import QatynasError
from qatynas.predictions import encode_predictions
from qatynas.scoring import score_readings
from qatynas.storage import write_whole
from qatynas_baselines.entries import SECTIONS, encode_result, find_predictions, make_result
from qatynas_baselines.systems import SYSTEMS, make_crf_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qatynas.document import Document, Reading
    from qatynas_baselines.pipeline import Pipeline

    Rows = list[dict[str, Any]]

STUDIED = "crf+rules"  # the system with a learning curve, an ablation and a list of errors
SHARES = (0.05, 0.1, 0.2, 0.4, 0.8)  # of train, and the whole of it
ABLATED = ("numbers", "places", "gram", "affix", "pair")
MOST_ERRORS = 10
AUTHOR = "The Qatynas developers"
TASKS = ("entity", "relation", "number")
_SEED = 20_250_802


def train_system(name: str, documents: Sequence[Document] | None = None) -> Pipeline:
    """A system trained on the training documents, or on those given, and tuned on validation.

    Raises:
        QatynasError: for a name that no system has.
    """
    if name not in SYSTEMS:
        raise QatynasError(f"system {name!r}", f"is none of {', '.join(SYSTEMS)}", "choose one")
    with threadpool_limits(1):  # sums are split otherwise on another number of processors
        trained = SYSTEMS[name].make().fit(load_documents("train") if documents is None else documents)
        return trained.tune(load_documents("validation"))


def run_system(name: str, folder: Path, *, study: bool = False) -> dict[str, Any]:
    """The stored result of a system: trained, run on validation and test, and scored.

    With `study` the system of `STUDIED` also gets a learning curve, an ablation and its errors. Tables that the folder
    holds and that are not made anew are kept. Writes NAME.json, NAME.validation.jsonl and NAME.test.jsonl, which a
    second run gives again to the byte, and NAME.cost.json, which it does not.
    """
    begun = time.perf_counter()
    pipeline = train_system(name)
    trained = time.perf_counter() - begun
    system = SYSTEMS[name]
    facts = {"description": system.description, "author": AUTHOR, "url": None, "uses": list(system.uses)}
    folder.mkdir(parents=True, exist_ok=True)
    documents = {split: load_documents(split) for split in ("validation", "test")}
    begun = time.perf_counter()
    readings = {split: predict_documents(pipeline, documents[split]) for split in documents}
    read = time.perf_counter() - begun
    predictions = {split: find_predictions(folder, name, split) for split in documents}
    for split, path in predictions.items():
        write_whole(path, encode_predictions(readings[split]))
    result = make_result(name, facts, predictions)
    if pipeline.relations is not None:
        result["given_gold_mentions"] = _join_gold_mentions(pipeline)
    result |= _keep_tables(folder / f"{name}.json")
    if study and name == STUDIED:
        result |= study_system(pipeline)
    write_whole(folder / f"{name}.json", encode_result(result))
    characters = sum(len(document.text) for split in documents.values() for document in split)
    cost = {"training_seconds": trained, "characters_per_second": characters / read, "machine": describe_machine()}
    write_whole(folder / f"{name}.cost.json", encode_result(cost))
    return result


def describe_machine() -> str:
    """The kind of processor, as far as the last bits of its arithmetic go: the kernels that OpenBLAS takes for it."""
    kernels = {pool["architecture"] for pool in threadpool_info() if "architecture" in pool}
    return " ".join((platform.machine(), *sorted(kernels)))


def _keep_tables(path: Path) -> dict[str, Any]:
    """The tables of a stored result that a run does not make anew, as far as it has them."""
    try:
        stored = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {key: stored[key] for key in SECTIONS if key in stored}


def store_transfer(rows: Rows, folder: Path) -> Path:
    """The path of the stored result of `crf`, which now holds the rows of `measure_transfer`.

    Raises:
        QatynasError: where the folder has no result of `crf`.
    """
    path = folder / "crf.json"
    try:
        stored = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise QatynasError(path, "cannot be read", error, "make it with `qatynas baseline run crf`") from error
    write_whole(path, encode_result(stored | {"transfer": rows}))
    return path


def predict_documents(pipeline: Pipeline, documents: Sequence[Document]) -> dict[str, Reading]:
    """The readings of documents by id."""
    return dict(zip((document.doc_id for document in documents), pipeline.predict(documents), strict=True))


def _join_gold_mentions(pipeline: Pipeline) -> dict[str, float]:
    """Strict relation F1 by split where the relations are drawn between the adjudicated mentions."""
    from qatynas.document import Reading, sort_reading

    scores = {}
    for split in ("validation", "test"):
        readings = {}
        for document in load_documents(split):
            relations = pipeline.relations.predict_relations(document, document.gold.mentions)
            readings[document.doc_id] = sort_reading(Reading("system", document.gold.mentions, tuple(relations)))
        scores[split] = score_readings(readings, split).find("relation").f1 or 0.0
    return scores


def study_system(pipeline: Pipeline) -> dict[str, Rows]:
    """Learning curve, ablation and most frequent errors of `STUDIED`, given trained; all on validation.

    What else has to be trained is trained on all processors.
    """
    from joblib import Parallel, delayed

    train = load_documents("train")
    parts = list(_cut_training())
    jobs = [delayed(_train_and_score)((), documents) for _, documents in parts]
    jobs += [delayed(_train_and_score)((group,), train) for group in ABLATED]
    scores: list[dict[str, float]] = Parallel(n_jobs=-1)(jobs)
    whole = _score_pipeline(pipeline)
    curve = [
        {"share of train": share, "documents": len(documents)} | scored
        for (share, documents), scored in zip([*parts, (1.0, train)], [*scores[: len(parts)], whole], strict=True)
    ]
    ablation = [
        {"left out": group} | scored
        for group, scored in zip(("nothing", *ABLATED), [whole, *scores[len(parts) :]], strict=True)
    ]
    return {
        "learning_curve": curve,
        "ablation": ablation,
        "errors": list_errors(pipeline, load_documents("validation")),
    }


def _cut_training() -> Iterator[tuple[float, list[Document]]]:
    """Growing parts of the training documents, each within the next, in an order drawn with a seed."""
    import numpy as np

    documents = sorted(load_documents("train"), key=lambda document: document.doc_id)
    order = np.random.default_rng(_SEED).permutation(len(documents))
    for share in SHARES:
        chosen = sorted(order[: max(1, round(share * len(documents)))])
        yield share, [documents[place] for place in chosen]


def _train_and_score(ablated: tuple[str, ...], documents: Sequence[Document]) -> dict[str, float]:
    """The scores of `crf+rules` without groups of features, trained on documents."""
    return _score_pipeline(make_crf_rules(ablated).fit(documents).tune(load_documents("validation")))


def _score_pipeline(pipeline: Pipeline) -> dict[str, float]:
    """The strict F1 scores of a pipeline on validation."""
    readings = predict_documents(pipeline, load_documents("validation"))
    report = score_readings(readings, "validation")
    return {task: round(report.find(task).f1 or 0.0, 4) for task in TASKS}


def list_errors(pipeline: Pipeline, documents: Sequence[Document]) -> Rows:
    """The most frequent kinds of error among mentions: what is missed, added, cut otherwise or labelled otherwise."""
    counts: Counter[str] = Counter()
    for document, reading in zip(documents, pipeline.predict(documents), strict=True):
        gold, found = ({(m.start, m.end, m.type) for m in r.mentions} for r in (document.gold, reading))
        counts.update(_name_error(span, found - gold, "missed") for span in gold - found)
        counts.update(
            f"{span[2]} added" for span in found - gold if _name_error(span, gold - found, "") == f"{span[2]} "
        )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"error": name, "count": count} for name, count in ranked[:MOST_ERRORS]]


def _name_error(span: tuple[int, int, str], others: set[tuple[int, int, str]], otherwise: str) -> str:
    start, end, label = span
    for first, last, kind in sorted(others):
        if (first, last) == (start, end):
            return f"{label} labelled {kind}"
    if any(kind == label and first < end and start < last for first, last, kind in others):
        return f"{label} with other borders"
    return f"{label} {otherwise}"
