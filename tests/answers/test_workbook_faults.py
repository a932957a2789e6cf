"""Whatever the machine does, no answer that was said to be saved is lost."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import warnings
from pathlib import Path

import pytest

import kwlesson
from kwlesson import Workbook, atomic_file
from kwlesson.answers import workbook

WRITES = 2000
IN_TURN = 40
KILLS_AT_LEAST = 25
HEAD = '{"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson", "book": "ada"'
# Writes numbers under a few ids in turn, and says each one as soon as it is recorded.
WRITER = f"""
import sys
from kwlesson.answers.workbook import Workbook
work = Workbook(sys.argv[1])
for number in range(int(sys.argv[2]), {WRITES}):
    work.record(f"question-{{number % {IN_TURN}}}", number)
    print(number, flush=True)
"""
# Writes answers of its own, and answers to one question that all share.
SHARING = """
import sys
from kwlesson.answers.workbook import Workbook
for number in range(100):
    work = Workbook(sys.argv[1])
    work.record(f"{sys.argv[2]}-{number}", number)
    work.record("shared", [sys.argv[2], number])
"""
# Kills itself before and after every call to the system that one answer needs, each in turn.
STEPS = """
import json, os, shutil, signal, sys
from filelock import FileLock
from kwlesson.answers.file_format import loads
from kwlesson.answers.workbook import Workbook
TOUCHING = {
    *("mkdir", "open", "flock", "read", "write", "truncate", "flush", "fsync", "__exit__"),
    *("close", "replace", "rename", "link", "unlink", "remove", "sendfile"),
}
first = Workbook(sys.argv[1])
first.record("one", "left")
first.record("two", "right")
killed = 0
while True:
    shutil.copytree(first.path.parent, sys.argv[2], dirs_exist_ok=True)
    left = [killed]
    if not os.fork():
        second = Workbook(sys.argv[2])
        def count(_frame, event, function):
            left[0] -= event.startswith("c_") and function.__name__ in TOUCHING
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.setprofile(count)
        second.record("three", "new")
        sys.setprofile(None)
        os._exit(0)
    _, status = os.wait()
    whole = json.loads(Workbook(sys.argv[2]).path.read_text())["answers"]
    found = {one: entry["answer"] for one, entry in whole.items()}
    before = {"one": "left", "two": "right"}
    after = {**before, "three": "new"}
    assert found in ([before, after] if status else [after]), (killed, found)
    previous = Workbook(sys.argv[2]).path.with_name("answers.previous.json")
    assert not loads(previous.read_bytes()).status, killed
    if not status:
        break
    killed += 1
    shutil.rmtree(sys.argv[2])
print(killed)
"""
# No file may grow beyond a few bytes: the system itself refuses the rest, as on a full disk.
FULL = """
import resource, signal, sys
from kwlesson.answers.workbook import Workbook
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    Workbook(sys.argv[1]).record("long", "x" * 1000)
except ValueError as error:
    print(error)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work" / "answers.json"


@pytest.fixture
def work(path):
    one = Workbook(path)
    one.record("one", "left")
    one.record("two", "right", lock=True)
    return one


@pytest.fixture
def another_kernel(monkeypatch):
    """Forget what this process wrote, as a kernel that has just been started."""
    return lambda: monkeypatch.setattr(workbook, "_WRITTEN", {})


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def names(path: Path) -> set[str]:
    """Name the files in the workbook's folder, but for its lock."""
    return {file.name for file in path.parent.iterdir()} - {".answers.lock"}


# Programs that are killed, and several at once


@pytest.mark.slow
def test_kill_9_at_random_moments_during_2000_writes_loses_no_answer(path):
    chance = random.Random(1950)  # noqa: S311 - to be repeated
    said, kills = -1, 0
    while said < WRITES - 1:
        with start(WRITER, path, said + 1) as writer:
            for _ in range(chance.randrange(1, 120)):
                line = writer.stdout.readline()
                said = int(line) if line else said
            for _ in range(chance.randrange(20_000)):
                pass  # so that it is killed anywhere between two answers
            kills += writer.poll() is None
            writer.send_signal(signal.SIGKILL)
            # What it said before it died is said, too.
            said = max([said, *map(int, writer.stdout.read().split())])
        on_disk = json.loads(path.read_text(encoding="utf-8"))
        json.loads(path.with_name("answers.previous.json").read_text(encoding="utf-8"))
        for number in range(max(0, said - IN_TURN + 1), said + 1):
            entry = on_disk["answers"][f"question-{number % IN_TURN}"]
            assert entry["answer"] in {number, number + IN_TURN}, (kills, number)
        assert said <= max(entry["answer"] for entry in on_disk["answers"].values()) <= said + 1
    assert kills >= KILLS_AT_LEAST
    Workbook(path).record("last", 1)
    assert names(path) == {"answers.json", "answers.previous.json"}


