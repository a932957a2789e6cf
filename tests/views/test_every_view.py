"""What holds for every view of every lesson: three faces, the same rows, and nothing hostile."""

from __future__ import annotations

import re

import pytest
from conftest import Folder
from faces import Page, live_html, squeeze

import kwlesson
from kwlesson import paths

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}


def calls(lesson):
    """Every call of every verb that a notebook could make, by what it would write."""
    found = {}
    for case in lesson.cases.id:
        found[f"compare({case})"] = lambda now, case=case: now.compare(case)
        found[f"compare({case}, masked)"] = lambda now, case=case: now.compare(case, masked=True)
    for case in dict.fromkeys(lesson.corroborations.case):
        found[f"corroborate({case})"] = lambda now, case=case: now.corroborate(case)
    for route in lesson.routes.id:
        found[f"follow({route})"] = lambda now, route=route: now.follow(route)
    found["follow()"] = lambda now: now.follow()
    found["trace()"] = lambda now: now.trace()
    found["trace(whole)"] = lambda now: now.trace(whole=True)
    found["trace(sealed)"] = lambda now: now.trace(sealed=True)
    found["set_aside()"] = lambda now: now.set_aside()
    found["timeline()"] = lambda now: now.timeline()
    found["who()"] = lambda now: now.who()
    person = lesson.people.id[0]
    found[f"timeline({person})"] = lambda now: now.timeline(person)
    found[f"who({person})"] = lambda now: now.who(lesson.people.name[0])
    for quote in lesson.quotes.id[:5]:
        found[f"quote({quote})"] = lambda now, quote=quote: now.quote(quote)
    for source in lesson.sources.id[:3]:
        found[f"cite({source})"] = lambda now, source=source: now.cite(source)
    found["cite()"] = lambda now: now.cite()
    found["define()"] = lambda now: now.define()
    term = lesson.terms.id[0]
    found[f"define({term})"] = lambda now: now.define(term)
    return found


CALLS = [(name, call) for name, lesson in LESSONS.items() for call in calls(lesson)]
BUILT = {}


@pytest.fixture
def view(request):
    name, call = request.param
    if (name, call) not in BUILT:
        BUILT[name, call] = calls(LESSONS[name])[call](LESSONS[name])
    return BUILT[name, call]


every_view = pytest.mark.parametrize("view", CALLS, indirect=True, ids=lambda c: f"{c[0]}-{c[1]}")
# The cells by one of which a row is recognised in a text, whatever else is said of it.
TELLING = {
    "points": ["question"], "claims": ["says"], "quotes": ["plain", "words", "caution"],
    "notes": ["text"], "links": ["title"], "events": ["title", "date_label", "summary"],
    "people": ["name"], "sources": ["title", "author"], "routes": ["title", "summary"],
    "corroborations": ["judgement"], "cases": ["question"], "terms": ["term", "meaning", "mark"],
}  # fmt: skip


@every_view
def test_page_and_live_carry_the_same_rows(view):
    page = Page(view.page())
    assert page.rows
    assert set(page.rows) == set(Page(live_html(view)).rows)


@every_view
def test_every_row_of_the_page_is_in_the_text(view):
    lessons = list(LESSONS.values())
    sensitive = {f"quotes:{q['id']}" for x in lessons for q in x.records("quotes", sensitive="yes")}
    text = squeeze(view.text())
    for row in sorted(set(Page(view.page()).rows)):
        table, _, key = row.partition(":")
        abouts = {lesson.by_id("notes").get(key, {}).get("about") for lesson in lessons}
        if table not in TELLING or (table == "notes" and abouts & sensitive):
            continue
        if table == "events" and view.facts.get("sealed"):
            continue  # only its status is shown, and that waits
        cells = [lesson.by_id(table).get(key, {}) for lesson in lessons]
        told = [squeeze(cell[column]) for cell in cells if cell for column in TELLING[table]]
        assert any(one and one in text for one in told), row


