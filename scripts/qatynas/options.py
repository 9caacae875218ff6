"""The options that several commands share, and what a shell completes in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
INPUT = click.Path(path_type=Path, dir_okay=False, exists=True)
annotations_option = click.option(
    "--annotations", type=FOLDER, default="annotations", show_default=True, help="Folder of tasks and splits."
)
dataset_option = click.option(
    "--dataset", type=FOLDER, default="dataset", show_default=True, help="Folder of the built data set."
)
results_option = click.option(
    "--results", type=FOLDER, default="baselines/results", show_default=True, help="Folder of stored results."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
force_option = click.option("--force", is_flag=True, help="Write over a file of this name.")


def complete_documents(
    context: click.Context,  # noqa: ARG001 (click calls it with three arguments)
    parameter: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[str | CompletionItem]:
    """The ids of the built data set that begin so; none where there is no data set."""
    from qatynas.data import list_splits

    try:
        return [doc_id for doc_id in sorted(list_splits()) if doc_id.startswith(incomplete)]
    except QatynasError:
        return []
