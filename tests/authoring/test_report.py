"""A check as a companion: worst first, every view drawn, and warnings that are no fault."""

from __future__ import annotations

import subprocess
import sys

import pytest
from html_probe import Page

import kwlesson
from kwlesson import cli, paths
from kwlesson.authoring import every_view
from kwlesson.authoring.advice import MAX_QUOTED_WORDS

LONG = "so it was " * 31


def longest(fiction):
    for number, row in enumerate(fiction.rows("choices")):
        best = row["best"] == "yes"
        fiction.change("choices", number, text="A very long and careful choice" if best else "No")


WARNED = {
    "a quotation over 90 words": (
        lambda f: f.change("quotes", 0, words=LONG.strip()), "quotes.csv:2:words", "93 words"),
    "a claim without its place": (
        lambda f: f.change("claims", 1, paragraph=""), "claims.csv:3:paragraph", "says nowhere"),
    "a route that ends nowhere": (
        lambda f: f.change("hands", 2, act="heard"), "hands.csv:4:act", "ends nowhere"),
    "a route by which nothing came": (
        lambda f: f.write("routes", [*f.rows("routes"), f.rows("routes")[0] | {"id": "lost-way"}])
        or f.write("hands", [*f.rows("hands"), f.rows("hands")[1] | {
            "route": "lost-way", "step": "1", "source": "logbook"}])
        or f.write("sources", [*f.rows("sources"), f.rows("sources")[1] | {"id": "logbook"}]),
        "routes.csv:4:id", "came this way"),
    "verdicts that all agree": (
        lambda f: f.change("points", 1, verdict="agree"), "cases.csv:2:id", "nothing to weigh"),
    "a wrong choice without feedback": (
        lambda f: f.change("choices", 1, feedback="No."), "choices.csv:3:feedback", "nobody says"),
    "the best choice always the longest": (longest, "choices.csv:2:text", "is the longest"),
    "a derived date without its derivation": (
        lambda f: f.change("events", 1, date_words="the next day", derived=""),
        "events.csv:3:derived", "names no date"),
    "a sensitive quotation in a question": (
        lambda f: f.change("questions", 5, prompt="Why “a pack of drunken gulls”?"),
        "questions.csv:7:prompt", "behind a caution"),
    "a mask that leaks": (
        lambda f: f.change("claims", 0, says="Buoy saw the light."), "claims.csv:2:says", "Buoy"),
    "a silence that leaks": (
        lambda f: f.change("accounts", 0, silence="Buoy says nothing of it."),
        "accounts.csv:2:silence", "Buoy"),
}  # fmt: skip


@pytest.mark.parametrize("what", WARNED)
def test_what_a_historian_would_raise_is_a_warning_with_its_cell_and_no_fault(
    fiction, what, capsys
):
    spoil, place, words = WARNED[what]
    spoil(fiction)
    report = kwlesson.check(fiction.path)
    told = [str(one) for one in report.warnings]
    if what == "a route by which nothing came":
        told = [one for one in told if one.startswith("routes")]
    assert len(told) == 1, told
    assert told[0].startswith(place)
    assert words in told[0]
    assert (
        report.is_sound
        or {p.file for p in report.problems} == {"references.json"}
        or (
            {p.remedy.partition(";")[0] for p in report.problems}
            <= {"has no item in references.json"}
        )
    )
    if report.is_sound:
        assert cli.main(["check", str(fiction.path)]) == 0
        assert told[0] in capsys.readouterr().out


@pytest.mark.ours
@pytest.mark.parametrize(
    "folder", [paths.DATA, paths.TRANSFER, paths.SAMPLE, paths.STARTER], ids=lambda p: p.name
)
def test_our_own_lessons_are_sound_and_raise_nothing(folder):
    assert str(kwlesson.check(folder)) == f"{folder}: nothing to mend"
    assert MAX_QUOTED_WORDS == 90


def test_a_view_that_cannot_be_drawn_is_told_though_the_tables_are_sound(monkeypatch):
    def broken(_lesson, *, whole=False):
        raise KeyError(f"card {whole}")

    monkeypatch.setattr(kwlesson.Lesson, "trace", broken)
    report = kwlesson.check(paths.SAMPLE)
    assert [problem.file for problem in report.broken] == ["lesson.trace()"]
    assert "KeyError: 'card False'" in str(report)
    assert not report.is_sound
    assert cli.main(["check", str(paths.SAMPLE)]) == 1


def test_every_verb_is_drawn(invented):
    drawn = {said.partition("(")[0] for said in every_view.calls(invented)}
    assert drawn == set(kwlesson.Lesson.verbs())


def test_the_worst_stands_first_and_a_lesson_that_does_not_load_is_not_drawn(fiction):
    fiction.change("claims", 1, says="See <b>this</b>", paragraph="")
    fiction.change("events", 0, date="soon")
    report = kwlesson.check(fiction.path)
    lines = str(report).splitlines()
    assert lines[0] == "The lesson does not load until this is mended:"
    assert lines[1].startswith("events.csv:2:date: 'soon'")
    assert lines[2] == "To mend:"
    assert lines[3].startswith("claims.csv:3:says")
    assert lines[-1] == f"{fiction.path}: 2 to mend"
    assert report.warnings == report.broken == ()


def test_a_notebook_shows_a_small_page_in_which_cells_are_text(fiction):
    fiction.change("claims", 0, says="<script>alert(1)</script>")
    html = kwlesson.check(fiction.path)._repr_html_()
    page = Page(html)
    assert page.unbalanced == []
    assert "<script>" not in html
    assert "To mend (1): claims.csv:2:says" in page.text
    assert len(html) < 1_000


def test_a_long_report_is_cut_on_a_page_and_whole_in_print(fiction):
    rows = fiction.rows("terms")
    like = {"term": "<b>", "meaning": "x"}
    fiction.write("terms", rows + [rows[0] | like | {"id": f"t-{n}"} for n in range(50)])
    report = kwlesson.check(fiction.path)
    assert "and 20 more" in Page(report._repr_html_()).text
    assert str(report).count("terms.csv:") == 50


def test_a_check_needs_nothing_but_what_a_learner_has():
    code = """
import sys
class Refuse:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {"edtf", "frictionless", "nbclient", "pandas", "plotly"}:
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
import kwlesson
print(kwlesson.check(kwlesson.SAMPLE))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("nothing to mend\n")
