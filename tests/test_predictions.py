from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatynas import __version__
from qatynas.document import Document, Mention, Number, Reading, Relation, sort_reading
from qatynas.errors import QatynasError
from qatynas.predictions import SYSTEM, encode_predictions, read_predictions
from qatynas.schema import load_schema
from qatynas.scoring.facts import Known
from qatynas.scoring.intervals import Resampling
from qatynas.scoring.report import compute_report
from qatynas.scoring.tally import tally_readings
from strategies import readings, texts

if TYPE_CHECKING:
    from qatynas.issue import Issue

TEXT = "Астанада Айдос Серікұлы 5 млн АҚШ доллары туралы айтты."
GOLD = Reading("adjudicator")
DOCUMENTS = [
    Document(doc_id, "Тақырып", TEXT, "2025-08-02", "visit", "composed", doc_id, GOLD) for doc_id in ("bir", "eki")
]
CITY = {"start": 0, "end": 8, "type": "GPE", "name": "Астана"}
PERSON = {"start": 9, "end": 23, "type": "PERSON"}
MONEY = {"start": 24, "end": 41, "type": "MONEY", "value": 5e6, "unit": "USD"}


def line(doc_id: str = "bir", *mentions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"doc_id": doc_id, "mentions": list(mentions), **fields}


def link(label: str, head: int, tail: int) -> dict[str, Any]:
    return {"type": label, "head": head, "tail": tail}


def write(folder: Path, *lines: dict[str, Any] | str | bytes) -> Path:
    path = folder / "predictions.jsonl"
    parts = [json.dumps(entry, ensure_ascii=False) if isinstance(entry, dict) else entry for entry in lines]
    path.write_bytes(b"".join((p if isinstance(p, bytes) else p.encode()) + b"\n" for p in parts))
    return path


def read(path: Path, *, allow_missing: bool = True) -> tuple[dict[str, Reading], list[Issue]]:
    return read_predictions(path, DOCUMENTS, allow_missing=allow_missing, elsewhere={"ush": "train"})


def check(path: Path, *, allow_missing: bool = True) -> Issue:
    """The only finding of a file, which is one printed line."""
    found, issues = read(path, allow_missing=allow_missing)
    assert len(issues) == 1, [*map(str, issues)]
    assert "\n" not in str(issues[0])
    assert issues[0].doc_id == path.name
    assert not set(found) & {part for issue in issues for part in issue.where.split()}
    return issues[0]


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "prediction-unknown-document": (line("tort"), "is in no split"),
    "prediction-unknown-label": (line("bir", CITY | {"type": "ORG"}), "'ORG'"),
    "prediction-outside-text": (line("bir", CITY | {"end": len(TEXT) + 1}), f"{len(TEXT)} code points"),
    "prediction-other-text": (line("bir", CITY | {"text": "Астана"}), "'Астанада'"),
    "prediction-mention-twice": (line("bir", CITY, CITY | {"name": "Алматы"}), "stands 2 times"),
    "prediction-unknown-modifier": (line("bir", MONEY | {"modifier": "about"}), "'about'"),
    "prediction-unknown-relation": (line("bir", CITY, PERSON, relations=[link("LIVES_IN", 1, 0)]), "'LIVES_IN'"),
    "prediction-dangling": (line("bir", CITY, PERSON, relations=[link("CONCERNS", 0, 2)]), "2 mentions"),
    "prediction-relation-twice": (line("bir", CITY, PERSON, relations=[link("CONCERNS", 0, 1)] * 2), "stands 2 times"),
    "prediction-other-version": (line("bir", dataset="0.0.1"), f"this is {__version__}"),
    "prediction-malformed": (line("bir", CITY | {"label": "GPE"}), "unknown field `label`"),
}


@pytest.mark.parametrize("check_id", FAULTS)
def test_every_fault_of_a_line_is_one_finding(check_id: str, tmp_path: Path) -> None:
    row, message = FAULTS[check_id]
    issue = check(write(tmp_path, line("eki", CITY), row))
    assert (issue.check_id, issue.severity) == (check_id, "error")
    assert issue.where.startswith("line 2")
    assert message in issue.message


def test_every_check_has_a_fault_here() -> None:
    source = Path(read_predictions.__code__.co_filename).read_text(encoding="utf-8")
    named = {word for word in source.split('"') if word.startswith("prediction-")}
    assert named - set(FAULTS) == {"prediction-document-twice", "prediction-missing"}


def test_a_document_of_another_split_is_named_with_that_split(tmp_path: Path) -> None:
    issue = check(write(tmp_path, line("ush", CITY)))
    assert issue.check_id == "prediction-unknown-document"
    assert "--split train" in issue.message


