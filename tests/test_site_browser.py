"""The explorer as a reader sees it: a real Chromium on a folder of this disk."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from chromium import set_size, start_chromium
from qatynas.data import list_splits, load_documents
from qatynas.site.addresses import name_page
from qatynas.site.board import Board, Estimate, System
from qatynas.site.folder import select_content, write_site
from site_pages import HOSTILE, make_hostile
from studio_page import PATIENCE, await_one, click, find_all, list_requests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

    from qatynas.document import Document

RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
# Every mark as [mention, start, end] in code points of the text, which is read from the page without the labels.
READ_MARKS = """
const marks = [];
let text = "";
const size = () => [...text].length;
function walk(node) {
  if (node.nodeType === Node.TEXT_NODE) { text += node.data; return; }
  if (node.matches(".tag, svg")) return;
  const start = size();
  node.childNodes.forEach(walk);
  if (node.matches(".m")) marks.push([Number(node.dataset.m), start, size()]);
}
document.querySelectorAll("#text > p").forEach((line, place) => { if (place) text += "\\n"; walk(line); });
return [text, marks];
"""
READ_STATE = """
const [part] = document.querySelectorAll(arguments[0]);
const style = getComputedStyle(part);
return [style.borderBottomWidth, style.borderBottomStyle, style.backgroundColor];
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with start_chromium(tmp_path_factory.mktemp("profile"), 1280, 900) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def corpus() -> list[Document]:
    return load_documents()


@pytest.fixture(scope="module")
def release(corpus: list[Document]) -> Document:
    return next(document for document in corpus if document.doc_id == RELEASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, corpus: list[Document]) -> Path:
    system = System(1, "crf", "", "", ("train",), None, tuple(Estimate(0.5, 0.4, 0.6) for _ in range(4)))
    board = Board(("overall", "entity", "relation", "number"), (system,), 0.05, ())
    out = tmp_path_factory.mktemp("explorer") / "site"
    write_site(select_content(corpus, list_splits(), board=board), out)
    return out


@pytest.fixture(autouse=True)
def quiet(browser: Chrome) -> Iterator[None]:
    """No page writes to the console, and none asks for anything but files."""
    browser.get_log("browser")  # type: ignore[no-untyped-call]
    list_requests(browser)
    yield
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    assert set(list_requests(browser)) == {"file"}


def visit(browser: Chrome, site: Path, address: str) -> None:
    browser.get("about:blank")  # the same page with another fragment would not be loaded anew
    browser.get((site / address.partition("#")[0]).as_uri() + address[len(address.partition("#")[0]) :])


def list_shown(browser: Chrome) -> set[str]:
    """The ids of the documents that the index shows."""
    script = """
    const shown = [...document.querySelectorAll(".card")].filter((card) => card.offsetParent);
    return shown.map((card) => card.querySelector("a").getAttribute("href"));
    """
    return {address.removeprefix("documents/").removesuffix(".html") for address in browser.execute_script(script)}


def test_the_official_release_shows_its_spans_at_the_right_characters(
    browser: Chrome, site: Path, release: Document
) -> None:
    visit(browser, site, name_page(RELEASE))
    text, marks = browser.execute_script(READ_MARKS)
    assert text == release.text
    mentions = release.gold.mentions
    assert sorted(marks) == [[index, mention.start, mention.end] for index, mention in enumerate(mentions)]
    tags = browser.execute_script("return [...document.querySelectorAll('#text .tag')].map(t => [t.dataset.m, t.text])")
    assert sorted(tags) == sorted([str(index), mention.type] for index, mention in enumerate(mentions))
    width, style, _ = browser.execute_script(READ_STATE, "#t0")
    assert (width, style) == ("2px", "solid")
    dated = next(index for index, mention in enumerate(mentions) if mention.number is not None)
    assert browser.execute_script(READ_STATE, f"#t{dated}")[1] == "dashed"


def test_a_filter_leaves_what_fits(browser: Chrome, site: Path, corpus: list[Document]) -> None:
    from selenium.webdriver.support.select import Select
    from selenium.webdriver.support.wait import WebDriverWait

    every = {document.doc_id for document in corpus}
    expected = {
        ("genre", "visit"): {d.doc_id for d in corpus if d.genre == "visit"},
        ("source", "official"): {RELEASE},
        ("split", "test"): {doc_id for doc_id, split in list_splits().items() if split == "test"},
        ("label", "ART"): {d.doc_id for d in corpus if any(m.type == "ART" for m in d.gold.mentions)},
        ("label", "SIGNATORY"): {d.doc_id for d in corpus if any(r.type == "SIGNATORY" for r in d.gold.relations)},
    }
    visit(browser, site, "index.html")
    for (name, value), fitting in expected.items():
        assert list_shown(browser) == every
        Select(await_one(browser, f"#{name}")).select_by_value(value)
        assert list_shown(browser) == fitting
        assert await_one(browser, "#found").text == f"{len(fitting)} of {len(every)} documents"
        click(browser, "#filters button")
        WebDriverWait(browser, PATIENCE).until(lambda browser: list_shown(browser) == every)


def test_search_finds_every_word_in_titles_and_texts(browser: Chrome, site: Path, corpus: list[Document]) -> None:
    visit(browser, site, "index.html")
    field = await_one(browser, "#q")
    for query in ("шолпан-атада", "ҚЫРҒЫЗСТАН  кеңестің", "Дала жолын", "[.*", "жоқсөз"):
        field.clear()
        field.send_keys(query)
        words = query.lower().split()
        expected = {d.doc_id for d in corpus if all(word in f"{d.title}\n{d.text}".lower() for word in words)}
        assert list_shown(browser) == expected
        assert expected or query in {"[.*", "жоқсөз"}


