"""The card of a source, and the list of all: notes to copy, how much was read, what rests on it."""

from __future__ import annotations

import re
from functools import cache

import pytest
from cases import each
from html_probe import Page, live_html, squeeze
from lesson_folder import spoilt
from lessons import LESSONS

import kwlesson

SOURCES = [(name, row["id"]) for name, one in LESSONS.items() for row in one.records("sources")]
BASE = {"yes": "one of the texts that the lesson", "no": "beyond the texts that the lesson"}

every_source = each(("name", "key"), SOURCES)


@cache
def view_of(name, key):
    return LESSONS[name].cite(key)


def rows_of(lesson, key):
    """Work out from the tables alone what rests on a source."""
    links = lesson.supports.link[lesson.supports.source == key]
    points = lesson.claims.point[lesson.claims.source == key]
    routes = lesson.hands.route[lesson.hands.source == key]
    printed = (lesson.quotes.source == key) | (lesson.quotes.document == key)
    about = lesson.notes.about == f"sources:{key}"
    return {
        f"sources:{key}",
        *(f"sources:{one}" for one in lesson.sources.id[lesson.sources.cited_in == key]),
        *(f"quotes:{one}" for one in lesson.quotes.id[printed]),
        *(f"events:{one}" for one in lesson.events.id[lesson.events.source == key]),
        *(f"notes:{one}" for one in lesson.notes.id[(lesson.notes.source == key) | about]),
        *(f"links:{one}" for one in links),
        *(f"points:{one}" for one in points),
        *(f"routes:{one}" for one in routes),
    }


