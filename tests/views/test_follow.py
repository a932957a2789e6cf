"""Through whose hands: put in order by the learner; ours, and the way on the map, after it."""

from __future__ import annotations

import re

import pytest
from html_probe import Page, live_html, squeeze, unexplained

import kwlesson
from kwlesson.tables import schema
from kwlesson.views.kit.render import short_title, templates

LESSONS = {
    "real": kwlesson.load(),
    "invented": kwlesson.load(kwlesson.SAMPLE),
    "unseen": kwlesson.load(kwlesson.TRANSFER),
}
ROUTES = [(name, route) for name, lesson in LESSONS.items() for route in lesson.by_id("routes")]
VIEWS = ROUTES + [(name, None) for name in LESSONS]
every_route = pytest.mark.parametrize(("name", "route"), ROUTES)
every_view = pytest.mark.parametrize(("name", "route"), VIEWS)


def routes_of(name, route):
    return [route] if route else list(LESSONS[name].by_id("routes"))


def hands_of(name, route):
    return sorted(LESSONS[name].records("hands", route=route), key=lambda row: row["step"])


def shuffled(html):
    """Give the steps in the order in which a learner meets the hands."""
    return [int(step) for step in re.findall(r'<li data-step="(\d+)"', html)]


# What is asked, and what waits


@every_view
def test_nothing_tells_the_order_nor_what_is_presumed_before_the_learner_has_tried(name, route):
    lesson, view = LESSONS[name], LESSONS[name].follow(route)
    answers = squeeze(lesson.follow(route, answers=True).text())
    faces = [squeeze(view.text()), Page(unexplained(view.page())).open_text,
             Page(unexplained(live_html(view))).open_text]  # fmt: skip
    terms = lesson.by_id("terms")
    for one in routes_of(name, route):
        row = lesson.get("routes", one)
        late = [terms[hand["status"]]["term"] for hand in hands_of(name, one)]
        late += [hand["detail"] for hand in hands_of(name, one)] + [row["interest"], row["summary"]]
        for words in map(squeeze, filter(None, late)):
            assert words in answers
            assert not [face for face in faces if re.search(rf"\b{re.escape(words)}", face)], words


@every_route
def test_each_box_has_a_name_of_its_own(name, route):
    page = LESSONS[name].follow(route).page()
    for form in page.split('class="kw-follow"')[1:]:
        names = re.findall(r'<input [^>]*aria-label="([^"]+)"', form)
        assert len(names) == 2 * form.count('type="number"') == len(set(names))


@every_route
def test_hands_are_met_out_of_order_and_alike_and_the_same_each_time(name, route):
    view, hands = LESSONS[name].follow(route), hands_of(name, route)
    met = shuffled(view.page())
    assert sorted(met) == [hand["step"] for hand in hands]
    assert met != sorted(met) or len(met) < 4
    assert met == shuffled(LESSONS[name].follow(route).page())
    people, places = LESSONS[name].by_id("people"), LESSONS[name].by_id("places")
    text = squeeze(view.text())
    for hand in hands:
        assert f"[ ] {people[hand['person']]['name']}" in text
        assert not hand["place"] or places[hand["place"]]["name"] in text
    alike = re.sub(
        r'data-(step|known)="\w+"', "", "".join(re.findall("<li data-step.*?>", view.page()))
    )
    assert set(alike.replace("<li", "").replace(">", "")) <= {" "}


@every_view
def test_ours_has_every_hand_in_order_with_all_that_its_row_says(name, route):
    lesson = LESSONS[name]
    page = Page(unexplained(lesson.follow(route, answers=True).page()))
    people, sources = lesson.by_id("people"), lesson.by_id("sources")
    hands = [hand for one in routes_of(name, route) for hand in hands_of(name, one)]
    assert [row for row in page.rows if row.startswith("hands:")] == [
        f"hands:{hand['route']}/{hand['step']}" for hand in hands
    ]
    for hand in hands:
        for said in (people[hand["person"]]["name"], hand["detail"], hand["language"],
                     hand["date_label"], short_title(sources[hand["source"]])):  # fmt: skip
            assert squeeze(said) in page.text


@every_view
def test_what_documents_add_and_the_sources_wait_too(name, route):
    lesson, view = LESSONS[name], LESSONS[name].follow(route)
    page, text = Page(view.page()), view.text()
    for row in page.rows:
        if row.startswith(("notes:", "sources:")):
            text_of = lesson.get(*row.split(":"))
            words = text_of.get("text") or text_of["citation"]
            assert squeeze(words) not in page.open_text
            assert squeeze(words) not in squeeze(text)


