"""Documents for property tests: Kazakh words, emoji, flags, nested spans, numbers, relations."""

from __future__ import annotations

from hypothesis import strategies as st

from qatynas.document import Document, Mention, Number, Reading, Relation, sort_reading
from qatynas.schema import load_schema

WORDS = st.sampled_from(
    [
        "Қазақстан",
        "мен",
        "Қырғызстанның",
        "СІМ-нің",
        "5-ші",
        "10,5%-ға",
        "🤝",
        "🇰🇿",
        "ӘҒҚҢӨҰҮҺІ",
        "қазақ-қырғыз",
        "№",
        "«Дала»",
        "3\u00a0млрд",
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=4))
    return "\n".join(" ".join(line) for line in lines)


@st.composite
def numbers(draw: st.DrawFn, label: str) -> Number:
    allowed = load_schema().labels[label].attributes
    value = draw(st.floats(0, 1e15, allow_nan=False))
    fields = {
        "value": value,
        "value_max": draw(st.none() | st.just(value * 2 + 1)),
        "unit": draw(st.sampled_from(["USD", "%", "t"])),
        "modifier": draw(st.none() | st.sampled_from(load_schema().modifiers)),
        "target": draw(st.booleans()),
        "date": draw(st.none() | st.sampled_from(["2025-08-02", "2025/2027", "P3Y"])),
    }
    return Number(**{name: given for name, given in fields.items() if name in allowed})  # type: ignore[arg-type]


@st.composite
def readings(draw: st.DrawFn, text: str, annotator: str) -> Reading:
    schema = load_schema()
    spots = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 30), st.sampled_from(list(schema.labels)))
    chosen = draw(
        st.lists(spots, max_size=8, unique_by=lambda spot: (spot[0], min(spot[0] + spot[1], len(text)), spot[2]))
    )
    mentions = []
    for start, length, label in chosen:
        end = min(start + length, len(text))
        if label in schema.entity_labels:
            mentions.append(
                Mention(start, end, label, draw(st.none() | st.sampled_from(["Қазақстан", "«Дала»", "🤝"])))
            )
        else:
            mentions.append(Mention(start, end, label, None, draw(numbers(label))))
    places = range(len(mentions))
    pairs = [(head, tail) for head in places for tail in places if head != tail]
    labels = st.sampled_from(schema.relation_labels)
    drawn = draw(st.lists(st.tuples(labels, st.sampled_from(pairs)), max_size=6, unique=True)) if pairs else []
    relations = tuple(Relation(label, *pair) for label, pair in drawn)
    return sort_reading(Reading(annotator, tuple(mentions), relations, draw(st.none() | st.integers(1, 9))))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(texts())
    raw = tuple(draw(readings(text, name)) for name in ("reader-a", "reader-b")[: draw(st.integers(0, 2))])
    gold = draw(readings(text, "adjudicator"))
    return Document("example-1", "Тақырып", text, "2025-08-02", "visit", "composed", "example", gold, raw)
