"""Files are found wherever learning systems put them; nothing hostile is unpacked or followed."""

from __future__ import annotations

import io
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
from kwlesson.classroom.submissions import read_submissions

METHODS = {
    "deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA,
}  # fmt: skip
each_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
LARGE = bytes(20_000_000)


def zipped(*names, method=zipfile.ZIP_DEFLATED, content=b"{}"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def found(folder):
    """Read what a class handed in: by place, the content or why there is none."""
    return {one.place: one.reason or one.content for one in read_submissions(folder)}


def test_files_are_found_loose_in_folders_and_in_zips_and_hidden_ones_passed_over(tmp_path):
    (tmp_path / "ada.json").write_bytes(b"ada")
    (tmp_path / "group 2" / "late").mkdir(parents=True)
    (tmp_path / "group 2" / "late" / "ben.JSON").write_bytes(b"ben")
    place = "Cleo_123_assignsubmission_file_/answers.json"
    (tmp_path / "export.zip").write_bytes(
        zipped("photo.png", "folder/", "__MACOSX/._a.json", ".b.json", place, content=b"cleo")
    )
    for name in ("essay.docx", ".DS_Store", ".hidden.json"):
        (tmp_path / name).write_bytes(b"PK\3\4x")
    other = (
        'not an answer file: the one wanted is my-answers.json, which the button "Download" saves'
    )
    assert found(tmp_path) == {
        "ada.json": b"ada",
        "essay.docx": other,
        f"export.zip/{place}": b"cleo",
        "export.zip/photo.png": b"cleo",
        "group 2/late/ben.JSON": b"ben",
    }
    assert found(tmp_path / "ada.json") == {"ada.json": b"ada"}


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret.json").write_bytes(b"secret")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    entry = zipfile.ZipInfo("answers.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    (folder / "links.zip").write_bytes(zipped(entry, content="/etc/passwd"))
    link = "a link to another place; put the file itself here"
    assert found(folder) == {"link.json": link, "links.zip/answers.json": link}


@pytest.mark.parametrize("name", ["../../../tmp/out.json", "/etc/out.json", "..\\..\\out.json"])
def test_a_path_in_a_zip_leads_nowhere(tmp_path, name):
    (tmp_path / "paths.zip").write_bytes(zipped(name))
    before = sorted(tmp_path.rglob("*"))
    assert list(found(tmp_path).values()) == [b"{}"]
    assert sorted(tmp_path.rglob("*")) == before


@each_method
@pytest.mark.parametrize("lies", [False, True])
def test_a_zip_bomb_is_not_let_off_whatever_it_says_of_its_size(tmp_path, method, lies):
    bomb = zipped("a.json", "b.json", method=method, content=LARGE)
    assert len(bomb) < 1_000_000
    size, lie = len(LARGE).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert bomb.count(size) >= 2
    (tmp_path / "bomb.zip").write_bytes(bomb.replace(size, lie) if lies else bomb)
    tracemalloc.start()
    read = found(tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * submissions.MAX_FILE_BYTES
    assert read
    assert all(place.startswith("bomb.zip") for place in read)
    assert all(isinstance(reason, str) for reason in read.values())
    assert lies or set(read.values()) == {"larger than 5 MB: no answer file is"}


@each_method
def test_what_is_packed_in_an_unusual_way_is_named_and_not_unpacked(tmp_path, method):
    (tmp_path / "a.zip").write_bytes(zipped("a.json", method=method))
    usual = method == zipfile.ZIP_DEFLATED
    assert found(tmp_path) == {"a.zip/a.json": b"{}" if usual else submissions.UNSUPPORTED}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_no_spoilt_byte_of_a_zip_stops_the_reading(tmp_path, method):
    whole = zipped("a.json", "b.json", method=method, content=b'{"answers": {}}')
    (tmp_path / "good.json").write_bytes(b"good")
    for place in range(len(whole)):
        for byte in (0, 255):
            spoilt = whole[:place] + bytes([byte]) + whole[place + 1 :]
            (tmp_path / "class.zip").write_bytes(spoilt)
            assert found(tmp_path)["good.json"] == b"good"


@pytest.mark.parametrize("limit", ["MAX_ZIP_ENTRIES", "MAX_ZIP_BYTES"])
def test_a_zip_of_many_files_stops_at_its_limits_and_others_do_not_count(
    tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(submissions, limit, 3)
    others = [f"__MACOSX/{number}.json" for number in range(9)]
    size = {"MAX_ZIP_ENTRIES": 100, "MAX_ZIP_BYTES": 1}[limit]
    names = [f"a{number}.json" for number in range(5)]
    many = zipped(*others, *names, method=zipfile.ZIP_STORED, content=b" " * size)
    (tmp_path / "many.zip").write_bytes(many)
    read = found(tmp_path)
    assert list(read) == [*(f"many.zip/{name}" for name in names[:3]), "many.zip"]
    assert read["many.zip"] == "too much in one zip; the rest of it is not read"


def test_a_zip_in_a_zip_and_a_broken_zip_are_named(tmp_path):
    (tmp_path / "outer.zip").write_bytes(zipped("inner.zip"))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no more")
    assert found(tmp_path) == {
        "broken.zip": "not a zip that can be read: damaged, or locked with a password",
        "outer.zip/inner.zip": "a zip in a zip; unpack it first",
    }


@pytest.fixture
def closing():
    """Return a folder, and a way to close a folder in it to whoever reads it."""
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
        (folder / place).write_bytes(b"{}")
    close("group", mode)
    assert found(folder) == {"ada.json": b"{}", **said}


def test_a_folder_in_a_closed_one_is_one_sentence(closing):
    folder, close = closing
    (folder / "group" / "class").mkdir(parents=True)
    close("group", 0o644)
    with pytest.raises(kwlesson.LessonError, match=r"cannot be read \(Permission denied\)"):
        gather(folder / "group" / "class")


@pytest.mark.parametrize("name", ["pipe.json", "pipe.zip"])
def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert found(tmp_path) == {name: "not a file that can be read"}


def overlapping(entries, content):
    """Write a zip of many entries that share the bytes of one file."""
    whole = zipped("a.json", content=content)
    start = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    listed = whole[start:end] * entries
    tail = bytearray(whole[end:])
    tail[8:10] = tail[10:12] = entries.to_bytes(2, "little")
    tail[12:16] = len(listed).to_bytes(4, "little")
    return whole[:start] + listed + bytes(tail)


def test_a_zip_whose_entries_share_their_bytes_is_refused_before_any_is_unpacked(tmp_path):
    bomb = overlapping(3_000, b" " * 4_900_000)
    assert len(bomb) < 180_000  # and 14 GB, unpacked
    (tmp_path / "bomb.zip").write_bytes(bomb)
    (tmp_path / "good.json").write_bytes(b"good")
    assert found(tmp_path) == {
        "bomb.zip": "a zip whose files overlap, as in no honest one",
        "good.json": b"good",
    }


def test_a_zip_with_a_list_too_long_to_hold_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "_DIRECTORY_BYTES", 100)
    (tmp_path / "many.zip").write_bytes(zipped("a.json", "b.json", "c.json"))
    (tmp_path / "one.zip").write_bytes(zipped("a.json"))
    assert found(tmp_path) == {
        "many.zip": "too much in one zip; the rest of it is not read",
        "one.zip/a.json": b"{}",
    }


@pytest.mark.parametrize("names", [(), ("folder/",), ("__MACOSX/._a", ".DS_Store")])
def test_an_empty_zip_is_named(tmp_path, names):
    (tmp_path / "empty.zip").write_bytes(zipped(*names))
    assert found(tmp_path) == {"empty.zip": "an empty zip: no file is in it"}


def test_one_zip_that_takes_too_long_leaves_the_others_to_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_ZIP_SECONDS", -1)
    (tmp_path / "a.zip").write_bytes(zipped("a.json"))
    (tmp_path / "b.json").write_bytes(b"b")
    rest = "too much in one zip; the rest of it is not read"
    assert found(tmp_path) == {"b.json": b"b", "a.zip": rest}