@pytest.mark.parametrize("first", [line(), line("bir", CITY)])
def test_a_document_twice(first: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path, first, line("bir", PERSON))
    _, issues = read(path)
    assert [(issue.where, issue.check_id) for issue in issues] == [("line 2 bir", "prediction-document-twice")]


def test_a_document_twice_is_found_where_its_first_line_is_faulty(tmp_path: Path) -> None:
    path = write(tmp_path, line("bir", CITY | {"type": "ORG"}), line("bir", PERSON))
    assert [issue.check_id for issue in read(path)[1]] == ["prediction-unknown-label", "prediction-document-twice"]


def test_all_faults_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    mentions = [CITY | {"type": "ORG", "text": "Астана"}, MONEY | {"modifier": "about"}]
    path = write(tmp_path, line("bir", *mentions, relations=[link("CONCERNS", 0, 0)]), "{", "", line("tort"))
    found, issues = read(path, allow_missing=False)
    assert not found
    assert [(issue.where, issue.check_id.removeprefix("prediction-")) for issue in issues] == [
        ("line 1 bir", "unknown-label"),
        ("line 1 bir", "other-text"),
        ("line 1 bir", "unknown-modifier"),
        ("line 1 bir", "dangling"),
        ("line 2", "malformed"),
        ("line 4 tort", "unknown-document"),
    ]


@pytest.mark.parametrize(
    "span", [{"start": 8, "end": 8}, {"start": 8, "end": 3}, {"start": 10**30, "end": 10**30 + 1}, {"end": 2**63}]
)
def test_a_span_that_is_none(span: dict[str, int], tmp_path: Path) -> None:
    assert check(write(tmp_path, line("bir", CITY | span))).check_id == "prediction-outside-text"


@pytest.mark.parametrize("ends", [(0, 0), (2, 0), (0, 10**30)])
def test_a_relation_that_joins_nothing(ends: tuple[int, int], tmp_path: Path) -> None:
    path = write(tmp_path, line("bir", CITY, PERSON, relations=[link("CONCERNS", *ends)]))
    assert check(path).check_id == "prediction-dangling"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        "[]",
        "5",
        '{"doc_id": "bir"}',
        '{"mentions": []}',
        '{"doc_id": 5, "mentions": []}',
        '{"doc_id": "bir", "mentions": null}',
        '{"doc_id": "bir", "mentions": [{"start": -1, "end": 2, "type": "GPE"}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1.5, "end": 2, "type": "GPE"}]}',
        '{"doc_id": "bir", "mentions": [{"start": true, "end": 2, "type": "GPE"}]}',
        '{"doc_id": "bir", "mentions": [{"start": "1", "end": 2, "type": "GPE"}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1, "end": 2, "type": "CARDINAL", "value": NaN}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1, "end": 2, "type": "CARDINAL", "value": Infinity}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1, "end": 2, "type": "CARDINAL", "value": 1e999}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1, "end": 2, "type": "CARDINAL", "value": "5"}]}',
        '{"doc_id": "bir", "mentions": [{"start": 1, "end": 2, "type": "GPE", "score": NaN}]}',
        '{"doc_id": "bir", "mentions": [], "dataset": "\\ud800"}',
        '{"doc_id": "bir", "mentions": [], "relations": [{"type": "CONCERNS", "head": 0}]}',
        "[" * 100_000,
        '{"mentions": ' * 10_000,
    ],
)
def test_a_malformed_line(text: str, tmp_path: Path) -> None:
    issue = check(write(tmp_path, line("eki"), text))
    assert (issue.where, issue.check_id) == ("line 2", "prediction-malformed")
    assert issue.message.endswith("write a document a line")


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    text = json.dumps(line("bir", CITY), ensure_ascii=False)
    issue = check(write(tmp_path, line("eki"), text.encode("cp1251", "replace")))
    assert (issue.where, issue.check_id) == ("line 2", "prediction-malformed")
    assert "utf-8" in issue.message


