"""Every question of every lesson: posed on each face, answered on none but the live one."""

from __future__ import annotations

import base64
import json
import re
import zlib
from functools import cache

import pytest
from cases import each
from html_probe import Page, squeeze, unexplained
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths
from kwlesson.answers.workbook import Workbook
from kwlesson.authoring.check import check
from kwlesson.views.kit.render import short_title

LESSONS = {
    "real": kwlesson.load(),
    "transfer": kwlesson.load(kwlesson.TRANSFER),
    "invented": kwlesson.load(kwlesson.SAMPLE),
}
ASKED = [(name, key) for name, lesson in LESSONS.items() for key in lesson.questions.id]


class Asked:
    """A question, its rows and its faces."""

    def __init__(self, name, key):
        lesson = LESSONS[name]
        self.view = lesson.ask(key)
        self.row = lesson.get("questions", key)
        self.choices = lesson.records("choices", question=key)
        self.quotes, self.sources = lesson.by_id("quotes"), lesson.by_id("sources")
        self.live = self.view.live().html
        self.posed = {"text": squeeze(self.view.text()), "page": seen(self.view.page())}

    @property
    def is_silent(self):
        first_of_two = self.row["kind"] == "choice" and self.row["round"] == "1"
        return first_of_two or self.row["kind"] == "scale"

    @property
    def answers(self):
        """Give all that is to be said only after an attempt."""
        told = [choice[column] for choice in self.choices for column in ("feedback", "tempts")]
        told += [self.row["model_answer"], self.row["also_accept"]]
        return [squeeze(one) for one in told if one]


def seen(html):
    return Page(unexplained(html)).text


every_question = each("asked", ASKED, made=cache(Asked))


# What poses the question


@every_question
def test_each_face_poses_the_question_with_its_choices_and_quotations(asked):
    for told in [*asked.posed.values(), seen(asked.live)]:
        assert squeeze(asked.row["prompt"]) in told
        for choice in asked.choices:
            assert squeeze(choice["text"]) in told
            if choice["quote"]:
                assert f"“{squeeze(asked.quotes[choice['quote']]['words'])}”" in told


@every_question
def test_each_face_gives_the_beginning_of_a_sentence(asked):
    for told in [*asked.posed.values(), seen(asked.live)]:
        begins = f'Begin: "{squeeze(asked.row["frame"])}"'
        assert (begins in told) == bool(asked.row["frame"])


@every_question
def test_the_page_and_the_text_say_that_only_a_live_page_keeps_answers(asked):
    for told in asked.posed.values():
        assert "Answers are kept once this page is live." in told
    assert "once this page is live" not in seen(asked.live)


@every_question
def test_each_choice_is_a_native_control_with_its_words_as_label(asked):
    kind = {"choice": "radio", "scale": "radio", "evidence": "checkbox"}.get(asked.row["kind"])
    for html in (asked.view.page(), asked.live):
        controls = re.findall(
            r'<label><input type="(\w+)" name="answer" value="([a-z0-9-]+)"', html
        )
        assert controls == [(kind, choice["id"]) for choice in asked.choices]
        assert html.count("<form") == html.count('<form method="dialog"') == 1
        assert html.count("<fieldset aria-label=") == bool(asked.choices)
        assert html.count("<textarea") == (asked.row["kind"] in {"scale", "text"})
        for control in re.findall(r"<(?:input|textarea|button)[^>]*>", html):
            assert 'data-lm-suppress-shortcuts="true"' in control


# What answers it


@every_question
def test_no_answer_stands_on_the_page_or_in_the_text(asked):
    assert asked.answers
    for told in asked.posed.values():
        assert [one for one in asked.answers if one in told] == []
    assert not re.search(r"data-best|data-feedback|kw-model|hidden", asked.view.body())


@every_question
def test_the_live_face_holds_every_answer_hidden(asked):
    told = seen(asked.live)
    if asked.is_silent:
        assert [one for one in asked.answers if one in told] == []
        assert "data-best" not in asked.live
        return
    for choice in asked.choices:
        feedback = re.search(
            rf'<div class="kw-feedback" data-feedback="{choice["id"]}" '
            rf'data-best="{choice["best"]}" hidden>', asked.live)  # fmt: skip
        assert feedback
        assert squeeze(choice["feedback"]) in told
        # Why a wrong choice tempts is said to whoever teaches.
        assert not choice["tempts"] or squeeze(choice["tempts"]) not in told
    assert squeeze(asked.row["model_answer"]) in told
    assert squeeze(asked.row["also_accept"]) in told
    assert '<details class="kw-model" hidden>' in asked.live


