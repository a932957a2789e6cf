"""What holds for every view of every lesson: three faces, the same rows, and nothing hostile."""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import cache, cached_property
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import five_accounts
import ipywidgets
import pytest
from cases import each
from html_probe import OnPaper, Page, live_html, squeeze, unexplained, widget_html
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths
from kwlesson.authoring.every_view import calls
from kwlesson.jupyter.save_hook import WIDGET_VIEW
from kwlesson.views.ask.view import Question
from kwlesson.views.gather.view import ClassPicture
from kwlesson.views.go_on.view import Place
from kwlesson.views.kit.activity import FormView
from kwlesson.views.read_codes.view import CodeBoard

with TemporaryDirectory() as made:
    FIVE = five_accounts.load(Path(made))
LESSONS = {
    "real": kwlesson.load(),
    "invented": kwlesson.load(kwlesson.SAMPLE),
    "of seven tables": kwlesson.load(paths.STARTER),
    "five": FIVE,
}
# Of the invented lesson, which is small, every row is asked for.
MOST = {"real": 3, "invented": 99, "of seven tables": 3, "five": 1}
CALLS = [(name, call) for name, lesson in LESSONS.items() for call in calls(lesson, MOST[name])]
MADE = {name: calls(lesson, MOST[name]) for name, lesson in LESSONS.items()}


@cache
class Drawn:
    """A view whose faces are drawn and read once, for all that holds of them."""

    def __init__(self, name, call):
        self.make = lambda: MADE[name][call](LESSONS[name])
        self.view = self.make()

    body = cached_property(lambda self: self.view.body())
    text = cached_property(lambda self: self.view.text())
    live = cached_property(lambda self: live_html(self.view))
    page = cached_property(lambda self: Page(self.body))


every_view = each("drawn", CALLS, made=Drawn, in_a_fork=True)
# Rows that have their place in a text, and no id.
WITHOUT_ID = {"choices", "claims", "hands"}


@each("drawn", CALLS, made=Drawn, in_a_fork=True, followed=True)
def test_page_and_live_carry_the_same_rows(drawn):
    view, page, live = drawn.view, set(drawn.page.rows), set(Page(drawn.live).rows)
    if isinstance(view, Question):  # an answer, which only its live face has, rests on sources
        live -= {row for row in live if row.startswith("sources:")}
    assert (
        page
        or view.context == {"title": view.title}
        or isinstance(view, ClassPicture | CodeBoard | Place)
    )
    assert page == live


def words_of(text):
    return re.findall(r"\w+", text)


@every_view
def test_the_text_has_every_row_and_word_of_the_page_but_for_what_the_page_says_is_not_for_it(
    drawn,
):
    html, text = drawn.body, drawn.text
    on_paper = OnPaper(unexplained(html))
    rows = [row.partition(":") for row in on_paper.rows]
    assert [row for row in rows if f"[{row[2]}]" not in text and row[0] not in WITHOUT_ID] == []
    for _, _, key in rows:
        text = text.replace(f"[{key}]", "")
    told, _, explained = text.partition("Words explained")
    assert Counter(on_paper.words) <= Counter(words_of(told))
    terms = re.findall(r'<details class="kw-term" data-row="(.*?)".*?<span>(.*?)</span>', html)
    met = OnPaper(html).rows if terms else ()
    for term, meaning in terms:
        assert term not in met or " ".join(words_of(unescape(meaning))) in " ".join(
            words_of(explained)
        )


@every_view
def test_the_text_has_no_word_that_is_not_on_the_page(drawn):
    ours = words_of("After you have judged. Words explained. 1.")  # 1. as a list is numbered
    assert {*words_of(drawn.text)} <= {*words_of(unescape(drawn.body)), *ours}


