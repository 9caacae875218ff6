"""Who does the parts: the processes of this machine, or Ray's workers on this one or a cluster."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.errors import QatynasError
from qatynas_baselines.extraction.parts import Part
from qatynas_baselines.extraction.work import Job, Tally, extract_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

_BLOCKS = 1000  # of Ray Data, at most: each is a list of parts


def run_parts(job: Job, parts: Sequence[Part], engine: str, workers: int, address: str | None) -> Iterator[Tally]:
    """The tally of every part as soon as it is done, in the order in which they end.

    Raises:
        QatynasError: where the extra `scale` is missing, and from the first part that fails.
    """
    if not parts:
        return iter(())
    if engine == "ray":
        return _run_ray(job, parts, workers, address)
    return _run_local(job, parts, workers)


def _run_local(job: Job, parts: Sequence[Part], workers: int) -> Iterator[Tally]:
    from joblib import Parallel, delayed

    tallies: Iterator[Tally] = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(extract_part)(job, part) for part in parts
    )
    return tallies


class _Worker:
    """A worker of Ray Data: batches of parts in, batches of tallies out."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, batch: pa.Table) -> pa.Table:
        import pyarrow as pa

        parts = [msgspec.convert(row, Part) for row in batch.to_pylist()]
        tallies = [msgspec.structs.asdict(extract_part(self.job, part)) for part in parts]
        return pa.Table.from_pylist(tallies)


def _run_ray(job: Job, parts: Sequence[Part], workers: int, address: str | None) -> Iterator[Tally]:
    if importlib.util.find_spec("ray") is None:
        raise QatynasError("Ray", "is not installed", "pip install 'qatynas[scale]'")
    import ray
    from ray.exceptions import RayTaskError

    own = not ray.is_initialized()
    if own:
        here: dict[str, Any] = {} if address else {"num_cpus": workers, "include_dashboard": False}
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **here)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = ray.data.from_items(
            [msgspec.structs.asdict(part) for part in parts], override_num_blocks=min(len(parts), _BLOCKS)
        )
        done = rows.map_batches(
            _Worker, fn_constructor_args=(job,), batch_size=1, batch_format="pyarrow", concurrency=workers
        )
        for row in done.iter_rows():
            yield msgspec.convert(row, Tally)
    except RayTaskError as error:
        if isinstance(error.cause, QatynasError):
            raise error.cause from error
        raise
    finally:
        if own:
            ray.shutdown()
