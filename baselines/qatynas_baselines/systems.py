"""The systems of the leaderboard, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qatynas_baselines.crf import LinearChainCRF
from qatynas_baselines.linear import LogisticTagger
from qatynas_baselines.lookup import LookupTagger
from qatynas_baselines.patterns import PatternRelations
from qatynas_baselines.pipeline import Pipeline
from qatynas_baselines.relations import RelationClassifier
from qatynas_baselines.tagger import NUMBERS, PLACES, NestedTagger

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("names of states (CLDR)", "a table of 21 abbreviations and official names")  # for canonical names


@dataclass(frozen=True, slots=True)
class System:
    """A baseline: what it is in a sentence, what it learned from or knows, and how an untrained one is made."""

    description: str
    uses: tuple[str, ...]
    make: Callable[[], Pipeline]


def make_crf(ablated: tuple[str, ...] = ()) -> LinearChainCRF:
    """The conditional random field with the settings chosen on validation."""
    return LinearChainCRF(epochs=14, batch=8, step=0.3, damping=1.0, dropout=0.3, decay=1e-5, ablated=ablated)


def make_crf_rules(ablated: tuple[str, ...] = ()) -> Pipeline:
    """The system `crf+rules`; `ablated` names groups of features or columns to leave out."""
    columns = tuple(column for column in (NUMBERS, PLACES) if column not in ablated)
    groups = tuple(group for group in ablated if group not in (NUMBERS, PLACES))
    return Pipeline(NestedTagger(make_crf(groups), columns), RelationClassifier(), rules=True)


SYSTEMS = {
    "lookup": System(
        "Mentions of the training documents by longest match; relations by structure alone",
        ("train", *NAMES),
        lambda: Pipeline(LookupTagger(), PatternRelations()),
    ),
    "rules": System(
        "Numbers alone, by the grammar of `find_numbers`",
        ("grammar of Kazakh numbers", "train (targets)"),
        lambda: Pipeline(rules=True),
    ),
    "linear": System(
        "Logistic regression token by token with learned transitions, level by level; relations by logistic regression",
        ("train", *NAMES),
        lambda: Pipeline(NestedTagger(LogisticTagger(alpha=1e-4)), RelationClassifier()),
    ),
    "crf": System(
        "Linear-chain CRF, level by level; relations by logistic regression",
        ("train", *NAMES),
        lambda: Pipeline(NestedTagger(make_crf()), RelationClassifier()),
    ),
    "crf+rules": System(
        "The CRF with the tags of `find_numbers` and CLDR's names of states as further columns; numbers by the grammar",
        ("train", "grammar of Kazakh numbers", *NAMES),
        make_crf_rules,
    ),
}
