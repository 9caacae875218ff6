"""Number mentions in running text: spans, kinds, traps, the official release, and inputs made to do harm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatynas import find_numbers

RELEASE = dt.date(2025, 8, 3)
OFFICIAL = Path(__file__).parents[2] / "shared/release.txt"


def find_texts(text: str) -> list[tuple[str, str]]:
    """The kinds and texts of the mentions found."""
    return [(number.kind, text[number.start : number.end]) for number in find_numbers(text, RELEASE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Оған 3 мыңнан астам адам қатысты.", [("CARDINAL", "3 мыңнан астам")]),
        ("Екі ел үшінші отырыста кездесті.", [("CARDINAL", "Екі"), ("ORDINAL", "үшінші")]),
        ("Сауда 2024 жылы 12%-ға артты.", [("DATE", "2024 жылы"), ("PERCENTAGE", "12%-ға")]),
        ("Көлем 2 млрд долларға дейін өсті.", [("MONEY", "2 млрд долларға дейін")]),
        ("Кездесу сағат 15:00-де басталды.", [("TIME", "15:00-де")]),
        ("Сапар 2 тамыз күні өтті.", [("DATE", "2 тамыз")]),
        ("2024 және 2025 жылдары", [("DATE", "2024"), ("DATE", "2025 жылдары")]),
        ("өткен жылы 5 қарашада", [("DATE", "өткен жылы"), ("DATE", "5 қарашада")]),
        ("800 тоннадан 7000 тоннаға дейін", [("QUANTITY", "800 тоннадан"), ("QUANTITY", "7000 тоннаға дейін")]),
        ("XIX–XX ғасырларда салынған", [("DATE", "XIX–XX ғасырларда")]),
        ("Ел 6,6 млн тонна мұнай экспорттады.", [("QUANTITY", "6,6 млн тонна")]),
        ("төрт-ақ метр, 14-ақ процент", [("QUANTITY", "төрт-ақ метр"), ("PERCENTAGE", "14-ақ процент")]),
        ("Қайырлы таң!", [("TIME", "таң")]),
        ("Наурыз мейрамы наурызда тойланады.", [("DATE", "наурызда")]),
    ],
)
def test_finds(text: str, expected: list[tuple[str, str]]) -> None:
    assert find_texts(text) == expected


@pytest.mark.parametrize(
    ("text", "narrow", "wide"),
    [
        ("Сапар 2 тамыз күні өтті", "2 тамыз", "2 тамыз күні"),
        ("Сапар тамыз айында өтті", "тамыз", "тамыз айында"),
        ("Кездесу сағат 15:00-де басталды", "15:00-де", "сағат 15:00-де"),
        ("Ол 2030 жылға қарай артады", "2030 жылға", "2030 жылға"),
    ],
)
def test_takes_nouns_on_request(text: str, narrow: str, wide: str) -> None:
    spans = [find_numbers(text, RELEASE, with_nouns=nouns)[0] for nouns in (False, True)]
    assert [text[span.start : span.end] for span in spans] == [narrow, wide]


@pytest.mark.parametrize(
    "text",
    [
        "Бұл үшін бірге жұмыс істеп, бірден шешім қабылдады, бірақ бірлескен жоба бірқатар мәселе туғызды.",
        "«Алтын достық көпірі» жүзеге асты, оның маңызы зор; онда кешенді жоспар бекітілді.",
        "Қандай да бір өзгеріс, белгілі бір тәртіп, бір-бірімен байланыс, бір кездері.",
        "Екіжақты, көпжақты, екеуара келіссөздер жүргізілді.",
        "+7 7172 72 01 11, 8-7172-72, G20, С5+1, COVID-19, Қазақстан-2050, №5 қаулы, 1244-қарар, 14-бап.",
        "М.Нұртілеу мен Ж.Кулубаев кешенді зерттеуге жүзі жарқын келді.",
        "31 ақпан мен сағат 27:00 болмайды.",
        "Қазанның қақпағы, қысқа мәтін, майлы бояу, хат жазды.",
        "Жеткен жетістік, елдің бесігі, жетекші сала.",
    ],
)
def test_finds_nothing(text: str) -> None:
    assert find_texts(text) == []


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"the official release is not at {OFFICIAL}")
def test_finds_the_numbers_of_the_official_release() -> None:
    text = OFFICIAL.read_text(encoding="utf-8")
    rows = [(text[n.start : n.end], n.to_row()) for n in find_numbers(text, RELEASE)]
    found = {span: {key: row[key] for key in row if key not in ("start", "end")} for span, row in rows}
    assert found["3 млрд АҚШ долларына дейін"] == {
        "kind": "MONEY",
        "value": 3000000000,
        "unit": "USD",
        "modifier": "at_most",
    }
    assert found["2 тамыз"] == {"kind": "DATE", "date": "2025-08-02"}
    assert found["2025-2027 жылдарға"] == {"kind": "DATE", "date": "2025/2027"}
    assert found["Өткен жылы"] == {"kind": "DATE", "date": "2024"}
    assert found["соңғы жылдары"] == {"kind": "DATE"}
    assert [span for span, _ in rows] == [
        *("2 тамыз", "соңғы жылдары", "жетінші", "үш", "3 млрд АҚШ долларына дейін", "2024 жылдың"),
        *("1,7 млрд АҚШ долларын", "2026 жылы", "Екі", "Өткен жылы", "Ағымдағы жылы", "үшінші", "екі"),
        *("жетінші", "2025-2027 жылдарға"),
    ]


PIECES = """
бір екі он жүз мың миллион жарым жарты бүтін оннан де мен бірден дейін астам жуық шақты шамасында 1 15 2024 31
02 , . : - – / % $ № I XX жыл жылы жылдың жылдан айда күн апта сағат минут тамыз қаңтарда тоқсан ғасыр теңге
тиын АҚШ доллары метр м ² өткен осы соңғы бүгін биыл кеше таңғы кешкі түннің сол бірнеше жас жасы ең көп
дегенде -ші -ға ақ қыс жазы
"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=24), st.sampled_from(["", " ", "-", "\u00a0"]))
def test_spans_are_ordered_whole_and_trimmed(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    end = 0
    for number in find_numbers(text, RELEASE):
        assert end <= number.start < number.end <= len(text)
        span = text[number.start : number.end]
        assert span == span.strip()
        end = number.end


@given(st.text(alphabet="бірекіжүзмыңқәңғүұһі0123456789 ,.-–:%\u0301🙂\n«»IVX№$"))
def test_never_raises(text: str) -> None:
    find_numbers(text)
    find_numbers(text, RELEASE)


@pytest.mark.parametrize(
    "piece",
    ["бір ", "1", "1 ", "1,", "1-", "1 – ", ",", "%", "2 тамыз – ", "оннан ", "ең көп дегенде ", "a", "нөл-", "\u0301"],
)
def test_reads_long_repetitions(piece: str) -> None:
    find_numbers(piece * 5000, RELEASE)


def test_offsets_are_code_points() -> None:
    text = "🇰🇿 Сапар 2 тамызда өтті"
    (number,) = find_numbers(text, RELEASE)
    assert text[number.start : number.end] == "2 тамызда"
