"""The folder that an extraction writes: what it belongs to, and which parts are done."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from qatynas import __version__
from qatynas.errors import QatynasError
from qatynas.storage import write_whole
from qatynas_baselines.extraction.parts import Columns  # noqa: TC001 (msgspec reads the types)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qatynas_baselines.extraction.parts import Part

LEDGER = "extraction.json"
_TAIL = 2**16  # bytes at the end of a file: those of Parquet say where every column lies and what range it has


class Source(msgspec.Struct, frozen=True):
    """An input file, told from another by its size and the SHA-256 of its last 64 KiB."""

    name: str
    size: int
    tail: str


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """All that the parts depend on; `model` is the SHA-256 of the model file, `part_rows` the rows of a part."""

    version: str = __version__
    model: str
    columns: Columns
    date: str
    part_rows: int
    inputs: tuple[Source, ...]


def make_ledger(model: Path, paths: Sequence[Path], columns: Columns, date: str, part_rows: int) -> Ledger:
    """The ledger of an extraction that is to be made.

    Raises:
        QatynasError: where a file cannot be read, and for two input files of one name.
    """
    sources = tuple(_describe(path) for path in paths)
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise QatynasError(name, "stands twice among the inputs", "rename one, or extract them apart")
    digest = hashlib.sha256(_read(model)).hexdigest()
    return Ledger(model=digest, columns=columns, date=date, part_rows=part_rows, inputs=sources)


def _describe(path: Path) -> Source:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - _TAIL))
            return Source(path.name, size, hashlib.sha256(file.read()).hexdigest())
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, "name a readable file") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, "name a model file") from error


def open_output(folder: Path, ledger: Ledger) -> None:
    """Make the folder this extraction's, or see that it is; what a killed run has left half written is removed.

    Raises:
        QatynasError: where the folder holds something else, or belongs to another model, input or setting.
    """
    path = folder / LEDGER
    if path.is_file():
        _compare(path, ledger)
    elif folder.exists() and any(folder.iterdir()):
        raise QatynasError(folder, "holds other things", "expected an extraction or an empty folder", "name another")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(ledger), indent=1) + b"\n")
    for leftover in folder.glob(".*.part"):
        leftover.unlink(missing_ok=True)


def _compare(path: Path, ledger: Ledger) -> None:
    try:
        known = msgspec.json.decode(path.read_bytes(), type=Ledger)
    except (OSError, msgspec.MsgspecError) as error:
        raise QatynasError(path, "cannot be read", " ".join(str(error).split()), "name another folder") from error
    for name in Ledger.__struct_fields__:
        if getattr(known, name) != getattr(ledger, name):
            fault = f"belongs to another {name.replace('_', ' ')}"
            raise QatynasError(path.parent, fault, "name another folder, or the files that it was begun with")


def place_part(folder: Path, part: Part) -> Path:
    """The file of a part: the name of its input and the number of its first row."""
    return folder / f"{Path(part.path).name}.{part.first:012}.parquet"


def list_undone(folder: Path, parts: Iterable[Part]) -> list[Part]:
    """The parts that no file stands for yet: a file is there whole or not at all."""
    return [part for part in parts if not place_part(folder, part).exists()]
