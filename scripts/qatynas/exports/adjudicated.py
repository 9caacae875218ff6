"""The documents that an export holds where its format has room for one reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas.label_studio import to_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qatynas.document import Document
    from qatynas.label_studio import Task


def list_documents(tasks: Iterable[Task]) -> list[Document]:
    """The documents of tasks that the checks have passed.

    Raises:
        QatynasError: for a task that has no adjudicated reading yet.
    """
    documents = []
    for task in tasks:
        if not any(annotation.ground_truth for annotation in task.annotations):
            fault = f"none of {len(task.annotations)} readings is adjudicated"
            raise QatynasError(task.data.doc_id, fault, "expected one", "adjudicate it, or name others by --doc")
        documents.append(to_document(task))
    return documents
