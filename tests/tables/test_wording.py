"""The words of a lesson are rows: what acts, sources and people are called, and how it is said."""

from __future__ import annotations

import csv

import pytest
from html_probe import squeeze

import kwlesson
from kwlesson.authoring.check import check
from kwlesson.tables.reader import shared_terms
from kwlesson.tables.wording import say

OWN = [
    {"id": "sketched", "term": "sketched", "of": "hands.act", "sense": "writes",
     "alone": "sketched it"},
    {"id": "was-asked", "term": "was asked", "of": "hands.act", "sense": "speaks",
     "alone": "was/were asked"},
    {"id": "musters", "term": "musters", "of": "links.act", "alone": "musters/muster",
     "sentence": "is/are mustered by …"},
    {"id": "logbook", "term": "logbook", "of": "sources.kind", "plural": "logbooks"},
    {"id": "crowd", "term": "crowd", "of": "people.kind", "sense": "group", "plural": "crowds"},
]  # fmt: skip


@pytest.fixture
def morning(fiction):
    """Give the invented lesson several who act as one, and words of its own."""
    people = fiction.rows("people")
    crew = people[0] | {
        "id": "crew",
        "name": "Thirty-four men",
        "kind": "crowd",
        "also_known_as": "",
    }
    fiction.write("people", [row | {"plural": "no"} for row in people] + [crew | {"plural": "yes"}])
    with (fiction.path / "terms.csv").open("w", encoding="utf-8", newline="") as file:
        columns = ["id", "term", "meaning", "mark", "of", "sense", "plural", "sentence", "alone"]
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(OWN)
    return fiction


SAID = [
    ("crew", "", "attacks", "Thirty-four men attack"),
    ("crew", "", "fires", "Thirty-four men fire"),
    ("clerk;writer", "", "attacks", "a clerk and Ada Quill attack"),
    ("clerk", "crew", "fires", "a clerk fires on Thirty-four men"),
    ("crew", "clerk", "warns", "Thirty-four men warn a clerk"),
    ("clerk", "lamplighter", "orders", "a clerk gives an order to Tom Wick"),
    ("clerk", "", "orders", "a clerk gives an order"),
    ("crew", "clerk;writer", "asks-to-confirm",
     "Thirty-four men ask a clerk and Ada Quill to confirm"),
    ("crew", "clerk", "musters", "Thirty-four men are mustered by a clerk"),
    ("clerk", "", "musters", "a clerk musters"),
]  # fmt: skip


@pytest.mark.parametrize(("by", "to", "act", "sentence"), SAID)
def test_a_step_is_said_of_one_or_of_several_towards_somebody_or_alone(
    morning, by, to, act, sentence
):
    morning.change("links", 0, by=by, to=to, act=act)
    assert check(morning.path) == []
    assert f"{sentence}\n" in kwlesson.load(morning.path).trace().text()


@pytest.mark.parametrize("kind", ["diary", "deposition", "newspaper", "picture", "logbook"])
def test_a_kind_of_source_is_named_in_its_own_words_for_one_and_for_several(morning, kind):
    morning.change("sources", 1, kind=kind)
    lesson = kwlesson.load(morning.path)
    word = lesson.words("sources.kind")[kind]
    assert f"\n{word['plural'].capitalize()}" in lesson.cite().text()
    assert f"What it is: {word['term']}" in lesson.cite("keeper-letter").text()
    assert f"“ ” {word['term']}" in lesson.quote("lit-at-dusk").text()


@pytest.mark.parametrize(
    ("act", "said"),
    [("swore", "swore it"), ("signed", "signed it"), ("printed", "printed it"),
     ("sketched", "sketched it"), ("was-asked", "were asked")],
)  # fmt: skip
def test_a_hand_is_said_in_its_own_words_and_counts_as_the_row_says(morning, act, said):
    morning.change("hands", 1, act=act, person="crew")
    lesson = kwlesson.load(morning.path)
    assert f"Thirty-four men {said}" in squeeze(lesson.quote("lit-at-dusk").text())
    speaks = act in {"swore", "was-asked"}
    assert lesson.sense("hands.act", act) == (
        "speaks" if speaks else "sends" if act == "printed" else "writes"
    )
    choices = lesson.set_aside("speaker").context["choices"]
    assert ("crew" in [one["key"] for one in choices]) == (act != "printed")


def test_people_are_grouped_and_spoken_of_as_their_rows_say(morning):
    morning.change("people", 5, mistaken_for="clerk")
    text = kwlesson.load(morning.path).who().text()
    assert "Crowds (1)" in text
    assert "Thirty-four men are not a clerk" in text


SPOILT = {
    "an act of nobody": ("links", 0, {"act": "sails"}, "links.csv:2:act: 'sails': write one of"),
    "a hand in a link": ("links", 0, {"act": "swore"}, "links.csv:2:act: 'swore': write one of"),
    "a kind of nothing": ("sources", 0, {"kind": "scroll"}, "sources.csv:2:kind: 'scroll': write"),
    "an act alone that needs another": ("links", 1, {"act": "hails"}, "in the column alone, words"),
    "an act towards nobody": ("links", 0, {"act": "sleeps"}, "in the column sentence, words such"),
    "a column of nowhere": ("terms", 0, {"of": "hands.deed"}, "terms.csv:2:of: 'hands.deed': no"),
    "a sense of nothing": ("terms", 0, {"sense": "sings"}, "terms.csv:2:sense: 'sings': what it"),
    "a verdict that says nothing": ("terms", 0, {"of": "points.verdict", "sense": ""}, "2:sense: "),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_word_that_no_row_has_or_that_cannot_be_said_is_refused(morning, what):
    table, index, cells, sentence = SPOILT[what]
    rows = morning.rows("terms")
    like = rows[2]
    rows += [like | {"id": "hails", "sentence": "hails/hail …", "alone": ""},
             like | {"id": "sleeps", "sentence": "", "alone": "sleeps/sleep"}]  # fmt: skip
    morning.write("terms", rows)
    morning.change(table, index, **cells)
    with pytest.raises(kwlesson.LessonError, match="terms") as caught:
        kwlesson.load(morning.path)
    assert sentence in str(caught.value)


def test_each_shared_word_has_a_meaning_or_a_column_and_each_act_one_and_several():
    for row in shared_terms():
        assert row.get("meaning") or row.get("of")
        if row.get("of") == "links.act":
            for pattern in (row["alone"], row["sentence"]):
                assert say(pattern) != say(pattern, several=True), row["id"]
        if row.get("of") == "sources.kind":
            assert row["plural"] != row["term"]
