"""scikit-learn's own checks, as far as they feed no matrix: the baselines take sequences and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sklearn.pipeline
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils import estimator_checks as checks

from qatynas import load_documents
from qatynas_baselines.crf import LinearChainCRF
from qatynas_baselines.linear import LogisticTagger
from qatynas_baselines.lookup import LookupTagger
from qatynas_baselines.names import EntityNamer
from qatynas_baselines.patterns import PatternRelations
from qatynas_baselines.pipeline import Pipeline
from qatynas_baselines.relations import RelationClassifier
from qatynas_baselines.tagger import NestedTagger
from qatynas_baselines.targets import TargetClassifier

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

ESTIMATORS = (
    *(LinearChainCRF(), LogisticTagger(), LookupTagger(), NestedTagger(), EntityNamer(), TargetClassifier()),
    *(RelationClassifier(), PatternRelations(), Pipeline()),
)
CHECKS = (
    checks.check_estimator_cloneable,
    checks.check_estimator_repr,
    checks.check_estimator_tags_renamed,
    checks.check_valid_tag_types,
    checks.check_mixin_order,
    checks.check_no_attributes_set_in_init,
    checks.check_parameters_default_constructible,
    checks.check_do_not_raise_errors_in_init_or_set_params,
    checks.check_get_params_invariance,
    checks.check_set_params,
)
DOCUMENTS = load_documents("train")[:6]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_scikit_learn_checks_it(estimator: BaseEstimator, check: object) -> None:
    check(type(estimator).__name__, clone(estimator))  # type: ignore[operator]


@pytest.mark.parametrize("estimator", [e for e in ESTIMATORS if hasattr(e, "fit")], ids=lambda e: type(e).__name__)
def test_fitting_changes_no_parameter_and_returns_itself(estimator: BaseEstimator) -> None:
    sequences = isinstance(estimator, LinearChainCRF | LogisticTagger)
    data = ([["Астана", "мен"], ["Анкара"]], [["B-GPE", "O"], ["B-GPE"]]) if sequences else (DOCUMENTS[:2],)
    fresh = clone(estimator)
    before = repr(fresh.get_params())
    assert fresh.fit(*data) is fresh
    assert repr(fresh.get_params()) == before


@pytest.mark.parametrize("estimator", [NestedTagger(LinearChainCRF(epochs=2)), Pipeline(LookupTagger(), rules=True)])
def test_documents_can_be_cross_validated_and_searched_in_a_pipeline_of_scikit_learn(estimator: BaseEstimator) -> None:
    assert all(0 <= score <= 1 for score in cross_val_score(estimator, DOCUMENTS, cv=2, error_score="raise"))
    whole = sklearn.pipeline.Pipeline([("system", estimator)])
    part = "tagger" if isinstance(estimator, Pipeline) else "estimator"
    grid = {f"system__{part}": [LookupTagger(0.3), LookupTagger()] if part == "tagger" else [LogisticTagger(epochs=2)]}
    search = GridSearchCV(whole, grid, cv=2, error_score="raise").fit(DOCUMENTS)
    assert len(search.predict(DOCUMENTS[:1])[0].mentions) >= 0
    assert 0 < search.best_score_ <= 1
