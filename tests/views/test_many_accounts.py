"""Of three accounts and more: who stands with whom, whose words they are, and masks that hold."""

from __future__ import annotations

import five_accounts
import pytest
from html_probe import squeeze
from lesson_folder import LessonFolder

import kwlesson
from kwlesson.tables.evidence_chain import EvidenceChain


@pytest.fixture
def ford(tmp_path):
    return LessonFolder(five_accounts.write(tmp_path / "five"), tmp_path / "copy")


@pytest.fixture
def lesson(ford):
    return kwlesson.load(ford.path)


def ours(lesson):
    text = squeeze(lesson.compare("the-ford", answers=True).text())
    return [part.partition("So we judge.")[0] for part in text.split("We: ")[1:]]


def test_our_judgement_says_who_stands_with_whom_against_whom(lesson):
    assert ours(lesson)[:4] == [
        (
            "cannot all be true. The drover and The militia, against The ferryman and The painter, "
            "against The printer. "
        ),
        "agree. The drover, The ferryman and The printer agree. ",
        "differ. No two of them stand together. ",
        "differ. ",
    ]


def test_an_account_that_is_not_quoted_on_a_point_says_so(lesson):
    text = squeeze(lesson.compare("the-ford").text())
    assert text.count("Nothing is quoted from it here.") == 2 + 1 + 3 + 4


SIDES = {
    "one who does not speak": ("drover;printer/ferryman;painter", 1, "see painter"),
    "one left out": ("drover;militia/ferryman;painter", 0, "see printer"),
    "one twice": ("drover;militia/drover/ferryman;painter/printer", 0, "names an account twice"),
    "sides of those who agree": ("drover/ferryman;printer", 1, "only accounts that differ"),
    "no sides at all": ("drover;militia", 0, "write ids of accounts"),
}


@pytest.mark.parametrize("what", SIDES)
def test_sides_that_the_claims_do_not_bear_are_refused(ford, what):
    sides, index, sentence = SIDES[what]
    ford.change("points", index, sides=sides, **({"verdict": "tension"} if "see p" in sentence and
                                                 index else {}))  # fmt: skip
    with pytest.raises(kwlesson.LessonError, match=rf"points\.csv:{index + 2}:sides") as caught:
        kwlesson.load(ford.path)
    assert sentence in str(caught.value)


def test_words_are_given_to_somebody_only_where_somebody_else_quotes_them(ford):
    assert "words given to" not in kwlesson.load(ford.path).compare("the-ford").text()
    ford.change("quotes", 0, source="printer-paper")
    lesson = kwlesson.load(ford.path)
    assert lesson.quote("words-1-drover").title == "Words given to Hob Lane"
    assert lesson.quote("words-1-ferryman").title == "In the words of Nan Weir"
    assert "\u201c \u201d diary" in lesson.quote("words-1-ferryman").text()


def test_a_body_can_be_set_aside_and_who_differs_still_shows_that_it_happened(lesson):
    speakers = lesson.set_aside("speaker").context["choices"]
    assert "militia" in [one["key"] for one in speakers]
    changes = EvidenceChain(lesson).changes("speaker", "militia")
    assert {change.word for change in changes} == {"known-from-less"}


MASKS = {
    "a part of a name": ("Nan's paper", "tells who it is by Nan"),
    "the label": ("The ferryman, perhaps", "tells who it is by The ferryman"),
    "another's mask": ("paper 1", "the account drover has this mask, too"),
}


@pytest.mark.parametrize("what", MASKS)
def test_a_mask_that_leaks_or_repeats_is_refused(ford, what):
    mask, sentence = MASKS[what]
    ford.change("accounts", 1, masked_label=mask)
    with pytest.raises(kwlesson.LessonError, match=r"accounts\.csv:3:masked_label") as caught:
        kwlesson.load(ford.path)
    assert sentence in str(caught.value)


def test_no_part_of_a_name_shows_while_authors_are_hidden(lesson):
    text = lesson.compare("the-ford", masked=True).text()
    assert not {"Hob", "Lane", "Nan", "Weir", "Cass", "Type", "Ivo", "Brush"} & set(text.split())


def test_evidence_may_favour_several(lesson):
    text = squeeze(lesson.corroborate("the-ford", answers=True).text())
    assert "It favours: The drover and The militia." in text
