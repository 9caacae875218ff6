from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatynas import load_documents
from qatynas.cli import main
from qatynas.errors import QatynasError
from qatynas_baselines.iob2 import read_iob2
from qatynas_baselines.lookup import LookupTagger
from qatynas_baselines.models import load_model, save_model
from qatynas_baselines.patterns import PatternRelations
from qatynas_baselines.pipeline import Pipeline
from qatynas_baselines.relations import RelationClassifier
from qatynas_baselines.run import list_errors, run_system, store_transfer, train_system
from qatynas_baselines.systems import SYSTEMS, make_crf, make_crf_rules
from qatynas_baselines.tagger import NestedTagger
from qatynas_baselines.texts import read_texts
from qatynas_baselines.transfer import measure_transfer

if TYPE_CHECKING:
    from collections.abc import Callable

TRAIN = load_documents("train")[:8]
HELD = load_documents("validation")[:2]
RESULTS = Path(__file__).parents[1] / "baselines" / "results"
TEXT = (
    "Қазақстан Сыртқы істер министрі Айдос Серікұлы 14 наурызда Анкарада келіссөз жүргізді. "
    "Тауар айналымы 2,4 млрд АҚШ долларына жетті."
)


@pytest.fixture(scope="module")
def trained() -> Pipeline:
    return Pipeline(LookupTagger(), PatternRelations(), rules=True).fit(TRAIN)


@pytest.fixture(scope="module")
def model(trained: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "lookup.safetensors"
    save_model(trained, path, "lookup")
    return path


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pipeline(LookupTagger(), PatternRelations()),
        lambda: Pipeline(rules=True),
        lambda: Pipeline(NestedTagger(make_crf(), ("numbers", "places")), RelationClassifier(), rules=True),
    ],
)
def test_a_stored_model_predicts_the_same_and_is_stored_again_to_the_byte(
    make: Callable[[], Pipeline], tmp_path: Path
) -> None:
    pipeline = make().fit(TRAIN)
    save_model(pipeline, tmp_path / "a", "x")
    name, again = load_model(tmp_path / "a")
    save_model(again, tmp_path / "b", "x")
    assert name == "x"
    assert again.predict(HELD) == pipeline.predict(HELD)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_reading_has_names_values_and_relations_and_depends_on_text_and_date_alone(trained: Pipeline) -> None:
    from dataclasses import replace

    (reading,) = trained.predict(HELD[:1])
    assert any(mention.name for mention in reading.mentions)
    assert any(mention.number and mention.number.value is not None for mention in reading.mentions)
    assert reading.relations
    bare = replace(HELD[0], gold=replace(HELD[0].gold, mentions=(), relations=()), readings=(), title="", genre="")
    assert trained.predict([bare]) == [reading]
    assert trained.predict(HELD)[0] == reading  # nor on what else is read


@pytest.mark.parametrize("make", [make_crf_rules, SYSTEMS["rules"].make])
def test_a_text_without_a_date_is_read(make: Callable[[], Pipeline]) -> None:
    from dataclasses import replace

    (reading,) = make().fit(TRAIN).predict([replace(HELD[0], date="")])
    assert any(mention.number and mention.number.value is not None for mention in reading.mentions)


@pytest.mark.parametrize("name", ["lookup", "rules"])
def test_the_stored_results_are_what_a_run_gives(name: str, tmp_path: Path) -> None:
    run_system(name, tmp_path)
    for path in sorted(tmp_path.iterdir()):
        if not path.name.endswith(".cost.json"):
            assert path.read_bytes() == (RESULTS / path.name).read_bytes(), "run `qatynas baseline run --all`"


def test_every_system_has_stored_results() -> None:
    for name in SYSTEMS:
        for ending in ("json", "test.jsonl", "validation.jsonl"):
            assert (RESULTS / f"{name}.{ending}").exists()


