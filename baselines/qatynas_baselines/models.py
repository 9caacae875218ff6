"""Trained systems as files: arrays in safetensors, everything else as JSON in its header. Loading one runs no code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from qatynas import __version__
from qatynas.errors import QatynasError
from qatynas.storage import write_whole
from qatynas_baselines.pipeline import Pipeline

if TYPE_CHECKING:
    from pathlib import Path

_KEY = "qatynas"


def save_model(pipeline: Pipeline, path: Path, name: str) -> None:
    """Write a trained pipeline: the same one gives the same bytes.

    Raises:
        QatynasError: where the place cannot be written to.
    """
    from safetensors.numpy import save

    settings, arrays = pipeline.get_state()
    header = {"version": __version__, "name": name, "settings": settings}
    text = json.dumps(header, ensure_ascii=False, sort_keys=True, allow_nan=False)
    whole = {key: np.ascontiguousarray(array) for key, array in sorted(arrays.items())}
    write_whole(path, save(whole, {_KEY: text}))


def load_model(path: Path) -> tuple[str, Pipeline]:
    """The name and the pipeline of a model file.

    Raises:
        QatynasError: for a file that cannot be read, is no model of this project or belongs to another version.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    cure = "name a file that `qatynas baseline train` has written"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QatynasError(path, "cannot be read", error.strerror or error, cure) from error
    try:
        arrays = load(data)
        header = _read_header(data)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise QatynasError(path, "is no model", " ".join(str(error).split())[:200], cure) from error
    if header.get("version") != __version__:
        raise QatynasError(
            path, f"belongs to version {header.get('version')!r}", f"this is {__version__}", "train again"
        )
    try:
        return str(header["name"]), Pipeline.from_state(header["settings"], arrays)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise QatynasError(path, "is a damaged model", f"{type(error).__name__} {error}", "train it again") from error


def _read_header(data: bytes) -> dict[str, Any]:
    """The JSON that `save_model` put into the header (safetensors: 8 bytes of length, then the header as JSON)."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(json.loads(data[8 : 8 + size])["__metadata__"][_KEY])
    if not isinstance(header, dict):
        raise TypeError("its header is no object")
    return header
