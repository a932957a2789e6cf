"""An answer that was recorded is found again, whatever it is and wherever the file has been."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson import Workbook, paths
from kwlesson.answers import file_format, json_values, workbook
from kwlesson.answers.file_format import loads
from kwlesson.answers.workbook import work_folder

IN_ONE_FOLDER = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ids = st.text(max_size=30)
answers = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ids, inner, max_size=4),
    max_leaves=12,
)
books = st.dictionaries(ids, answers, min_size=1, max_size=6)
HEAD = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson"}
ODD_IDS = [
    *("", " ", "../../etc/passwd", "a/b\\c", "CON", "\0", "line\nbreak", '"quoted"', "__proto__"),
    *("\U0001f600\U0001f468\u200d\U0001f469", "\u202eright to left", "\u0627\u0644", "\u2028"),
    *("answer", "answers", "n", "locked", "x" * 10_000, "\U0001f600" * 10_000),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work" / "answers.json"


@pytest.fixture
def work(path):
    return Workbook(path)


def alike(one: object, other: object) -> bool:
    """Tell whether two JSON values are the same, also where Python takes 1 for True."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def book(entries: dict[str, tuple[object, int]], name: str = "ada", **header: object) -> str:
    """Write a workbook by hand, without the code that is tested."""
    whole = {
        **HEAD,
        "book": name,
        "counter": max([n for _, n in entries.values()], default=0),
        **header,
    }
    lines = [
        f'{json.dumps(one)}: {{"answer": {json.dumps(answer)}, "n": {n}, "locked": false}}'
        for one, (answer, n) in entries.items()
    ]
    return json.dumps(whole)[:-1] + ', "answers": {\n' + ",\n".join(lines) + "\n}}\n"


SOME = {"one": ("left", 1), "two": (["a", "b"], 2), "three": ({"choice": "likely"}, 3)}
PLAIN = {question: answer for question, (answer, _) in SOME.items()}


# Recording


@IN_ONE_FOLDER
@given(recorded=books)
def test_any_json_answers_recorded_under_any_ids_come_back_equal(tmp_path_factory, recorded):
    one = Workbook(tmp_path_factory.mktemp("any"))
    for question, answer in recorded.items():
        assert alike(one.record(question, answer), answer)
    assert alike(Workbook(one.path).answers, recorded)


@pytest.mark.parametrize("question", ODD_IDS, ids=lambda one: ascii(one)[:25])
def test_any_id_is_only_a_key_and_never_a_path(work, question):
    work.record(question, "kept")
    work.record("next", question)
    assert work.answers == {question: "kept", "next": question}
    names = {file.name for file in work.path.parent.iterdir()}
    assert names == {"answers.json", "answers.previous.json", ".answers.lock"}


def test_reading_an_answer_that_was_never_given_creates_nothing(work, tmp_path):
    assert work.answers == {}
    assert work.snapshot() == {**HEAD, "book": "", "counter": 0, "answers": {}}
    assert list(tmp_path.iterdir()) == []


def test_the_file_has_one_answer_a_line_and_the_counter_numbers_them(work):
    work.record("one", "left")
    work.record("two", "\u201cja\u201d", lock=True)
    work.record("one", "right")
    head, *lines = work.path.read_text(encoding="utf-8").splitlines()
    token = json.loads(head + "}}")["book"]
    assert len(token) == 12
    assert json.loads(head + "}}")["counter"] == 3
    assert lines == [
        '"one": {"answer": "right", "n": 3, "locked": false},',
        '"two": {"answer": "\u201cja\u201d", "n": 2, "locked": true}',
        "}}",
    ]
    assert work.snapshot() == json.loads(work.path.read_text(encoding="utf-8"))


def test_the_file_before_the_last_answer_is_kept(work):
    work.record("one", "left")
    before = work.path.read_bytes()
    work.record("one", "right")
    assert work.path.with_name("answers.previous.json").read_bytes() == before