def test_kill_9_at_every_single_step_of_an_answer_leaves_a_whole_file(tmp_path):
    said, _ = start(STEPS, tmp_path / "first", tmp_path / "second").communicate()
    assert int(said) > 40


@pytest.mark.parametrize("name", ["answers.json", "answers.previous.json"])
def test_what_a_killed_program_left_half_is_swept_away(work, name):
    leftover = work.path.with_name(f".{name}-0123456789ab.tmp")
    others = work.path.with_name(".answers-of-ben.json-0123456789ab.tmp")
    for file in (leftover, others):
        file.write_text('{"format"')
    assert work.answers == {"one": "left", "two": "right"}
    work.record("three", 3)
    assert not leftover.exists()
    assert others.exists(), "another workbook's, which may be just being written"


@pytest.mark.slow
def test_three_programs_that_write_at_once_lose_nothing(path):
    writers = [start(SHARING, path, name) for name in "abc"]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    found = workbook.loads(path.read_bytes())
    own = {f"{name}-{number}": number for name in "abc" for number in range(100)}
    assert own.items() <= found.answers.items()
    assert set(found.answers) == {*own, "shared"}
    # No number was given twice: each answer was written on top of the one before.
    assert found.counter == 600
    assert len({entry.revision for entry in found.entries.values()}) == 301
    assert found.answers["shared"][1] == 99


def test_threads_that_write_at_once_lose_nothing(path):
    def write(name: str) -> None:
        for number in range(25):
            Workbook(path).record(f"{name}-{number}", number)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Workbook(path).snapshot()["counter"] == 100
    assert len(Workbook(path).answers) == 100


def test_a_second_notebook_sees_what_the_first_one_wrote_and_keeps_its_lock(path):
    first, second = Workbook(path), Workbook(path)
    first.record("rating-1", "likely", lock=True)
    assert second.record("rating-1", "unlikely", lock=True) == "likely"
    second.record("two", 2)
    assert first.answers == {"rating-1": "likely", "two": 2}


def test_a_file_that_another_program_never_lets_go_is_said_to_be_held(work, monkeypatch):
    monkeypatch.setattr(atomic_file, "LOCK_SECONDS", 0.0)
    before = work.path.read_bytes()
    with (
        atomic_file.locked(work.path),
        pytest.raises(kwlesson.LessonError, match="another notebook"),
    ):
        work.record("three", 3)
    assert work.path.read_bytes() == before


# The order in which things reach the disk


def test_an_answer_reaches_the_disk_before_it_takes_the_old_ones_place(work, monkeypatch):
    done = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle):
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        done.append(f"sync {kind}")
        real_sync(handle)

    def replace(self, target):
        done.append(f"rename to {target.name}")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    work.record("three", 3)
    assert done == [
        "rename to answers.previous.json",
        *("sync file", "rename to answers.json", "sync folder"),
    ]


