"""Number mentions by the grammar and the guidelines' rules, spans with their fields, and targets."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given

from qatynas.data import load_documents
from qatynas.document import Document, Mention, Number, Reading
from qatynas.schema import load_schema
from qatynas.scoring import Resampling, score_readings
from qatynas_baselines.numbers import COUNTED, find_number_mentions, normalize_mentions
from qatynas_baselines.targets import TargetClassifier
from strategies import documents

RELEASE = "2025-08-02"
NUMBERS = load_schema().number_labels


@lru_cache(maxsize=1)
def trained() -> TargetClassifier:
    return TargetClassifier().fit(load_documents("train"))


def read(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Words, kind and the fields that are set, of every mention."""
    found = []
    for mention in find_number_mentions(text, RELEASE):
        assert mention.number is not None
        number = mention.number
        names = ("value", "value_max", "unit", "modifier", "date")
        fields = {name: getattr(number, name) for name in names if getattr(number, name) is not None}
        found.append((text[mention.start : mention.end], mention.type, fields))
    return found


ONE = {
    "ұшақ аптасына төрт рет ұшады": ("аптасына", "DATE", {}),
    "алғашқы отырыс": ("алғашқы", "ORDINAL", {"value": 1.0}),
    "3 маусымнан бастап": ("3 маусымнан", "DATE", {"date": "2025-06-03"}),
    "былтыр наурызда келді": ("былтыр наурызда", "DATE", {"date": "2024-03"}),
    "биыл 1 қыркүйекте": ("биыл 1 қыркүйекте", "DATE", {"date": "2025-09-01"}),
    "Биылғы алғашқы жарты жылда": ("Биылғы алғашқы жарты жылда", "DATE", {"date": "2025-40"}),
    "қазанның басында ашылады": ("қазанның басында", "DATE", {"date": "2025-10"}),
    "қаңтар–қазан айларында": ("қаңтар–қазан айларында", "DATE", {"date": "2025-01/2025-10"}),
    "он жыл сайын": ("он жыл сайын", "DATE", {}),
    "арасы 4 мың шақырымнан асады": (
        "4 мың шақырымнан",
        "QUANTITY",
        {"value": 4000.0, "unit": "km", "modifier": "more_than"},
    ),
    "үлесі 8%-дан аспайды": ("8%-дан", "PERCENTAGE", {"value": 8.0, "unit": "%", "modifier": "at_most"}),
    "көлемі 34 млн тоннаға жуықтап": (
        "34 млн тоннаға",
        "QUANTITY",
        {"value": 34000000.0, "unit": "t", "modifier": "approx"},
    ),
    "Норвегия 45 млн крон бөлді": ("45 млн крон", "MONEY", {"value": 45000000.0, "unit": "NOK"}),
    "Құны 6,4 млн швейцар франкі": ("6,4 млн швейцар франкі", "MONEY", {"value": 6400000.0, "unit": "CHF"}),
    "халықтың жартысынан көбі": ("жартысынан көбі", "CARDINAL", {"value": 0.5, "modifier": "more_than"}),
    "тура отыз екі жыл өтті": ("отыз екі жыл", "DATE", {"date": "P32Y"}),
    "22 мен 45 жас аралығындағы ерлер": ("22 мен 45 жас", "DATE", {"date": "P22Y/P45Y"}),
}


@pytest.mark.parametrize("text", ONE)
def test_one_mention(text: str) -> None:
    assert ONE[text] in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "солардың бірі келді",
        "осы бір жапырақ қағаз",
        "жүктің бір бөлігін алды",
        "бүгінде өңірлерде",
        "бірінші кезекте",
        "алғашқы есеп бойынша",
        "туған күніне шегерілді",
        "«Үш қоңырау» романы",
        "79/86-қарар",
    ],
)
def test_no_number(text: str) -> None:
    assert read(text) == []


def test_a_rate_before_a_quantity_is_its_own_mention() -> None:
    found = read("су секундына 310 текше метрге дейін азайды")
    assert [(words, kind) for words, kind, _ in found] == [
        ("секундына", "TIME"),
        ("310 текше метрге дейін", "QUANTITY"),
    ]
    assert found[1][2] == {"value": 310.0, "unit": "m3", "modifier": "at_most"}


def test_a_left_out_currency_is_that_of_its_neighbour() -> None:
    found = read(
        "Қор 74 млн еуро алды, соның 41 миллионы несие. Қазақстан 150 млн, Венгрия 50 млн, Чехия 30 млн теңге."
    )
    assert [fields["unit"] for _, _, fields in found] == ["EUR", "EUR", "EUR", "EUR", "KZT"]


