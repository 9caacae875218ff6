"""Checks of a task's own data: its text, its date, its labels, its annotators."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from qatynas.label_studio import ANNOTATOR_DOMAIN
from qatynas.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qatynas.label_studio import Annotation, Task

    Finding = tuple[str, str]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
PROSE = ("title", "text")


def doc_id_malformed(task: Task) -> Iterator[Finding]:
    """`doc_id` is a slug of small Latin letters, digits and single hyphens."""
    if not SLUG.fullmatch(task.data.doc_id):
        yield "data.doc_id", f"{task.data.doc_id!r} is no slug: write it like mfa-kz-2025-08-02-kyrgyzstan"


def field_missing(task: Task) -> Iterator[Finding]:
    """`text`, `title`, `genre`, `source` and `story` are filled."""
    for name in ("text", "title", "genre", "source", "story"):
        if not getattr(task.data, name).strip():
            yield f"data.{name}", "is empty: fill it in"


def release_date_missing(task: Task) -> Iterator[Finding]:
    """Every release has its date: relative dates are resolved against it."""
    if not task.data.date:
        yield "data.date", "is empty: give the release's date as YYYY-MM-DD"


def release_date_malformed(task: Task) -> Iterator[Finding]:
    """The release date is a day of the calendar, ISO 8601."""
    given = task.data.date
    try:
        valid = not given or date.fromisoformat(given).isoformat() == given
    except ValueError:
        valid = False
    if not valid:
        yield "data.date", f"{given!r} is no day of the calendar: give it as YYYY-MM-DD"


def genre_unknown(task: Task) -> Iterator[Finding]:
    """The genre is one of the schema's."""
    yield from _compare("genre", task.data.genre, load_schema().genres)


def source_unknown(task: Task) -> Iterator[Finding]:
    """The source is one of the schema's."""
    yield from _compare("source", task.data.source, load_schema().sources)


def _compare(name: str, given: str, known: tuple[str, ...]) -> Iterator[Finding]:
    if given.strip() and given not in known:
        yield f"data.{name}", f"{given!r} is none of {', '.join(known)}: choose one, or add it to schema.toml"


def text_not_nfc(task: Task) -> Iterator[Finding]:
    """Title and text are in Unicode normalisation form C."""
    for name in PROSE:
        given = getattr(task.data, name)
        if not unicodedata.is_normalized("NFC", given):
            normal = unicodedata.normalize("NFC", given)
            place = next((i for i, pair in enumerate(zip(given, normal, strict=False)) if pair[0] != pair[1]), 0)
            yield (
                f"data.{name} {place}",
                f"{given[place : place + 2]!r} is not NFC: normalise it, and mark its spans anew",
            )


def text_forbidden_character(task: Task) -> Iterator[Finding]:
    """No byte order mark, zero-width or soft hyphen, carriage return, NUL or other control stands in a text."""
    for name in PROSE:
        for place, fault in find_forbidden(getattr(task.data, name)):
            yield f"data.{name} {place}", f"{fault}: take it out, and mark spans anew"


def find_forbidden(text: str) -> Iterator[tuple[int, str]]:
    """The place and the name of every control, format, private or unassigned character but the line end."""
    for place, character in enumerate(text):
        if unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs"} and character != "\n":
            yield place, f"U+{ord(character):04X} {unicodedata.name(character, 'control')}"


def text_mixed_script(task: Task) -> Iterator[Finding]:
    """No word mixes Cyrillic letters with Latin look-alikes."""
    for name in PROSE:
        for place, fault in find_mixed_scripts(getattr(task.data, name)):
            yield f"data.{name} {place}", f"{fault}: write it in one"


def find_mixed_scripts(text: str) -> Iterator[tuple[int, str]]:
    """The place of every word that has Cyrillic letters and others, and those others."""
    for word in WORD.finditer(text):
        letters = {
            c: unicodedata.name(c, "") for c in word.group() if unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lo"}
        }
        odd = [f"U+{ord(c):04X} {name}" for c, name in letters.items() if not name.startswith("CYRILLIC")]
        if odd and len(odd) < len(letters):
            yield word.start(), f"{word.group()!r} mixes scripts ({', '.join(odd)})"


def text_edge_space(task: Task) -> Iterator[Finding]:
    """Neither the text nor one of its lines begins or ends at white space; an empty line may part paragraphs."""
    for name in PROSE:
        lines = getattr(task.data, name).split("\n")
        for number, line in enumerate(lines, 1):
            if line != line.strip() or (not line and len(lines) > 1 and number in {1, len(lines)}):
                yield f"data.{name} line {number}", f"{line[:20]!r} begins or ends at white space: trim it"


def gold_missing(task: Task) -> Iterator[Finding]:
    """Every document has an adjudicated reading: an annotation with `ground_truth: true`."""
    if not any(annotation.ground_truth for annotation in task.annotations):
        yield "annotations", f"none of {len(task.annotations)} is ground_truth: true: adjudicate the document"


def gold_twice(task: Task) -> Iterator[Finding]:
    """No document has two adjudicated readings."""
    count = sum(annotation.ground_truth and not annotation.was_cancelled for annotation in task.annotations)
    if count > 1:
        yield "annotations", f"{count} are ground_truth: true: leave one"


def gold_cancelled(task: Task) -> Iterator[Finding]:
    """A cancelled annotation is not the ground truth."""
    for place, annotation in enumerate(task.annotations):
        if annotation.ground_truth and annotation.was_cancelled:
            yield f"annotations[{place}]", "is cancelled and ground_truth: true: choose another ground truth"


def annotator_unknown(task: Task) -> Iterator[Finding]:
    """Every annotation says by its e-mail address who made it."""
    for place, annotation in enumerate(task.annotations):
        if not ADDRESS.fullmatch(getattr(annotation.completed_by, "email", "")):
            cure = f'give {{"email": "name{ANNOTATOR_DOMAIN}"}}'
            yield f"annotations[{place}].completed_by", f"{annotation.annotator!r} is no address: {cure}"


def annotator_twice(task: Task) -> Iterator[Finding]:
    """No annotator has two readings of one document that count."""
    for annotator, count in Counter(annotation.annotator for annotation in list_counted(task)).items():
        if count > 1 and annotator:
            yield f"annotations {annotator}", f"has {count} readings: cancel all but one"


def guidelines_version_missing(task: Task) -> Iterator[Finding]:
    """With every reading stands the version of the guidelines that it was made under."""
    for annotation in list_counted(task):
        if annotation.annotator not in task.meta.guidelines:
            yield "meta.guidelines", f"has no version for {annotation.annotator!r}: add the one that was followed"


def list_counted(task: Task) -> list[Annotation]:
    """The annotations that were not cancelled."""
    return [annotation for annotation in task.annotations if not annotation.was_cancelled]


def list_gold(task: Task) -> list[Annotation]:
    """The adjudicated annotations that were not cancelled: one, if the checks have passed the task."""
    return [annotation for annotation in list_counted(task) if annotation.ground_truth]


TASK_CHECKS = (
    doc_id_malformed,
    field_missing,
    release_date_missing,
    release_date_malformed,
    genre_unknown,
    source_unknown,
    text_not_nfc,
    text_forbidden_character,
    text_mixed_script,
    text_edge_space,
    gold_missing,
    gold_twice,
    gold_cancelled,
    annotator_unknown,
    annotator_twice,
    guidelines_version_missing,
)
