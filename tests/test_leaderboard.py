from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qatynas.scoring
from qatynas import __version__
from qatynas.data import hash_dataset, load_documents
from qatynas.document import Reading
from qatynas.errors import QatynasError
from qatynas.predictions import encode_predictions
from qatynas.scoring import Resampling, compare_files
from qatynas_baselines import leaderboard
from qatynas_baselines.entries import SPLITS, add_result, encode_result, make_result, read_result
from qatynas_baselines.leaderboard import (
    find_ranks,
    rank_systems,
    read_results,
    render_leaderboard,
    update_leaderboard,
    verify_results,
)
from qatynas_baselines.tables import render_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qatynas.document import Document

    Row = dict[str, Any]

FEW = Resampling(20, 7)
RANKS = Resampling(400, 7)  # enough for a p under 0.05 among three systems
STEPS = {"empty": 0, "half": 2, "perfect": 1}  # every how many mentions and relations
FACTS = {"description": "Ереже | <сөздік>.", "author": "Айдос", "uses": ["Qatynas train", "сөздік"], "url": None}


@cache
def load_once(split: str) -> list[Document]:
    return load_documents(split)


@pytest.fixture(scope="module", autouse=True)
def _read_data_once() -> Iterator[None]:
    """The data set is read once for all tests: reading it costs more than scoring."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (qatynas.scoring, leaderboard):
            patch.setattr(module, "load_documents", load_once)
        yield


def predict(gold: Reading, step: int) -> Reading:
    if step == 1:
        return gold
    return Reading("system", gold.mentions[::step] if step else ())


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three systems, as `qatynas leaderboard --add` stores them."""
    given_files, folder = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("stored") / "results"
    folder.mkdir()
    facts = given_files / "facts.json"
    facts.write_text(json.dumps(FACTS), encoding="utf-8")
    for name, step in STEPS.items():
        files = {split: given_files / f"{name}-{split}.jsonl" for split in SPLITS}
        for split, path in files.items():
            path.write_bytes(encode_predictions({d.doc_id: predict(d.gold, step) for d in load_once(split)}))
        add_result(folder, name, facts, files, FEW)
    return folder


@pytest.fixture
def results(stored: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stored, tmp_path / "results"))


@pytest.fixture
def one(results: Path) -> Path:
    """The folder with the system `half` alone."""
    for path in results.iterdir():
        if not path.name.startswith("half."):
            path.unlink()
    return results


def edit(path: Path, change: Callable[[Row], object]) -> None:
    row = json.loads(path.read_bytes())
    change(row)
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")


def find(row: Row, *key: str, split: str = "test") -> Row:
    scores = row["reports"][split]["scores"]
    return next(score for score in scores if (score["task"], score["measure"], score["group"]) == key)


def test_results_are_read_by_name(results: Path) -> None:
    found = read_results(results)
    assert [result.name for result in found] == sorted(STEPS)
    perfect = found[-1]
    assert perfect.uses == tuple(FACTS["uses"] or ())
    assert (perfect.author, perfect.url, perfect.ablation) == ("Айдос", None, ())
    assert [perfect.reports.test.find_f1(task) for task in ("overall", "entity", "relation", "number")] == [1.0] * 4
    assert found[0].reports.validation.find_f1("overall") == 0
    assert perfect.reports.test.find("no task") is None


def test_other_keys_are_kept_out_of_the_way(one: Path) -> None:
    edit(one / "half.json", lambda row: row.update(settings={"seed": 1}))
    assert read_results(one)[0].name == "half"


def sign(row: Row, part: str, value: str, split: str = "test") -> None:
    report = row["reports"][split]
    report["signature"] = re.sub(rf"{part}:[^|]*", f"{part}:{value}", report["signature"])