def test_the_same_answer_again_is_not_written_again(work):
    work.record("one", answer=True)
    before = work.path.read_bytes()
    assert work.record("one", answer=True) is True
    assert work.path.read_bytes() == before
    assert work.record("one", 1) == 1
    assert work.answers["one"] is not True


def test_a_locked_answer_stays_and_the_one_that_stands_is_told(work):
    first = {"choice": "likely", "reason": "Two logs."}
    assert work.record("rating-1", first, lock=True) == first
    before = work.path.read_bytes()
    for lock in (True, False):
        assert work.record("rating-1", {"choice": "unlikely", "reason": ""}, lock=lock) == first
    assert work.path.read_bytes() == before
    assert Workbook(work.path).answers == {"rating-1": first}


def test_an_answer_gets_no_lower_number_than_the_page_gave_it(work):
    work.record("one", "left", revision=7)
    work.record("two", "up", revision=3)
    work.record("one", "right")
    assert [work.snapshot()["answers"][one]["n"] for one in ("one", "two")] == [9, 8]
    assert work.snapshot()["counter"] == 9


@pytest.mark.parametrize("n", [-1, 10**12 + 1, 2.0, True, "7", [7], None], ids=repr)
def test_what_is_no_number_of_an_answer_is_not_taken_for_one(work, n):
    work.record("one", "left", revision=n, base_revision=n)
    work.record("one", "right", revision=n, base_revision=n)
    assert work.snapshot()["answers"]["one"] == {"answer": "right", "n": 2, "locked": False}


def test_beyond_the_last_number_answers_are_kept_and_read_all_the_same(work, path, tmp_path):
    path.parent.mkdir()
    path.write_text(book({"one": ("left", 10**12)}))
    work.record("two", "up")
    other = Workbook(tmp_path / "other")
    other.record("three", "down")
    work.restore(other.path.read_bytes())
    work.record("one", "right")
    found = loads(path.read_bytes())
    assert found.answers == {"one": "right", "two": "up", "three": "down"}
    assert found.status == ""


def test_a_newer_answer_that_was_not_seen_stays(work):
    work.record("one", "seen")
    work.record("one", "newer")
    before = work.path.read_bytes()
    for n in (1, 2, 99):
        with pytest.raises(workbook.ConflictError):
            work.record("one", "waited", revision=n, base_revision=1)
    assert work.path.read_bytes() == before
    work.record("one", "newer", revision=99, base_revision=1)
    assert work.path.read_bytes() == before
    assert work.record("one", "in view of it", base_revision=2) == "in view of it"
    assert work.record("one", "from Python") == "from Python"


def test_a_locked_answer_is_told_to_whoever_has_not_seen_it(work):
    first = work.record("rating-1", {"choice": "likely", "reason": "Two logs."}, lock=True)
    assert work.record("rating-1", {"choice": "unlikely", "reason": ""}, base_revision=0) == first


def test_an_answer_can_be_locked_later(work):
    work.record("one", "left")
    work.record("one", "left", lock=True)
    assert work.record("one", "right") == "left"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({1, 2}, "a set is no JSON value"),
        (b"bytes", "a bytes is no JSON value"),
        (float("nan"), "nan is no JSON number"),
        ([1.0, float("-inf")], "-inf is no JSON number"),
        ({1: "one"}, "a int is no JSON key"),
        (10**5000, "a number is too long"),
        ("x" * 250_001, "it is longer than 250,000 characters"),
        ({"k" * 250_001: 1}, "it is longer than 250,000 characters"),
        ([0] * 250_001, "it is longer than 250,000 characters"),
    ],
    ids=range(9),
)
def test_what_is_no_answer_is_refused_in_one_sentence(work, value, reason):
    work.record("one", "left")
    with pytest.raises(kwlesson.LessonError) as caught:
        work.record("one", value)
    assert str(caught.value) == f"The answer to 'one' cannot be kept: {reason}."
    assert work.answers == {"one": "left"}


def nested(depth: int) -> object:
    value: object = "core"
    for _ in range(depth):
        value = [value]
    return value


