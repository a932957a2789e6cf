"""A class is seen: spreads, ratings, arguments; no names, no average, nothing run."""

from __future__ import annotations

import csv
import io
import re

import pytest
from conftest import spoilt
from html_probe import Page, squeeze
from test_gather import book

import kwlesson
from kwlesson import paths
from kwlesson.answers.answer_code import Codebook
from kwlesson.classroom.csv_export import to_csv
from kwlesson.classroom.gather import Learner, Skipped, gather
from kwlesson.classroom.summary import MAX_LEARNERS_IN_WORDS
from kwlesson.tables.schema import TESTS
from kwlesson.views.gather.view import ClassPicture

HOSTILE = [
    "<script>document.title='taken'</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org","click")',
    "{{ 7 * 7 }}",
    "\u202egnp.exe",
    "a lone surrogate: \ud800",
    "x" * 10_000,
    "</dd></main><h1>mine</h1>",
]


def learner(number, **answers):
    return Learner(f"{number}.json", f"Ada {number}", answers)


def with_choices(lesson):
    choices = lesson.grouped("choices", "question")
    return [row | {"choices": choices[row["id"]]} for row in lesson.records("questions")
            if row["id"] in choices]  # fmt: skip


LESSON = kwlesson.load()


@pytest.mark.parametrize("question", with_choices(LESSON), ids=lambda question: question["id"])
def test_every_choice_of_every_question_is_counted(question):
    key, choices = question["id"], [one["id"] for one in question["choices"]]
    wrap = {
        "scale": lambda one: {"choice": one, "reason": "because"},
        "evidence": lambda one: [one],
    }
    given = wrap.get(question["kind"], lambda one: one)
    picked = [choices[0], choices[0], choices[-1]]
    class_of_three = [learner(n, **{key: given(one)}) for n, one in enumerate(picked)]
    facts = ClassPicture([LESSON], class_of_three).facts
    if question["kind"] == "scale":
        rating = next(one for one in facts["ratings"] if one["prompt"] == question["prompt"])
        rounds = [notebook for notebook, _ in rating["rounds"]]
        column = rounds.index(question["notebook"])
        counts = [row["bars"][column]["count"] for row in rating["rows"]]
    else:
        spread = next(one for one in facts["spreads"] if one["id"] == key)
        counts = [row["count"] for row in spread["rows"]]
        assert spread["answered"] == 3
    assert (counts[0], counts[-1], sum(counts)) == (2, 1, 3)


@pytest.mark.parametrize("row", LESSON.records("corroborations"), ids=lambda row: row["id"])
@pytest.mark.parametrize("column", TESTS)
def test_the_answers_to_each_test_are_counted_beside_ours(row, column):
    def answering(said):
        return Learner("a.json", "", {f"corroborations:{row['id']}": said})

    odd = [{column: "<b>"}, {column: ["yes"]}, [column], "yes", None, {}]
    said = [{column: "yes"}, {column: "unclear"}, {column: "unclear"}, *odd]
    picture = ClassPicture([LESSON], [answering(one) for one in said])
    pieces = [piece for one in picture.facts["judged"] for piece in one["pieces"]]
    assert [piece["id"] for piece in pieces] == list(LESSON.corroborations.id)
    for piece in pieces:
        for test, known in zip(piece["tests"], TESTS, strict=True):
            is_this = (piece["id"], known) == (row["id"], column)
            counts = [("yes", 1), ("no", 0), ("unclear", 2)]
            assert test["counts"] == (counts if is_this else [(one, 0) for one, _ in counts])
    shown = f"yes 1, no 0, unclear 2 our answer: {row[column]}"
    assert shown in Page(picture.page()).text
    assert shown in squeeze(picture.text())


def test_tests_that_nobody_answered_are_no_table_of_zeros():
    picture = ClassPicture([LESSON], [learner(1, **{"corroborations:none-such": {"a": "yes"}})])
    assert picture.facts["judged"] == []
    assert "Nobody has answered these yet." in picture.text()


def answered(row, column="other_speaker"):
    return Learner("a.json", "", {f"corroborations:{row['id']}": {column: "yes"}})


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ({"event": "", "quote": ""}, "Evidence 1"),
        ({"event": "no-such-event", "quote": "no-such-quotation"}, "Evidence 1"),
        ({"event": "", "quote": "sensitive"}, "1: CAUTION"),
        ({"event": "", "quote": "sensitive without a caution"}, "Evidence 1"),
    ],
)
def test_evidence_always_has_a_title_and_never_what_a_caution_hides(cells, title):
    def spoil(rows):
        rows["corroborations"][0].update(cells)
        hidden = {"words": "HIDDEN", "plain": "HIDDEN", "sensitive": "yes"}
        rows["quotes"][0].update(hidden, id="sensitive", caution="CAUTION")
        rows["quotes"][1].update(hidden, id="sensitive without a caution", caution="")

    row = LESSON.records("corroborations")[0]
    picture = ClassPicture([spoilt(paths.DATA, spoil)], [answered(row)])
    assert picture.facts["judged"][0]["pieces"][0]["title"] == title
    for face in (Page(picture.page()).text, picture.text()):
        assert title in face
        assert "HIDDEN" not in face