@every_question
def test_a_model_answer_says_what_it_rests_on(asked):
    if not asked.is_silent:
        named = [asked.row["source"], *asked.row["more_sources"].split(";")]
        wanted = [key for key in named if key]
        for key in wanted:
            assert f'data-row="sources:{key}"' in asked.live
            assert squeeze(short_title(asked.sources[key])) in seen(asked.live)
        assert ("The case is made up" in seen(asked.live)) == (not wanted)


@every_question
def test_a_quotation_that_is_a_choice_says_whose_it_is_only_after_an_attempt(asked):
    for choice in asked.choices:
        if choice["quote"]:
            printed = asked.sources[asked.quotes[choice["quote"]]["source"]]["author"]
            whose = re.compile(rf"{printed}, paragraph")
            assert whose.search(seen(asked.live))
            assert not any(whose.search(told) for told in asked.posed.values())


@every_question
def test_no_sensitive_words_are_in_any_face(asked):
    sensitive = [
        squeeze(quote["words"])
        for lesson in LESSONS.values()
        for quote in lesson.records("quotes", sensitive="yes")
    ]
    assert sensitive
    for told in [*asked.posed.values(), seen(asked.live)]:
        assert [words for words in sensitive if words in told] == []


# What holds for each face


@every_question
def test_every_row_that_is_named_is_there(asked):
    lesson = next(one for one in LESSONS.values() if asked.row["id"] in set(one.questions.id))
    for row in {*Page(asked.view.page()).rows, *Page(asked.live).rows}:
        table, _, key = row.partition(":")
        if table == "choices":
            assert key.split("/") in [[one["question"], one["id"]] for one in asked.choices]
        else:
            assert key in set(getattr(lesson, table).id)
    assert f"questions:{asked.row['id']}" in Page(asked.view.page()).rows


@every_question
def test_the_faces_are_sound_html(asked):
    for html in (asked.view.page(), asked.live):
        page = Page(html)
        assert page.unbalanced == []
        assert page.tags == []
        assert page.headings == [2]


@every_question
def test_a_notebook_gets_three_faces_and_stays_small(asked):
    bundle = asked.view._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == asked.view.text()
    assert bundle["text/html"] == asked.view.stored()
    assert len(bundle["text/html"].encode()) < 25_000


@every_question
def test_a_notebook_stores_the_form_packed_beside_the_page(asked):
    stored = asked.view.stored()
    (packed,) = re.findall(
        r'<script type="text/plain" class="kw-form"[^>]*>([^<]*)</script>', stored
    )
    form = json.loads(zlib.decompress(base64.b64decode(packed)))
    assert form == {"html": str(asked.view.form()), "context": asked.view.script_context()}
    assert Page(stored).rows == Page(asked.view.body()).rows
    for choice in asked.choices:
        assert choice["feedback"] not in stored


@every_question
def test_a_live_face_stays_small(asked):
    assert len(asked.live.encode()) < 40_000


@every_question
def test_nothing_of_the_workbook_is_in_the_faces_that_are_stored(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    before = asked.view.text(), asked.view.page()
    Workbook().record(asked.row["id"], "what the learner wrote")
    assert (asked.view.text(), asked.view.page()) == before
    assert "what the learner wrote" not in asked.view.live().html
    assert str(tmp_path) not in str(asked.view.live().get_state())


def test_drawing_a_question_creates_no_file(invented, tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path / "work"))
    for view in (invented.ask("who-saw"), invented.keep()):
        view._repr_mimebundle_()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_question_names_the_nearest(invented):
    with pytest.raises(kwlesson.LessonError, match=r"no row 'who-say' in questions.*: who-saw"):
        invented.ask("who-say")


def test_large_letters_are_for_the_live_face_too(invented):
    large = invented.ask("who-saw").large()
    assert 'kw-large"' in large.body()
    assert 'kw-large kw-live"' in large.live().html


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</label></fieldset></form></section>",
    "{{7*7}}", "</textarea>", "<img src=x onerror=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_cells_are_text_in_every_face(tmp_path, attack):
    folder = LessonFolder(paths.SAMPLE, tmp_path / "hostile")
    free = {
        "questions": ["prompt", "model_answer", "also_accept", "frame"],
        "choices": ["text", "feedback", "tempts"],
        "quotes": ["words", "plain"],
        "terms": ["meaning"],
    }
    for table, columns in free.items():
        rows = folder.rows(table)
        for row in rows:
            row |= {name: row[name] and f"{row[name]} {attack}" for name in columns}
        folder.write(table, rows)
    hostile = kwlesson.load(folder.path)
    for key in hostile.questions.id:
        harmless = LESSONS["invented"].ask(key)
        view = hostile.ask(key)
        for html, known in (
            (view.page(), harmless.page()), (view.live().html, harmless.live().html),
        ):  # fmt: skip
            page, safe = Page(html), Page(known)
            assert page.unbalanced == []
            assert {name for name, _ in page.attributes} == {name for name, _ in safe.attributes}
            assert re.findall(r"<\w+", html) == re.findall(r"<\w+", known)
            assert squeeze(attack) in page.text
            assert "49" not in page.text
        assert squeeze(attack) in squeeze(view.text())