def failing(stage: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one step of writing a file fail, as the system makes it fail."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    def half_a_file(self, mode="r", **more):
        file = real_open(self, mode, **more)
        if mode == "r+b":
            real_write = file.raw.write
            file.write(b"half")
            file.flush()
            assert real_write(b"") == 0
            file.close()
            fail()
        return file

    real_open = Path.open
    if stage == "write":
        monkeypatch.setattr(Path, "open", half_a_file)
    elif stage == "sync":
        monkeypatch.setattr(os, "fsync", fail)
    elif stage == "rename":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr("filelock.FileLock.__enter__", fail)


@pytest.mark.parametrize("stage", ["lock", "write", "sync", "rename"])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full: make room and answer again"),
        (errno.EDQUOT, "the disk is full: make room and answer again"),
        (errno.EACCES, "it may not be touched: name another folder"),
        (errno.EROFS, "it may not be touched: name another folder"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_when_the_disk_refuses_the_old_answers_stay_and_one_sentence_says_so(
    work, monkeypatch, stage, code, words
):
    before = work.path.read_bytes()
    with monkeypatch.context() as patch:
        failing(stage, code, patch)
        with pytest.raises(kwlesson.LessonError) as caught:
            work.record("three", 3)
    said = str(caught.value)
    assert words in said
    assert said.endswith("what was saved before is still there.")
    assert "\n" not in said
    assert work.path.read_bytes() == before
    assert not [name for name in names(work.path) if name.endswith(".tmp")]
    # As soon as there is room again, the answer is saved.
    work.record("three", 3)
    assert work.answers == {"one": "left", "two": "right", "three": 3}


def test_a_disk_that_is_really_full_keeps_the_old_answers(work):
    before = work.path.read_bytes()
    said, _ = start(FULL, work.path).communicate()
    assert "the disk is full: make room and answer again" in said
    assert work.path.read_bytes() == before
    assert names(work.path) == {"answers.json", "answers.previous.json"}


@pytest.fixture
def nobody():
    """Give up root's rights for a while, in a folder that anybody may look into."""
    folder = Path(tempfile.mkdtemp())
    Path(folder, "work").mkdir()
    one = Workbook(folder / "work")
    one.record("one", "left")
    root = os.geteuid() == 0

    def forbid(mode: int) -> None:
        folder.chmod(0o755)
        (folder / "work").chmod(mode)
        if root:
            for file in (folder / "work", *(folder / "work").iterdir()):
                os.chown(file, 65534, -1)  # answers are their owner's alone
            os.seteuid(65534)

    yield one, forbid
    if root:
        os.seteuid(0)
    (folder / "work").chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_may_only_be_read_shows_its_answers_and_refuses_new_ones(nobody):
    one, forbid = nobody
    forbid(0o555)
    with pytest.raises(kwlesson.LessonError, match="it may not be touched: name another folder"):
        one.record("two", "right")
    assert one.answers == {"one": "left"}


def test_a_folder_that_may_not_even_be_read_is_said_to_be_so(nobody):
    one, forbid = nobody
    forbid(0o000)
    for deed in (lambda: one.answers, one.snapshot, lambda: one.record("two", 2)):
        with pytest.raises(kwlesson.LessonError, match="it may not be touched"):
            deed()


# Disks without locks, without fsync, without permissions


UNSUPPORTED = [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS]


@pytest.mark.parametrize("code", UNSUPPORTED, ids=errno.errorcode.get)
@pytest.mark.parametrize("lacking", ["locks", "fsync", "both"])
def test_a_disk_that_lacks_something_keeps_answers_all_the_same_and_says_so(
    path, monkeypatch, code, lacking
):
    def fail(*_):
        raise OSError(code, os.strerror(code))

    if lacking != "fsync":
        monkeypatch.setattr("fcntl.flock", fail)
    if lacking != "locks":
        monkeypatch.setattr(os, "fsync", fail)
    one = Workbook(path)
    with warnings.catch_warnings(action="ignore"):  # filelock tells programmers of ENOSYS
        for number in range(3):
            one.record("rating", number)
    assert Workbook(path).answers == {"rating": 2}
    expected = {
        "locks": ["locks"],
        "fsync": ["does not say"],
        "both": ["locks", "does not say"],
    }[lacking]
    assert len(one.messages) == len(expected)
    assert all(words in said for words, said in zip(expected, one.messages, strict=True))
    assert names(path) - {"answers.json", "answers.previous.json"} == set()


def test_where_nothing_stands_in_for_a_lock_the_sentence_names_the_way_out(work, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", fail)
    monkeypatch.setattr("filelock.SoftFileLock._acquire", fail)
    with pytest.raises(kwlesson.LessonError, match=r"No locks.*KWLESSON_WORK.*saved before"):
        work.record("three", 3)


def test_a_lock_file_that_a_dead_program_left_on_such_a_disk_is_named(work, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", fail)
    monkeypatch.setattr(atomic_file, "LOCK_SECONDS", 0.0)
    left = work.path.with_name(".answers.softlock")
    left.write_text("1\nanother-machine\n")
    with pytest.raises(kwlesson.LessonError, match=r"where none is open, delete .*\.softlock"):
        work.record("three", 3)


def test_a_folder_that_cannot_be_asked_for_its_renaming_makes_no_answer_unsaved(work, monkeypatch):
    real = os.fsync

    def sync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    assert work.record("three", 3) == 3
    assert work.answers["three"] == 3


def modes(path):
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("*.json")}


def test_answers_are_their_owners_alone_and_a_mode_that_was_set_stays(path):
    one = Workbook(path)
    one.record("one", 1)
    one.record("one", 2)
    assert modes(path) == {"answers.json": 0o600, "answers.previous.json": 0o600}
    path.chmod(0o640)
    one.record("one", 3)
    path.write_bytes(b"rubbish")
    one.record("one", 4)
    assert set(modes(path).values()) == {0o640}


def test_a_disk_without_permissions_keeps_answers(path, monkeypatch):
    def fail(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", fail)
    assert Workbook(path).record("one", 1) == 1


@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_the_answers_stays_a_link(tmp_path, there):
    real = tmp_path / "cloud" / "mine.json"
    real.parent.mkdir()
    if there:
        Workbook(real).record("zero", 0)
    link = tmp_path / "work" / "answers.json"
    link.parent.mkdir()
    link.symlink_to(real)
    for given in (link, link.parent):
        Workbook(given).record("one", 1)
    assert link.is_symlink()
    assert Workbook(real).answers["one"] == 1


def test_where_no_copy_can_be_kept_the_answer_is_kept(work):
    previous = work.path.with_name("answers.previous.json")
    previous.unlink()
    previous.mkdir()
    assert work.record("three", 3) == 3
    cut = work.path.read_bytes()[:-40]
    work.path.write_bytes(cut)
    assert Workbook(work.path).answers == {"one": "left", "two": "right"}
    assert work.record("four", 4) == 4


# Beginning anew


def former(path):
    one = Workbook(path)
    one.record("name", "Ada Lovelace")
    one.record("one", "Ada's words")
    return one


def test_who_deletes_the_file_and_begins_anew_gets_nothing_of_who_was_there(path, another_kernel):
    former(path)
    path.unlink()
    another_kernel()
    Workbook(path).record("two", "mine")
    assert names(path) == {"answers.json"}
    path.write_bytes(b"")
    another_kernel()
    assert Workbook(path).answers == {}


@pytest.mark.parametrize("cut", ["book", "bok"])
def test_a_copy_of_somebody_else_never_mends_a_damaged_file(path, another_kernel, cut):
    former(path)
    another_kernel()
    text = HEAD + ', "counter": 1, "answers": {\n"x": {"answer": 1, "n": 1, "locked": false}\n'
    path.write_text(text.replace('"book"', f'"{cut}"'))
    assert Workbook(path).answers == {"x": 1}


def test_a_copy_mends_a_file_that_lost_its_token_and_agrees_with_it(path, another_kernel):
    former(path).record("two", "later")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[1:3]))
    another_kernel()
    assert Workbook(path).answers == {"name": "Ada Lovelace", "one": "Ada's words"}


def test_forget_removes_every_copy_for_good(path, monkeypatch):
    one = former(path)
    for rubbish in (b"rubbish", path.read_bytes().replace(b'"version": 1', b'"version": 9')):
        path.write_bytes(rubbish)
        one.record("one", f"again {rubbish[:3]}")
    mine = path.with_name("answers.mine.json")
    mine.write_text("of a learner's own")
    with monkeypatch.context() as another_kernel:
        another_kernel.setattr(workbook, "_WRITTEN", {})
        assert sorted(Workbook(path).forget()) == [
            *("answers.broken-1.json", "answers.json", "answers.newer-1.json"),
            "answers.previous.json",
        ]
    assert names(path) == {"answers.json", "answers.mine.json"}
    assert b"Ada" not in path.read_bytes()
    # The kernel that wrote all this is still open, and does not write it again.
    one.record("two", "of the next learner")
    assert one.answers == {"two": "of the next learner"}
    assert one.snapshot()["forgotten"]


def test_forget_removes_the_answers_to_every_lesson_of_the_folder(path):
    former(path)
    other = Workbook(path.parent, "harbour")
    other.record("name", "Ada Lovelace")
    mine = path.with_name("answers-of-ben.json")
    mine.write_bytes(path.read_bytes())
    before = mine.read_bytes()
    assert "answers-harbour.json" in Workbook(path.parent).forget()
    assert other.answers == {}
    assert mine.read_bytes() == before, "which nobody called a lesson's"


def test_who_brings_a_forgotten_file_back_has_it_again(path):
    one = former(path)
    content = path.read_bytes()
    one.forget()
    one.restore(content)
    assert one.snapshot() == json.loads(content)


def test_where_nothing_is_forget_makes_nothing(path):
    assert Workbook(path).forget() == ()
    assert not path.parent.exists()


# What stands on disk goes away or changes underneath


def test_when_the_folder_is_removed_it_is_made_again_with_all_answers(work):
    token = work.snapshot()["book"]
    shutil.rmtree(work.path.parent)
    assert work.answers == {}
    # Also by another question of the same notebook, which has a workbook of its own.
    second = Workbook(work.path)
    second.record("three", 3)
    assert second.answers == {"one": "left", "two": "right", "three": 3}
    assert second.record("two", "changed") == "right"
    assert second.snapshot()["book"] == token
    assert second.messages == ("answers.json: What had gone from it was written again.",)


def test_when_the_folder_is_removed_while_an_answer_is_written_it_is_written_again(
    work, monkeypatch
):
    real, removed = atomic_file.write_atomic, []

    def write(path, new, **more):
        if not removed:
            removed.append(path)
            shutil.rmtree(path.parent)
        real(path, new, **more)

    monkeypatch.setattr(workbook, "write_atomic", write)
    assert work.record("three", 3) == 3
    assert removed
    assert work.answers == {"one": "left", "two": "right", "three": 3}


def test_when_the_folder_goes_again_and_again_one_sentence_says_so(work, monkeypatch):
    real = atomic_file.write_atomic

    def write(path, new, **more):
        shutil.rmtree(path.parent)
        real(path, new, **more)

    monkeypatch.setattr(workbook, "write_atomic", write)
    with pytest.raises(kwlesson.LessonError, match="The answer is not saved"):
        work.record("three", 3)


def test_answers_of_somebody_else_who_took_the_place_are_not_mixed_with_ours(work):
    work.path.write_text(
        HEAD + ', "counter": 1, "answers": {\n"x": {"answer": 1, "n": 1, "locked": false}\n}}\n'
    )
    work.record("y", 2)
    assert work.answers == {"x": 1, "y": 2}


RUBBISH = {
    "empty": b"",
    "zeros": b"\0" * 5000,
    "page": b"<!doctype html><p>Sign in to the school network",
    "list": b"[]",
    "half": b'{"form',
    "binary": bytes(range(256)),
    "deep": b"[" * 10_000,
    "large": b" " * 5_000_001,
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_in_the_files_place_is_put_aside_and_nothing_is_lost(work, rubbish):
    work.path.write_bytes(rubbish)
    assert work.answers == {"one": "left"}, "the file before has all but the last answer"
    work.record("three", 3)
    assert work.answers == {"one": "left", "two": "right", "three": 3}
    assert work.path.with_name("answers.broken-1.json").read_bytes() == rubbish
    assert "The file as it was found is kept as answers.broken-1.json." in work.messages


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_a_new_kernel_that_finds_rubbish_takes_the_file_before(work, rubbish, another_kernel):
    token = work.snapshot()["book"]
    work.record("three", 3)
    work.path.write_bytes(rubbish)
    another_kernel()
    fresh = Workbook(work.path)
    fresh.record("four", 4)
    assert fresh.answers == {"one": "left", "two": "right", "four": 4}
    assert fresh.record("two", "changed") == "right"
    assert fresh.snapshot()["book"] == token
    # Each rubbish has a name of its own, and none takes another's place.
    work.path.write_bytes(b"again")
    fresh.record("five", 5)
    assert work.path.with_name("answers.broken-1.json").read_bytes() == rubbish
    assert work.path.with_name("answers.broken-2.json").read_bytes() == b"again"


def test_a_file_that_is_cut_off_on_disk_keeps_its_complete_lines(work, another_kernel):
    work.record("three", 3)
    work.record("four", 4)
    work.path.with_name("answers.previous.json").unlink()
    content = work.path.read_bytes()
    cut = content[: content.index(b'"three"') + 20]
    work.path.write_bytes(cut)
    another_kernel()
    fresh = Workbook(work.path)
    assert fresh.answers == {"one": "left", "two": "right"}
    fresh.record("five", 5)
    assert fresh.answers == {"one": "left", "two": "right", "five": 5}
    assert fresh.record("two", "changed") == "right"
    assert work.path.with_name("answers.broken-1.json").read_bytes() == cut
    assert "answers.json: These are left out: 'three'." in fresh.messages


def test_a_locked_answer_whose_number_is_spoilt_is_still_the_one_that_stands(path):
    one = Workbook(path)
    one.record("rating-1", "before it was locked")
    one.record("rating-1", "locked", lock=True)
    path.write_text(path.read_text().replace('"n": 2', '"n": null'))
    assert one.answers == {"rating-1": "locked"}
    assert one.record("rating-1", "later") == "locked"


@pytest.mark.parametrize(
    ("header", "kind", "kept"),
    [
        (', "lesson": "other"', "other", {}),
        (', "version": 9', "newer", {"x": 1}),
    ],
)
def test_a_file_that_is_not_ours_to_change_is_put_aside_as_it_is(path, header, kind, kept):
    text = HEAD + header + ', "counter": 1, "answers": {\n"x": {"answer": 1, "n": 1}\n}}\n'
    path.parent.mkdir()
    path.write_text(text)
    one = Workbook(path)
    assert one.answers == kept
    one.record("y", 2)
    assert one.answers == {**kept, "y": 2}
    assert path.with_name(f"answers.{kind}-1.json").read_text() == text


def test_when_there_is_no_room_to_put_rubbish_aside_it_stays_where_it_is(work, monkeypatch):
    work.path.write_bytes(b"rubbish")
    with monkeypatch.context() as patch:
        failing("sync", errno.ENOSPC, patch)
        with pytest.raises(kwlesson.LessonError, match="the disk is full"):
            work.record("three", 3)
    assert work.path.read_bytes() == b"rubbish"
    assert "answers.broken-1.json" not in names(work.path)


@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_stands_in_the_place_of_file_or_folder_is_named_and_left(tmp_path, place):
    path = tmp_path / "work" / "answers.json"
    if place == "file":
        path.mkdir(parents=True)
        (path / "mine.txt").write_text("mine")
        words = "it is no file"
        one = Workbook(tmp_path / "work" / "other.json")
        one.path = path
    else:
        path.parent.write_text("mine")
        words = "a file stands where its folder should be"
        one = Workbook(path)
    with pytest.raises(kwlesson.LessonError, match=words):
        one.record("one", "left")
    with pytest.raises(kwlesson.LessonError, match=words):
        one.snapshot()
    assert (path / "mine.txt" if place == "file" else path.parent).read_text() == "mine"


def test_a_pipe_in_the_files_place_does_not_stop_the_notebook(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(kwlesson.LessonError, match="it is no file"):
        Workbook(path).record("one", "left")


def test_a_link_to_nowhere_and_a_circle_of_links_are_no_answers(path):
    path.parent.mkdir()
    path.symlink_to(path)
    with pytest.raises(kwlesson.LessonError, match="cannot be"):
        _ = Workbook(path).answers
    path.unlink()
    path.symlink_to(path.parent / "nowhere.json")
    assert Workbook(path.parent).answers == {}


def test_a_virus_scanner_that_holds_a_new_file_for_a_moment_is_waited_for(work, monkeypatch):
    real, refused = Path.replace, []

    def replace(self, target):
        if len(refused) < 3:
            refused.append(target)
            raise PermissionError(errno.EACCES, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(atomic_file, "WINDOWS", True)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert work.record("three", 3) == 3
    assert len(refused) == 3
    assert work.answers == {"one": "left", "two": "right", "three": 3}
