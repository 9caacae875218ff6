from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from datasets import load_dataset

import qatynas
from qatynas.build import build_dataset
from qatynas.cli import main
from qatynas.label_studio import to_document
from qatynas.parquet import CONFIGS
from qatynas.schema import load_schema
from qatynas.task_files import list_task_files, read_task_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
SHARED = ROOT.parent / "shared" / "release.txt"
COUNTS = {"documents": 51, "ner": 877, "relations": 19064, "numbers": 1448, "annotations": 153}


@pytest.fixture(scope="module")
def release() -> dict[str, Any]:
    (row,) = find_rows(RELEASE)
    return row


def find_rows(doc_id: str) -> list[dict[str, Any]]:
    return [row for rows in qatynas.load("documents").values() for row in rows if row["doc_id"] == doc_id]


def names_of(config: str, *path: str) -> list[str]:
    feature = qatynas.load(config, "test").features
    for step in path:
        feature = getattr(feature, "feature", feature)[step]
    return list(getattr(feature, "feature", feature).names)


def facts_of(release: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    types, texts = names_of("documents", "relations", "type"), [mention["text"] for mention in release["mentions"]]
    for relation in release["relations"]:
        yield types[relation["type"]], texts[relation["head"]], texts[relation["tail"]]


@pytest.mark.parametrize("config", CONFIGS)
def test_load_dataset_gives_what_load_gives(config: str, tmp_path: Path) -> None:
    hub = load_dataset(str(ROOT / "dataset"), config, cache_dir=str(tmp_path))
    own = qatynas.load(config)
    assert {split: rows for split, rows in own.items() if len(rows)}.keys() == hub.keys()
    for split in hub:
        assert hub[split].features == own[split].features
        assert hub[split].to_list() == own[split].to_list()


def test_documents_is_the_default_config(tmp_path: Path) -> None:
    assert "relations" in load_dataset(str(ROOT / "dataset"), cache_dir=str(tmp_path))["test"].features


@pytest.mark.parametrize("config", CONFIGS)
def test_the_committed_dataset_has_these_counts(config: str) -> None:
    assert sum(map(len, qatynas.load(config).values())) == COUNTS[config]


def test_a_rebuilt_folder_is_not_served_from_the_cache(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    task = tmp_path / "annotations" / "tasks" / f"{RELEASE}.json"
    served = []
    for title in ("Бірінші тақырып", "Екінші тақырып"):
        changed = re.sub('"title": "[^"]*"', f'"title": "{title}"', task.read_text(encoding="utf-8"))
        task.write_text(changed, encoding="utf-8")
        assert build_dataset(tmp_path / "annotations", tmp_path / "dataset") == []
        rows = load_dataset(str(tmp_path / "dataset"), cache_dir=str(tmp_path / "cache"))["test"].to_list()
        served += [row["title"] for row in rows if row["doc_id"] == RELEASE]
    assert served == ["Бірінші тақырып", "Екінші тақырып"]


def test_labels_of_nested_lists_are_class_labels() -> None:
    schema = load_schema()
    assert names_of("documents", "mentions", "type") == list(schema.labels)
    assert names_of("documents", "numbers", "modifier") == list(schema.modifiers)
    assert names_of("ner", "ner_tags")[:3] == ["O", "B-PERSON", "I-PERSON"]
    assert names_of("relations", "label")[1:] == list(schema.relation_labels)


def test_the_official_release_is_letter_for_letter(release: dict[str, Any]) -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent: the release cannot be compared with its source")
    assert release["text"] == SHARED.read_text(encoding="utf-8")


def test_the_official_release_is_read_as_a_careful_person_reads_it(release: dict[str, Any]) -> None:
    texts = [mention["text"] for mention in release["mentions"]]
    numbers = {texts[number["mention"]]: number for number in release["numbers"]}
    kinds, modifiers = names_of("documents", "mentions", "type"), names_of("documents", "numbers", "modifier")
    target = numbers["3 млрд АҚШ долларына дейін"]
    assert (target["value"], target["unit"], target["target"]) == (3e9, "USD", True)
    assert modifiers[target["modifier"]] == "at_most"
    fact = numbers["1,7 млрд АҚШ долларын"]
    assert (fact["value"], fact["unit"], fact["modifier"], fact["target"]) == (1.7e9, "USD", None, False)
    assert numbers["2025-2027 жылдарға"]["date"] == "2025/2027"
    assert numbers["Өткен жылы"]["date"] == "2024"
    assert numbers["жетінші"]["value"] == 7
    by_text = {mention["text"]: kinds[mention["type"]] for mention in release["mentions"]}
    assert by_text["жетінші"] == "ORDINAL"
    assert by_text["ҚР СІМ-нің баспасөз қызметі"] == "ORGANISATION"


def test_the_first_tenth_and_last_relation_of_the_official_release(release: dict[str, Any]) -> None:
    facts = list(facts_of(release))
    assert facts[0] == (
        "POSITION_IN",
        "Қазақстан Республикасы Премьер-министрінің орынбасары",
        "Қазақстан Республикасы",
    )
    assert facts[9] == ("PARTICIPANT", "кездесу", "Мұрат Нұртілеу")
    assert facts[-1] == ("SIGNATORY", "Ынтымақтастықтың кешенді жоспарын", "Қазақстан мен Қырғызстан СІМ басшылары")


def test_a_composed_document_is_known_by_its_vote() -> None:
    (row,) = find_rows("vote-unga-2024-12")
    numbers = {row["mentions"][number["mention"]]["text"]: number for number in row["numbers"]}
    assert numbers["171"]["value"] == 171
    assert names_of("documents", "source")[row["source"]] == "composed"
    assert ("HAS_VALUE", "мемлекет", "171") in set(facts_of(row))


def test_another_is_known_by_its_ranges() -> None:
    (row,) = find_rows("commission-vietnam-2025-04")
    dates = {row["mentions"][number["mention"]]["text"]: number["date"] for number in row["numbers"]}
    assert dates["40–45 күн"] == "P40D/P45D"


def test_entities_join_the_mentions_of_one_name(release: dict[str, Any]) -> None:
    (person,) = (entity["id"] for entity in release["entities"] if entity["name"] == "Мұрат Нұртілеу")
    found = [mention["text"] for mention in release["mentions"] if mention["entity"] == person]
    assert found == ["Мұрат Нұртілеу", "М.Нұртілеу"]


def test_evidence_is_the_sentences_of_head_and_tail(release: dict[str, Any]) -> None:
    sentences = [(sentence["start"], sentence["end"]) for sentence in release["sentences"]]
    for relation in release["relations"]:
        for end in ("head", "tail"):
            start = release["mentions"][relation[end]]["start"]
            assert any(sentences[place][0] <= start < sentences[place][1] for place in relation["evidence"])


def test_pairs_hold_every_relation_of_the_window(release: dict[str, Any]) -> None:
    pairs = qatynas.load("relations", "test").filter(lambda row: row["doc_id"] == RELEASE)
    labels = names_of("relations", "label")
    found = {(row["head"], row["tail"], labels[row["label"]]) for row in pairs if row["label"]}
    types = names_of("documents", "relations", "type")
    drawn = {(r["head"], r["tail"], types[r["type"]]) for r in release["relations"]}
    assert found == drawn


def test_annotations_hold_the_raw_readings_and_the_adjudicated_one() -> None:
    rows = qatynas.load("annotations", "test").filter(lambda row: row["doc_id"] == RELEASE)
    assert [(row["annotator"], row["adjudicated"], row["guidelines"]) for row in rows] == [
        ("adjudicator", True, 5),
        ("reader-a", False, 1),
        ("reader-b", False, 1),
    ]


def test_an_unknown_config_or_split_is_one_line() -> None:
    with pytest.raises(qatynas.QatynasError, match="is none of documents, ner"):
        qatynas.load("sentences")
    with pytest.raises(qatynas.QatynasError, match="is none of train, validation, test"):
        qatynas.load("ner", "dev")


def test_stats_count_the_dataset(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["stats", "--json"])
    counts = json.loads(capsys.readouterr().out)
    assert sum(counts["size"]["mentions"].values()) == sum(sum(row.values()) for row in counts["mentions"].values())
    assert sum(counts["size"]["documents"].values()) == COUNTS["documents"]
    assert sum(counts["size"]["sentences"].values()) == COUNTS["ner"]


def test_the_card_is_read_by_the_hub() -> None:
    from huggingface_hub import DatasetCard

    card = DatasetCard.load(ROOT / "dataset" / "README.md")
    assert [config["config_name"] for config in card.data.to_dict()["configs"]] == list(CONFIGS)
    assert card.data.language == ["kk"]
    assert "No native speaker has" in card.text


def test_documents_come_back_from_the_dataset_as_they_went_in() -> None:
    tasks, _ = read_task_files(list_task_files(ROOT / "annotations" / "tasks"))
    built = {document.doc_id: document for document in qatynas.load_documents()}
    assert {task.data.doc_id: to_document(task) for task in tasks} == built
    with pytest.raises(qatynas.QatynasError, match="is none of train"):
        qatynas.load_documents("dev")
