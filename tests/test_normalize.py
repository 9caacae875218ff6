"""One expression to its fields: kinds, values, units, modifiers, dates by the grammar's list; what is refused."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry, get_ucum_parser

from qatynas import NormalizedNumber, QatynasError, normalize, supports
from qatynas.grammar.currencies import CODES, CURRENCIES, MINOR_UNITS, SIGNS
from qatynas.grammar.units import UNITS

RELEASE = dt.date(2025, 8, 3)  # a Sunday
PAIRS = Path(__file__).parents[2] / "shared/reference/kaznerd_number_pairs.tsv"


def fields(text: str) -> dict[str, Any] | None:
    """The fields of an expression in a release of 3 August 2025."""
    number = normalize(text, RELEASE)
    return None if number is None else number.to_row()


AMOUNTS = {
    "екі": ("CARDINAL", 2),
    "2,5 млн": ("CARDINAL", 2500000),
    "екі есе": ("CARDINAL", 2),
    "2,1 есеге": ("CARDINAL", 2.1),
    "жартысы": ("CARDINAL", 0.5),
    "тең жартысы": ("CARDINAL", 0.5),
    "жетінші": ("ORDINAL", 7),
    "біріншіден": ("ORDINAL", 1),
    "VII": ("ORDINAL", 7),
    "5-отырысы": ("ORDINAL", 5),
    "1,7 млрд АҚШ долларын": ("MONEY", 1700000000, "USD"),
    "$1,7 млрд": ("MONEY", 1700000000, "USD"),
    "1,2 млрд. АҚШ доллары": ("MONEY", 1200000000, "USD"),
    "елу теңге он тиын": ("MONEY", 50.1, "KZT"),
    "2 млрд өзбек сомы": ("MONEY", 2000000000, "UZS"),
    "10 мың сом": ("MONEY", 10000, "KGS"),
    "5 млн еуро": ("MONEY", 5000000, "EUR"),
    "100 қазақстандық теңге": ("MONEY", 100, "KZT"),
    "100 USD": ("MONEY", 100, "USD"),
    "300 Біріккен Араб Әмірліктерінің дирхамы": ("MONEY", 300, "AED"),
    "25 пайызға": ("PERCENTAGE", 25, "%"),
    "10%-ға": ("PERCENTAGE", 10, "%"),
    "4,7% -ті": ("PERCENTAGE", 4.7, "%"),
    "екі бүтін жүзден жиырма бес процент": ("PERCENTAGE", 2.25, "%"),
    "0,5 пайыздық тармаққа": ("PERCENTAGE", 0.5, "%{pp}"),
    "2 млн тонна": ("QUANTITY", 2000000, "t"),
    "6 тонна 600 килограмм": ("QUANTITY", 6.6, "t"),
    "359 мың 829 шаршы метр": ("QUANTITY", 359829, "m2"),
    "80 м²": ("QUANTITY", 80, "m2"),
    "500 МВт": ("QUANTITY", 500, "MW"),
    "2 кВт·сағ": ("QUANTITY", 2, "kW.h"),
    "350 км/сағ": ("QUANTITY", 350, "km/h"),
    "сағатына 350 км": ("QUANTITY", 350, "km/h"),
    "80 мың баррель": ("QUANTITY", 80000, "[bbl_us]"),
    "минус 25 градус": ("QUANTITY", -25, "Cel"),
    "25 градус суық": ("QUANTITY", -25, "Cel"),
    "бес миллиграмм / литр": ("QUANTITY", 5, "mg/L"),
    "жетпіс айлық есептік көрсеткіш": ("QUANTITY", 70, "{MCI}"),
    "3 мың га": ("QUANTITY", 3000, "har"),
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_reads_amount(text: str) -> None:
    expected = AMOUNTS[text]
    assert fields(text) == dict(zip(("kind", "value", "unit"), expected, strict=False))


MODIFIERS = {
    "жүзден астам": "more_than",
    "1600-ден аса": "more_than",
    "3 млрд доллардан артық": "more_than",
    "мыңнан астам теңге": "more_than",
    "он бестен кем": "less_than",
    "10 пайыздан аз": "less_than",
    "20-дан төмен": "less_than",
    "жүзден кем емес": "at_least",
    "кемінде 20": "at_least",
    "кем дегенде он": "at_least",
    "ең кемі екі мың": "at_least",
    "3 млрд долларға дейін": "at_most",
    "10 мыңға шейін": "at_most",
    "ең көп дегенде 5": "at_most",
    "10-нан аспайтын": "at_most",
    "40-қа жуық": "approx",
    "2 млрд долларға таяу": "approx",
    "жүзге тарта": "approx",
    "шамамен он": "approx",
    "жобамен 500": "approx",
    "он шақты": "approx",
    "200 теңге шамасында": "approx",
    "жүздей": "approx",
    "200-дей": "approx",
    "мыңдаған": "approx",
    "сегіз мың тоннадай": "approx",
    "екі жүз": None,
}


@pytest.mark.parametrize("text", MODIFIERS)
def test_reads_modifier(text: str) -> None:
    number = normalize(text)
    assert number is not None
    assert number.modifier == MODIFIERS[text]


RANGES = {
    "2,5–3 млрд": (2.5e9, 3e9),
    "екі-үш": (2, 3),
    "екі-үш жүз": (200, 300),
    "он-он бес мың": (10000, 15000),
    "300-350": (300, 350),
    "25 – 30 процентке": (25, 30),
    "бір жарым – екі метр": (1.5, 2),
    "700-ден 2000 теңгеге дейін": (700, 2000),
    "10-нан 15 пайызға дейін": (10, 15),
    "20 мен 30 аралығында": (20, 30),
    "900 мың – 1 млн": (900000, 1000000),
    "бес-алты жүз мың": (500000, 600000),
    "үш-екі": (2, 3),
}


@pytest.mark.parametrize("text", RANGES)
def test_reads_range(text: str) -> None:
    number = normalize(text)
    assert number is not None
    assert (number.value, number.value_max, number.modifier) == (*RANGES[text], None)


DATES = {
    "2 тамыз": "2025-08-02",
    "2 тамыз күні": "2025-08-02",
    "екінші тамызда": "2025-08-02",
    "тамыздың 2-сінде": "2025-08-02",
    "2025 жылғы 2 тамызда": "2025-08-02",
    "2024 жылы 14 наурызда": "2024-03-14",
    "2025 жылдың 2 тамызы": "2025-08-02",
    "02.08.2025 ж.": "2025-08-02",
    "2 тамыз 2025": "2025-08-02",
    "2025 жылғы тамыз": "2025-08",
    "2006 жылдың тамыз айы": "2006-08",
    "тамыз айында": "2025-08",
    "2–5 тамыз": "2025-08-02/2025-08-05",
    "30 шілде – 2 тамыз": "2025-07-30/2025-08-02",
    "2 тамыздан 5 тамызға дейін": "2025-08-02/2025-08-05",
    "7 наурыз бен 4 сәуір аралығында": "2025-03-07/2025-04-04",
    "2025-2027 жылдарға": "2025/2027",
    "2026–2030 жж.": "2026/2030",
    "2020–2024 жылдары аралығында": "2020/2024",
    "2024 жыл": "2024",
    "бір мың тоғыз жүз тоқсан екінші жыл": "1992",
    "2020 жылдан бері": "2020/..",
    "2020 жылдан бастап": "2020/..",
    "2030 жылға дейін": "../2030",
    "2030 жылға қарай": "2030",
    "90-жылдар": "199X",
    "тоқсаныншы жылдардың басында": "199X",
    "1990 жылдары": "199X",
    "өткен ғасырдың 90-жылдары": "199X",
    "XXI ғасыр": "20XX",
    "20-ғасыр": "19XX",
    "ХІХ–ХХ ғ.": "18XX/19XX",
    "2025 жылдың бірінші тоқсанында": "2025-33",
    "I тоқсан": "2025-33",
    "бірінші жартыжылдық": "2025-40",
    "қаңтар–маусымда": "2025-01/2025-06",
    "биылғы 8 айда": "2025-01/2025-08",
    "бүгін": "2025-08-03",
    "кеше": "2025-08-02",
    "ертең": "2025-08-04",
    "биыл": "2025",
    "былтырғы": "2024",
    "өткен жылы": "2024",
    "ағымдағы жылы": "2025",
    "келер жылдың наурызында": "2026-03",
    "өткен жылы 5 қарашада": "2024-11-05",
    "өткен айда": "2025-07",
    "келесі аптада": "2025-08-04/2025-08-10",
    "өткен сенбіде": "2025-07-26",
    "дүйсенбі күні": "2025-07-28",
    "жыл соңына дейін": "../2025",
    "үш жыл бұрын": "2022",
    "екі айдан кейін": "2025-10",
    "10 күн бұрын": "2025-07-24",
    "үш жыл": "P3Y",
    "3-5 жыл": "P3Y/P5Y",
    "40–45 күн": "P40D/P45D",
    "бір айдан алты айға дейін": "P1M/P6M",
    "бір жарым жыл": "P18M",
    "жарты жыл": "P6M",
    "үш күндік": "P3D",
    "30 жылдығы": "P30Y",
    "соңғы үш жылда": "P3Y",
    "30 жастағы": "P30Y",
    "2 апта ішінде": "P2W",
}
UNDATED = ("соңғы жылдары", "жыл сайын", "күнделікті", "бүгінде", "бірнеше жыл бұрын", "өткен жылдары")
TIMES = {
    "15:00-де": "T15:00",
    "сағат 15:00-де": "T15:00",
    "15.00-де": "T15:00",
    "сағат он бесте": "T15:00",
    "сағат үште": "T03:00",
    "сағат онда": "T10:00",
    "кешкі сағат 7-де": "T19:00",
    "таңғы 9-дан кешкі 6-ға дейін": "T09:00/T18:00",
    "16:30-да": "T16:30",
    "он жеті қырық екіде": "T17:42",
    "бір жарым сағат": "PT90M",
    "45 минут": "PT45M",
    "екі сағат отыз минут": "PT150M",
}


@pytest.mark.parametrize("text", DATES)
def test_reads_date(text: str) -> None:
    assert fields(text) == {"kind": "DATE", "date": DATES[text]}


@pytest.mark.parametrize("text", UNDATED)
def test_reads_date_without_value(text: str) -> None:
    assert fields(text) == {"kind": "DATE"}


@pytest.mark.parametrize("text", TIMES)
def test_reads_time(text: str) -> None:
    assert fields(text) == {"kind": "TIME", "date": TIMES[text]}


def test_leaves_relative_dates_open_without_a_release() -> None:
    for text in ("өткен жылы", "2 тамыз", "бүгін", "үш жыл бұрын"):
        number = normalize(text)
        assert number is not None
        assert number.kind == "DATE"
    assert normalize("2 тамыз") == NormalizedNumber("DATE")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\n",
            ".",
            "-",
            "ға",
            "-нан",
            "hello",
            "123abc",
            "eki myń",
            "жиырмасыншыда ма",
            "مرحبا",
            "三百",
            "١٢٣",
        ),
        *("31 ақпан", "30 ақпан 2024", "сағат 27:00", "25:61", "32 тамыз", "31.02.2025", "бүгін және ертең", "2 3"),
        *("бірқатар", "көптеген", "үшін", "№5", "G20", "1" * 5000, "🙂", "e\u0301"),
    ],
)
def test_refuses(text: str) -> None:
    assert normalize(text, RELEASE) is None


@given(st.text())
def test_never_raises(text: str) -> None:
    normalize(text, RELEASE)


def test_names_a_bad_release_date() -> None:
    with pytest.raises(QatynasError, match="release date '2025-13-01': is no ISO date"):
        normalize("бүгін", "2025-13-01")


def test_takes_the_release_as_text() -> None:
    assert normalize("өткен жылы", "2025-08-03") == normalize("өткен жылы", RELEASE)


@pytest.mark.parametrize(
    ("text", "annotated", "verdict"),
    [
        ("1,7 млрд АҚШ долларын", NormalizedNumber("MONEY", 1.7e9, unit="USD"), True),
        ("1,7 млрд АҚШ долларын", NormalizedNumber("MONEY", 1.7e6, unit="USD"), False),
        ("1,7 млрд АҚШ долларын", NormalizedNumber("MONEY", 1.7e9, unit="EUR"), False),
        ("екі мыңнан астам", NormalizedNumber("CARDINAL", 2000.0, modifier="more_than"), True),
        ("екі мыңнан астам", NormalizedNumber("CARDINAL", 2000.0), False),
        ("екі мың", NormalizedNumber("QUANTITY", 2000.0, unit="t"), True),
        ("екі мың", NormalizedNumber("ORDINAL", 2000.0), False),
        ("2 тамызда", NormalizedNumber("DATE", date="2024-08-02"), True),
        ("2 тамызда", NormalizedNumber("DATE", date="2025-08-03"), False),
        ("2024 жылы", NormalizedNumber("DATE", date="2023"), False),
        ("екі жылда", NormalizedNumber("DATE", date="2024/2025"), True),
        ("екі жылда", NormalizedNumber("DATE", date="P3Y"), False),
        ("өткен жылы", NormalizedNumber("DATE", date="2024"), True),
        ("өткен жылы", NormalizedNumber("DATE", date="2025"), False),
        ("наурызға дейін", NormalizedNumber("DATE", date="../2026-03"), True),
        ("наурызға дейін", NormalizedNumber("DATE", date="../2026-04"), False),
        ("былтырға дейін", NormalizedNumber("DATE", date="../2023"), False),
        ("өткен жұмада", NormalizedNumber("DATE", date="2025-08-01"), False),
        ("келесі аптада", NormalizedNumber("DATE", date="2025-08-06"), True),
        ("келесі аптада", NormalizedNumber("DATE", date="2025-08-16"), False),
        ("үштен екісі", NormalizedNumber("CARDINAL", 0.6667), True),
        ("4 мың шақырымнан", NormalizedNumber("QUANTITY", 4000.0, unit="km", modifier="more_than"), True),
        ("тоқсанға", NormalizedNumber("DATE", date="P3M"), None),
        ("тоқсанға", NormalizedNumber("CARDINAL", 80.0), False),
        ("екі сағат он бес минутқа", NormalizedNumber("TIME", date="PT135M"), True),
        ("екі сағат он бес минутқа", NormalizedNumber("TIME", date="PT2H15M"), False),
        ("екі сағат он бес минутқа", NormalizedNumber("TIME", date="PT2H"), False),
        ("бір күн бұрын", NormalizedNumber("DATE", date="2025-06-22"), True),
        ("бір күн бұрын", NormalizedNumber("DATE", date="2025"), False),
        ("соңғы жылдары", NormalizedNumber("DATE", date="2022/2025"), True),
        ("ынтымақтастық", NormalizedNumber("CARDINAL", 1.0), None),
    ],
)
def test_supports(text: str, annotated: NormalizedNumber, verdict: bool | None) -> None:
    assert supports(text, annotated, RELEASE) is verdict


@pytest.mark.skipif(not PAIRS.exists(), reason=f"the reference pairs are not at {PAIRS}")
def test_words_and_digits_agree() -> None:
    with PAIRS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    read = [(normalize(row["words"], RELEASE), normalize(row["digits"], RELEASE)) for row in rows]
    agreed = sum(words is not None and words == digits for words, digits in read)
    assert agreed / len(rows) >= 0.99


def test_units_are_ucum() -> None:
    parser = get_ucum_parser()
    for code in {*UNITS.values(), "km/h", "m2/h", "mg/L", "%", "%{pp}"}:
        parser.parse(code)
    assert str(PintUcumRegistry().from_ucum("km2").units) == "kilometer ** 2"


def test_currencies_are_iso_4217() -> None:
    assert {*CURRENCIES.values(), *MINOR_UNITS.values(), *SIGNS.values()} <= CODES


@pytest.mark.parametrize("name", [" ".join(words) for words in CURRENCIES])
def test_reads_every_currency(name: str) -> None:
    number = normalize(f"5 {name}")
    assert number is not None
    assert (number.kind, number.unit) == ("MONEY", CURRENCIES[tuple(name.split())])
