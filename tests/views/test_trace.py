"""The decision chain: lanes from any rows, two questions a step, and no answer too early."""

from __future__ import annotations

import re

import pytest
from html_probe import Page, live_html, squeeze

import kwlesson
from kwlesson.tables import edtf
from kwlesson.views.kit.render import short_title
from kwlesson.views.trace.drawing import MAX_LANES, Arrow, order_lanes

LESSONS = {
    "real": kwlesson.load(),
    "invented": kwlesson.load(kwlesson.SAMPLE),
    "unseen": kwlesson.load(kwlesson.TRANSFER),
}
HOW = [{}, {"whole": True}, {"answers": True}, {"whole": True, "answers": True}]
EVERY_FACE = pytest.mark.parametrize(
    ("name", "how"), [(name, how) for name in LESSONS for how in HOW]
)
EVERY_LESSON = pytest.mark.parametrize("name", LESSONS)
HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</td>",
    "{{7*7}}",
    "javascript:alert(1)",
]


def links_of(lesson, *, whole=False, **_):
    rows = lesson.records("links") if whole else lesson.records("links", spine="yes")
    return sorted(rows, key=lambda row: row["step"])


def rows_of(lesson, **how):
    """Give the rows that a chain must show, worked out from the tables alone."""
    expected = set()
    for link in links_of(lesson, **how):
        expected |= {f"links:{link['id']}", f"events:{link['event']}"}
        for place, support in enumerate(lesson.records("supports", link=link["id"]), start=1):
            expected.add(f"supports:{link['id']}/{place}")
            expected |= {f"quotes:{support['quote']}"} - {"quotes:"}
        for about in (
            (f"links:{link['id']}", f"events:{link['event']}") if how.get("answers") else ()
        ):
            expected |= {f"notes:{note['id']}" for note in lesson.records("notes", about=about)}
    return expected


def shown(html):
    return {row for row in Page(html).rows if not row.startswith("terms:")}


def opened(html):
    """Give the words that stand open; a word that is explained in passing stands in its place."""
    found = re.sub(r'<details class="kw-term".*?<summary>(.*?)</summary>.*?</details>', r"\1", html)
    return Page(found).open_text


@EVERY_FACE
def test_every_row_of_the_chain_is_on_the_page_and_what_waits_is_in_the_teachers_text(name, how):
    lesson = LESSONS[name]
    view = lesson.trace(**how)
    assert shown(view.page()) == rows_of(lesson, **how)
    text = squeeze(view.text())
    named = {f"[{row.split(':')[1]}]" in text for row in rows_of(lesson, **how)}
    assert named == ({True} if how.get("answers") else {True, False})
    if not how.get("answers"):
        assert shown(live_html(view)) == rows_of(lesson, **how)


@EVERY_FACE
def test_steps_are_numbered_as_shown_and_say_who_acts_and_when(name, how):
    lesson = LESSONS[name]
    view = lesson.trace(**how)
    text, page = squeeze(view.text()), view.page()
    for number, link in enumerate(links_of(lesson, **how), start=1):
        assert f"{number}. {squeeze(link['title'])} [{link['id']}]" in text
        assert f'<b class="kw-number" data-text="none">{number}</b>' in page
        assert lesson.get("people", link["by"])["name"] in page
        date = lesson.get("events", link["event"])["date"]
        assert not date or edtf.label(date) in text


@EVERY_FACE
def test_the_page_is_sound_html_with_headings_in_order(name, how):
    page = Page(LESSONS[name].trace(**how).page())
    assert page.unbalanced == page.tags == []
    assert page.headings[0] == 2
    assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


