"""Answer files are gathered from wherever learning systems put them, and bad ones are named."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import REAL as LESSON
from test_submissions import zipped

import kwlesson
from kwlesson import Workbook, paths
from kwlesson.classroom import gather as classroom
from kwlesson.classroom import submissions
from kwlesson.classroom.csv_export import to_csv
from kwlesson.classroom.gather import gather
from kwlesson.classroom.submissions import MAX_FILE_BYTES, read_submissions
from kwlesson.errors import visible
from kwlesson.views.gather.view import ClassPicture

FIXTURES = Path(__file__).parents[1] / "answers" / "fixtures"
OBEYED = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]")


def book(name="", owner="book-of-ada", counter=1, **answers):
    """Write an answer file as a workbook writes it."""
    given = answers | ({"name": name} if name else {})
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps({'answer': answer, 'n': counter, 'locked': False})}"
        for key, answer in given.items()
    )
    head = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson", "book": owner}
    head_text = json.dumps(head | {"counter": counter})[:-1]
    return f'{head_text}, "answers": {{\n{lines}\n}}}}\n'


def reasons(found):
    return {file.place: file.reason for file in found.skipped}


def test_a_missing_folder_is_one_sentence(tmp_path):
    with pytest.raises(kwlesson.LessonError, match="no such folder"):
        gather(tmp_path / "nowhere")


@pytest.mark.parametrize("newer_first", [True, False])
def test_of_one_learners_files_the_newest_counts_and_the_others_are_named(tmp_path, newer_first):
    counters = (9, 3) if newer_first else (3, 9)
    for place, counter in zip(("answers (1).json", "answers.json"), counters, strict=True):
        (tmp_path / place).write_text(book("Ada", "a", counter, q=f"at {counter}"))
        os.utime(tmp_path / place, (10**9 - counter, 10**9 - counter))  # the clock says otherwise
    found = gather(tmp_path)
    assert [learner.answers["q"] for learner in found.learners] == ["at 9"]
    assert [reason for reason in reasons(found).values() if "older copy" in reason]


def test_two_learners_of_one_computer_are_two_and_a_note_says_so(tmp_path):
    (tmp_path / "a.json").write_text(book("Ada", "same", 4, q="1"))
    (tmp_path / "b.json").write_text(book("Ben", "same", 7, q="2"))
    found = gather(tmp_path)
    assert len(found.learners) == 2
    (note,) = found.notes
    assert note.reason.startswith("a.json, b.json began with one file, and count as 2 learners")
    assert note.nameless.startswith("files 1, 2 began with one file")
    assert reasons(found) == {}


@pytest.mark.parametrize(
    ("names", "counted"),
    [
        (["", "Ada"], ["Ada"]),
        (["Ada", ""], ["", "Ada"]),  # a name is part of the book, and never goes from it
        (["", "Ada", " ada  "], [" ada  "]),
        (["", ""], [""]),
        (["Ada", "Ada L.", "Ada"], ["Ada", "Ada L."]),
        (["", "Ada", "Ada L."], ["Ada", "Ada L."]),
        (["Zoe\u0301", "Zo\u00e9", "ZO\u00c9\u200b"], ["ZO\u00c9\\u200b"]),
    ],
)
def test_copies_of_one_file_are_one_learners_unless_their_names_differ(tmp_path, names, counted):
    for number, name in enumerate(names):
        (tmp_path / f"{number}.json").write_text(book(name, "same", number + 1, q=str(number)))
    found = gather(tmp_path)
    assert sorted(learner.name for learner in found.learners) == counted
    newest = str(len(names) - 1)
    assert newest in [learner.answers["q"] for learner in found.learners]
    said = [file.reason for file in found.skipped]
    older = [reason for reason in said if "an older copy of" in reason]
    assert len(older) == len(names) - len(counted)
    apart = f"began with one file, and count as {len(counted)} learners"
    nameless = [note for note in found.notes if "and no name, and count as 1" in note.reason]
    assert len(nameless) == (names == ["", ""])
    assert [apart in note.reason for note in found.notes] == [True] * (len(counted) > 1) or nameless


def test_files_whose_beginning_is_lost_are_never_taken_for_copies(tmp_path):
    for name in (b"ad\xe9.json", b"ad\xe8.json"):
        (tmp_path / os.fsdecode(name)).write_text(book(owner="", q="1"))
    assert len(gather(tmp_path).learners) == 2


def test_a_name_that_is_not_utf_8_can_be_written_anywhere(tmp_path):
    for name in (b"ad\xe9.json", b"\xff.txt", b"\xfe.zip"):
        (tmp_path / os.fsdecode(name)).write_text(book("Ada", q="1"))
    found = gather(tmp_path)
    places = [one.place for one in (*found.learners, *found.skipped)]
    assert "".join(sorted(places)).encode("utf-8") == b"?.txt?.zipad?.json"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"[" * 10_000, "The file is no workbook of kwlesson: no answers can be read in it."),
        (b"x" * (MAX_FILE_BYTES + 1), "larger than 5 MB: no answer file is"),
        (b'{"answers": {}}', "no answer in it"),
    ],
    ids=["empty", "rubbish", "large", "no answer"],
)
def test_a_bad_file_is_listed_with_its_reason_and_the_others_are_read(tmp_path, content, said):
    (tmp_path / "bad.json").write_bytes(content)
    (tmp_path / "good.json").write_text(book("Ada", q="1"))
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == ["Ada"]
    assert reasons(found) == {"bad.json": said}


def test_a_file_cut_off_gives_what_can_be_read(tmp_path):
    whole = book("Ada", q="1", r="2", s="3")
    (tmp_path / "cut.json").write_text(whole[: whole.index('"s"')])
    found = gather(tmp_path)
    assert [learner.answers["q"] for learner in found.learners] == ["1"]
    assert reasons(found)["cut.json"]


def test_without_names_no_word_on_a_file_holds_the_name_of_one(tmp_path):
    ada = tmp_path / "Ada_4711"
    ada.mkdir()
    (ada / "Ada.docx").write_bytes(b"PK\3\4")
    (ada / "Ada.json").write_bytes(b"x")
    (ada / "Ada broken.zip").write_bytes(b"PK")
    (ada / "Ada link.json").symlink_to(ada / "Ada.docx")
    (ada / "Ada old.json").write_text(book("Ada", "a", 1, q="1"))
    (ada / "Ada new.json").write_text(book("Ada", "a", 2, q="1"))
    (ada / "Other.json").write_text(book("Ben", "a", 2, q="1"))
    names = ("Ada/spoilt.json", "Ada/locked.json")
    stored = zipped(*names, method=zipfile.ZIP_STORED, content=b"spoil me")
    content = bytearray(stored.replace(b"spoil me", b"spoilt!!", 1))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the bit that says: a password is needed
    (ada / "Ada.zip").write_bytes(content)
    found = gather(tmp_path)
    assert all("Ada" in one.place for one in found.skipped)
    numbers = [one.number for one in found.skipped]
    assert numbers == sorted(numbers)
    assert min(numbers) > 0
    hidden = [one.without_names() for one in found.skipped]
    assert "Ada" not in repr(hidden)
    kinds = ["not an answer file", "not a zip", "cannot be read", "a link", "older copy of file"]
    for kind in [*kinds, "is no"]:
        assert any(kind in one.reason for one in hidden), kind
    older = next(one for one in hidden if "older copy" in one.reason)
    (note,) = found.notes
    assert "Ada" in note.reason
    assert "Ada" not in note.nameless
    assert older.reason.rpartition(" ")[2] in note.nameless


@pytest.mark.parametrize("name", ["../../etc", "🦊", "\u202eadA", "A" * 10_000, "a\nb", "<b>"])
def test_a_learners_name_is_only_a_label(tmp_path, name):
    (tmp_path / "one.json").write_text(book(name, q="1"))
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == [visible(name)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json"]


def test_gathering_changes_nothing(tmp_path):
    (tmp_path / "a.json").write_text(book("Ada", q="1")[:-9])
    (tmp_path / "b.zip").write_bytes(zipped("c.json", content=book(q="1")))
    before = {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()
    }
    gather(tmp_path)
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert after == before


@pytest.mark.parametrize("name", ["my-answers.json.txt", "my-answers", "answers.JSON", "a.pdf"])
def test_a_workbook_is_known_by_its_content_whatever_its_name(tmp_path, name):
    (tmp_path / name).write_text(book("Ada", q="1"))
    (tmp_path / "all.zip").write_bytes(zipped(f"in/{name}", content=book("Ben", "b", q="1")))
    assert {learner.name for learner in gather(tmp_path).learners} == {"Ben", "Ada"}


@pytest.mark.parametrize("name", ["lesson.ipynb", "my-argument.html", "essay.txt", "photo.png"])
@pytest.mark.ours
def test_what_holds_no_answers_gets_the_sentence_that_tells_which_file_is_wanted(tmp_path, name):
    contents = {
        "lesson.ipynb": (paths.NOTEBOOKS / "00-start-here.ipynb").read_bytes(),
        "my-argument.html": (
            Path(__file__).parents[1] / "answers/fixtures/my-argument.html"
        ).read_bytes(),
        "essay.txt": b"Mine is longer.",
        "photo.png": b"\x89PNG\r\n\x1a\n",
    }
    (tmp_path / name).write_bytes(contents[name])
    (skipped,) = gather(tmp_path).skipped
    assert "the one wanted is my-answers.json" in skipped.reason
    kinds = {"lesson.ipynb": "a notebook", "my-argument.html": "the page of an argument"}
    assert skipped.reason.startswith(kinds.get(name, "not an answer file"))


def test_answers_of_another_lesson_are_set_apart_and_counted_as_such(tmp_path, invented):
    Workbook(tmp_path / "ada.json").record("who-saw", "keeper")
    for name in ("ben.json", "cleo.json"):
        Workbook(tmp_path / name, invented.id).record("who-saw", "keeper")
    ours, theirs = gather(tmp_path), gather(tmp_path, [invented])
    assert [one.place for one in ours.learners] == ["ada.json"]
    assert [one.place for one in theirs.learners] == ["ben.json", "cleo.json"]
    assert [note.reason for note in (*ours.notes, *theirs.notes)] == [
        "2 files are of another lesson ('kwlesson-sample'), and not counted here",
        "1 file is of another lesson ('kwlesson'), and not counted here",
    ]
    assert "write 'kwlesson-sample' for it in the first line" in reasons(theirs)["ada.json"]


def test_two_lessons_that_ask_one_question_are_not_gathered_at_once(tmp_path, fiction, invented):
    (fiction.path / "datapackage.json").write_text('{"name": "other"}')
    with pytest.raises(kwlesson.LessonError, match="both ask 'who-saw': gather one of them"):
        gather(tmp_path, [invented, kwlesson.load(fiction.path)])


def test_only_what_the_lesson_asks_for_is_kept(tmp_path, invented):
    text = book("Ada", **{"who-saw": "keeper", "other": "x" * 1000})
    (tmp_path / "a.json").write_text(text.replace('"kwlesson"', '"kwlesson-sample"', 1))
    (learner,) = gather(tmp_path, [invented]).learners
    assert learner.answers == {"who-saw": "keeper", "name": "Ada"}


def test_what_was_read_counts_when_a_teacher_stops_the_reading(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(book(name, name, q="1"))

    def stopped(folder):
        yield from list(read_submissions(folder))[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(classroom, "read_submissions", stopped)
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == ["a", "b"]
    assert [note.reason[:23] for note in found.notes] == ["the reading was stopped"]


@pytest.mark.parametrize("limit", ["MAX_ANSWERS_OF_A_FILE", "MAX_ANSWERS"])
def test_answers_have_a_limit_which_is_said(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(classroom, limit, 3)
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(book(name, name, q="1", **{f"q{name}": "2"}))
    if limit == "MAX_ANSWERS":
        found = gather(tmp_path)
        assert [learner.name for learner in found.learners] == ["a", "b"]
        assert "more than 3 answers in all" in found.notes[0].reason
    else:
        (tmp_path / "b.json").write_text(book("b", "b", **dict.fromkeys("qrst", "1")))
        found = gather(tmp_path)
        assert [learner.name for learner in found.learners] == ["a", "c"]
        assert reasons(found) == {"b.json": "more than 3 answers, which no lesson asks for"}


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_BYTES", "MAX_SECONDS"])
def test_a_gather_ends_at_its_limits_and_says_so(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(submissions, limit, 1 if limit != "MAX_SECONDS" else -1)
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(book(name, name, q="1"))
    found = gather(tmp_path)
    assert len(found.learners) == (limit != "MAX_SECONDS")
    (note,) = found.notes
    assert note.reason.endswith("too much to read at once; the rest of it is not read")


def test_no_sign_is_obeyed_by_what_shows_it(tmp_path):
    evil = "\x1b]0;owned\x07\x1b[2J\u202eend\r\nnext\ttab \u200d"
    (tmp_path / f"{evil[:20]}.json".replace("/", "")).write_text(
        book(evil, q={"choice": evil, "reason": [evil]}, r=evil)
    )
    (learner,) = gather(tmp_path).learners
    assert learner.name.isprintable()
    assert learner.place.isprintable()
    shown = "\\x1b]0;owned\\x07\\x1b[2J\\u202eend\nnext\ttab \u200d"
    assert learner.answers["q"] == {"choice": shown, "reason": [shown]}
    assert learner.answers["r"] == shown


# Any file, zip or text


TEXTS = [row["id"] for row in LESSON.records("questions", kind="text")]
WORDS = dict.fromkeys(TEXTS, "\x1b[2J\u202e") | {"argument": {"claim": "\x9b2J\u2066"}}
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([book("Ada", q="1"), book("x\u202e", "b", 2, **WORDS), book("", "", **WORDS)])
    .map(str.encode)
    .flatmap(lambda text: st.integers(0, len(text)).map(lambda at: text[:at])),
)
NAMES = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=12
).filter(lambda name: name not in {".", ".."})


@settings(max_examples=60)
@given(st.dictionaries(NAMES, CONTENTS, max_size=4), st.booleans(), st.data())
def test_any_folder_ends_in_sentences_that_can_be_printed(files, zip_them, data):
    with tempfile.TemporaryDirectory() as folder:
        if zip_them:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for name, content in files.items():
                    archive.writestr(name, content)
            whole = bytearray(out.getvalue())
            for _ in range(data.draw(st.integers(0, 3))):
                whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
            Path(folder, "class.zip").write_bytes(whole)
        else:
            for number, (name, content) in enumerate(files.items()):
                Path(folder, f"{number}{name}"[:60]).write_bytes(content)
        found = gather(Path(folder))
        picture = ClassPicture([LESSON], *found, names=True)
        table = to_csv([LESSON], found.learners, names=True)
    said = [text for one in (*found.skipped, *found.notes) for text in (one.place, one.reason)]
    assert [text for text in said if text != visible(text)] == []
    told = [text for one in found.learners for text in (one.name, one.place)]
    assert [text for text in told if text != visible(text)] == []
    for text in (picture.text(), table, picture.document(), picture.written_document()):
        assert not OBEYED.search(text)
    counted = {one.place for one in (*found.learners, *found.skipped)}
    assert len(counted) >= (1 if files and not zip_them else 0)