def test_an_answer_may_be_nested_so_deep_and_no_deeper(work):
    assert work.record("deep", nested(32)) == nested(32)
    endless: list[object] = []
    endless.append(endless)
    wide: object = "x"
    for _ in range(30):
        wide = [wide] * 10
    for value in (nested(33), nested(10_000), endless, wide):
        with pytest.raises(kwlesson.LessonError, match=r"cannot be kept: it is "):
            work.record("deep", value)
    assert Workbook(work.path).answers == {"deep": nested(32)}


def test_half_a_character_becomes_a_replacement_sign_and_two_halves_one_character(work):
    work.record("\ud800", {"\udfff": "a\ud83d b \ud83d\ude00"})
    assert work.answers == {"\ufffd": {"\ufffd": "a\ufffd b \U0001f600"}}
    assert "\U0001f600" in work.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", [None, 1, b"one", "x" * 250_001], ids=range(4))
def test_an_id_that_is_no_text_or_endless_is_refused(work, question):
    with pytest.raises(kwlesson.LessonError, match="A question's id is a text"):
        work.record(question, "left")
    assert not work.path.exists()


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


# Reading any text


def test_a_whole_file_is_read_without_a_word():
    found = loads(book(SOME))
    assert (found.answers, found.book, found.counter) == (PLAIN, "ada", 3)
    assert (found.status, found.messages, found.usable) == ("", (), True)


@IN_ONE_FOLDER
@given(recorded=books, lock=st.booleans())
def test_what_is_written_is_read_again_also_as_bytes(recorded, lock):
    entries = {
        question: file_format.Entry(answer, n, lock)
        for n, (question, answer) in enumerate(recorded.items(), start=1)
    }
    whole = file_format.ParsedWorkbook(entries, "ada", len(entries))
    for text in (file_format.dumps(whole), file_format.dumps(whole).encode()):
        assert alike(loads(text), whole)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: bytearray(text.encode()),
        lambda text: memoryview(text.encode()),
    ],
)
def test_however_an_editor_stores_the_file_it_is_read(encode):
    found = loads(encode(book({"one": ("d\u00e9j\u00e0 \U0001f600", 1)})))
    assert (found.answers, found.messages) == ({"one": "d\u00e9j\u00e0 \U0001f600"}, ())


def test_letters_in_an_old_encoding_are_said_to_be_lost_and_the_rest_is_kept():
    text = book({"one": ("cafe", 1), "two": ("right", 2)}).replace("cafe", "caf\u00e9")
    found = loads(text.encode("latin-1"))
    assert found.answers == {"one": "caf\ufffd", "two": "right"}
    assert found.status == "broken"
    assert "could not be read" in found.messages[0]


@IN_ONE_FOLDER
@given(recorded=books, data=st.data())
def test_a_file_cut_at_any_byte_keeps_every_complete_line(recorded, data):
    entries = {one: file_format.Entry(answer, 1) for one, answer in recorded.items()}
    content = file_format.dumps(file_format.ParsedWorkbook(entries, "ada", 1)).encode()
    cut = data.draw(st.integers(0, len(content)))
    found = loads(content[:cut])
    complete = content[:cut].count(b"\n") - 1
    for question, answer in list(recorded.items())[: max(0, complete)]:
        assert alike(found.answers[question], answer)
    assert all(alike(answer, recorded[question]) for question, answer in found.answers.items())


def test_a_file_cut_at_every_byte_is_said_to_be_cut_until_it_is_whole():
    content = book({**SOME, "long": ("\u00e9\U0001f600\n" * 5, 4)}).encode()
    whole = len(content.rstrip())
    for cut in range(len(content) + 1):
        found = loads(content[:cut])
        complete = max(0, content[:cut].count(b"\n") - 1)
        assert len(found.answers) >= min(complete, 4)
        assert (found.status == "") is (cut >= whole)
        assert bool(found.messages) is (cut < whole)


