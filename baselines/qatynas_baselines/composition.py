"""The names of one document's mentions, made by rule (guidelines, R7).

A name is made from the inside out: a body's name holds the names of the state and the bodies inside it. Mentions are
read in the order in which they end, so that a bare «Министрлік» meets the full name before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from qatynas.schema import load_schema
from qatynas.sentences import find_words, split_sentences
from qatynas_baselines.endings import (
    COMMON,
    add_genitive,
    add_possessive,
    clean,
    inflect,
    is_abbreviation,
    stem_word,
    strip_case,
    strip_phrase,
    strip_possessive,
)
from qatynas_baselines.states import BODIES, HOME, STATES, is_state, name_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qatynas.document import Mention

_BARE = ("ACT", "ART", "EVENT", "FACILITY", "LAW", "ORGANISATION", "POSITION", "PROJECT")
_OFFICIAL = ("ORGANISATION", "POSITION")
_COMPOSED = ("ACT", "EVENT", "FACILITY", "LAW", "ORGANISATION", "POSITION", "PROJECT")
_PLACE = re.compile(r"\w*(?:дағы|дегі|тағы|тегі|дейінгі)\b")
_SEAT = re.compile(r"\b(?!жөніндегі)\w*(?:дағы|дегі|тағы|тегі|дейінгі)\b")
_CLASS = re.compile(r"»\s+(?:ұлттық|компания|холдинг|корпорац|қор|банк|орталы|агентт|АҚ|топ)")
# Heads, as `stem_word` gives them, of what belongs to a state though none is named.
_HEADS = frozenset(
    [
        *("министр", "вице-министр", "премьер-министр", "министрлік", "президент", "үкімет"),
        *("парламент", "мәжіліс", "сенат", "елш", "елшілік", "консул"),
    ]
)
# General words for a document, a body, a meeting, and the nouns that they can stand for.
_KINDS = {
    "құжат": ("келісім", "меморандум", "хаттам", "қарар", "декларация", "шарт", "бағдарлам", "жоспар", "мәлімдем"),
    "ұйым": ("ұйым", "одақ", "кеңес", "қауымдастық"),
    "ведомство": ("министрлік",),
}


class Page:
    """One document while its mentions are named."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        lexicon: dict[str, dict[str, str]],
        lemmas: dict[str, dict[str, str]],
    ) -> None:
        self.text, self.mentions, self.lexicon, self.lemmas = text, mentions, lexicon, lemmas
        self.bodies = BODIES | {k: v for k, v in lexicon.get("ORGANISATION", {}).items() if is_abbreviation(k)}
        self.international = {name for name in self.bodies.values() if not is_state(name.split()[0])}
        self.starts = {start for start, _ in split_sentences(text)}
        numbers = load_schema().number_labels
        self.order = sorted(
            (place for place, mention in enumerate(mentions) if mention.type not in numbers),
            key=lambda place: (mentions[place].end, -mentions[place].start, place),
        )
        self.starting: dict[int, list[int]] = defaultdict(list)
        for place in self.order:
            self.starting[mentions[place].start].append(place)
        # Of several that end together the shortest, as the first that is named.
        self.closing = {(mentions[place].end, mentions[place].type): place for place in reversed(self.order)}
        words = {text[start:end] for start, end in zip(*find_words(text), strict=True)}
        self.declined = {strip_case(word) for word in sorted(words) if strip_case(word) != word}
        self.names: dict[int, str] = {}
        self.full: list[tuple[int, str, str]] = []  # place, type and name of mentions that have more than a bare noun
        self.people = self._list_people()
        self._name_all()
        self._name_all()  # again, so that a bare noun meets a full name that only comes later

    def _name_all(self) -> None:
        earlier, self.full = self.full, []
        for place in self.order:
            kind = self.mentions[place].type
            self.names[place] = name = self._name(place, earlier)
            surface = self._surface(place)
            if kind in _BARE and (len(name.split()) > 1 or _is_quoted(self.text, self.mentions[place])):
                self.full.append((place, kind, name))
            bracket = self._expand_bracket(place)
            if bracket and is_abbreviation(surface):
                self.names[place] = self.bodies[surface] = bracket

    def _surface(self, place: int) -> str:
        mention = self.mentions[place]
        return strip_phrase(clean(self.text[mention.start : mention.end]))

    def _name(self, place: int, later: list[tuple[int, str, str]]) -> str:
        mention = self.mentions[place]
        raw = clean(self.text[mention.start : mention.end])
        surface = self._inflect_phrase(mention.type, raw)
        known = self.lexicon.get(mention.type, {}).get(strip_phrase(raw))
        if mention.type == "PERSON":
            return self._name_person(surface)
        if mention.type == "GPE":
            return known or name_state(surface)
        if mention.type == "ORGANISATION" and surface in self.bodies:
            return self.bodies[surface]
        if known:
            return known
        if mention.type == "NORP":
            return surface[:1].lower() + surface[1:]
        name = self._compose(place, surface) if mention.type in _COMPOSED else surface
        if mention.type in _BARE and name == surface and name not in self.international:
            alias = self._find_alias(place, surface, later)
            if alias:
                return alias
        if (
            raw.startswith("«")
            and self._find_child(place) is None
            and mention.type == "POSITION"
            and not _CLASS.search(raw)
        ):
            name = name.replace("«", "").replace("»", "")
        return self._finish(place, name, composed=name != surface)

    def _inflect_phrase(self, kind: str, raw: str) -> str:
        """The nominative of the surface, its last word as train spells it."""
        *before, word = raw.split() or [""]
        lemma = self.lemmas.get(kind, {}).get(word.lower())
        if lemma and kind in (*COMMON, "LOCATION"):
            return " ".join([*before, lemma if word[:1].islower() else lemma[:1].upper() + lemma[1:]])
        if self._stands(word):
            return " ".join([*before, word])
        return " ".join([*before, inflect(kind, before, word)])

    def _stands(self, word: str) -> bool:
        """Whether the document declines this very word, so that it is a nominative: «Бақты», since «Бақтыда»."""
        if strip_case(word) == word:
            return False
        return word in self.declined

    def _finish(self, place: int, name: str, *, composed: bool) -> str:
        """The name with its state if none stands in it, small where a common noun only begins a sentence."""
        mention = self.mentions[place]
        words = name.split() or [""]
        child = self._find_child(place)
        if mention.type in _OFFICIAL:
            words = [word for word in words if word != "жаңа"] or words
            state = name_state(strip_case(words[0]))
            if child is None and is_state(state) and not _PLACE.fullmatch(words[0]):  # a state that nobody marked
                words[0] = words[0] if _SEAT.search(" ".join(words[1:])) else state
            elif child is None and not composed and any(stem_word(word) in _HEADS for word in words):
                words = self._add_owner(place, words)
            elif child is not None and stem_word(words[-1]) == "елшілік" and _PLACE.fullmatch(words[0]):
                words = [add_genitive(HOME), *words[:-1], _own(words[-1])]
        opens = mention.start in self.starts or self.text[max(mention.start - 2, 0) : mention.start].endswith(
            ("«", "– ")
        )
        small = mention.type in COMMON or (mention.type == "LAW" and opens and not _is_quoted(self.text, mention))
        if small and child is None and words[0][1:2].islower():
            words[0] = words[0][:1].lower() + words[0][1:]
        return " ".join(words)

    def _add_owner(self, place: int, words: list[str]) -> list[str]:
        """The title or body with its state before it and its head possessed: «Президенттің көмекшісі» too."""
        owner = self._find_owner(place, single=len(words) == 1)
        owned = [re.sub(r"(министр|[Пп]резидент)[дт]ің$", r"\1інің", word) for word in words]
        return [owner, *owned[:-1], _own(owned[-1])]

    def _find_owner(self, place: int, *, single: bool) -> str:
        """The state of the office just before a dash, the state just told of for a possessed noun, else the home."""
        mention = self.mentions[place]
        for other, kind, name in reversed(self.full):
            between = self.text[self.mentions[other].end : mention.start]
            if kind == "POSITION" and re.fullmatch(r"\s[–—-]\s", between) and is_state(name.split()[0]):
                return name.split()[0]
        word = strip_case(self.text[mention.start : mention.end])
        theirs = self.text[max(mention.start - 12, 0) : mention.start].lower().endswith(("елдің ", "мемлекеттің "))
        if theirs or (single and _own(word) == word):
            states = [self.names[other] for other in self.order if self.mentions[other].end <= mention.start]
            return next((name for name in reversed(states) if is_state(name)), HOME)
        return HOME

    def _find_child(self, place: int) -> int | None:
        """The longest mention that begins this one."""
        outer = self.mentions[place]
        kinds = ("GPE", "ORGANISATION", "POSITION")
        starting = ((self.mentions[other].end, other) for other in self.starting[outer.start])
        inner = [found for found in starting if found[0] < outer.end and self.mentions[found[1]].type in kinds]
        return max(inner)[1] if inner else None

    def _compose(self, place: int, surface: str) -> str:
        """The surface with the name of the state or body at its head, and with abbreviations spelled out."""
        child = self._find_child(place)
        if child is None or child not in self.names:
            return self._spell_out(surface)
        outer, inner = self.mentions[place], self.mentions[child]
        head = clean(self.text[inner.start : inner.end])
        rest = self._inflect_phrase(outer.type, clean(self.text[inner.end : outer.end]))
        rest = self._spell_out(re.sub(r"^\([^)]*\)\s*", "", rest))
        if rest.startswith((",", "мен ", "және ", "–", "пен ", "бен ")):
            return self._spell_out(surface)
        name = self.names[child]
        if inner.type == "GPE" and (outer.type not in _OFFICIAL or _PLACE.fullmatch(head) or not is_state(name)):
            return f"{self._spell_out(head)} {rest}"
        genitive = re.search(r"[нтд][ыі]ң$", head) is not None
        plain = inner.type == "GPE" or name in self.international
        if genitive and (not plain or (_PLACE if inner.type == "GPE" else _SEAT).search(rest)):
            name = add_genitive(name)
        return f"{name} {rest}"

    def _spell_out(self, phrase: str) -> str:
        """The phrase with its abbreviations written out: «БАӘ», «СІМ»."""
        words = []
        for word in phrase.split():
            stem = strip_case(word)
            full = (self.bodies | STATES).get(stem) if is_abbreviation(stem) else None
            spelled = full.removeprefix(f"{HOME} ") if full else word
            words.append(add_genitive(spelled) if full and word != stem and word.endswith("ң") else spelled)
        return " ".join(words)

    def _find_alias(self, place: int, surface: str, later: list[tuple[int, str, str]]) -> str | None:
        """The full name that this shorter one stands for: the last before, else the first after."""
        mention = self.mentions[place]
        words = [stem_word(word) for word in surface.split()]
        before = [entry for entry in reversed(self.full) if entry[0] != place]
        after = [entry for entry in later if self.mentions[entry[0]].start > mention.start]
        for other, kind, name in [*before, *after]:
            if kind == mention.type and name != surface:
                if self._stands_for(words, other, name):
                    return name
                if _count_session(words, name):
                    *series, _, noun = name.split()
                    ordinal = surface.partition(" ")[0]
                    return " ".join([*series, ordinal if ordinal.isupper() else ordinal.lower(), noun])
        return None

    def _stands_for(self, words: list[str], other: int, name: str) -> bool:
        stems = [stem_word(word) for word in name.split()]
        end = self.mentions[other].end
        following = re.match(r"»\s+(\w+)", self.text[end : end + 40])
        if following and words == [stem_word(following[1])]:
            return True
        if len(words) == 1 and stems[-1] in _KINDS.get(words[0], ()):
            organ = name.endswith("кеңесі") or any(name.startswith(f"{body} ") for body in self.international)
            return not organ  # «ұйым» is the body itself
        return len(stems) > len(words) > 0 and stems[-1] == words[-1] and set(words) <= set(stems)

    def _expand_bracket(self, place: int) -> str | None:
        """The name before a bracket that holds this mention: «Түркі мемлекеттері ұйымы (ТМҰ)»."""
        mention = self.mentions[place]
        for gap in (" (", "("):
            if self.text.endswith(gap, 0, mention.start):
                other = self.closing.get((mention.start - len(gap), mention.type))
                return None if other is None else self.names.get(other)
        return None

    def _list_people(self) -> list[str]:
        """The persons whom the document names in full."""
        people = [mention for mention in self.mentions if mention.type == "PERSON"]
        names = [self._inflect_phrase("PERSON", clean(self.text[m.start : m.end])) for m in people]
        return [name for name in names if " " in name and "." not in name]

    def _name_person(self, surface: str) -> str:
        """The full name of the document that an initialled or a single name belongs to."""
        initials = re.findall(r"(\w)\.", surface)
        family = re.sub(r"^(?:\w\.\s?)+", "", surface)
        if not initials and " " in surface:
            return surface
        for name in self.people:
            fits = name.endswith(" " + family) or (not initials and name.startswith(family + " "))
            if fits and name.startswith(tuple(initials[:1] or [""])):
                return name
        return surface


def _is_quoted(text: str, mention: Mention) -> bool:
    return text[mention.end : mention.end + 1] in ("»", "”") and text[mention.start - 1 : mention.start] in ("«", "“")


def _own(word: str) -> str:
    """The head of a title or body, possessed whether it was or not."""
    return word if strip_possessive(word) != word else add_possessive(word)


def _count_session(words: list[str], name: str) -> bool:
    """Whether «сегізінші отырысы» is another session of the series of this name."""
    if len(words) != 2 or " " not in name:
        return False
    *_, ordinal, noun = name.split()
    counts = [re.search(r"нш[ыі]?$|^[xvilхі]+$", word.lower()) is not None for word in (words[0], stem_word(ordinal))]
    return all(counts) and words[1] == stem_word(noun) and words[0] != stem_word(ordinal)