def test_an_argument_shows_the_caution_of_a_sensitive_quotation_and_not_its_words():
    quote = LESSON.records("quotes", sensitive="yes")[0]
    argument = {"claim": "So it was.", "evidence": [f"quotes:{quote['id']}"]}
    picture = ClassPicture([LESSON], [learner(1, argument=argument)])
    for face in (Page(picture.page()).text, picture.text()):
        assert quote["caution"].split()[0] in face
        assert quote["plain"] not in face
    assert picture.facts["arguments"][0]["evidence"] == [quote["caution"]]


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_lesson_without_the_terms_of_the_tests_is_drawn_in_their_columns_words(is_answered):
    def spoil(rows):
        rows["terms"] = [row for row in rows["terms"] if row["id"] not in TESTS.values()]
        rows["cases"] = []

    bare = spoilt(paths.DATA, spoil)
    row = bare.records("corroborations")[0]
    picture = ClassPicture([bare], [answered(row)] if is_answered else [])
    text = picture.text()
    assert ("Other speaker? yes 1, no 0" in text) == is_answered
    assert ("Against interest? yes 0" in text) == is_answered
    assert "Against interest" in Page(picture.page()).text or not is_answered


def test_names_are_off_unless_asked_for():
    class_of_two = [learner(1, argument={"claim": "So it was."}), learner(2)]
    quiet = ClassPicture([LESSON], class_of_two)
    assert "Ada" not in quiet.text() + quiet.page() + quiet.document() + quiet.written_document()
    assert "Ada 1" in ClassPicture([LESSON], class_of_two, names=True).page()
    assert "Ada" not in to_csv([LESSON], class_of_two)
    assert "Ada 1" in to_csv([LESSON], class_of_two, names=True)


def test_names_of_files_are_off_unless_names_are_asked_for(tmp_path):
    folder = tmp_path / "Ada Lovelace_4711_assignsubmission_file_"
    folder.mkdir()
    (folder / "answers.json").write_text(book("Ada", "a", 2, q="new"))
    (folder / "answers (1).json").write_text(book("Ada", "a", 1, q="old"))
    (folder / "essay.docx").write_bytes(b"x")
    found = gather(tmp_path)
    quiet = ClassPicture([LESSON], *found)
    faces = (quiet.text(), quiet.page(), quiet.document(), quiet.written_document())
    assert all("Ada" not in face for face in faces)
    for face in (quiet.text(), Page(quiet.page()).text.replace(" :", ":")):
        assert "file 1: an older copy of file 2" in face
        assert "file 3: not an answer file" in face
        assert "files are numbered as found" in face
    named = ClassPicture([LESSON], *found, names=True)
    for face in (named.text(), Page(named.page()).text):
        seen = " ".join(face.replace(" :", ":").split())
        assert f"{folder.name}/answers (1).json: an older copy of {folder.name}/answ" in seen
        assert "file 3" not in seen
        assert "numbered as found" not in seen


def test_what_is_no_learners_file_keeps_its_name():
    text = ClassPicture([LESSON], [], [Skipped("chat", "line 3: not a code")]).text()
    assert "chat: line 3" in text
    assert "numbered as found" not in text


def test_no_average_and_no_direction_is_shown(lesson):
    scale = [row["id"] for row in lesson.records("questions", kind="scale")]
    class_of_one = [learner(1, **{key: {"choice": "likely", "reason": "r"} for key in scale})]
    picture = ClassPicture([lesson], class_of_one)
    seen = Page(picture.page()).text.casefold() + picture.text().casefold()
    for word in ("average", "mean ", "median", "→", "↑", "↓", "improved", "progress"):
        assert word not in seen


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_learners_write_is_shown_and_never_run(attack, lesson):
    texts = {row["id"]: attack for row in lesson.records("questions", kind="text")}
    hostile = Learner(attack[:50], attack, texts | {"argument": {"claim": attack, "but": attack}})
    picture = ClassPicture([lesson], [hostile], [Skipped(attack, attack)], names=True)
    for html in (picture.page(), picture.document(), picture.written_document()):
        page = Page(html)
        assert page.unbalanced == []
        assert not any(name.startswith("on") for name, _ in page.attributes)
        assert "<script" not in html
        assert attack.split()[0][:20] in page.text
    assert picture.text()