@EVERY_LESSON
@pytest.mark.parametrize("whole", [False, True])
def test_nothing_tells_how_a_step_is_known_before_the_learner_has_chosen(name, whole):
    lesson = LESSONS[name]
    view = lesson.trace(whole=whole)
    answers = squeeze(lesson.trace(whole=whole, answers=True).text())
    faces = [opened(view.page()), opened(live_html(view)), squeeze(view.text())]
    terms = lesson.by_id("terms")
    keys = {*lesson.events.status, *lesson.events.content_status, *lesson.supports.bearing} - {""}
    for term in (terms[key] for key in keys):
        word = re.compile(rf"\b{term['term']}\b|{re.escape(term['mark'] or term['term'])}")
        assert not [face for face in faces if word.search(face)], term["term"]
    for link in links_of(lesson, whole=whole):
        notes = [row["note"] for row in lesson.records("supports", link=link["id"])]
        for told in map(squeeze, filter(None, [link["says"], link["open_question"], *notes])):
            assert not [face for face in faces if told in face], told
            assert told in answers


@EVERY_LESSON
def test_steps_look_alike_until_they_are_sorted(name):
    """What differs is a mark that no style shows before, and that no reader meets as a word."""
    view = LESSONS[name].trace(whole=True)
    fieldsets = re.findall(r"<fieldset.*?</fieldset>", view.page(), re.DOTALL)
    assert len(fieldsets) == 2 * len(LESSONS[name].links)
    assert {fieldset.count(" data-ours=") for fieldset in fieldsets} == {1}
    alike = {re.sub(r' data-ours="ours"|-\d+|\d+\. ', "", fieldset) for fieldset in fieldsets}
    assert len(alike) == 2
    assert "?" not in "".join(link["title"] for link in LESSONS[name].records("links"))


def test_ours_follows_the_rows(fiction):
    def ours(step):
        found = kwlesson.load(fiction.path).trace(whole=True).context["cards"][step]["ours"]
        return found["happened"], found["said"]

    assert [ours(step) for step in range(3)] == [
        ("shown", "passed-on"), ("worked-out", "worked-out"), ("told", "passed-on"),
    ]  # fmt: skip
    fiction.change("links", 0, known_by="listener")
    place = [row["id"] for row in fiction.rows("events")].index("ladder-brought")
    fiction.change("events", place, status="documented")
    assert [ours(0), ours(2)] == [("shown", "listener"), ("shown", "paper")]


def test_a_lane_is_whoever_decides_and_the_middle_one_whom_both_others_meet(lesson):
    lanes = [lane["id"] for lane in lesson.trace().context["lanes"]]
    assert lanes == ["kim-il-sung", "stalin", "mao"]
    people = lesson.by_id("people")
    assert {people[lane]["decider"] for lane in lanes} == {""}
    assert {people[link["by"]]["decider"] or link["by"] for link in links_of(lesson)} == set(lanes)


def test_a_chain_of_many_deciders_draws_the_busiest_and_no_arrow_to_the_others():
    steps = [(f"p{n}", f"p{n + 1}") for n in range(20)] + [("p0", "p1")] * 3
    lanes = order_lanes(steps)
    assert len(lanes) == MAX_LANES
    assert {"p0", "p1"} <= set(lanes)
    assert Arrow(lanes, "p0", "p19").line == ""
    assert Arrow(lanes, "p19", "").x == -1


def test_a_base_text_bears_first_and_its_quotations_are_read_before_choosing(lesson):
    page, text = opened(lesson.trace().page()), squeeze(lesson.trace().text())
    for link in links_of(lesson):
        for support in lesson.records("supports", link=link["id"]):
            quote = lesson.by_id("quotes").get(support["quote"])
            if quote and support["source"] not in lesson.later_source_ids:
                assert squeeze(quote["words"]) in page
                assert squeeze(quote["words"]) in text
                assert squeeze(quote["plain"]) not in page + text