# The bar


def test_the_bar_says_on_paper_how_work_is_kept_and_names_no_folder(
    invented, tmp_path, monkeypatch
):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    bar = invented.keep()
    for told in (bar.text(), Page(bar.page()).text):
        assert "once this page is live" in told
        assert str(tmp_path) not in told
        assert tmp_path.name not in told
    assert "<button" not in bar.page()


def test_the_live_bar_has_a_labelled_control_for_each_thing_to_do(invented):
    html = invented.keep().live().html
    page = Page(html)
    assert page.unbalanced == []
    for words in ("Download", "Bring work back", "Your name, if you like", "Clear this"):
        assert words in page.text
    for control in re.findall(r"<(?:input|button)[^>]*>", html):
        assert 'data-lm-suppress-shortcuts="true"' in control
        assert "accept=" not in control, "a file is known by its content, whatever its name"


def test_the_bar_is_three_faces(invented):
    bar = invented.keep()
    assert set(bar._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert ">Download<" in bar.live().html


# The rules

SPOILED = {
    "one choice": (
        "choices", 1, {"question": "guess-first"}, "questions.csv:2:id: 'who-saw': needs"),
    "nothing but best choices": ("choices", 1, {"best": "yes"}, "here 2 of 2 fit"),
    "no best choice": ("choices", 0, {"best": "no", "tempts": "x"}, "here 0 of 2 fit"),
    "a wrong choice that does not tempt": ("choices", 1, {"tempts": ""}, "choices.csv:3:tempts: "),
    "evidence that does not tempt": ("choices", 4, {"tempts": ""}, "choices.csv:6:tempts: "),
    "a best rating": (
        "choices", 7, {"best": "yes"}, "questions.csv:5:id: 'lamp-rating-1': no rating"),
    "an answer that rests on nothing": (
        "questions", 0, {"source": ""}, "questions.csv:2:source: an answer rests on something"),
    "an answer that rests on what is not there": (
        "questions", 0, {"more_sources": "no-book"}, "questions.csv:2:more_sources: 'no-book'"),
    "a rating without a round": ("questions", 3, {"round": ""}, "questions.csv:5:round: a rating"),
    "choices of a text": (
        "questions", 0, {"kind": "text"}, "questions.csv:2:id: 'who-saw': a question to be"),
    "a place that is taken": (
        "questions", 1, {"order": "1"}, "questions.csv:3:order: '1': a place"),
    "a sensitive quotation": (
        "choices", 1, {"quote": "drunken-gulls"}, "choices.csv:3:quote: 'drunken-gulls': a"),
    "an answer of no question": (
        "choices", 0, {"question": "nobody"}, "choices.csv:2:question: 'nobody'"),
    "a kind of no kind": ("questions", 0, {"kind": "riddle"}, "questions.csv:2:kind: 'riddle'"),
}  # fmt: skip


def refused(fiction, sentence):
    with pytest.raises(kwlesson.LessonError) as caught:
        kwlesson.load(fiction.path)
    assert any(sentence in str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize("what", SPOILED)
def test_a_question_that_cannot_be_asked_is_named(fiction, what):
    table, index, cells, sentence = SPOILED[what]
    fiction.change(table, index, **cells)
    refused(fiction, sentence)


def test_check_names_such_a_question_too(fiction):
    fiction.change("choices", 1, tempts="")
    assert [(p.file, p.row, p.column) for p in check(fiction.path)] == [
        ("choices.csv", 3, "tempts")
    ]


def test_evidence_of_which_nothing_fits_is_named(fiction):
    for index in (2, 3):
        fiction.change("choices", index, best="no", tempts="It is near.")
    refused(fiction, "questions.csv:3:id: 'which-words': nothing here is worth a tick")


def test_a_fourth_question_in_a_notebook_is_named(fiction):
    for index, order in ((2, "3"), (5, "4")):
        fiction.change("questions", index, notebook="02", order=order)
    refused(fiction, "questions.csv:7:notebook: '02': more than 3 questions")


def test_choices_that_stand_apart_are_named(fiction):
    rows = fiction.rows("choices")
    fiction.write("choices", [rows[0], *rows[2:], rows[1]])
    refused(fiction, "choices.csv:16:question: 'who-saw': stands apart")


def test_the_first_round_of_two_needs_no_word_on_its_choices(fiction):
    fiction.change("choices", 6, tempts="")
    assert kwlesson.load(fiction.path).ask("guess-first")
    assert check(fiction.path) == []
