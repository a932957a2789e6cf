"""What the real lesson must hold, rule by rule, over all its rows."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from cases import each
from lesson_folder import SOURCES, TEXTS

from kwlesson import paths
from kwlesson.authoring import verbatim
from kwlesson.authoring.check import check
from kwlesson.tables import edtf
from kwlesson.tables.reader import read_folder

LAYOUT, TABLES, _ = read_folder(paths.DATA)
TEXT_SOURCES = {row["id"] for row in TABLES["sources"] if row["base"] == "yes"}
NUMBERED = {
    "events": [f"A{n:02}" for n in range(1, 24)] + [f"B{n:02}" for n in range(1, 42)],
    "quotes": ["QA1", "QA1a", "QA1b"] + [f"QB{n:02}" for n in range(1, 28)],
    "links": [f"L{n}" for n in range(1, 17)],
    "corroborations": [f"C{n}" for n in range(1, 8)],
}
COLUMNS = {
    "sources": "id kind title author addressee date archive url citation read read_in cited_in "
    "base rights",
    "people": "id name also_known_as native_name kind role mistaken_for note",
    "names": "person name language writing",
    "cases": "id title question summary",
    "routes": "id title summary interest",
    "hands": "route step person act language date status source paragraph place",
    "accounts": "id case label masked_label reporter source route position",
    "points": "id case order core question verdict note",
    "claims": "id point account says status hedge source paragraph",
    "quotes": "id words plain speaker said addressee account point event source paragraph "
    "document route editorial kind sensitive",
    "events": "id date date_words after before same_as title summary place people status "
    "content_status derived source paragraph",
    "links": "id step spine card event by to act says open_question",
    "supports": "link quote event source bearing what note",
    "corroborations": "id case quote event source favours bears_on other_speaker other_channel "
    "against_interest judgement",
    "notes": "id about text source paragraph",
    "questions": "id notebook order kind skill prompt account round model_answer also_accept "
    "source",
    "choices": "question id text quote feedback best",
    "terms": "id term meaning",
    "places": "id name native_name today latitude longitude",
    "outlines": "id kind name points credit",
    "plan": "order notebook step minutes_15 minutes_50 minutes_90 can_skip if_late say if_they_say",
}


def test_the_lesson_has_nothing_to_mend():
    assert check(paths.DATA, SOURCES if SOURCES.is_dir() else None) == []


def test_the_invented_lesson_has_nothing_to_mend():
    assert check(paths.SAMPLE, TEXTS) == []


@pytest.mark.parametrize("table", COLUMNS)
def test_every_table_has_the_columns_that_other_tools_read(lesson, table):
    assert set(COLUMNS[table].split()) <= set(getattr(lesson, table).columns)
    assert list(LAYOUT) == list(COLUMNS)


@pytest.mark.parametrize("table", COLUMNS)
def test_every_cell_is_text_or_a_whole_number_and_none_is_missing(lesson, table):
    frame = getattr(lesson, table)
    assert not frame.isna().to_numpy().any()
    kinds = {type(value) for column in frame for value in frame[column].tolist()}
    assert kinds <= {str, int}
    assert isinstance(frame, pd.DataFrame)


@pytest.mark.parametrize("table", NUMBERED)
def test_every_numbered_piece_of_evidence_is_there(lesson, table):
    found = [number for number in getattr(lesson, table).number if number]
    assert sorted(set(found)) == sorted(NUMBERED[table])


def test_each_event_of_the_texts_has_its_paragraph_and_a_date_or_a_place_in_the_order(lesson):
    events = lesson.events[lesson.events.source.isin(TEXT_SOURCES)]
    assert len(events) == 64
    assert events.paragraph.str.fullmatch(r"[1-9][0-9]?(;[1-9][0-9]?)*").all()
    assert (events.date + events.after + events.before != "").all()


def test_an_event_told_by_both_texts_is_linked():
    told = {row["id"]: row for row in TABLES["events"]}
    twins = [row for row in told.values() if row["same_as"]]
    assert twins
    for row in twins:
        assert told[row["same_as"]]["source"] != row["source"]
        assert told[row["same_as"]]["date"] == row["date"]


@each("event", TABLES["events"])
def test_every_event_says_when_as_a_person_would(lesson, event):
    row = lesson.get("events", event["id"])
    assert row["date_label"]
    if event["derived"]:
        assert row["date_label"].endswith(f", worked out from {event['derived']}")
    if not event["date"]:
        assert row["date_label"].startswith("undated")
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", event["date"]):
        assert event["date"][:4] in row["date_label"]


def test_events_sort_in_order_of_time_and_after_means_after(lesson):
    place = dict(zip(lesson.events.id, lesson.events.date_sort, strict=True))
    for event in TABLES["events"]:
        if event["after"] and not event["date"]:
            assert place[event["after"]] < place[event["id"]]
        if event["before"] and not event["date"]:
            assert place[event["id"]] < place[event["before"]]
    dated = [row for row in TABLES["events"] if row["date"]]
    assert sorted(dated, key=lambda row: place[row["id"]]) == sorted(
        dated, key=lambda row: edtf.parse(row["date"]).sort_key
    )


def changed_by_one_letter(words: str) -> str:
    place = next(n for n in reversed(range(len(words))) if words[n].isalpha())
    return words[:place] + ("x" if words[place] != "x" else "y") + words[place + 1 :]


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the texts themselves are not beside the project")
@pytest.mark.parametrize("turn", [0, 1])
def test_one_changed_letter_in_any_quotation_is_found(turn):
    """Change every other quotation: those are found, and none of those between."""
    checked = [row for row in TABLES["quotes"] if row["source"] in TEXT_SOURCES][turn::2]
    quotes = []
    for row in TABLES["quotes"]:
        words = changed_by_one_letter(row["words"]) if row in checked else row["words"]
        quotes.append(type(row)(row | {"words": words}))
        quotes[-1].number = row.number
    found = verbatim.problems(LAYOUT, TABLES | {"quotes": quotes}, SOURCES)
    assert [(p.file, p.row, p.column) for p in found] == [
        ("quotes.csv", row.number, "words") for row in checked
    ]


def test_testimony_is_kept_apart_by_account(lesson):
    owners = dict(zip(lesson.quotes.number, lesson.quotes.account, strict=True))
    assert {owners[f"QB0{n}"] for n in (3, 4)} == {"shtykov"}
    assert {owners[f"QB0{n}"] for n in (5, 6, 7)} == {"kovalev"}
    assert {owners[number] for number in ("QB02", "QB08", "QB09", "QB10", "QB11")} == {""}


def test_only_the_remark_about_looks_is_sensitive_and_it_has_its_caution(lesson):
    sensitive = lesson.quotes[lesson.quotes.sensitive == "yes"]
    assert sensitive.number.tolist() == ["QB04"]
    assert sensitive.caution.str.len().min() > 0
    assert not lesson.choices.quote.isin(sensitive.id).any()


def test_the_sign_off_is_inferred_and_nothing_joins_it_to_the_transfer_of_soldiers(lesson):
    link = lesson.records("links", number="L12")[0]
    assert lesson.get("events", link["event"])["status"] == "inferred"
    transfer = lesson.records("links", number="L4")[0]
    assert (transfer["spine"], transfer["act"]) == ("no", "orders-transfer")
    shared = set(lesson.supports[lesson.supports.link == transfer["id"]].quote) & set(
        lesson.supports[lesson.supports.link == link["id"]].quote
    )
    assert shared <= {""}


@pytest.mark.parametrize("verdict", sorted({row["verdict"] for row in TABLES["points"]}))
def test_every_verdict_has_its_word_and_its_mark(lesson, verdict):
    term = lesson.get("terms", verdict)
    assert term["term"]
    assert term["mark"]


def test_marks_differ_within_verdicts_and_within_statuses(lesson):
    terms = lesson.by_id("terms")
    for words in (
        set(lesson.points.verdict),
        set(lesson.events.status) | set(lesson.claims.status),
    ):
        marks = [terms[word]["mark"] for word in words]
        assert len(marks) == len(set(marks))


BRIEFS = [row for row in TABLES["claims"] if row["brief"]]
CORE = {row["id"]: row for row in TABLES["points"] if row["core"] == "yes"}


def test_a_line_of_ours_has_at_most_twelve_words_and_a_question_nine():
    assert BRIEFS
    assert [row["id"] for row in BRIEFS if len(row["brief"].split()) > 12] == []
    first = [row for row in CORE.values() if row["case"] == "kim-il-1949"]
    assert [row["id"] for row in first if len(row["question"].split()) > 9] == []


def test_each_core_point_of_the_reports_has_a_brief_line_or_the_document_s_own_words():
    quoted = {
        (row["point"], row["account"]) for row in TABLES["quotes"] if row["sensitive"] == "no"
    }
    for row in TABLES["claims"]:
        if row["account"] and CORE.get(row["point"], {}).get("case") == "kim-il-1949":
            assert row["brief"] or (row["point"], row["account"]) in quoted, row["id"]


def test_every_core_point_that_one_report_alone_has_is_followed_by_a_guess():
    for row in CORE.values():
        if row["case"] == "kim-il-1949":
            assert bool(row["elsewhere"]) is (row["verdict"] == "quoted-from-one"), row["id"]
            assert row["note"], row["id"]


def test_what_is_not_quoted_from_an_account_is_not_said_to_be():
    """A claim is stated where the text quotes its account; else the historian tells or judges."""
    told = {"kraus-origins-of-korean-war"}
    quoted = {
        (row["point"], row["account"]) for row in TABLES["quotes"] if row["kind"] == "testimony"
    }
    for row in TABLES["claims"]:
        if row["status"] == "stated" and row["source"] in told and row["account"] in {
            "shtykov", "kovalev",
        }:  # fmt: skip
            assert (row["point"], row["account"]) in quoted, row["id"]


def test_each_quotation_in_a_retelling_has_its_row_and_so_its_voice():
    for account in TABLES["accounts"]:
        own = [row["words"] for row in TABLES["quotes"] if row["account"] == account["id"]]
        for words in re.findall("“([^”]*)”", account["retelling"]):
            assert any(words.strip(".,") in one for one in own), (account["id"], words)
