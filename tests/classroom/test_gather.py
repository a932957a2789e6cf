"""Answer files are gathered from wherever learning systems put them, and bad ones are named."""

from __future__ import annotations

import json
import os
import zipfile

import pytest
from test_submissions import zipped

import kwlesson
from kwlesson.classroom.gather import gather
from kwlesson.classroom.submissions import MAX_FILE_BYTES
from kwlesson.errors import visible


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
    assert [note.reason for note in found.notes if apart not in note.reason] == []
    assert len(found.notes) == (len(counted) > 1)


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