@pytest.mark.parametrize("after", ['"three', '"three": {"ans', '{"choice": "lik'])
def test_the_answer_at_which_a_file_is_cut_is_named(after):
    content = book(SOME)
    found = loads(content[: content.index(after) + len(after)])
    assert found.answers == {"one": "left", "two": ["a", "b"]}
    assert found.messages == (
        "The file is cut off or damaged: only 2 answers could be read.",
        "These are left out: 'three'.",
    )


@pytest.mark.parametrize(
    ("old", "new", "left_out"),
    [
        ('"left"', "left", "'one'"),
        ('"left"', '"left', "'one'"),
        ('["a", "b"]', '["a", "b"', "'two'"),
        ('"left"', "NaN", "'one'"),
        ('"left"', "1e999", "'one'"),
        ('"left"', "9" * 5000, "'one'"),
        ('"left"', "[" * 10_000 + "]" * 10_000, "'one'"),
        ('"left"', "[" * 40 + "]" * 40, "'one'"),
        ('"left"', '"' + "x" * 250_001 + '"', "'one'"),
        ('{"answer": "left", "n": 1, "locked": false}', '"left"', "'one'"),
        ('{"answer": "left", ', "{", "'one'"),
        ('"locked": false},\n"two"', '"locked": false}\n"two"', None),
        ('"locked": false}\n}', '"locked": false},\n}', None),
        ('"left"', '"le\nft"', None),
        ('"left"', '"le\\ft"', None),
    ],
    ids=range(15),
)  # fmt: skip
def test_a_file_edited_by_hand_keeps_the_good_answers_and_names_the_others(old, new, left_out):
    text = book(SOME)
    assert old in text
    found = loads(text.replace(old, new, 1))
    kept = {question for question in PLAIN if repr(question) != left_out}
    assert set(found.answers) == kept
    assert all(found.answers[one] == PLAIN[one] for one in kept - {"one"})
    said = " ".join(found.messages)
    assert left_out is None or f"These are left out: {left_out}." in said
    assert (found.status == "broken") is bool(found.messages)


@pytest.mark.parametrize("n", ["-1", "1.5", "true", '"1"', "null", "1e3", "9" * 30])
def test_an_answer_whose_number_is_spoilt_is_kept_as_the_oldest(n):
    found = loads(book(SOME).replace('"n": 1', f'"n": {n}'))
    assert found.answers == PLAIN
    assert found.entries["one"].revision == 0
    assert found.messages == (
        "The number of these is not readable, so they count as the oldest: 'one'.",
    )


@pytest.mark.parametrize("counter", ["-1", "2", "true", "null", "9" * 30])
def test_the_counter_is_never_below_the_newest_answer(counter):
    assert loads(book(SOME).replace('"counter": 3', f'"counter": {counter}')).counter == 3


@pytest.mark.parametrize("name", ["5", '""', "null", '"../x"', '"Ada"', f'"{"a" * 65}"'])
def test_a_token_that_is_none_is_no_token(name):
    found = loads(book(SOME).replace('"book": "ada"', f'"book": {name}'))
    assert (found.book, found.answers, found.status) == ("", PLAIN, "")


def test_a_damaged_file_that_an_editor_indented_is_read_too():
    whole = json.dumps(json.loads(book(SOME)), indent=2)
    assert loads(whole).answers == PLAIN
    found = loads(whole[: whole.index('"likely"')])
    assert found.answers == {"one": "left", "two": ["a", "b"]}
    assert (found.book, found.counter) == ("ada", 3)


@pytest.mark.parametrize("damage", ["", "cut"])
def test_the_answers_of_another_lesson_are_not_taken(damage):
    text = book(SOME, lesson="harbour-light")
    found = loads(text[:-40] if damage else text)
    assert found.answers == {}
    assert found.status == "other"
    assert not found.usable
    assert found.messages == (
        "The file belongs to another lesson ('harbour-light'), so its answers are not taken.",
    )


def test_of_a_newer_version_what_fits_is_read_and_said():
    text = book(SOME, version=7).replace('"left", "n": 1', '"left", "ink": "blue", "n": 1')
    found = loads(text)
    assert (found.answers, found.status) == (PLAIN, "newer")
    assert "(its format is 7, and this one knows 1)" in found.messages[0]


