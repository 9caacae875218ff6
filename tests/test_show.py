from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import qatynas
from command import run_command
from qatynas.data import load_documents
from qatynas.document import Document, Mention, Number, Reading, Relation
from qatynas.parquet import list_rows
from qatynas.schema import load_schema
from qatynas.show import find_document, list_lines, mark_text, name_style, print_document, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = "\x1b[31m[red]Астана[/red]\x1b]0;қатер\x07\u202e\x9b2J\r"
TEXT = f"{HOSTILE} қаласында 5 елші"
NAMED = Mention(0, len(HOSTILE), "GPE", HOSTILE)
COUNT = Mention(len(TEXT) - 6, len(TEXT) - 5, "CARDINAL", number=Number(5, unit=HOSTILE))
READING = Reading(HOSTILE, (NAMED, COUNT), (Relation("CONCERNS", 1, 0),))
DOCUMENT = Document(HOSTILE, HOSTILE, TEXT, HOSTILE, HOSTILE, HOSTILE, HOSTILE, READING)


def print_to_terminal(document: Document, width: int = 80, environment: dict[str, str] | None = None) -> str:
    settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | (environment or {})
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=width, _environ=settings)
    print_document(document, document.gold, "test", console)
    return file.getvalue()


def run_on_terminal(*arguments: str, **environment: str) -> str:
    """What `qatynas` writes where standard output is a terminal."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", "from qatynas.cli import main; main()", *arguments]
    settings = os.environ | {"TERM": "xterm-256color", "COLUMNS": "70"} | environment
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=subprocess.PIPE, env=settings):
        os.close(follower)
        written = b"".join(read_until_closed(leader))
    os.close(leader)
    return written.decode().replace("\r\n", "\n")


def read_until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so where the other side has gone
            return
        if not piece:
            return
        yield piece


def test_plain_lines_say_everything_that_the_row_does(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run_command(capsys, "show", RELEASE)
    assert (code, error) == (0, "")
    (row,) = (
        row for row in list_rows("documents", qatynas.load("documents", "test").data.table) if row["doc_id"] == RELEASE
    )
    lines = [line.split("\t") for line in out.splitlines()]
    kinds = [line[0] for line in lines]
    for name in ("mention", "entity", "number", "relation", "sentence"):
        plural = {"entity": "entities"}.get(name, f"{name}s")
        assert kinds.count(name) == len(row[plural]), name
    for line in lines:
        if line[0] == "mention":
            mention = row["mentions"][int(line[1])]
            assert line[2:6] == [str(mention["start"]), str(mention["end"]), mention["type"], mention["text"]]
    fields = ["value=3000000000", "unit=USD", "modifier=at_most", "target=true"]
    assert ["number", "MONEY", "3 млрд АҚШ долларына дейін", *fields] in [line[:1] + line[2:] for line in lines]
    assert "\x1b" not in out
    assert not re.search("[─-╿]", out)


def test_json_is_the_row_of_documents(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run_command(capsys, "show", "mfa-kz", "--json")
    rows = list_rows("documents", qatynas.load("documents", "test").data.table)
    assert json.loads(out) == next(row for row in rows if row["doc_id"] == RELEASE)


def test_a_raw_reading_is_shown_by_its_annotator(capsys: pytest.CaptureFixture[str]) -> None:
    document = next(document for document in load_documents("test") if document.doc_id == RELEASE)
    raw = document.readings[0]
    _, out, _ = run_command(capsys, "show", RELEASE, "--reading", raw.annotator)
    assert f"reading\t{raw.annotator}" in out.splitlines()
    assert out.count("\nmention\t") == len(raw.mentions)
    _, out, _ = run_command(capsys, "show", RELEASE, "--reading", raw.annotator, "--json")
    assert len(json.loads(out)["relations"]) == len(raw.relations)
    code, out, error = run_command(capsys, "show", RELEASE, "--reading", "nobody")
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "choose one of adjudicator, reader-a" in error


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("visit-", "begins 3 ids: name one, such as visit-ethiopia-2025-05"),
        ("vsit-qatar", "is no document of the data set: name one, such as visit-qatar-2026-01"),
        ("Energy", "such as energy-"),
        ("", "begins 51 ids: name one, such as aid-malawi-2024-03"),
        ("\x1b[31m", "is no document"),
    ],
)
def test_an_id_that_is_none_names_those_near(given: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run_command(capsys, "show", given)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert told in error
    assert "\x1b" not in error


def test_an_id_that_begins_another_is_itself() -> None:
    assert find_document(RELEASE)[0].doc_id == find_document("mfa")[0].doc_id == RELEASE


def test_hostile_text_shows_as_text() -> None:
    plain = "\n".join(list_lines(DOCUMENT, READING, "test"))
    for shown in (plain, ESCAPE.sub("", print_to_terminal(DOCUMENT, width=400))):
        assert r"\x1b[31m[red]Астана[/red]\x1b]0;қатер\x07\u202e\x9b2J\r" in shown
        assert not set(shown) & set("\x1b\x07\x9b\r\u202e")
    coloured = print_to_terminal(DOCUMENT)
    assert set(re.findall(r"\x1b.", coloured)) == {"\x1b["}


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_is_revealed_prints_and_letters_stay(text: str) -> None:
    shown = reveal(text)
    assert all(c.isprintable() or c.isspace() for c in shown)
    assert not set(shown) & {chr(code) for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
    if text.isprintable():
        assert shown == text


def test_the_text_between_the_brackets_is_the_text() -> None:
    for document in load_documents("validation"):
        marked = mark_text(document.text.replace("\n", " "), document.gold.mentions, 0, len(document.text)).plain
        brackets = re.compile(r"\[|\](?:" + "|".join(load_schema().labels) + ")")
        assert len(brackets.findall(marked)) == 2 * len(document.gold.mentions)
        assert brackets.sub("", marked) == document.text.replace("\n", " ")


def test_spans_that_cross_and_spans_that_are_equal_are_closed_in_turn() -> None:
    crossing = (Mention(0, 5, "GPE"), Mention(3, 8, "LAW"))
    assert mark_text("абвгдежз", crossing, 0, 8).plain == "[абв[гд]GPEежз]LAW"
    equal = (Mention(0, 3, "ACT"), Mention(0, 3, "EVENT"))
    assert mark_text("абв", equal, 0, 3).plain == "[[абв]EVENT]ACT"
    assert mark_text("абвгдежз", crossing, 4, 8).plain == "[[д]GPEежз]LAW"


def test_every_label_can_be_read_on_its_colour() -> None:
    def find_luminance(color: str) -> float:
        parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for label in load_schema().labels:
        ink, ground = sorted(map(find_luminance, name_style(label).split(" on ")))
        assert (ground + 0.05) / (ink + 0.05) >= 4, label


def test_a_narrow_terminal_wraps_and_loses_nothing() -> None:
    document = find_document(RELEASE)[0]
    shown = ESCAPE.sub("", print_to_terminal(document, width=60))
    assert max(map(len, shown.splitlines())) <= 60
    flat = re.sub(r"\s+", "", re.sub(r"\[|\](?:" + "|".join(load_schema().labels) + ")", "", shown))
    assert re.sub(r"\s+", "", document.text.split("\n")[0]) in flat


def test_a_terminal_gets_colours_and_a_pipe_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_on_terminal("show", "mfa-kz", COLORTERM="truecolor")
    assert "\x1b[" in shown
    assert "[Астана" not in shown
    assert "Relations" in ESCAPE.sub("", shown)
    assert "]POSITION" in ESCAPE.sub("", shown)
    assert "\x1b" not in run_command(capsys, "show", "mfa-kz")[1]


def test_no_color_is_respected() -> None:
    shown = run_on_terminal("show", "mfa-kz", NO_COLOR="1")
    codes: set[Any] = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", shown) for code in codes.split(";")}
    assert codes <= {"", "0", "1", "2"}  # bold and dim are no colours
    assert "]GPE" in ESCAPE.sub("", shown)
