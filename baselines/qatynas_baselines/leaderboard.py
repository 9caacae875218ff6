"""The leaderboard: stored results (`entries`) ranked, rendered, and verified against the predictions beside them."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from qatynas import __version__
from qatynas.data import list_splits, load_documents
from qatynas.errors import QatynasError
from qatynas.predictions import read_predictions
from qatynas.schema import load_schema
from qatynas.scoring import score_file
from qatynas.scoring.facts import Known
from qatynas.scoring.intervals import adjust_holm
from qatynas.scoring.report import DEFAULT, OVERALL, compare_tallies
from qatynas.scoring.tally import HEADLINE, Tally, tally_readings
from qatynas.storage import write_whole
from qatynas_baselines.entries import (
    AGAIN,
    SECTIONS,
    SPLITS,
    STRICT,
    Result,
    StoredReport,
    StoredScore,
    add_result,
    find_predictions,
    list_results,
    make_result,
    read_cost,
    read_result,
    read_results,
)
from qatynas_baselines.tables import render_table, write_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from qatynas.document import Document
    from qatynas.scoring.intervals import Resampling
    from qatynas_baselines.entries import Cost

__all__ = [
    "Result",
    "add_result",
    "make_result",
    "rank_systems",
    "read_results",
    "render_leaderboard",
    "update_leaderboard",
    "verify_results",
]

LEVEL = 0.05
FILE = "LEADERBOARD.md"
RELAXED = {
    "entity partial": ("entity", "partial"),
    "relation, mentions given": ("relation", "given_mentions"),
    "relation, entity level": ("relation", "entity_level"),
    "Ign": ("relation", "entity_level_ign"),
    "number found": ("number", "detection"),
    "number, mentions given": ("number", "given_mentions"),
}


def rank_systems(results: Sequence[Result], folder: Path, resampling: Resampling = DEFAULT) -> list[tuple[int, Result]]:
    """The systems with their ranks, by overall strict F1 on test, then by name.

    The best system leads the first group. A leader is compared with every system below it, as
    `qatynas.scoring.compare_files` does (approximate randomisation over the documents of test, overall F1, two-sided);
    Holm's correction (1979) is over all these comparisons. The systems above the first whose corrected p is under 0.05
    share the leader's rank; that one leads the next group in the same way. A group's rank is one more than the number
    of systems above the group. The correction is over a leader's comparisons, not over all pairs: n documents give no
    p under 2^(1-n), so that with eleven of them eleven systems of any quality would share one rank.

    Raises:
        QatynasError: for a predictions file that is missing or faulty.
    """
    ordered = sorted(results, key=lambda result: (-(result.reports.test.find_f1(OVERALL) or 0.0), result.name))
    documents = load_documents("test")
    tallies = [_tally_predictions(documents, folder, result) for result in ordered]

    def compare(one: int, other: int) -> float:
        return compare_tallies(tallies[one], tallies[other], resampling)[0].p

    return list(zip(find_ranks(len(ordered), compare), ordered, strict=True))


def find_ranks(systems: int, compare: Callable[[int, int], float]) -> list[int]:
    """The ranks, from 1, of systems in order; `compare` gives the p-value of the difference of two places.

    >>> find_ranks(4, lambda one, other: 0.001 if one < 2 <= other else 0.5)
    [1, 1, 3, 3]
    """
    ranks: list[int] = []
    while len(ranks) < systems:
        leader = len(ranks)
        adjusted = adjust_holm([compare(leader, place) for place in range(leader + 1, systems)])
        size = next((place for place, p in enumerate(adjusted, 1) if p < LEVEL), systems - leader)
        ranks += [leader + 1] * size
    return ranks


def _tally_predictions(documents: Sequence[Document], folder: Path, result: Result) -> Tally:
    """The counts of a system on test; its headline does not depend on what train knows."""
    path = find_predictions(folder, result.name, "test")
    missing = bool(result.reports.test.missing)
    readings, issues = read_predictions(path, documents, allow_missing=missing, elsewhere=list_splits())
    if issues:
        cure = f"see all with `qatynas score {path.name}`"
        raise QatynasError(path, f"{len(issues)} findings, the first: {issues[0]}", cure)
    return tally_readings(documents, readings, Known(frozenset(), frozenset()))


def render_leaderboard(results: Sequence[Result], folder: Path, resampling: Resampling = DEFAULT) -> str:
    """The leaderboard as Markdown: the same results give the same text.

    Raises:
        QatynasError: for a file of predictions or cost that is faulty.
    """
    import jinja2

    environment = jinja2.Environment(  # noqa: S701 (Markdown, not HTML)
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    ranked = rank_systems(results, folder, resampling)
    ordered = [result for _, result in ranked]
    costs = [(result.name, read_cost(folder, result.name)) for result in ordered]
    return environment.get_template("leaderboard.md.j2").render(
        version=__version__,
        sources=Counter(document.source for document in load_documents("test")),
        level=LEVEL,
        systems=[_describe(result) for result in ordered],
        headline=render_table([_list_headline(rank, result) for rank, result in ranked]),
        relaxed=render_table([list_relaxed(result) for result in ordered]),
        comparison=_compare_sources(ordered[0]) if ordered else "",
        costs=render_table([list_cost(name, cost) for name, cost in costs if cost]),
        sections=[
            (title, [(result.name, render_table(rows)) for result in ordered if (rows := getattr(result, key))])
            for key, title in SECTIONS.items()
        ],
    )


def _describe(result: Result) -> dict[str, str]:
    signatures = {split: getattr(result.reports, split).signature for split in SPLITS}
    return {
        "name": _link(result),
        "author": write_cell(result.author),
        "description": write_cell(result.description).rstrip("."),
        "uses": write_cell(", ".join(result.uses) or "nothing"),
        **signatures,
    }


def _link(result: Result) -> str:
    return f"[{result.name}]({result.url})" if result.url else result.name


def _list_headline(rank: int, result: Result) -> dict[str, object]:
    scores = {task: result.reports.test.find(task) for task, _, _ in STRICT}
    return {"rank": rank, "system": _link(result)} | {
        task: _write_score(score) for task, score in scores.items() if score
    }


def _write_score(score: StoredScore) -> str:
    interval = "" if score.low is None else f" ({score.low:.3f}–{score.high:.3f})"
    return f"{score.f1 or 0:.3f}{interval}"


def list_relaxed(result: Result) -> dict[str, object]:
    """The row of other measures: F1 by column, None where there is none."""
    test = result.reports.test
    shares: dict[str, object] = {title: test.find_f1(*key) for title, key in RELAXED.items()}
    for source in load_schema().sources:
        parts = [test.find_f1(task, measure, f"source={source}") for task, measure, _ in HEADLINE]
        shares[source] = None if None in parts else math.fsum(part or 0.0 for part in parts) / len(parts)
    return {"system": _link(result), **shares, "validation": result.reports.validation.find_f1(OVERALL)}


def _compare_sources(best: Result) -> str:
    """How the best system does on the real text beside the composed ones, as the end of a sentence."""
    scores = list_relaxed(best)
    official, composed = scores["official"], scores["composed"]
    if not isinstance(official, float) or not isinstance(composed, float):
        return ""
    return f"; {best.name} reaches {official:.3f} on the real text, {composed:.3f} on the composed ones"


def list_cost(name: str, cost: Cost) -> dict[str, object]:
    """The row of costs."""
    speed = cost.characters_per_second
    return {"system": name, "training, s": cost.training_seconds, "characters / s": speed, "machine": cost.machine}


def update_leaderboard(results: Path, target: Path, resampling: Resampling = DEFAULT) -> bool:
    """Whether the page changed: it is written whole from a folder of results, and not at all where it is the same.

    Raises:
        QatynasError: for the first fault of a result, and where the page cannot be written.
    """
    page = render_leaderboard(read_results(results), results, resampling).encode()
    if page == _read_page(target):
        return False
    write_whole(target, page)
    return True


def verify_results(
    results: Path,
    target: Path | None = None,
    resampling: Resampling = DEFAULT,
    watch: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> list[str]:
    """A line for everything that is wrong with a folder of results; none where all is well.

    Every predictions file is scored again, with the resamples and the seed of its signature; `resampling` is of the
    ranks. `target` is the page, `LEADERBOARD.md` beside the folder unless given. `watch` sees the systems go by.

    Raises:
        QatynasError: where there is no such folder.
    """
    paths = list_results(results)
    lines = [line for path in watch(paths) for line in _verify_entry(path)]
    strays = [*results.glob("*.jsonl"), *results.glob("*.cost.json")]
    names = {path.stem for path in paths}
    cure = "is of no system: add its facts and scores, or remove it"
    lines += [f"{stray}: {cure}" for stray in sorted(strays) if stray.name.split(".")[0] not in names]
    try:
        page = render_leaderboard(read_results(results), results, resampling).encode()
    except QatynasError:
        return lines  # the fault has its line already
    target = target or results.parent / FILE
    if _read_page(target) != page:
        lines.append(f"{target}: is not what the results give: write it with `qatynas leaderboard`")
    return lines


def _read_page(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except OSError:
        return None  # writing tells what is wrong with the place


def _verify_entry(path: Path) -> Iterator[str]:
    try:
        result = read_result(path)
    except QatynasError as error:
        yield str(error)
        return
    for split in SPLITS:
        yield from _verify_scores(path, split, getattr(result.reports, split))
    try:
        read_cost(path.parent, result.name)
    except QatynasError as error:
        yield str(error)


def _verify_scores(path: Path, split: str, stored: StoredReport) -> Iterator[str]:
    predictions = find_predictions(path.parent, path.stem, split)
    report, issues = score_file(predictions, split, stored.parse_resampling(), allow_missing=bool(stored.missing))
    if report is None:
        yield from map(str, issues)
        return
    again = msgspec.convert(report.to_row(), StoredReport)
    place = f"{path} reports.{split}"
    if (again.signature, again.missing) != (stored.signature, stored.missing):
        yield f"{place}: has the signature {stored.signature}, scored again {again.signature}: {AGAIN}"
    fresh = {score.key: score for score in again.scores}
    for score in stored.scores:
        where = f"{place} {' '.join(score.key)}"
        if score.key not in fresh:
            yield f"{where}: stands twice, or the predictions give no such score: {AGAIN}"
        elif changes := score.list_changes(fresh.pop(score.key)):
            yield f"{where}: {', '.join(changes)}: {AGAIN}"
    for key in fresh:
        yield f"{place} {' '.join(key)}: is missing: {AGAIN}"
