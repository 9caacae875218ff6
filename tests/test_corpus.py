"""What composed texts must be beside correct: no stock frames, known words, suffixes in harmony."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qatynas import load_documents
from qatynas.spelling import spell_number

if TYPE_CHECKING:
    from qatynas.document import Document

DOCUMENTS = load_documents()
VOCABULARY = Path(__file__).parents[2] / "shared" / "reference" / "kaznerd_valid.iob2"
DICTIONARY = Path("/usr/share/hunspell/kk_KZ.dic")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BACK, FRONT = set("аоұыяуАОҰЫ"), set("әеөүіэиӘЕӨҮІ")
NEUTRAL = set("уи")


def mask_text(text: str) -> list[str]:
    """The words of a text with every number and every capitalised word masked."""
    words = re.findall(r"\w+(?:-\w+)*", text)
    return ["#" if re.search(r"\d", word) else "X" if word[0].isupper() else word for word in words]


def list_grams(text: str) -> list[tuple[str, ...]]:
    words = mask_text(text)
    return [tuple(words[place : place + 5]) for place in range(len(words) - 4)]


def test_no_document_repeats_the_wording_of_the_others() -> None:
    grams = {document.doc_id: list_grams(document.text) for document in DOCUMENTS}
    owners = Counter(gram for own in grams.values() for gram in set(own))
    shares = {doc_id: sum(owners[gram] > 1 for gram in own) / len(own) for doc_id, own in grams.items()}
    assert max(shares.values()) <= 0.20, shares
    assert sum(shares.values()) / len(shares) <= 0.06, shares


def find_harmony(word: str) -> str | None:
    """Whether the last vowel that decides is a back or a front one."""
    for letter in reversed(word.lower()):
        if letter in BACK - NEUTRAL:
            return "back"
        if letter in FRONT - NEUTRAL:
            return "front"
    return None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.doc_id)
def test_suffixes_of_digits_are_in_harmony_with_the_spoken_number(document: Document) -> None:
    for found in re.finditer(r"(?<![\d,.:-])(\d+)-([а-яәғқңөұүһі]+)", document.text):
        suffix = find_harmony(found[2])
        if len(found[2]) <= 4 and suffix is not None:
            assert suffix == find_harmony(spell_number(int(found[1]))), found.group()


def test_words_that_no_dictionary_knows_are_few() -> None:
    if shutil.which("hunspell") is None or not DICTIONARY.exists() or not VOCABULARY.exists():
        pytest.skip("hunspell, its Kazakh dictionary or KazNERD's vocabulary is absent: spelling is not measured")
    known = {
        word.lower() for line in VOCABULARY.read_text(encoding="utf-8").splitlines() for word in WORD.findall(line)
    }
    words = [word for document in DOCUMENTS for word in WORD.findall(document.text)]
    command = ["hunspell", "-d", "kk_KZ", "-i", "utf-8", "-l"]
    listed = subprocess.run(command, input="\n".join(words), capture_output=True, text=True, check=True).stdout
    unknown = set(listed.split("\n")) - {""}
    share = sum(word in unknown and word.lower() not in known for word in words) / len(words)
    assert share <= 0.09
