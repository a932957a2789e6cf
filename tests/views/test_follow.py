"""Through whose hands: every hand in order, what is presumed, and who comes back."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pytest
from html_probe import Page, live_html, squeeze, unexplained

import kwlesson
from kwlesson import paths
from kwlesson.tables import schema
from kwlesson.views.follow.drawing import RouteDrawing, stops
from kwlesson.views.kit.render import short_title, templates

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}
ROUTES = [(name, route) for name, lesson in LESSONS.items() for route in lesson.routes.id]
VIEWS = [*ROUTES, *((name, None) for name in LESSONS)]
ALL = [(name, None) for name in LESSONS]
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
LIST = re.compile(r'<div class="kw-follow">.*?<ol>(.*?)</ol>', re.DOTALL)

every_route = pytest.mark.parametrize(("name", "route"), ROUTES)
every_view = pytest.mark.parametrize(("name", "route"), VIEWS)
every_overview = pytest.mark.parametrize(("name", "route"), ALL)


@cache
def view_of(name, route):
    return LESSONS[name].follow(route)


@cache
def page_of(name, route):
    return unexplained(view_of(name, route).page())


def routes_of(name, route):
    return [route] if route else LESSONS[name].routes.id.tolist()


def hands_of(name, route):
    """Read the hands of a route from the tables alone."""
    rows = LESSONS[name].records("hands", route=route)
    return sorted(rows, key=lambda row: row["step"])


def returns_of(name, route):
    """Work out from the tables alone who stands on a route again: later step to earlier step."""
    people, last, found = LESSONS[name].by_id("people"), {}, {}
    for hand in hands_of(name, route):
        person, step = hand["person"], hand["step"]
        if people[person]["kind"] != "unnamed" and step - last.get(person, step) > 1:
            found[step] = last[person]
        last[person] = step
    return found


def told_before_asking(view):
    """Take from each face what a learner meets before the question."""
    before, mark, _ = view.text().partition("After you have judged")
    page = Page(unexplained(view.page()))
    for face in (squeeze(before), page.open_text):
        assert mark
        assert "What might the last speaker have wanted?" in face
    return [squeeze(before), page.open_text]


# The rows


@every_view
def test_page_and_live_show_the_same_rows_and_all_of_them(name, route):
    page = set(Page(page_of(name, route)).rows)
    assert page == set(Page(unexplained(live_html(view_of(name, route)))).rows)
    for one in routes_of(name, route):
        lesson = LESSONS[name]
        assert f"routes:{one}" in page
        assert {f"hands:{one}/{hand['step']}" for hand in hands_of(name, one)} <= page
        quotes = lesson.records("quotes", route=one)
        wanted = [quote for quote in quotes if route or quote["kind"] == "testimony"]
        assert {f"quotes:{quote['id']}" for quote in wanted} <= page


@every_view
def test_every_marked_row_is_a_row_of_the_tables(name, route):
    lesson = LESSONS[name]
    steps = {f"{hand['route']}/{hand['step']}" for hand in lesson.records("hands")}
    for row in Page(view_of(name, route).page()).rows:
        table, key = row.split(":")
        assert key in (steps if table == "hands" else lesson.by_id(table)), row


@every_view
def test_text_says_what_the_page_says(name, route):
    lesson, text = LESSONS[name], squeeze(view_of(name, route).text())
    cells = {"notes": "text", "sources": "citation", "people": "name", "terms": "meaning"}
    for row in Page(view_of(name, route).page()).rows:
        table, key = row.split(":")
        if table in cells:
            cell = lesson.get(table, key)
            behind = lesson.by_id("quotes").get(cell.get("about", "").removeprefix("quotes:"))
            said = key if behind and behind["sensitive"] == "yes" else squeeze(cell[cells[table]])
            assert said in text, row
        elif table == "quotes":
            quote = lesson.get("quotes", key)
            assert key in text
            assert (squeeze(quote["words"]) in text) == (quote["sensitive"] == "no")


@every_route
def test_each_hand_has_all_that_its_row_says(name, route):
    lesson, text = LESSONS[name], squeeze(view_of(name, route).text())
    people, sources, terms = (lesson.by_id(table) for table in ("people", "sources", "terms"))
    acts = templates().get_template("kit/strings.jinja").module.acts
    items = LIST.search(page_of(name, route))[1].split("<li")[1:]
    hands = hands_of(name, route)
    assert len(items) == len(hands)
    for item, hand in zip(items, hands, strict=True):
        words = Page(f"<li{item}").text
        known = terms[hand["status"]]
        said = [
            people[hand["person"]]["name"],
            acts[hand["act"]],
            f"{known['mark']} {known['term']}",
            hand["detail"],
            f"In {hand['language']}" if hand["language"] else "Language not given",
            hand["date_label"] or "date not given",
            short_title(sources[hand["source"]]),
            f", paragraph {hand['paragraph']}" if hand["paragraph"] else "",
        ]
        for cell in said:
            assert cell in words, (hand["step"], cell)
            assert squeeze(cell) in text, (hand["step"], cell)
        presumed = hand["status"] != "documented"
        assert ('class="kw-presumed"' in item) == presumed
        assert ("Worked out from" in words) == presumed
        assert ("Shown by" in words) != presumed


@every_view
def test_hands_stand_in_their_order(name, route):
    shown = [row for row in Page(page_of(name, route)).rows if row.startswith("hands:")]
    assert shown == [
        f"hands:{one}/{hand['step']}"
        for one in routes_of(name, route)
        for hand in hands_of(name, one)
    ]


def test_every_act_that_a_table_may_name_has_its_words():
    acts = templates().get_template("kit/strings.jinja").module.acts
    column = schema.binding()["hands"].columns["act"]
    assert set(acts) == set(column.enum)


# The drawing


@every_route
def test_the_drawing_has_every_hand_and_the_list_has_it_too(name, route):
    drawing = view_of(name, route).facts["routes"][0]["drawing"]
    people = LESSONS[name].by_id("people")
    hands = hands_of(name, route)
    assert [hand["step"] for _, hand, _ in drawing.acts] == [hand["step"] for hand in hands]
    shown = " ".join(line for _, line in drawing.names)
    for hand in hands:
        assert squeeze(people[hand["person"]]["name"]) in shown


@every_view
def test_the_line_is_solid_only_where_a_document_shows_the_act(name, route):
    for one in view_of(name, route).facts["routes"]:
        drawing = one["drawing"]
        stretches = sorted(
            (int(start), int(end), solid)
            for path, solid in ((drawing.solid, True), (drawing.dashed, False))
            for start, end in re.findall(rf"M{drawing.x} (\d+)V(\d+)", path)
        )
        assert stretches[0][0] == 18
        assert stretches[-1][1] == drawing.reader
        for earlier, later in pairwise(stretches):
            assert earlier[1] == later[0]
            assert earlier[2] != later[2]
        turns = [solid for _, _, solid in stretches]
        runs = [hand["status"] == "documented" for hand in one["hands"]]
        assert turns == [s for n, s in enumerate(runs) if n == 0 or s != runs[n - 1]]


@every_view
def test_who_stands_again_is_drawn_coming_back_and_said_to_be_the_same(name, route):
    view = view_of(name, route)
    text = squeeze(view.text())
    for one, facts in zip(routes_of(name, route), view.facts["routes"], strict=True):
        returns = returns_of(name, one)
        assert {hand["step"]: hand["again"] for hand in facts["hands"] if hand["again"]} == returns
        drawing = facts["drawing"]
        assert drawing.loops.count("M") == len(returns)
        assert [earlier for _, _, earlier in drawing.again] == list(returns.values())
        for later, earlier in returns.items():
            name_ = next(h["who"]["name"] for h in facts["hands"] if h["step"] == later)
            assert re.search(rf"{later}\. {name_}.{{0,80}}same person again, as at {earlier}", text)
    page = page_of(name, route)
    wanted = sum(len(returns_of(name, one)) for one in routes_of(name, route))
    assert page.count("the same person again") == 2 * wanted  # in the drawing and in the list


def test_both_lessons_have_somebody_who_comes_back():
    for name, lesson in LESSONS.items():
        assert any(returns_of(name, route) for route in lesson.routes.id)


def chain(*people, status="documented"):
    kinds = {"?": "unnamed", "#": "body"}
    return [
        {
            "who": {"id": who, "name": who, "kind": kinds.get(who[0], "person")},
            "step": step,
            "again": 0,
            "status": status,
            "date_label": "",
        }
        for step, who in enumerate(people, start=1)
    ]


def test_steps_of_one_person_in_a_row_are_one_stop_and_unnamed_hands_never_are():
    assert [[hand["step"] for hand in stop] for stop in stops(chain("a", "a", "?", "?", "a"))] == [
        [1, 2], [3], [4], [5],
    ]  # fmt: skip


def test_a_person_an_office_and_somebody_unnamed_look_different():
    drawing = RouteDrawing(chain("a", "#b", "?c"))
    assert (drawing.persons.count("M"), drawing.bodies.count("M")) == (1, 1)
    assert len(drawing.unnamed) == 1


def test_two_unnamed_interpreters_are_not_said_to_be_the_same(fiction):
    rows = fiction.rows("hands")
    rows[-2]["person"] = rows[-4]["person"] = "clerk"
    rows[-3]["person"] = "lamplighter"
    fiction.write("hands", rows)
    route = rows[-1]["route"]
    assert "same person" not in kwlesson.load(fiction.path).follow(route).text()


@every_view
def test_words_in_the_drawing_can_be_read(name, route):
    drawings = [svg for svg in SVG.findall(page_of(name, route)) if "kw-route" in svg]
    assert len(drawings) == len(routes_of(name, route))
    for drawing in drawings:
        assert 'role="img"' in drawing
        assert re.search(r'aria-label="\w', drawing)
        assert all(int(size) >= 14 for size in re.findall(r'font-size="(\d+)"', drawing))
        width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing).groups())
        assert width <= 384  # what a telephone of 400 pixels leaves
        for y, words in re.findall(r'<text[^>]* y="(\d+)"[^>]*>(.*?)</text>', drawing):
            assert 0 < int(y) < height
            assert len(words) * 8 < width


# Nothing too early, nothing of the wrong kind


@every_view
def test_what_somebody_may_have_wanted_waits_for_the_question(name, route):
    lesson = LESSONS[name]
    for before in told_before_asking(view_of(name, route)):
        for one in routes_of(name, route):
            assert squeeze(lesson.get("routes", one)["interest"]) not in before
    after = squeeze(view_of(name, route).text()), Page(page_of(name, route)).text
    for face in after:
        for one in routes_of(name, route):
            assert squeeze(lesson.get("routes", one)["interest"]) in face


@every_view
def test_what_documents_add_and_who_is_shared_wait_too(name, route):
    view = view_of(name, route)
    late = [note["text"] for one in view.facts["routes"] for note in one["adds"]]
    late += [f"{who['name']}: {'; '.join(who['on'].values())}" for who in view.facts["shared"]]
    for before in told_before_asking(view):
        assert not [words for words in late if squeeze(words) in before]


@every_view
def test_a_sensitive_line_stands_behind_its_caution_only(name, route):
    page = Page(page_of(name, route))
    text = view_of(name, route).text()
    for one in routes_of(name, route):
        for quote in LESSONS[name].records("quotes", route=one, sensitive="yes"):
            assert quote["caution"] in page.open_text
            assert quote["caution"] in squeeze(text)
            notes = LESSONS[name].records("notes", about=f"quotes:{quote['id']}")
            for words in (quote["words"], quote["plain"], *(note["text"] for note in notes)):
                assert words not in page.open_text
                assert words in page.text
                assert squeeze(words) not in squeeze(text)
                assert all(words not in svg for svg in SVG.findall(page_of(name, route)))


@every_view
def test_nobody_counts_the_hands(name, route):
    view = view_of(name, route)
    counted = re.compile(r"\b(\d+|three|\w+teen|ten|eleven|twelve) hands\b|\bhands?\)? *[:(] *\d")
    for face in (squeeze(view.text()), Page(page_of(name, route)).text):
        assert not counted.search(face.lower())


def test_a_name_that_is_mistaken_is_told_apart_where_both_stand(fiction):
    fiction.change("people", 1, mistaken_for="harbourmaster")
    view = kwlesson.load(fiction.path).follow("blame-1912")
    assert "Tom Wick (not Silas Buoy)" in view.text()
    assert "(not Silas Buoy)" in Page(view.page()).text
    assert "(not" not in kwlesson.load(fiction.path).follow("wick-1912").text()


# One route, several, none


@every_overview
def test_several_routes_are_switched_with_an_overview_first(name, route):
    labels = [panel.label for panel in view_of(name, route).switch().panels]
    assert labels == ["Overview", *LESSONS[name].routes.title]


@every_route
def test_one_route_is_a_page_without_a_switch(name, route):
    view = view_of(name, route)
    assert view.switch() is None
    assert 'type="radio"' not in view.body()
    assert set(view._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert view.title == LESSONS[name].get("routes", route)["title"]


def test_a_lesson_with_one_route_shows_it_at_once(fiction):
    only = fiction.rows("routes")[:1]
    fiction.write("routes", only)
    hands = [hand for hand in fiction.rows("hands") if hand["route"] == only[0]["id"]]
    fiction.write("hands", hands)
    lesson = kwlesson.load(fiction.path)
    assert lesson.follow().switch() is None
    assert lesson.follow().page() == lesson.follow(only[0]["id"]).page()


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("may-1949", "may-1950"), ("shtikov-1949", "shtykov-1949"), ("", "there are: shtykov-1949")],
)
def test_an_unknown_route_says_the_nearest(lesson, wrong, near):
    with pytest.raises(kwlesson.LessonError, match=near):
        lesson.follow(wrong)


@every_view
def test_the_page_is_sound_html_with_headings_in_order(name, route):
    page = Page(view_of(name, route).page())
    assert page.unbalanced == []
    assert page.tags == []
    assert page.headings[0] == 2
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in steps)
    assert ("open", "") not in page.attributes


@every_view
def test_a_view_made_again_is_the_same(name, route):
    again = kwlesson.load(paths.DATA if name == "real" else paths.SAMPLE).follow(route)
    assert again.page() == view_of(name, route).page()
    assert again.text() == view_of(name, route).text()


# From rows alone


CHANGES = {
    "who": ("people", 2, {"name": "Zebedee Quern"}, "Zebedee Quern"),
    "what else": ("hands", -1, {"detail": "sang it"}, "sang it"),
    "which language": ("hands", -1, {"language": "Manx"}, "In Manx"),
    "when": ("hands", -1, {"date": "1899-07-14"}, "14 July 1899"),
    "where": ("hands", -1, {"paragraph": "77"}, "paragraph 77"),
    "which act": ("hands", -1, {"act": "translated"}, "translated it"),
    "how we know": ("hands", -1, {"status": "presumed"}, "Worked out from: The Book"),
    "what for": ("routes", -1, {"interest": "Perhaps fame."}, "Perhaps fame."),
    "what it is": ("routes", -1, {"summary": "A long way."}, "A long way."),
    "its words": ("quotes", -1, {"route": "blame-1912", "words": "gusty"}, "“gusty”"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_in_a_row_shows_in_every_face(fiction, what):
    table, index, cells, words = CHANGES[what]
    if what == "who":
        hands = fiction.rows("hands")
        hands[-1]["person"] = fiction.rows("people")[index]["id"]
        fiction.write("hands", hands)
    fiction.change(table, index, **cells)
    view = kwlesson.load(fiction.path).follow("blame-1912")
    before = LESSONS["invented"].follow("blame-1912")
    for new, old in (
        (squeeze(view.text()), squeeze(before.text())),
        (Page(unexplained(view.page())).text, Page(unexplained(before.page())).text),
        (Page(unexplained(live_html(view))).text, Page(unexplained(live_html(before))).text),
    ):
        assert words in new
        assert words not in old


def test_a_note_on_a_route_is_told_after_the_question(fiction):
    fiction.change("notes", 0, about="routes:blame-1912", text="The quay was empty.")
    view = kwlesson.load(fiction.path).follow("blame-1912")
    assert "The quay was empty." in Page(view.page()).text
    assert not any("The quay was empty." in before for before in told_before_asking(view))


def test_a_source_that_nobody_read_says_through_whom_it_is_known(fiction):
    fiction.change("hands", -1, source="pilot-diary")
    lesson = kwlesson.load(fiction.path)
    through = f"Not read; known from: {short_title(lesson.get('sources', 'keeper-letter'))}"
    view = lesson.follow("blame-1912")
    assert through in squeeze(view.text())
    assert through in Page(view.page()).text


HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</td></ol></svg>",
    "{{7*7}}",
    "javascript:alert(1)",
]
CELLS = [
    ("people", "name"), ("people", "role"), ("routes", "title"), ("routes", "summary"),
    ("routes", "interest"), ("hands", "detail"), ("hands", "language"), ("sources", "title"),
    ("sources", "citation"), ("sources", "read_in"), ("quotes", "words"), ("quotes", "plain"),
    ("quotes", "editorial"), ("quotes", "caution"), ("notes", "text"), ("terms", "term"),
    ("terms", "mark"), ("terms", "meaning"),
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_cells_show_as_text_in_every_face(fiction, words):
    for table, column in CELLS:
        fiction.write(table, [row | {column: words} for row in fiction.rows(table)])
    fiction.write("notes", [row | {"about": "quotes:lit-at-dusk"} for row in fiction.rows("notes")])
    lesson = kwlesson.load(fiction.path)
    for view in (lesson.follow("wick-1912"), lesson.follow()):
        assert words.split()[0] in view.text()
        for face in (view.page(), live_html(view)):
            page = Page(face)
            assert page.unbalanced == []
            assert words.split()[0] in page.text
            assert "49" not in page.text
            assert not [key for key, _ in page.attributes if key.startswith("on")]
            assert not [key for key, _ in page.attributes if key in {"href", "src", "action"}]
            assert "<script" not in face


# Size


@every_view
def test_both_faces_together_are_small(name, route):
    view = view_of(name, route)
    faces = view.body() + (live_html(view) if view.switch() else "")
    assert len(faces.encode()) < 100_000


def test_a_large_lesson_says_what_it_folds(fiction):
    routes = [
        {"id": f"way-{n}", "title": f"Way {n}", "summary": "Far.", "interest": "Perhaps."}
        for n in range(6)
    ]
    fiction.write("routes", fiction.rows("routes") + routes)
    rows, people = fiction.rows("hands"), [row["id"] for row in fiction.rows("people")]
    for way in routes:
        for step in range(1, 101):
            person = people[(step * 7) % len(people)]
            rows.append(rows[0] | {"route": way["id"], "step": str(step), "person": person})
    fiction.write("hands", rows)
    quotes = fiction.rows("quotes")
    more = [
        quotes[2] | {"id": f"q-{n}", "route": f"way-{n % 6}", "number": f"QX{n}"}
        for n in range(600)
    ]
    fiction.write("quotes", quotes + more)
    lesson = kwlesson.load(fiction.path)
    for route in (None, "way-3"):
        view = lesson.follow(route)
        bundle = view._repr_mimebundle_()
        page = Page(bundle["text/html"])
        assert "More words (94)" in page.open_text
        assert page.open_text.count("“thick as wool”") == (36 if route is None else 6)
        assert f"hands:way-3/{100}" in page.rows
        assert page.unbalanced == []
        folded = page.open_text.count("The hands, drawn")
        assert folded == (8 if route is None else 1)
