"""The timeline: every event in its place, few marks at first sight, and figures on request."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from operator import itemgetter

import ipywidgets
import nbformat
import pytest
from cases import each
from html_probe import Page, live_html, squeeze
from lessons import LESSONS
from nbclient import NotebookClient
from plotly.graph_objects import Figure

import kwlesson
from kwlesson import paths
from kwlesson.tables import reader
from kwlesson.tables.edtf import Moment
from kwlesson.views.timeline import drawing as axis
from kwlesson.views.timeline import periods, plotly_figure
from kwlesson.views.timeline import view as timeline

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
PEOPLE = [
    (name, person)
    for name, lesson in LESSONS.items()
    for person in sorted({*";".join(lesson.events.people).split(";")} - {""})
]
WHOLE = [(name, None) for name in LESSONS]
every_view = each(("name", "person"), WHOLE + PEOPLE)
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
    for cell in {row["paragraph"] for row in events_of(name, person)} - {""}:
        where = f"paragraph{'s' if ';' in cell else ''} {cell.replace(';', ', ')}"
        assert where in page.open_text
        assert where in text


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
                assert f'{side} "{squeeze(events[row[side]]["title"])}"' in squeeze(told)
        who = "; ".join(people[key]["name"] for key in row["people"].split(";") if key)
        assert (f" Who: {squeeze(who)} What:" in block[0]) is bool(who)
        if row["derived"] and row["date_words"]:
            assert squeeze(f"In the text: “{row['date_words']}”") in block[0]


@every_lesson
def test_each_event_stands_in_one_period_in_order_of_time(name):
    context = view_of(name).context
    marks = [mark for _, parts in view_of(name).panels() for part in parts for mark in part["marks"]
             if mark["row"]]  # fmt: skip
    if context["overview"]:
        shown = [
            mark for one in context["periods"] for part in one["parts"] for mark in part["marks"]
        ]
        marks = shown
    assert [mark["row"]["id"] for mark in marks] == [
        mark["row"]["id"] for mark in context["marks"]]  # fmt: skip
    sorted_under = [mark["row"]["date_sort"] for mark in context["marks"]]
    assert sorted_under == sorted(sorted_under)


@every_view
def test_few_marks_are_drawn_at_first_sight(name, person):
    page = view_of(name, person).page()
    seen = drawings(page)
    if seen:
        assert seen[0].marks <= 18
        assert max(drawing.marks for drawing in seen) <= 18
    if view_of(name, person).context["overview"]:
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
    shown = [mark["row"]["id"] for mark in view.context["overview"]["marks"] if mark["row"]]
    assert set(shown) == set(opening.values())
    assert view.context["overview"]["left_out"] == len(set(spine.event)) - len(shown)
    for one in view.context["overview"]["marks"]:
        if not one["row"]:
            assert one["label"] in overview.svg or one["period"] == "Undated"


@every_view
def test_one_event_told_by_two_texts_is_one_mark_with_both_tellings(name, person):
    view, rows = view_of(name, person), events_of(name, person)
    here = {row["id"] for row in rows}
    again = [row for row in rows if row["same_as"] in here]
    assert len(view.context["marks"]) == len(rows) - len(again)
    for row in again:
        mark = next(one for one in view.context["marks"] if one["row"]["id"] == row["same_as"])
        assert [other["row"]["id"] for other in mark["others"]] == [row["id"]]
        assert f"The same event, told again: {row['title']}" in Page(view.page()).text


def test_a_circle_of_same_events_is_still_one_mark():
    rows = [{"id": key, "same_as": other} for key, other in ("ab", "bc", "ca")]
    assert len(set(periods.canonical_ids(rows).values())) == 1


@every_view
def test_undated_events_are_ringed_and_called_undated(name, person):
    view = view_of(name, person)
    undated = [mark for mark in view.context["marks"] if not mark["dated"]]
    assert {mark["row"]["id"] for mark in undated} == {
        row["id"] for row in events_of(name, person) if not row["date"]
    } - {other["row"]["id"] for mark in view.context["marks"] for other in mark["others"]}
    page = view.page()
    start = 1 if view.context["overview"] else 0
    drawn = drawings(page)[start:]
    reached = [mark for mark in undated if mark["day"] or not view.context["overview"]]
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
        {"id": "k", "date": "../1912-04", "after": "a", "before": ""},
        {"id": "l", "date": "1912-04/..", "after": "", "before": "d"},
    ]
    found = periods.spans(rows)
    said = {key: tuple(one and str(one) for one in span) for key, span in found.items()}
    assert said["c"] == ("1912-03-04", "1912-05-01")
    assert said["b"] == ("1912-03-04", "1912-05-01")
    assert said["d"] == ("1912-05-01", "1912-05-31")
    assert said["h"] == ("1912-05-01", None)
    assert said["j"] == ("1912-03-04", None)
    assert said["g"] == ("1912-03-04", "1912-09-01")
    assert said["e"] == ("1912-05-01", None)
    assert said["f"] == (None, None)
    assert said["k"] == ("1912-03-04", "1912-04-30")
    assert said["l"] == ("1912-04-01", "1912-05-01")


YEAR = Moment(1912, 1, 1), Moment(1912, 12, 31, 24)


def drawn(first, last, **others):
    span = periods.Span(first, last and last.end)
    row = {"label": "It", "day": first or last, "span": span, "dated": True,
           "kind": "told", "sign": "●"} | others  # fmt: skip
    return axis.drawing(periods.Period(*YEAR, [row]), [row])


def test_an_interval_is_drawn_from_its_first_day_to_its_last():
    found = drawn(Moment(1912, 1, 1), Moment(1912, 12, 31))
    assert re.fullmatch(r"M0 \d+H1000", found["groups"]["told"]["solid"])
    assert found["arrows"] == []
    assert not drawn(Moment(1912, 3, 4), Moment(1912, 3, 4))["groups"]["told"]["solid"]


@pytest.mark.parametrize(
    ("first", "last", "arrows"),
    [
        (Moment(1912, 6, 1), None, ["→"]),
        (None, Moment(1912, 6, 1), ["←"]),
        (Moment(1911, 6, 1), Moment(1913, 1, 1), ["←", "→"]),
    ],
)
def test_an_open_end_and_one_beyond_the_edge_end_in_an_arrow(first, last, arrows):
    found = drawn(first, last)
    assert [sign for *_, sign in found["arrows"]] == arrows
    assert found["groups"]["told"]["solid"]


def test_an_undated_event_is_dotted_and_never_a_bar():
    group = drawn(Moment(1912, 6, 1), None, dated=False)
    assert group["rings"]
    assert group["groups"]["told"]["dotted"]
    assert not group["groups"]["told"]["solid"]


@pytest.mark.parametrize("letters", [1, 20, 49, 60, 200])
@pytest.mark.parametrize("month", range(1, 13))
def test_no_label_runs_out_of_the_narrowest_screen(letters, month):
    day = Moment(1912, month, 1)
    label = ("word " * letters)[:letters].strip()
    for x, side, _, line in drawn(day, day, label=label)["labels"]:
        wide = 100 * len(line) / axis.LETTERS
        left, right = (x, x + wide) if side == "start" else (x - wide, x)
        assert -1e-9 <= left <= right <= 100 + 1e-9


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (Moment(1912, 3, 1), Moment(1912, 3, 31)),
        (Moment(1912, 3, 1), Moment(1912, 4, 30)),
        (Moment(1945, 8, 1), Moment(1950, 10, 31)),
        (Moment(-9999, 1, 1), Moment(9999, 12, 31)),
    ],
)
def test_an_axis_has_a_handful_of_names(first, last):
    found = axis.ticks(first, last)
    assert 1 <= len(found) <= 5
    assert all(first <= day <= last for day, _ in found)
    assert len({name for _, name in found}) == len(found)


def test_a_morning_is_drawn_from_hour_to_hour_and_years_before_ours_in_order(fiction):
    days = ["1912-03-04T04:50", "1912-03-04T05:10/1912-03-04T06:20", "1912-03-04T05:00"]
    like = fiction.rows("events")[0] | {"date_words": ""}
    rows = [like | {"id": f"e-{n}", "date": day} for n, day in enumerate(days)]
    fiction.write("events", rows)
    spoilt = kwlesson.Lesson(*reader.read_folder(fiction.path)[:2])
    view = spoilt.timeline()
    assert [mark["row"]["id"] for mark in view.context["marks"]] == ["e-0", "e-2", "e-1"]
    (part,) = view.context["whole"]
    assert [name for _, name in part["drawing"]["ticks"]] == ["04:00", "05:00", "06:00", "07:00"]
    assert "4 March 1912, 05:10 to 06:20" in view.text()
    assert view.figure().layout.xaxis.range == ("1912-03-04T04:00", "1912-03-04T07:00")
    for row, day in zip(rows, ["-0043-03-15", "-0048-01-10", "0014-08-19"], strict=True):
        row["date"] = day
    fiction.write("events", rows)
    view = kwlesson.Lesson(*reader.read_folder(fiction.path)[:2]).timeline()
    assert [mark["row"]["id"] for mark in view.context["marks"]] == ["e-1", "e-0", "e-2"]
    ticks = [name for _, name in view.context["whole"][0]["drawing"]["ticks"]]
    assert ticks[0].endswith("BCE")
    assert ticks[-1] == "1 BCE"
    assert "15 March 44 BCE" in view.text()
    assert view.figure().layout.xaxis.range == ("-0048-01-01", "0014-08-31")


@pytest.mark.parametrize("many", [0, 1, 15, 40, 1000])
def test_however_many_events_there_are_the_periods_are_few(many):
    marks = [{"day": Moment(1900 + n // 12, n % 12 + 1, 1)} for n in range(many)]
    found = periods.divide(marks, timeline.MAX_MARKS_AT_FIRST_SIGHT, timeline.MAX_PERIODS)
    assert len(found) <= timeline.MAX_PERIODS
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


def test_the_events_of_a_time_alone_are_drawn_and_their_table_is_folded_to_titles():
    lesson = LESSONS["invented"]
    whole, few = view_of("invented"), lesson.timeline(during="1912-03")
    page = Page(few.page())
    assert sorted(page.rows) == ["events:boat-strikes", "events:inquiry"]
    assert sorted(Page(live_html(few)).rows) == sorted(page.rows)
    assert [drawing.marks for drawing in drawings(few.page())] == [2]
    summary = lesson.get("events", "inquiry")["summary"]
    assert summary in Page(whole.page()).open_text
    assert summary not in page.text
    title = lesson.get("events", "inquiry")["title"]
    assert page.text.count(title) == page.open_text.count(title) + 1 == 2
    with pytest.raises(kwlesson.LessonError, match=r"no time '3 March': write an EDTF date"):
        lesson.timeline(during="3 March")
    assert "No event of the tables is dated in 1999." in lesson.timeline(during="1999").text()


def test_a_person_without_events_is_said_to_have_none():
    view = view_of("invented", "writer")
    assert view.switch() is None
    for face in (view.text(), Page(view.page()).text):
        assert "No event of the tables names Ada Quill." in face


# Figures


def outputs_of(view):
    """List what plotly's renderer is sent, with what stands in where there is none."""
    found = []

    def walk(widget):
        if isinstance(widget, ipywidgets.Output):
            found.extend(output["data"] for output in widget.outputs)
        for child in getattr(widget, "children", ()):
            walk(child)

    walk(view.live())
    return found