FULL_WIDTH = ["\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
SIGNS = set("=+-@\uff1d\uff0b\uff0d\uff20")
BEGINNINGS = ["=1+1", "+1", "-1", "@x", "\t=1", " =1+1", "\r=1", *FULL_WIDTH]


@pytest.mark.parametrize("attack", BEGINNINGS)
def test_no_cell_of_the_grades_is_a_formula(attack, lesson):
    texts = {row["id"]: attack for row in lesson.records("questions", kind="text")}
    class_of_one = [Learner(attack, attack, texts | {"argument": {"claim": attack}})]
    rows = list(csv.reader(io.StringIO(to_csv([lesson], class_of_one, names=True), newline="")))
    cells = [cell for cell in rows[1] if cell.strip("'\t\r \n")]
    assert len(rows) == 2
    assert any("1" in cell or "x" in cell for cell in cells)
    assert [cell for cell in cells if cell.lstrip(" \n")[:1] in SIGNS | {"\t"}] == []


@pytest.mark.parametrize("between", [";", "\t", "|", "; ", "|\u3000", ";;", ";\t", "\n", "\r\n "])
def test_no_cell_is_a_formula_however_a_spreadsheet_separates(between, lesson):
    for attack in [*BEGINNINGS, "=HYPERLINK(A1)"]:
        said = f"well{between}{attack};x"
        texts = {row["id"]: said for row in lesson.records("questions", kind="text")}
        class_of_one = [Learner(said, said, texts | {"argument": {"claim": said}})]
        table = to_csv([lesson], class_of_one, names=True)
        cells = re.split(r"[,;|\t\n]", table.replace('"', ""))
        assert cells.count("well") == len(texts) + 3
        assert [cell for cell in cells if cell.strip()[:1] in SIGNS] == []


@pytest.mark.parametrize("words", ["a - b; c", "well-known; 1 = 1", "a|b", "one, two\nthree"])
def test_harmless_words_stay_as_they_are(words, lesson):
    texts = {row["id"]: words for row in lesson.records("questions", kind="text")}
    rows = list(csv.reader(io.StringIO(to_csv([lesson], [Learner("a", "", texts)]), newline="")))
    assert words in rows[1]


def test_very_many_separators_take_no_longer_than_other_words(lesson):
    key = lesson.records("questions", kind="text")[0]["id"]
    assert to_csv([lesson], [learner(1, **{key: ";\n \t" * 200_000 + "x"})])


def test_the_grades_have_a_column_for_every_question(lesson, invented):
    header = to_csv([lesson, invented], []).splitlines()[0].split(",")
    for question in [*lesson.records("questions"), *invented.records("questions")]:
        assert question["id"] in header or f"{question['id']}-words" in header
    assert len(header) == len(set(header))


def test_grades_survive_a_lone_surrogate(lesson):
    key = lesson.records("questions", kind="text")[0]["id"]
    assert to_csv([lesson], [learner(1, **{key: "\ud800"})]).encode("utf-8")


@pytest.mark.parametrize(
    "odd", [None, 7, True, [], {}, [None], {"choice": ["x"]}, "no-such-choice"]
)
def test_an_odd_answer_never_breaks_the_picture(odd, lesson):
    every = {row["id"]: odd for row in lesson.records("questions")} | {"argument": odd}
    picture = ClassPicture([lesson], [Learner("a", "", every)])
    assert picture.text()
    assert picture.document()
    assert to_csv([lesson], [Learner("a", "", every)])


def test_of_very_many_learners_all_are_counted_and_the_first_are_shown(invented):
    crowd = [learner(n, **{"who-saw": "keeper"}) for n in range(MAX_LEARNERS_IN_WORDS + 5)]
    picture = ClassPicture([invented], crowd)
    assert f"The words of the first {MAX_LEARNERS_IN_WORDS} are shown." in picture.page()
    spread = next(one for one in picture.facts["spreads"] if one["id"] == "who-saw")
    assert spread["rows"][0]["count"] == MAX_LEARNERS_IN_WORDS + 5


def test_a_claim_without_evidence_is_unsupported_and_not_wrong(invented):
    page = ClassPicture([invented], [learner(1, argument={"claim": "So it was."})]).page()
    assert "Unsupported" in page
    assert "wrong" not in Page(page).text.casefold()


def test_codes_in_a_chat_become_a_picture(invented):
    book = Codebook(invented)
    chat = f"Ada: {book.encode({'who-saw': 'keeper'})}\nBen: {book.encode({'who-saw': 'master'})}"
    board = invented.read_codes(chat + "\nCleo: KW1-0000-0000")
    assert board.facts["learners"] == 2
    assert "line 3" in board.text()
    assert "line 3" in board.page()


def test_pasting_a_chat_shows_the_class(invented):
    board = invented.read_codes()
    box = board.live()
    area, button, shown = box.children[1:]
    area.value = f"hello {Codebook(invented).encode({'who-saw': 'keeper'})}"
    button.click()
    assert "1 code read" in shown.value


@pytest.mark.parametrize("question", with_choices(LESSON), ids=lambda question: question["id"])
def test_tally_boxes_have_a_box_and_a_bar_for_each_choice(question):
    tally = LESSON.tally(question["id"])
    rows = tally.live().children[1:]
    assert [row.children[0].description for row in rows] == [
        choice["text"] for choice in question["choices"]
    ]
    page = tally.page()
    for choice in question["choices"]:
        assert choice["text"] in Page(page).text
        assert choice["text"].split()[0] in tally.text()
    assert page.count('type="number"') == len(question["choices"])
