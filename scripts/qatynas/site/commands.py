"""The command `qatynas site`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qatynas.options import FOLDER, complete_documents
from qatynas.talk import tell

if TYPE_CHECKING:
    from qatynas.site.board import Board

RESULTS = Path("baselines/results")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--results", type=FOLDER, help=f"Folder of stored results; {RESULTS} where there is one.")
@click.option(
    "--doc",
    "docs",
    multiple=True,
    metavar="ID",
    help="Show this document; may be given again.",
    shell_complete=complete_documents,
)
@click.option("--force", is_flag=True, help="Replace a folder that is no former site.")
def site(out: Path, results: Path | None, docs: tuple[str, ...], force: bool) -> int:
    """Write a static explorer of the data set into the folder OUT, which opens from disk.

    Documents with their nested spans, relations, numbers and three readings; the schema with examples; the
    leaderboard. Without stored results the leaderboard is left out.

    Example: qatynas site explorer
    """
    from qatynas.data import list_splits, load_documents
    from qatynas.site.folder import select_content, spare_folder, write_site

    spare_folder(out, force=force)  # before the seconds that the leaderboard takes
    content = select_content(load_documents(), list_splits(), docs, _read_board(results))
    write_site(content, out, force=force)
    tell(f"{out / 'index.html'}: {len(content.chosen)} documents")
    return 0


def _read_board(results: Path | None) -> Board | None:
    """The leaderboard of a folder of results, or None where none was named and there is none."""
    from qatynas_baselines.board import describe_board

    board = describe_board(results or RESULTS) if results or RESULTS.is_dir() else None
    if board is None:
        tell(f"{results or RESULTS}: no stored results: the leaderboard is left out")
    return board
