"""End to end: text in, entities with canonical names, normalised numbers and relations out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator

from qatynas.document import Mention, Reading, sort_reading
from qatynas.schema import load_schema
from qatynas_baselines.names import EntityNamer
from qatynas_baselines.numbers import find_number_mentions, normalize_mentions
from qatynas_baselines.relations import RelationClassifier
from qatynas_baselines.targets import TargetClassifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qatynas.document import Document


class Pipeline(BaseEstimator):
    """Readings of documents.

    Args:
        tagger: finds mentions (`fit(documents)`, `predict(documents)`), or None.
        relations: joins mentions (`predict_relations(document, mentions)`; `fit` and `tune` where it learns), or None.
        rules: whether numbers are those of `qatynas.find_numbers` rather than the tagger's.
    """

    def __init__(self, tagger: Any = None, relations: Any = None, *, rules: bool = False) -> None:
        self.tagger = tagger
        self.relations = relations
        self.rules = rules

    def fit(self, documents: Sequence[Document], y: object = None) -> Pipeline:  # noqa: ARG002
        """This pipeline, every part trained on the adjudicated readings of documents."""
        for part in (self.tagger, self.relations):
            if hasattr(part, "fit"):
                part.fit(documents)
        self.namer_ = EntityNamer().fit(documents)
        self.targets_ = TargetClassifier().fit(documents)
        return self

    def tune(self, documents: Sequence[Document]) -> Pipeline:
        """This pipeline with the thresholds that do best on documents that it was not trained on."""
        if hasattr(self.relations, "tune"):
            self.relations.tune(documents)
        return self

    def predict(self, documents: Sequence[Document]) -> list[Reading]:
        """A reading for every document; of each only its text and date are read. Many at once cost less."""
        bare = [replace(document, gold=Reading(document.gold.annotator), readings=()) for document in documents]
        tagged = self.tagger.predict(bare) if self.tagger is not None else [Reading("system")] * len(bare)
        return [self._read(document, found.mentions) for document, found in zip(bare, tagged, strict=True)]

    def _read(self, document: Document, found: tuple[Mention, ...]) -> Reading:
        mentions = self._settle_mentions(document, found)
        relations = self.relations.predict_relations(document, mentions) if self.relations is not None else ()
        return sort_reading(Reading("system", mentions, tuple(relations)))

    def _settle_mentions(self, document: Document, found: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """What the tagger found with canonical names and normalised values; with `rules`, numbers by the grammar."""
        entities = tuple(mention for mention in found if mention.type in load_schema().entity_labels)
        numbers = tuple(mention for mention in found if mention.type in load_schema().number_labels)
        if self.rules:
            numbers = find_number_mentions(document.text, document.date)
        else:
            numbers = normalize_mentions(document.text, document.date, numbers)
        named = self.namer_.name_mentions(document.text, entities)
        numbers = self.targets_.mark_targets(document.text, numbers, document.date)
        return sort_reading(Reading("system", (*named, *numbers))).mentions

    def score(self, documents: Sequence[Document], y: object = None) -> float:  # noqa: ARG002
        """The mean of the three headline F1 scores on documents (see `qatynas.scoring`)."""
        from qatynas.scoring.facts import Known
        from qatynas.scoring.intervals import compute_scores
        from qatynas.scoring.tally import HEADLINE, tally_readings

        readings = dict(zip((document.doc_id for document in documents), self.predict(documents), strict=True))
        tally = tally_readings(documents, readings, Known(frozenset(), frozenset()))
        return float(compute_scores(tally.select(HEADLINE).sum(axis=0))[2].mean())

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Settings as plain JSON, and arrays: all that `from_state` needs to predict the same."""
        settings: dict[str, Any] = {"rules": self.rules, "names": self.namer_.get_state()}
        settings["targets"] = self.targets_.get_state()
        arrays: dict[str, Any] = {}
        for name, part in (("tagger", self.tagger), ("relations", self.relations)):
            settings[name] = {"kind": type(part).__name__} if part is not None else None
            if hasattr(part, "get_state"):
                settings[name]["state"], own = part.get_state()
                arrays |= {f"{name}.{key}": array for key, array in own.items()}
        return settings, arrays

    @classmethod
    def from_state(cls, settings: dict[str, Any], arrays: dict[str, Any]) -> Pipeline:
        """The trained pipeline that `get_state` described."""
        parts = {}
        for name in ("tagger", "relations"):
            own = {key.partition(".")[2]: array for key, array in arrays.items() if key.startswith(f"{name}.")}
            parts[name] = _restore(settings[name], own)
        pipeline = cls(**parts, rules=settings["rules"])
        pipeline.namer_ = EntityNamer.from_state(settings["names"])
        pipeline.targets_ = TargetClassifier.from_state(settings["targets"])
        return pipeline


def _restore(described: dict[str, Any] | None, arrays: dict[str, Any]) -> Any:
    """A part of a pipeline by the name of its class; only these classes can be named."""
    from qatynas_baselines.lookup import LookupTagger
    from qatynas_baselines.patterns import PatternRelations
    from qatynas_baselines.tagger import NestedTagger

    if described is None:
        return None
    kinds: dict[str, Any] = {kind.__name__: kind for kind in (LookupTagger, NestedTagger, RelationClassifier)}
    if described["kind"] == PatternRelations.__name__:
        return PatternRelations()
    return kinds[described["kind"]].from_state(described["state"], arrays)
