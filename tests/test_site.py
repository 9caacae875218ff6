from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run_command
from qatynas.data import list_splits, load_documents
from qatynas.document import Document, Mention, Number, Reading, Relation
from qatynas.errors import QatynasError
from qatynas.schema import load_schema
from qatynas.site.addresses import name_page
from qatynas.site.board import Board, Estimate, System
from qatynas.site.differences import Cell, compare_readings
from qatynas.site.examples import choose_examples
from qatynas.site.folder import select_content, write_site
from qatynas.site.pages import Content, render_site
from qatynas.site.palette import AA, measure_contrast
from qatynas.site.segments import Mark, draw_lines, split_segments, stack_lanes
from qatynas.site.values import describe_number
from qatynas_baselines.board import describe_board
from site_pages import HOSTILE, Page, make_hostile
from strategies import documents

ROOT = Path(__file__).parents[1]
RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
OUTSIDE = re.compile(r"[a-z]+:|//")


@pytest.fixture(scope="module")
def content() -> Content:
    scores = (Estimate(0.5, 0.25, 0.75), Estimate(0.0, None, None))
    system = System(1, "ереже", "<b>", "grammar of `find_numbers`", ("train",), "https://example.org/", scores)
    board = Board(("overall", "entity"), (system,), 0.05, ())
    return select_content(load_documents(), list_splits(), board=board)


@pytest.fixture(scope="module")
def site(content: Content) -> dict[str, str]:
    return dict(render_site(content))


@pytest.fixture(scope="module")
def pages(site: dict[str, str]) -> dict[str, Page]:
    return {address: Page(text) for address, text in site.items() if address.endswith(".html")}


@given(documents(), st.data())
def test_segments_are_the_text_and_know_their_mentions(document: Document, data: st.DataObject) -> None:
    mentions = document.gold.mentions
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, len(document.text)))
    segments = split_segments(mentions, start, end)
    assert "".join(document.text[s.start : s.end] for s in segments) == document.text[start:end]
    for segment in segments:
        for place in range(segment.start, segment.end):
            around = {index for index, mention in enumerate(mentions) if mention.start <= place < mention.end}
            assert set(segment.mentions) == around


@given(documents())
def test_drawn_lines_are_the_text_and_every_mark_its_mention(document: Document) -> None:
    text = document.text
    kept = [m for m in document.gold.mentions if "\n" not in (text[m.start], text[m.end - 1])]
    lines = draw_lines(text, kept)
    assert "\n".join(map(read, lines)) == text
    marks = [mark for line in lines for mark in list_marks(line)]
    for index, mention in enumerate(kept):
        drawn = [mark for mark in marks if mark.mention == index]
        assert "".join(read(mark.children) for mark in drawn) == text[mention.start : mention.end].replace("\n", "")
        assert ([mark.first for mark in drawn].index(True), [mark.first for mark in drawn].count(True)) == (0, 1)
        assert ([mark.last for mark in drawn][-1], [mark.last for mark in drawn].count(True)) == (True, 1)


def read(nodes: tuple[Mark | str, ...]) -> str:
    return "".join(node if isinstance(node, str) else read(node.children) for node in nodes)


def list_marks(nodes: tuple[Mark | str, ...]) -> list[Mark]:
    marks = [node for node in nodes if isinstance(node, Mark)]
    return [each for mark in marks for each in (mark, *list_marks(mark.children))]


@given(documents())
def test_spans_that_overlap_have_lanes_of_their_own_the_longer_one_below(document: Document) -> None:
    mentions = document.gold.mentions
    for (one, lane), (other, below) in combinations(zip(mentions, stack_lanes(mentions), strict=True), 2):
        if one.start < other.end and other.start < one.end:
            assert lane != below
            lengths = one.end - one.start, other.end - other.start
            assert lengths[0] == lengths[1] or (lane < below) == (lengths[0] < lengths[1])


def test_spans_that_cross_are_drawn_in_two_parts() -> None:
    crossing = (Mention(0, 6, "GPE"), Mention(4, 9, "GPE"))
    (line,) = draw_lines("Астанадан", crossing)
    assert line == (Mark(0, True, True, ("Аста", Mark(1, True, False, ("на",)))), Mark(1, False, True, ("дан",)))


@given(st.lists(st.text(st.characters(exclude_categories=[])), unique=True, max_size=4))
def test_an_id_is_a_file_name_of_its_own_in_the_folder(ids: list[str]) -> None:
    names = [name_page(doc_id) for doc_id in ids]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"documents/[a-z0-9_-]+\.html", name)
        assert PurePosixPath(name).parts == ("documents", PurePosixPath(name).name)


