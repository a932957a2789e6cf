"""Words explained where they stand: once a part, whole words, never inside a quotation."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from operator import itemgetter

import pytest
from html_probe import Page, squeeze

import kwlesson
from kwlesson.views.kit.glossary import Glossary, Passage
from kwlesson.views.kit.render import explained

# Where a browser would end the element at a disclosure, or nobody could open it.
CLOSED_TO_DETAILS = {"p", "summary", "button", "label", *(f"h{level}" for level in range(1, 7))}


class Nesting(HTMLParser):
    """Where the disclosures of a page stand."""

    def __init__(self, html):
        super().__init__()
        self.open, self.wrong, self.terms = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "details":
            self.wrong += [outer for outer in self.open if outer in CLOSED_TO_DETAILS]
            inside_term = "kw-term" in self.open
            self.wrong += ["kw-term"] if inside_term else []
            if dict(attrs).get("class") == "kw-term":
                self.terms += 1
        if tag not in {"br", "input"}:
            self.open.append("kw-term" if ("class", "kw-term") in attrs else tag)

    def handle_endtag(self, tag):
        if tag not in {"br", "input"}:
            self.open.pop()


def glossary_of(fiction, *terms):
    rows = [row for row in fiction.rows("terms") if row["mark"]]
    mine = [{"id": f"t{n}", "term": t, "meaning": m, "mark": ""} for n, (t, m) in enumerate(terms)]
    fiction.write("terms", rows + mine)
    return Glossary(kwlesson.load(fiction.path))


def found(glossary, text):
    return [piece.text for piece in glossary.scope()(text).pieces if piece.term]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("An oar and an OAR.", ["oar"]),
        ("Oars!", ["Oars"]),
        ("the oar's blade", ["oar"]),
        ("soar, roaring, oared, oar-lock, oarss, _oar", []),
        ("a sea anchor or an anchor", ["sea anchor", "anchor"]),
        ("a sea\n  anchor", ["sea\n  anchor"]),
        ("an anchor, then a sea anchor", ["anchor", "sea anchor"]),
        ("a bight in the coast", ["bight"]),
        ("un café, chargés d'affaires", ["café"]),
        ("he said “an oar” and no more", []),
        ('he said "an oar" and no more', []),
        ("he said “an oar”; the oar broke", ["oar"]),
        ('one " oar', ["oar"]),
        ("", []),
    ],
)
def test_whole_words_are_found_longest_first_and_once(fiction, text, words):
    glossary = glossary_of(
        fiction,
        ("anchor", "Holds."),
        ("Sea Anchor", "Slows."),
        ("oar", "Rows."),
        ("bight (of a coast)", "A bend."),
        ("café", "Coffee."),
    )
    assert found(glossary, text) == words
    assert glossary.scope()(text) == text


def test_a_word_is_explained_once_in_a_part_and_again_in_the_next(invented):
    glossary = Glossary(invented)
    first, second = glossary.scope(), glossary.scope()
    passages = [first("an inquiry"), first("the inquiry"), second("that inquiry")]
    assert [sum(bool(p.term) for p in passage.pieces) for passage in passages] == [1, 0, 1]


@pytest.mark.parametrize("word", ["documented", "whole", "part", "supports", "agree"])
def test_words_that_a_legend_explains_are_left_alone(lesson, word):
    assert word in lesson.by_id("terms")
    assert found(Glossary(lesson), f"It is {word} here.") == []


@pytest.mark.parametrize(
    "text", ["The cable.", "two divisions", "in the DPRK", "a cipher telegram"]
)
def test_the_words_of_the_lesson_are_found(lesson, text):
    assert len(found(Glossary(lesson), text)) == 1


def test_each_term_is_found_in_a_sentence_of_its_own(lesson):
    legends = {"whole", "part", "cited", "supports", "complicates", "contradicts"}
    legends |= set(lesson.corroborations.bears_on)
    glossary = Glossary(lesson)
    for term in filter(itemgetter("meaning"), lesson.records("terms")):
        passage = glossary.scope()(f"See {term['term']} here.")
        ids = [piece.term["id"] for piece in passage.pieces if piece.term]
        if term["mark"] or term["id"] in legends:
            assert term["id"] not in ids
        else:
            assert ids[0] == term["id"]


def test_a_lesson_without_such_terms_explains_nothing(fiction):
    assert found(glossary_of(fiction), "an oar and nothing") == []


def test_signs_of_a_pattern_in_a_term_are_plain_signs(fiction):
    glossary = glossary_of(fiction, ("a.c (x)", "One."), ("(b", "Two."), ("[c]*", "Three."))
    assert found(glossary, "abc, a.c, x(b") == ["a.c"]


HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="x',
    "</td></details>",
    "{{7*7}}",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_passage_term_or_meaning_is_text(fiction, hostile):
    glossary = glossary_of(fiction, ("oar", hostile), (f"x{hostile}x", "Odd."))
    text = f"{hostile} oar {hostile} x{hostile}x"
    page = Page(str(explained(glossary.scope()(text))))
    assert page.unbalanced == []
    assert {name for name, _ in page.attributes} == {"class", "data-row"}
    assert page.text.count(hostile) >= 3
    assert "".join(page.words).startswith(f"{hostile} oar ({hostile})")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_that_explains_nothing_is_drawn_as_it_stands(hostile):
    assert Page(str(explained(hostile))).words == [hostile]


def test_a_passage_is_its_text(invented):
    passage = Glossary(invented).scope()("The inquiry sits.")
    assert isinstance(passage, Passage)
    assert passage == "The inquiry sits."
    assert f"{passage}".split() == ["The", "inquiry", "sits."]


@cache
def cards(folder):
    lesson = kwlesson.load(folder)
    views = [
        lesson.who(),
        *(lesson.who(name) for name in lesson.people.name),
        *(lesson.quote(key) for key in lesson.quotes.id),
        *(lesson.cite(key) for key in lesson.sources.id),
    ]
    return [(view.page(), view.text()) for view in views]


every_lesson = pytest.mark.parametrize("folder", [None, kwlesson.SAMPLE], ids=["real", "invented"])


@every_lesson
def test_no_disclosure_stands_where_it_cannot_be_opened(folder):
    found = [Nesting(page) for page, _ in cards(folder)]
    assert [one.wrong for one in found if one.wrong] == []
    assert any(one.terms for one in found)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a <details class='kw-term'></details></p>",
        "<details><summary><details></details></summary></details>",
        "<h3><details></details></h3>",
    ],
)
def test_a_misplaced_disclosure_is_noticed(html):
    assert Nesting(html).wrong


@every_lesson
def test_the_text_face_lists_what_the_page_explains(folder):
    terms = kwlesson.load(folder).by_id("terms")
    for page, text in cards(folder):
        listed = squeeze(text.partition("Words explained")[2])
        told = re.findall(r'class="kw-term" data-row="terms:([^"]*)"', page)
        assert bool(listed) == bool(told)
        for key in told:
            assert squeeze(f"{terms[key]['term']}: {terms[key]['meaning']}") in listed
