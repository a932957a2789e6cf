"""An answer that was recorded is found again, whatever it is and wherever the file has been."""

from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_file_format import CASES, SOUND, WHOLE, alike, answers, content, ids

import kwlesson
from kwlesson import Workbook, paths
from kwlesson.answers import workbook
from kwlesson.answers.file_format import loads
from kwlesson.answers.workbook import work_folder

ODD_IDS = [
    *("", " ", "../../etc/passwd", "a/b\\c", "CON", "\0", "line\nbreak", '"quoted"', "__proto__"),
    *("\U0001f600\U0001f468\u200d\U0001f469", "\u202eright to left", "\u0627\u0644", "\u2028"),
    *("answer", "answers", "n", "locked", "x" * 10_000, "\U0001f600" * 10_000),
]


@pytest.fixture
def work(tmp_path):
    return Workbook(tmp_path / "work" / "answers.json")


# Recording


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(recorded=st.dictionaries(ids, answers, max_size=4))
def test_any_json_answers_recorded_under_any_ids_come_back_equal(tmp_path_factory, recorded):
    one = Workbook(tmp_path_factory.mktemp("any"))
    for question, answer in recorded.items():
        assert alike(one.record(question, answer), answer)
    assert alike(Workbook(one.path).answers, recorded)


def test_any_id_is_only_a_key_and_never_a_path(work):
    for question in ODD_IDS:
        work.record(question, ["kept", question])
    assert work.answers == {question: ["kept", question] for question in ODD_IDS}
    names = {file.name for file in work.path.parent.iterdir()}
    assert names == {"answers.json", "answers.previous.json", ".answers.lock"}


def test_half_a_character_in_an_id_becomes_a_replacement_sign(work):
    work.record("\ud800", "\ud83d\ude00")
    assert work.answers == {"\ufffd": "\U0001f600"}
    assert "\U0001f600" in work.path.read_text(encoding="utf-8")


def test_reading_an_answer_that_was_never_given_creates_nothing(work, tmp_path):
    assert work.answers == {}
    head = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson"}
    assert work.snapshot() == {**head, "book": "", "counter": 0, "answers": {}}
    assert list(tmp_path.iterdir()) == []


def test_the_file_has_one_answer_a_line_and_the_counter_numbers_them(work):
    work.record("one", "left")
    before = work.path.read_bytes()
    work.record("two", "\u201cja\u201d", lock=True)
    assert work.path.with_name("answers.previous.json").read_bytes() == before
    work.record("one", "right")
    text = work.path.read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    assert len(json.loads(head + "}}")["book"]) == 12
    assert json.loads(head + "}}")["counter"] == 3
    assert lines == [
        '"one": {"answer": "right", "n": 3, "locked": false},',
        '"two": {"answer": "\u201cja\u201d", "n": 2, "locked": true}',
        "}}",
    ]
    assert work.snapshot() == json.loads(text)


def test_the_answer_that_stands_is_told_and_the_file_is_not_written_again(work):
    first = {"choice": "likely", "reason": "Two logs."}
    assert work.record("rating-1", first, lock=True) == first
    work.record("one", answer=True)
    before = work.path.read_bytes()
    for lock in (True, False):
        later = {"choice": "unlikely", "reason": ""}
        assert work.record("rating-1", later, lock=lock, base_revision=0) == first
    assert work.record("one", answer=True) is True
    assert work.path.read_bytes() == before
    assert Workbook(work.path).answers == {"rating-1": first, "one": True}


def test_a_newer_answer_that_was_not_seen_stays(work):
    work.record("one", "seen")
    work.record("one", "newer")
    before = work.path.read_bytes()
    for revision in (1, 2, 99):
        with pytest.raises(workbook.ConflictError):
            work.record("one", "waited", revision=revision, base_revision=1)
    assert work.path.read_bytes() == before
    assert work.record("one", "in view of it", revision=9, base_revision=2) == "in view of it"
    assert work.snapshot()["counter"] == 9


@pytest.mark.parametrize("odd", [-1, 10**12 + 1, 2.0, True, "7", [7], None], ids=repr)
def test_what_is_no_revision_is_not_taken_for_one(work, odd):
    work.record("one", "left", revision=odd, base_revision=odd)
    work.record("one", "right", revision=odd, base_revision=odd)
    assert work.snapshot()["answers"]["one"] == {"answer": "right", "n": 2, "locked": False}


@pytest.mark.parametrize("question", [None, 1, b"one", "x" * 250_001], ids=range(4))
def test_an_id_that_is_no_text_or_endless_is_refused(work, question):
    with pytest.raises(kwlesson.LessonError, match="A question's id is a text"):
        work.record(question, "left")
    assert not work.path.exists()


def test_what_is_no_answer_is_refused_and_what_was_kept_stays(work):
    work.record("one", "left")
    with pytest.raises(kwlesson.LessonError, match="The answer to 'one' cannot be kept: a set is"):
        work.record("one", {1, 2})
    assert work.answers == {"one": "left"}


def test_a_file_never_grows_larger_than_what_can_be_read_again(work, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_FILE_BYTES", 1000)
    work.record("one", "left")
    with pytest.raises(kwlesson.LessonError, match="would be too large"):
        work.record("two", "x" * 1000)
    assert work.answers == {"one": "left"}


# Where it lies


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path / "here"))
    Workbook().record("one", "left")
    assert Workbook(tmp_path / "here").answers == {"one": "left"}


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("class", "class/work"),
        ("work/notebooks", "work"),
        ("work", "work"),
        ("a/work/b/c", "a/work"),
    ],
)
def test_without_a_checkout_it_lies_in_the_folder_work(monkeypatch, tmp_path, here, found):
    (tmp_path / here).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / here)
    monkeypatch.setattr(paths, "CHECKOUT", None)
    assert work_folder({}) == tmp_path / found
    monkeypatch.setattr(paths, "CHECKOUT", tmp_path / "checkout")
    assert work_folder({}) == tmp_path / "checkout" / "work"


