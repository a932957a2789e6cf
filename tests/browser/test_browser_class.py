"""The class picture in a browser: nothing hostile runs, and every reader can use it."""

from __future__ import annotations

import re

import pytest
from browser_support import grave_violations, labels, window
from playwright.sync_api import expect
from test_gather_view import HOSTILE, learner

import kwlesson
from kwlesson import paths
from kwlesson.answers.answer_code import Codebook
from kwlesson.classroom.gather import Learner, Skipped
from kwlesson.views.gather.view import ClassPicture


@pytest.fixture
def hostile_class(lesson):
    texts = [row["id"] for row in lesson.records("questions", kind="text")]
    scales = [row["id"] for row in lesson.records("questions", kind="scale")]
    attacks = [*HOSTILE, '"><svg onload=alert(1)>', "<style>*{display:none}</style>"]
    learners = [
        Learner(
            attack,
            attack,
            dict.fromkeys(texts, attack)
            | {key: {"choice": attack, "reason": attack} for key in scales}
            | {"argument": {"claim": attack, "but": attack, "sure": attack, "why": attack}},
        )
        for attack in attacks
    ]
    return ClassPicture([lesson], learners, [Skipped(a, a) for a in attacks], names=True)


def open_document(chromium, tmp_path, html, **others):
    path = tmp_path / "class.html"
    path.write_bytes(html.encode("utf-8", "replace"))
    return path.as_uri(), window(chromium, **others)


@pytest.mark.parametrize("part", ["document", "written_document"])
def test_a_hostile_answer_file_runs_nothing_in_a_browser(hostile_class, chromium, tmp_path, part):
    address, opened = open_document(chromium, tmp_path, getattr(hostile_class, part)())
    with opened as page:
        spoken, asked = [], []
        page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.title() in {"The class picture", "Written answers"}
        assert page.locator("script, svg, main img, main a, main style + style").count() == 0
        assert (spoken, asked) == ([], [address])
        assert page.get_by_text("<svg onload=alert(1)>").count() > 0


def test_a_script_in_the_document_would_not_run(lesson, chromium, tmp_path):
    document = ClassPicture([lesson], [learner(1)]).document()
    spoiled = document.replace("<main>", "<main><script>document.title = 'taken'</script>", 1)
    assert spoiled != document
    address, opened = open_document(chromium, tmp_path, spoiled)
    with opened as page:
        page.goto(address)
        assert page.title() == "The class picture"


def test_the_class_picture_shuts_no_reader_out(hostile_class, chromium, tmp_path):
    address, opened = open_document(chromium, tmp_path, hostile_class.document())
    with opened as page:
        page.goto(address)
        for choice in labels(page):
            page.get_by_role("radio", name=choice, exact=True).check()
            assert grave_violations(page, "main") == []


def test_boxes_and_a_pasted_chat_work_in_jupyterlab(lab, bench):
    path = lab.work / "notebooks" / "teach" / "class-picture.ipynb"  # only a teacher has a copy
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((paths.NOTEBOOKS / "instructor" / path.name).read_bytes())
    lab.trust(path)
    page = bench.open(path)
    lab.run_all(page)
    code = Codebook(kwlesson.load()).encode({})
    page.get_by_label("Paste the chat here:").fill(f"Ada: {code}\nBen: {code[:-1]}")
    page.get_by_role("button", name="Show the class").click()
    expect(page.get_by_text("1 code read.")).to_be_visible()
    expect(page.get_by_text("line 2:")).to_be_visible()
    box = page.get_by_role("spinbutton").first
    box.fill("17")
    box.press("Tab")
    bar = page.locator(".widget-hprogress .progress-bar").first
    expect(bar).to_have_attribute("style", re.compile(r"width: 56\.6667%"))
    lab.stop_kernel(path)
    box.fill("30")
    box.press("Tab")
    expect(bar).to_have_attribute("style", re.compile(r"width: 100%"))


@pytest.mark.parametrize("part", ["document", "written_document"])
def test_a_pasted_address_is_no_wider_than_a_phone(lesson, chromium, tmp_path, part):
    address = "https://example.org/" + "a" * 350
    asked = next(row["id"] for row in lesson.records("questions", kind="text"))
    long = Learner(address, address, {asked: address, "argument": {"claim": address}})
    note = Skipped("", address)
    picture = ClassPicture([lesson], [long], [Skipped(address, address)], [note], names=True)
    place, opened = open_document(chromium, tmp_path, getattr(picture, part)(), width=390)
    with opened as page:
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for label in labels(page.locator("fieldset")) if part == "document" else ():
            page.get_by_role("radio", name=label).check()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, label
