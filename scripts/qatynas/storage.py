"""Writes that happen whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2(2), RENAME_SWAP of macOS's renamex_np(2)
_AT_FDCWD = -100
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def spare_file(path: Path, *, force: bool) -> None:
    """Raise an error rather than have a file written over, unless that is forced."""
    if path.exists() and not force:
        raise QatynasError(path, "stands there already", "name another file, or write over it with --force")


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file, whole or piece by piece, by way of a hidden sibling, which then takes its name.

    If a piece cannot be had, the error goes on and the file stays as it was.

    Raises:
        QatynasError: where the place cannot be written to.
    """
    sibling = path.with_name(f".{path.name}.part")
    try:
        with sibling.open("wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        sibling.replace(path)
    except OSError as error:
        raise QatynasError(path, "cannot be written", error.strerror or error, "choose a writable place") from error
    finally:
        with suppress(OSError):
            sibling.unlink()


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside the target, which takes the target's place when the block ends without an error.

    At any moment the target is the old folder or the new one, whole: the two change places in one step where the
    system can (Linux, macOS); elsewhere the old one is moved aside first, and the next call moves it back if that
    was as far as it got. What a killed run has left is removed by the next. The folder above is locked meanwhile.

    Raises:
        QatynasError: where the place cannot be written to, or another run is writing it.
    """
    target = target.resolve()  # a link stays a link: what it leads to is replaced
    new, aside = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        with lock_folder(target.parent, target):
            _recover(target, new, aside)
            try:
                new.mkdir()
                yield new
                _sync(new)
                _swap(new, target, aside)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise QatynasError(target, "cannot be written", error.strerror or error, "choose a writable place") from error


def _recover(target: Path, new: Path, aside: Path) -> None:
    if aside.exists() and not target.exists():
        aside.rename(target)
    for leftover in (new, aside):
        if leftover.is_symlink() or leftover.is_file():
            leftover.unlink()
        elif leftover.exists():
            shutil.rmtree(leftover)


def _swap(new: Path, target: Path, aside: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        target.rename(aside)
        new.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Whether the two folders changed places in one step; False where the system cannot do so."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*names, _EXCHANGE)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    else:
        return False
    if failed and ctypes.get_errno() not in _UNSUPPORTED:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return not failed


@contextmanager
def lock_folder(folder: Path, target: Path) -> Iterator[None]:
    """Keep other runs out of a folder while the block runs; the system lets go of it however the run ends.

    Raises:
        QatynasError: where another run is writing the target.
    """
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise QatynasError(target, "is being written by another run", "wait until it has ended") from None
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
