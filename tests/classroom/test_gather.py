"""Answer files are gathered from wherever learning systems put them, and bad ones are named."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import kwlesson
from kwlesson.classroom import submissions
from kwlesson.classroom.gather import gather


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


DEFLATED = zipfile.ZIP_DEFLATED
METHODS = {"deflate": DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}
each_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def zipped(entries, method=DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def reasons(found):
    return {file.place: file.reason for file in found.skipped}


def test_files_are_found_loose_in_folders_and_in_zips(tmp_path):
    (tmp_path / "ada.json").write_text(book("Ada", "a", q="1"))
    (tmp_path / "group 2" / "late").mkdir(parents=True)
    (tmp_path / "group 2" / "late" / "ben.JSON").write_text(book("Ben", "b", q="2"))
    entries = [("Cleo_123_assignsubmission_file_/answers.json", book("Cleo", "c", q="3"))]
    (tmp_path / "export.zip").write_bytes(zipped(entries))
    found = gather(tmp_path)
    assert sorted(learner.name for learner in found.learners) == ["Ada", "Ben", "Cleo"]
    assert found.skipped == []


def test_a_single_file_or_zip_will_do(tmp_path):
    path = tmp_path / "all.zip"
    path.write_bytes(zipped([("a.json", book(q="1")), ("b.json", book(owner="other", q="2"))]))
    assert len(gather(path).learners) == 2


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
    assert reasons(found) == {
        "a.json": "copies of this file hold different names: they count as 2 learners"
    }


@pytest.mark.parametrize(
    ("names", "counted"),
    [
        (["", "Ada"], ["Ada"]),
        (["Ada", ""], ["Ada"]),
        (["", "Ada", " ada  "], [" ada  "]),
        (["", ""], [""]),
        (["Ada", "Ada L.", "Ada"], ["Ada", "Ada L."]),
        (["", "Ada", "Ada L."], ["", "Ada", "Ada L."]),
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
    apart = f"different names: they count as {len(counted)} learners"
    assert len([reason for reason in said if apart in reason]) == (len(counted) > 1)


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
        (b"", ""),
        (b"not json", ""),
        (b"\xff\xfe\x00\x01", ""),
        (b"[" * 10_000, ""),
        (b'{"a":' * 10_000, ""),
        (b'{"format": "something else"}', ""),
        (b"x" * (submissions.MAX_FILE_BYTES + 1), "larger than 2 MB"),
        (b"[1, 2, 3]", ""),
        (b"null", ""),
    ],
)
def test_a_bad_file_is_listed_with_its_reason_and_the_others_are_read(tmp_path, content, said):
    (tmp_path / "bad.json").write_bytes(content)
    (tmp_path / "good.json").write_text(book("Ada", q="1"))
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == ["Ada"]
    assert said in reasons(found)["bad.json"]
    assert len(reasons(found)["bad.json"]) > 10
    assert "Traceback" not in reasons(found)["bad.json"]


def test_other_files_are_named_and_hidden_ones_passed_over(tmp_path):
    for name in ("essay.docx", "photo.png", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    found = gather(tmp_path)
    assert sorted(reasons(found)) == ["essay.docx", "photo.png"]


def test_a_file_cut_off_gives_what_can_be_read(tmp_path):
    whole = book("Ada", q="1", r="2", s="3")
    (tmp_path / "cut.json").write_text(whole[: whole.index('"s"')])
    found = gather(tmp_path)
    assert [learner.answers["q"] for learner in found.learners] == ["1"]
    assert reasons(found)["cut.json"]


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text(book("Eve", q="1"))
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "link.json").symlink_to(secret)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    found = gather(folder)
    assert found.learners == []
    assert "a link" in reasons(found)["link.json"]


def test_a_link_in_a_zip_is_not_followed(tmp_path):
    entry = zipfile.ZipInfo("answers.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    found = gather(tmp_path)
    assert found.learners == []
    assert "a link" in reasons(found)["links.zip/answers.json"]


@pytest.mark.parametrize("name", ["../../../tmp/out.json", "/etc/out.json", "..\\..\\out.json"])
def test_a_path_in_a_zip_leads_nowhere(tmp_path, name):
    (tmp_path / "paths.zip").write_bytes(zipped([(name, book("Ada", q="1"))]))
    before = sorted(Path(tmp_path).rglob("*"))
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == ["Ada"]
    assert sorted(Path(tmp_path).rglob("*")) == before


@each_method
def test_a_zip_bomb_is_not_let_off(tmp_path, method):
    bomb = zipped([(f"{number}.json", bytes(50_000_000)) for number in range(3)], method)
    assert len(bomb) < 1_000_000
    (tmp_path / "bomb.zip").write_bytes(bomb)
    found = gather(tmp_path)
    assert found.learners == []
    assert all("larger than 2 MB" in reason for reason in reasons(found).values())


@each_method
def test_a_zip_that_lies_about_its_sizes_is_read_to_the_limit_only(tmp_path, method):
    content = bytearray(zipped([("liar.json", bytes(50_000_000))], method))
    size, lie = (50_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(size) >= 1
    (tmp_path / "liar.zip").write_bytes(bytes(content).replace(size, lie))
    tracemalloc.start()
    found = gather(tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * submissions.MAX_FILE_BYTES
    assert found.learners == []
    assert next(iter(reasons(found))).startswith("liar.zip")


@each_method
def test_what_is_packed_in_an_unusual_way_is_named_and_not_unpacked(tmp_path, method):
    (tmp_path / "a.zip").write_bytes(zipped([("a.json", book("Ada", q="1"))], method))
    found = gather(tmp_path)
    said = {} if method == DEFLATED else {"a.zip/a.json": submissions.UNSUPPORTED}
    assert reasons(found) == said
    assert len(found.learners) == (method == DEFLATED)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, *METHODS.values()])
def test_no_spoilt_byte_of_a_zip_stops_the_gathering(tmp_path, method):
    whole = zipped([("a.json", book("Ada", "a", q="1")), ("b.json", "{}")], method)
    (tmp_path / "good.json").write_text(book("Ben", "b", q="1"))
    for place in range(len(whole)):
        for byte in (0, 255):
            spoilt = whole[:place] + bytes([byte]) + whole[place + 1 :]
            (tmp_path / "class.zip").write_bytes(spoilt)
            assert "Ben" in [learner.name for learner in gather(tmp_path).learners]


def test_a_zip_of_many_files_stops_at_its_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_ZIP_ENTRIES", 3)
    entries = [(f"{n}.json", book(owner=str(n), q="1")) for n in range(5)]
    (tmp_path / "many.zip").write_bytes(zipped(entries))
    found = gather(tmp_path)
    assert len(found.learners) == 3
    assert "too much in one zip" in reasons(found)["many.zip"]


def test_a_zip_of_a_hundred_thousand_entries_is_survived(tmp_path):
    with zipfile.ZipFile(tmp_path / "vast.zip", "w") as archive:
        for number in range(100_000):
            archive.writestr(f"__MACOSX/{number}", b"")
        archive.writestr("ada.json", book("Ada", q="1"))
    assert [learner.name for learner in gather(tmp_path).learners] == ["Ada"]


def test_a_zip_in_a_zip_and_a_broken_zip_are_named(tmp_path):
    (tmp_path / "outer.zip").write_bytes(zipped([("inner.zip", zipped([("a.json", book(q="1"))]))]))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no more")
    said = reasons(gather(tmp_path))
    assert "unpack it first" in said["outer.zip/inner.zip"]
    assert "not a zip that can be read" in said["broken.zip"]


@pytest.fixture
def closing():
    """Give a folder, and a way to close a folder in it to whoever gathers."""
    gather(Path(__file__))  # root may import what others may not
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0

    def close(name, mode):
        (folder / name).chmod(mode)
        if root:
            os.seteuid(65534)

    yield folder, close
    if root:
        os.seteuid(0)
    for path in folder.iterdir():
        path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (
            0o644,
            {
                "group/ben.json": "cannot be read: Permission denied",
                "group/cleo.zip": "cannot be read: Permission denied",
                "group/late": "a folder that cannot be read: Permission denied",
            },
        ),
        (0o311, {"group": "a folder that cannot be read: Permission denied"}),
    ],
    ids=["no entry", "no list"],
)
def test_a_closed_folder_is_named_and_the_others_are_read(closing, mode, said):
    folder, close = closing
    (folder / "group" / "late").mkdir(parents=True)
    for place in ("ada.json", "group/ben.json", "group/cleo.zip", "group/late/dan.json"):
        (folder / place).write_text(book(place, place.replace("/", "-"), q="1"))
    close("group", mode)
    found = gather(folder)
    assert [learner.name for learner in found.learners] == ["ada.json"]
    assert reasons(found) == said


def test_a_folder_in_a_closed_one_is_one_sentence(closing):
    folder, close = closing
    (folder / "group" / "class").mkdir(parents=True)
    close("group", 0o644)
    with pytest.raises(kwlesson.LessonError, match=r"cannot be read \(Permission denied\)"):
        gather(folder / "group" / "class")


@pytest.mark.parametrize("name", ["pipe.json", "pipe.zip"])
def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert reasons(gather(tmp_path)) == {name: "not a file that can be read"}


def test_without_names_no_word_on_a_file_holds_the_name_of_one(tmp_path):
    ada = tmp_path / "Ada_4711"
    ada.mkdir()
    (ada / "Ada.docx").write_bytes(b"x")
    (ada / "Ada.json").write_bytes(b"x")
    (ada / "Ada broken.zip").write_bytes(b"PK")
    (ada / "Ada link.json").symlink_to(ada / "Ada.docx")
    (ada / "Ada old.json").write_text(book("Ada", "a", 1, q="1"))
    (ada / "Ada new.json").write_text(book("Ada", "a", 2, q="1"))
    (ada / "Other.json").write_text(book("Ben", "a", 2, q="1"))
    entries = [("Ada/spoilt.json", b"spoil me"), ("Ada/locked.json", b"locked")]
    content = bytearray(zipped(entries, zipfile.ZIP_STORED).replace(b"spoil me", b"spoilt!!"))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the bit that says: a password is needed
    (ada / "Ada.zip").write_bytes(content)
    found = gather(tmp_path)
    assert all("Ada" in one.place for one in found.skipped)
    numbers = [one.number for one in found.skipped]
    assert numbers == sorted(numbers)
    assert min(numbers) > 0
    hidden = [one.without_names() for one in found.skipped]
    assert "Ada" not in repr(hidden)
    kinds = ["does not end in", "not a zip", "cannot be read", "a link", "older copy of file"]
    for kind in [*kinds, "different names", "is no"]:
        assert any(kind in one.reason for one in hidden), kind
    older = next(one for one in hidden if "older copy" in one.reason)
    newer = next(one for one in found.skipped if "different names" in one.reason)
    assert older.reason.endswith(f"file {newer.number}")


@pytest.mark.parametrize("name", ["../../etc", "🦊", "\u202eadA", "A" * 10_000, "a\nb", "<b>"])
def test_a_learners_name_is_only_a_label(tmp_path, name):
    (tmp_path / "one.json").write_text(book(name, q="1"))
    found = gather(tmp_path)
    assert [learner.name for learner in found.learners] == [name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json"]


def test_gathering_changes_nothing(tmp_path):
    (tmp_path / "a.json").write_text(book("Ada", q="1")[:-9])
    (tmp_path / "b.zip").write_bytes(zipped([("c.json", book(q="1"))]))
    before = {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()
    }
    gather(tmp_path)
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert after == before
