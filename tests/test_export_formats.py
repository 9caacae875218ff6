"""Exports of one file, each read by what it is for: seqeval, seqscore, the baselines' IOB2 reader, DocRED's code."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

import qatynas
from command import run_command
from qatynas.data import load_documents
from qatynas.document import Document, Mention, Reading, Relation, group_entities
from qatynas.errors import QatynasError
from qatynas.exports import FORMATS, export_tasks, find_format, list_remarks, write_export
from qatynas.exports.docred import describe_document, list_moved
from qatynas.exports.docred_relations import name_relations
from qatynas.label_studio import from_document
from qatynas.schema import load_schema
from qatynas.splits import SPLITS, read_splits
from qatynas.task_files import read_known_tasks
from qatynas.tokens import OUTSIDE, find_outermost, tag_tokens
from qatynas_baselines.iob2 import read_iob2
from strategies import documents

if TYPE_CHECKING:
    from datasets import Dataset

    from qatynas.label_studio import Task

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
KAZNERD = {
    *("ADAGE", "ART", "CARDINAL", "CONTACT", "DATE", "DISEASE", "EVENT", "FACILITY", "GPE", "LANGUAGE", "LAW"),
    *("LOCATION", "MISCELLANEOUS", "MONEY", "NON_HUMAN", "NORP", "ORDINAL", "ORGANISATION", "PERCENTAGE", "PERSON"),
    *("POSITION", "PRODUCT", "PROJECT", "QUANTITY", "TIME"),
}
IOB2_FORM = re.compile(r"(?:(?:\S+ (?:O|[BI]-[A-Z_]+)\n)+\n)+")  # as in KazNERD's own files
DOC = "mfa-kz-2025-08-02-kyrgyzstan"
LACKING = {"ACT", "MEASURED"}

Tagged = list[tuple[list[str], list[str]]]


def write(given_documents: list[Document], name: str) -> bytes:
    return b"".join(export_tasks([from_document(document) for document in given_documents], name))


@cache
def select_split(split: str) -> list[Task]:
    tasks, issues = read_known_tasks(ANNOTATIONS / "tasks")
    assert issues == []
    splits = read_splits(ANNOTATIONS / "splits.csv")
    return [task for task in tasks if splits[task.data.doc_id] == split]


def export_split(name: str, split: str) -> bytes:
    return b"".join(export_tasks(select_split(split), name))


def read_tags(data: bytes, folder: Path) -> Tagged:
    path = folder / "tags.iob2"
    path.write_bytes(data)
    return read_iob2(path)


def load_tags(split: str) -> Tagged:
    rows: Dataset = qatynas.load("ner", split)
    names = rows.features["ner_tags"].feature
    return [(row["tokens"], [names.int2str(tag) for tag in row["ner_tags"]]) for row in rows]


def make_document(text: str, *mentions: Mention, relations: tuple[Relation, ...] = ()) -> Document:
    reading = Reading("adjudicator", mentions, relations, 5)
    return Document("example-1", "Тақырып", text, "2025-08-02", "visit", "composed", "example", reading)


@pytest.mark.parametrize("split", SPLITS)
def test_conll_has_the_tokens_and_tags_of_the_config_ner(split: str, tmp_path: Path) -> None:
    data = export_split("conll", split)
    assert IOB2_FORM.fullmatch(data.decode())
    assert read_tags(data, tmp_path) == load_tags(split)


def test_seqeval_finds_every_outermost_mention_in_conll(tmp_path: Path) -> None:
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2, Entities

    tags = [tags for _, tags in read_tags(export_split("conll", "test"), tmp_path)]
    found = Counter(entity.tag for sentence in Entities(tags, IOB2).entities for entity in sentence)
    assert found == Counter(m.type for d in load_documents("test") for m in find_outermost(d.gold.mentions))
    assert f1_score(tags, tags, mode="strict", scheme=IOB2) == 1


@pytest.mark.parametrize("name", ["conll", "kaznerd"])
def test_seqscore_reads_the_files_without_repair(name: str, tmp_path: Path) -> None:
    from seqscore.conll import CoNLLIngester, LineSpec
    from seqscore.encoding import get_encoding

    data = export_split(name, "test")
    ingester = CoNLLIngester(get_encoding("BIO"), LineSpec(0, -1))
    (sequences,) = ingester.ingest(io.StringIO(data.decode()), name, None)
    assert [(list(s.tokens), list(s.labels)) for s in sequences] == read_tags(data, tmp_path)
    begun = sum(tag.startswith("B-") for sequence in sequences for tag in sequence.labels)
    assert sum(len(sequence.mentions) for sequence in sequences) == begun > 100


@given(documents())
def test_every_token_has_a_tag_and_no_white_space(document: Document) -> None:
    data = write([document], "conll").decode()
    assert IOB2_FORM.fullmatch(data)
    tags = [[line.split()[1] for line in block.splitlines()] for block in data.strip("\n").split("\n\n")]
    assert tags == [tags for _, _, tags in tag_tokens(document)]


def test_kaznerd_has_only_kaznerds_labels(tmp_path: Path) -> None:
    assert len(KAZNERD) == 25
    assert {label.kaznerd for label in load_schema().labels.values()} - {None} <= KAZNERD
    for split in SPLITS:
        own, theirs = load_tags(split), read_tags(export_split("kaznerd", split), tmp_path)
        assert [tokens for tokens, _ in own] == [tokens for tokens, _ in theirs]
        assert {tag[2:] for _, tags in theirs for tag in tags} - {""} <= KAZNERD
        for (_, here), (_, there) in zip(own, theirs, strict=True):
            if not LACKING & {tag[2:] for tag in here}:
                assert here == there


def test_a_label_that_kaznerd_lacks_makes_way_for_the_outermost_mentions_in_it(tmp_path: Path) -> None:
    text = "Астана қаласындағы келіссөздер сауда көлемі"
    mentions = (
        Mention(0, 30, "ACT", "келіссөз"),
        Mention(0, 18, "LOCATION", "Астана қаласы"),
        Mention(0, 6, "GPE", "Астана"),
        Mention(31, 43, "MEASURED", "сауда көлемі"),
    )
    document = make_document(text, *mentions)
    ((_, tags),) = read_tags(write([document], "kaznerd"), tmp_path)
    assert tags == ["B-LOCATION", "I-LOCATION", OUTSIDE, OUTSIDE, OUTSIDE]
    first, second = list_remarks([from_document(document)], "kaznerd")
    assert "1 ACT, 1 MEASURED" in first
    assert "1 of 2 mentions" in second
    assert "the names of 4 mentions" in second


def read_docred(rows: list[dict[str, Any]], relations: dict[str, str]) -> dict[tuple[str, str, int, int], set[int]]:
    """The facts with their evidence as DocRED's evaluation gathers them, and what its preparation takes for granted."""
    gold: dict[tuple[str, str, int, int], set[int]] = {}
    for row in rows:
        assert set(row) == {"title", "sents", "vertexSet", "labels"}
        for vertex in row["vertexSet"]:
            assert vertex
            for mention in vertex:
                assert set(mention) == {"name", "pos", "sent_id", "type"}
                first, last = mention["pos"]
                assert 0 <= first < last <= len(row["sents"][mention["sent_id"]])
        for label in row["labels"]:
            assert set(label) == {"h", "t", "r", "evidence"}
            assert label["r"] in relations
            assert max(label["h"], label["t"]) < len(row["vertexSet"])
            assert set(label["evidence"]) <= set(range(len(row["sents"])))
            fact = row["title"], label["r"], label["h"], label["t"]
            assert fact not in gold
            gold[fact] = set(label["evidence"])
    assert len({row["title"] for row in rows}) == len(rows)
    return gold