def drawn_panels(view):
    return {label: parts for label, parts in view.panels() if parts[0]["drawing"]}


@every_lesson
def test_a_figure_is_plotlys_own_and_what_the_renderer_is_sent(name):
    view = view_of(name)
    assert isinstance(view.figure(), Figure)
    sent = [data[plotly_figure.MIME] for data in outputs_of(view)]
    made = [view.figure(label or None).to_plotly_json() for label in drawn_panels(view)]
    assert [figure | {"config": {"displaylogo": False}} for figure in made] == sent
    assert json.dumps(made) == json.dumps(json.loads(json.dumps(made, allow_nan=False)))
    assert sum(len(json.dumps(figure)) for figure in made) < 60_000


@every_view
def test_each_drawing_of_the_page_is_live_a_figure_whose_marks_name_their_events(name, person):
    view = view_of(name, person)
    panels, outputs = drawn_panels(view), outputs_of(view)
    assert len(outputs) == len(panels)
    for data, parts in zip(outputs, panels.values(), strict=True):
        assert 'role="img"' in data["text/html"]
        traces = data[plotly_figure.MIME]["data"]
        said = {words for trace in traces for words in trace.get("hovertext", ())}
        written = {words for trace in traces for words in trace.get("text", ())}
        legend = {trace["name"] for trace in traces if trace["showlegend"]}
        for mark in (mark for part in parts for mark in part["marks"] if mark["day"]):
            label = html.escape(mark["label"], quote=False)
            assert label in written
            if mark["row"]:
                known = f"{mark['known']['mark']} {mark['known']['term']}"
                when = html.escape(mark["row"]["date_label"], quote=False)
                assert f"{label}<br>{when}<br>{known}" in said
                assert known in legend
            else:
                assert any(words.startswith(f"{label}<br>") for words in said)


