"""Who is a learner: decided by what files hold, and by what learning systems write into names."""

from __future__ import annotations

import json
import zipfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwlesson.classroom.gather import gather
from kwlesson.classroom.hand_ins import HandIn, read_place
from kwlesson.classroom.same_learner import State, decide, is_older_state

CASES = json.loads(Path(__file__).with_name("class_cases.json").read_text(encoding="utf-8"))


def answer_file(book, counter, name, answers):
    """Write an answer file from the short form of the cases."""
    given = answers | ({"name": [name, 1]} if name and "name" not in answers else {})
    entries = {one: {"answer": answer, "n": n} for one, (answer, n) in given.items()}
    head = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson"}
    return json.dumps(head | {"book": book, "counter": counter, "answers": entries})


def hand_in(folder, files):
    """Put files where an export has them, in zips too."""
    for place, file in files.items():
        zipped, _, inside = place.partition(".zip/")
        if inside:
            with zipfile.ZipFile(folder / f"{zipped}.zip", "a") as archive:
                archive.writestr(inside, answer_file(*file))
        else:
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(answer_file(*file))


@pytest.mark.parametrize("case", CASES, ids=[f"{one['case']}: {one['source']}" for one in CASES])
def test_a_class_counts_as_it_is(tmp_path, case):
    hand_in(tmp_path, case["files"])
    found = gather(tmp_path)
    assert [one.place for one in found.learners] == case["learners"]
    kinds = {"older": "an older copy", "same": "the same answers", "again": "handed in again"}
    said = {one.place: one.reason for one in found.skipped}
    assert said.keys() == case["others"].keys()
    assert all(said[place].startswith(kinds[kind]) for place, kind in case["others"].items())
    assert len(found.notes) == case["look"], found.notes


def test_every_case_says_where_its_form_is_from():
    known = ("as its public source", "as public programs", "from memory: ", "no export: ")
    assert [case["case"] for case in CASES if not any(one in case["source"] for one in known)] == []


def test_thirty_machines_made_from_one_image_are_thirty_learners(tmp_path):
    common = {"q1": ["a", 1], "q2": ["b", 2]}
    files = {f"{n}.json": ["image", 3, "", common | {"q3": [f"said {n}", 3]}] for n in range(30)}
    hand_in(tmp_path, files)
    found = gather(tmp_path)
    assert len(found.learners) == 30
    (note,) = found.notes
    assert "and 25 more began with one file, and count as 30 learners" in note.reason


@pytest.mark.parametrize(
    ("place", "owner"),
    [
        ("lovelaceada_4711_9001231_a.json", "lovelaceada_4711"),
        ("lovelace_ada_LATE_4711_9001231_a_b_1.json", "lovelace_ada_4711"),
        ("ada_2026_11_26.json", ""),
        ("week_12_34567_answers.json", "week_12"),
        ("my-answers.json", ""),
        ("Ada Lovelace/my-answers.json", ""),
        ("x_assignsubmission_file_/a.json", ""),
        ("Submitted files/a.json", ""),
        ("Submission attachment(s)/a.json", ""),
        ("..\\Ada_1_assignsubmission_file\\a.json", "ada_1"),
        ("a" * 10_000 + "_1_assignsubmission_file/a.json", ""),
    ],
)
def test_an_owner_is_read_where_a_name_says_one(place, owner):
    assert read_place(place).owner == owner


def test_a_damaged_copy_beside_the_whole_file_is_one_learners_and_another_is_not(tmp_path):
    whole = answer_file("b", 3, "", {"q1": ["a", 1], "q2": ["b", 2], "q3": ["c", 3]})
    whole = whole.replace('"q', '\n"q')  # an answer a line, as a workbook is written
    (tmp_path / "whole.json").write_text(whole)
    (tmp_path / "cut.json").write_text(whole[:-20])
    assert [one.place for one in gather(tmp_path).learners] == ["whole.json"]
    (tmp_path / "cut.json").write_text(whole[:-20].replace('"a"', '"x"'))
    assert len(gather(tmp_path).learners) == 2


