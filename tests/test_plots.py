from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from command import run_command
from qatynas import plots
from qatynas.agreement import measure_agreement
from qatynas.data import list_splits, load_documents
from qatynas.document import Document, Mention, Number, Reading, Relation
from qatynas.errors import QatynasError
from qatynas.plots import series
from qatynas.plots.series import Grid, Mark, Step
from qatynas.schema import load_schema
from qatynas.stats import count_dataset
from qatynas_baselines.entries import read_results
from qatynas_baselines.plotted import list_curves, list_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "baselines" / "plots"
AGAIN = "qatynas stats --plots baselines/plots --figure labels --figure scores --force"
PINNED = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())["matplotlib"]
TEXT = "ҚР СІМ-нің баспасөз қызметі 0 және 1000 құжат, 12,5% ұсынды"
GOLD = Reading(
    "adjudicator",
    (
        Mention(0, 27, "ORGANISATION", "ҚР СІМ баспасөз қызметі"),
        Mention(0, 10, "ORGANISATION", "ҚР СІМ"),
        Mention(0, 2, "GPE", "Қазақстан"),
        Mention(28, 29, "CARDINAL", number=Number(0)),
        Mention(35, 39, "CARDINAL", number=Number(1000)),
        Mention(40, 45, "MEASURED", "құжат"),
        Mention(47, 52, "PERCENTAGE", number=Number(12.5, unit="%")),
    ),
    (Relation("PART_OF", 0, 1), Relation("PART_OF", 1, 2), Relation("HAS_VALUE", 5, 4)),
)
DOCUMENT = Document("d", "Т", TEXT, "2025-08-02", "summit", "composed", "s", GOLD, (GOLD, GOLD))


def look_up(grid: Grid) -> dict[tuple[str, str], float]:
    """The cells of a grid that are neither nought nor None, by the names of row and column."""
    return {
        (row, column): cell
        for row, cells in zip(grid.rows, grid.cells, strict=True)
        for column, cell in zip(grid.columns, cells, strict=True)
        if cell
    }


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return load_documents()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    results = read_results(ROOT / "baselines" / "results")
    drawings = plots.plan_data(load_documents("test"), list_splits())
    return plots.draw_plots(drawings | plots.plan_results(list_marks(results), list_curves(results)))


def test_labels_are_the_counts_of_stats(documents: list[Document]) -> None:
    counted = count_dataset()["mentions"]
    grid = series.count_labels(documents, list_splits())
    assert grid.rows == tuple(load_schema().labels)
    assert dict(zip(grid.rows, grid.cells, strict=True)) == {
        label: tuple(by_split[split] for split in grid.columns) for label, by_split in counted.items()
    }


def test_every_other_count_adds_up_to_that_of_stats(documents: list[Document]) -> None:
    size = {name: sum(by_split.values()) for name, by_split in count_dataset()["size"].items()}

    def add(grid: Grid) -> float:
        return sum(look_up(grid).values())

    depths = series.count_depths(documents)
    assert add(series.count_lengths(documents)) == size["mentions"]
    assert add(depths) - sum(row[0] or 0 for row in depths.cells) == size["nested"]
    assert add(series.count_joins(documents)) == size["relations"]
    with_date_alone = sum(
        m.number is not None and m.number.value is None for document in documents for m in document.gold.mentions
    )
    assert add(series.count_magnitudes(documents)) == size["numbers"] - with_date_alone


def test_counts_of_one_document_by_hand() -> None:
    assert look_up(series.count_labels([DOCUMENT], {"d": "test"}))["CARDINAL", "test"] == 2
    lengths = series.count_lengths([DOCUMENT])
    assert look_up(lengths) == {("entities", "1"): 2, ("entities", "2"): 1, ("entities", "4"): 1, ("numbers", "1"): 3}
    assert lengths.columns[-1] == "10+"
    assert series.count_depths([DOCUMENT]) == Grid(("entities", "numbers"), ("0", "1", "2"), ((2, 1, 1), (3, 0, 0)))
    assert look_up(series.count_nests([DOCUMENT])) == {
        ("ORGANISATION", "ORGANISATION"): 1,
        ("GPE", "ORGANISATION"): 2,
    }
    assert look_up(series.count_joins([DOCUMENT])) == {
        ("ORGANISATION", "ORGANISATION"): 1,
        ("ORGANISATION", "GPE"): 1,
        ("MEASURED", "CARDINAL"): 1,
    }
    assert series.count_magnitudes([DOCUMENT]) == Grid(
        ("PERCENTAGE", "CARDINAL"), ("0", "10¹", "10²", "10³"), ((0, 1, 0, 0), (1, 0, 0, 1))
    )


@pytest.mark.parametrize("power", range(-4, 15))
def test_powers_of_ten_fall_into_their_own_column(power: int) -> None:
    reading = Reading("a", (Mention(0, 1, "CARDINAL", number=Number(float(f"1e{power}"))),))
    document = Document("d", "", "1", "2025-08-02", "summit", "composed", "s", reading)
    assert series.count_magnitudes([document]).columns == (series.name_power(power),)


def test_agreement_is_what_the_command_measures() -> None:
    measured = measure_agreement([DOCUMENT], resamples=1)
    spans, relations = series.list_agreement(measured)
    assert spans.columns == ("strict", "partial", "values", "kappa")
    assert (spans.rows[0], relations.rows) == ("all", ("all", "PART_OF", "HAS_VALUE"))
    assert set(look_up(spans).values()) == set(look_up(relations).values()) == {1.0}


