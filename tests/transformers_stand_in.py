"""The names of transformers that the README's example uses, as far as it uses them: it checks the features of `ner`."""

from __future__ import annotations

import sys
from typing import Any

IGNORED = -100


class PreTrainedTokenizerBase:
    """What `datasets` asks for where a module of this name is loaded."""


class Pieces(dict[str, Any]):
    """What a fast tokenizer gives for a batch; `words` names each piece's word, None for a piece that is no word."""

    def __init__(self, words: list[list[int | None]]) -> None:
        super().__init__(input_ids=[list(range(len(row))) for row in words])
        self.words = words

    def word_ids(self, place: int) -> list[int | None]:
        """The word of every piece of a row."""
        return self.words[place]


class AutoTokenizer:
    """Cuts every word into pieces of four characters, between two pieces that are no words."""

    @classmethod
    def from_pretrained(cls, name: str) -> AutoTokenizer:
        assert name
        return cls()

    def __call__(self, batch: list[list[str]], *, is_split_into_words: bool, truncation: bool) -> Pieces:
        assert is_split_into_words
        assert truncation
        assert all(isinstance(word, str) and word for row in batch for word in row)
        pieces = [[place for place, word in enumerate(row) for _ in range(0, len(word), 4)] for row in batch]
        return Pieces([[None, *row, None] for row in pieces])


class AutoModelForTokenClassification:
    """Knows its labels."""

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names

    @classmethod
    def from_pretrained(cls, name: str, *, id2label: dict[int, str]) -> AutoModelForTokenClassification:
        assert name
        assert id2label[0] == "O"
        assert all(label[:2] in {"B-", "I-"} for place, label in id2label.items() if place)
        return cls(id2label)


class DataCollatorForTokenClassification:
    """Takes a tokenizer."""

    def __init__(self, tokenizer: AutoTokenizer) -> None:
        assert isinstance(tokenizer, AutoTokenizer)


class Trainer:
    """Checks, in place of training, that every row can be trained on."""

    def __init__(
        self, model: Any, *, train_dataset: Any, eval_dataset: Any, data_collator: DataCollatorForTokenClassification
    ) -> None:
        assert isinstance(data_collator, DataCollatorForTokenClassification)
        self.names, self.parts = model.names, (train_dataset, eval_dataset)

    def train(self) -> None:
        for rows in self.parts:
            assert rows.column_names == ["input_ids", "labels"]
            for row in rows:
                assert len(row["labels"]) == len(row["input_ids"])
                assert row["labels"][0] == row["labels"][-1] == IGNORED
                assert set(row["labels"]) - {IGNORED} <= set(self.names)
        sentences = [len(rows) for rows in self.parts]
        sys.stdout.write(
            f"{sentences[0]} sentences to train on, {sentences[1]} to validate, {len(self.names)} labels\n"
        )
