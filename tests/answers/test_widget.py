"""The kernel's end of the page's talk: what it writes, and what it answers when it cannot."""

from __future__ import annotations

import errno
import json
import os
import re

import pytest
from test_package import YEARS, history_in

import kwlesson
from kwlesson import paths
from kwlesson.answers import file_format
from kwlesson.answers.widget import SCRIPTS, Clerk, Worksheet, script
from kwlesson.answers.workbook import Workbook
from kwlesson.jupyter.save_hook import WIDGET_VIEW

FOLDER = paths.PACKAGE / "scripts"


@pytest.fixture
def workbook(tmp_path):
    return Workbook(tmp_path / "work")


@pytest.fixture
def clerk(workbook):
    return Clerk(workbook)


def record(clerk, question, answer, **more):
    return clerk.hear({"do": "record", "question": question, "answer": answer, **more})


def tell(worksheet, message):
    """Send a message as the page does."""
    data = {"method": "custom", "content": message}
    worksheet.comm.handle_msg({"content": {"data": data}, "buffers": []})


def bring(clerk, content, pieces=1, ticket="t"):
    size = max(1, -(-len(content) // pieces))
    parts = [content[start : start + size] for start in range(0, len(content), size)] or [b""]
    said = [
        clerk.hear(
            {"do": "restore", "ticket": ticket, "last": number == len(parts)}, [memoryview(part)]
        )
        for number, part in enumerate(parts, start=1)
    ]
    assert said[:-1] == [{}] * (len(parts) - 1)
    return said[-1]


# The scripts


def test_the_scripts_are_one_module_in_their_order():
    files = {path.name for path in FOLDER.iterdir()}
    assert files == set(SCRIPTS)
    places_of = [script().index((FOLDER / name).read_text(encoding="utf-8")) for name in SCRIPTS]
    assert places_of == sorted(places_of)
    assert len(script().encode()) < 60_000


@pytest.mark.parametrize("name", SCRIPTS)
def test_only_our_own_html_is_ever_taken_as_html(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.count("innerHTML") == (name == "main.js")
    dangerous = r"insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function|\.cookie"
    assert not re.search(dangerous, text)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_page_calls_no_other_machine(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|sendBeacon|WebSocket|import\(", text)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_name_fact_or_quotation_of_history_stands_in_a_script(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert history_in(text) == []
    assert not YEARS.search(text)


@pytest.mark.parametrize(
    ("part", "view"),
    [("question", lambda now: now.ask("who-saw")), ("keep", lambda now: now.keep())],
    ids=["question", "keep"],
)
def test_each_part_has_its_function_and_finds_what_it_looks_for(invented, part, view):
    live = view(invented).live()
    assert live.part == part
    text = (FOLDER / f"{part}.js").read_text(encoding="utf-8")
    assert f"parts.{part} = " in text
    wanted = set(re.findall(r'(?:find|querySelector)\("\[data-(\w+)=(\w+)\]', text))
    wanted |= {("fill", name) for name in re.findall(r'write\("(\w+)"', text)}
    wanted |= {("show", name) for name in re.findall(r'show\("(\w+)"', text)}
    html = live.html + invented.ask("lamp-rating-1").live().html
    assert wanted
    assert [one for one in wanted if f'data-{one[0]}="{one[1]}"' not in html] == []


# The widget


def test_a_worksheet_holds_no_answer_and_no_path(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    Workbook().record("one", "a secret answer")
    state = json.dumps(Worksheet("<p>One</p>", "question", {"question": "one"}).get_state())
    assert "a secret answer" not in state
    assert str(tmp_path) not in state
    assert tmp_path.name not in state


def test_two_folders_are_two_shelves_and_one_folder_is_one(tmp_path, monkeypatch):
    shelves = []
    for name in ("one", "two", "one"):
        monkeypatch.setenv("KWLESSON_WORK", str(tmp_path / name))
        shelves.append(Worksheet("", "question", {}).shelf)
    assert shelves[0] == shelves[2] != shelves[1]


def test_a_worksheet_is_shown_by_its_view_alone():
    assert set(Worksheet("", "question", {})._repr_mimebundle_()) == {"text/plain", WIDGET_VIEW}


def test_a_message_is_answered_on_the_same_line(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    worksheet, sent = Worksheet("", "question", {}), []
    monkeypatch.setattr(worksheet, "send", sent.append)
    message = {"do": "record", "question": "one", "answer": "yes", "ticket": "t1"}
    tell(worksheet, message)
    tell(worksheet, {"do": "dance"})
    assert [(one["did"], one["ticket"]) for one in sent] == [("recorded", "t1")]
    assert Workbook().answers == {"one": "yes"}


# What it does


def test_hello_gives_the_workbook_and_creates_nothing(clerk, workbook, tmp_path):
    said = clerk.hear({"do": "hello", "ticket": 1})
    assert (said["did"], said["ticket"], said["where"]) == ("hello", 1, "work/answers.json")
    assert said["book"] == workbook.snapshot()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    ["keeper", "", ["one", "two"], [], {"choice": "likely", "reason": "Wörter “so”\n"}, "😀" * 500],
)
def test_a_recorded_answer_is_on_disk_before_it_is_said_to_be(clerk, workbook, answer):
    said = record(clerk, "one", answer)
    assert said["did"] == "recorded"
    on_disk = json.loads(workbook.path.read_text(encoding="utf-8"))
    assert on_disk == said["book"]
    assert on_disk["answers"]["one"] == {"answer": answer, "n": 1, "locked": False}


def test_a_rating_that_was_kept_stays_and_the_page_is_told_which(clerk):
    first = {"choice": "likely", "reason": "first"}
    record(clerk, "rating", first, lock=True)
    for again in ({"choice": "unlikely", "reason": "second"}, first):
        said = record(clerk, "rating", again, lock=True)
        kept = said["book"]["answers"]["rating"]
        assert (kept["answer"], kept["n"], kept["locked"]) == (first, 1, True)


def test_a_page_that_has_not_seen_the_newer_answer_is_told_that_it_stays(clerk):
    record(clerk, "one", "old", n=1, seen=0)
    record(clerk, "one", "newer", n=2, seen=1)
    said = record(clerk, "one", "waited", n=3, seen=1, ticket=9)
    assert (said["did"], said["stays"], said["ticket"]) == ("failed", True, 9)
    assert said["sentence"] == "Another answer is in your folder, and it stays."
    assert said["book"]["answers"]["one"] == {"answer": "newer", "n": 2, "locked": False}


def test_an_answer_is_numbered_as_the_page_numbered_it(clerk):
    said = record(clerk, "one", "yes", n=5, seen=0)
    assert said["book"]["answers"]["one"]["n"] == said["book"]["counter"] == 5


def test_two_notebooks_hear_of_each_others_answers(workbook):
    one, other = Clerk(workbook), Clerk(Workbook(workbook.path))
    record(one, "a", "1")
    assert set(record(other, "b", "2")["book"]["answers"]) == {"a", "b"}
    assert set(one.hear({"do": "hello"})["book"]["answers"]) == {"a", "b"}


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_a_file_comes_back_in_pieces(clerk, tmp_path, pieces):
    old = Workbook(tmp_path / "old")
    old.record("one", "Wörter, 字, 😀")
    old.record("rating", {"choice": "likely", "reason": "so"}, lock=True)
    said = bring(clerk, old.path.read_bytes(), pieces)
    assert said["did"] == "restored"
    assert said["sentences"]
    assert said["book"]["answers"] == old.snapshot()["answers"]


def test_two_files_on_their_way_do_not_mix(clerk, tmp_path):
    files = []
    for name in ("a", "b"):
        old = Workbook(tmp_path / name)
        old.record(name, name * 50)
        files.append(old.path.read_bytes())
    half = len(files[0]) // 2
    clerk.hear({"do": "restore", "ticket": "a"}, [files[0][:half]])
    said = bring(clerk, files[1], ticket="b")
    assert (said["did"], said["sentences"]) == ("restored", ["1 answer was brought back."])
    clerk.hear({"do": "restore", "ticket": "a", "last": True}, [files[0][half:]])
    assert set(clerk.hear({"do": "hello"})["book"]["answers"]) == {"a", "b"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 999, b"{}", b"[" * 10_000, b'{"answers": 1}']
)
def test_a_file_that_is_none_of_ours_gets_a_sentence_and_changes_nothing(clerk, content):
    record(clerk, "one", "yes")
    before = clerk.hear({"do": "hello"})["book"]
    said = bring(clerk, content)
    assert said["did"] == "failed"
    assert said["sentence"].endswith(".")
    assert said["book"] == before


def test_a_file_that_is_too_large_is_refused_before_all_of_it_came(clerk):
    piece = memoryview(b" " * 1_000_000)
    said = {}
    sent = 0
    while not said:
        said = clerk.hear({"do": "restore", "ticket": "t", "last": False}, [piece])
        sent += len(piece)
        assert sent <= file_format.LARGEST + 2 * len(piece)
    assert said["did"] == "failed"


# What it answers when it cannot


FAULTS = {
    "the disk is full": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "the folder is read-only": PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    "the disk is gone": OSError(errno.EIO, os.strerror(errno.EIO)),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_of_the_disk_is_a_sentence_and_what_was_there_stays(
    clerk, tmp_path, monkeypatch, what
):
    record(clerk, "one", "yes")

    def fail(*_anything):
        raise FAULTS[what]

    monkeypatch.setattr(os, "fsync", fail)
    said = record(clerk, "two", "no", ticket=9)
    assert (said["did"], said["ticket"]) == ("failed", 9)
    assert re.fullmatch(r"[^\n]{20,300}\.", said["sentence"])
    assert "work/answers.json" in said["sentence"]
    assert str(tmp_path) not in said["sentence"]
    assert set(said["book"]["answers"]) == {"one"}


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "work").write_text("in the way")
    said = record(Clerk(Workbook(tmp_path / "work" / "answers.json")), "one", "yes")
    assert said["did"] == "failed"
    assert said["sentence"]


def test_a_workbook_that_cannot_be_read_is_said_so(clerk, workbook):
    workbook.path.mkdir(parents=True)
    said = clerk.hear({"do": "hello"})
    assert "book" not in said
    assert said["trouble"].startswith("work/answers.json cannot be read")


def deep(levels):
    answer = "x"
    for _ in range(levels):
        answer = [answer]
    return answer


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": None},
        {"do": "dance"},
        {"do": ["record"]},
        {"do": "record"},
        {"do": "record", "question": None, "answer": "x"},
        {"do": "record", "question": ["a"], "answer": "x"},
        {"do": "record", "question": "a", "answer": "\ud800"},
        {"do": "record", "question": "\udfff", "answer": "x"},
        {"do": "record", "question": "a", "answer": "x" * 1_000_000},
        {"do": "record", "question": "a" * 1_000_000, "answer": "x"},
        {"do": "record", "question": "a", "answer": deep(900)},
        {"do": "record", "question": "a", "answer": deep(100_000)},
        {"do": "record", "question": "a", "answer": float("nan")},
        {"do": "record", "question": "__proto__", "answer": "x"},
        {"do": "record", "question": "a", "answer": "x", "n": [1], "seen": {"a": 1}},
        {"do": "record", "question": "a", "answer": "x", "n": 10**400, "seen": float("inf")},
        {"do": "restore"},
        {"do": "restore", "last": True},
    ],
    ids=lambda one: str(one.get("do")),
)
def test_no_message_brings_the_kernel_into_trouble(clerk, workbook, message):
    record(clerk, "one", "yes")
    said = clerk.hear(message)
    assert said == {} or said["did"] in {"recorded", "failed"}
    assert workbook.answers["one"] == "yes"
    json.loads(workbook.path.read_text(encoding="utf-8"))


def test_the_code_for_a_class_chat_comes_with_the_workbook(workbook, invented):
    from kwlesson.answers.answer_code import Codebook

    book = Codebook(invented)
    said = record(Clerk(workbook, book.encode), "who-saw", "keeper")
    assert book.decode(said["code"]) == {"who-saw": "keeper"}
    assert "code" not in record(Clerk(workbook), "who-saw", "master")


def test_the_widget_of_the_bar_makes_a_code(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    live, sent = kwlesson.load(kwlesson.SAMPLE).keep().live(), []
    monkeypatch.setattr(live, "send", sent.append)
    tell(live, {"do": "hello"})
    assert sent[0]["code"].startswith("KW1-")