@every_lesson
def test_a_line_of_the_legend_hides_all_that_is_drawn_of_its_status(name):
    for label in drawn_panels(view_of(name)):
        traces = view_of(name).figure(label or None).data
        for trace in traces:
            if trace.showlegend:
                assert trace.name.endswith(
                    f" {LESSONS[name].get('terms', trace.legendgroup)['term']}"
                )
        shown = {trace.legendgroup for trace in traces if trace.showlegend}
        assert {trace.legendgroup for trace in traces} - {""} == shown


def test_a_figure_can_be_zoomed_along_its_axis_and_sends_nothing_away():
    layout = view_of("real").figure().layout
    assert layout.dragmode == "zoom"
    assert not layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert "sendChartToCloud" in layout.modebar.remove


def test_a_period_that_is_not_drawn_is_answered_with_those_that_are():
    with pytest.raises(kwlesson.LessonError, match="no period 'May' is drawn; choose one of: 'Ov"):
        view_of("real").figure("May")
    with pytest.raises(kwlesson.LessonError, match="no period 'Undated' is drawn"):
        view_of("real").figure("Undated")
    with pytest.raises(kwlesson.LessonError, match="no period 'May' is drawn; leave the period"):
        view_of("invented").figure("May")
    with pytest.raises(kwlesson.LessonError, match="no event of this timeline has a date"):
        view_of("invented", "writer").figure()