FAULTS: dict[str, tuple[Callable[[Row], object], str]] = {
    "name of another": (lambda row: row.update(name="other"), "has the name 'other': expected 'half'"),
    "no author": (lambda row: row.pop("author"), "missing required field `author`"),
    "empty description": (lambda row: row.update(description=" "), "`$.description`"),
    "address of no page": (lambda row: row.update(url="javascript:x"), "`$.url`"),
    "no list": (lambda row: row.update(uses="train"), "`$.uses`"),
    "nested rows": (lambda row: row.update(ablation=[{"без": [1]}]), "`$.ablation[0][...]`"),
    "a split lacks": (lambda row: row["reports"].pop("validation"), "missing required field `validation`"),
    "another split": (lambda row: row["reports"].update(test=row["reports"]["validation"]), "with split validation"),
    "other version": (lambda row: sign(row, "qatynas", "0.0.1"), f"with qatynas 0.0.1: here it is {__version__}"),
    "other data": (lambda row: sign(row, "data", "0" * 12), f"here it is {hash_dataset()[:12]}: score"),
    "other scorer": (
        lambda row: sign(row, "scorer", "0", "validation"),
        "reports.validation: was scored with scorer 0",
    ),
    "other documents": (lambda row: sign(row, "docs", "3"), "with docs 3"),
    "missing documents": (lambda row: sign(row, "missing", "1"), "with missing 1"),
    "no seed": (lambda row: sign(row, "seed", "x"), "expected one of this scorer"),
    "no resamples": (lambda row: sign(row, "resamples", "0"), "expected one of this scorer"),
    "no signature": (lambda row: row["reports"]["test"].update(signature=""), "has the signature ''"),
    "a score that is null": (
        lambda row: find(row, "entity", "strict", "all").update(f1=None),
        "no F1 of entity strict",
    ),
    "a score too high": (lambda row: find(row, "entity", "strict", "all").update(f1=1.5), "`float` <= 1.0"),
    "a score as text": (lambda row: find(row, "entity", "strict", "all").update(f1="1"), "got `str`"),
    "a score that is NaN": (lambda row: find(row, "entity", "partial", "all").update(f1=float("nan")), "malformed"),
    "no scores": (lambda row: row["reports"]["test"].update(scores=[]), "has no F1 of overall strict"),
    "an unknown field": (lambda row: find(row, "entity", "strict", "all").update(f2=1), "unknown field `f2`"),
}


def check_line(message: str, path: Path, part: str) -> None:
    assert message.startswith(str(path))
    assert part in message
    assert "\n" not in message
    assert message.count(": ") >= 2  # place, fault, cure


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_result_is_one_line(fault: str, one: Path) -> None:
    change, part = FAULTS[fault]
    path = one / "half.json"
    edit(path, change)
    with pytest.raises(QatynasError) as caught:
        read_results(one)
    check_line(str(caught.value), path, part)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff{}", b"[" * 100_000, b'{"name": "half"}'])
def test_a_file_that_is_no_result_is_one_line(content: bytes, one: Path) -> None:
    path = one / "half.json"
    path.write_bytes(content)
    with pytest.raises(QatynasError) as caught:
        read_results(one)
    check_line(str(caught.value), path, "mend the file")


def test_a_name_with_a_dot_is_refused(one: Path) -> None:
    path = (one / "half.json").rename(one / "half.v2.json")
    edit(path, lambda row: row.update(name="half.v2"))
    with pytest.raises(QatynasError, match=r"half\.v2\.json: .*`\$\.name`"):
        read_results(one)


@pytest.mark.parametrize("split", SPLITS)
def test_predictions_that_are_missing_are_one_line(split: str, one: Path) -> None:
    path = one / f"half.{split}.jsonl"
    path.unlink()
    with pytest.raises(QatynasError) as caught:
        read_results(one)
    check_line(str(caught.value), path, "is missing")


def test_a_result_or_folder_that_cannot_be_read_is_one_line(one: Path) -> None:
    with pytest.raises(QatynasError, match="is no folder"):
        read_results(one / "missing")
    (one / "half.json").unlink()
    (one / "half.json").mkdir()
    with pytest.raises(QatynasError, match=r"half\.json: cannot be read: "):
        read_results(one)


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        ({}, [1, 1, 1, 1]),
        ({(0, 1): 0.001, (1, 2): 0.001, (2, 3): 0.001}, [1, 2, 3, 4]),
        ({(0, 2): 0.01}, [1, 1, 3, 3]),
        ({(0, 2): 0.02}, [1, 1, 1, 1]),  # 0.06 after Holm over the leader's three comparisons
        ({(0, 2): 0.02, (0, 3): 0.001}, [1, 1, 3, 3]),  # 0.04: the smaller p was corrected first
        ({(0, 1): 0.01, (1, 3): 0.02}, [1, 2, 2, 4]),  # the second leader has two comparisons
        ({(0, 1): 0.01, (0, 3): 0.9}, [1, 2, 2, 2]),  # a system is never above one that is ranked better
    ],
)
def test_ranks_follow_their_definition(values: dict[tuple[int, int], float], ranks: list[int]) -> None:
    assert find_ranks(4, lambda leader, place: values.get((leader, place), 0.5)) == ranks


