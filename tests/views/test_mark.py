"""Questions with their answers, for whoever teaches."""

from __future__ import annotations

import re

import pytest
from html_probe import Page, live_html, squeeze
from lesson_folder import spoilt
from notebook_cells import named

import kwlesson
from kwlesson import paths

LESSONS = {
    "real": kwlesson.load(),
    "transfer": kwlesson.load(kwlesson.TRANSFER),
    "invented": kwlesson.load(kwlesson.SAMPLE),
}
VIEWS = {name: lesson.mark() for name, lesson in LESSONS.items()}
every_lesson = pytest.mark.parametrize("name", LESSONS)
every_question = pytest.mark.parametrize(
    ("name", "question"),
    [(name, key) for name, lesson in LESSONS.items() for key in lesson.questions.id],
)
NOTEBOOKS = sorted(set(LESSONS["real"].questions.notebook))


def section(html, question):
    _, _, after = html.partition(f'data-row="questions:{question}"')
    return Page(re.split(r"</section>", after)[0]).text


@every_lesson
def test_every_question_and_choice_is_there_once_on_the_page_and_live(name):
    lesson, view = LESSONS[name], VIEWS[name]
    wanted = {f"questions:{key}" for key in lesson.questions.id}
    wanted |= {f"choices:{row['question']}/{row['id']}" for row in lesson.records("choices")}
    for html in (view.page(), live_html(view)):
        rows = [row for row in Page(html).rows if not row.startswith("sources:")]
        assert len(rows) == len(set(rows))
        assert set(rows) == wanted


@every_question
def test_a_question_is_shown_with_all_that_helps_to_mark_it(name, question):
    lesson, view = LESSONS[name], VIEWS[name]
    row = lesson.get("questions", question)
    cells = [row["prompt"], row["model_answer"], row["also_accept"], row["frame"]]
    named = [key for key in (row["source"], *row["more_sources"].split(";")) if key]
    cells += [*row["meets"].split(";"), *(lesson.get("sources", key)["title"] for key in named)]
    cells += [] if named else ["the case is made up"]
    for choice in lesson.records("choices", question=question):
        cells += [choice["text"], choice["feedback"], choice["tempts"]]
        if choice["quote"]:
            cells.append(f"“{lesson.get('quotes', choice['quote'])['words']}”")
    shown, text = section(view.page(), question), squeeze(view.text())
    for cell in cells:
        assert squeeze(cell) in shown
        assert squeeze(cell) in text


@every_question
def test_the_best_choice_is_marked_with_a_word(name, question):
    lesson, view = LESSONS[name], VIEWS[name]
    choices = lesson.records("choices", question=question)
    best = [choice for choice in choices if choice["best"] == "yes"]
    html = view.page().partition(f'data-row="questions:{question}"')[2].split("</section>")[0]
    assert html.count(">Best</b>") == len(best)
    text = squeeze(view.text()).partition(f"[{question}]")[2].partition("Model answer:")[0]
    ids = "|".join(choice["id"] for choice in choices) or "-"
    ends = re.findall(rf"- (Best )?(?:(?! - ).)*?\(({ids})\)", text)
    assert {key for is_best, key in ends if is_best} == {choice["id"] for choice in best}


def test_a_feedback_that_is_the_same_for_all_stands_once():
    text = LESSONS["real"].mark("00").text()
    assert text.count("Kept. You will meet this case again") == 1
    assert "Kept, not judged. To every choice it says:" in text
    assert "Kept, not judged" not in LESSONS["real"].mark("02").text()


def test_one_panel_a_notebook_and_none_to_choose_where_there_is_one():
    switch = VIEWS["real"].switch()
    assert [panel.label for panel in switch.panels] == NOTEBOOKS
    assert VIEWS["transfer"].switch() is None
    assert LESSONS["real"].mark("02").switch() is None
    assert not LESSONS["real"].mark("02").has_live_face()


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_asked_for_is_shown_alone(notebook):
    view = LESSONS["real"].mark(notebook)
    own = LESSONS["real"].records("questions", notebook=notebook)
    questions = [row for row in Page(view.page()).rows if row.startswith("questions:")]
    assert questions == [f"questions:{row['id']}" for row in sorted(own, key=lambda r: r["order"])]
    assert view.title == f"Questions of notebook {notebook}, with answers"
    assert f"Notebook {notebook}" in view.text()