def test_a_crowded_period_keeps_the_drawings_of_the_page_and_has_a_figure_of_them_all(fiction):
    events = fiction.rows("events")
    fiction.write(
        "events", events + [events[0] | {"id": f"e-{n}", "number": ""} for n in range(40)]
    )
    view = kwlesson.load(fiction.path).timeline()
    crowded = next(label for label, parts in view.panels() if len(parts) > 1)
    assert len(outputs_of(view)) == len(drawn_panels(view)) - 1
    assert set(Page(live_html(view)).rows) == set(Page(view.page()).rows)
    marks = [trace for trace in view.figure(crowded).data if trace.hovertext]
    assert sum(len(trace.x) for trace in marks) == sum(
        len(part["marks"]) for part in drawn_panels(view)[crowded]
    )


@every_lesson
def test_a_timeline_never_carries_a_figure_that_would_hide_its_table(name):
    assert set(view_of(name)._repr_mimebundle_()) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}  # fmt: skip


def test_a_notebook_draws_figures_without_importing_what_makes_them():
    run = (
        "import sys, kwlesson; kwlesson.load().timeline()._repr_mimebundle_();"
        "sys.exit('plotly.graph_objects' in sys.modules or 'plotly.basedatatypes' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", run], check=False).returncode == 0


@every_view
def test_without_plotly_the_drawings_of_the_page_stay_and_one_sentence_says_why(
    monkeypatch, name, person
):
    view = view_of(name, person)
    sentence = squeeze(Page(str(view.draw("without_figures"))).text)
    assert sentence not in squeeze(Page(live_html(view)).text)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "plotly", None)
        assert outputs_of(view) == []
        live = live_html(view)
    assert [drawing.svg for drawing in drawings(live)] == [
        drawing.svg for drawing in drawings(view.page())]  # fmt: skip
    assert squeeze(Page(live).text).count(sentence) == bool(drawn_panels(view))
    assert set(Page(live).rows) == set(Page(view.page()).rows)