def test_support_is_ordered_by_its_number_whatever_the_order_of_the_table(fiction):
    rows = fiction.rows("supports")
    first = {"link": "blame", "quote": "", "event": "inquiry", "source": "harbour-book"}
    more = [
        rows[0] | first | {"bearing": "supports", "note": f"n{n}", "number": f"S{n}"}
        for n in (11, 10, 9)
    ]
    fiction.write("supports", more + rows)
    step = kwlesson.load(fiction.path).trace(answers=True).page().split('data-row="links:leave"')[0]
    assert re.findall(r"</b> (S\d+):", step) == ["S1", "S9", "S10", "S11", "S2"]


@EVERY_LESSON
def test_a_source_that_was_only_cited_is_said_to_be_cited_by_another_and_not_read(name):
    lesson = LESSONS[name]
    sources, text = lesson.by_id("sources"), squeeze(lesson.trace(answers=True).text())
    for link in links_of(lesson):
        for support in lesson.records("supports", link=link["id"]):
            source = sources[support["source"]]
            how = {"cited": ": cited by ", "part": ": read in part"}.get(source["read"], "")
            assert f"{squeeze(short_title(source))}{how}" in text


@pytest.mark.parametrize("answers", [False, True])
def test_sensitive_words_stand_only_behind_their_caution(fiction, answers):
    rows = fiction.rows("supports")
    rows.append(rows[0] | {"quote": "drunken-gulls", "note": "rude", "number": "S3"})
    fiction.write("supports", rows)
    lesson = kwlesson.load(fiction.path)
    quote, view = lesson.get("quotes", "drunken-gulls"), lesson.trace(answers=answers)
    page = Page(view.page())
    assert quote["words"] in page.text
    assert quote["words"] not in page.open_text + view.text()
    assert quote["caution"] in page.open_text
    assert quote["caution"] in squeeze(view.text())
    assert quote["plain"] not in view.text()


@pytest.mark.parametrize("cell", HOSTILE)
@pytest.mark.parametrize("answers", [False, True])
def test_hostile_cells_show_as_text_in_each_face(fiction, cell, answers):
    fiction.change("links", 0, says=cell, title=cell, open_question=cell, number=cell)
    fiction.change("supports", 0, note=cell)
    fiction.change("quotes", 1, plain=cell)
    fiction.change("people", 0, name=cell)
    fiction.change("sources", 0, title=cell, read_in=cell)
    fiction.change("notes", 3, text=cell)
    fiction.change("events", 1, derived=cell)
    view = kwlesson.load(fiction.path).trace(whole=True, answers=answers)
    for html in (view.page(), live_html(view)):
        page = Page(html)
        assert cell in page.text
        assert not [tag for tag in ("<script", "</td") if tag in html]
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not [value for _, value in page.attributes if value.startswith("javascript")]
        assert page.unbalanced == []
    assert cell in squeeze(view.text())
    assert "49" not in view.text()


def test_a_chain_of_300_links_names_each_and_stays_small(fiction):
    event, link = fiction.rows("events")[1], fiction.rows("links")[0]
    support, other = fiction.rows("supports")[:2]
    keys = [f"link-{n}" for n in range(300)]
    ids = [f"event-{n}" for n in range(300)]
    fiction.write(
        "events",
        fiction.rows("events") + [event | {"id": key, "title": f"Event {key}"} for key in ids],
    )
    fiction.write("links", [
        link | {"id": key, "step": str(n + 1), "event": ids[n]} for n, key in enumerate(keys)
    ])  # fmt: skip
    fiction.write("supports", [row | {"link": key} for key in keys for row in (support, other)])
    fiction.write("notes", fiction.rows("notes")[:3])
    view = kwlesson.load(fiction.path).trace()
    rows = [row for row in Page(view.page()).rows if row.startswith("links:")]
    assert rows == [f"links:{key}" for key in keys]
    assert len(view.body()) < 300 * 7_000


def test_the_chain_is_small(lesson):
    for how, limit in (({}, 96_000), ({"whole": True}, 124_000)):
        view = lesson.trace(**how)
        assert max(len(html.encode()) for html in (view.body(), live_html(view))) < limit