def test_version_0_question_and_answer_alone_migrates():
    old = {"format": "kwlesson-workbook", "version": 0, "lesson": "kwlesson", "book": "ada"}
    found = loads(json.dumps({**old, "answers": PLAIN}))
    assert (found.answers, found.status) == (PLAIN, "")
    assert [entry.revision for entry in found.entries.values()] == [1, 2, 3]
    assert found.counter == 3


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "null", "1", '"text"', "{}", "{", "NaN", "<!doctype html><p>Hello", "\ud800"),
        *("[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000, "9" * 5000, "PK\x03\x04"),
        *('{"answers": []}', '{"answers": {}, "format": "other"}', '{"cells": []}'),
        *(b"\xff\xfe\x41\x00\x41", b"\x89PNG\r\n\x1a\n\0\0", bytes(range(256)), b"\xff" * 9),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(text):
    found = loads(text)
    assert found.answers == {}
    assert not found.usable
    assert found.messages == ("The file is no workbook of kwlesson: no answers can be read in it.",)


@pytest.mark.parametrize(
    "text", ["", " \r\n", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x82", "\0" * 100]
)
def test_an_empty_file_is_said_to_be_empty(text):
    assert loads(text).messages == ("The file is empty.",)


@pytest.mark.parametrize("piece", ["x", b"\0", "\u00e9"])
def test_a_file_of_50_mb_is_refused_in_one_sentence(piece):
    found = loads(piece * 50_000_000)
    assert found.answers == {}
    assert len(found.messages) == 1
    assert "larger than 5 MB" in found.messages[0]


@IN_ONE_FOLDER
@given(content=st.binary(max_size=200), place=st.integers(0, 10_000), cut=st.integers(0, 30))
def test_whatever_happens_to_a_file_it_is_read_without_an_error(content, place, cut):
    whole = book(SOME).encode()
    place %= len(whole)
    for spoilt in (content, whole[:place] + content + whole[place + cut :]):
        found = loads(spoilt)
        assert found.usable or not found.answers
        assert bool(found.messages) is (found.status != "")


def test_many_damaged_answers_are_not_all_named():
    names = [f"question-{number}" for number in range(20)]
    found = loads(book(dict.fromkeys(names, ("left", 1))).replace('"answer"', '"reply"'))
    assert found.messages[-1].endswith("'question-4' and 15 more.")
    assert json_values.format_ids(["x" * 10_000]) == f"'{'x' * 60}...'"


# Bringing a file back


@IN_ONE_FOLDER
@given(recorded=books)
def test_what_was_downloaded_is_brought_back_whole(tmp_path_factory, recorded):
    one, other = (Workbook(tmp_path_factory.mktemp("copy")) for _ in range(2))
    for question, answer in recorded.items():
        one.record(question, answer)
    restored = other.restore(one.path.read_bytes())
    assert alike(restored.answers, recorded)
    assert other.snapshot() == one.snapshot()
    # The file that comes next is the same learner's, and newer.
    other.record("next", 1)
    assert loads(other.path.read_bytes()).book == one.snapshot()["book"]
    assert other.snapshot()["counter"] > one.snapshot()["counter"]


def test_of_the_same_book_the_newer_answers_come_and_older_ones_do_not(work):
    work.restore(book({"one": ("old", 1), "two": ("new", 9), "same": ("s", 4)}))
    restored = work.restore(book({"one": ("new", 5), "two": ("old", 2), "same": ("s", 3)}))
    assert restored.answers == {"one": "new", "two": "new", "same": "s"}
    assert restored.messages == (
        "1 answer was brought back.",
        "These answers are newer here and stay: 'two'.",
    )
    assert work.snapshot()["counter"] == 9


def test_another_book_fills_gaps_and_overwrites_nothing(work):
    work.restore(book({"one": ("mine", 1)}, "ada"))
    restored = work.restore(book({"one": ("theirs", 99), "two": ("b", 50), "x": ("a", 40)}, "bob"))
    assert restored.answers == {"one": "mine", "two": "b", "x": "a"}
    assert restored.messages == (
        "The file is of another workbook than the one here, so it only fills gaps.",
        "2 answers were brought back.",
        "These answers differ and stay as they are here: 'one'.",
    )
    found = loads(work.path.read_bytes())
    assert (found.book, found.counter) == ("ada", 3)
    assert [(one, found.entries[one].revision) for one in ("one", "x", "two")] == [
        ("one", 1), ("x", 2), ("two", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("token", ["ada", "bob", ""])
def test_a_locked_answer_outlives_every_file_that_is_brought_back(work, token):
    work.restore(book({"other": ("x", 1)}, "ada"))
    work.record("rating-1", "first", lock=True)
    restored = work.restore(book({"rating-1": ("second", 999)}, token))
    assert restored.answers["rating-1"] == "first"
    assert "These answers stay as they were first given: 'rating-1'." in restored.messages


def test_a_lock_comes_back_with_its_answer(work):
    text = book({"rating-1": ("first", 1)}).replace("false", "true")
    work.restore(text)
    assert work.record("rating-1", "second") == "first"


def test_bringing_the_same_file_back_twice_changes_nothing(work):
    work.restore(book(SOME))
    before = work.path.read_bytes()
    restored = work.restore(book(SOME))
    assert restored.messages == ("Nothing in the file is newer than what is here.",)
    assert work.path.read_bytes() == before


def test_a_book_without_a_token_counts_as_another_one(work):
    work.record("one", "mine")
    restored = work.restore(book({"one": ("theirs", 99)}, ""))
    assert restored.answers == {"one": "mine"}
    assert work.snapshot()["book"] != ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("<p>", "no workbook of kwlesson"),
        (book(SOME, lesson="other"), "belongs to another lesson"),
        ("x" * 5_000_001, "larger than 5 MB"),
        ("[" * 10_000, "no workbook of kwlesson"),
    ],
    ids=["empty", "rubbish", "other lesson", "large", "nested"],
)
def test_what_cannot_be_brought_back_leaves_the_answers_as_they_are(work, text, sentence):
    work.record("one", "mine")
    before = work.path.read_bytes()
    with pytest.raises(kwlesson.LessonError, match=sentence):
        work.restore(text)
    assert work.path.read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "newer"])