@pytest.mark.slow
@pytest.mark.parametrize("number", ["07", "12"])
def test_a_notebook_with_timelines_runs_where_plotly_cannot_be_imported(tmp_path, number):
    notebook = nbformat.read(next(paths.NOTEBOOKS.glob(f"{number}-*.ipynb")), as_version=4)
    blocked = nbformat.v4.new_code_cell("import sys; sys.modules['plotly'] = None")
    notebook.cells.insert(0, blocked)
    own = dict.fromkeys(("IPYTHONDIR", "KWLESSON_WORK"), str(tmp_path))
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(env=os.environ | own)
    timelines = [cell for cell in notebook.cells if "lesson.timeline(" in cell.source]
    assert timelines
    for cell in timelines:
        assert 'role="img"' in cell.outputs[0].data["text/html"]
    states = [one["state"] for one in notebook.metadata["widgets"][WIDGET_STATE]["state"].values()]
    sentence = view_of("real").draw("without_figures").strip()
    assert sum(sentence in state.get("value", "") for state in states) == len(timelines)
    assert plotly_figure.MIME not in json.dumps(states)


def test_a_figure_keeps_a_hostile_cell_from_being_markup(fiction):
    fiction.change("events", 0, title='<a href="javascript:alert(1)">go</a>')
    figure = json.dumps(kwlesson.load(fiction.path).timeline().figure().to_plotly_json())
    assert "<a" not in figure
    assert "&lt;a href" in figure


def test_a_figure_has_the_colours_of_the_page_in_a_light_theme():
    css = (paths.PACKAGE / "views/kit/base.css").read_text(encoding="utf-8")
    css += (paths.PACKAGE / "views/timeline/style.css").read_text(encoding="utf-8")

    def variable(name):
        return re.search(rf"--kw-{name}: (#\w+)", css)[1]

    assert tuple(map(variable, ("ink", "ground", "line"))) == (
        plotly_figure.INK,
        plotly_figure.PAPER,
        plotly_figure.GRID,
    )
    for kind, colour in plotly_figure.COLOURS.items():
        rule = rf"\.kw-mark-{kind or 'period'} {{ color: var\(--kw-([\w-]+)\)"
        assert colour == variable(re.search(rule, css)[1])
    assert {status for lesson in LESSONS.values() for status in lesson.events.status} <= set(
        plotly_figure.COLOURS)  # fmt: skip


def test_every_colour_of_a_figure_can_be_read_on_its_paper():
    def light(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (*plotly_figure.COLOURS.values(), plotly_figure.INK):
        assert (light(plotly_figure.PAPER) + 0.05) / (light(colour) + 0.05) >= 4.5


# However large


def steps(run):
    """Count the lines of views and their templates that are run."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace if "views" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("column", ["after", "before", "same_as"])
@pytest.mark.parametrize("backwards", [True, False])
def test_a_chain_of_twice_the_events_is_followed_in_twice_the_steps(column, backwards):
    def count(size):
        rows = [
            dict.fromkeys(("date", "after", "before", "same_as"), "")
            | {"id": f"e-{n}", column: f"e-{n + 1}" if n + 1 < size else ""}
            for n in range(size)
        ][:: -1 if backwards else 1]
        rows[0]["date"] = "1912-03"
        return steps(lambda: (periods.spans(rows), periods.canonical_ids(rows)))

    assert count(2000) / count(1000) < 2.2


@pytest.mark.parametrize("months", [1, 100, 9999])
def test_twice_the_marks_are_divided_in_hardly_more_than_twice_the_steps(months):
    def count(size):
        marks = [{"day": Moment(1 + n % months, 1, 1)} for n in range(size)]
        marks.sort(key=itemgetter("day"))
        return steps(lambda: periods.divide(marks, 15, 8))

    assert count(4000) / count(2000) < 2.6  # the limit grows by a quarter until all fit


def test_twice_the_events_are_shown_in_twice_the_steps(fiction):
    events = fiction.rows("events")
    like = events[0] | {"number": "", "date_words": "", "derived": ""}

    def count(size):
        more = [
            like | {"id": f"e-{n}", "title": f"Event {n}", "date": f"19{n % 90 + 10}-0{n % 9 + 1}"}
            for n in range(size)
        ]
        fiction.write("events", events + more)
        lesson = kwlesson.load(fiction.path)
        return steps(lambda: lesson.timeline()._repr_mimebundle_())

    count(1)  # templates are compiled once
    assert count(160) / count(80) < 2.2
