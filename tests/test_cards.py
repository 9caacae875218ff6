"""The cards: each figure is today's, and the tools that read cards read these."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import qatynas
from qatynas.build import build_dataset, check_annotations, write_dataset
from qatynas.card import list_columns
from qatynas.croissant import CONTEXT, TITLE
from qatynas.data import hash_dataset
from qatynas.errors import QatynasError
from qatynas.figures import PUBLISHED, collect_figures
from qatynas.label_studio import to_document
from qatynas.parquet import CONFIGS, make_features, read_table
from qatynas.results import read_scores
from qatynas.splits import SPLITS, read_splits
from qatynas.stats import count_dataset
from qatynas.task_files import read_task_files

if TYPE_CHECKING:
    from mlcroissant import Dataset

ROOT = Path(__file__).parents[1]
DATASET = ROOT / "dataset"
RESULTS = ROOT / "baselines" / "results"
TEMPLATES = ROOT / "scripts" / "qatynas" / "templates"
# What stands as a number in a template and is no figure of the data: names and versions of other things, the width of
# intervals, and one control that was made once.
CONSTANTS = {
    "F1",
    "from 0",
    "Apache-2.0",
    "CC BY 4.0",
    "95 %",
    "2021",
    "1,544",
    "876",
    "November 2026",
    "2 August 2025",
}
QUESTIONS = {
    "Motivation": 4,
    "Composition": 16,
    "Collection process": 12,
    "Preprocessing, cleaning, labelling": 4,
    "Uses": 6,
    "Distribution": 7,
    "Maintenance": 8,
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build reads, built anew."""
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(ROOT / "annotations", folder / "annotations")
    shutil.copytree(RESULTS, folder / "baselines" / "results", ignore=shutil.ignore_patterns("*.jsonl"))
    assert build_dataset(folder / "annotations", folder / "dataset") == []
    return folder


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    tables = {
        (config, split): read_table(DATASET / config / f"{split}.parquet") for config in CONFIGS for split in SPLITS
    }
    documents = sorted(qatynas.load_documents(), key=lambda document: document.doc_id)
    splits = read_splits(ROOT / "annotations" / "splits.csv")
    return collect_figures(documents, splits, tables, hash_dataset(), read_scores(RESULTS, hash_dataset()))


