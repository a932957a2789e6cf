"""The card of a quotation: its words to the letter, and where they come from."""

from __future__ import annotations

from functools import cache

import pytest
from cases import each
from html_probe import Page, live_html, squeeze, unexplained
from lessons import LESSONS

import kwlesson
from kwlesson.views.kit.render import short_title

QUOTES = [(name, quote["id"]) for name, one in LESSONS.items() for quote in one.records("quotes")]
SENSITIVE = [
    (name, quote["id"])
    for name, one in LESSONS.items()
    for quote in one.records("quotes", sensitive="yes")
]

every_quote = each(("name", "key"), QUOTES)
every_sensitive_quote = pytest.mark.parametrize(("name", "key"), SENSITIVE)


@cache
def view_of(name, key):
    return LESSONS[name].quote(key)


def rows_of(lesson, quote):
    """Work out from the tables alone which rows a card must show."""
    named = {
        "quotes": [quote["id"]],
        "people": [quote["speaker"]],
        "events": [quote["event"]],
        "sources": [quote["source"], quote["document"]],
        "routes": [quote["route"]],
        "notes": [note["id"] for note in lesson.records("notes", about=f"quotes:{quote['id']}")],
        "hands": [
            f"{hand['route']}/{hand['step']}"
            for hand in lesson.records("hands", route=quote["route"])
            if quote["route"]
        ],
    }
    return {f"{table}:{key}" for table, keys in named.items() for key in keys if key}


@every_quote
def test_each_face_has_every_row(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    expected = rows_of(lesson, lesson.get("quotes", key))
    page, text = Page(view.page()), squeeze(view.text())
    assert {row for row in page.rows if not row.startswith("terms:")} == expected
    assert page.rows == Page(live_html(view)).rows
    for row in expected:
        table, _, one = row.partition(":")
        if table == "hands":
            route, step = one.split("/")
            [hand] = lesson.records("hands", route=route, step=int(step))
            assert f" {step}. {lesson.get('people', hand['person'])['name']} " in text
        else:
            assert f"[{one}]" in text


@every_quote
def test_each_face_gives_the_number_of_the_quotation(name, key):
    number, view = LESSONS[name].get("quotes", key)["number"], view_of(name, key)
    assert (f"Number: {number}" in view.text()) is bool(number)
    assert (f"Number: {number}" in Page(view.page()).text) is bool(number)
    assert ("Number:" in Page(view.page()).text) is bool(number)


@every_quote
def test_text_and_page_say_what_the_tables_say(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    quote, text = lesson.get("quotes", key), squeeze(view.text())
    page = Page(unexplained(view.page()))
    source = lesson.get("sources", quote["source"])
    told = [quote["said_label"], quote["addressee"], source["title"]]
    told += [f"paragraph {quote['paragraph']}"] if quote["paragraph"] else []
    told += [short_title(lesson.get("sources", quote["document"]))] if quote["document"] else []
    told += [lesson.get("people", quote["speaker"])["name"]] if quote["speaker"] else []
    if quote["sensitive"] == "no":
        words = quote["words"].replace("[new paragraph] ", "")
        told += [f"“{words}”", quote["editorial"], quote["plain"]]
        told += [note["text"] for note in lesson.records("notes", about=f"quotes:{key}")]
    for cell in told:
        assert squeeze(cell) in text
        assert squeeze(cell) in page.text


@every_quote
def test_an_empty_cell_is_said_in_words(name, key):
    quote = LESSONS[name].get("quotes", key)
    for face in (Page(view_of(name, key).page()).text, squeeze(view_of(name, key).text())):
        assert ("No date is given." in face) == (not quote["said"])
        assert ("Nobody is named." in face) == (not quote["addressee"])


@every_quote
def test_what_documents_add_waits(name, key):
    lesson, page = LESSONS[name], Page(unexplained(view_of(name, key).page()))
    for note in lesson.records("notes", about=f"quotes:{key}"):
        assert squeeze(note["text"]) not in page.open_text
    assert squeeze(view_of(name, key).text()).count("WHAT DOCUMENTS ADD") <= 1


@every_sensitive_quote
def test_sensitive_words_stand_behind_their_caution_and_in_no_text(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    quote, page, text = lesson.get("quotes", key), Page(view.page()), squeeze(view.text())
    notes = lesson.records("notes", about=f"quotes:{key}")
    hidden = [quote["words"], quote["plain"], *(note["text"] for note in notes)]
    hidden += [quote["editorial"]] if quote["editorial"] else []
    for words in hidden:
        assert squeeze(words) in page.text
        assert squeeze(words) not in page.open_text
        assert squeeze(words) not in text
    for face in (page.open_text, text):
        assert quote["caution"] in face
    assert key in text


@every_quote
def test_hands_are_listed_and_never_counted(name, key):
    view = view_of(name, key)
    hands = view.context["hands"]
    assert [hand["step"] for hand in hands] == list(range(1, len(hands) + 1))
    assert f"({len(hands)})" not in view.body() + view.text()


def test_words_given_and_words_of_a_writer_are_told_apart(invented):
    assert invented.quote("lit-at-dusk").title == "Words given to Tom Wick"
    assert invented.quote("quill-hardly").title == "In the words of Ada Quill"


def test_words_without_a_speaker_are_named_by_their_source(fiction):
    fiction.change("quotes", 0, speaker="")
    view = kwlesson.load(fiction.path).quote("lit-at-dusk")
    assert view.title == "Words printed in The Book of the Harbour"
    assert "Whose words" not in view.page() + view.text()


@every_quote
def test_the_page_is_sound_html_with_headings_in_order(name, key):
    page = Page(view_of(name, key).page())
    assert page.unbalanced == page.tags == []
    assert page.headings == [2]
    assert page.text == Page(live_html(view_of(name, key))).text


def test_an_unknown_id_is_told_the_nearest(invented):
    with pytest.raises(kwlesson.LessonError, match="perhaps you meant: lit-at-dusk"):
        invented.quote("lit-at-dawn")


def test_every_card_is_small(lesson):
    for key in lesson.quotes.id:
        assert len(view_of("real", key).page().encode()) < 43_000
    bundle = view_of("real", lesson.quotes.id[0])._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


HOSTILE = ["<script>x</script>", '" onmouseover="x', "</blockquote>", "{{7*7}}", "javascript:x()"]


@pytest.mark.parametrize("column", ["words", "plain", "addressee", "editorial", "caution"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_text_in_each_face(fiction, column, hostile):
    index = 3 if column == "caution" else 0
    fiction.change("quotes", index, **{column: hostile})
    fiction.change("notes", 2, text=hostile)
    fiction.change("routes", 0, title=hostile)
    lesson = kwlesson.load(fiction.path)
    view = lesson.quote(lesson.quotes.id[index])
    page = Page(view.page())
    assert page.unbalanced == []
    named = {name for name, _ in page.attributes}
    assert named <= {"class", "aria-hidden", "aria-label", "data-row", "value"}
    for face in (page.text, squeeze(view.text())):
        assert squeeze(hostile) in face
        assert "49" not in face
