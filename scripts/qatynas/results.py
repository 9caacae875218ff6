"""What the stored systems score on the present data, for the cards: read from `baselines/results/NAME.json`.

The leaderboard's own reader (`qatynas_baselines.entries`) compares with the data set that is built already; the cards
are written while it is being built, and are content with fewer fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from qatynas import __version__
from qatynas.errors import QatynasError
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from pathlib import Path

TASKS = ("overall", "entity", "relation", "number")
_Name = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_+-]*\Z")]
_Share = Annotated[float, Meta(ge=0, le=1)]


class StoredScore(msgspec.Struct, frozen=True):
    """One measure of one group, from 0 to 1."""

    task: str
    measure: str
    group: str
    f1: _Share | None
    low: _Share | None
    high: _Share | None


class _Report(msgspec.Struct, frozen=True):
    signature: str
    scores: tuple[StoredScore, ...]


class _Reports(msgspec.Struct, frozen=True):
    test: _Report


class _Result(msgspec.Struct, frozen=True):
    name: _Name
    reports: _Reports


def read_scores(folder: Path, digest: str) -> dict[str, dict[str, StoredScore]]:
    """The strict scores on test by system and task, the best system first.

    A system that was scored on other data, by another scorer or under another version is left out; without a folder
    there is none.

    Raises:
        QatynasError: for a file that is no result.
    """
    from qatynas.scoring.report import SCORER, write_signature

    due = write_signature({"qatynas": __version__, "data": digest, "scorer": SCORER, "split": SPLITS[2]}) + "|"
    systems = {}
    for path in sorted(folder.glob("[!.]*.json")):
        if path.name.endswith(".cost.json"):
            continue
        result = _read(path)
        if result.reports.test.signature.startswith(due):
            systems[result.name] = _choose(path, result.reports.test)
    return dict(sorted(systems.items(), key=lambda item: (-(item[1]["overall"].f1 or 0.0), item[0])))


def _read(path: Path) -> _Result:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Result)
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, "restore the file") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise QatynasError(path, " ".join(str(error).split()), "mend the file, or make it again") from error


def _choose(path: Path, report: _Report) -> dict[str, StoredScore]:
    found = {
        score.task: score
        for score in report.scores
        if (score.measure, score.group) == ("strict", "all") and score.f1 is not None
    }
    if missing := [task for task in TASKS if task not in found]:
        raise QatynasError(
            path, f"has no strict F1 of {', '.join(missing)}", "expected all four headline scores", "make it again"
        )
    return {task: found[task] for task in TASKS}