def test_errors_are_named_and_ranked(trained: Pipeline) -> None:
    rows = list_errors(trained, HELD)
    counts = [row["count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert all(row["error"].split()[0].isupper() for row in rows)


def test_an_unknown_system_is_one_line() -> None:
    with pytest.raises(QatynasError, match=r"is none of lookup, rules"):
        train_system("gpt")


def break_model(data: bytes) -> dict[str, bytes]:
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    inner = json.loads(header["__metadata__"]["qatynas"])

    def pack(changed: object) -> bytes:
        header["__metadata__"]["qatynas"] = json.dumps(changed)
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + data[8 + int.from_bytes(data[:8], "little") :]

    return {
        "belongs to version": pack(inner | {"version": "9.9.9"}),
        "is a damaged model": pack(inner | {"settings": {}}),
        "is no model": data[:50],
    }


@pytest.mark.parametrize("fault", ["belongs to version", "is a damaged model", "is no model"])
def test_a_broken_model_is_one_line(fault: str, model: Path, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(break_model(model.read_bytes())[fault])
    with pytest.raises(QatynasError, match=fault) as refusal:
        load_model(path)
    assert "\n" not in str(refusal.value)


@settings(max_examples=60)
@given(data=st.data())
def test_no_bytes_give_a_traceback(data: st.DataObject, model: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = model.read_bytes()
    place = data.draw(st.integers(0, min(len(whole) - 1, 3000)))
    path = tmp_path_factory.getbasetemp() / "mutated"
    path.write_bytes(
        data.draw(st.binary(max_size=60)) if data.draw(st.booleans()) else whole[:place] + b"\x7f" + whole[place + 1 :]
    )
    try:
        load_model(path)
    except QatynasError as error:
        assert "\n" not in str(error)  # noqa: PT017 (most bytes do no harm)


def test_texts_come_from_plain_files_lines_and_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    rows = [{"doc_id": "1", "text": TEXT, "date": "2025-03-14"}, {"doc_id": "2", "text": TEXT}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert [d.text for d in read_texts(tmp_path / "a.txt")] == [TEXT]
    for name in ("a.jsonl", "a.parquet"):
        found = list(read_texts(tmp_path / name, "2020-01-01"))
        assert [(d.doc_id, d.date) for d in found] == [("1", "2025-03-14"), ("2", "2020-01-01")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b"{"),
        ("a.jsonl", b'{"doc_id": "1"}'),
        ("a.jsonl", b"[1]"),
        ("a.jsonl", b'{"text": "x", "date": "2.8.2025"}'),
        ("a.jsonl", b"\xff\xfe"),
        ("a.txt", b"\xff\xfe"),
        ("a.parquet", b"PAR1"),
        ("missing.txt", None),
    ],
)
def test_a_broken_text_file_is_one_line(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(QatynasError, match=name) as refusal:
        list(read_texts(tmp_path / name))
    assert "\n" not in str(refusal.value)


def test_predict_writes_a_predictions_file(model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["baseline", "predict", str(model), str(tmp_path / "a.txt"), "--date", "2025-03-20"])
    assert not stop.value.code
    line = json.loads(capfd.readouterr().out)
    found = {mention["text"]: mention for mention in line["mentions"]}
    assert found["14 наурызда"]["date"] == "2025-03-14"
    assert found["2,4 млрд АҚШ долларына"]["value"] == 2.4e9
    assert all(TEXT[m["start"] : m["end"]] == m["text"] for m in line["mentions"])


def test_nothing_is_written_over_and_a_failed_prediction_leaves_the_old_file(
    model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    texts, output = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    texts.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    for arguments, code in (([], None), ([], 2), (["--force"], None)):
        with pytest.raises(SystemExit) as stop:
            main(["baseline", "predict", str(model), str(texts), "-o", str(output), *arguments])
        assert (stop.value.code or None) == code
    assert "stands there already" in capfd.readouterr().err
    before = output.read_bytes()
    texts.write_text(json.dumps({"text": TEXT}) + "\n{", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["baseline", "predict", str(model), str(texts), "-o", str(output), "--force"])
    assert stop.value.code == 2
    assert output.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "out.jsonl"]


def test_iob2_is_read_and_its_faults_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.iob2"
    path.write_text("Астана B-GPE\nда O\n\nАбай B-PERSON\nҚұнанбаев I-PERSON\n", encoding="utf-8")
    assert read_iob2(path) == [(["Астана", "да"], ["B-GPE", "O"]), (["Абай", "Құнанбаев"], ["B-PERSON", "I-PERSON"])]
    for broken in ("Астана\n", "Астана GPE\n", "а O\nб I-GPE\n", "а B-LAW\nб I-GPE\n", ""):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(QatynasError, match=r"a\.iob2") as refusal:
            read_iob2(path)
        assert "\n" not in str(refusal.value)


def test_transfer_is_measured_each_way_on_the_shared_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qatynas_baselines import transfer

    monkeypatch.setattr(transfer, "load_documents", lambda split: TRAIN if split == "train" else HELD)
    path = tmp_path / "a.iob2"
    path.write_text("Астана B-GPE\nда O\n\nҚазақстан B-GPE\nмен O\nЖапония B-GPE\n" * 3, encoding="utf-8")
    rows = measure_transfer(path)
    assert [row["label"] for row in rows] == ["all", "GPE"]
    assert rows[0]["spans of file"] == 9
    for way in ("train to file", "train to validation", "file to validation"):
        assert isinstance(rows[0][way], float)
    with pytest.raises(QatynasError, match="baseline run crf"):
        store_transfer(rows, tmp_path)
    (tmp_path / "crf.json").write_text('{"name": "crf"}', encoding="utf-8")
    assert json.loads(store_transfer(rows, tmp_path).read_bytes()) == {"name": "crf", "transfer": rows}
    path.write_text("Астана B-XYZ\n", encoding="utf-8")
    with pytest.raises(QatynasError, match="has no label of the schema"):
        measure_transfer(path)