@every_view
def test_a_sensitive_line_stands_behind_its_caution_only(name, route):
    view = LESSONS[name].follow(route)
    page, text = Page(unexplained(view.page())), squeeze(view.text())
    for one in routes_of(name, route):
        for quote in LESSONS[name].records("quotes", route=one, sensitive="yes"):
            assert quote["caution"] in text
            assert quote["words"] in page.text
            assert quote["words"] not in page.open_text + text


def test_a_way_is_drawn_by_hands_and_the_presumed_stretch_is_marked_for_styles():
    html = LESSONS["real"].follow("shtykov-1949").page()
    assert re.findall(r'class="kw-way kw-(\w+)" data-step="(\d+)"', html) == [
        ("presumed", "4"), ("documented", "8"),
    ]  # fmt: skip
    assert 'role="img" aria-label="Map: ' in html


# Who they are


def test_every_office_that_a_table_may_name_has_its_drawing():
    drawings = templates().get_template("kit/people.html").module.drawings
    assert set(drawings) == schema.SENSES["people.office"]


@every_route
def test_a_hand_has_the_sign_of_its_office_and_the_side_it_is_on_in_words(name, route):
    lesson = LESSONS[name]
    text = squeeze(lesson.follow(route, answers=True).text())
    offices = lesson.words("people.office")
    people = lesson.by_id("people")
    for hand in hands_of(name, route):
        who = people[hand["person"]]
        assert (
            not who["office"]
            or offices[who["office"]]["term"] in text
            or (offices[who["office"]]["alone"] in text)
        )
        assert not who["decider"] or f"{people[who['decider']]['name']}\u2019s side" in text


def test_a_name_that_is_mistaken_is_told_apart_where_both_stand(fiction):
    fiction.change("people", 1, mistaken_for="harbourmaster")
    lesson = kwlesson.load(fiction.path)
    assert "Tom Wick (not Silas Buoy)" in lesson.follow("blame-1912", answers=True).text()
    assert "(not" not in lesson.follow("wick-1912", answers=True).text()


# One route, several, none


@every_view
def test_several_routes_are_switched_and_one_is_a_page(name, route):
    switch = LESSONS[name].follow(route).switch()
    assert (switch is None) == (route is not None)
    if switch:
        titles = [row["title"] for row in LESSONS[name].records("routes")]
        assert [panel.label for panel in switch.panels] == titles


@pytest.mark.parametrize(("wrong", "near"), [("shtykov", "shtykov-1949"), ("mai-1950", "may-1950")])
def test_an_unknown_route_says_the_nearest(wrong, near):
    with pytest.raises(kwlesson.LessonError, match=near):
        LESSONS["real"].follow(wrong)


@every_view
@pytest.mark.parametrize("answers", [False, True])
def test_the_page_is_sound_html_with_headings_in_order_and_small(name, route, answers):
    view = LESSONS[name].follow(route, answers=answers)
    page = Page(view.page())
    assert page.unbalanced == page.tags == []
    assert page.headings[0] == 2
    assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert view.page().count("<form") == (route is None and not answers)
    assert len(view.body().encode()) < 100_000


HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</td></ol></svg>",
    "{{7*7}}",
    "javascript:alert(1)",
]
CELLS = [
    ("people", "name"), ("routes", "title"), ("routes", "summary"), ("places", "name"),
    ("routes", "interest"), ("hands", "detail"), ("hands", "language"), ("sources", "title"),
    ("sources", "citation"), ("sources", "read_in"), ("quotes", "words"), ("quotes", "plain"),
    ("quotes", "editorial"), ("quotes", "caution"), ("notes", "text"), ("terms", "term"),
    ("terms", "mark"), ("terms", "meaning"), ("outlines", "name"),
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_cells_show_as_text_in_every_face(fiction, words):
    for table, column in CELLS:
        fiction.write(table, [row | {column: words} for row in fiction.rows(table)])
    fiction.write("notes", [row | {"about": "quotes:lit-at-dusk"} for row in fiction.rows("notes")])
    lesson = kwlesson.load(fiction.path)
    for view in (lesson.follow("wick-1912"), lesson.follow(), lesson.follow(answers=True)):
        assert words.split()[0] in view.text()
        for face in (view.page(), live_html(view)):
            page = Page(face)
            assert page.unbalanced == []
            assert words.split()[0] in page.text
            assert "49" not in page.text
            assert not [key for key, _ in page.attributes if key.startswith("on")]
            assert not [key for key, _ in page.attributes if key in {"href", "src", "action"}]
            assert "<script" not in face
