"""The kernel's end of the page's talk: what it writes, and what it answers when it cannot."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from types import SimpleNamespace

import pytest

import kwlesson
from kwlesson.answers import file_format
from kwlesson.answers.bundle import bundle
from kwlesson.answers.widget import AnswerWidget, Connection, MessageHandler
from kwlesson.answers.workbook import Workbook
from kwlesson.jupyter.save_hook import WIDGET_VIEW
from kwlesson.paths import PACKAGE

SCRIPT = PACKAGE / "views" / "ask" / "script.js"


@pytest.fixture
def workbook(tmp_path):
    return Workbook(tmp_path / "work")


@pytest.fixture
def handler(workbook):
    return MessageHandler(workbook)


def record(handler, question, answer, **more):
    return handler.handle({"type": "record", "question": question, "answer": answer, **more})


def tell(widget, message):
    """Send a message as the page does."""
    data = {"method": "custom", "content": message}
    widget.comm.handle_msg({"content": {"data": data}, "buffers": []})


def bring(handler, content, pieces=1, ticket="t"):
    size = max(1, -(-len(content) // pieces))
    parts = [content[start : start + size] for start in range(0, len(content), size)] or [b""]
    reply = [
        handler.handle(
            {"type": "restore", "ticket": ticket, "last": number == len(parts)}, [memoryview(part)]
        )
        for number, part in enumerate(parts, start=1)
    ]
    assert reply[:-1] == [{}] * (len(parts) - 1)
    return reply[-1]


# The widget


def test_a_widget_holds_no_answer_and_no_path(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    Workbook().record("one", "a secret answer")
    state = json.dumps(AnswerWidget("<p>One</p>", SCRIPT, {"question": "one"}).get_state())
    assert "a secret answer" not in state
    assert str(tmp_path) not in state
    assert tmp_path.name not in state


def test_two_folders_are_two_ids_and_one_folder_is_one(tmp_path, monkeypatch):
    ids = []
    for name in ("one", "two", "one"):
        monkeypatch.setenv("KWLESSON_WORK", str(tmp_path / name))
        ids.append(AnswerWidget("", SCRIPT, {}).workbook_id)
    assert ids[0] == ids[2] != ids[1]


def test_a_question_is_a_widget_as_colab_wants_it_and_elsewhere_a_page(monkeypatch):
    question = kwlesson.load(kwlesson.SAMPLE).ask("who-saw")
    assert set(question._repr_mimebundle_()) == {"text/plain", "text/html"}
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    faces = {"text/plain", "text/html", WIDGET_VIEW}
    assert set(question._repr_mimebundle_()) == faces
    # No style of another output reaches it there.
    assert question.live().html.startswith("<style>")
    metadata = {WIDGET_VIEW: {"colab": {"custom_widget_manager": {"url": "a manager"}}}}
    view = {WIDGET_VIEW: {"model_id": "2f1c"}}
    shown = (view, metadata)
    monkeypatch.setattr(AnswerWidget, "_repr_mimebundle_", lambda _self, **_: shown)
    assert set(question._repr_mimebundle_()[0]) == faces
    assert question._repr_mimebundle_()[1] == metadata


def test_a_connection_tells_nothing_but_which_workbook_it_writes(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    Workbook().record("one", "a secret answer")
    connection = Connection()
    assert connection.workbook_id == AnswerWidget("", SCRIPT, {}).workbook_id
    assert "a secret answer" not in json.dumps(connection.get_state())


def test_a_page_gets_each_module_of_a_script_once_for_all_activities():
    lesson = kwlesson.load(kwlesson.SAMPLE)
    ask, other, bar = (
        lesson.ask("who-saw").live(),
        lesson.ask("which-words").live(),
        lesson.keep().live(),
    )
    assert ask.modules == other.modules
    assert "".join(module.code for module in ask.modules) == bundle(SCRIPT)
    shared = {module.model_id for module in ask.modules} & {one.model_id for one in bar.modules}
    assert len(shared) == len(ask.modules) - 1
    state = json.dumps(ask.get_state())
    assert f"IPY_MODEL_{ask.modules[0].model_id}" in state
    assert not any(module.code in json.loads(state).values() for module in ask.modules)


def test_a_module_that_somebody_closed_is_sent_anew():
    first = AnswerWidget("", SCRIPT, {}).modules
    first[0].close()
    second = AnswerWidget("", SCRIPT, {}).modules
    assert second[0].comm is not None
    assert [one.code for one in first] == [one.code for one in second]
    assert first[1:] == second[1:]


def test_a_message_is_answered_on_the_same_line(tmp_path, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    widget, sent = AnswerWidget("", SCRIPT, {}), []
    monkeypatch.setattr(widget, "send", sent.append)
    message = {"type": "record", "question": "one", "answer": "yes", "ticket": "t1"}
    tell(widget, message)
    tell(widget, {"type": "dance"})
    assert [(one["status"], one["ticket"]) for one in sent] == [("recorded", "t1")]
    assert Workbook().answers == {"one": "yes"}


# What it does


def test_hello_gives_the_workbook_and_creates_nothing(handler, workbook, tmp_path):
    reply = handler.handle({"type": "hello", "ticket": 1})
    assert (reply["status"], reply["ticket"], reply["file"]) == ("ready", 1, "work/answers.json")
    assert reply["workbook"] == workbook.snapshot()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    ["keeper", "", ["one", "two"], [], {"choice": "likely", "reason": "Wörter “so”\n"}, "😀" * 500],
)
def test_a_recorded_answer_is_on_disk_before_it_is_said_to_be(handler, workbook, answer):
    reply = record(handler, "one", answer)
    assert reply["status"] == "recorded"
    on_disk = json.loads(workbook.path.read_text(encoding="utf-8"))
    assert on_disk == reply["workbook"]
    assert on_disk["answers"]["one"] == {"answer": answer, "n": 1, "locked": False}


def test_a_rating_that_was_kept_stays_and_the_page_is_told_which(handler):
    first = {"choice": "likely", "reason": "first"}
    record(handler, "rating", first, lock=True)
    other = {"choice": "unlikely", "reason": "second"}
    for again, status in ((other, "conflict"), (first, "recorded")):
        reply = record(handler, "rating", again, lock=True)
        assert reply["status"] == status
        kept = reply["workbook"]["answers"]["rating"]
        assert (kept["answer"], kept["n"], kept["locked"]) == (first, 1, True)


def test_a_page_that_has_not_seen_the_newer_answer_is_told_that_it_stays(handler):
    record(handler, "one", "old", revision=1, baseRevision=0)
    record(handler, "one", "newer", revision=2, baseRevision=1)
    reply = record(handler, "one", "waited", revision=3, baseRevision=1, ticket=9)
    assert (reply["status"], reply["ticket"]) == ("conflict", 9)
    assert reply["message"] == "Another answer is in your folder, and it stays."
    assert reply["workbook"]["answers"]["one"] == {"answer": "newer", "n": 2, "locked": False}


def test_half_a_character_is_no_other_answer_than_the_one_that_stands(handler):
    for _ in range(2):
        assert record(handler, "rating", {"reason": "\ud800"}, lock=True)["status"] == "recorded"


def test_what_the_folder_lacks_is_told_with_the_answer(handler, monkeypatch):
    def fail(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    assert record(handler, "one", "yes")["notices"] == []
    monkeypatch.setattr(os, "fsync", fail)
    (notice,) = record(handler, "one", "no")["notices"]
    assert "download your work" in notice


def test_forgetting_leaves_an_empty_workbook_that_names_the_former_one(handler):
    former = record(handler, "name", "Ada")["workbook"]["book"]
    reply = handler.handle({"type": "forget", "ticket": 3})
    assert (reply["status"], reply["ticket"]) == ("forgotten", 3)
    assert reply["workbook"]["answers"] == {}
    assert reply["workbook"]["forgotten"] == [former] != [reply["workbook"]["book"]]


DASHBOARDS = [
    {"SERVER_SOFTWARE": "voila/0.5.13"},
    {"VOILA_REQUEST_URL": "http://localhost:8866/"},
    {"KWLESSON_WORK": "browser"},
]


@pytest.mark.parametrize("environment", DASHBOARDS, ids=lambda one: next(iter(one)))
def test_where_several_visitors_use_one_folder_nothing_leads_to_it(
    tmp_path, monkeypatch, environment
):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    widget, sent = AnswerWidget("", SCRIPT, {}), []
    monkeypatch.setattr(widget, "send", sent.append)
    tell(widget, {"type": "record", "question": "name", "answer": "Ada"})
    assert (widget.workbook_id, sent) == ("", [])
    assert kwlesson.load(kwlesson.SAMPLE).keep().script_context()["shared"] is True
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_numbered_as_the_page_numbered_it(handler):
    reply = record(handler, "one", "yes", revision=5, baseRevision=0)
    assert reply["workbook"]["answers"]["one"]["n"] == reply["workbook"]["counter"] == 5


def test_two_notebooks_hear_of_each_others_answers(workbook):
    one, other = MessageHandler(workbook), MessageHandler(Workbook(workbook.path))
    record(one, "a", "1")
    assert set(record(other, "b", "2")["workbook"]["answers"]) == {"a", "b"}
    assert set(one.handle({"type": "hello"})["workbook"]["answers"]) == {"a", "b"}


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_a_file_comes_back_in_pieces(handler, tmp_path, pieces):
    old = Workbook(tmp_path / "old")
    old.record("one", "Wörter, 字, 😀")
    old.record("rating", {"choice": "likely", "reason": "so"}, lock=True)
    reply = bring(handler, old.path.read_bytes(), pieces)
    assert reply["status"] == "restored"
    assert reply["messages"]
    assert reply["workbook"]["answers"] == old.snapshot()["answers"]


def test_two_files_on_their_way_do_not_mix(handler, tmp_path):
    files = []
    for name in ("a", "b"):
        old = Workbook(tmp_path / name)
        old.record(name, name * 50)
        files.append(old.path.read_bytes())
    half = len(files[0]) // 2
    handler.handle({"type": "restore", "ticket": "a"}, [files[0][:half]])
    reply = bring(handler, files[1], ticket="b")
    assert (reply["status"], reply["messages"]) == ("restored", ["1 answer was brought back."])
    handler.handle({"type": "restore", "ticket": "a", "last": True}, [files[0][half:]])
    assert set(handler.handle({"type": "hello"})["workbook"]["answers"]) == {"a", "b"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 999, b"{}", b"[" * 10_000, b'{"answers": 1}']
)
def test_a_file_that_is_none_of_ours_gets_a_sentence_and_changes_nothing(handler, content):
    record(handler, "one", "yes")
    before = handler.handle({"type": "hello"})["workbook"]
    reply = bring(handler, content)
    assert reply["status"] == "failed"
    assert reply["message"].endswith(".")
    assert reply["workbook"] == before


def test_a_file_that_is_too_large_is_refused_before_all_of_it_came(handler):
    piece = memoryview(b" " * 1_000_000)
    reply = {}
    sent = 0
    while not reply:
        reply = handler.handle({"type": "restore", "ticket": "t", "last": False}, [piece])
        sent += len(piece)
        assert sent <= file_format.MAX_FILE_BYTES + 2 * len(piece)
    assert reply["status"] == "failed"


# What it answers when it cannot


FAULTS = {
    "the disk is full": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "the folder is read-only": PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    "the disk is gone": OSError(errno.EIO, os.strerror(errno.EIO)),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_of_the_disk_is_a_sentence_and_what_was_there_stays(
    handler, tmp_path, monkeypatch, what
):
    record(handler, "one", "yes")

    def fail(*_anything):
        raise FAULTS[what]

    monkeypatch.setattr(os, "fsync", fail)
    reply = record(handler, "two", "no", ticket=9)
    assert (reply["status"], reply["ticket"]) == ("failed", 9)
    assert re.fullmatch(r"[^\n]{20,300}\.", reply["message"])
    assert "work/answers.json" in reply["message"]
    assert str(tmp_path) not in reply["message"]
    assert set(reply["workbook"]["answers"]) == {"one"}


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "work").write_text("in the way")
    reply = record(MessageHandler(Workbook(tmp_path / "work" / "answers.json")), "one", "yes")
    assert reply["status"] == "failed"
    assert reply["message"]


def test_a_workbook_that_cannot_be_read_is_said_so(handler, workbook):
    workbook.path.mkdir(parents=True)
    reply = handler.handle({"type": "hello"})
    assert "workbook" not in reply
    assert reply["problem"].startswith("work/answers.json cannot be read")


def deep(levels):
    answer = "x"
    for _ in range(levels):
        answer = [answer]
    return answer


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": None},
        {"type": "dance"},
        {"type": ["record"]},
        {"type": "record"},
        {"type": "record", "question": None, "answer": "x"},
        {"type": "record", "question": ["a"], "answer": "x"},
        {"type": "record", "question": "a", "answer": "\ud800"},
        {"type": "record", "question": "\udfff", "answer": "x"},
        {"type": "record", "question": "a", "answer": "x" * 1_000_000},
        {"type": "record", "question": "a" * 1_000_000, "answer": "x"},
        {"type": "record", "question": "a", "answer": deep(900)},
        {"type": "record", "question": "a", "answer": deep(100_000)},
        {"type": "record", "question": "a", "answer": float("nan")},
        {"type": "record", "question": "__proto__", "answer": "x"},
        {
            "type": "record",
            "question": "a",
            "answer": "x",
            "revision": [1],
            "baseRevision": {"a": 1},
        },
        {
            "type": "record",
            "question": "a",
            "answer": "x",
            "revision": 10**400,
            "baseRevision": float("inf"),
        },
        {"type": "restore"},
        {"type": "restore", "last": True},
    ],
    ids=lambda one: str(one.get("type")),
)
def test_no_message_brings_the_kernel_into_trouble(handler, workbook, message):
    record(handler, "one", "yes")
    reply = handler.handle(message)
    assert reply == {} or reply["status"] in {"recorded", "failed"}
    assert workbook.answers["one"] == "yes"
    json.loads(workbook.path.read_text(encoding="utf-8"))
