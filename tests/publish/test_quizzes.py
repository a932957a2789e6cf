"""The questions reach a learning system whole: read back, they say what the tables say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html import unescape
from zipfile import ZipFile

import pytest
from lesson_folder import spoilt
from lessons import LESSONS

from kwlesson import paths
from kwlesson.publish import quizzes

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
every_lesson = pytest.mark.parametrize("name", LESSONS)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    def build(name):
        folder = tmp_path_factory.mktemp(name)
        quizzes.build(LESSONS[name], paths.NOTEBOOKS, folder)
        return folder / "quizzes"

    return {name: build(name) for name in LESSONS}


def words(html):
    """Return the words of HTML that our templates drew, as one line."""
    return unescape(html.replace("</p><p>", " ").replace("<p>", "").replace("</p>", ""))


def moodle(folder):
    quiz = ET.parse(folder / "moodle.xml").getroot()  # noqa: S314 - our own
    return {one.findtext("idnumber"): one for one in quiz if one.get("type") != "category"}


def qti(folder):
    with ZipFile(folder / "qti.zip") as package:
        return {name: ET.fromstring(package.read(name)) for name in package.namelist()}  # noqa: S314


@every_lesson
def test_moodle_reads_every_question_with_its_choices_and_what_fits(built, name):
    lesson, read = LESSONS[name], moodle(built[name])
    assert set(read) == {row["id"] for row in lesson.records("questions")}
    for row in lesson.records("questions"):
        one, choices = read[row["id"]], lesson.records("choices", question=row["id"])
        assert words(one.findtext("questiontext/text")) == row["prompt"]
        answers = one.findall("answer")
        assert len(answers) == len(choices)
        shares = [float(answer.get("fraction")) for answer in answers]
        if row["kind"] == "text":
            assert words(one.findtext("graderinfo/text")).startswith(row["model_answer"])
        elif row["kind"] == "scale" or row["round"] == "1":
            assert set(shares) == {100}
        else:
            assert [share > 0 for share in shares] == [one["best"] == "yes" for one in choices]
            right = sum(share for share in shares if share > 0)
            assert row["kind"] == "choice" or right == pytest.approx(100, abs=0.001)
            for answer, choice in zip(answers, choices, strict=True):
                assert words(answer.findtext("feedback/text")).startswith(choice["feedback"])


@every_lesson
def test_a_qti_package_lists_its_files_and_its_items_are_what_moodle_gets(built, name):
    files = qti(built[name])
    manifest = files.pop("imsmanifest.xml")
    resources = list(manifest.iter(f"{PACKAGE}resource"))
    assert sorted(one.get("href") for one in resources) == sorted(files)
    ids = {one.get("identifier") for one in resources}
    assert {one.get("identifierref") for one in manifest.iter(f"{PACKAGE}dependency")} < ids
    refs = [one.get("href") for one in files.pop("test.xml").iter(f"{QTI}assessmentItemRef")]
    assert refs == list(files)
    for key, one in moodle(built[name]).items():
        item = files[f"items/{key}.xml"]
        assert words(one.findtext("questiontext/text")) == item.findtext(f".//{QTI}prompt")
        answers = one.findall("answer")
        choices = [choice.text for choice in item.iter(f"{QTI}simpleChoice")]
        assert [words(answer.findtext("text")) for answer in answers] == choices
        shares = [100 * float(entry.get("mappedValue")) for entry in item.iter(f"{QTI}mapEntry")]
        expected = [float(answer.get("fraction")) for answer in answers]
        assert shares == pytest.approx(expected, abs=0.001)


def test_the_same_tables_are_the_same_bytes(built, tmp_path):
    quizzes.build(LESSONS["real"], paths.NOTEBOOKS, tmp_path)
    for file in sorted(built["real"].iterdir()):
        assert (tmp_path / "quizzes" / file.name).read_bytes() == file.read_bytes()


def test_a_hostile_cell_stays_text(tmp_path):
    hostile = "]]></text><script>alert(1)</script>\x0b & \"'"

    def spoil(rows):
        rows["questions"][0]["prompt"] = hostile
        rows["choices"][0]["feedback"] = hostile

    quizzes.build(spoilt(paths.SAMPLE, spoil), tmp_path, tmp_path)
    first = LESSONS["invented"].records("questions")[0]["id"]
    one = moodle(tmp_path / "quizzes")[first]
    shown = hostile.replace("\x0b", "\ufffd")
    assert words(one.findtext("questiontext/text")) == shown
    assert "<script" not in one.findtext("questiontext/text")
    prompts = [item.findtext(f".//{QTI}prompt") for item in qti(tmp_path / "quizzes").values()]
    assert shown in prompts
