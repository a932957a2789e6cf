"""The argument: what may be chosen, the task without an answer, and the one page in two forms."""

from __future__ import annotations

import itertools
import re
from html import unescape

import pytest
from faces import Page, squeeze

import kwlesson
from kwlesson.views.argue.view import EMPTY, MOST, SURE, UNSUPPORTED, escaped
from kwlesson.views.kit.stylesheet import sheet

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}
ARGUMENTS = {name: one.argue() for name, one in LESSONS.items()}
PIECES = [(name, key) for name, argument in ARGUMENTS.items() for key in argument.pieces]
every_lesson = pytest.mark.parametrize("name", LESSONS)
every_piece = pytest.mark.parametrize(("name", "key"), PIECES)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "](javascript:alert(1))",
    '=HYPERLINK("http://example.invalid")',
    "</textarea></p></main><h1>Mine</h1>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &amp; &#60;b&#62;",
    "# A heading\n- a list\n1. another\n2) more\n> quoted\n    code\n```\nfence\n```\n***\n===",
    "a | b\n--|--\n~~gone~~ $x$ <https://example.invalid> ![i](data:text/html,x)",
    "\x02claim\x03 \x00 \x1b[31m",
    "$& $1 \\1 \\g<0> \\",
    "Я думаю, что 毛泽东 고 ﷺ אמת 😀",
    "one\r\ntwo\n\n\nthree",
]


def answer_with(words="Words.", evidence=(), against=()):
    return {
        "claim": words,
        "evidence": list(evidence),
        "against": list(against),
        "but": words,
        "sure": "probable",
        "why": words,
    }


def note_of(argument, key):
    """Write the note of one piece as it stands on a page of its own."""
    parts = argument.pieces[key].note
    cited = {part.source: argument.sources[part.source] for part in parts if part.source}
    return squeeze("".join((cited[p.source].full if p.source else "") + p.text for p in parts))


# What may be chosen


@every_lesson
def test_every_quotation_and_link_may_be_chosen_but_what_stands_behind_a_caution(name):
    lesson = LESSONS[name]
    sensitive = {f"quotes:{row['id']}" for row in lesson.records("quotes", sensitive="yes")}
    every = {f"{table}:{key}" for table in ("quotes", "links") for key in lesson.by_id(table)}
    assert sensitive
    assert set(ARGUMENTS[name].pieces) == every - sensitive


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
    row = lesson.one(table, one)
    if table == "links":
        event = lesson.one("events", row["event"])
        assert f"Step {row['step']} of the chain" in note
        assert lesson.one("terms", event["status"])["term"] in note
        supporting = lesson.records("supports", link=one, bearing="supports")
        assert lesson.one("sources", supporting[0]["source"])["citation"].removesuffix(".") in note
        return
    for source in filter(None, (row["source"], row["document"])):
        assert lesson.one("sources", source)["citation"].removesuffix(".") in note
    if row["speaker"]:
        assert lesson.one("people", row["speaker"])["name"] in note
    if row["paragraph"]:
        assert f", paragraph {row['paragraph']}." in note
    if row["route"]:
        assert lesson.one("routes", row["route"])["title"] in note
    if row["editorial"]:
        assert row["editorial"] in note
    assert row["said_label"] in note


@every_piece
def test_the_page_has_a_quotation_to_the_letter_and_its_note_in_full(name, key):
    argument = ARGUMENTS[name]
    page = Page(argument.document(answer_with(evidence=[key])))
    assert squeeze(argument.pieces[key].words) in page.text
    assert note_of(argument, key) in page.text


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
        assert f"[{piece.key}]" in text
        assert piece.key in page.rows
        assert squeeze(piece.words) in text
        assert squeeze(piece.words) in page.text
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


def test_the_form_ships_the_rules_for_its_classes():
    page = Page(ARGUMENTS["real"].live().html)
    used = {one for key, value in page.attributes if key == "class" for one in value.split()}
    shipped = set(re.findall(r"\.(kw[\w-]*)", sheet("argue")))
    assert used <= shipped | {"kw-note", "kw-live"}


# The one page


@every_lesson
def test_a_claim_without_evidence_is_called_unsupported_and_never_wrong(name):
    argument = ARGUMENTS[name]
    bare, key = answer_with(), next(iter(argument.pieces))
    for made in (argument.document, argument.markdown):
        assert UNSUPPORTED in made(bare)
        assert UNSUPPORTED in made(answer_with(against=[key]))
        assert UNSUPPORTED not in made(answer_with(evidence=[key]))
        assert "wrong" not in made(bare).lower()


