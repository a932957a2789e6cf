"""The timeline: every event in its place, few marks at first sight, and figures on request."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise

import ipywidgets
import pytest
from html_probe import Page, live_html, squeeze

import kwlesson
from kwlesson.views.timeline import drawing as axis
from kwlesson.views.timeline import periods, plotly_figure
from kwlesson.views.timeline import view as timeline

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}
PEOPLE = [(name, person) for name, lesson in LESSONS.items() for person in lesson.people.id]
WHOLE = [(name, None) for name in LESSONS]
every_view = pytest.mark.parametrize(("name", "person"), WHOLE + PEOPLE)
every_lesson = pytest.mark.parametrize("name", LESSONS)
BUILT = {}


def view_of(name, person=None):
    if (name, person) not in BUILT:
        BUILT[name, person] = LESSONS[name].timeline(person)
    return BUILT[name, person]


def events_of(name, person):
    """List the rows that a timeline must show, worked out from the table alone."""
    rows = LESSONS[name].records("events")
    return [row for row in rows if person is None or person in row["people"].split(";")]


def drawings(page):
    found = re.findall(r'<figure class="kw-axis">.*?</figure>', page, re.DOTALL)
    return [Drawing(one) for one in found]


class Drawing:
    """What a drawing shows: its name, its words, how many marks of which kind."""

    def __init__(self, svg):
        self.svg = svg
        self.title, self.words = re.search(
            r"<title>(.*?)</title><desc>(.*?)</desc>", svg, re.DOTALL).groups()  # fmt: skip
        signs = re.findall(r'<text class="kw-mark-([\w-]+)"[^>]*>(.*?)</text>', svg)
        self.signs = dict(signs)
        bars = re.search(r'kw-mark-period"><path[^>]* d="([^"]*)"', svg)
        self.bars = bars[1].count("M") if bars else 0
        self.marks = sum(map(len, self.signs.values())) + self.bars
        self.rings = svg.count("<circle")
        self.arrows = svg.count(">→<"), svg.count(">←<")


@every_view
def test_each_face_shows_the_persons_events_and_no_others(name, person):
    view, expected = view_of(name, person), events_of(name, person)
    ids = {f"events:{row['id']}" for row in expected}
    for face in (view.page(), live_html(view)):
        assert {row for row in Page(face).rows if row.startswith("events:")} == ids
    assert {row["id"] for row in expected} == {
        found for found in re.findall(r"\[([\w-]+)\]", view.text())
        if found in LESSONS[name].by_id("events")
    }  # fmt: skip


@every_view
def test_every_summary_stands_whole_and_open_beside_its_title_date_status_and_source(name, person):
    lesson, view = LESSONS[name], view_of(name, person)
    page, text = Page(view.page()), squeeze(view.text())
    terms = lesson.by_id("terms")
    for row in events_of(name, person):
        status = terms[row["status"]]
        told = squeeze(f"{row['title']} {row['summary']} {row['place']}")
        assert squeeze(f"{told} {status['mark']} {status['term']}") in page.open_text
        assert row["date_label"] in page.open_text
        for part in ("title", "summary", "date_label", "place"):
            assert squeeze(row[part]) in text
        assert f"{squeeze(row['title'])} {squeeze(row['summary'])}" in text
    for paragraph in {row["paragraph"] for row in events_of(name, person)} - {""}:
        assert f"paragraph {paragraph}" in page.open_text
        assert f"paragraph {paragraph}" in text


@every_lesson
def test_text_gives_number_neighbours_people_and_the_texts_own_words_of_each_event(name):
    lesson, text = LESSONS[name], squeeze(view_of(name).text())
    people, events = lesson.by_id("people"), lesson.by_id("events")
    for row in events.values():
        number = f" ({row['number']})" if row["number"] else ""
        assert squeeze(f"{row['date_label']}{number} [{row['id']}]") in text
        block = text.partition(f" [{row['id']}]")[2].partition(f" {squeeze(row['title'])}")
        for side in ("after", "before"):
            if row[side]:
                told = row["date_label"] + block[0]
                assert f"{side}: {squeeze(events[row[side]]['title'])}" in squeeze(told)
        who = "; ".join(people[key]["name"] for key in row["people"].split(";") if key)
        assert (f" Who: {squeeze(who)} What:" in block[0]) is bool(who)
        if row["derived"] and row["date_words"]:
            assert squeeze(f"In the text: “{row['date_words']}”") in block[0]


@every_lesson
def test_each_event_stands_in_one_period_in_order_of_time(name):
    facts = view_of(name).facts
    marks = [mark for _, parts in view_of(name).panels() for part in parts for mark in part["marks"]
             if mark["row"]]  # fmt: skip
    if facts["overview"]:
        shown = [
            mark for one in facts["periods"] for part in one["parts"] for mark in part["marks"]
        ]
        marks = shown
    assert [mark["row"]["id"] for mark in marks] == [
        mark["row"]["id"] for mark in facts["marks"]]  # fmt: skip
    sorted_under = [mark["row"]["date_sort"] for mark in facts["marks"]]
    assert sorted_under == sorted(sorted_under)


@every_view
def test_few_marks_are_drawn_at_first_sight(name, person):
    page = view_of(name, person).page()
    seen = drawings(page)
    if seen:
        assert seen[0].marks <= 18
        assert max(drawing.marks for drawing in seen) <= 18
    if view_of(name, person).facts["overview"]:
        assert seen[0].marks <= 15
        assert seen[0].bars >= 1


def test_the_overview_has_a_bar_for_each_dated_period_and_one_mark_for_each_card():
    lesson, view = LESSONS["real"], view_of("real")
    overview = drawings(view.page())[0]
    labels = [panel.label for panel in view.switch().panels]
    assert labels[0] == "Overview"
    assert overview.bars == len([one for one in labels[1:] if one != "Undated"])
    spine = lesson.links[lesson.links.spine == "yes"]
    opening = {row["card"]: row["event"] for row in reversed(spine.to_dict("records"))}
    shown = [mark["row"]["id"] for mark in view.facts["overview"]["marks"] if mark["row"]]
    assert set(shown) == set(opening.values())
    assert view.facts["overview"]["left_out"] == len(set(spine.event)) - len(shown)
    for one in view.facts["overview"]["marks"]:
        if not one["row"]:
            assert one["label"] in overview.svg or one["period"] == "Undated"


@every_view
def test_one_event_told_by_two_texts_is_one_mark_with_both_tellings(name, person):
    view, rows = view_of(name, person), events_of(name, person)
    here = {row["id"] for row in rows}
    again = [row for row in rows if row["same_as"] in here]
    assert len(view.facts["marks"]) == len(rows) - len(again)
    for row in again:
        mark = next(one for one in view.facts["marks"] if one["row"]["id"] == row["same_as"])
        assert [other["row"]["id"] for other in mark["others"]] == [row["id"]]
        assert f"The same event, told again: {row['title']}" in Page(view.page()).text


def test_a_circle_of_same_events_is_still_one_mark():
    rows = [{"id": key, "same_as": other} for key, other in ("ab", "bc", "ca")]
    assert len(set(periods.canonical_ids(rows).values())) == 1


@every_view
def test_undated_events_are_ringed_and_called_undated(name, person):
    view = view_of(name, person)
    undated = [mark for mark in view.facts["marks"] if not mark["dated"]]
    assert {mark["row"]["id"] for mark in undated} == {
        row["id"] for row in events_of(name, person) if not row["date"]
    } - {other["row"]["id"] for mark in view.facts["marks"] for other in mark["others"]}
    page = view.page()
    start = 1 if view.facts["overview"] else 0
    drawn = drawings(page)[start:]
    reached = [mark for mark in undated if mark["day"] or not view.facts["overview"]]
    if drawn:
        assert sum(drawing.rings for drawing in drawn) == len(reached)
        words = squeeze(" ".join(re.findall(r"<text[^>]*>(.*?)</text>", page)))
        assert words.count(", undated") >= len(reached)
    for mark in undated:
        assert mark["row"]["date_label"].startswith("undated")
        assert mark["label"].endswith(", undated")


@every_lesson
def test_status_is_told_by_shape_as_well_as_colour(name):
    lesson = LESSONS[name]
    marks = lesson.terms.set_index("id").mark
    shapes = [marks[status] for status in dict.fromkeys(lesson.events.status)]
    assert len(set(shapes)) == len(shapes)
    for drawing in drawings(view_of(name).page()):
        for kind, signs in drawing.signs.items():
            assert set(signs) == {marks[kind]}


@every_view
def test_every_drawing_is_put_into_words_from_the_rows_of_its_table(name, person):
    view = view_of(name, person)
    parts = [part for _, own in view.panels() for part in own if part["drawing"]]
    page = view.page()
    assert len(drawings(page)) == len(parts)
    for drawing, part in zip(drawings(page), parts, strict=True):
        words = squeeze(Page(drawing.words).text)
        assert drawing.title.startswith(("Timeline", "Timeline:"))
        if all(mark["row"] for mark in part["marks"]):
            assert words.startswith(f"{len(part['marks'])} event")
            assert squeeze(part["marks"][0]["row"]["title"]) in words
            assert squeeze(part["marks"][-1]["row"]["title"]) in words
        after = page[page.index(drawing.svg) + len(drawing.svg) :]
        assert after.lstrip().startswith('<table class="kw-events">')


def test_an_undated_event_lies_between_its_neighbours():
    rows = [
        {"id": "a", "date": "1912-03-04", "after": "", "before": ""},
        {"id": "b", "date": "", "after": "a", "before": ""},
        {"id": "c", "date": "", "after": "b", "before": "d"},
        {"id": "d", "date": "1912-05", "after": "", "before": ""},
        {"id": "e", "date": "", "after": "d", "before": ""},
        {"id": "f", "date": "", "after": "", "before": ""},
        {"id": "g", "date": "", "after": "a", "before": ""},
        {"id": "h", "date": "", "after": "d", "before": ""},
        {"id": "i", "date": "1912-09", "after": "g", "before": ""},
        {"id": "j", "date": "", "after": "g", "before": "h"},
    ]
    found = periods.spans(rows)
    assert found["c"] == (date(1912, 3, 4), date(1912, 5, 1))
    assert found["b"] == (date(1912, 3, 4), date(1912, 5, 1))
    assert found["d"] == (date(1912, 5, 1), date(1912, 5, 31))
    assert found["h"] == (date(1912, 5, 1), None)
    assert found["j"] == (date(1912, 3, 4), None)
    assert found["g"] == (date(1912, 3, 4), date(1912, 9, 1))
    assert found["e"] == (date(1912, 5, 1), None)
    assert found["f"] == (None, None)


def drawn(first, last, start=date(1912, 1, 1), stop=date(1912, 12, 31), **others):
    row = {"label": "It", "day": first or last, "span": periods.Span(first, last), "dated": True,
           "kind": "told", "sign": "●"} | others  # fmt: skip
    return axis.drawing(periods.Period(start, stop, [row]), [row])


def test_an_interval_is_drawn_from_its_first_day_to_its_last():
    found = drawn(date(1912, 1, 1), date(1912, 12, 31))
    assert re.fullmatch(r"M0 \d+H1000", found["groups"]["told"]["solid"])
    assert found["arrows"] == []
    assert not drawn(date(1912, 3, 4), date(1912, 3, 4))["groups"]["told"]["solid"]


@pytest.mark.parametrize(
    ("first", "last", "arrows"),
    [
        (date(1912, 6, 1), None, ["→"]),
        (None, date(1912, 6, 1), ["←"]),
        (date(1911, 6, 1), date(1913, 1, 1), ["←", "→"]),
    ],
)
def test_an_open_end_and_one_beyond_the_edge_end_in_an_arrow(first, last, arrows):
    found = drawn(first, last)
    assert [sign for *_, sign in found["arrows"]] == arrows
    assert found["groups"]["told"]["solid"]


def test_an_undated_event_is_dotted_and_never_a_bar():
    group = drawn(date(1912, 6, 1), None, dated=False)
    assert group["rings"]
    assert group["groups"]["told"]["dotted"]
    assert not group["groups"]["told"]["solid"]


@pytest.mark.parametrize("letters", [1, 20, 49, 60, 200])
@pytest.mark.parametrize("month", range(1, 13))
def test_no_label_runs_out_of_the_narrowest_screen(letters, month):
    day = date(1912, month, 1)
    label = ("word " * letters)[:letters].strip()
    for x, side, _, line in drawn(day, day, label=label)["labels"]:
        wide = 100 * len(line) / axis.LETTERS
        left, right = (x, x + wide) if side == "start" else (x - wide, x)
        assert -1e-9 <= left <= right <= 100 + 1e-9


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(1912, 3, 1), date(1912, 3, 31)),
        (date(1912, 3, 1), date(1912, 4, 30)),
        (date(1945, 8, 1), date(1950, 10, 31)),
        (date(1, 1, 1), date(9999, 12, 31)),
    ],
)
def test_an_axis_has_a_handful_of_names(first, last):
    found = axis.ticks(first, last)
    assert 1 <= len(found) <= 5
    assert all(first <= day <= last for day, _ in found)
    assert len({name for _, name in found}) == len(found)


@pytest.mark.parametrize("many", [0, 1, 15, 40, 1000])
def test_however_many_events_there_are_the_periods_are_few(many):
    marks = [{"day": date(1900 + n // 12, n % 12 + 1, 1)} for n in range(many)]
    found = periods.divide(marks, timeline.FEW, timeline.MOST)
    assert len(found) <= timeline.MOST
    assert [mark for period in found for mark in period.marks] == marks
    assert all(one.last < other.first for one, other in pairwise(found))


def test_a_crowded_period_folds_what_one_drawing_cannot_hold(fiction):
    events = fiction.rows("events")
    more = [
        events[0] | {"id": f"event-{n}", "title": f"Event {n}", "number": ""} for n in range(40)
    ]
    fiction.write("events", events + more)
    page = Page(kwlesson.load(fiction.path).timeline().page())
    assert re.search(r"\d+ more events, from: ", page.text)
    assert {f"events:event-{n}" for n in range(40)} <= set(page.rows)


def test_a_long_main_line_is_cut_to_what_can_be_seen_at_once_and_the_cut_is_told(fiction):
    events, links = fiction.rows("events"), fiction.rows("links")
    told = [
        events[0] | {"id": f"event-{n}", "date": f"19{n + 12}-05", "date_words": "", "number": ""}
        for n in range(40)
    ]
    fiction.write("events", events + told)
    spine = [
        links[0] | {"id": f"link-{n}", "step": str(n + 9), "card": str(n + 9), "number": "",
                    "event": f"event-{n}"}
        for n in range(40)
    ]  # fmt: skip
    fiction.write("links", links + spine)
    supports = fiction.rows("supports")
    resting = [supports[0] | {"link": link["id"], "number": ""} for link in spine]
    fiction.write("supports", supports + resting)
    view = kwlesson.load(fiction.path).timeline()
    seen = drawings(view.page())[0]
    assert seen.marks == 15
    left = 42 - (15 - seen.bars)
    for face in (view.text(), Page(view.page()).text):
        assert f"{left} more events of the main line stand in their periods." in squeeze(face)


@every_lesson
def test_what_was_said_is_told_apart_from_that_it_was_said(name):
    lesson = LESSONS[name]
    rows = [row for row in lesson.records("events") if row["content_status"]]
    assert rows
    for row in rows:
        said = lesson.get("terms", row["content_status"])
        told = f"what was said: {said['mark']} {said['term']}"
        page = view_of(name).page()
        found = re.search(rf'<tr data-row="events:{row["id"]}".*?</tr>', page, re.DOTALL)
        assert told in squeeze(Page(found[0]).text)
        assert told in squeeze(view_of(name).text())


def test_a_person_may_be_given_by_any_name_and_an_unknown_one_is_told_the_nearest():
    lesson = LESSONS["invented"]
    assert lesson.timeline("Old Wick").text() == lesson.timeline("lamplighter").text()
    with pytest.raises(kwlesson.LessonError, match="perhaps you meant: Silas Buoy"):
        lesson.timeline("Silas Boy")
    with pytest.raises(kwlesson.LessonError, match=r"several people: lamplighter \(Tom Wick\)"):
        lesson.timeline("wick")


def test_a_person_without_events_is_said_to_have_none():
    view = view_of("invented", "writer")
    assert view.switch() is None
    for face in (view.text(), Page(view.page()).text):
        assert "No event of the tables names Ada Quill." in face


# Figures


@every_view
def test_a_chart_has_the_pages_faces_and_a_figure_for_each_drawing(name, person):
    view = view_of(name, person)
    found = view.chart()
    assert (found.text(), found.page()) == (view.text(), view.page())
    parts = [part for _, own in view.panels() for part in own if part["drawing"]]
    assert len(found.figures()) == len(parts)
    for figure, part in zip(found.figures(), parts, strict=True):
        labels = [mark["label"] for mark in part["marks"] if mark["day"]]
        assert figure["data"][-1]["text"] == [html.escape(label, quote=False) for label in labels]


@every_lesson
def test_a_chart_sends_small_plain_figures_each_with_a_drawing_to_fall_back_on(name):
    found = view_of(name).chart()
    sizes = [len(json.dumps(figure, allow_nan=False).encode()) for figure in found.figures()]
    assert sum(sizes) < 40_000
    outputs = []

    def walk(widget):
        if isinstance(widget, ipywidgets.Output):
            outputs.extend(widget.outputs)
        for child in getattr(widget, "children", ()):
            walk(child)

    walk(found.live())
    assert [one["data"][plotly_figure.MIME] for one in outputs] == found.figures()
    assert all('role="img"' in one["data"]["text/html"] for one in outputs)
    assert set(Page(live_html(found)).rows) == set(Page(found.page()).rows)


def test_a_timeline_never_carries_a_figure_that_would_hide_its_table():
    for view in (view_of("real"), view_of("invented")):
        assert plotly_figure.MIME not in view._repr_mimebundle_()
        assert plotly_figure.MIME not in view.chart()._repr_mimebundle_()


def test_nothing_of_plotly_is_imported():
    run = (
        "import sys, kwlesson; kwlesson.load().timeline().chart()._repr_mimebundle_();"
        "sys.exit(any(name.partition('.')[0] == 'plotly' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", run], check=False).returncode == 0


def test_plotly_finds_nothing_wrong_with_the_figures():
    graphs = pytest.importorskip("plotly.graph_objects")
    for name, person in WHOLE + PEOPLE:
        for figure in view_of(name, person).chart().figures():
            drawn = graphs.Figure(data=figure["data"], layout=figure["layout"])
            assert len(drawn.data) == len(figure["data"]) > 0


def test_a_figure_keeps_a_hostile_cell_from_being_markup(fiction):
    fiction.change("events", 0, title='<a href="javascript:alert(1)">go</a>')
    figures = kwlesson.load(fiction.path).timeline().chart().figures()
    assert "<a" not in json.dumps(figures)
    assert "&lt;a href" in json.dumps(figures)


def test_every_colour_of_a_figure_can_be_read_on_its_paper():
    def light(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    statuses = {status for lesson in LESSONS.values() for status in lesson.events.status}
    for name in (*statuses, "ink", "soft"):
        assert (light(plotly_figure.colour("ground")) + 0.05) / (
            light(plotly_figure.colour(name)) + 0.05
        ) >= 4.5