@pytest.fixture(scope="module")
def croissant() -> dict[str, Any]:
    described: dict[str, Any] = json.loads((DATASET / "croissant.json").read_bytes())
    return described


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data set of one document without scores."""
    return write_small(tmp_path / "small", tmp_path / "none")


def write_small(folder: Path, results: Path) -> Path:
    (task,), _ = read_task_files([ROOT / "tests" / "valid.json"])
    folder.mkdir()
    write_dataset(folder, [to_document(task)], {"example": "train"}, results)
    return folder


@pytest.mark.parametrize("name", ["DATASHEET.md", "dataset/README.md"])
def test_a_committed_card_is_its_rebuild(name: str, workspace: Path) -> None:
    assert (workspace / name).read_text(encoding="utf-8") == (ROOT / name).read_text(encoding="utf-8")


def test_the_committed_croissant_file_is_its_rebuild_but_for_the_bytes_of_parquet(
    workspace: Path, croissant: dict[str, Any]
) -> None:
    rebuilt = json.loads((workspace / "dataset" / "croissant.json").read_bytes())
    assert [strip_bytes(one) for one in (rebuilt, croissant)] == [strip_bytes(croissant)] * 2


def strip_bytes(described: dict[str, Any]) -> dict[str, Any]:
    """A description without what depends on the version of pyarrow."""
    files = [
        {name: value for name, value in file.items() if name not in {"sha256", "contentSize"}}
        for file in described["distribution"]
    ]
    return described | {"distribution": files}


def test_every_parquet_file_has_its_checksum(croissant: dict[str, Any]) -> None:
    files = {file["contentUrl"]: file for file in croissant["distribution"] if file["@type"] == "cr:FileObject"}
    assert files.keys() == {str(path.relative_to(DATASET)) for path in DATASET.rglob("*.parquet")}
    for name, file in files.items():
        data = (DATASET / name).read_bytes()
        assert (file["sha256"], file["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")


def test_one_changed_digit_in_any_card_is_found(workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(workspace, tmp_path, dirs_exist_ok=True)
    for name in ("DATASHEET.md", "dataset/README.md", "dataset/croissant.json"):
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        changed = re.sub(r"\b51 documents", "52 documents", text, count=1)
        assert changed != text
        path.write_text(changed, encoding="utf-8")
    issues, _ = check_annotations(tmp_path / "annotations", tmp_path / "dataset")
    assert {(issue.check_id, issue.where if issue.where != "file" else issue.doc_id) for issue in issues} == {
        ("dataset-stale", "DATASHEET.md"),
        ("dataset-stale", "README.md"),
        ("dataset-stale", "croissant.json"),
    }


@pytest.mark.parametrize("name", ["card.md.j2", "datasheet.md.j2", "croissant.yaml.j2"])
def test_no_template_states_a_figure_of_its_own(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    prose = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|`[^`\n]+`", " ", text)
    for constant in sorted(CONSTANTS, key=len, reverse=True):
        prose = prose.replace(constant, " ")
    assert re.findall(r".{0,30}\d.{0,30}", prose) == []


def test_figures_are_those_of_qatynas_stats(figures: dict[str, Any]) -> None:
    """`qatynas stats` counts in the built files, the cards in the documents that they are built from."""
    counted = count_dataset()
    for name, column in {"nested": "nested", "across": "cross-sentence"}.items():
        assert figures["size"][name] == counted["size"][column]
    for name in ("documents", "sentences", "mentions", "entities", "numbers", "relations"):
        assert figures["size"][name] == counted["size"][name]
    assert figures["tokens"] == sum(counted["size"]["tokens"].values())
    assert (figures["mentions"], figures["relations"]) == (counted["mentions"], counted["relations"])
    for label, (unseen, every) in figures["unseen"].items():
        assert (unseen, every) == tuple(counted["entities"][label + end]["test"] for end in (" unseen in train", ""))


def test_every_figure_of_the_scores_stands_on_the_leaderboard(figures: dict[str, Any]) -> None:
    page = (ROOT / "baselines" / "LEADERBOARD.md").read_text(encoding="utf-8")
    assert figures["scores"]
    for name, scores in figures["scores"].items():
        cells = (f"{score.f1:.3f} ({score.low:.3f}–{score.high:.3f})" for score in scores.values())
        assert f"| {name} | {' | '.join(cells)} |" in page


def test_the_scores_of_other_data_stay_out(small: Path) -> None:
    other = write_small(small.parent / "other", RESULTS)
    assert (other / "README.md").read_bytes() == (small / "README.md").read_bytes()
    assert "There are no scores for this version of the data" in (small / "README.md").read_text(encoding="utf-8")


def test_scores_enter_the_cards_and_not_the_content_that_they_name(small: Path) -> None:
    before = find_digest(small)
    results = small.parent / "results"
    results.mkdir()
    text = (RESULTS / "crf.json").read_text(encoding="utf-8")
    (results / "crf.json").write_text(re.sub(r"data:[0-9a-f]{12}", f"data:{before[:12]}", text), encoding="utf-8")
    scored = write_small(small.parent / "scored", results)
    assert find_digest(scored) == before
    assert "| crf | 0." in (scored / "README.md").read_text(encoding="utf-8")


def find_digest(folder: Path) -> str:
    digests: set[str] = set(re.findall(r"content sha256 (\w+)", (folder / "README.md").read_text(encoding="utf-8")))
    return digests.pop() if len(digests) == 1 else ""


@pytest.mark.parametrize("content", [b"", b"{", b'{"name": "x"}', b'{"name": "a|b", "reports": {}}', b"\xff"])
def test_a_faulty_result_is_one_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(QatynasError, match=r"x\.json"):
        read_scores(tmp_path, "0" * 64)


def test_a_result_without_a_headline_score_is_an_error(tmp_path: Path) -> None:
    result = json.loads((RESULTS / "crf.json").read_bytes())
    result["reports"]["test"]["scores"].pop(0)
    (tmp_path / "crf.json").write_text(json.dumps(result), encoding="utf-8")
    with pytest.raises(QatynasError, match="no strict F1 of overall"):
        read_scores(tmp_path, hash_dataset())


def test_the_datasheet_answers_every_question() -> None:
    text = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    answers = {
        title: re.findall(r"^\*\*[^*\n]+\?\*\*\n(\S.*)$", body, re.MULTILINE) for title, body in sections.items()
    }
    assert {title: len(found) for title, found in answers.items()} == QUESTIONS


@pytest.mark.parametrize("name", ["DATASHEET.md", "dataset/README.md", "dataset/croissant.json"])
def test_every_card_says_how_the_data_were_made(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for words in ("large language model", "composed", "persons", "native speaker", "title", "one model"):
        assert words in text, words


def test_every_column_is_described() -> None:
    assert all(text for config in CONFIGS for _, _, text in list_columns(config))


def test_title_version_and_date_are_those_of_the_citation(croissant: dict[str, Any]) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"] == TITLE
    assert str(citation["date-released"]) == PUBLISHED == croissant["datePublished"]
    assert citation["version"] == croissant["version"]
    assert citation["authors"][0]["name"] == croissant["creator"]["name"]


def test_the_yaml_head_is_that_of_the_hub() -> None:
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs, known_task_ids
    from huggingface_hub import DatasetCard

    card = DatasetCard.load(DATASET / "README.md")
    head = card.data.to_dict()
    assert MetadataConfigs.from_dataset_card_data(card.data).get_default_config_name() == "documents"
    assert set(head["task_categories"]) <= set(known_task_ids)  # its name notwithstanding, the list has categories
    infos = DatasetInfosDict.from_dataset_card_data(card.data)
    for config in CONFIGS:
        assert infos[config].features == make_features(config)
        rows = {split: info.num_examples for split, info in infos[config].splits.items()}
        assert rows == {split: len(read_table(DATASET / config / f"{split}.parquet")) for split in SPLITS}


@pytest.mark.parametrize(
    ("key", "file"),
    [
        ("language", "languages.json"),
        ("annotations_creators", "creators.json"),
        ("language_creators", "creators.json"),
        ("multilinguality", "multilingualities.json"),
        ("size_categories", "size_categories.json"),
    ],
)
def test_values_of_the_yaml_head_are_known_to_datasets(key: str, file: str) -> None:
    import datasets
    from huggingface_hub import DatasetCard

    known = json.loads((Path(datasets.__file__).parent / "utils" / "resources" / file).read_bytes())
    known = known[key.removesuffix("_creators")] if file == "creators.json" else known
    head = DatasetCard.load(DATASET / "README.md").data.to_dict()
    assert set(head[key]) <= set(known)


@pytest.fixture(scope="module")
def described() -> Dataset:
    from mlcroissant import Dataset

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)  # rdflib's own use
        return Dataset(str(DATASET / "croissant.json"))


def test_mlcroissant_finds_no_fault(described: Dataset) -> None:
    assert described.metadata.ctx.is_v1_1()
    assert (described.metadata.ctx.issues.errors, described.metadata.ctx.issues.warnings) == (set(), set())


def test_the_context_is_the_standard_one(described: Dataset) -> None:
    from mlcroissant._src.core.rdf import make_context  # the only place that has it

    assert make_context(described.metadata.ctx) == CONTEXT


def test_mlcroissant_knows_every_responsible_field(described: Dataset, croissant: dict[str, Any]) -> None:
    read = described.metadata.to_json()
    names = [name for name in croissant if name.startswith("rai:")]
    assert len(names) > 10
    assert all(read[name] for name in names)


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index")  # mlcroissant's own use
@pytest.mark.parametrize("config", CONFIGS)
def test_mlcroissant_reads_every_record_from_the_files_beside_it(
    config: str, described: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    due = {
        (split, json.dumps(row))
        for split in SPLITS
        for row in read_table(DATASET / config / f"{split}.parquet").to_pylist()
    }
    read = [shorten(record) for record in described.records(config)]
    assert {(row.pop("split"), json.dumps(row)) for row in read} == due
    assert len(read) == sum(len(read_table(DATASET / config / f"{split}.parquet")) for split in SPLITS)


def refuse(*_: object) -> None:
    raise OSError("the files lie beside the description: nothing is to be fetched")


def shorten(value: Any) -> Any:
    """A record as a row of the table: columns by their last names, text as text."""
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: shorten(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shorten(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return None if value != value else value  # noqa: PLR0124 (NaN, which pandas has for null)


def test_mlcroissant_reads_the_names_of_every_label(described: Dataset, croissant: dict[str, Any]) -> None:
    lists = [record_set["@id"] for record_set in croissant["recordSet"] if record_set["@id"] not in CONFIGS]
    names = {place: [shorten(record)["name"] for record in described.records(place)] for place in lists}
    assert names["splits"] == list(SPLITS)
    features = make_features("documents")
    assert names["genres"] == features["genre"].names
    assert names["labels"] == features["mentions"].feature["type"].names
    assert all(names.values())