def test_notes_are_numbered_through_and_a_source_is_cited_in_full_once():
    argument = ARGUMENTS["invented"]
    answer = answer_with(
        evidence=["quotes:lit-at-dusk", "quotes:thick-as-wool"], against=["quotes:clear-as-day"]
    )
    markdown = argument.markdown(answer)
    notes = re.findall(r"^(\d+)\. (.*)$", markdown, re.MULTILINE)
    assert [number for number, _ in notes] == ["1", "2", "3"]
    full, brief = argument.sources["harbour-book"]
    assert [note.startswith(full) for _, note in notes] == [True, False, False]
    assert all(note.startswith(f"{brief} (note 1)") for _, note in notes[1:])
    assert re.findall(r"\(note (\d)\)$", markdown, re.MULTILINE) == ["1", "2", "3"]
    page = argument.document(answer)
    assert re.findall(r'href="#(note-\d)"', page) == re.findall(r'id="(note-\d)"', page)


def test_evidence_stands_in_the_order_in_which_it_was_chosen():
    argument = ARGUMENTS["invented"]
    keys = list(argument.pieces)[:3]
    for order in itertools.permutations(keys):
        text = Page(argument.document(answer_with(evidence=order))).text
        places = [text.index(squeeze(argument.pieces[key].words)) for key in order]
        assert places == sorted(places)


@pytest.mark.parametrize("sure", SURE)
def test_how_sure_is_said_in_words(sure):
    answer = answer_with() | {"sure": sure}
    assert f"{SURE[sure]}." in ARGUMENTS["invented"].document(answer)
    assert f"{SURE[sure]}." in ARGUMENTS["invented"].markdown(answer)


def test_what_is_not_written_is_said_to_be_so():
    page = Page(ARGUMENTS["invented"].document({}))
    assert page.text.count(EMPTY) == 4
    assert "Notes" not in page.text
    assert "By" not in page.text.split()
    assert "By Ada" in Page(ARGUMENTS["invented"].document({}, name="Ada")).text


def test_a_piece_that_the_lesson_no_longer_has_is_named():
    answer = answer_with(evidence=["quotes:gone", "links:<b>"])
    for made in (ARGUMENTS["invented"].document, ARGUMENTS["invented"].markdown):
        told = made(answer)
        assert "quotes:gone" in told
        assert "<b>" not in told
        assert UNSUPPORTED in told


@pytest.mark.parametrize("answer", [None, "a claim", 7, ["claim"]])
def test_what_is_no_argument_is_refused_in_one_sentence(answer):
    with pytest.raises(kwlesson.LessonError, match="an argument has fields such as 'claim'"):
        ARGUMENTS["invented"].document(answer)


@pytest.mark.parametrize(
    "value", [None, 7, True, {}, {"a": []}, [[]], ["", None, 7], {"claim": "x"}, "text"]
)
@pytest.mark.parametrize("field", ["claim", "evidence", "against", "but", "sure", "why"])
def test_a_field_of_another_kind_is_as_good_as_empty(field, value):
    answer = answer_with() | {field: value}
    assert ARGUMENTS["invented"].document(answer).startswith("<!doctype html>")
    assert ARGUMENTS["invented"].markdown(answer).startswith("# My argument")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_inert_on_the_page(words):
    argument = ARGUMENTS["invented"]
    answer = answer_with(words, evidence=["quotes:lit-at-dusk"])
    page = Page(argument.document(answer, name=words))
    plain = Page(argument.document(answer_with(evidence=["quotes:lit-at-dusk"]), name="Ada"))
    assert page.attributes == plain.attributes
    assert page.headings == plain.headings
    assert page.unbalanced == []
    shown = squeeze(re.sub(r"[\x00-\x1f]+", " ", words))
    assert page.text.count(shown) == 4


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_plain_words_in_markdown(words):
    from markdown_it import MarkdownIt

    argument = ARGUMENTS["invented"]
    plain = argument.markdown(answer_with(evidence=["quotes:lit-at-dusk"]), name="Ada")
    made = argument.markdown(answer_with(words, evidence=["quotes:lit-at-dusk"]), name=words)
    read = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def blocks(text):
        return [token.type for token in read.parse(text) if token.type != "inline"]

    def inline(text):
        parts = [token.children for token in read.parse(text) if token.type == "inline"]
        return {child.type for children in parts for child in children}

    assert blocks(made) == blocks(plain)
    assert inline(made) <= {"text", "text_special", "hardbreak", "softbreak"}


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_gives_back_the_words(words):
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark").render(escaped(words))
    shown = unescape(re.sub(r"<[^>]*>", "", rendered))
    assert squeeze(shown) == squeeze(words.replace("\x00", "\ufffd"))


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    page = ARGUMENTS["real"].document(answer_with(evidence=list(ARGUMENTS["real"].pieces)[:4]))
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
    facts = argument.script_context()
    drawn = dict(re.findall(r'(data-piece)="([^"]+)"', facts["document"]))
    assert drawn
    assert re.findall(r'data-piece="([^"]+)"', facts["document"]) == list(argument.pieces)
    assert re.findall(r'data-note="([^"]+)"', facts["document"]) == list(argument.pieces)
    assert list(facts["lines"]) == list(facts["notes"]) == list(argument.pieces)
    assert facts["most"] == MOST
