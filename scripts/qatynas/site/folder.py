"""The folder of a site: what goes into it, and how it takes its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas.paths import dataset_path
from qatynas.site.pages import GENERATOR, INDEX, Content, render_site
from qatynas.storage import replace_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from qatynas.document import Document
    from qatynas.site.board import Board


def select_content(
    documents: Sequence[Document], splits: Mapping[str, str], docs: Collection[str] = (), board: Board | None = None
) -> Content:
    """What a site shows: all documents, or those of the ids that are given.

    Raises:
        QatynasError: for an id that no document has.
    """
    known = {document.doc_id for document in documents}
    for doc_id in docs:
        if doc_id not in known:
            raise QatynasError(f"document {doc_id!r}", "is not in the data set", "name one that is")
    chosen = tuple(document for document in documents if not docs or document.doc_id in docs)
    return Content(tuple(documents), chosen, splits, board)


def write_site(content: Content, out: Path, *, force: bool = False) -> None:
    """Write a site into a folder, which is replaced whole.

    Raises:
        QatynasError: for a folder that holds other things, unless forced, and a place that cannot be written to.
    """
    spare_folder(out, force=force)
    with replace_folder(out) as folder:
        for address, text in render_site(content):
            path = folder / address
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def spare_folder(out: Path, *, force: bool) -> None:
    """Raise an error rather than have a folder of other things replaced.

    An empty folder or a former site may go; another one may if that is forced, but never one that holds the folder of
    work or the data set.
    """
    target = out.resolve()
    for inner in (Path.cwd(), dataset_path().resolve()):
        if target in (inner, *inner.parents):
            raise QatynasError(out, f"holds {inner}", "expected a folder for the site alone", "name another")
    if target.exists() and not target.is_dir():
        raise QatynasError(out, "is no folder", "expected one for the site", "name another")
    if target.is_dir() and any(target.iterdir()) and not (force or _is_site(target)):
        raise QatynasError(
            out, "holds other things", "expected an empty folder or a former site", "name another, or use --force"
        )


def _is_site(folder: Path) -> bool:
    try:
        head = (folder / INDEX).read_bytes()[:2000]
    except OSError:
        return False
    return f'<meta name="generator" content="{GENERATOR} '.encode() in head