@pytest.mark.parametrize("notebook", ["11", "2", "", "two", 2])
def test_a_notebook_without_questions_gets_a_sentence(notebook):
    with pytest.raises(kwlesson.LessonError) as caught:
        LESSONS["real"].mark(notebook)
    known = ", ".join(NOTEBOOKS)
    assert (
        str(caught.value)
        == f"no question in a notebook '{notebook}'; there are questions in: {known}"
    )


@every_lesson
def test_the_page_is_sound_small_and_without_scripts(name):
    html = VIEWS[name].page()
    page = Page(html)
    assert page.unbalanced == page.tags == []
    assert page.headings[0] == 2
    assert set(page.headings[1:]) == {3, 4}
    assert len(html.encode()) < 100_000
    assert len(live_html(VIEWS[name]).encode()) < 100_000
    assert "<script" not in html
    assert not any(attribute.startswith("on") for attribute, _ in page.attributes)


QUESTION = [
    {"prompt": "Who <b>?"}, {"model_answer": "Nobody <b>."}, {"also_accept": "Somebody <b>."},
    {"frame": "I think <b> ..."}, {"meets": "a9"}, {"kind": "evidence"}, {"skill": "corroboration"},
    {"notebook": "05"}, {"order": "3"}, {"account": "harbourmaster"}, {"round": "2"}, {"id": "who"},
]  # fmt: skip
CHOICE = [
    {"text": "The cook <b>"}, {"feedback": "He saw <b>."}, {"tempts": "He <b> is loud."},
    {"quote": "quill-hardly"}, {"id": "other"},
]  # fmt: skip


@pytest.mark.parametrize("cells", QUESTION, ids=lambda cells: next(iter(cells)))
def test_a_changed_cell_of_a_question_changes_both_faces(invented, cells):
    before = invented.mark()
    assert invented.records("questions")[0]["id"] == "who-saw"
    after = spoilt(paths.SAMPLE, lambda rows: rows["questions"][0].update(cells)).mark()
    assert after.text() != before.text()
    assert after.page() != before.page()
    assert "<b>?" not in after.page()
    assert "<b>." not in after.page()


@pytest.mark.parametrize("cells", [*CHOICE, {"best": "no"}], ids=lambda cells: next(iter(cells)))
def test_a_changed_cell_of_a_choice_changes_both_faces(invented, cells):
    before = invented.mark()
    assert invented.records("choices")[0]["id"] == "keeper"
    after = spoilt(paths.SAMPLE, lambda rows: rows["choices"][0].update(cells)).mark()
    assert after.text() != before.text()
    assert after.page() != before.page()


def test_sensitive_words_stay_behind_their_caution_here_too(invented):
    quote = invented.records("quotes", sensitive="yes")[0]
    view = spoilt(paths.SAMPLE, lambda rows: rows["choices"][0].update(quote=quote["id"])).mark()
    for face in (view.text(), Page(view.page()).text):
        assert quote["words"] not in squeeze(face)
        assert quote["caution"] in squeeze(face)


def test_the_answers_have_a_notebook_of_their_own_that_lists_every_usual_error():
    book = named("instructor/model-answers.ipynb")
    calls = "\n".join(book.sources("code"))
    assert "lesson.mark()" in calls
    assert "transfer.mark()" in calls
    listed = re.findall(r"\*\*([ab]\d+)\*\*", book.markdown)
    assert sorted(listed) == sorted(
        [f"a{number}" for number in range(1, 23)] + [f"b{number}" for number in range(1, 25)]
    )
    met = {one for lesson in LESSONS.values() for cell in lesson.questions.meets for one in
           cell.split(";") if one}  # fmt: skip
    assert met <= set(listed)
    assert "lesson.mark(" not in "\n".join(named("instructor/session-plan.ipynb").sources("code"))