def test_no_system_and_one_system_have_their_ranks() -> None:
    assert [find_ranks(count, lambda *_: 1.0) for count in (0, 1)] == [[], [1]]


def test_systems_are_ranked_by_their_overall_f1(results: Path) -> None:
    ranked = rank_systems(read_results(results), results, RANKS)
    assert [(rank, result.name) for rank, result in ranked] == [(1, "perfect"), (2, "half"), (3, "empty")]


def test_systems_that_do_not_differ_share_a_rank(results: Path) -> None:
    for path in sorted(results.glob("perfect.*")):
        shutil.copy(path, results / path.name.replace("perfect", "copy"))
    edit(results / "copy.json", lambda row: row.update(name="copy"))
    ranked = rank_systems(read_results(results)[::-1], results, RANKS)
    assert [(rank, result.name) for rank, result in ranked] == [(1, "copy"), (1, "perfect"), (3, "half"), (4, "empty")]


def test_p_values_are_those_of_compare_files(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[float] = []

    def take(systems: int, compare: Callable[[int, int], float]) -> list[int]:
        taken.append(compare(0, 1))
        return [1] * systems

    monkeypatch.setattr(leaderboard, "find_ranks", take)
    rank_systems(read_results(results), results, FEW)
    differences, issues = compare_files(results / "perfect.test.jsonl", results / "half.test.jsonl", "test", FEW)
    assert not issues
    assert taken == [differences[0].p]


def test_predictions_with_findings_are_not_ranked(one: Path) -> None:
    (one / "half.test.jsonl").write_bytes(b"{}\n")
    with pytest.raises(QatynasError, match=r"1 findings, the first: .*prediction-malformed"):
        rank_systems(read_results(one), one, FEW)


def test_the_page_shows_every_system_once_a_table(results: Path) -> None:
    edit(results / "half.json", lambda row: row.update(url="https://example.org/half"))
    page = render_leaderboard(read_results(results), results, RANKS)
    lines = page.splitlines()
    assert [line.split(" | ")[:3] for line in lines if re.match(r"\| \d", line)] == [
        ["| 1", "perfect", "1.000 (1.000–1.000)"],
        ["| 2", "[half](https://example.org/half)", next(c for c in page.split(" | ") if c.startswith("0.4"))],
        ["| 3", "empty", "0.000 (0.000–0.000)"],
    ]
    # an empty prediction has no mention in common with gold, so that nothing is measured among these
    assert "| empty | 0.000 |  | 0.000 | 0.000 | 0.000 |  | 0.000 | 0.000 | 0.000 |" in lines
    assert "- **perfect**, Айдос: Ереже \\| &lt;сөздік>. Trained on: Qatynas train, сөздік." in lines
    assert page.count(f"data:{hash_dataset()[:12]}|") == 6
    assert "Cost" not in page
    assert "Ablation" not in page
    assert "qatynas leaderboard --verify" in page


def test_the_page_does_not_depend_on_the_order_of_the_results(results: Path) -> None:
    found = read_results(results)
    assert render_leaderboard(found, results, FEW) == render_leaderboard(found[::-1], results, FEW)


def test_cost_and_sections_are_shown_where_they_are(results: Path) -> None:
    cost = {"training_seconds": 12.5, "characters_per_second": 123456.7, "machine": "1 ядро", "other": 1}
    (results / "half.cost.json").write_text(json.dumps(cost), encoding="utf-8")
    rows = [{"documents": 4, "overall": 0.25}, {"documents": 8, "overall": 0.5, "note": "бәрі"}]
    edit(results / "half.json", lambda row: row.update(learning_curve=rows, errors=[{"kind": "шекара", "count": 3}]))
    page = render_leaderboard(read_results(results), results, FEW)
    assert "| half | 12.500 | 123,457 | 1 ядро |\n" in page
    assert (
        "## Learning curve\n\n### Learning curve of half\n\n| documents | overall | note |\n|---:|---:|---|\n" in page
    )
    assert "| 4 | 0.250 |  |\n| 8 | 0.500 | бәрі |\n" in page
    assert "### Errors of half\n\n| kind | count |\n" in page
    assert "Transfer" not in page


def test_a_faulty_cost_file_is_one_line(one: Path) -> None:
    path = one / "half.cost.json"
    path.write_text('{"training_seconds": -1}', encoding="utf-8")
    with pytest.raises(QatynasError) as caught:
        render_leaderboard(read_results(one), one, FEW)
    check_line(str(caught.value), path, "`$.training_seconds`")


def test_an_empty_folder_has_its_page(tmp_path: Path) -> None:
    page = render_leaderboard(read_results(tmp_path), tmp_path)
    assert "No system has been scored" in page
    assert "## Add a system" in page


CELLS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)


