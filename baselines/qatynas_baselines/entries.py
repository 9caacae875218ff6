"""The entries of the leaderboard: what is stored of a system, read with every fault located, and made.

A folder of results has for every system `NAME.json` (facts and reports), `NAME.test.jsonl` and
`NAME.validation.jsonl` (its predictions), and where its cost was measured `NAME.cost.json`.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from qatynas.data import hash_dataset, list_splits
from qatynas.errors import QatynasError
from qatynas.scoring import Resampling, score_file, write_signature
from qatynas.scoring.facts import ALL
from qatynas.scoring.report import DEFAULT, OVERALL, sign
from qatynas.scoring.tally import HEADLINE
from qatynas.storage import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPLITS = ("test", "validation")
STRICT = ((OVERALL, "strict", ALL), *HEADLINE)
# The tables that a result may have, and their titles.
SECTIONS = {"learning_curve": "Learning curve", "ablation": "Ablation", "errors": "Errors", "transfer": "Transfer"}
TOLERANCE = 1e-9  # of a score that is computed again, perhaps on another machine
AGAIN = "score its predictions again with `qatynas leaderboard --add`"
_Share = Annotated[float, Meta(ge=0, le=1)]
_Count = Annotated[int, Meta(ge=0)]
_Words = Annotated[str, Meta(pattern=r"\S")]
_Name = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_+-]*\Z")]  # without a dot: NAME.test.jsonl is of NAME
_Address = Annotated[str, Meta(pattern=r"\Ahttps?://[^\s<>()|]+\Z")]
_Row = dict[str, str | int | float | bool | None]
_Kind = TypeVar("_Kind")


class StoredScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure of a group, as `qatynas.scoring.Score` has it."""

    task: str
    measure: str
    group: str
    precision: _Share | None
    recall: _Share | None
    f1: _Share | None
    low: _Share | None
    high: _Share | None
    predicted: _Count
    gold: _Count

    @property
    def key(self) -> tuple[str, str, str]:
        """Task, measure and group."""
        return self.task, self.measure, self.group

    def list_changes(self, again: StoredScore) -> list[str]:
        """The fields that another computation gives otherwise, with both values."""
        values = ((name, value, getattr(again, name)) for name, value in msgspec.structs.asdict(self).items())
        return [f"{name} {one}, scored again {other}" for name, one, other in values if not _equal(one, other)]


class StoredReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report on one split, as `qatynas.scoring.Report.to_row` gives it."""

    signature: str
    missing: tuple[str, ...]
    scores: tuple[StoredScore, ...]

    def find(self, task: str, measure: str = "strict", group: str = ALL) -> StoredScore | None:
        """The score of this measure and group, or None."""
        return next((score for score in self.scores if score.key == (task, measure, group)), None)

    def find_f1(self, task: str, measure: str = "strict", group: str = ALL) -> float | None:
        """The F1 of this measure and group, or None."""
        return score.f1 if (score := self.find(task, measure, group)) else None

    def parse_signature(self) -> dict[str, str]:
        """The parts of the signature by name."""
        parts = (part.partition(":") for part in self.signature.split("|"))
        return {key: value for key, _, value in parts}

    def parse_resampling(self) -> Resampling:
        """How the intervals were drawn, by the signature.

        Raises:
            ValueError: where the signature does not say so in numbers.
        """
        parts = self.parse_signature()
        rounds, seed = (int(parts.get(key, "")) for key in ("resamples", "seed"))
        if rounds < 1 or seed < 0:
            raise ValueError(self.signature)
        return Resampling(rounds, seed)


class Reports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The reports of a system."""

    test: StoredReport
    validation: StoredReport


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What its author says of a system: `uses` lists everything it was trained on; the last four are flat rows."""

    name: _Name
    description: _Words
    author: _Words
    uses: tuple[_Words, ...]
    url: _Address | None = None
    learning_curve: tuple[_Row, ...] = ()
    ablation: tuple[_Row, ...] = ()
    errors: tuple[_Row, ...] = ()
    transfer: tuple[_Row, ...] = ()


class Result(Facts, frozen=True, kw_only=True):
    """A system with its scores; other keys of its file stay there unread."""

    reports: Reports


class Cost(msgspec.Struct, frozen=True):
    """What training and reading cost, and on which machine."""

    training_seconds: Annotated[float, Meta(ge=0)]
    characters_per_second: Annotated[float, Meta(gt=0)]
    machine: _Words


def read_results(folder: Path) -> list[Result]:
    """The systems of a folder by name, each complete and scored on the present data.

    Raises:
        QatynasError: for the first fault: file, place, cure.
    """
    return [read_result(path) for path in list_results(folder)]


def list_results(folder: Path) -> list[Path]:
    """Every `NAME.json` of a folder, sorted.

    Raises:
        QatynasError: where there is no such folder.
    """
    if not folder.is_dir():
        raise QatynasError(folder, "is no folder", "expected one of results", "name the folder baselines/results")
    names = (path for path in folder.glob("*.json") if not path.name.startswith("."))
    return sorted(path for path in names if not path.name.endswith(".cost.json"))


def read_result(path: Path) -> Result:
    """The system of one `NAME.json`.

    Raises:
        QatynasError: for a fault of the file, a score made on other data, or predictions that are missing.
    """
    result = _decode(path, Result)
    if result.name != path.stem:
        raise QatynasError(path, f"has the name {result.name!r}", f"expected {path.stem!r}", "rename file or system")
    for split in SPLITS:
        _check_report(f"{path} reports.{split}", split, getattr(result.reports, split))
        if not (predictions := find_predictions(path.parent, result.name, split)).is_file():
            raise QatynasError(predictions, "is missing", "put the predictions there that were scored")
    return result


def find_predictions(folder: Path, name: str, split: str) -> Path:
    """The place of a system's predictions."""
    return folder / f"{name}.{split}.jsonl"


