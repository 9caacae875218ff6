from __future__ import annotations

import re
from pathlib import Path

import pytest

from qatynas.schema import load_schema

TEXT = (Path(__file__).parents[1] / "annotations" / "GUIDELINES.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", TEXT, re.DOTALL | re.MULTILINE))
LABELS = [*load_schema().labels, *load_schema().relation_labels]


@pytest.mark.parametrize("label", LABELS)
def test_every_label_has_a_definition_two_right_examples_and_a_wrong_one(label: str) -> None:
    section = SECTIONS[label]
    assert len(section.split("- ✓")[0].strip()) > 15
    assert section.count("- ✓") >= 2
    assert section.count("- ✗") >= 1


def test_there_is_no_section_without_a_label() -> None:
    assert set(SECTIONS) == set(LABELS)


@pytest.mark.parametrize("relation", load_schema().relation_labels)
def test_every_relation_section_begins_with_the_types_that_it_joins(relation: str) -> None:
    (found,) = (entry for entry in load_schema().relations if entry.label == relation)
    opening = SECTIONS[relation].split(".")[0]
    for signature in found.signatures:
        for label in (*signature.head, *signature.tail):
            assert (label if label != "entity" else "any entity") in opening


def test_every_mark_in_an_example_names_a_label() -> None:
    assert set(re.findall(r"\[([A-Z]{3,})\s", TEXT)) - {"TYPE"} <= set(load_schema().labels)


def test_the_text_is_clean_kazakh_script() -> None:
    for word in re.findall(r"[^\W\d_]+", TEXT):
        cyrillic = [letter for letter in word if "\u0400" <= letter <= "\u04ff"]
        assert len(cyrillic) in {0, len(word)}, word
