"""Answer codes are found in a chat as it was pasted, chatter and all, and none is guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson.answers.answer_code import DIGITS, PREFIX, Codebook
from kwlesson.classroom import chat_parser
from kwlesson.classroom.chat_parser import read_chat
from kwlesson.errors import visible

CASES = json.loads(Path(__file__).with_name("chat_cases.json").read_text(encoding="utf-8"))
BOOKS = {
    "the lesson": Codebook(kwlesson.load()),
    "the invented lesson": Codebook(kwlesson.load(kwlesson.SAMPLE)),
}


@pytest.fixture(params=BOOKS.values(), ids=list(BOOKS))
def book(request):
    return request.param


def test_every_single_slip_in_one_code_is_refused(book):
    code = book.encode({one.id: one.choices[:1] for one in book.questions})
    slips = [
        code[:at] + wrong + code[at + 1 :]
        for at, sign in enumerate(code)
        for wrong in DIGITS
        if sign not in {"-", wrong}
    ]
    read = read_chat("\n".join(slips), [book])
    assert read.answers == []
    assert len(slips) > 200
    # Even where the slip is in the prefix, the teacher is told of the code and its line.
    assert [line.split(":")[0] for line in read.refused] == [
        f"line {number}" for number in range(1, len(slips) + 1)
    ]


def test_a_chat_is_read_with_its_chatter():
    book = BOOKS["the invented lesson"]
    first, second = book.encode({"who-saw": "keeper"}), book.encode({"who-saw": "master"})
    chat = f"""[10:31] Ada L.: mine is {first}!
    Ben (he/him): lol; see https://example.org/a-b-c-d and well-known state-of-the-art words
    Ben (he/him): {second.lower()} , sorry I mean ({first})
    Cleo: {second[:-1]}{"0" if second[-1] != "0" else "1"}
    """
    read = read_chat(chat, BOOKS.values())
    assert [one["who-saw"] for one in read.answers] == ["keeper", "master", "keeper"]
    assert len(read.refused) == 1
    assert read.refused[0].startswith("line 4: ")
    assert "mistyped" in read.refused[0]


@pytest.mark.parametrize("case", CASES, ids=[f"{one['case']}: {one['source']}" for one in CASES])
def test_a_chat_counts_each_learner_once(case):
    given = {"A": {"believe-refuse-check": "believe"}, "B": {"believe-refuse-check": "check"}}
    codes = {sign: BOOKS["the lesson"].encode(answers) for sign, answers in given.items()}
    read = read_chat(case["chat"].format(**codes), BOOKS.values())
    assert read.answers == [given[sign] for sign in case["answers"]]
    assert [line.partition(":")[0] for line in read.refused] == case["refused"]
    assert read.notes == case["notes"]


def test_every_case_says_where_its_form_is_from():
    known = ("as public programs", "from memory: ", "no export: ")
    assert [case["case"] for case in CASES if not any(one in case["source"] for one in known)] == []


SEPARATED = {
    "hyphens": lambda code: code,
    "blanks": lambda code: code.replace("-", " "),
    "small letters and blanks": lambda code: code.lower().replace("-", " "),
    "nothing": lambda code: code.replace("-", ""),
    "one hyphen dropped": lambda code: code[:8] + code[9:],
    "the first hyphen moved": lambda code: code[:3] + code[4] + "-" + code[5:],
    "underscores": lambda code: code.replace("-", "_"),
    "en dashes": lambda code: code.replace("-", "\N{EN DASH}"),
    "hyphens that do not break": lambda code: code.replace("-", "\N{NON-BREAKING HYPHEN}"),
    "minus signs": lambda code: code.replace("-", "\N{MINUS SIGN}"),
    "blanks that do not break": lambda code: code.replace("-", "\N{NO-BREAK SPACE}"),
    "hyphens between blanks": lambda code: code.replace("-", " - "),
    "a new line after a hyphen": lambda code: code[:9] + "\n" + code[9:],
    "a quoted new line": lambda code: code[:9] + "\n> " + code[9:],
    "wide letters": lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
}
SURROUNDED = [
    "{}", "{}-", "-{}", "- {}", "_{}_", "*{}*", "`{}`", "Ada_{}", "({}).", "{} , and 2 of us",
    "Ada: {} thanks a lot", "Ada: {}\N{EM DASH}thanks", "what is kw1? kw1: {}", "\u200e{}\u200e",
]  # fmt: skip
STRAY = " -_.,?/*:'\n\N{EN DASH}\N{ZERO WIDTH SPACE}\N{LATIN SMALL LETTER SHARP S}"


def some_answers(book):
    return {one.id: one.choices[-1] for one in book.questions if one.kind != "evidence"}


def unread(chat, book, answers):
    """Return whether a chat with a slip on its second line is read as other answers, or lost."""
    read = read_chat(chat, [book])
    is_named = bool(read.refused) and all(one.startswith("line 2: ") for one in read.refused)
    return not (is_named or read.answers) or any(one != answers for one in read.answers)


@pytest.mark.parametrize("separated", SEPARATED)
def test_a_code_is_read_whatever_parts_or_surrounds_it(book, separated):
    answers = some_answers(book)
    for surrounded in SURROUNDED:
        chat = surrounded.format(SEPARATED[separated](book.encode(answers)))
        assert read_chat(chat, BOOKS.values())[:2] == ([answers], []), chat


@pytest.mark.parametrize("separated", ["hyphens", "blanks", "small letters and blanks", "nothing"])
def test_no_single_slip_loses_a_code_or_changes_its_answers(book, separated):
    answers = some_answers(book)
    code = SEPARATED[separated](book.encode(answers))
    slips = [code[:at] + code[at + 1 :] for at in range(len(code))]
    slips += [code[:at] + code[at : at + 2][::-1] + code[at + 2 :] for at in range(len(code) - 1)]
    for wrong in DIGITS + DIGITS.lower() + STRAY:
        # A new line in the prefix puts what is left of the code on the line after it.
        first = 3 if wrong == "\n" else 0
        slips += [code[:at] + wrong + code[at + 1 :] for at in range(first, len(code))]
    lost = [
        slip for slip in slips if unread(f"hello\nAda: {slip} thanks a lot, see you", book, answers)
    ]
    assert lost == []


@pytest.mark.parametrize("name", BOOKS)
@settings(max_examples=60)
@given(data=st.data())
def test_no_slip_in_any_code_is_read_as_other_answers(name, data):
    book = BOOKS[name]
    answers = {one.id: data.draw(st.sampled_from(one.choices)) for one in book.questions
               if one.kind != "evidence"}  # fmt: skip
    code = data.draw(st.sampled_from(list(SEPARATED.values())[:4]))(book.encode(answers))
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from(["", *DIGITS, *STRAY]))
    chat = read_chat(f"Ada: {code[:at]}{wrong}{code[at + 1 :]} I think", [book])
    assert all(one == answers for one in chat.answers)


@pytest.mark.parametrize(
    "chatter",
    ["what is kw1?", "KW1?", "KW1 IS COOL", "kw1 or kw2, 3 of us", "kw1: 12:30 on 2026-11-22",
     "kw1-lesson", "https://example.org/kwlesson-2024-11-22/kw1/", "a KWL-chart of 2024",
     "550e8400-e29b-41d4-a716-446655440000", "call 555-123-4567", "kw1 kw1 KW1"],
)  # fmt: skip
def test_chatter_is_no_false_alarm(chatter):
    assert read_chat(chatter, BOOKS.values()) == ([], [], [])


def test_codes_side_by_side_are_read_one_by_one(book):
    code, other = book.encode({}), book.encode(some_answers(book))
    for between in (" ", ", ", "\n", "-\n- ", " / ", "-", f" {PREFIX} ", f"; {code[:8]} "):
        read = read_chat(code + between + other, [book])
        assert read.answers == [{}, some_answers(book)], between
        assert len(read.refused) == (code[:8] in between)


def test_a_cut_code_takes_no_word_of_chatter_for_its_end(book):
    cut, last = book.encode({}).rsplit("-", 1)
    read = read_chat(f"{cut} {last.lower()}x\n{cut}\n{last} it is", [book])
    assert read.answers == []
    assert [one.partition(":")[0] for one in read.refused] == ["line 1", "line 2"]


def test_a_code_of_other_questions_is_named_with_blanks_too():
    first, second = BOOKS.values()
    code = second.encode(some_answers(second)).replace("-", " ")
    read = read_chat(f"Ada: {code} it is", [first])
    assert read.answers == []
    assert read.refused == [f"line 1: '{code}' belongs to other questions than these"]


@pytest.mark.parametrize("sign", ["\x1b]0;x\x07", "\u202e", "\0", "\u2028", "\ud800"])
def test_what_is_said_of_a_chat_can_be_printed(sign):
    code = BOOKS["the lesson"].encode({})
    chat = f'{sign}Ada{sign}: {sign}{code[:-1]}\n10:03 {sign}: KW1{sign}-{code[4:]}\n"{code}"'
    read = read_chat(chat, BOOKS.values())
    assert not [one for one in (*read.refused, *read.notes) if one != visible(one)]
    assert read.refused


PARTS = ["Ada: ", "10:03 ", "From Ben to Everyone:", "\n", " ", '"', "> ", "Reacted to ", "...",
         "KW1-", "\x1b[2J", "\u202e", "\u200b", "[26/11/2026, 10:03] ", "Z" * 99]  # fmt: skip


@settings(max_examples=150)
@given(st.data())
def test_any_chat_ends_in_sentences_and_counts_no_more_codes_than_it_holds(data):
    codes = [
        BOOKS["the lesson"].encode(answers) for answers in ({}, some_answers(BOOKS["the lesson"]))
    ]
    parts = data.draw(st.lists(st.sampled_from([*PARTS, *codes, *(code[:14] for code in codes)])))
    chat = "".join(parts) + data.draw(st.text(max_size=20))
    read = read_chat(chat, BOOKS.values())
    assert not [one for one in (*read.refused, *read.notes) if one != visible(one)]
    assert len(read.answers) <= sum(chat.count(code) for code in codes)


def test_a_chat_too_long_to_read_is_read_to_its_limit_and_said(monkeypatch):
    code = BOOKS["the lesson"].encode({})
    chat = f"Ada: {code}\nBen: {code}"
    monkeypatch.setattr(chat_parser, "MAX_CHAT_LENGTH", len(chat) // 2 + 3)
    read = read_chat(chat, BOOKS.values())
    assert (len(read.answers), len(read.notes)) == (1, 1)
    assert "its end is not read" in read.notes[0]