@pytest.mark.parametrize("split", SPLITS)
def test_docred_has_the_entities_and_facts_of_the_config_documents(split: str) -> None:
    rows = json.loads(export_split("docred", split))
    relations = json.loads(export_split("docred-relations", split))
    found: dict[tuple[str, str, object, object], set[int]] = {}
    vertices = {row["title"]: row["vertexSet"] for row in rows}
    for (title, r, h, t), evidence in read_docred(rows, relations).items():
        key = title, relations[r], name_vertex(vertices[title][h]), name_vertex(vertices[title][t])
        found[key] = evidence
    data: Dataset = qatynas.load("documents", split)
    types = data.features["relations"].feature["type"]
    expected: dict[tuple[str, str, object, object], set[int]] = {}
    for row in data:
        groups = group_row(row)
        assert sorted(map(name_vertex, vertices[row["doc_id"]])) == sorted(groups.values())
        for relation in row["relations"]:
            ends = (groups[find_group(row, relation[end])] for end in ("head", "tail"))
            key = (row["doc_id"], types.int2str(relation["type"]), *ends)
            expected.setdefault(key, set()).update(relation["evidence"])
    assert found == expected


def name_vertex(vertex: list[dict[str, Any]]) -> tuple[tuple[int, str], ...]:
    return tuple((mention["sent_id"], mention["name"]) for mention in vertex)


def find_group(row: dict[str, Any], place: int) -> tuple[str, int]:
    entity = row["mentions"][place]["entity"]
    return ("mention", place) if entity is None else ("entity", entity)


