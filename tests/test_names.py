"""Canonical names: cases, possessives, states and bodies, persons, aliases; the state that is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given

from qatynas.data import load_documents
from qatynas.document import Document, Mention
from qatynas.schema import load_schema
from qatynas_baselines.endings import (
    add_genitive,
    add_possessive,
    strip_case,
    strip_phrase,
    strip_possessive,
)
from qatynas_baselines.names import EntityNamer
from strategies import documents

ENTITIES = load_schema().entity_labels


@lru_cache(maxsize=1)
def trained() -> EntityNamer:
    return EntityNamer().fit(load_documents("train"))


def name(text: str, *quotes: tuple[str, str]) -> list[str | None]:
    """The names of (type, words): each is sought from the one before it on, the same words again after it."""
    mentions: list[Mention] = []
    for label, words in quotes:
        start = text.index(words, mentions[-1].start if mentions else 0)
        while any((start, label) == (mention.start, mention.type) for mention in mentions):
            start = text.index(words, start + 1)
        mentions.append(Mention(start, start + len(words), label))
    return [mention.name for mention in EntityNamer().fit([]).name_mentions(text, mentions)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Астананың", "Астана"),
        ("Түркияға", "Түркия"),
        ("Бішкекке", "Бішкек"),
        ("Қырғызстанды", "Қырғызстан"),
        ("Шымкентте", "Шымкент"),
        ("Ауғанстаннан", "Ауғанстан"),
        ("Орталықтағы", "Орталық"),
        ("БҰҰ-ның", "БҰҰ"),
        ("АҚШ-пен", "АҚШ"),
        ("министрлігінде", "министрлігі"),
        ("министрліктен", "министрлік"),
        ("ұйымына", "ұйымы"),
        ("отырысын", "отырысы"),
        ("министріміздің", "министрі"),
        ("Серікұлымен", "Серікұлы"),
        ("Чатурведидің", "Чатурведи"),
        ("Қазақстан", "Қазақстан"),
        ("Судан", "Судан"),
        ("Иордания", "Иордания"),
        ("Қызылорда", "Қызылорда"),
        ("саны", "саны"),
        ("", ""),
    ],
)
def test_strip_case(word: str, expected: str) -> None:
    assert strip_case(word) == expected


def test_strip_phrase_joins_lines() -> None:
    assert strip_phrase("Сыртқы  істер\nминистрлігін") == "Сыртқы істер министрлігі"


@pytest.mark.parametrize("noun", ["министр", "елшілік", "кеңес", "өкіл", "сапар", "рәсім", "брифинг"])
def test_possessives_come_and_go(noun: str) -> None:
    assert strip_possessive(add_possessive(noun)) == noun


@pytest.mark.parametrize("noun", ["Қазақстан", "Ұйымы", "министрлігі", "кеңес", "Астана", "орталық"])
def test_genitives_come_and_go(noun: str) -> None:
    assert strip_case(add_genitive(noun)) == noun


def test_states_have_short_names() -> None:
    text = "ҚР мен Қырғыз Республикасының, АҚШ-тың, Жамбыл облысының өкілдері."
    quotes = ("ҚР", "Қырғыз Республикасының", "АҚШ-тың", "Жамбыл облысының")
    names = name(text, *(("GPE", words) for words in quotes))
    assert names == ["Қазақстан", "Қырғызстан", "Америка Құрама Штаттары", "Жамбыл облысы"]


def test_initials_and_families_take_the_full_name() -> None:
    text = "А.Серікұлы сөйледі. Айдос Серікұлымен бірге Болат Серікұлы келді. Серікұлының сөзі."
    names = name(text, *(("PERSON", words) for words in ("А.Серікұлы", "Айдос Серікұлымен", "Болат Серікұлы")))
    assert names == ["Айдос Серікұлы", "Айдос Серікұлы", "Болат Серікұлы"]


def test_bare_nouns_take_the_last_full_name() -> None:
    text = "Грузия Көлік министрлігі жазды. Министрлік күтеді. Грузия Көлік министрі келді. Министрдің сөзі."
    names = name(
        text,
        ("GPE", "Грузия"),
        ("ORGANISATION", "Грузия Көлік министрлігі"),
        ("ORGANISATION", "Министрлік"),
        ("GPE", "Грузия"),
        ("POSITION", "Грузия Көлік министрі"),
        ("POSITION", "Министрдің"),
    )
    assert names[1:3] == ["Грузия Көлік министрлігі"] * 2
    assert names[4:] == ["Грузия Көлік министрі"] * 2


def test_offices_without_a_state_are_of_the_home_country() -> None:
    text = "Сыртқы істер министрінің орынбасары келді. Президенттің көмекшісі күтті."
    names = name(text, ("POSITION", "Сыртқы істер министрінің орынбасары"), ("POSITION", "Президенттің көмекшісі"))
    assert names == ["Қазақстан Сыртқы істер министрінің орынбасары", "Қазақстан Президентінің көмекшісі"]


def test_genitives_of_states_stay_before_a_place_alone() -> None:
    text = "Қазақстанның Бейруттағы елшілігі мен Қазақстанның Үкіметі, БҰҰ-ның Бас хатшысы."
    names = name(
        text,
        ("GPE", "Қазақстанның"),
        ("ORGANISATION", "Қазақстанның Бейруттағы елшілігі"),
        ("GPE", "Қазақстанның"),
        ("ORGANISATION", "Қазақстанның Үкіметі"),
        ("ORGANISATION", "БҰҰ-ның"),
        ("POSITION", "БҰҰ-ның Бас хатшысы"),
    )
    assert names[1] == "Қазақстанның Бейруттағы елшілігі"
    assert name("Қазақстанның Үкіметі", ("ORGANISATION", "Қазақстанның Үкіметі")) == ["Қазақстан Үкіметі"]
    assert names[3:] == ["Қазақстан Үкіметі", "Біріккен Ұлттар Ұйымы", "Біріккен Ұлттар Ұйымы Бас хатшысы"]


def test_an_abbreviation_in_brackets_is_the_name_before_it() -> None:
    text = "Орал өзені комиссиясы (ОӨК) жиналды. ОӨК-нің шешімі."
    quotes = ("Орал өзені комиссиясы", "ОӨК", "ОӨК-нің")
    assert name(text, *(("ORGANISATION", words) for words in quotes)) == ["Орал өзені комиссиясы"] * 3


def test_quoted_works_answer_to_their_class_noun() -> None:
    text = "«Дала үні» фильмі көрсетілді. Фильмді көргендер."
    assert name(text, ("ART", "Дала үні"), ("ART", "Фильмді")) == ["Дала үні"] * 2


def test_sessions_of_one_series() -> None:
    text = "Су кеңесінің жетінші отырысы өтті. Сегізінші отырысында қаралады."
    quotes = (("EVENT", "Су кеңесінің жетінші отырысы"), ("EVENT", "Сегізінші отырысында"))
    assert name(text, *quotes)[1] == "Су кеңесінің сегізінші отырысы"


def test_common_nouns_are_bare_and_small() -> None:
    text = "Ресми сапарында 60 орындық зал, тауар айналымын айтты. Неміс тілі."
    quotes = (("ACT", "Ресми сапарында"), ("MEASURED", "орындық"), ("MEASURED", "тауар айналымын"), ("NORP", "Неміс"))
    assert name(text, *quotes) == ["ресми сапар", "орын", "тауар айналымы", "неміс"]


@given(documents())
def test_every_entity_has_a_name_and_nothing_else_changes(document: Document) -> None:
    bare = [replace(mention, name=None) for mention in document.gold.mentions]
    named = trained().name_mentions(document.text, bare)
    for before, after in zip(bare, named, strict=True):
        assert replace(after, name=None) == before
        assert (after.name is not None) == (after.type in ENTITIES)


def test_the_state_is_json_and_names_the_same() -> None:
    state = json.loads(json.dumps(trained().get_state(), ensure_ascii=False))
    again = EntityNamer.from_state(state)
    assert again.get_state() == trained().get_state()
    assert json.dumps(again.get_state()) == json.dumps(EntityNamer().fit(load_documents("train")).get_state())
    document = load_documents("validation")[0]
    mentions = document.gold.mentions
    assert again.name_mentions(document.text, mentions) == trained().name_mentions(document.text, mentions)


def test_the_lexicon_knows_what_train_says_alike() -> None:
    assert trained().lexicon_["POSITION"]["Мемлекет басшысы"] == "Қазақстан Президенті"
    assert "Министрлік" not in trained().lexicon_["ORGANISATION"]


def test_names_of_validation() -> None:
    right = total = 0
    for document in load_documents("validation"):
        gold = document.gold.mentions
        named = trained().name_mentions(document.text, [replace(mention, name=None) for mention in gold])
        pairs = [(one.name, other.name) for one, other in zip(gold, named, strict=True) if one.number is None]
        right += sum(one == other for one, other in pairs)
        total += len(pairs)
    assert right / total > 0.9


def test_a_mention_without_words_is_nobodys_alias() -> None:
    bare = [Mention(0, 11, "POSITION"), Mention(16, 17, "POSITION")]
    named = trained().name_mentions("Қазақстан Қ мен   Қазақстан", bare)
    assert [mention.name for mention in named] == ["Қазақстан Қ", ""]
