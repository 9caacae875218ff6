"""Numerals: every number that the grammar can say is read back, words that only look like numerals are not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.oracles import CASES, decline
from qatynas import QatynasError
from qatynas.grammar.words import Tokens
from qatynas.numerals import read_number
from qatynas.spelling import spell_number, spell_roman

numbers = st.integers(0, 10**15 - 1) | st.integers(0, 3000)


def read_whole(text: str, *, homographs: bool = False) -> Fraction | None:
    """The value of a text that is one numeral from end to end."""
    page = Tokens(text)
    number = read_number(page, 0, homographs=homographs)
    return Fraction(number.value) if number and number.stop == page.count else None


@given(numbers)
def test_reads_cardinals_back(value: int) -> None:
    assert read_whole(spell_number(value)) == value


@given(numbers)
def test_reads_ordinals_back(value: int) -> None:
    page = Tokens(spell_number(value, ordinal=True))
    number = read_number(page, 0)
    assert number is not None
    assert (number.value, number.ordinal, number.stop) == (value, True, page.count)


@given(numbers, st.sampled_from(CASES))
def test_reads_case_forms_back(value: int, case: str) -> None:
    page = Tokens(decline(spell_number(value), case))
    number = read_number(page, 0, homographs=True)
    assert number is not None
    assert (number.value, number.tail.case, number.stop) == (value, case, page.count)


@given(numbers)
def test_reads_one_before_thousand(value: int) -> None:
    spelled = spell_number(value)
    assert read_whole(spelled.replace(" жүз", " бір жүз") if value < 200 else spelled) == value
    assert read_whole("бір " + spelled if 1000 <= value < 2000 else spelled) == value


@given(st.integers(0, 999), st.integers(1, 99))
def test_reads_decimals_back(whole: int, part: int) -> None:
    below = "оннан" if part < 10 else "жүзден"
    value = Fraction(whole) + Fraction(part, 10 if part < 10 else 100)
    assert read_whole(f"{spell_number(whole)} бүтін {below} {spell_number(part)}") == value
    assert read_whole(f"{whole},{str(part).zfill(1 if part < 10 else 2)}") == value


@given(st.integers(1, 10**12))
def test_reads_grouped_digits_back(value: int) -> None:
    for space in (" ", "\u00a0", "\u202f", "\u2009"):
        assert read_whole(f"{value:,}".replace(",", space)) == value


@given(st.integers(1, 999), st.sampled_from([("мың", 3), ("миллион", 6), ("млн", 6), ("млрд", 9), ("трлн", 12)]))
def test_reads_mixtures_back(count: int, scale: tuple[str, int]) -> None:
    word, power = scale
    assert read_whole(f"{count} {word}") == count * 10**power
    assert read_whole(f"{count},5 {word}") == (count + Fraction(1, 2)) * 10**power
    assert read_whole(f"{spell_number(count)} жарым {word}") == (count + Fraction(1, 2)) * 10**power


@given(st.integers(1, 3999))
def test_reads_roman_back(value: int) -> None:
    page = Tokens(f"{spell_roman(value)} отырыс")
    number = read_number(page, 0)
    if len(spell_roman(value)) > 1 and len(spell_roman(value)) <= 8 and "D" not in spell_roman(value):
        assert number is not None
        assert (number.value, number.ordinal) == (value, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("мың жарым", 1500),
        ("бір жарым миллион", 1_500_000),
        ("жарты миллион", 500_000),
        ("ширек", Fraction(1, 4)),
        ("үштен екісі", Fraction(2, 3)),
        ("төрттен бірі", Fraction(1, 4)),
        ("оннан жеті", Fraction(7, 10)),
        ("бір бүтін оннан жеті", Fraction(17, 10)),
        ("бір де жеті", Fraction(17, 10)),
        ("он алты да тоғыз миллиард", 16_900_000_000),
        ("сегіз жүз де алпыс үш", 863),
        ("нөл-нөл бір", Fraction(1, 100)),
        ("359 мың 829", 359_829),
        ("2 миллиард 300 миллион", 2_300_000_000),
        ("1 млн. 200 мың", 1_200_000),
        ("1 млн 250 000", 1_250_000),
        ("екеуінің", 2),
        ("жиырма жетеу", 27),
        ("ондаған мың", 10_000),
        ("қырқыншы", 40),
        ("жиырмасыншы", 20),
        ("жиырма бірге", 21),
        ("отыз бірден", 31),
        ("2020-сыншы", 2020),
        ("5-ші", 5),
        ("22-нен", 22),
        ("100-деген", 100),
        ("төрт-ақ", 4),
    ],
)
def test_reads_form(text: str, value: Fraction) -> None:
    assert read_whole(text) == value


TRAPS = """
үшін бірге бірден бірде бірдей бірақ бірлескен бірлік біріккен бірқатар бірнеше бірталай алтын алтыны алтынды
жүзі жүзіне жүзеге онда ондай оның оны онымен оған жеткен жетекші жетім бесік бесін бестік мыңғыру елші елеулі
біреу кешен кешенді төртінш қосылды сан талай көптеген санаулы жүзбе отын қырғыз сегізкөз тоғызқұмалақ үшбұрыш
екіжақты
"""


@pytest.mark.parametrize("trap", TRAPS.split())
def test_reads_no_trap(trap: str) -> None:
    assert read_number(Tokens(trap), 0) is None


@pytest.mark.parametrize("code", ["G20", "С5+1", "COVID-19", "Қазақстан-2050", "№5", "№ 5", "Ту-154", "IIII", "VX"])
def test_reads_no_code(code: str) -> None:
    page = Tokens(code)
    assert all(read_number(page, index) is None for index in range(page.count) if index or page.lemma(0) != "0")


@pytest.mark.parametrize("text", ["мың мың", "он он", "бір бес", "жүз жүз", "миллион миллиард"])
def test_stops_where_the_grammar_does(text: str) -> None:
    number = read_number(Tokens(text), 0)
    assert number is not None
    assert number.stop == 1


def test_refuses_to_spell_beyond_its_range() -> None:
    for value in (-1, 10**15):
        with pytest.raises(QatynasError, match="give a whole number"):
            spell_number(value)