@given(st.lists(st.dictionaries(st.text(max_size=4), CELLS, max_size=4), max_size=4))
def test_any_flat_rows_make_a_table_with_as_many_cells_in_every_line(rows: list[Row]) -> None:
    lines = render_table(rows).splitlines()
    columns = len({column for row in rows for column in row})
    assert len(lines) == (len(rows) + 2 if columns else 0)
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == columns + 1 for line in lines)


def test_the_page_is_written_once(results: Path, tmp_path: Path) -> None:
    target = tmp_path / "LEADERBOARD.md"
    assert update_leaderboard(results, target, FEW)
    page = target.read_bytes()
    assert not update_leaderboard(results, target, FEW)
    target.write_bytes(page + b"\n")
    assert update_leaderboard(results, target, FEW)
    assert target.read_bytes() == page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["LEADERBOARD.md", "results"]


def test_a_page_that_cannot_be_written_is_one_line(one: Path, tmp_path: Path) -> None:
    with pytest.raises(QatynasError, match="cannot be written"):
        update_leaderboard(one, tmp_path / "missing" / "LEADERBOARD.md", FEW)


def test_what_was_stored_is_verified(results: Path) -> None:
    update_leaderboard(results, results.parent / "LEADERBOARD.md", FEW)
    assert verify_results(results, resampling=FEW) == []


TAMPERED: dict[str, tuple[Callable[[Row], object], str]] = {
    "a score": (lambda row: find(row, "entity", "partial", "all").update(f1=0.9), "entity partial all: f1 0.9, scored"),
    "an interval": (lambda row: find(row, "number", "strict", "all").update(low=0.0), "number strict all: low 0.0, sc"),
    "a count": (
        lambda row: find(row, "relation", "strict", "all").update(predicted=1),
        "all: predicted 1, scored again",
    ),
    "a score that lacks": (
        lambda row: row["reports"]["test"]["scores"].remove(find(row, "entity", "strict", "PERSON")),
        "entity strict PERSON: is missing",
    ),
    "a score twice": (
        lambda row: row["reports"]["test"]["scores"].append(find(row, "entity", "strict", "GPE")),
        "entity strict GPE: stands twice",
    ),
    "a signature": (
        lambda row: row["reports"]["test"].update(signature=row["reports"]["test"]["signature"] + "|x:1"),
        "has the signature qatynas:",
    ),
    "a fact": (lambda row: row.pop("description"), "missing required field `description`"),
}


@pytest.mark.parametrize("fault", TAMPERED)
def test_whatever_was_changed_by_hand_is_one_line(fault: str, one: Path) -> None:
    change, part = TAMPERED[fault]
    edit(one / "half.json", change)
    target = one.parent / "LEADERBOARD.md"
    if fault != "a fact":
        update_leaderboard(one, target, FEW)
    (line,) = verify_results(one, target, FEW)
    check_line(line, one / "half.json", part)


