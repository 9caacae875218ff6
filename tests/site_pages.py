"""Pages of the explorer as a test reads them, and a document that tries to break them."""

from __future__ import annotations

from html.parser import HTMLParser

from qatynas.document import Document, Mention, Number, Reading, Relation

VOID = {"meta", "link", "input", "wbr", "br", "hr", "img"}
HOSTILE = ("<script>alert(1)</script>", '"onload=alert(2) x="', "</script><img src=x onerror=alert(3)>", "{{ 7*7 }}")


class Page(HTMLParser):
    """A page's attributes, ids, text, Kazakh text and scripts, and what is not well-formed in it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: list[tuple[str, str, str]] = []
        self.faults: list[str] = []
        self.text = ""
        self.scripts = ""
        self.kazakh = ""
        self._open: list[tuple[str, str]] = []
        self.feed(source)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag, _ in self._open]

    @property
    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            language = dict(attrs).get("lang") or (self._open[-1][1] if self._open else "")
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in {"script", "style"}:
            self.scripts += data
        else:
            self.text += data
        if self._open and self._open[-1][1] == "kk":
            self.kazakh += data


def make_hostile() -> Document:
    """A document whose id, title, text and names are markup, with spans over it that nest and cross."""
    text = "\n".join((*HOSTILE, "Қазақстан 😀 Қырғызстан"))
    last = text.index("Қазақстан")
    mentions = (
        Mention(0, len(HOSTILE[0]), "PERSON", HOSTILE[0]),
        Mention(0, 8, "GPE", HOSTILE[1]),
        Mention(4, 12, "GPE", HOSTILE[2]),
        Mention(last, last + 9, "GPE", HOSTILE[3]),
        Mention(last + 12, len(text), "DATE", None, Number(unit=HOSTILE[0], value=1.0, date=HOSTILE[2])),
    )
    relations = (Relation("LOCATED_IN", 0, 3), Relation("POINT_IN_TIME", 3, 4))
    gold = Reading(HOSTILE[0], mentions, relations)
    raw = Reading(HOSTILE[1], mentions[1:], (Relation("POINT_IN_TIME", 0, 3),))
    title = " ".join(HOSTILE)
    return Document("../" + HOSTILE[0], title, text, HOSTILE[1], HOSTILE[0], HOSTILE[2], HOSTILE[3], gold, (raw,))
