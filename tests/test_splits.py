from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

import qatynas
from qatynas.errors import QatynasError
from qatynas.splits import SPLITS, count_unseen, read_splits

ROOT = Path(__file__).parents[1]
COMMITTED = read_splits(ROOT / "annotations" / "splits.csv")


def test_the_splits_are_frozen() -> None:
    digest = hashlib.sha256((ROOT / "annotations" / "splits.csv").read_bytes()).hexdigest()
    assert digest == "fd739027bc95ba12032df1785694d280fd999a1989319c4ba8b268f20e3c52c2", "scores would not compare"


def test_the_script_draws_splits_in_which_no_label_is_rare() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from make_splits import find_rare_labels, make_splits

    documents = qatynas.load_documents()
    assert find_rare_labels(documents, make_splits(documents)) == []


def test_most_persons_of_test_are_unseen_in_train() -> None:
    unseen, every = count_unseen(qatynas.load_documents(), COMMITTED)["PERSON"]
    assert unseen > every / 2


def test_every_document_is_in_a_split_and_the_official_ones_are_in_test() -> None:
    documents = qatynas.load_documents()
    assert {document.doc_id for document in documents} == set(COMMITTED)
    assert {COMMITTED[document.doc_id] for document in documents if document.source == "official"} == {"test"}
    shares = [list(COMMITTED.values()).count(split) / len(COMMITTED) for split in SPLITS]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.05)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "columns None"),
        ("id,split\na,train\n", "expected \\['doc_id', 'split'\\]"),
        ("doc_id,split\na\n", "expected doc_id,split"),
        ("doc_id,split\na,train,x\n", "expected doc_id,split"),
        ("doc_id,split\na,train\na,test\n", "stands twice"),
    ],
)
def test_a_broken_file_is_one_line(text: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QatynasError, match=fault) as refusal:
        read_splits(path)
    assert str(path) in str(refusal.value)


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    path.write_bytes("\ufeffdoc_id,split\r\na,train\r\n".encode())
    assert read_splits(path) == {"a": "train"}


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(QatynasError, match="cannot be read"):
        read_splits(tmp_path / "splits.csv")
