"""Other languages: no English word is left in any face, and every catalog is whole."""

from __future__ import annotations

import json
import re
import string

import messages
import pytest
from babel.messages.catalog import Catalog
from html_probe import Page, live_html
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths, translation
from kwlesson.answers.bundle import MESSAGE
from kwlesson.authoring.every_view import calls
from kwlesson.errors import LessonError
from kwlesson.tables.reader import read_folder
from kwlesson.views.kit import page_script
from kwlesson.views.kit.activity import FormView

PLACE = re.compile(r"\{\w+\}|&\w+;|…|/")
ACCENTED = str.maketrans(
    string.ascii_letters, "áƀćďéƒǵħíĵķĺḿńóƥʠŕśţúṽŵẋýźÁƁĆĎÉƑǴĦÍĴĶĹḾŃÓƤɊŔŚŢÚṼŴẊÝŹ"
)
CYRILLIC = str.maketrans(string.ascii_letters, "абвгдежзийклмнопрстуфхцчшщ" * 2)
# Cells for machines, beside those that name a row or are held to a pattern.
CODES = {"of", "sense", "url"}
SEEN = {"alt", "aria-label", "data-head", "data-label", "data-ours", "placeholder", "title"}
# The name of a row stands in brackets or as code: it is for whoever writes to Python.
NAME_OF_ROW = re.compile(r"\[[a-z0-9:/ -]*\]|\([a-z0-9-]*\)|\b[a-z0-9]+(?:-[a-z0-9]+)+\b")
WORD = re.compile(r"(?<![\w.#/-])[A-Za-z]{2,}(?![\w/])")


def pseudo(message: str) -> str:
    """Say a message in accented letters; names of cells stay."""
    marks = iter([*PLACE.findall(message), ""])
    return "".join(part.translate(ACCENTED) + next(marks) for part in PLACE.split(message))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Write a catalog in which every message stands in accented letters."""
    package = tmp_path_factory.mktemp("package")
    known = Catalog(locale="he")
    for message in messages.extracted():
        known.add(message, pseudo(message))
    file = package / "locale" / "he" / "LC_MESSAGES" / "kwlesson.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(messages.as_mo(known))
    return package


@pytest.fixture
def lesson(package, tmp_path, monkeypatch):
    """Read the sample in that language, from right to left; its cells have other letters."""
    folder = in_language(tmp_path / "sample", "he")
    monkeypatch.setattr(translation, "PACKAGE", package)
    layout, rows, _ = read_folder(folder.path)
    for name, table in layout.items():
        for row in rows.get(name, ()):
            if name == "terms" and not row.number:
                continue
            for column in table.columns.values():
                if is_prose(column):
                    row[column.name] = row[column.name].translate(CYRILLIC)
    return kwlesson.Lesson(layout, rows, "pseudo", "he")


def is_prose(column) -> bool:
    is_code = column.pattern or column.enum or column.key_of or column.list_of or column.vocabulary
    return column.type == "string" and not is_code and column.name not in CODES


def in_language(path, name) -> LessonFolder:
    folder = LessonFolder(paths.SAMPLE, path)
    file = folder.path / "datapackage.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(described | {"lang": name}), encoding="utf-8")
    return folder


def heard(html: str) -> str:
    page = Page(re.sub(r"<code\b.*?</code>|<script\b.*?</script>", "", html, flags=re.DOTALL))
    said = [value for name, value in page.attributes if name in SEEN]
    return "\n".join([*page.words, *said])


# What every language says so: formats, programs, the names of files, and what a code is called.
SAID_EVERYWHERE = {"GitHub", "HTML", "Jupyter", "Markdown", "Python", "lesson"}


def english(lesson) -> dict[str, set[str]]:
    """Give the English words of each view, in its text, its page and what a script makes live."""
    found = {}
    for said, call in calls(lesson, 99).items():
        try:
            view = call(lesson)
        except LessonError:
            continue
        faces = [view.title, view.text(), heard(view.body())]
        if view.has_live_face():
            faces.append(heard(live_html(view)))
        if isinstance(view, FormView):
            faces.append(heard(view.form()))
        plain = NAME_OF_ROW.sub("", "\n".join(faces))
        # A page is named by its file.
        file = set(re.findall("[a-z]+", said))
        of_file = {*file, *map(str.capitalize, file)}
        found[said] = set(WORD.findall(plain)) - SAID_EVERYWHERE - of_file
    return {said: words for said, words in found.items() if words}


def test_no_english_word_is_left_in_any_face(lesson):
    left = english(lesson)
    assert left == {}, "\n".join(f"{k} {v}" for k, v in left.items())


def test_a_word_that_nobody_can_translate_would_be_found(lesson, monkeypatch):
    monkeypatch.delitem(vars(translation.catalog("he"))["_catalog"], "Events")
    view = {"cite(keeper-letter)": {"Events"}}
    assert {name: english(lesson).get(name) for name in view} == view


@pytest.mark.usefixtures("lesson")
def test_scripts_say_every_message_in_the_language_of_the_lesson():
    with translation.speaking("he"):
        script = page_script.code()
        found = [PLACE.sub("", json.loads(one[2])) for one in MESSAGE.finditer(script)]
    left = [message for message in found if WORD.search(message)]
    assert left == []
    assert len(found) > 40
    assert "Kept in this browser." in page_script.code()


def test_two_lessons_of_two_languages_do_not_mix(tmp_path):
    spoken = {
        name: kwlesson.load(in_language(tmp_path / name, name).path) for name in ("es-MX", "ko")
    }
    english_lesson = kwlesson.load(paths.SAMPLE)
    views = {name: one.timeline() for name, one in spoken.items()}
    view = english_lesson.timeline()
    titles = {"es-MX": "Línea del tiempo", "ko": "연표"}
    assert {name: one.title for name, one in views.items()} == titles
    assert all(one.text().startswith(titles[name]) for name, one in views.items())
    assert view.text().startswith("Timeline")
    assert ' lang="ko" dir="ltr"' in views["ko"].body()
    assert " lang=" not in view.body()
    dates = {name: one.records("events")[0]["date_label"] for name, one in spoken.items()}
    assert dates == {
        "es-MX": "4 de marzo de 1912 (“the fourth of March”)",
        "ko": "1912년 3월 4일 (“the fourth of March”)",
    }


def test_a_page_from_right_to_left_says_so(lesson):
    assert ' lang="he" dir="rtl"' in lesson.compare("harbour-light").body()


@pytest.mark.parametrize("name", ["Korean", "", 7, "e", "ko_KR", "../es"])
def test_a_language_without_a_name_is_refused(name, tmp_path):
    with pytest.raises(LessonError, match=r"datapackage\.json: lang: .*write it as in: ko"):
        kwlesson.load(in_language(tmp_path / "spoilt", name).path)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_of_no_words_there_is_no_translation(language):
    with translation.speaking(language):
        assert translation._("") == ""


def test_the_messages_are_gathered():
    """Run `make messages` where this fails."""
    assert messages.POT.read_bytes() == messages.as_pot()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalog_is_whole(language):
    catalog = messages.catalog(language)
    said = {message.id: message for message in catalog if message.id}
    assert set(said) == set(messages.extracted())
    faults = [
        name
        for name, message in said.items()
        if not message.string
        or message.fuzzy
        or sorted(PLACE.findall(name.replace("/", "")))
        != sorted(PLACE.findall(message.string.replace("/", "")))
    ]
    assert faults == []
    assert messages.po_file(language).with_suffix(".mo").read_bytes() == messages.as_mo(catalog)
