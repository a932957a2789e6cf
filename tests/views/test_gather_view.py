"""A class is seen: spreads, ratings, arguments; no names, no average, nothing run."""

from __future__ import annotations

import pytest
from html_probe import Page, squeeze
from lesson_folder import spoilt
from lessons import REAL as LESSON
from test_gather import book

from kwlesson import paths
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


@pytest.mark.ours
def test_the_answers_to_a_test_are_shown_beside_ours():
    row = LESSON.records("corroborations")[0]
    said = ["yes", "unclear", "unclear", "<b>"]
    answers = [{f"corroborations:{row['id']}": {"other_speaker": one}} for one in said]
    picture = ClassPicture([LESSON], [learner(1, **one) for one in answers])
    shown = f"yes 1, no 0, unclear 2 our answer: {row['other_speaker']}"
    assert shown in Page(picture.page()).text
    assert shown in squeeze(picture.text())


def test_tests_that_nobody_answered_are_no_table_of_zeros():
    picture = ClassPicture([LESSON], [learner(1, **{"corroborations:none-such": {"a": "yes"}})])
    assert picture.context["judged"] == []
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
@pytest.mark.ours
def test_evidence_always_has_a_title_and_never_what_a_caution_hides(cells, title):
    def spoil(rows):
        rows["corroborations"][0].update(cells)
        hidden = {"words": "HIDDEN", "plain": "HIDDEN", "sensitive": "yes"}
        rows["quotes"][0].update(hidden, id="sensitive", caution="CAUTION")
        rows["quotes"][1].update(hidden, id="sensitive without a caution", caution="")

    row = LESSON.records("corroborations")[0]
    picture = ClassPicture([spoilt(paths.DATA, spoil)], [answered(row)])
    assert picture.context["judged"][0]["pieces"][0]["title"] == title
    for face in (Page(picture.page()).text, picture.text()):
        assert title in face
        assert "HIDDEN" not in face


@pytest.mark.ours
def test_an_argument_shows_the_caution_of_a_sensitive_quotation_and_not_its_words():
    quote = LESSON.records("quotes", sensitive="yes")[0]
    argument = {"claim": "So it was.", "evidence": [f"quotes:{quote['id']}"]}
    picture = ClassPicture([LESSON], [learner(1, argument=argument)])
    for face in (Page(picture.page()).text, picture.text()):
        assert quote["caution"].split()[0] in face
        assert quote["plain"] not in face
    assert picture.context["arguments"][0]["evidence"] == [quote["caution"]]


@pytest.mark.ours
def test_an_argument_shows_what_was_tested():
    key = next(key for key in LESSON.argue().pieces if key.startswith("corroborations:"))
    argument = {"claim": "So it was.", "evidence": [key]}
    shown = ClassPicture([LESSON], [learner(1, argument=argument)]).context["arguments"][0]
    assert shown["evidence"] == [LESSON.argue().pieces[key].plain]


@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.ours
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
    spread = next(one for one in picture.context["spreads"] if one["id"] == "who-saw")
    assert spread["rows"][0]["count"] == MAX_LEARNERS_IN_WORDS + 5


def test_a_claim_without_evidence_is_unsupported_and_not_wrong(invented):
    page = ClassPicture([invented], [learner(1, argument={"claim": "So it was."})]).page()
    assert "Unsupported" in page
    assert "wrong" not in Page(page).text.casefold()
