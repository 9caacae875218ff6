"""The site's files: pages from templates, the style sheet with its colours, scripts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qatynas import __version__
from qatynas.document import group_entities
from qatynas.schema import load_schema
from qatynas.site.addresses import name_page
from qatynas.site.differences import compare_readings
from qatynas.site.examples import choose_examples
from qatynas.site.palette import render_palette
from qatynas.site.search import render_search
from qatynas.site.segments import draw_lines
from qatynas.site.values import describe_mention
from qatynas.site.views import draw_differences, draw_examples, view_gold
from qatynas.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import jinja2

    from qatynas.document import Document
    from qatynas.site.board import Board

FOLDER = Path(__file__).parent
GENERATOR = "qatynas site"  # the mark of a former site, which may be written over
INDEX = "index.html"
PLACES = {INDEX: "Documents", "schema.html": "Schema", "leaderboard.html": "Leaderboard"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a site shows: all documents, of which `chosen` have a page, their splits, and the leaderboard if any."""

    documents: tuple[Document, ...]
    chosen: tuple[Document, ...]
    splits: Mapping[str, str]
    board: Board | None


@dataclass(frozen=True, slots=True)
class Card:
    """A document as the index lists it; `labels` are those of its mentions and relations."""

    document: Document
    split: str
    address: str
    labels: tuple[str, ...]


def render_site(content: Content) -> Iterator[tuple[str, str]]:
    """Every file of the site: its address in the folder and its text."""
    environment = _make_environment(content)
    cards = make_cards(content)
    yield INDEX, environment.get_template("index.html.j2").render(root="", here=INDEX, **list_index(cards))
    for place, card in enumerate(cards):
        around = {"before": cards[place - 1] if place else None, "after": (*cards[place + 1 :], None)[0]}
        page = environment.get_template("document.html.j2")
        yield card.address, page.render(root="../", here="", split=card.split, **around, **describe(card.document))
    schema = environment.get_template("schema.html.j2")
    yield "schema.html", schema.render(root="", here="schema.html", **describe_schema(content, cards))
    if content.board:
        page = environment.get_template("leaderboard.html.j2")
        yield "leaderboard.html", page.render(root="", here="leaderboard.html", board=content.board)
    static = FOLDER / "static"
    yield "site.css", render_palette() + (static / "site.css").read_text(encoding="utf-8")
    yield "site.js", (static / "site.js").read_text(encoding="utf-8")
    yield "icon.svg", (static / "icon.svg").read_text(encoding="utf-8")
    yield "search.js", render_search(card.document for card in cards)


def _make_environment(content: Content) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    places = [place for place in PLACES.items() if content.board or place[0] != "leaderboard.html"]
    environment.globals |= {
        "version": __version__,
        "generator": f"{GENERATOR} {__version__}",
        "places": places,
        "has_board": content.board is not None,
    }
    return environment


def make_cards(content: Content) -> tuple[Card, ...]:
    """The chosen documents, the newest first."""
    newest = sorted(sorted(content.chosen, key=lambda d: d.doc_id), key=lambda d: d.date, reverse=True)
    return tuple(Card(d, content.splits[d.doc_id], name_page(d.doc_id), _list_labels(d)) for d in newest)


def _list_labels(document: Document) -> tuple[str, ...]:
    schema, gold = load_schema(), document.gold
    present = {mention.type for mention in gold.mentions} | {relation.type for relation in gold.relations}
    return tuple(label for label in (*schema.labels, *schema.relation_labels) if label in present)


def list_index(cards: Sequence[Card]) -> dict[str, Any]:
    """What the index page tells."""
    schema = load_schema()
    mentions = [mention for card in cards for mention in card.document.gold.mentions]
    labels = Counter(label for card in cards for label in card.labels)
    filters = (
        ("genre", "Genre", _order(Counter(card.document.genre for card in cards), sorted(schema.genres))),
        ("split", "Split", _order(Counter(card.split for card in cards), SPLITS)),
        ("source", "Source", _order(Counter(card.document.source for card in cards), schema.sources)),
        ("label", "Label", _order(labels, (*schema.labels, *schema.relation_labels))),
    )
    return {
        "cards": cards,
        "filters": filters,
        "readings": sum(1 + len(card.document.readings) for card in cards),
        "mentions": len(mentions),
        "numbers": sum(mention.number is not None for mention in mentions),
        "relations": sum(len(card.document.gold.relations) for card in cards),
    }


def _order(counts: Counter[str], known: Iterable[str]) -> list[tuple[str, int]]:
    """The values that occur, the known ones first and in their order."""
    names = dict.fromkeys((*known, *sorted(counts)))
    return [(name, counts[name]) for name in names if counts[name]]


def describe(document: Document) -> dict[str, Any]:
    """What a document's page tells."""
    gold, text = document.gold, document.text
    words = [text[mention.start : mention.end] for mention in gold.mentions]
    counts = Counter(mention.type for mention in gold.mentions)
    hints = {relation.label: relation.hint for relation in load_schema().relations}
    comparison = compare_readings(document)
    return {
        "document": document,
        "lines": draw_lines(text, gold.mentions),
        "views": view_gold(document),
        "key": [(entry, counts[label]) for label, entry in load_schema().labels.items() if counts[label]],
        "entities": [
            {"name": e.name, "type": e.type, "mentions": [(index, words[index]) for index in e.mentions]}
            for e in group_entities(gold, text)
        ],
        "numbers": [
            {"index": index, "words": words[index], "type": mention.type, "value": describe_mention(mention)}
            for index, mention in enumerate(gold.mentions)
            if mention.number is not None
        ],
        "relations": [
            {
                "type": relation.type,
                "hint": hints[relation.type],
                "head": relation.head,
                "tail": relation.tail,
                "head_words": words[relation.head],
                "tail_words": words[relation.tail],
            }
            for relation in gold.relations
        ],
        "comparison": comparison,
        "rows": list(draw_differences(document, comparison)),
    }


def describe_schema(content: Content, cards: Sequence[Card]) -> dict[str, Any]:
    """What the schema page tells; counts are of the documents that have a page, examples of all of train."""
    schema = load_schema()
    names = (*schema.labels, *schema.relation_labels)
    counts = Counter(mention.type for card in cards for mention in card.document.gold.mentions)
    counts.update(relation.type for card in cards for relation in card.document.gold.relations)
    examples = draw_examples(
        choose_examples(content.documents, content.splits), {card.document.doc_id for card in cards}
    )
    return {
        "schema": schema,
        "examples": {name: examples.get(name) for name in names},
        "counts": counts,
        "holders": Counter(label for card in cards for label in card.labels),
    }
