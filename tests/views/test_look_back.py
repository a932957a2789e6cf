"""The learner's path: every rating of the table has its place, and no face has an answer."""

from __future__ import annotations

from collections import Counter

import pytest
from html_probe import Page, squeeze
from lessons import LESSONS

import kwlesson

every_lesson = pytest.mark.parametrize("name", LESSONS)
# Words that would judge the learner for moving or for staying.
JUDGES = (
    "well done",
    "good",
    "better",
    "worse",
    "improved",
    "moved",
    "average",
    "→",
    "↑",
    "↓",
    "%",
)


def ratings(lesson):
    rows = [row for row in lesson.records("questions", kind="scale") if row["round"]]
    return sorted(rows, key=lambda row: int(row["round"]))


@every_lesson
def test_every_rating_has_its_place_in_order(name):
    lesson = LESSONS[name]
    view, rows = lesson.look_back(), ratings(lesson)
    assert rows
    expected = [f"questions:{row['id']}" for row in rows]
    for html in (view.page(), view.live().html):
        page = Page(html)
        assert [row for row in page.rows if row in expected] == expected
        assert page.text.count("Not yet.") == len(rows)
        assert page.unbalanced == []
    for row in rows:
        line = f"Rating {row['round']} (notebook {row['notebook']}) [{row['id']}] Not yet."
        assert line in squeeze(view.text())


@every_lesson
def test_the_claim_is_shown_once(name):
    lesson = LESSONS[name]
    for prompt in {row["prompt"] for row in ratings(lesson)}:
        assert Page(lesson.look_back().page()).text.count(squeeze(prompt)) == 1
        assert squeeze(lesson.look_back().text()).count(squeeze(prompt)) == 1


@pytest.mark.parametrize(
    ("name", "after"), [("real", "which-document"), ("invented", "what-fog-hides")]
)
def test_what_is_asked_in_words_after_the_last_rating_is_shown(name, after):
    lesson = LESSONS[name]
    prompt = squeeze(lesson.get("questions", after)["prompt"])
    for shown in (lesson.look_back().text(), Page(lesson.look_back().page()).text):
        assert prompt in squeeze(shown)
        assert "Not answered yet." in shown


@every_lesson
def test_ratings_are_found_by_kind_and_round_and_not_by_name(name):
    context = LESSONS[name].look_back().live().context
    assert list(context["choices"]) == [row["id"] for row in ratings(LESSONS[name])]
    for row in ratings(LESSONS[name]):
        choices = {
            one["id"]: one["text"] for one in LESSONS[name].records("choices", question=row["id"])
        }
        assert context["choices"][row["id"]] == choices


@every_lesson
def test_no_stored_face_reads_the_workbook_or_names_a_choice(name, tmp_path, monkeypatch):
    lesson = LESSONS[name]
    before = lesson.look_back()
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    first = ratings(lesson)[0]["id"]
    kwlesson.Workbook().record(first, {"choice": "likely", "reason": "A secret reason."}, lock=True)
    view = lesson.look_back()
    assert (view.text(), view.page()) == (before.text(), before.page())
    assert "A secret reason." not in view.text() + view.page()


@every_lesson
def test_nothing_praises_or_blames(name):
    view = LESSONS[name].look_back()
    prompts = {row["prompt"] for row in LESSONS[name].records("questions")}
    shown = Page(view.page()).text.lower()
    for prompt in prompts:
        shown = shown.replace(squeeze(prompt).lower(), "")
    assert not [word for word in JUDGES if word in shown]


def test_a_lesson_without_ratings_says_so(fiction):
    questions = [row for row in fiction.rows("questions") if row["kind"] != "scale"]
    kept = {row["id"] for row in questions}
    asked = Counter()
    for row in questions:
        asked[row["notebook"]] += 1
        row["order"] = str(asked[row["notebook"]])
    fiction.write("questions", questions)
    fiction.write("choices", [row for row in fiction.rows("choices") if row["question"] in kept])
    view = kwlesson.load(fiction.path).look_back()
    assert "Nothing is rated in this lesson." in view.text()
    assert "Nothing is rated in this lesson." in view.page()
    assert not view.has_live_face()


def test_claims_that_differ_are_shown_apart(fiction):
    rows = fiction.rows("questions")
    place = next(number for number, row in enumerate(rows) if row["id"] == "lamp-rating-2")
    fiction.change("questions", place, prompt="Another claim. How likely is it?")
    view = kwlesson.load(fiction.path).look_back()
    assert "Another claim. How likely is it?" in view.text()
    assert Page(view.page()).text.count("Not yet.") == 2