def test_a_choice_is_told_by_the_address(browser: Chrome, site: Path, corpus: list[Document]) -> None:
    visit(browser, site, "index.html#label=ART&split=test")
    shown = list_shown(browser)
    assert 0 < len(shown) < len(corpus)
    await_one(browser, "#q").send_keys("қ")
    assert "label=ART" in browser.current_url
    assert "q=" in browser.current_url


def test_a_chosen_mark_shows_its_row_and_its_relations(browser: Chrome, site: Path, release: Document) -> None:
    visit(browser, site, name_page(RELEASE))
    gold = release.gold
    chosen = next(relation.head for relation in gold.relations if relation.type == "HOLDS_POSITION")
    around = [relation for relation in gold.relations if chosen in {relation.head, relation.tail}]
    click(browser, f"#text a.tag[data-m='{chosen}']")
    panel = await_one(browser, "#panel")
    assert gold.mentions[chosen].name in panel.text  # type: ignore[operator]
    assert len(find_all(browser, "#panel li")) == len(around)
    assert sorted(name.text for name in find_all(browser, ".arcs text")) == sorted(r.type for r in around)
    ends = {int(mark.get_attribute("data-m") or -1) for mark in find_all(browser, "#text .m.end")}
    assert ends == {end for relation in around for end in (relation.head, relation.tail)}
    click(browser, "#panel .close")
    assert find_all(browser, ".arcs text, .m.end") == []
    assert browser.switch_to.active_element.get_attribute("data-m") == str(chosen)  # the focus is not lost


def test_a_relation_lights_up_its_head_and_tail(browser: Chrome, site: Path, release: Document) -> None:
    from selenium.webdriver import ActionChains

    visit(browser, site, name_page(RELEASE))
    row, relation = find_all(browser, "tr.relation")[5], release.gold.relations[5]
    for wake in (ActionChains(browser).move_to_element(row).perform, row.find_element("css selector", "a").click):
        wake()
        ends = {mark.get_attribute("data-m") for mark in find_all(browser, "#text .m.end")}
        assert ends == {str(relation.head), str(relation.tail)}
        assert [name.text for name in find_all(browser, ".arcs text")] == [relation.type]
    assert await_one(browser, "#panel li").text.count("→") == 2


def test_keys_move_from_mark_to_mark(browser: Chrome, site: Path) -> None:
    from selenium.webdriver import ActionChains, Keys

    visit(browser, site, name_page(RELEASE))
    tags = find_all(browser, "#text a.tag")
    assert len(find_all(browser, "#text a.tag[tabindex='0']")) == 1
    browser.execute_script("arguments[0].focus()", tags[0])
    ActionChains(browser).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ENTER).perform()
    assert browser.switch_to.active_element == tags[1]
    assert tags[1].get_attribute("aria-current") == "true"
    assert find_all(browser, "#panel .close")
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    assert not find_all(browser, "#panel .close")


def test_a_label_can_be_hidden(browser: Chrome, site: Path, release: Document) -> None:
    visit(browser, site, name_page(RELEASE))
    click(browser, ".key li[data-label='GPE'] button")
    shown = "return [...document.querySelectorAll('#text .tag')].filter(t => t.offsetParent).map(t => t.text)"
    labels = set(browser.execute_script(shown))
    assert "ORGANISATION" in labels
    assert "GPE" not in labels
    assert browser.execute_script(READ_MARKS)[0] == release.text  # the words stay


def test_without_scripts_everything_still_reads(browser: Chrome, site: Path, release: Document) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visit(browser, site, name_page(RELEASE))
        tree = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    names = [node.get("name", {}).get("value", "") for node in tree]
    links = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "link"]
    assert release.title in names
    counts = Counter(mention.type for mention in release.gold.mentions)
    assert {label: links.count(label) for label in counts} == counts


@pytest.mark.parametrize("address", ["index.html", name_page(RELEASE), "schema.html", "leaderboard.html"])
def test_no_page_scrolls_sideways_on_a_phone(browser: Chrome, site: Path, address: str) -> None:
    set_size(browser, 360, 780, mobile=True)
    try:
        visit(browser, site, address)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 360
    finally:
        set_size(browser, 1280, 900)


def test_a_hostile_document_shows_as_text(browser: Chrome, tmp_path: Path) -> None:
    document = make_hostile()
    write_site(select_content([document], {document.doc_id: "train"}), tmp_path / "site")
    visit(browser, tmp_path / "site", "index.html")
    assert document.title in await_one(browser, ".card a").text
    await_one(browser, "#q").send_keys("<script>")
    assert await_one(browser, ".hit mark").text == "<script>"
    click(browser, ".card a")
    text, marks = browser.execute_script(READ_MARKS)
    assert text == document.text
    drawn: dict[int, str] = {}
    for index, start, end in marks:
        drawn[index] = drawn.get(index, "") + text[start:end]
    assert drawn == {index: text[m.start : m.end] for index, m in enumerate(document.gold.mentions)}
    click(browser, "#text a.tag[data-m='0']")
    assert HOSTILE[0] in await_one(browser, "#panel").text
    assert find_all(browser, "main img, main script, [onload], [onerror]") == []