@every_view
def test_the_page_is_sound_html_with_headings_in_order(drawn):
    page = drawn.page
    assert page.unbalanced == []
    assert page.tags == []
    assert page.headings[:1] in ([2], [])  # a map at the head of a page has no heading
    pairs = zip(page.headings, page.headings[1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in pairs)


@every_view
def test_no_view_sends_more_than_100_kb(drawn):
    is_chain = drawn.view.title.endswith("The decision chain")
    for html in (drawn.body, drawn.live):
        assert len(html.encode()) < (110_000 if is_chain else 100_000)


TOGGLE = re.compile(
    r"@media screen \{\s*\.kw-switch:has\([^{}]*\{ display: none;( visibility: hidden;)? \}\s*\}"
)


@every_view
def test_an_output_has_no_rule_but_what_makes_it_toggle(drawn):
    html = drawn.body + (drawn.live if drawn.view.has_live_face() else "")
    styles = re.findall(r"<style\b[^>]*>(.*?)</style>", html, re.DOTALL)
    assert len(styles) == html.count('<form method="dialog" class="kw-switch">')
    assert all(TOGGLE.fullmatch(style.strip()) for style in styles)
    assert not re.search(r"<script\b|<link\b|\sstyle=", html)


@every_view
def test_a_view_is_the_same_each_time(drawn):
    again = drawn.make()
    assert again.body() == drawn.body
    assert again.text() == drawn.text
    assert not re.search(r"0x[0-9a-f]{6,}", drawn.body + drawn.text)


@pytest.mark.parametrize("call", ["timeline()", "tally(who-saw)"])
def test_on_colab_with_its_old_ipywidgets_a_view_is_a_page_with_its_style(call, monkeypatch):
    view = calls(LESSONS["invented"])[call](LESSONS["invented"])
    assert WIDGET_VIEW in view._repr_mimebundle_()
    monkeypatch.delattr(ipywidgets, "Stack")
    assert set(view._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert view._repr_mimebundle_()["text/html"] == view.stored()
    monkeypatch.setitem(sys.modules, "google.colab", ipywidgets)
    assert view._repr_mimebundle_()["text/html"] == view.page()


@every_view
def test_turning_the_switch_there_and_back_is_a_fresh_view(drawn):
    view = drawn.view
    switch = view.switch()
    if switch is None:
        markup = re.sub(r"<style>.*?</style>", "", drawn.body, flags=re.DOTALL)
        assert 'type="radio"' not in markup or isinstance(view, FormView)
        return
    choice, stack = switch.live()
    before = [widget_html(child) for child in stack.children]
    for index in [*range(len(before)), 0]:
        choice.index = stack.selected_index = index
    fresh_choice, fresh_stack = view.switch().live()
    assert [widget_html(child) for child in stack.children] == before
    assert before == [widget_html(child) for child in fresh_stack.children]
    assert (choice.index, choice.options) == (fresh_choice.index, fresh_choice.options)


@every_view
def test_sensitive_words_stand_only_behind_their_caution(drawn):
    told = drawn.page.open_text, drawn.text
    for lesson in LESSONS.values():
        for quote in lesson.records("quotes", sensitive="yes"):
            assert all(quote["words"] not in words for words in told)


@every_view
def test_every_drawing_has_words_for_it(drawn):
    for drawing in re.findall(r"<svg[^>]*>.*?</svg>", drawn.body, re.DOTALL):
        assert 'role="img"' in drawing or 'aria-hidden="true"' in drawing
        if 'role="img"' in drawing:
            assert "aria-label" in drawing or "<title" in drawing


def test_a_view_that_has_nothing_to_draw_says_so_and_no_tab_key_offers_it():
    lesson = LESSONS["of seven tables"]
    idle = set(lesson.verbs()) - set(dir(lesson))
    assert {"trace", "timeline", "follow", "where", "corroborate", "ask"} < idle
    for verb in idle:
        view = (
            getattr(lesson, verb)("anything")
            if verb in {"corroborate", "ask", "tally"}
            else (getattr(lesson, verb)())
        )
        for face in (view.text(), Page(view.page()).text):
            assert "There is nothing to show: this lesson has no rows in the table " in face
    assert not set(LESSONS["invented"].verbs()) - set(dir(LESSONS["invented"]))


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form></svg>",
    "{{7*7}}", "javascript:alert(1)",
]  # fmt: skip
KEPT = {
    "id", "date", "source", "account", "case", "point", "quote", "event", "route", "person", "link",
    "speaker", "document", "reporter", "about", "people", "after", "before", "same_as", "by", "to",
    "mistaken_for", "decider", "place", "claim", "cited_in", "favours", "question", "more_sources",
    "notebook", "of", "sense",
}  # fmt: skip


@cache
def harmless_pages(call):
    view = MADE["invented"][call](LESSONS["invented"])
    return Page(view.body()), Page(live_html(view))


@pytest.mark.no_cover
@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_lesson_is_text_in_each_face_of_every_view(tmp_path, attack):
    folder = LessonFolder(paths.SAMPLE, tmp_path / "hostile")
    for table in LESSONS["invented"].table_names:
        # The words that come with the package are anybody's to say otherwise, too.
        rows = LESSONS["invented"].records(table) if table == "terms" else folder.rows(table)
        described = kwlesson.tables.schema.binding()[table].columns
        free = [
            name for name, column in described.items()
            if column.type == "string" and not column.enum and not column.pattern
            and name not in KEPT
        ]  # fmt: skip
        folder.write(table, [
            row | {name: f"{row[name]} {attack}" for name in free if row.get(name)} for row in rows
        ])  # fmt: skip
    hostile, harmless = kwlesson.load(folder.path), LESSONS["invented"]
    for call, made in calls(harmless).items():
        if call.startswith("who("):
            made = lambda now: now.who("harbourmaster")  # noqa: E731, PLW2901
        view = made(hostile)
        for face, known in zip((type(view).body, live_html), harmless_pages(call), strict=True):
            page = Page(face(view))
            assert page.unbalanced == [], call
            assert {name for name, _ in page.attributes} <= {name for name, _ in known.attributes}
            links = [value for name, value in page.attributes if name == "href"]
            assert [v for v in links if not re.match(r"https?:|[\w-]+\.ipynb$", v)] == []
            assert "49" not in page.text.replace("1949", ""), call
            assert squeeze(attack) in page.text or not known.rows, call
        assert squeeze(attack) in squeeze(view.text()) or not known.rows, call


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Make a lesson of 1,000 events, 300 links, 6 accounts and 200 points."""
    folder = LessonFolder(paths.SAMPLE, tmp_path_factory.mktemp("large") / "data")
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


@pytest.mark.no_cover
@pytest.mark.parametrize("call", calls(LESSONS["invented"]))
def test_every_view_renders_a_large_lesson_and_says_what_it_folds_away(large, call):
    view = calls(large)[call](large)
    page = Page(view.body())
    assert page.unbalanced == []
    assert view.text()
    if call.startswith(("compare", "trace", "timeline()")) and "answers" not in call:
        assert re.search(r"\(\d+\)|\d+ (more|events|links|points)", page.text), call