def test_counted_people_are_no_money() -> None:
    found = read("Халқы 165 миллионнан асатын елге 5 млн еуро бөлінді. 12 мың адам келді.")
    assert [kind for _, kind, _ in found] == ["CARDINAL", "MONEY", "CARDINAL"]


def test_the_same_part_of_another_year() -> None:
    found = read("Биылғы бірінші жартыжылдықта өсті, бұл өткен жылдың сол кезеңінен көп.")
    assert found[-1] == ("өткен жылдың сол кезеңінен", "DATE", {"date": "2024-40"})


def test_days_told_before() -> None:
    dates = [fields.get("date") for _, _, fields in read("30 шілдеде келді. Сол күні қол қойды. Келесі күні кетті.")]
    assert dates == ["2025-07-30", "2025-07-30", "2025-07-31"]


def test_dates_in_apposition() -> None:
    found = read("Қоштасу 30 шілдеде, бейсенбі күні, өтеді.")
    assert [fields["date"] for _, _, fields in found] == ["2025-07-30", "2025-07-30"]


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("5 млн еуроға", "MONEY", Number(5000000.0, unit="EUR")),
        ("5 млн", "MONEY", Number(5000000.0)),
        ("12", "PERCENTAGE", Number(12.0, unit="%")),
        ("5 млн еуроға", "CARDINAL", Number(5000000.0)),
        ("2 тамызда", "DATE", Number(date="2025-08-02")),
        ("екі ел", "DATE", Number()),
        ("көп", "MONEY", Number()),
    ],
)
def test_spans_are_read_by_their_kind(words: str, kind: str, expected: Number) -> None:
    [mention] = normalize_mentions(words, RELEASE, [Mention(0, len(words), kind)])
    assert mention == Mention(0, len(words), kind, number=expected)


def test_entities_and_releases_without_a_date_pass() -> None:
    text = "Астана 2 тамызда 5 млн еуро берді."
    mentions = [Mention(0, 6, "GPE", "Астана"), Mention(7, 16, "DATE")]
    named, day = normalize_mentions(text, "", mentions)
    assert named == mentions[0]
    assert day.number == Number()
    assert len(find_number_mentions(text, "")) == 2


@given(documents())
def test_mentions_stand_in_the_text_and_in_order(document: Document) -> None:
    found = find_number_mentions(document.text, document.date)
    assert list(found) == sorted(found, key=lambda mention: (mention.start, -mention.end))
    for mention in found:
        assert mention.type in NUMBERS
        assert document.text[mention.start : mention.end].strip() == document.text[mention.start : mention.end] != ""
    given_spans = normalize_mentions(document.text, document.date, document.gold.mentions)
    assert [(m.start, m.end, m.type) for m in given_spans] == [(m.start, m.end, m.type) for m in document.gold.mentions]
    for mention in trained().mark_targets(document.text, found, document.date):
        assert mention.number is not None
        assert mention.type in COUNTED or not mention.number.target


def test_plans_are_targets_and_facts_are_none() -> None:
    plan = "Тауар айналымын 2030 жылға қарай 3 млрд долларға дейін арттыру жоспарланған."
    fact = "Былтыр тауар айналымы 3 млрд долларға дейін артты."
    for text, expected in ((plan, True), (fact, False)):
        marked = trained().mark_targets(text, find_number_mentions(text, RELEASE), RELEASE)
        assert [m.number.target for m in marked if m.type == "MONEY" and m.number] == [expected]


def test_the_state_is_json_and_marks_the_same() -> None:
    state = json.loads(json.dumps(trained().get_state()))
    again = TargetClassifier.from_state(state)
    assert again.get_state() == trained().get_state()
    assert json.dumps(state) == json.dumps(TargetClassifier().fit(load_documents("train")).get_state())
    document = load_documents("validation")[0]
    marked = [model.mark_targets(document.text, document.gold.mentions, document.date) for model in (trained(), again)]
    assert marked[0] == marked[1]


def test_numbers_of_validation() -> None:
    predicted = {}
    for document in load_documents("validation"):
        found = find_number_mentions(document.text, document.date)
        predicted[document.doc_id] = Reading("system", trained().mark_targets(document.text, found, document.date))
    report = score_readings(predicted, "validation", Resampling(10))
    strict = next(s for s in report.scores if (s.task, s.measure, s.group) == ("number", "strict", "all"))
    assert strict.f1 is not None
    assert strict.f1 > 0.89
