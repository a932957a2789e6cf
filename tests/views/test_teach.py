"""The session plans: minutes that add up, what to drop, and a view with a running clock."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from html_probe import Page, squeeze
from lessons import REAL
from notebook_cells import LEARNERS, made, named

import kwlesson

LENGTHS = {15: 15, 50: 42, 90: 90}  # of fifty minutes eight go for coming and going
WHOLE = 133
SAID = ("step", "say", "if_they_say", "if_late")
every_length = pytest.mark.parametrize("minutes", LENGTHS)
every_session = pytest.mark.parametrize("minutes", [*LENGTHS, None])
NUMBERS = {name[:2] for name in LEARNERS}


def column(minutes):
    return f"minutes_{'full' if minutes is None else minutes}"


def planned(plan, minutes):
    return [row for row in plan if row[column(minutes)]]


def shown(plan, minutes):
    """List the rows of a session: those with minutes, and those at hand in its notebooks."""
    taken = {row["notebook"] for row in planned(plan, minutes)}
    return [
        row
        for row in plan
        if row[column(minutes)] or (row["notebook"] in taken and is_at_hand(row))
    ]


def is_at_hand(row):
    return not any(row[column(minutes)] for minutes in [*LENGTHS, None])


def unsound(plan, numbers):
    """Find what is wrong with a plan: sums, and notebooks that are not there."""
    found = [
        f"{minutes}: {total}"
        for minutes, wanted in LENGTHS.items()
        if (total := sum(int(row[column(minutes)]) for row in planned(plan, minutes))) != wanted
    ]
    return found + sorted({row["notebook"] for row in plan} - numbers)


def minutes_at_the_head(booklet):
    found = re.search(r"^\*\*(\d+) minutes\*\*", booklet.markdown, re.MULTILINE)
    return int(found[1]) if found else 0


def minutes_in_the_plan(plan):
    full = Counter()
    for row in plan:
        full[row["notebook"]] += int(row["minutes_full"] or 0)
    return dict(full)


def test_the_minutes_of_each_path_add_up_and_every_notebook_is_there():
    assert unsound(REAL.records("plan"), NUMBERS) == []


def test_a_path_that_does_not_add_up_or_leads_nowhere_would_be_found():
    plan = REAL.records("plan")
    plan[5] = plan[5] | {"minutes_15": "9", "notebook": "13"}
    assert unsound(plan, NUMBERS) == ["15: 21", "13"]


def test_the_whole_lesson_lasts_as_long_as_its_notebooks_say():
    said = {name[:2]: minutes_at_the_head(named(name)) for name in LEARNERS}
    assert minutes_in_the_plan(REAL.records("plan")) == {n: m for n, m in said.items() if m}
    assert sum(said.values()) == WHOLE


def test_the_orders_count_on_and_follow_the_notebooks():
    plan = REAL.records("plan")
    assert [row["order"] for row in plan] == list(range(1, len(plan) + 1))
    assert [row["notebook"] for row in plan] == sorted(row["notebook"] for row in plan)
    steps = Counter(row["notebook"] for row in plan)
    assert all(2 <= number <= 5 for number in steps.values())


def test_the_paths_take_the_notebooks_they_are_meant_to_take():
    taken = {m: {row["notebook"] for row in planned(REAL.records("plan"), m)} for m in LENGTHS}
    assert taken[15] == {"01", "02"}
    assert taken[50] == {"00", "01", "02", "03", "05"}
    assert taken[50] < taken[90]


@every_length
def test_a_path_can_get_shorter_without_losing_its_core(minutes):
    rows = planned(REAL.records("plan"), minutes)
    assert all(row["if_late"] for row in rows)
    assert any(row["can_skip"] == "no" for row in rows)
    if minutes > 15:
        assert any(row["can_skip"] == "yes" for row in rows)
        assert any("Skip the second rating." in row["if_late"] for row in rows)


def test_every_step_has_something_to_say_and_an_answer_to_what_they_say():
    for row in REAL.records("plan"):
        assert all(row[name] for name in SAID), row["order"]
        assert re.match(r"[^?]+\? [A-Z]", row["if_they_say"]), row["order"]


def test_a_session_has_at_hand_what_no_minute_is_planned_for():
    at_hand = [row["step"] for row in REAL.records("plan") if is_at_hand(row)]
    for what in ("Pairs:", "comes late", "crude remark"):
        assert any(what in step for step in at_hand), what
    slip = planned(REAL.records("plan"), 50)[-1]
    assert "Exit slip" in slip["step"]
    assert "Key, one point each:" in slip["if_they_say"]


@every_session
def test_both_faces_show_every_step_with_all_that_it_says(minutes):
    view = REAL.teach(minutes)
    page, text = Page(view.page()), squeeze(view.text())
    rows = shown(REAL.records("plan"), minutes)
    assert [one for one in page.rows if one.startswith("plan:")] == [
        f"plan:{row['order']}" for row in rows
    ]
    for row in rows:
        assert all(row[name] in page.text and row[name] in text for name in SAID)
    page_skips = re.findall(r'class="kw-optional"[^>]*>(.*?)<', view.page())
    assert page_skips == [
        "may be skipped" if row["can_skip"] == "yes" else "keep"
        for row in rows
        if not is_at_hand(row)
    ]


@every_session
def test_the_clock_runs_on_and_the_foot_gives_the_length(minutes):
    view = REAL.teach(minutes)
    clock = [tuple(map(int, c)) for c in re.findall(r"<th scope=.row.>(\d+)-(\d+)<", view.page())]
    assert clock[0][0] == 0
    assert all(end == start for (_, end), (start, _) in pairwise(clock))
    length = LENGTHS.get(minutes, WHOLE)
    assert clock[-1][1] == length
    foot = f"Planned: {length}{' of 50' if minutes == 50 else ''} minutes."
    assert view.text().endswith(foot)
    assert foot in Page(view.page()).text
    assert re.findall(r"^Clock: (\d+)-(\d+) \[", view.text(), re.MULTILINE) == [
        (str(start), str(end)) for start, end in clock
    ]


@every_session
def test_the_page_is_a_sound_small_table_without_scripts(minutes):
    html = REAL.teach(minutes).page()
    page = Page(html)
    assert page.unbalanced == page.tags == []
    assert page.headings == [2]
    assert html.count('scope="col"') == 6
    assert len(html.encode()) < 100_000
    assert "<script" not in html
    assert not any(name.startswith("on") for name, _ in page.attributes)


def test_a_session_has_nothing_to_toggle_and_can_be_made_large():
    view = REAL.teach(15)
    assert not view.has_live_face()
    assert set(view._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert 'kw-large"' in view.large().body()
    assert repr(view) == view.text()


@pytest.mark.parametrize("minutes", [0, 20, -15, "fifty", 15.0, True])
def test_a_length_that_is_not_planned_gets_a_sentence(minutes):
    with pytest.raises(kwlesson.LessonError) as caught:
        REAL.teach(minutes)
    assert str(caught.value) == (
        f"no session of {minutes} minutes; there are: 15, 50, 90; "
        "lesson.teach() shows the whole lesson"
    )


def test_a_lesson_without_a_plan_of_the_whole_says_which_sessions_there_are(fiction):
    fiction.change("plan", 0, minutes_full="", minutes_50="")
    with pytest.raises(kwlesson.LessonError, match=r"no plan of the whole lesson; .*: 15, 90$"):
        kwlesson.load(fiction.path).teach()
    with pytest.raises(kwlesson.LessonError, match=r"no session of 50 minutes; .*: 15, 90$"):
        kwlesson.load(fiction.path).teach(50)


def test_minutes_that_do_not_fill_the_session_are_owned_to(fiction):
    fiction.change("plan", 0, minutes_50="12")
    view = kwlesson.load(fiction.path).teach(50)
    assert "Planned: 12 of 50 minutes." in view.text()
    assert "Planned: 12 of 50 minutes." in view.page()


@pytest.mark.parametrize(
    "cells",
    [{name: "Mend the net <b>."} for name in SAID]
    + [{"can_skip": "yes"}, {"minutes_15": "9"}, {"notebook": "07"}, {"order": "3"}],
    ids=lambda cells: next(iter(cells)),
)
def test_a_changed_cell_changes_both_faces_and_is_escaped(fiction, invented, cells):
    fiction.change("plan", 0, **cells)
    before, after = invented.teach(15), kwlesson.load(fiction.path).teach(15)
    assert after.text() != before.text()
    assert after.page() != before.page()
    assert "net <b>" not in after.page()


def test_the_plan_stands_in_the_session_plan_and_in_no_notebook_of_learners():
    calls = "\n".join(named("instructor/session-plan.ipynb").sources("code"))
    assert all(f"lesson.teach({minutes or ''})" in calls for minutes in [*LENGTHS, None])
    for name in LEARNERS:
        assert not re.search(r"\.(teach|mark)\(", "\n".join(named(name).sources("code")))


def test_the_session_plan_covers_what_a_teacher_needs():
    prose = named("instructor/session-plan.ipynb").markdown
    for need in [
        "Twelve minutes before class", "(model-answers.ipynb)", "(class-picture.ipynb)",
        "**Project**", "**Count on the board.**", "**Judge first**", "`kwlesson lab --teach`",
        "Skip the second rating", "says who speaks and who reports",
        "gives an interest without calling it a lie", "tests independence",
        "matches certainty to evidence", "0 points", "2 points", "D2.His.11.9-12", "RH.11-12.8",
        "You can skip it.", "Most of the dead were Koreans",
    ]:  # fmt: skip
        assert need in prose, need


def test_the_twelve_minutes_before_class_are_twelve():
    _, _, rest = named("instructor/session-plan.ipynb").markdown.partition("## Twelve minutes")
    steps = re.findall(r"\((\d+) minutes?\)", rest.partition("\n## ")[0])
    assert sum(map(int, steps)) == 12


def too_long(sentences):
    """Sentences of 20 words and more, besides those whose wording is fixed in the tables."""
    fixed = squeeze(" ".join(row["text"] for row in REAL.records("notes")))
    fixed += squeeze(" ".join(row["says"] for row in REAL.records("links")))
    return [
        one.text
        for one in sentences
        if len(one.text.split()) >= 20 and one.text not in fixed and one.text.count('"') < 2
    ]


def test_sentences_of_the_instructor_are_short():
    for name in ("instructor/session-plan.ipynb", "instructor/model-answers.ipynb"):
        assert too_long(named(name).prose.sentences) == []
    assert too_long(made(("markdown", "word " * 20 + "end.")).prose.sentences) != []