TASK = json.loads((Path(__file__).parent / "valid.json").read_text(encoding="utf-8"))
FOREIGN = {
    "a Label Studio export": json.dumps([TASK]).encode(),
    "a Label Studio export in many lines": json.dumps([TASK], indent=2).encode(),
    "a Label Studio task": json.dumps(TASK).encode(),
    "a report": json.dumps({"signature": "", "scores": []}, indent=1).encode(),
    "JSON Lines of another kind": json.dumps({"text": TEXT, "label": [[0, 8, "GPE"]]}).encode() + b"\n{}\n",
    "a document over several lines": json.dumps(line("bir", CITY), indent=1).encode(),
    "a table": "doc_id,start,end\nbir,0,8\neki,0,8\n".encode("utf-16"),
    "an archive": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_one_finding(name: str, tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_bytes(FOREIGN[name])
    assert check(path).check_id == "prediction-malformed"


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("allow_missing", [True, False])
def test_an_empty_file_is_always_a_finding(content: bytes, allow_missing: bool, tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_bytes(content)
    issue = check(path, allow_missing=allow_missing)
    assert (issue.where, issue.check_id) == ("whole", "prediction-missing")
    assert "predicts no document" in issue.message


def test_a_missing_document_is_a_finding_unless_it_is_allowed(tmp_path: Path) -> None:
    path = write(tmp_path, line("eki", CITY))
    issue = check(path, allow_missing=False)
    assert (issue.where, issue.check_id) == ("whole", "prediction-missing")
    assert "lacks bir" in issue.message
    found, issues = read(path)
    assert (list(found), issues) == (["eki"], [])


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_the_caller_s_mistake(name: str, tmp_path: Path) -> None:
    with pytest.raises(QatynasError, match=r"cannot be read: .*: name a predictions file"):
        read(tmp_path / name)


def test_a_relation_that_no_signature_allows_is_no_finding_but_scores_as_wrong(tmp_path: Path) -> None:
    # a system may well join types that it confuses; it is measured, like any other wrong relation, not refused
    assert not load_schema().find_relations("GPE", "PERSON")
    path = write(tmp_path, line("bir", CITY, PERSON, relations=[link("HOLDS_POSITION", 0, 1)]))
    found, issues = read(path)
    assert not issues
    assert found["bir"].relations == (Relation("HOLDS_POSITION", 0, 1),)
    mentions = (Mention(0, 8, "GPE", "Астана"), Mention(9, 23, "PERSON"))
    gold = replace(DOCUMENTS[0], gold=Reading("adjudicator", mentions, (Relation("LOCATED_IN", 0, 1),)))
    tally = tally_readings([gold], found, Known(frozenset(), frozenset()))
    score = compute_report(tally, {}, (), Resampling(1)).find("relation")
    assert (score.predicted, score.gold, score.precision, score.recall) == (1, 1, 0, 0)


def test_a_line_by_another_hand_is_read_as_it_stands(tmp_path: Path) -> None:
    rows: list[bytes | dict[str, Any]] = [
        b'\xef\xbb\xbf{"doc_id": "bir", "mentions": []}\r',
        line("eki", MONEY | {"text": "5 млн АҚШ доллары", "score": 0.5, "value": 5_000_000, "name": None}, CITY),
    ]
    found, issues = read(write(tmp_path, *rows), allow_missing=False)
    assert not issues
    assert found["bir"] == Reading(SYSTEM)
    number = Number(5e6, None, "USD")
    assert found["eki"].mentions == (Mention(0, 8, "GPE", "Астана"), Mention(24, 41, "MONEY", None, number))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_json_cannot_hold_is_never_written(value: float) -> None:
    reading = Reading(SYSTEM, (Mention(24, 25, "CARDINAL", None, Number(1.0, value)),))
    with pytest.raises(QatynasError, match=r"bir mention \(24, 25, CARDINAL\): .*finite"):
        encode_predictions({"bir": reading})


@st.composite
def predictions(draw: st.DrawFn) -> tuple[str, dict[str, Reading]]:
    """A text and readings of documents that have it, with any name and unit a system may give."""
    text = draw(texts())
    found = {}
    for doc_id in draw(st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=3, unique=True)):
        reading = draw(readings(text, SYSTEM))
        mentions = [
            replace(mention, name=draw(st.none() | st.text(max_size=9)))
            if mention.number is None
            else replace(mention, number=replace(mention.number, unit=draw(st.none() | st.text(max_size=4))))
            for mention in reading.mentions
        ]
        found[doc_id] = sort_reading(Reading(SYSTEM, tuple(mentions), reading.relations))
    return text, found


@given(predicted=predictions())
def test_writing_and_reading_is_the_identity(
    predicted: tuple[str, dict[str, Reading]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, found = predicted
    path = tmp_path_factory.getbasetemp() / "identity.jsonl"
    path.write_bytes(encode_predictions(found))
    documents = [replace(DOCUMENTS[0], doc_id=doc_id, text=text) for doc_id in found]
    assert read_predictions(path, documents) == (found, [])
    assert encode_predictions(dict(reversed(found.items()))) == path.read_bytes()


LINES = st.binary(max_size=40) | st.sampled_from(
    [json.dumps(row, ensure_ascii=False).encode() for row, _ in FAULTS.values()] + [json.dumps(line("bir")).encode()]
)


@given(lines=st.lists(LINES, max_size=5), place=st.integers(0, 200), junk=st.binary(max_size=3))
def test_no_bytes_give_a_traceback(
    lines: list[bytes], place: int, junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = b"\n".join(lines)
    path = tmp_path_factory.getbasetemp() / "bytes.jsonl"
    path.write_bytes(content[:place] + junk + content[place:])
    found, issues = read(path)
    assert found or issues
    assert all("\n" not in str(issue) for issue in issues)
