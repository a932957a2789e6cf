"""Other languages: no English word is left in a view, and every catalog is whole."""

from __future__ import annotations

import gettext
import json
import re
import string
from contextlib import contextmanager

import messages
import pytest
from html_probe import live_html
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths, translation
from kwlesson.answers.bundle import bundle_all
from kwlesson.authoring.every_view import calls
from kwlesson.errors import LessonError
from kwlesson.tables import reader

PLACE = re.compile(r"\{\w+\}")
# What our own marks stand around: nothing in between them is a word of a cell.
SAID = re.compile("⟦[^⟦⟧]*⟧")
ACCENTED = str.maketrans(string.ascii_letters, "áƀćďéƒǵħíĵķĺmńóƥʠŕśţúṽŵẋýźÁƁĆĎÉƑǴĦÍĴĶĹMŃÓƤɊŔŚŢÚṼŴẊÝŹ")
LETTERS = str.maketrans(string.ascii_letters, "абвгдежзийклмнопрстуфхцчшщ" * 2)
# What no language says otherwise: formats, programs, names of files and of the project.
KEPT = {"GitHub", "HTML", "Jupyter", "Markdown", "OWNER", "json", "kwlesson", "my-answers", "CE", "BCE"}
# Cells that are names for machines.
CODES = ("pattern", "enum")


class Pseudo(gettext.NullTranslations):
    """Says every message in accented letters between brackets; a term's act keeps its marks."""

    def gettext(self, message):
        parts = re.split(r"(\{\w+\}|&\w+;)", message)
        said = "".join(part if place % 2 else part.translate(ACCENTED) for place, part in enumerate(parts))
        return f"⟦{said}⟧"


@pytest.fixture
def pseudo(monkeypatch):
    """Speak an invented language that runs from right to left."""
    known = translation.catalog, translation.catalog_file
    monkeypatch.setattr(translation, "catalog", lambda name: Pseudo() if name == "he-x-test" else known[0](name))
    return "he-x-test"
