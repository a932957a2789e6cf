"""Whatever happened to a file of answers, all that stands in it complete is read.

The fixtures were written by the first version, whole and damaged, and hold what it read in each.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cases import each
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwlesson.answers.file_format import Entry, ParsedWorkbook, dumps, loads

FIXTURES = Path(__file__).parent / "fixtures"
WHOLE = (FIXTURES / "answers.json").read_bytes()
STORED = json.loads(WHOLE)
CASES = {
    case["file"]: case
    for case in json.loads((FIXTURES / "damaged.json").read_text(encoding="utf-8"))
}
SMALL = CASES["small"]["text"]
SOUND = ["", "ada", 3, {"one": ["left \u00e9", 1, False], "two": [["a", "b"], 2, False],
                        "three": [{"choice": "likely", "reason": "so"}, 3, True]}]  # fmt: skip
CUT = "The file is cut off or damaged: {} could be read."
NO_WORKBOOK = "The file is no workbook of kwlesson: no answers can be read in it."
NEWER = (
    "The file was written by a newer version of kwlesson (its format is 7, and this one knows 1): "
    "what fits is read, and the file stays as it is."
)
MESSAGES = {
    "small": (),
    "cut in an id": (CUT.format("only 1 answer"), "These are left out: 'two'."),
    "cut in an answer": (CUT.format("only 2 answers"), "These are left out: 'three'."),
    "cut in a character": (CUT.format("no answer"), "These are left out: 'one'."),
    "by hand: no quotation marks": (CUT.format("only 2 answers"), "These are left out: 'two'."),
    "by hand: NaN": ("These are left out: 'two'.",),
    "n is -1": ("The number of these is not readable, so they count as the oldest: 'two'.",),
    "Latin-1": ("Some letters of the file could not be read and stand as \ufffd.",),
    "version 7": (NEWER,),
    "another lesson": (
        "The file belongs to another lesson ('harbour-light'), so its answers are not taken.",
    ),
    "empty": ("The file is empty.",),
    "a mark alone": ("The file is empty.",),
    "a cut character alone": ("The file is empty.",),
    "zeros": ("The file is empty.",),
    "rubbish 0": (NO_WORKBOOK,),
}
OFTEN = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
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
workbooks = st.dictionaries(
    ids, st.builds(Entry, answers, st.integers(0, 99), st.booleans()), max_size=6
).map(lambda entries: ParsedWorkbook(entries, "ada", 99))


def content(case):
    return case["text"].encode(case.get("encoding", "utf-8"))


def reads(text):
    found = loads(text)
    entries = {question: list(entry) for question, entry in found.entries.items()}
    return [found.status, found.book, found.counter, entries]


def alike(one, other):
    """Return whether two values are written alike: to Python also 1 and True are equal."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@each("case", CASES.values(), followed=True)
def test_a_file_is_read_as_the_first_version_read_it(case):
    assert reads(content(case)) == case.get("reads", SOUND)
    assert bool(loads(content(case)).messages) is (loads(content(case)).status != "")


@pytest.mark.parametrize("name", MESSAGES)
def test_what_could_not_be_read_is_said(name):
    assert loads(content(CASES[name])).messages == MESSAGES[name]


@pytest.mark.parametrize("version", ["2", 2.0, "2.5", 1.5, "soon", [2], {}], ids=repr)
def test_a_newer_version_is_known_however_an_editor_wrote_it(version):
    text = SMALL.replace('"version": 1', f'"version": {json.dumps(version)}')
    assert loads(text).status == "newer"
    assert loads(text).answers == loads(SMALL).answers


@pytest.mark.parametrize("version", ["1", 1.0, "1.0", True, None], ids=repr)
def test_this_version_is_known_however_an_editor_wrote_it(version):
    assert loads(SMALL.replace('"version": 1', f'"version": {json.dumps(version)}')).status == ""


def test_every_kind_of_answer_is_read_and_written_again_to_the_byte():
    expected = {question: list(entry.values()) for question, entry in STORED["answers"].items()}
    assert reads(WHOLE) == ["", STORED["book"], STORED["counter"], expected]
    assert dumps(loads(WHOLE)).encode() == WHOLE


@OFTEN
@given(whole=workbooks)
def test_what_is_written_is_read_again(whole):
    for text in (dumps(whole), dumps(whole).encode()):
        assert alike(loads(text), whole)


@OFTEN
@given(whole=workbooks, data=st.data())
def test_a_file_cut_at_any_byte_keeps_every_complete_line(whole, data):
    text = dumps(whole).encode()
    cut = text[: data.draw(st.integers(0, len(text)))]
    complete = max(0, cut.count(b"\n") - 1)
    found = loads(cut).answers
    assert list(found)[:complete] == list(whole.answers)[:complete]
    assert all(alike(answer, whole.answers[question]) for question, answer in found.items())


def test_a_file_is_said_to_be_cut_until_it_is_whole():
    text = SMALL.encode()
    for cut in range(len(text) + 1):
        assert (loads(text[:cut]).status == "") is (cut >= len(text.rstrip()))


@pytest.mark.parametrize("kind", [bytes.decode, bytearray, memoryview])
def test_a_file_is_read_however_it_comes(kind):
    for encoding in ("utf-8", "utf-8-sig"):
        assert reads(kind(SMALL.encode(encoding))) == SOUND


@pytest.mark.parametrize(
    "answer",
    ["9" * 5000, "[" * 10_000 + "]" * 10_000, '"' + "x" * 250_001 + '"'],
    ids=["long number", "deep", "long text"],
)
def test_an_answer_that_none_can_be_is_left_out(answer):
    found = loads(SMALL.replace('["a", "b"]', answer))
    assert list(found.entries) == ["one", "three"]
    assert found.messages[-1] == "These are left out: 'two'."


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        *("[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000, "9" * 5000),
        bytes(range(256)),
    ],
    ids=range(6),
)
def test_what_is_no_workbook_is_refused_in_one_sentence(text):
    assert loads(text) == ParsedWorkbook({}, status="refused", messages=(NO_WORKBOOK,))
    assert not loads(text).usable


def test_a_file_of_50_mb_is_refused_in_one_sentence():
    found = loads(b"\0" * 50_000_000)
    assert (found.answers, found.usable) == ({}, False)
    assert [message.partition(",")[0] for message in found.messages] == [
        "The file is larger than 5 MB"
    ]


@OFTEN
@given(piece=st.binary(max_size=200), place=st.integers(0, 10_000), cut=st.integers(0, 30))
def test_whatever_happens_to_a_file_it_is_read_without_an_error(piece, place, cut):
    whole = SMALL.encode()
    place %= len(whole)
    for spoilt in (piece, whole[:place] + piece + whole[place + cut :]):
        found = loads(spoilt)
        assert found.usable or not found.answers
        assert bool(found.messages) is (found.status != "")