def test_two_exports_that_point_at_each_other_lose_nobody():
    """In each, what was handed in again is an older state of what was not, in the other one."""

    def state(number, export, attempt, *questions):
        stamps = {one: (n, 0) for n, one in enumerate(questions, start=1)}
        return State(number, "one", len(stamps), "", stamps, HandIn(export, "ada_1", (attempt,)))

    verdicts = decide(
        [state(1, "x", 1, "c", "d"), state(2, "x", 2, "a"),
         state(3, "y", 1, "a", "b"), state(4, "y", 2, "c")]
    )  # fmt: skip
    assert verdicts.keys() == {1, 3}


# Any files: few books, questions, numbers and names, so that all kinds of pairs come up.

STAMPS = st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 3), st.integers(0, 1)))
HAND_INS = st.builds(
    HandIn,
    st.sampled_from(["", "x.zip", "y.zip"]),
    st.sampled_from(["", "ada_1", "ada_2", "ben_1", "1"]),
    st.tuples(st.integers(0, 2)),
)


@st.composite
def states(draw, number=0):
    stamps = draw(STAMPS)
    return State(
        number,
        draw(st.sampled_from(["one", "one", "two", ""])),
        max([draw(st.integers(0, 4)), *(n for n, _ in stamps.values())]),
        draw(st.sampled_from(["", "", "ada", "ben"])),
        stamps,
        draw(HAND_INS),
        draw(st.sampled_from([True, True, False])),
    )


@st.composite
def classes(draw):
    found = draw(st.lists(states(), max_size=7))
    return [one._replace(number=number) for number, one in enumerate(found, start=1)]


@st.composite
def books(draw):
    """Draw states of one book that a learner goes on in: every pair is older and newer."""
    stamps, found = {}, []
    for counter in range(1, draw(st.integers(2, 6))):
        stamps = stamps | {draw(st.sampled_from("abc")): (counter, draw(st.integers(0, 1)))}
        found.append(State(counter, "one", counter, "", stamps))
    return found


@given(st.tuples(states(), states(), states()))
def test_an_older_state_of_an_older_state_is_an_older_state(three):
    for one, two, other in permutations(three):
        if is_older_state(one, two) and is_older_state(two, other):
            assert is_older_state(one, other)


@given(states(), states())
def test_two_files_are_older_than_each_other_only_where_they_hold_the_same(one, other):
    assert is_older_state(one, one) == (one.book != "")
    if is_older_state(one, other) and is_older_state(other, one):
        assert (one.counter, one.name) == (other.counter, other.name)
        assert one.stamps == other.stamps


@given(books())
def test_what_one_learner_went_on_in_is_one_learners(found):
    verdicts = decide(found[::-1])
    assert len(found) - len(verdicts) == 1
    assert found[-1].number not in verdicts


@given(classes())
def test_no_learner_is_dropped_whatever_is_handed_in(found):
    verdicts = decide(found)
    counted = {one.number: one for one in found if one.number not in verdicts}
    assert bool(counted) == bool(found)
    by_number = {one.number: one for one in found}
    for number, verdict in verdicts.items():
        one, last = by_number[number], counted[verdict.counts.number]
        others = [other for other in found if other is not one]
        is_said = one.hand_in.owner != "" and any(
            other.hand_in[:2] == one.hand_in[:2] for other in others
        )
        assert is_said or any(is_older_state(one, other) for other in others)
        # Learners whom an export tells apart are never one.
        if one.hand_in.owner and one.hand_in.export == last.hand_in.export:
            assert one.hand_in.owner == last.hand_in.owner
    # Nobody whose content is like nobody's goes, unless an export says who handed it in again.
    for one in found:
        alone = not any(is_older_state(one, other) for other in found if other is not one)
        assert one.number in counted or not alone or one.hand_in.owner
    # And nothing counts twice.
    loose = [one for one in counted.values() if not one.hand_in.owner]
    assert not [
        (one, other)
        for one in loose
        for other in counted.values()
        if one is not other and is_older_state(one, other)
    ]
    # The order in which files are found decides nothing but which of the same ones is named.
    assert len(decide(found[::-1])) == len(verdicts)