def test_predictions_that_were_changed_are_found(one: Path) -> None:
    shutil.copy(one / "half.validation.jsonl", one / "half.test.jsonl")
    lines = verify_results(one, resampling=FEW)
    assert len(lines) == len(load_once("validation"))
    assert all("[prediction-unknown-document] stands in the split validation" in line for line in lines)
    gold = {document.doc_id: Reading("system") for document in load_once("test")}
    (one / "half.test.jsonl").write_bytes(encode_predictions(gold))
    lines = verify_results(one, resampling=FEW)
    assert sum("reports.test overall strict all: " in line for line in lines) == 1
    assert not any("reports.validation" in line for line in lines)


def test_a_page_that_is_old_or_missing_is_one_line(one: Path) -> None:
    target = one.parent / "LEADERBOARD.md"
    for content in (None, b"# Leaderboard\n"):
        if content:
            target.write_bytes(content)
        (line,) = verify_results(one, resampling=FEW)
        check_line(line, target, "is not what the results give")


def test_files_of_no_system_and_faulty_costs_are_a_line_each(one: Path) -> None:
    (one / "other.test.jsonl").write_bytes(b"")
    (one / "other.cost.json").write_bytes(b"{}")
    (one / "half.cost.json").write_bytes(b"{}")
    lines = verify_results(one, resampling=FEW)
    assert [Path(line.split(": ")[0]).name for line in lines] == [
        "half.cost.json",
        "other.cost.json",
        "other.test.jsonl",
    ]


def test_a_result_with_missing_documents_is_verified(one: Path, tmp_path: Path) -> None:
    path = one / "half.test.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(rest))
    report, _ = qatynas.scoring.score_file(path, "test", FEW, allow_missing=True)
    assert report is not None
    assert report.missing == (json.loads(first)["doc_id"],)
    edit(one / "half.json", lambda row: row["reports"].update(test=report.to_row()))
    target = tmp_path / "LEADERBOARD.md"
    update_leaderboard(one, target, FEW)
    assert verify_results(one, target, FEW) == []


def test_an_outsider_s_result_is_read_as_it_was_made(stored: Path, tmp_path: Path) -> None:
    files = {split: stored / f"half.{split}.jsonl" for split in SPLITS}
    row = make_result("mine", FACTS | {"ablation": [{"without": "бірі", "F1": 0.5}], "note": 1}, files, FEW)
    for split, path in files.items():
        shutil.copy(path, tmp_path / f"mine.{split}.jsonl")
    (tmp_path / "mine.json").write_bytes(encode_result(row))
    result = read_result(tmp_path / "mine.json")
    assert (result.name, result.ablation) == ("mine", ({"without": "бірі", "F1": 0.5},))
    assert result.reports == read_result(stored / "half.json").reports
    assert json.loads(encode_result(row)) == row


@pytest.mark.parametrize(
    ("name", "facts", "splits", "part"),
    [
        ("mine", {}, SPLITS, "missing required field `description`"),
        ("../mine", FACTS, SPLITS, "`$.name`"),
        ("mine.v2", FACTS, SPLITS, "`$.name`"),
        ("mine", FACTS | {"uses": None}, SPLITS, "`$.uses`"),
        ("mine", FACTS | {"name": "other"}, SPLITS, "leave 'name' out"),
        ("mine", FACTS | {"reports": {}}, SPLITS, "leave 'reports' out"),
        ("mine", FACTS, ("test",), "predictions for test: expected test and validation"),
        ("mine", FACTS, (), "predictions for no split"),
    ],
)
def test_facts_that_are_wrong_are_one_line(
    name: str, facts: Row, splits: tuple[str, ...], part: str, stored: Path
) -> None:
    with pytest.raises(QatynasError) as caught:
        make_result(name, facts, {split: stored / f"half.{split}.jsonl" for split in splits}, FEW)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_faulty_predictions_file_makes_no_result(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_bytes(b"")
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(FACTS), encoding="utf-8")
    files = {"test": stored / "half.test.jsonl", "validation": path}
    with pytest.raises(QatynasError, match=r"prediction-missing.*`qatynas score mine\.jsonl --split validation`"):
        add_result(tmp_path, "mine", facts, files, FEW)
    assert sorted(tmp_path.iterdir()) == [facts, path]