def test_of_a_file_in_trouble_what_can_be_read_comes_and_it_stays_untouched(work, tmp_path, damage):
    file = tmp_path / "download.json"
    text = book(SOME)
    text = text[: text.index('"likely"')] if damage == "cut" else book(SOME, version=7)
    file.write_text(text, encoding="utf-8")
    restored = work.restore(file.read_bytes())
    assert restored.answers.items() <= PLAIN.items()
    assert len(restored.answers) == (2 if damage == "cut" else 3)
    assert len(restored.messages) >= 2
    assert file.read_text(encoding="utf-8") == text


def test_reading_and_writing_never_ask_for_the_time():
    for module in ("atomic_file", "answers/file_format", "answers/json_values", "answers/workbook"):
        text = (paths.PACKAGE / f"{module}.py").read_text(encoding="utf-8")
        asked = text.replace("import time\n", "").replace("time.sleep(", "").replace("timeout=", "")
        for word in ("time.", "datetime", "st_mtime", "st_ctime", "perf_counter", "monotonic"):
            assert word not in asked, (module, word)


@pytest.mark.parametrize("moment", [0, 1, 4_000_000_000])
def test_a_clock_that_is_set_back_changes_nothing(work, moment):
    work.record("one", "old")
    older = work.path.read_bytes()
    work.record("one", "new")
    os.utime(work.path, (moment, moment))
    assert work.answers == {"one": "new"}
    assert work.restore(older).answers == {"one": "new"}
    assert work.record("one", "newest") == "newest"
    assert Path(work.path).read_bytes().count(b'"n": 3') == 1
