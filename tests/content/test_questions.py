"""The questions of the lesson: what they ask, where, how fairly, and what they must not say."""

from __future__ import annotations

import re

import pytest
from cases import each
from html_probe import squeeze
from lessons import REAL as LESSON
from notebook_cells import LEARNERS, named

import kwlesson

TRANSFER = kwlesson.load(kwlesson.TRANSFER)
QUESTIONS = LESSON.records("questions")
CHOICES = LESSON.grouped("choices", "question")
ASKED = {
    "00": ["believe-refuse-check", "before"],
    "01": ["no-attacker", "which-kim", "rating-1"],
    "02": ["cable-or-kraus", "not-quoted-is-not-unsaid", "can-both-be-true"],
    "03": ["what-presumably-tells", "fewer-hands", "what-did-they-want"],
    "04": ["does-october-settle-it", "told-twice", "rating-2"],
    "05": ["how-is-it-known", "who-decides-last", "without-maos-yes"],
    "06": ["stalin-through-others", "rating-3", "which-document"],
    "07": ["three-koreans", "confident-reports", "what-is-printed"],
    "08": ["fits-service", "fits-kraus", "what-had-changed"],
    "09": ["whose-papers", "after"],
    "class": ["exit-sentence"],
}
CLAIM = "In spring 1949 Mao told Kim Il Sung's envoy not to attack the South yet. How likely is it?"
RATINGS = ["rating-1", "rating-2", "rating-3"]
ERRORS = [f"a{number}" for number in range(1, 23)]
SOURCE_QUESTIONS = [f"b{number}" for number in range(1, 25)]
TOLD = ("prompt", "model_answer", "also_accept", "frame")
CHOICE_TOLD = ("text", "feedback", "tempts")
LONGEST = 19
# Who reports stays hidden until 02; these words belong to what is asked later.
LATER = {
    "Shtykov": "02", "Kovalev": "02", "Tunkin": "04", "draft": "04", "Filippov": "06",
    "Roshchin": "05", "veto": "05", "signed off": "05", "postpone": "05", "MacArthur": "07",
    "Shen Zhihua": "08", "Service": "05", "twelve divisions": "10",
}  # fmt: skip

every_question = each("question", QUESTIONS)


def told(question):
    """Every sentence that a learner may meet with a question, and where it stands."""
    for name in TOLD:
        yield name, question[name]
    for choice in CHOICES.get(question["id"], ()):
        for name in CHOICE_TOLD:
            yield f"{choice['id']} {name}", choice[name]


def all_told(question):
    return " ".join(cell for _, cell in told(question))


def sentences(text):
    return [one for one in re.split(r"(?<=[.!?])[\"”)]?\s+", text) if one]


def too_long(text):
    return [one for one in sentences(text) if len(one.split()) > LONGEST]


def bare_envoy(text):
    return re.findall(r"Kim Il(?! Sung|, the envoy)", text)


def too_early(question):
    return [word for word, first in LATER.items()
            if question["notebook"] < first and word in all_told(question)]  # fmt: skip


@pytest.mark.parametrize("number", ASKED)
def test_each_notebook_has_its_questions_and_at_most_three(number):
    own = sorted(LESSON.records("questions", notebook=number), key=lambda row: row["order"])
    assert [row["id"] for row in own] == ASKED[number]
    assert [row["order"] for row in own] == list(range(1, len(own) + 1))
    assert len(own) <= 3


def test_there_is_no_other_question():
    assert [row["id"] for row in QUESTIONS] == [key for keys in ASKED.values() for key in keys]
    assert set(TRANSFER.questions.notebook) == {"10"}
    assert not set(TRANSFER.questions.id) & set(LESSON.questions.id)


@pytest.mark.parametrize("name", LEARNERS)
def test_each_question_is_asked_once_in_its_notebook_and_in_its_order(name):
    calls = re.findall(r"\.ask\(\"([^\"]+)\"\)", "\n".join(named(name).sources("code")))
    lesson = TRANSFER if name[:2] == "10" else LESSON
    own = sorted(lesson.records("questions", notebook=name[:2]), key=lambda row: row["order"])
    assert calls == [row["id"] for row in own]


@pytest.mark.parametrize("number", [*ERRORS, *SOURCE_QUESTIONS])
def test_every_usual_error_and_every_question_to_the_sources_is_met(number):
    assert any(number in row["meets"].split(";") for row in QUESTIONS)


@every_question
def test_what_a_question_meets_is_on_the_list(question):
    met = [one for one in question["meets"].split(";") if one]
    assert len(met) == len(set(met))
    assert set(met) <= {*ERRORS, *SOURCE_QUESTIONS}


@pytest.mark.parametrize("key", RATINGS)
def test_the_claim_is_rated_three_times_in_the_same_words(key):
    question = LESSON.get("questions", key)
    assert question["prompt"] == CLAIM
    assert question["kind"] == "scale"
    assert question["round"] == key[-1]
    assert question["frame"] == "I chose ... because the words '...' suggest ..."
    assert [(one["id"], one["text"]) for one in CHOICES[key]] == [
        ("very-unlikely", "very unlikely"), ("unlikely", "unlikely"), ("cannot-tell", "can't tell"),
        ("likely", "likely"), ("very-likely", "very likely"),
    ]  # fmt: skip
    assert {one["feedback"] for one in CHOICES[key]} == {"Kept. What counts is the reason."}
    assert {(one["best"], one["tempts"]) for one in CHOICES[key]} == {("no", "")}


