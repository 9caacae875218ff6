"""What other software says of numbers in Kazakh is read back: ICU, num2words and qazaqify, their faults named."""

from __future__ import annotations

import pytest

from benchmarks.oracles import (
    compare,
    compare_cases,
    compare_decimals,
    draw_values,
    load_icu,
    load_num2words,
    load_qazaqify,
    read_back,
)

VALUES = draw_values()


def test_reads_num2words() -> None:
    pytest.importorskip("num2words")
    speak = load_num2words()
    assert list(compare(speak, VALUES)) == []
    assert speak(1.7) == "бір бүтін жеті"  # its fault: no denominator
    assert list(compare_decimals(speak, 2000)) == []


def test_reads_qazaqify() -> None:
    pytest.importorskip("qazaqify")
    cardinal, ordinal, decimal = load_qazaqify()
    assert list(compare(cardinal, VALUES)) == []
    assert list(compare(ordinal, VALUES, ordinal=True)) == []
    assert list(compare_decimals(decimal)) == []
    assert list(compare_cases(cardinal, VALUES[::5])) == []


def test_reads_icu() -> None:
    pytest.importorskip("icu", reason="PyICU is not installed: make oracles")
    cardinal, ordinal, decimal = load_icu()
    assert list(compare(cardinal, VALUES)) == []
    assert list(compare(ordinal, VALUES, ordinal=True)) == []
    assert list(compare_decimals(decimal, top=100)) == []
    # Its faults: no syncope in «қырқыншы», the binary error of a decimal spoken.
    assert ordinal(40) == "қырықыншы"
    assert read_back("қырқыншы") == read_back("қырықыншы")
    assert decimal(9028.2).endswith("миллиардтан екі жүз миллион")
