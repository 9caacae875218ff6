from __future__ import annotations

from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from qatynas import load_documents
from qatynas.document import Document, Mention, Reading, Relation
from qatynas.rows import list_candidates
from qatynas.schema import load_schema
from qatynas_baselines.pairs import describe_pairs, list_pairs, make_scene
from qatynas_baselines.patterns import PatternRelations
from qatynas_baselines.relations import RelationClassifier

TRAIN = load_documents("train")[:6]
HELD = load_documents("validation")[:2]


def make_document(text: str, mentions: list[Mention]) -> Document:
    return Document("d", "", text, "2025-08-02", "", "", "d", Reading("adjudicator", tuple(mentions)))


def test_pairs_are_the_candidates_of_the_data_set() -> None:
    for document in TRAIN:
        assert list_pairs(make_scene(document, document.gold.mentions)) == list(list_candidates(document))


def test_it_learns_and_its_relations_fit_the_signatures() -> None:
    model = RelationClassifier(least=1).fit(TRAIN)
    assert model.score(TRAIN) > 0.9
    for document in HELD:
        for relation in model.predict_relations(document, document.gold.mentions):
            ends = (document.gold.mentions[end].type for end in (relation.head, relation.tail))
            assert relation.type in load_schema().find_relations(*ends)


def test_tuning_does_not_lower_the_score_where_it_tunes() -> None:
    model = RelationClassifier().fit(TRAIN)
    before = model.score(HELD)
    assert model.tune(HELD).score(HELD) >= before - 0.02  # thresholds a label, the score over all


def test_it_comes_back_from_its_state_and_clones_unfitted() -> None:
    model = RelationClassifier().fit(TRAIN).tune(HELD)
    assert RelationClassifier.from_state(*model.get_state()).predict(HELD) == model.predict(HELD)
    assert not hasattr(clone(model), "weights_")


def test_scikit_learn_validates_it_over_documents() -> None:
    assert all(0 < score <= 1 for score in cross_val_score(RelationClassifier(), TRAIN, cv=2))


def test_a_document_without_mentions_has_no_relations() -> None:
    model = RelationClassifier().fit(TRAIN)
    assert model.predict_relations(make_document("Астана.", []), ()) == ()
    assert PatternRelations().predict_relations(make_document("Астана.", []), ()) == ()


def test_features_are_the_same_whatever_other_documents_there_are() -> None:
    mentions = (Mention(0, 8, "GPE", "Қазақстан"), Mention(9, 15, "GPE", "Анкара"))
    scene = make_scene(make_document("Қазақста Анкара.", list(mentions)), mentions)
    (names,), both = describe_pairs(scene, [(0, 1)]), list(describe_pairs(scene, [(1, 0), (0, 1)]))
    assert names == both[1] != both[0]
    assert "GPE>GPE|order=before" in names


def test_patterns_join_titles_names_states_and_counts() -> None:
    text = "Қазақстан Сыртқы істер министрі Айдос Серікұлы үш келісімге қол қойды."
    mentions = [
        Mention(0, 31, "POSITION", "Қазақстан Сыртқы істер министрі"),
        Mention(0, 9, "GPE", "Қазақстан"),
        Mention(32, 46, "PERSON", "Айдос Серікұлы"),
        Mention(47, 49, "CARDINAL"),
        Mention(50, 59, "MEASURED", "келісім"),
    ]
    found = PatternRelations().predict_relations(make_document(text, mentions), mentions)
    assert found == (
        Relation("POSITION_IN", 0, 1),
        Relation("HOLDS_POSITION", 2, 0),
        Relation("HAS_VALUE", 4, 3),
    )


def test_patterns_are_mostly_right_in_train() -> None:
    found = right = 0
    for document in load_documents("train"):
        relations = set(PatternRelations().predict_relations(document, document.gold.mentions))
        found, right = found + len(relations), right + len(relations & set(document.gold.relations))
    assert right / found > 0.9
