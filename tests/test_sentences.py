from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatynas.checks.text import find_mixed_scripts
from qatynas.document import Mention
from qatynas.notation import _is_parsed, _is_plain, is_currency, is_duration, is_edtf, is_time_of_day, is_ucum
from qatynas.sentences import cuts_word, split_sentences
from qatynas.tokens import find_outermost, split_tokens
from strategies import texts

WHOLE = [
    "СІМ-нің",
    "Шолпан-Ата",
    "5-ші",
    "10,5%-ға",
    "100%дан",
    "5$-ға",
    "25°C",
    "1\u00a0250\u00a0000",
    "млрд.-қа",
    "mfa_kz",
    "15.00-де",
    "02.08.2025",
    "COVID-19-дан",
    "G20-ның",
    "$1,7",
    "қазақ-қырғыз",
    "м²",
    "Дʼартаньян",
    "2025\u20112027",
    "кВт-сағ",
]


@pytest.mark.parametrize("word", WHOLE)
def test_a_word_is_cut_at_every_inner_border_and_is_one_token(word: str) -> None:
    text = f"ол {word} деді"
    assert all(cuts_word(text, 3 + inner) for inner in range(1, len(word)))
    assert not cuts_word(text, 3)
    assert not cuts_word(text, 3 + len(word))
    assert split_tokens(text, 0, len(text))[1] == (3, 3 + len(word))


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("А.Бекжан", 2),
        ("«Хабар»", 1),
        ("«Хабар»-дың", 6),
        ("С5+1", 2),
        ("Астана, Анкара", 6),
        ("деді–", 4),
        ("3 млрд", 1),
    ],
)
def test_a_span_may_begin_or_end_here(text: str, border: int) -> None:
    assert not cuts_word(text, border)


@given(texts())
def test_tokens_hold_every_character_but_white_space(text: str) -> None:
    for start, end in split_sentences(text):
        tokens = split_tokens(text, start, end)
        assert "".join(text[a:b] for a, b in tokens) == "".join(text[start:end].split())
        assert all(one[1] <= other[0] for one, other in pairwise(tokens))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Сауда 5 млрд. АҚШ долларына жетті. Ол өсті.", 2),
        ("2025 ж. 14 наурызда келді.", 1),
        ("Шарт 2025 ж. Тараптар келді.", 2),
        ("М.Нұртілеу мен Қ.К.Серік келді.", 1),
        ("Бірінші\nЕкінші. Үшінші", 3),
        ("Бірінші.\n\nЕкінші.", 2),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@pytest.mark.parametrize(
    "text", ["10 м²", "½ тонна", "G20-ның", "COVID-19-дан", "С5+1", "Дʼартаньян", "XXI ғасыр", "кВт·сағ"]
)
def test_valid_words_mix_no_scripts(text: str) -> None:
    assert list(find_mixed_scripts(text)) == []


@pytest.mark.parametrize("text", ["Қaзақстан", "Cыртқы", "іcтер", "ХIХ", "Μосква"])
def test_look_alikes_are_found(text: str) -> None:
    assert len(list(find_mixed_scripts(text))) == 1


def test_of_crossing_spans_the_longer_is_outermost() -> None:
    long, short, inner = Mention(0, 10, "ORGANISATION"), Mention(8, 14, "GPE"), Mention(11, 14, "NORP")
    assert find_outermost([short, inner, long]) == [long, inner]
    assert find_outermost([Mention(0, 4, "LAW"), Mention(0, 4, "GPE")]) == [Mention(0, 4, "GPE")]


@pytest.mark.parametrize(
    "date", ["2025-08-02", "2024", "2025/2027", "2025-33", "199X", "20XX", "../2030", "2020/..", "2025-08"]
)
def test_dates_that_are_well_formed(date: str) -> None:
    assert is_edtf(date)


@pytest.mark.parametrize(
    "date",
    ["", " 2024", "2024\n", "../..", "2027/2025", "2025-02-31", "2025-08-02T15:00", "P3Y", "Y" + "1" * 60, "2024 жыл"],
)
def test_dates_that_are_not(date: str) -> None:
    assert not is_edtf(date)


@given(st.from_regex(r"[0-9]{4}(-[0-3][0-9]){0,2}(/[0-9]{4}(-[0-3][0-9]){0,2})?", fullmatch=True))
def test_plain_dates_are_read_as_the_parser_reads_them(date: str) -> None:
    assert not _is_plain(date) or _is_parsed(date)
    assert is_edtf(date) == _is_parsed(date)


def test_times_durations_and_units() -> None:
    assert all(map(is_time_of_day, ["T15:00", "T24:00", "T09:00/T18:00"]))
    assert not any(map(is_time_of_day, ["15:00", "T27:00", "", "T"]))
    assert all(map(is_duration, ["P3Y", "PT45M", "P2W", "P3Y/P5Y"]))
    assert not any(map(is_duration, ["", "P", "3Y", "P" + "9" * 60 + "Y"]))
    assert all(map(is_currency, ["KZT", "USD", "EUR", "XOF", "AFN", "ETB"]))
    assert not any(map(is_currency, ["XXX", "XTS", "DEM", "kzt", ""]))
    assert all(map(is_ucum, ["t", "kg", "km", "m2", "m3", "har", "MW", "kW.h", "[bbl_us]", "Cel", "km/h", "m3/s", "L"]))
    assert not any(map(is_ucum, ["%", "1", "10*6", "{person}", "тонна", ""]))