@pytest.mark.parametrize("doc_id", ["../x", "/etc/passwd", "a/b", "..", "", "CON", "x" * 300, *HOSTILE])
def test_an_id_that_is_no_slug_leads_nowhere_else(doc_id: str) -> None:
    assert re.fullmatch(r"documents/[a-z0-9-]*_[0-9a-f]{16}\.html", name_page(doc_id))


def test_every_page_is_well_formed_and_its_links_lead_to_files_of_the_site(
    site: dict[str, str], pages: dict[str, Page]
) -> None:
    assert len(pages) == 3 + len(load_documents())
    for address, page in pages.items():
        assert page.faults == [], address
        assert [name for name, count in Counter(page.ids).items() if count > 1] == [], address
        assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"], address
        for tag, name, value in page.attributes:
            if name in {"href", "src"}:
                assert not OUTSIDE.match(value), (address, tag, value)
                path, _, fragment = value.partition("#")
                target = str(PurePosixPath(address).parent / path) if path else address
                target = re.sub(r"^documents/\.\./", "", target)
                assert target in site, (address, value)
                assert not fragment or "=" in fragment or fragment in pages[target].ids, (address, value)


def test_every_page_says_its_languages_and_forbids_what_is_not_its_own(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        assert ("html", "lang", "en") in page.attributes
        policy = next(value for tag, name, value in page.attributes if (tag, name) == ("meta", "content"))
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert "unsafe" not in policy
        assert address == "leaderboard.html" or page.kazakh


def test_the_index_filters_are_what_the_documents_have(content: Content, site: dict[str, str]) -> None:
    for value in (*{d.genre for d in content.documents}, *load_schema().labels, *load_schema().relation_labels):
        assert f'<option value="{value}">' in site["index.html"]


def test_every_mention_number_and_entity_stands_in_the_tables(content: Content, pages: dict[str, Page]) -> None:
    for document in content.documents:
        page = pages[name_page(document.doc_id)]
        for mention in document.gold.mentions:
            if mention.number is not None:
                assert describe_number(mention.number) in page.text
            assert (mention.name or "") in page.text
        rows = [value for tag, name, value in page.attributes if (tag, name) == ("tr", "data-type")]
        assert rows == [relation.type for relation in document.gold.relations]


def test_a_hostile_document_is_text(tmp_path: Path) -> None:
    document = make_hostile()
    write_site(select_content([document], {document.doc_id: "train"}), tmp_path / "site")
    assert {path.name for path in tmp_path.iterdir()} == {"site"}
    names = {str(path.relative_to(tmp_path / "site")) for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {
        "index.html",
        "schema.html",
        "site.css",
        "site.js",
        "search.js",
        "icon.svg",
        name_page(document.doc_id),
    }
    for name in (name for name in names if name.endswith(".html")):
        page = Page((tmp_path / "site" / name).read_text(encoding="utf-8"))
        assert page.faults == []
        assert {value.rpartition("/")[2] for tag, key, value in page.attributes if (tag, key) == ("script", "src")} <= {
            "site.js",
            "search.js",
        }
        assert page.scripts == ""
        assert not [key for _, key, _ in page.attributes if key.startswith("on")]
        if name != "schema.html":
            assert all(hostile in page.text for hostile in HOSTILE)
    assert "<" not in (tmp_path / "site" / "search.js").read_text(encoding="utf-8")


def test_colours_are_legible_in_both_modes(site: dict[str, str]) -> None:
    """Every ink and every label on every surface, as the style sheet has them."""
    light, dark = re.split(r"@media screen and \(prefers-color-scheme: dark\)", site["site.css"])[:2]
    for rules in (light, dark.split("\n}\n")[0]):
        named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", rules.split(".l-")[0]))
        labels = re.findall(r"\.l-\w+ \{ --label: (#[0-9a-f]{6})", rules)
        assert len(labels) == len(load_schema().labels)
        surfaces = [named[name] for name in ("ground", "panel", "hit")]
        for ink in (*labels, named["ink"], named["muted"], named["link"]):
            assert min(measure_contrast(ink, surface) for surface in surfaces) >= AA
        assert measure_contrast(named["edge"], named["ground"]) >= 3  # borders of fields (success criterion 1.4.11)
    colours = set(re.findall(r"#[0-9a-f]{3,8}\b", site["site.css"].split("@media print")[0].split("/* Type")[1]))
    assert colours == set()  # no rule has a colour of its own


def test_the_same_documents_give_the_same_bytes(content: Content, site: dict[str, str]) -> None:
    assert dict(render_site(replace(content, documents=content.documents[::-1], chosen=content.chosen[::-1]))) == site
    assert not any(str(ROOT) in text for text in site.values())


def test_a_folder_of_other_things_is_spared(tmp_path: Path, content: Content) -> None:
    small = replace(content, chosen=content.chosen[:1])
    out = tmp_path / "site"
    write_site(small, out)
    write_site(small, out)  # a former site may go
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "note.txt").touch()
    with pytest.raises(QatynasError, match="holds other things"):
        write_site(small, tmp_path / "other")
    assert (tmp_path / "other" / "note.txt").exists()
    write_site(small, tmp_path / "other", force=True)
    assert not (tmp_path / "other" / "note.txt").exists()


@pytest.mark.parametrize("place", [".", "..", "/"])
def test_a_folder_that_holds_the_folder_of_work_is_never_replaced(
    place: str, tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    with pytest.raises(QatynasError, match="holds"):
        write_site(content, Path(place), force=True)


def test_readings_are_compared_by_borders_label_value_and_relation() -> None:
    text = "Министр Астанаға 2 тамызда барды"
    post, place = Mention(0, 7, "POSITION", "Министр"), Mention(8, 16, "GPE", "Астана")
    day = Mention(17, 26, "DATE", None, Number(date="2025-08-02"))
    gold = Reading("adjudicator", (post, place, day), (Relation("POSITION_IN", 0, 1),))
    one = Reading("reader-a", (post, replace(place, type="LOCATION"), replace(day, number=Number(date="2024-08-02"))))
    other = Reading("reader-b", (post, place, replace(day, end=32)), (Relation("POSITION_IN", 0, 1),))
    document = Document("x", "x", text, "2025-08-02", "visit", "composed", "x", gold, (one, other))
    found = compare_readings(document)
    assert (found.shared_mentions, found.shared_relations) == (1, 0)
    assert {(row.text, row.type): row.cells for row in found.mentions} == {
        ("Астанаға", "GPE"): (Cell("✓"), Cell("as LOCATION"), Cell("✓")),
        ("Астанаға", "LOCATION"): (Cell("as GPE"), Cell("✓"), Cell("as GPE")),
        ("2 тамызда барды", "DATE"): (Cell("other borders"), Cell("other borders"), Cell("✓")),
        ("2 тамызда", "DATE"): (Cell("✓", "2025-08-02"), Cell("✓", "2024-08-02"), Cell("other borders")),
    }
    assert [(row.head, row.type, row.tail, row.cells) for row in found.relations] == [
        ("Министр", "POSITION_IN", "Астанаға", ("✓", "–", "✓"))
    ]
    assert [sorted(odd) for odd in found.odd] == [[1, 2]] * 3
    assert compare_readings(replace(document, readings=(gold,))).mentions == ()


def test_every_label_and_relation_has_an_example_of_train(content: Content) -> None:
    examples = choose_examples(content.documents, content.splits)
    assert set(examples) == {*load_schema().labels, *load_schema().relation_labels}
    for label, example in examples.items():
        assert content.splits[example.document.doc_id] == "train"
        mentions = [example.document.gold.mentions[index] for index in example.mentions]
        assert all(example.start <= mention.start and mention.end <= example.end for mention in mentions)
        assert len(mentions) == 2 or mentions[0].type == label


def test_the_board_is_the_one_of_the_leaderboard_page() -> None:
    board = describe_board(ROOT / "baselines" / "results")
    assert board is not None
    page = (ROOT / "baselines" / "LEADERBOARD.md").read_text(encoding="utf-8")
    for system in board.systems:
        scores = " | ".join(f"{score.value:.3f} ({score.low:.3f}–{score.high:.3f})" for score in system.scores)
        assert f"| {system.rank} | {system.name} | {scores} |" in page
    assert [table.title for table in board.tables][:2] == ["Other measures", "Cost"]


def test_the_command_without_results_leaves_the_leaderboard_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, error = run_command(capsys, "site", "explorer", "--doc", RELEASE)
    assert (code, out) == (0, "")
    assert "the leaderboard is left out" in error
    assert not (tmp_path / "explorer" / "leaderboard.html").exists()
    assert [path.name for path in (tmp_path / "explorer" / "documents").iterdir()] == [f"{RELEASE}.html"]
    index = (tmp_path / "explorer" / "index.html").read_text(encoding="utf-8")
    assert "the leaderboard is left out" in index
    assert "leaderboard.html" not in index


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["out", "--doc", "unknown"], "is not in the data set"),
        (["out", "--results", "missing"], "is no folder"),
        (["note.txt"], "is no folder"),
    ],
)
def test_a_wrong_call_is_one_line_and_writes_nothing(
    arguments: list[str],
    fault: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("kept", encoding="utf-8")
    code, _, error = run_command(capsys, "site", *arguments)
    assert code == 2
    assert fault in error
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