def test_the_first_and_last_case_is_one_invented_case():
    first, last = (LESSON.get("questions", key) for key in ("before", "after"))
    assert first["prompt"] == last["prompt"]
    assert first["prompt"].startswith("An invented case:")
    assert (first["round"], last["round"]) == ("1", "2")
    asked = [[(c["id"], c["text"], c["best"]) for c in CHOICES[key]] for key in ("before", "after")]
    assert asked[0] == asked[1]
    assert [best for *_, best in asked[0]].count("yes") == 1
    assert len(asked[0]) == 4
    names = [row["name"] for row in LESSON.records("people")]
    assert not any(name in all_told(first) + all_told(last) for name in names)


def test_the_first_time_the_case_says_only_that_the_answer_is_kept():
    feedback = {one["feedback"] for one in CHOICES["before"]}
    assert feedback == {"Kept. You will meet this case again in notebook 09."}
    assert len({one["feedback"] for one in CHOICES["after"]}) == 4


@every_question
def test_every_choice_has_feedback_and_every_wrong_one_says_why_it_tempts(question):
    for choice in CHOICES.get(question["id"], ()):
        assert choice["feedback"]
        wrong = choice["best"] == "no" and question["kind"] != "scale"
        assert bool(choice["tempts"]) == wrong, choice["id"]
        assert len(sentences(choice["tempts"])) == wrong
        assert len(sentences(choice["feedback"])) <= 3, choice["id"]
        assert "tempt" not in choice["feedback"]


@every_question
def test_a_question_to_write_on_has_a_frame_and_says_what_else_is_good(question):
    if question["kind"] == "text":
        assert "..." in question["frame"]
        assert question["also_accept"]
        assert question["id"] not in CHOICES


def test_partly_true_and_cannot_tell_are_accepted():
    accepted = " ".join(row["also_accept"] for row in QUESTIONS)
    assert "Both partly true" in accepted
    assert accepted.count("lost") >= 3
    assert accepted.count("we cannot tell") >= 3


@every_question
def test_sentences_are_short_and_the_envoy_is_told_apart(question):
    for place, cell in told(question):
        assert too_long(cell) == [], place
        assert bare_envoy(cell) == [], place


@every_question
def test_nothing_is_told_before_its_notebook(question):
    assert too_early(question) == []


def test_01_does_not_give_away_who_reports():
    told_of = {"shtykov", "kovalev"}
    for question in LESSON.records("questions", notebook="01"):
        cells = [*question.values(), *(c for one in CHOICES[question["id"]] for c in one.values())]
        assert not any(name in str(cell).casefold() for name in told_of for cell in cells)
        assert not any(quote["quote"] for quote in CHOICES[question["id"]])


def test_no_question_shows_or_describes_the_sensitive_line_or_counts_the_dead():
    sensitive = LESSON.records("quotes", sensitive="yes")
    assert sensitive
    for question in QUESTIONS:
        words = squeeze(all_told(question))
        assert not any(quote["words"].strip(",") in words for quote in sensitive)
        assert not re.search(r"crude|hair|black|looks alike|look the same|of looks", words)
        assert not re.search(r"million|\d{3} dead", words)


@every_question
def test_words_in_curly_marks_are_words_of_the_lessons_quotations_or_of_the_texts(question):
    quoted = re.findall("“([^“”]*)”", all_told(question))
    cells = [cell for row in LESSON.records("quotes") for cell in (row["words"], row["editorial"])]
    cells += [row["hedge"] for row in LESSON.records("claims")]
    cells += [row["text"] for row in LESSON.records("notes")] + ["“by the end of September”"]
    assert [one for one in quoted if not any(one in cell for cell in cells)] == []


def test_each_skill_and_each_kind_is_practised():
    assert {row["skill"] for row in QUESTIONS} == {
        "sourcing", "contextualization", "corroboration", "close-reading",
    }  # fmt: skip
    kinds = [row["kind"] for row in QUESTIONS]
    assert kinds.count("text") >= 5
    assert kinds.count("evidence") >= 3
    assert kinds.count("scale") == 3


def test_the_best_answer_is_not_always_in_the_same_place():
    places = [[one["best"] for one in CHOICES[row["id"]]].index("yes")
              for row in QUESTIONS if row["kind"] == "choice"]  # fmt: skip
    assert len(set(places)) >= 3
    assert max(places.count(place) for place in places) <= len(places) / 2


def longest(choices):
    """Give the choices that nobody has to read in order to pick: none is longer."""
    most = max(len(one["text"]) for one in choices)
    return [one["id"] for one in choices if one["best"] == "yes" and len(one["text"]) == most]


def test_the_best_answer_is_the_longest_in_at_most_a_third_of_the_questions():
    asked = [
        lesson.records("choices", question=row["id"])
        for lesson in (LESSON, TRANSFER)
        for row in lesson.records("questions", kind="choice")
    ]
    telling = [choices[0]["question"] for choices in asked if longest(choices)]
    assert len(telling) <= len(asked) / 3, telling
    assert longest([{"id": "a", "best": "yes", "text": "long"}, {"best": "no", "text": "no"}])


def test_where_readers_differ_more_than_one_answer_is_good():
    good = [
        [one["best"] for one in CHOICES[row["id"]]].count("yes")
        for row in QUESTIONS
        if row["kind"] == "choice"
    ]
    assert good.count(2) >= 2
    assert max(good) == 2


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (too_long, "one " * 20 + "more.", "Short. And short again."),
        (bare_envoy, "Then Kim Il spoke.", "Then Kim Il, the envoy, told Kim Il Sung."),
    ],
)
def test_a_rule_of_wording_bites(rule, bad, good):
    assert rule(bad)
    assert not rule(good)


def test_a_word_told_too_early_would_be_found():
    question = LESSON.get("questions", "no-attacker") | {"model_answer": "Shtykov had a draft."}
    assert too_early(question) == ["Shtykov", "draft"]
