"""What words mean: every term once, one term by any way of writing it, and nothing hostile."""

from __future__ import annotations

import re
from functools import cache

import pytest
from cases import each
from html_probe import Page, live_html, squeeze
from lessons import LESSONS

import kwlesson

EXPLAINED = {
    name: [row for row in one.records("terms") if row["meaning"]] for name, one in LESSONS.items()
}
TERMS = [(name, row["id"]) for name, rows in EXPLAINED.items() for row in rows]

every_lesson = pytest.mark.parametrize("name", LESSONS)
every_term = each(("name", "key"), TERMS)


@cache
def view_of(name, key=None):
    return LESSONS[name].define(key)


# All words


@every_lesson
def test_every_term_is_there_once_with_its_meaning_in_each_face(name):
    view = view_of(name)
    page, text = Page(view.page()), squeeze(view.text())
    assert sorted(page.rows) == sorted(f"terms:{row['id']}" for row in EXPLAINED[name])
    assert page.rows == Page(live_html(view)).rows
    for term in EXPLAINED[name]:
        assert f"{term['mark']} {term['term']} {term['meaning']}".strip() in page.open_text
        assert squeeze(f"{term['mark']} {term['term']}: {term['meaning']}") in text


@every_lesson
def test_signs_come_first_in_their_own_order_and_words_by_the_alphabet(name):
    groups = {group["label"]: group["terms"] for group in view_of(name).context["groups"]}
    assert list(groups) == ["Signs", "Words"]
    assert groups["Signs"] == [row for row in LESSONS[name].records("terms") if row["mark"]]
    words = [term["term"].casefold() for term in groups["Words"]]
    assert words == sorted(words)
    for label, terms in groups.items():
        assert f"{label} ({len(terms)})" in Page(view_of(name).page()).text
        assert f"{label} ({len(terms)})" in view_of(name).text()


def test_it_is_small_and_needs_no_widget(lesson):
    bundle = lesson.define()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert len(bundle["text/html"].encode()) < 50_000


# One word


@every_term
def test_a_term_is_found_by_its_id_and_by_its_word(name, key):
    lesson = LESSONS[name]
    term = lesson.get("terms", key)
    word = term["term"]
    found = {word.upper(), f"  {word} ", word.replace(" ", "\n "), word.partition(" (")[0]}
    assert view_of(name, key).context["term"] == term
    for asked in found:
        assert lesson.define(asked).title.casefold() == word.casefold()


@every_term
def test_one_term_has_its_meaning_and_explains_the_words_in_it(name, key):
    lesson, view = LESSONS[name], view_of(name, key)
    term, page = lesson.get("terms", key), Page(view.page())
    assert view.title == term["term"][:1].upper() + term["term"][1:]
    for face in (page.open_text, squeeze(view.text())):
        assert squeeze(f"{term['mark']} {term['meaning']}") in face
    explained = [word["id"] for word in view.context["words"]]
    assert key not in explained
    assert page.rows == [f"terms:{one}" for one in (key, *explained)]
    assert page.text == Page(live_html(view)).text
    for word in view.context["words"]:
        assert word["meaning"] in page.open_text
        assert squeeze(f"{word['term']}: {word['meaning']}") in squeeze(view.text())


def test_words_within_a_meaning_are_explained(lesson):
    assert [word["id"] for word in lesson.define("cipher telegram").context["words"]] == [
        "telegram"
    ]
    assert lesson.define("envoy").context["words"] == []


def test_a_word_in_its_own_meaning_is_not_explained_again(lesson):
    assert "casualties" in lesson.get("terms", "casualties")["meaning"].casefold()
    assert lesson.define("casualties").context["words"] == []


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("inqiry", "no word 'inqiry' is explained here; perhaps you meant: inquiry; lesson.define"),
        ("tides", "perhaps you meant: tide (of the sea);"),
        ("xyzzy", "no word 'xyzzy' is explained here; lesson.define() lists all words"),
        ("", "no word '' is explained here; lesson.define() lists all words"),
        ("\x07<b>", r"no word '\x07<b>' is explained here"),
        ("x" * 100_000, f"'{'x' * 80}'"),
        (1912, "no word '1912' is explained here"),
    ],
)
def test_an_unknown_word_is_told_the_nearest(invented, asked, hint):
    with pytest.raises(kwlesson.LessonError) as caught:
        invented.define(asked)
    assert hint in str(caught.value)
    assert len(str(caught.value)) < 300


# Sound, and not to be spoiled


@every_lesson
def test_the_page_is_sound_html_with_headings_in_order(name):
    for key, headings in ((None, [2, 3, 3]), ("documented", [2])):
        page = Page(view_of(name, key).page())
        assert page.unbalanced == page.tags == []
        assert page.headings == headings


HOSTILE = ["<script>x</script>", '" onmouseover="x', "</dd></dl>", "{{7*7}}", "&lt;b&gt;"]


@pytest.mark.parametrize("column", ["term", "meaning", "mark"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_text_in_each_face(fiction, column, hostile):
    fiction.change("terms", len(fiction.rows("terms")) - 1, **{column: hostile})
    key = fiction.rows("terms")[-1]["id"]
    lesson = kwlesson.load(fiction.path)
    for view in (lesson.define(), lesson.define(key)):
        page = Page(view.page())
        assert page.unbalanced == []
        assert {name for name, _ in page.attributes} <= {
            *("class", "aria-label", "aria-hidden", "data-row")
        }
        for face in (page.text, squeeze(view.text())):
            assert squeeze(hostile) in face
            assert not re.search(r"\b49\b", face)