def test_marks_and_curves_are_those_of_the_stored_results() -> None:
    results = {result.name: result for result in read_results(ROOT / "baselines" / "results")}
    marks = list_marks(list(results.values()))
    assert len(marks) == 4 * len(results)
    for mark in marks:
        score = results[mark.system].reports.test.find(mark.task)
        assert score is not None
        assert (mark.f1, mark.low, mark.high) == (score.f1, score.low, score.high)
    assert [mark.f1 for mark in marks if mark.task == "overall"] == sorted(
        (mark.f1 for mark in marks if mark.task == "overall"), reverse=True
    )
    (steps,) = list_curves(list(results.values())).values()
    assert {step.task for step in steps} == {"entity", "relation", "number"}
    assert len(steps) == 3 * len(results["crf+rules"].learning_curve)


def test_every_figure_is_drawn_twice_alike(files: Mapping[str, bytes]) -> None:
    """A letter that the font lacks is a warning, and a warning an error."""
    results = read_results(ROOT / "baselines" / "results")
    drawings = plots.plan_data(load_documents("test"), list_splits())
    again = plots.draw_plots(drawings | plots.plan_results(list_marks(results), list_curves(results)))
    assert sorted(files) == [
        "agreement.svg",
        "labels.svg",
        "learning-crf+rules.svg",
        "lengths.svg",
        "nesting.svg",
        "numbers.svg",
        "relations.svg",
        "scores.svg",
    ]
    assert again == files


def test_a_figure_holds_no_clock_no_version_and_no_font(files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        text = data.decode()
        assert not re.search(r"<dc:date>|[Mm]atplotlib v|<text|font-family", text), name
        assert importlib.metadata.version("matplotlib") not in text.split("<defs>")[0]


def test_a_machine_of_other_settings_draws_alike() -> None:
    import matplotlib as mpl

    drawings = {"labels": plots.plan_data([DOCUMENT], {"d": "test"})["labels"]}
    usual = plots.draw_plots(drawings)
    with mpl.rc_context({"font.size": 30, "savefig.bbox": "tight", "svg.fonttype": "none", "axes.grid": True}):
        assert plots.draw_plots(drawings) == usual


@pytest.mark.parametrize(
    "documents",
    [[], [Document("d", "", "Жоқ.", "2025-08-02", "summit", "composed", "s", Reading("a"))], [DOCUMENT]],
    ids=["none", "empty", "one"],
)
def test_a_data_set_of_little_or_nothing_is_drawn(documents: list[Document]) -> None:
    drawings = plots.plan_data(documents, {"d": "test"})
    assert len(plots.draw_plots({name: draw for name, draw in drawings.items() if name != "agreement"})) == 5


def test_results_of_one_system_without_an_interval_are_drawn() -> None:
    drawings = plots.plan_results([Mark("a", "overall", 0.5)], {"a": [Step(1, "entity", 0.5)]})
    assert sorted(plots.draw_plots(drawings)) == ["learning-a.svg", "scores.svg"]
    assert plots.plan_results([], {}) == {}


def test_another_file_is_replaced_with_force_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "plots"
    assert plots.write_plots({"a.svg": b"1", "b.svg": b"2"}, folder) == [folder / "a.svg", folder / "b.svg"]
    assert plots.write_plots({"a.svg": b"1"}, folder) == []
    with pytest.raises(QatynasError, match=r"a\.svg: stands there already"):
        plots.write_plots({"a.svg": b"3", "c.svg": b"4"}, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["a.svg", "b.svg"]
    assert plots.write_plots({"a.svg": b"3"}, folder, force=True) == [folder / "a.svg"]
    assert (folder / "a.svg").read_bytes() == b"3"


def test_the_command_without_matplotlib_names_the_extra(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(plots, "LIBRARY", "no_such_library")
    code, out, error = run_command(capsys, "stats", "--plots", tmp_path / "plots")
    assert (code, out) == (2, "")
    assert error == "qatynas: no_such_library: is not installed: pip install 'qatynas[plots]'\n"
    assert not (tmp_path / "plots").exists()


def test_the_command_draws_what_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("stats", "--json", "--plots", tmp_path, "--results", tmp_path / "none", "--figure")
    code, _, error = run_command(capsys, *asked, "labels")
    assert code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["labels.svg"]
    assert "no figure of scores" in error
    code, out, error = run_command(capsys, *asked, "scores")
    assert (code, out) == (2, "")
    assert "figure 'scores': is none of labels, lengths" in error


@pytest.mark.skipif(
    importlib.metadata.version("matplotlib") != PINNED,
    reason=f"the committed pictures are drawn by matplotlib {PINNED}, the one of constraints.txt",
)
def test_the_pictures_of_the_readme_are_those_of_today(documents: list[Document]) -> None:
    results = read_results(ROOT / "baselines" / "results")
    drawings = plots.plan_data(documents, list_splits()) | plots.plan_results(list_marks(results), {})
    fresh = plots.draw_plots(plots.choose_drawings(drawings, ("labels", "scores")))
    stored = {path.name: path.read_bytes() for path in PICTURES.iterdir()}
    assert stored == fresh, f"renew them: {AGAIN}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"baselines/plots/{name})" in readme for name in stored)