@pytest.mark.parametrize("name", ["", "answers.json", "mine.json"])
def test_answers_never_lie_among_the_files_of_a_lesson(fiction, name):
    with pytest.raises(kwlesson.LessonError, match="that is the folder of a lesson: name another"):
        Workbook(fiction.path / name)
    (fiction.path / "datapackage.json").unlink(missing_ok=True)
    with pytest.raises(kwlesson.LessonError, match="that is the folder of a lesson"):
        Workbook(fiction.path / name)


@pytest.mark.parametrize("folder", [paths.DATA, paths.NOTEBOOKS, paths.SAMPLE])
def test_answers_never_lie_anywhere_among_our_own_files(folder):
    with pytest.raises(kwlesson.LessonError, match="that is the folder of a lesson"):
        Workbook(folder / "deep" / "answers.json")


@pytest.mark.parametrize("odd", ["no\0name", "~nobody-has-this-name/x", "x" * 5000], ids=range(3))
def test_a_folder_that_cannot_be_is_refused_in_a_sentence(odd):
    with pytest.raises(kwlesson.LessonError, match="cannot be found"):
        Workbook(odd)


def test_a_folder_that_is_gone_is_refused_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "CHECKOUT", None)
    monkeypatch.delenv("KWLESSON_WORK", raising=False)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(kwlesson.LessonError, match="cannot be found"):
        Workbook()


# Bringing a file back


def test_a_file_is_brought_back_whole_and_the_learner_goes_on_in_it(work):
    restored = work.restore(WHOLE)
    stored = json.loads(WHOLE)
    assert restored.answers == {one: entry["answer"] for one, entry in stored["answers"].items()}
    assert restored.messages == ("44 answers were brought back.",)
    assert work.snapshot() == stored
    assert work.record("rating-1", "second") == stored["answers"]["rating-1"]["answer"]
    work.record("next", 1)
    assert work.snapshot()["book"] == stored["book"]
    assert work.snapshot()["counter"] == stored["counter"] + 1
    assert work.restore(WHOLE).messages == ("Nothing in the file is newer than what is here.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty"),
        ("<p>", "no workbook of kwlesson"),
        (content(CASES["another lesson"]), "belongs to another lesson"),
        ("x" * 5_000_001, "larger than 5 MB"),
        ("[" * 10_000, "no workbook of kwlesson"),
    ],
    ids=["empty", "rubbish", "other lesson", "large", "nested"],
)
def test_what_cannot_be_brought_back_leaves_the_answers_as_they_are(work, text, message):
    work.record("one", "mine")
    before = work.path.read_bytes()
    with pytest.raises(kwlesson.LessonError, match=message):
        work.restore(text)
    assert work.path.read_bytes() == before


def test_two_lessons_in_one_folder_keep_their_answers_apart(tmp_path):
    ours, theirs = Workbook(tmp_path), Workbook(tmp_path, "harbour")
    ours.record("who-saw", "keeper")
    theirs.record("who-saw", "master")
    assert (ours.answers, theirs.answers) == ({"who-saw": "keeper"}, {"who-saw": "master"})
    assert theirs.path.name == "answers-harbour.json"
    for book, other in ((ours, theirs), (theirs, ours)):
        assert book.snapshot()["lesson"] == book.lesson
        assert loads(book.path.read_bytes(), [other.lesson]).status == "other"
        with pytest.raises(kwlesson.LessonError, match="belongs to another lesson"):
            book.restore(other.path.read_bytes())


def test_a_damaged_file_that_lost_its_lessons_name_is_of_the_lesson_it_is_read_for(tmp_path):
    book = Workbook(tmp_path, "harbour")
    book.record("who-saw", "keeper")
    cut = book.path.read_text().partition("{\n")[2]
    assert loads(cut, ["harbour"]).answers == {"who-saw": "keeper"}


@pytest.mark.parametrize("name", ["cut in an answer", "version 7"])
def test_of_a_file_in_trouble_what_can_be_read_comes_and_is_said(work, name):
    restored = work.restore(content(CASES[name]))
    kept = CASES[name].get("reads", SOUND)[3]
    assert restored.answers == {one: answer for one, (answer, _, _) in kept.items()}
    assert len(restored.messages) >= 2


# No clock


def test_reading_and_writing_never_ask_for_the_time():
    clocks = r"\btime\.(?!sleep\()|datetime|st_[mc]time|perf_counter|monotonic"
    for path in [paths.PACKAGE / "atomic_file.py", *(paths.PACKAGE / "answers").glob("*.py")]:
        code = re.sub('(?s)""".*?"""', "", path.read_text(encoding="utf-8"))
        assert re.findall(clocks, code) == [], path


@pytest.mark.parametrize("moment", [0, 4_000_000_000])
def test_a_clock_that_is_set_back_changes_nothing(work, moment):
    work.record("one", "old")
    older = work.path.read_bytes()
    work.record("one", "new")
    os.utime(work.path, (moment, moment))
    assert work.answers == {"one": "new"}
    assert work.restore(older).answers == {"one": "new"}
    assert work.record("one", "newest") == "newest"
    assert work.path.read_bytes().count(b'"n": 3') == 1
