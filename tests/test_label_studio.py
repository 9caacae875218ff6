from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given

from qatynas.label_config import render_label_config
from qatynas.label_studio import Task, encode_task, from_document, to_document
from qatynas.schema import load_schema
from strategies import documents

if TYPE_CHECKING:
    from qatynas.document import Document

ROOT = Path(__file__).parents[1]


@given(documents())
def test_a_document_written_and_read_is_itself(document: Document) -> None:
    assert to_document(msgspec.json.decode(encode_task(from_document(document)), type=Task)) == document


@given(documents())
def test_a_task_read_and_written_is_itself(document: Document) -> None:
    written = encode_task(from_document(document))
    assert encode_task(msgspec.json.decode(written, type=Task)) == written


@pytest.mark.parametrize("path", sorted((ROOT / "annotations" / "tasks").glob("*.json")), ids=lambda path: path.stem)
def test_committed_task_files_are_in_the_form_in_which_they_are_written(path: Path) -> None:
    assert encode_task(msgspec.json.decode(path.read_bytes(), type=Task)) == path.read_bytes()


def test_an_arrow_drawn_to_the_left_has_its_head_on_the_right() -> None:
    task = msgspec.json.decode((ROOT / "tests" / "valid.json").read_bytes())
    forward = to_document(msgspec.convert(task, Task))
    for annotation in task["annotations"]:
        for row in annotation["result"]:
            if row["type"] == "relation":
                row["from_id"], row["to_id"], row["direction"] = row["to_id"], row["from_id"], "left"
    assert to_document(msgspec.convert(task, Task)) == forward


def test_what_a_server_adds_is_dropped() -> None:
    task = msgspec.json.decode((ROOT / "tests" / "valid.json").read_bytes())
    plain = encode_task(msgspec.convert(task, Task))
    task |= {"id": 7, "inner_id": 1, "created_at": "2025-01-01", "predictions": [], "total_annotations": 2}
    for annotation in task["annotations"]:
        annotation |= {"id": 9, "unique_id": "u", "prediction": {}, "lead_time": 1.5}
    assert encode_task(msgspec.convert(task, Task)) == plain


def test_the_committed_label_config_is_what_the_schema_gives() -> None:
    committed = (ROOT / "annotations" / "label_config.xml").read_text(encoding="utf-8")
    assert committed == render_label_config(load_schema()), "renew it: qatynas build"


def test_attributes_are_asked_for_only_on_the_labels_that_have_them() -> None:
    schema = load_schema()
    for view in ET.fromstring(render_label_config(schema)).findall("View[@visibleWhen]"):  # noqa: S314 (our own XML)
        control = next(child for child in view if child.get("perRegion") == "true")
        carriers = {label.label for label in schema.labels.values() if control.get("name") in label.attributes}
        assert set((view.get("whenLabelValue") or "").split(",")) == carriers


def test_the_sdk_accepts_the_label_config_and_every_committed_task() -> None:
    pytest.importorskip("label_studio_sdk", reason="the extra label-studio is not installed")
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(render_label_config(load_schema()))
    interface.validate()
    for path in sorted((ROOT / "annotations" / "tasks").glob("*.json")):
        task = msgspec.json.decode(path.read_bytes())
        for annotation in task["annotations"]:
            assert interface.validate_prediction({"result": annotation["result"]}, return_errors=True) == [], path.name
