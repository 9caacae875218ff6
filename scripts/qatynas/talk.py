"""What a command says beside its result: on standard error, and not at all under `qatynas --quiet`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUIET = "qatynas.quiet"


def hush(context: click.Context) -> None:
    """Keep talk and progress bars of this command line from standard error."""
    context.meta[_QUIET] = True  # a context shares its meta with those below it


def is_quiet() -> bool:
    """Whether the command line that runs asks for errors and findings alone.

    >>> is_quiet()
    False
    """
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def tell(message: object) -> None:
    """Say what is done on standard error, unless that is to be quiet; an error is said by `click.echo` instead."""
    if not is_quiet():
        click.echo(message, err=True)


def track(items: Iterable[Any] | None = None, unit: str = "", **settings: Any) -> Any:
    """A tqdm progress bar on standard error, over items if there are any: on a terminal alone, and unless quiet."""
    from tqdm import tqdm

    return tqdm(items, unit=f" {unit}", disable=True if is_quiet() else None, **settings)