@every_view
def test_the_page_is_sound_html_with_headings_in_order(view):
    page = Page(view.page())
    assert page.unbalanced == []
    assert page.tags == []
    assert page.headings[0] == 2
    pairs = zip(page.headings, page.headings[1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in pairs)


@every_view
def test_no_view_sends_more_than_100_kb(view):
    assert len(view.page().encode()) < 100_000
    assert len(live_html(view).encode()) < 100_000


@every_view
def test_a_view_is_the_same_each_time(view):
    assert view.page() == view.page()
    assert view.text() == view.text()
    assert not re.search(r"0x[0-9a-f]{6,}", view.page() + view.text())


@every_view
def test_turning_the_switch_there_and_back_is_a_fresh_view(view):
    switch = view.switch()
    if switch is None:
        assert 'type="radio"' not in view.page() or "kw-tests" in view.page()
        return
    choice, stack = switch.live()
    before = [child.value for child in stack.children]
    for index in [*range(len(before)), 0]:
        choice.index = stack.selected_index = index
    fresh_choice, fresh_stack = view.switch().live()
    assert [child.value for child in stack.children] == before
    assert before == [child.value for child in fresh_stack.children]
    assert (choice.index, choice.options) == (fresh_choice.index, fresh_choice.options)


@every_view
def test_sensitive_words_stand_only_behind_their_caution(view):
    page = Page(view.page())
    for lesson in LESSONS.values():
        for quote in lesson.records("quotes", sensitive="yes"):
            assert quote["words"] not in page.open_text
            assert quote["words"] not in view.text()


@every_view
def test_every_drawing_has_words_for_it(view):
    for drawing in re.findall(r"<svg[^>]*>.*?</svg>", view.page(), re.DOTALL):
        assert 'role="img"' in drawing or 'aria-hidden="true"' in drawing
        if 'role="img"' in drawing:
            assert "aria-label" in drawing or "<title" in drawing


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form></svg>",
    "{{7*7}}", "javascript:alert(1)",
]  # fmt: skip
KEPT = {
    "id", "date", "source", "account", "case", "point", "quote", "event", "route", "person", "link",
    "speaker", "document", "reporter", "about", "people", "after", "before", "same_as", "by", "to",
    "mistaken_for", "cited_in", "favours", "question", "more_sources",
}  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_lesson_is_text_in_each_face_of_every_view(tmp_path, attack):
    folder = Folder(paths.SAMPLE, tmp_path / "hostile")
    for table in LESSONS["invented"].table_names:
        rows = folder.rows(table)
        described = kwlesson.tables.schema.binding()[table].columns
        free = [
            name for name, column in described.items()
            if column.type == "string" and not column.enum and not column.pattern
            and name not in KEPT
        ]  # fmt: skip
        folder.write(table, [
            row | {name: row[name] and f"{row[name]} {attack}" for name in free} for row in rows
        ])  # fmt: skip
    hostile, harmless = kwlesson.load(folder.path), LESSONS["invented"]
    for call, made in calls(harmless).items():
        if call.startswith("who("):
            made = lambda now: now.who("harbourmaster")  # noqa: E731, PLW2901
        view, twin = made(hostile), calls(harmless)[call](harmless)
        for face in (type(view).page, live_html):
            page, known = Page(face(view)), Page(face(twin))
            assert page.unbalanced == [], call
            assert {name for name, _ in page.attributes} <= {name for name, _ in known.attributes}
            assert not [v for n, v in page.attributes if n == "href" and not v.startswith("http")]
            assert "49" not in page.text.replace("1949", ""), call
            assert squeeze(attack) in page.text, call
        assert squeeze(attack) in squeeze(view.text()), call


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Make a lesson of 1,000 events, 300 links, 6 accounts and 200 points."""
    folder = Folder(paths.SAMPLE, tmp_path_factory.mktemp("large") / "data")
    events, links, points = (folder.rows(table) for table in ("events", "links", "points"))
    accounts, claims, supports = (folder.rows(t) for t in ("accounts", "claims", "supports"))
    more = [
        events[0] | {"id": f"event-{n}", "date": f"19{n % 90 + 10}-0{n % 9 + 1}", "date_words": "",
                     "title": f"Event {n}", "number": ""}
        for n in range(1000 - len(events))
    ]  # fmt: skip
    folder.write("events", events + more)
    linked = [links[0] | {"id": f"link-{n}", "step": str(n), "event": f"event-{n}",
                          "title": f"Link {n}", "spine": "yes" if n % 3 else "no"}
              for n in range(len(links), 300)]  # fmt: skip
    folder.write("links", links + linked)
    resting = [supports[0] | {"link": link["id"], "number": ""} for link in linked]
    folder.write("supports", supports + resting)
    told = [accounts[0] | {"id": f"account-{n}", "label": f"Account {n}", "silence": "",
                           "masked_label": f"Report {n}", "reporter": "clerk"}
            for n in range(3, 7)]  # fmt: skip
    folder.write("accounts", accounts + told)
    asked = [points[0] | {"id": f"point-{n}", "order": str(n), "core": "no",
                          "question": f"What of point {n}?", "number": ""}
             for n in range(6, 201)]  # fmt: skip
    folder.write("points", points + asked)
    said = [claims[0] | {"id": f"claim-{n}-{who}", "point": point["id"], "account": who}
            for n, point in enumerate(asked) for who in ("account-3", "account-6")]  # fmt: skip
    folder.write("claims", claims + said)
    return kwlesson.load(folder.path)


def test_a_large_lesson_is_as_large_as_it_says(large):
    sizes = [len(frame) for frame in (large.events, large.links, large.accounts, large.points)]
    assert sizes == [1000, 300, 6, 200]


@pytest.mark.parametrize("call", calls(LESSONS["invented"]))
def test_every_view_renders_a_large_lesson_and_says_what_it_folds_away(large, call):
    view = calls(large)[call](large)
    page = Page(view.page())
    assert page.unbalanced == []
    assert view.text()
    if call.startswith(("compare", "trace", "timeline()")):
        assert re.search(r"\(\d+\)|\d+ (more|events|links|points)", page.text), call
