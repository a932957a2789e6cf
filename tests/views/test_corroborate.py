"""Evidence put to three tests: the learner answers first, our judgement waits."""

from __future__ import annotations

import re

import pytest
from html_probe import OnPaper, Page, live_html, squeeze, unexplained
from lessons import LESSONS

import kwlesson
from kwlesson.tables.schema import TESTS
from kwlesson.views.corroborate.view import Corroboration

CASES = [
    (name, case)
    for name, lesson in LESSONS.items()
    for case in dict.fromkeys(lesson.corroborations.case)
]
every_case = pytest.mark.parametrize(("name", "case"), CASES)


def view_of(name, case):
    return LESSONS[name].corroborate(case)


def evidence(name, case):
    return LESSONS[name].records("corroborations", case=case)


@every_case
def test_each_piece_shows_what_it_rests_on_and_how_it_was_read(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    page = Page(view.page())
    for row in evidence(name, case):
        quote = lesson.by_id("quotes").get(row["quote"])
        keys = {"corroborations": row["id"], "quotes": row["quote"], "events": row["event"]}
        keys["sources"] = row["source"]
        assert {f"{table}:{key}" for table, key in keys.items() if key} <= set(page.rows)
        if quote and quote["sensitive"] == "no":
            assert quote["words"] in page.open_text
            assert not quote["document"] or f"sources:{quote['document']}" in page.rows
        source = lesson.get("sources", row["source"])
        assert f"Read: {lesson.get('terms', source['read'])['term']}" in page.text
    assert [row for row in page.rows if row.startswith("corroborations:")] == [
        f"corroborations:{row['id']}" for row in evidence(name, case)
    ]


def test_what_does_not_bear_on_the_claim_says_on_what_it_bears_and_is_not_tested():
    rows = evidence("real", "kim-il-1949")
    for row in rows:
        assert bool(row["other_speaker"]) == (row["bears_on"] == "advice")
        term = LESSONS["real"].get("terms", row["bears_on"])["term"]
        assert f"What it bears on {term}" in Page(view_of("real", row["case"]).page()).text
    assert {row["against_interest"] for row in rows} == {"", "no", "unclear"}


def test_a_piece_says_through_whose_hands_it_came():
    rows = Page(view_of("real", "kim-il-1949").page()).rows
    assert {"routes:october-1949", "routes:tunkin-1949", "routes:january-1950"} <= set(rows)


@every_case
def test_each_piece_asks_its_own_three_questions_or_none(name, case):
    html = view_of(name, case).body()
    pieces = html.split('class="kw-evidence"')[1:]
    assert html.count("<form ") == 1
    for place, (piece, row) in enumerate(zip(pieces, evidence(name, case), strict=True), start=1):
        asked = re.findall(r'<input type="radio" name="([^"]*)" value="(\w+)"( data-ours)?', piece)
        if not row["other_speaker"]:
            assert not asked
            continue
        assert asked == [
            (f"{place}-{column}", answer, " data-ours" * (answer == row[column]))
            for column in TESTS
            for answer in ("yes", "no", "unclear")
        ]
        assert piece.count("<legend>") == 3
        assert " checked" not in piece
        # JupyterLab would take the arrow keys of an answer to go to the next cell.
        assert piece.count('data-lm-suppress-shortcuts="true"') == 9


@every_case
def test_text_gives_the_number_of_each_piece_beside_its_id(name, case):
    text = squeeze(view_of(name, case).text())
    numbered = [row for row in evidence(name, case) if row["number"]]
    assert numbered
    assert all(f" ({row['number']}) [{row['id']}]" in text for row in numbered)


@every_case
def test_our_answers_stand_in_closed_lines_and_in_no_text_but_the_teacher_s(name, case):
    view, answers = view_of(name, case), LESSONS[name].corroborate(case, answers=True)
    page, text = Page(unexplained(view.page())), squeeze(view.text())
    for row in evidence(name, case):
        for words in filter(None, (row["judgement"], row["before"])):
            assert squeeze(words) in page.text
            assert squeeze(words) not in page.open_text + text
            assert squeeze(words) in squeeze(answers.text())
    tested = [row for row in evidence(name, case) if row["other_speaker"]]
    assert text.count("( ) yes ( ) no ( ) unclear") == 3 * len(tested)
    assert page.text.count("You and we agree.") == 3 * len(tested)
    assert "You and we agree." not in page.open_text + text
    assert "After you have judged" not in text


@pytest.mark.parametrize(
    ("column", "other"),
    [("other_speaker", "yes"), ("other_channel", "no"), ("against_interest", "no"),
     ("judgement", "Another judgement."), ("favours", "harbourmaster"), ("favours", ""),
     ("before", "Another line.")],
)  # fmt: skip
def test_what_we_answer_changes_nothing_that_is_seen_before(fiction, column, other):
    lesson = kwlesson.load(fiction.path)
    assert fiction.rows("corroborations")[0][column] != other
    fiction.change("corroborations", 0, **{column: other})
    changed = kwlesson.load(fiction.path)
    before, after = (one.corroborate("harbour-light") for one in (lesson, changed))
    assert Page(after.page()).open_text == Page(before.page()).open_text
    assert after.text() == before.text()
    assert after.body() != before.body()
    told, anew = (one.corroborate("harbour-light", answers=True) for one in (lesson, changed))
    assert anew.text() != told.text()


@every_case
def test_every_face_says_that_the_order_is_no_ranking(name, case):
    view = view_of(name, case)
    for face in (view.text(), Page(view.page()).open_text, Page(live_html(view)).open_text):
        assert "In no order." in squeeze(face)


@every_case
def test_page_and_live_are_the_same_and_text_names_every_row(name, case):
    view = view_of(name, case)
    page, live = Page(view.page()), Page(live_html(view))
    assert page.rows == live.rows
    assert "once this page is live" in page.text
    assert page.text == live.text
    assert page.unbalanced == page.tags == []
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert page.headings[0] == 2
    assert all(later <= earlier + 1 for earlier, later in steps)
    text = squeeze(view.text())
    for row in OnPaper(view.page()).rows:
        table, key = row.split(":")
        if table == "terms":
            assert LESSONS[name].get(table, key)["meaning"] in text
        elif table in {"cases", "accounts"}:
            cell = {"cases": "title", "accounts": "label"}[table]
            assert LESSONS[name].get(table, key)[cell] in text
        else:
            assert f"[{key}]" in text, row
    assert all(len(line) <= 88 for line in view.text().splitlines())
    assert len(view.page().encode()) + len(live_html(view).encode()) < 100_000


@pytest.mark.parametrize(
    ("case", "sentence"),
    [("kim-il-sung-1949", "perhaps you meant: kim-il-1949"),
     ("last-word-1950", "on the case 'last-word-1950'; there is on: kim-il-1949")],
)  # fmt: skip
def test_a_case_without_evidence_gets_a_sentence(case, sentence):
    with pytest.raises(kwlesson.LessonError, match=sentence):
        view_of("real", case)


def test_sensitive_words_stand_only_behind_their_caution(fiction):
    fiction.change("corroborations", 0, quote="drunken-gulls", event="")
    lesson = kwlesson.load(fiction.path)
    view, quote = lesson.corroborate("harbour-light"), lesson.get("quotes", "drunken-gulls")
    page = Page(view.page())
    assert quote["words"] in page.text
    assert quote["words"] not in page.open_text
    assert quote["words"] not in view.text()
    assert quote["caution"] in page.open_text
    assert quote["caution"] in squeeze(view.text())


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form>", "{{7*7}}",
    "javascript:alert(1)", "<img src=x onerror=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_cell_is_text_in_every_face(fiction, attack):
    shown = {
        "cases": ["title", "question"], "events": ["title", "summary"], "routes": ["summary"],
        "quotes": ["words", "plain"], "people": ["name"], "terms": ["term", "meaning"],
        "sources": ["title", "author", "read_in"], "accounts": ["label"],
        "corroborations": ["judgement", "before"],
    }  # fmt: skip
    fiction.change("corroborations", 0, quote="lit-at-dusk")
    harmless = kwlesson.load(fiction.path).corroborate("harbour-light")
    for table, columns in shown.items():
        rows = fiction.rows(table)
        fiction.write(table, [row | dict.fromkeys(columns, f"x{attack}") for row in rows])
    view = kwlesson.load(fiction.path).corroborate("harbour-light")
    for face in (Corroboration.page, live_html):
        page, known = Page(face(view)), Page(face(harmless))
        assert squeeze(attack) in page.text
        assert "49" not in page.text
        assert {name for name, _ in page.attributes} <= {name for name, _ in known.attributes}
        assert "script" not in page.tags
        assert page.unbalanced == []
    assert squeeze(attack) in squeeze(view.text())