@every_source
def test_each_face_has_every_row(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    expected = rows_of(lesson, key)
    if lesson.get("sources", key)["cited_in"]:
        expected |= {f"sources:{lesson.get('sources', key)['cited_in']}"}
    page, text = Page(view.page()), squeeze(view.text())
    assert {row for row in page.rows if not row.startswith("terms:")} == expected
    assert page.rows == Page(live_html(view)).rows
    assert all(f"[{row.partition(':')[2]}]" in text for row in expected)


@every_source
def test_text_gives_the_number_of_each_row_and_what_a_note_is_on(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    page, text = Page(view.page()).text, squeeze(view.text())
    for row in rows_of(lesson, key):
        table, _, one = row.partition(":")
        own = lesson.get(table, one)
        if own.get("number"):
            assert f" {own['number']} [{one}]" in text
            assert f" {own['number']}" in page
        if table == "notes" and own["source"] == key:
            assert f"[{one}] on [{own['about']}]" in text


@every_source
def test_each_face_says_what_the_table_says(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    source, page, text = lesson.get("sources", key), Page(view.page()), squeeze(view.text())
    shown = ["title", "citation", "author", "addressee", "date_label", "read_in", "url", "rights"]
    told = [source[column] for column in shown]
    told += [lesson.get("terms", source["read"])["meaning"]]
    told += [lesson.get("sources", source["cited_in"])["title"]] if source["cited_in"] else []
    for cell in told:
        assert squeeze(cell) in page.open_text
        assert squeeze(cell) in text
    assert squeeze(source["archive"]) in text
    for face in (page.open_text, text):
        assert BASE[source["base"]] in face.lower()


@every_source
def test_the_note_to_copy_is_the_citation_and_nothing_else(name, key):
    citation = LESSONS[name].get("sources", key)["citation"]
    words = Page(view_of(name, key).page()).words
    assert citation in words


@every_source
def test_what_rests_on_it_is_counted_and_folded(name, key):
    view = view_of(name, key)
    page, text = Page(view.page()), squeeze(view.text())
    for kind in view.context["rests"]:
        counted = f"{kind['label']} ({len(kind['rows'])})"
        assert counted in page.open_text
        assert counted in text
        for row in kind["rows"]:
            assert squeeze(row["title"]) in page.text
    nothing = "Nothing that is shown rests on it."
    assert (nothing in text) == (nothing in page.text) == (not view.context["rests"])


@every_source
def test_the_sensitive_stays_behind_its_caution(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    faces = Page(view.page()).text + squeeze(view.text())
    for quote in lesson.records("quotes", sensitive="yes"):
        notes = lesson.records("notes", about=f"quotes:{quote['id']}")
        for hidden in (quote["words"], quote["plain"], *(note["text"] for note in notes)):
            assert squeeze(hidden) not in faces


ADDRESSES = {
    "https://example.org/a?b=c&d": True,
    "http://example.org/1": True,
    "HTTPS://EXAMPLE.ORG": True,
    "javascript:alert(1)": False,
    " https://example.org": False,
    "https://example.org\njavascript:x": False,
    "https://a b": False,
    'https://a"onclick="x': False,
    "data:text/html,x": False,
    "//example.org": False,
    "ask at the desk": False,
    "": False,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_a_web_address_is_a_link(fiction, address):
    fiction.change("sources", 0, url=address)
    view = kwlesson.load(fiction.path).cite("harbour-book")
    page = Page(view.page())
    links = [value for name, value in page.attributes if name == "href"]
    assert links == ([address] if ADDRESSES[address] else [])
    assert squeeze(address) in page.open_text
    assert squeeze(address) in squeeze(view.text())
    assert ("Where to see it" in page.text) == bool(address)


def test_a_source_that_was_only_cited_says_through_whom(invented):
    view = invented.cite("pilot-diary")
    for face in (Page(view.page()).open_text, squeeze(view.text())):
        assert "Known through: Letter of the lamplighter to his sister" in face
    assert "Sources known only through it (1)" in invented.cite("keeper-letter").text()


def test_a_word_that_no_term_explains_stands_alone(fiction):
    fiction.write("terms", [row for row in fiction.rows("terms") if row["id"] != "whole"])
    view = kwlesson.load(fiction.path).cite("harbour-book")
    assert "How much we read: Whole." in Page(view.page()).open_text


@every_source
def test_the_page_is_sound_html_with_headings_in_order(name, key):
    page = Page(view_of(name, key).page())
    assert page.unbalanced == page.tags == []
    assert page.headings == [2, 3]
    assert page.text == Page(live_html(view_of(name, key))).text


def test_an_unknown_id_is_told_the_nearest(invented):
    with pytest.raises(kwlesson.LessonError, match="perhaps you meant: keeper-letter"):
        invented.cite("keepers-letter")


def test_every_card_is_small(lesson):
    sizes = {key: len(view_of("real", key).page().encode()) for key in lesson.sources.id}
    assert max(sizes.values()) < 100_000
    largest = max(sizes, key=sizes.get)
    bundle = view_of("real", largest)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


HOSTILE = ["<script>x</script>", '" onmouseover="x', "</textarea><b>", "{{7*7}}", "javascript:x()"]


@pytest.mark.parametrize("column", ["title", "citation", "author", "archive", "rights", "read_in"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_text_in_each_face(fiction, column, hostile):
    fiction.change("sources", 1, **{column: hostile})
    fiction.change("events", 3, title=hostile)
    fiction.change("notes", 0, text=hostile)
    view = kwlesson.load(fiction.path).cite("keeper-letter")
    page = Page(view.page())
    assert page.unbalanced == []
    named = {name for name, _ in page.attributes}
    assert named <= {"class", "aria-label", "data-row", "spellcheck", "cols", "rows"}
    for face in (page.text, squeeze(view.text())):
        assert squeeze(hostile) in face
        assert "49" not in face


def test_a_large_lesson_is_shown_and_says_what_is_folded(fiction):
    events, links = fiction.rows("events"), fiction.rows("links")
    points, claims = fiction.rows("points"), fiction.rows("claims")
    supports = fiction.rows("supports")
    fiction.write("events", events + [events[0] | {"id": f"e{n}"} for n in range(1000)])
    fiction.write("links", links + [links[0] | {"id": f"l{n}"} for n in range(300)])
    fiction.write("supports", supports + [supports[0] | {"link": f"l{n}"} for n in range(300)])
    nobody = next(row for row in claims if not row["account"])
    about = next(row for row in points if row["id"] == nobody["point"])
    fiction.write(
        "points", points + [about | {"id": f"p{n}", "order": str(6 + n)} for n in range(200)]
    )
    crowd = [nobody | {"id": f"c{n}", "point": f"p{n}"} for n in range(200)]
    fiction.write("claims", claims + crowd)
    lesson = kwlesson.load(fiction.path)
    bundle = lesson.cite("harbour-book")._repr_mimebundle_()
    folded = Page(bundle["text/html"]).open_text
    counts = [lesson.events, lesson.links]
    assert f"Events ({(counts[0].source == 'harbour-book').sum()})" in folded
    assert f"Links of the chain of decisions ({len(rows_of_kind(lesson, 'links'))})" in folded
    assert f"Points of a comparison ({len(rows_of_kind(lesson, 'points'))})" in folded


def rows_of_kind(lesson, table):
    return [row for row in rows_of(lesson, "harbour-book") if row.startswith(f"{table}:")]


# All sources

every_lesson = pytest.mark.parametrize("name", LESSONS)


@cache
def all_of(name):
    return LESSONS[name].cite()


@every_lesson
def test_every_source_is_listed_once_with_its_note(name):
    lesson, view = LESSONS[name], all_of(name)
    page, text = Page(view.page()), squeeze(view.text())
    listed = [row for row in page.rows if row.startswith("sources:")]
    assert sorted(listed) == sorted(f"sources:{key}" for key in lesson.sources.id)
    assert page.rows == Page(live_html(view)).rows
    assert page.text == Page(live_html(view)).text
    alone = Page(re.sub("</?a[^>]*>", "", view.page())).words
    for source in lesson.records("sources"):
        assert source["citation"] in alone  # so that it can be copied without more
        for cell in (source["title"], source["read_in"], f"Read: {source['read']}"):
            assert squeeze(cell) in page.open_text
        for cell in (source["title"], source["citation"], source["read_in"], source["url"]):
            assert squeeze(cell) in text
        assert f"[{source['id']}]" in text


@every_lesson
def test_the_texts_of_the_lesson_come_first_and_kinds_are_counted(name):
    lesson, view = LESSONS[name], all_of(name)
    groups = view.context["groups"]
    assert [row["id"] for row in groups[0]["sources"]] == list(
        lesson.sources.id[lesson.sources.base == "yes"]
    )
    assert sum(len(group["sources"]) for group in groups) == len(lesson.sources)
    for group in groups:
        counted = f"{group['label']} ({len(group['sources'])})"
        assert counted in Page(view.page()).text
        assert counted in view.text()
    for group in groups[1:]:
        assert len({source["kind"] for source in group["sources"]}) == 1


@every_lesson
def test_the_list_says_what_was_not_read_and_through_whom_it_is_known(name):
    lesson, view = LESSONS[name], all_of(name)
    through = [row for row in lesson.records("sources") if row["cited_in"]]
    assert through
    for source in through:
        known = f"Known through: {lesson.get('sources', source['cited_in'])['title']}."
        assert known in Page(view.page()).open_text
        assert squeeze(known) in squeeze(view.text())
    for read in set(lesson.sources.read):
        for face in (Page(view.page()).open_text, squeeze(view.text())):
            assert squeeze(f"{read}: {lesson.get('terms', read)['meaning']}") in face


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("citation", ["Book, ADDRESS (seen).", "Book."])
def test_only_a_web_address_is_a_link_in_the_list(fiction, address, citation):
    note = citation.replace("ADDRESS", address or "nowhere")
    fiction.change("sources", 0, url=address, citation=note)
    view = kwlesson.load(fiction.path).cite()
    links = [value for name, value in Page(view.page()).attributes if name == "href"]
    assert links == ([address] if ADDRESSES[address] else [])
    for face in (Page(re.sub("</?a[^>]*>", "", view.page())).open_text, view.text()):
        assert squeeze(note) in squeeze(face)
        assert squeeze(address) in squeeze(face)
        assert ("Where to see it" in face) == (address not in note)


def test_a_kind_that_no_source_has_is_not_named(invented):
    assert "Cables" not in invented.cite().page() + invented.cite().text()


@pytest.mark.ours
def test_a_reading_that_no_term_explains_is_named_all_the_same(fiction):
    def drop(rows):
        rows["terms"] = [row for row in rows["terms"] if row["id"] != "whole"]

    view = spoilt(fiction.path, drop).cite()
    assert "Read: whole" in view.text()
    assert [term["id"] for term in view.context["reads"]] == ["part", "cited"]


def test_the_list_is_sound_small_and_needs_no_widget(lesson):
    view = lesson.cite()
    page = Page(view.page())
    assert page.unbalanced == page.tags == []
    assert page.headings == [2, *(3 for _ in view.context["groups"])]
    assert len(view.page().encode()) < 100_000
    assert len(view.text().encode()) < 100_000
    assert set(view._repr_mimebundle_()) == {"text/plain", "text/html"}


@pytest.mark.parametrize("column", ["title", "citation", "read_in", "url"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_text_in_the_list(fiction, column, hostile):
    fiction.change("sources", 1, **{column: hostile})
    view = kwlesson.load(fiction.path).cite()
    page = Page(view.page())
    assert page.unbalanced == []
    assert {name for name, _ in page.attributes} <= {"class", "aria-label", "data-row"}
    for face in (page.text, squeeze(view.text())):
        assert squeeze(hostile) in face
        assert "49" not in face