def read_cost(folder: Path, name: str) -> Cost | None:
    """What a system cost, or None where it was not measured.

    Raises:
        QatynasError: for a fault of the file.
    """
    path = folder / f"{name}.cost.json"
    return _decode(path, Cost) if path.exists() else None


def make_result(
    name: str, facts: Mapping[str, Any], predictions: Mapping[str, Path], resampling: Resampling = DEFAULT
) -> dict[str, Any]:
    """The content of `NAME.json`: a system's facts, and the reports on its predictions for test and validation.

    Raises:
        QatynasError: for facts that are missing or malformed, and for predictions with a finding.
    """
    place = f"facts of {name}"
    for key, due in {"reports": None, "name": name}.items():
        if facts.get(key, due) != due:
            raise QatynasError(place, f"say {key!r} themselves", "expected facts alone", f"leave {key!r} out")
    if sorted(predictions) != sorted(SPLITS):
        found, due_splits = ", ".join(sorted(predictions)) or "no split", " and ".join(SPLITS)
        raise QatynasError(
            place, f"come with predictions for {found}", f"expected {due_splits}", "give a file for each"
        )
    try:
        msgspec.convert({**facts, "name": name}, Facts)
    except msgspec.ValidationError as error:
        raise QatynasError(place, _flatten(error), "mend them") from error
    reports = {split: _score(path, split, resampling) for split, path in predictions.items()}
    return {"name": name, **facts, "reports": reports}


def add_result(
    folder: Path, name: str, facts: Path, predictions: Mapping[str, Path], resampling: Resampling = DEFAULT
) -> Path:
    """The `NAME.json` that was written into a folder of results, its predictions beside it.

    Raises:
        QatynasError: as `make_result`, for facts that cannot be read, and where the folder cannot be written to.
    """
    result = make_result(name, _decode(facts, dict[str, Any]), predictions, resampling)
    for split, path in predictions.items():
        write_whole(find_predictions(folder, name, split), path.read_bytes())
    write_whole(folder / f"{name}.json", encode_result(result))
    return folder / f"{name}.json"


def encode_result(result: Mapping[str, Any]) -> bytes:
    """The bytes of a `NAME.json`."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"


def _score(path: Path, split: str, resampling: Resampling) -> dict[str, Any]:
    report, issues = score_file(path, split, resampling)
    if report is None:
        cure = f"see all with `qatynas score {path.name} --split {split}`"
        raise QatynasError(path, f"{len(issues)} findings, the first: {issues[0]}", cure)
    row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(report.to_row()))  # with lists, as it is read
    return row


def _check_report(place: str, split: str, report: StoredReport) -> None:
    """Raise an error where a report is of other data or lacks a headline score."""
    found = report.parse_signature()
    try:
        resampling = report.parse_resampling()
    except ValueError:
        raise QatynasError(
            place, f"has the signature {report.signature!r}", "expected one of this scorer", AGAIN
        ) from None
    due = sign(split, _count_documents()[split], hash_dataset(), len(report.missing), resampling)
    for key, value in StoredReport(write_signature(due), (), ()).parse_signature().items():
        if found.get(key) != value:
            raise QatynasError(place, f"was scored with {key} {found.get(key)}", f"here it is {value}", AGAIN)
    for task, measure, group in STRICT:
        if report.find_f1(task, measure, group) is None:
            raise QatynasError(place, f"has no F1 of {task} {measure}", "expected one from 0 to 1", AGAIN)


@cache
def _count_documents() -> Counter[str]:
    return Counter(list_splits().values())


def _decode(path: Path, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, "restore the file") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise QatynasError(path, _flatten(error), "mend the file, or make it again") from error


def _flatten(error: Exception) -> str:
    return " ".join(str(error).split())


def _equal(one: float | str | None, other: float | str | None) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=TOLERANCE)
    return one == other