def group_row(row: dict[str, Any]) -> dict[tuple[str, int], tuple[tuple[int, str], ...]]:
    """The sentence and the text of every mention, by entity or number."""
    groups: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for mention in row["mentions"]:
        sentence = sum(sentence["start"] <= mention["start"] for sentence in row["sentences"]) - 1
        groups.setdefault(find_group(row, mention["id"]), []).append((sentence, mention["text"]))
    return {key: tuple(mentions) for key, mentions in groups.items()}


def test_docred_spans_are_the_mentions_own_tokens() -> None:
    for document in load_documents("validation"):
        row = describe_document(document)
        assert list_moved(document) == []
        for vertex in row["vertexSet"]:
            for mention in vertex:
                first, last = mention["pos"]
                tokens = row["sents"][mention["sent_id"]][first:last]
                assert "".join(tokens) == "".join(mention["name"].split())


def test_no_two_relations_share_a_docred_id() -> None:
    assert sorted(name_relations().values()) == sorted(load_schema().relation_labels)
    assert all(re.fullmatch(r"P[1-9]\d*", wikidata) for wikidata in name_relations())


def test_docred_tells_entities_from_numbers_and_joins_what_says_one_fact() -> None:
    text = "Қазақстан мен Қырғызстан ШЫҰ-ға мүше. Қазақстан ШЫҰ-да 2 рет төраға болды."
    places = [(0, 9), (14, 24), (25, 31), (38, 47), (48, 54)]
    kinds = [("GPE", "Қазақстан"), ("GPE", "Қырғызстан"), ("ORGANISATION", "ШЫҰ")]
    named = [Mention(*place, *kind) for place, kind in zip(places, [*kinds, kinds[0], kinds[2]], strict=True)]
    member = tuple(Relation("MEMBER_OF", head, tail) for head, tail in ((0, 2), (1, 2), (3, 4)))
    row = describe_document(make_document(text, *named, relations=member))
    assert [[mention["pos"] for mention in vertex] for vertex in row["vertexSet"]] == [
        [[0, 1], [0, 1]],
        [[2, 3]],
        [[3, 4], [1, 2]],
    ]
    assert row["labels"] == [
        {"h": 0, "t": 2, "r": "P463", "evidence": [0, 1]},
        {"h": 1, "t": 2, "r": "P463", "evidence": [0]},
    ]


def test_docred_counts_what_it_widens_and_cuts() -> None:
    text = "Қазақстанның астанасы. Бишкек қаласы."
    spans = Mention(0, 9, "GPE", "Қазақстан"), Mention(13, 29, "GPE", "Бишкек"), Mention(23, 29, "GPE", "Бишкек")
    document = make_document(text, *spans)
    assert [vertex[0]["pos"] for vertex in describe_document(document)["vertexSet"]] == [[0, 1], [1, 3]]
    assert list_moved(document) == [*spans[:2]]
    assert "2 of 3 mentions" in list_remarks([from_document(document)], "docred")[1]


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"label-studio", "docred-relations"}])
def test_a_document_without_adjudication_is_one_line(name: str, tmp_path: Path) -> None:
    task = from_document(make_document("Астана"))
    task.annotations[0].ground_truth = False
    with pytest.raises(QatynasError, match=r"^example-1: none of 1 readings is adjudicated: .*--doc$"):
        write_export([task], name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_every_format_stands_in_the_help_and_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run_command(capsys, "export", "--help")
    for name in FORMATS:
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", out)
        assert find_format(name).summary


@pytest.fixture(name="annotations")
def copy_annotations(tmp_path: Path) -> Path:
    folder = tmp_path / "annotations"
    (folder / "tasks").mkdir(parents=True)
    shutil.copy(ANNOTATIONS / "tasks" / f"{DOC}.json", folder / "tasks")
    return folder


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.index is None])
def test_the_command_writes_a_file_and_says_what_is_lost(
    name: str, annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = next(task for task in select_split("test") if task.data.doc_id == DOC)
    out = tmp_path / "out"
    code, said, talk = run_command(capsys, "export", "--to", name, out, "--doc", DOC, "--annotations", annotations)
    assert (code, said) == (0, "")
    assert talk.splitlines() == [f"{out}: 1 documents", *list_remarks([task], name)]
    assert ("lost: " in talk) == (name not in {"label-studio", "docred-relations"})
    assert out.read_bytes() == b"".join(export_tasks([task], name))


def test_the_losses_are_counted() -> None:
    document = load_documents("test")[0]
    (told,) = list_remarks([from_document(document)], "conll")
    mentions = document.gold.mentions
    nested = len(mentions) - len(find_outermost(mentions))
    entities = sum(len(entity.mentions) for entity in group_entities(document.gold, document.text))
    assert f"{nested} of {len(mentions)} mentions" in told
    assert f"{len(document.gold.relations)} relations" in told
    assert f"{entities} mentions, the values of {len(mentions) - entities} numbers" in told
    assert list_remarks([from_document(replace(document, readings=()))], "conll") == [told]
