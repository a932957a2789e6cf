"""What holds for the package as a whole."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from cases import each

import kwlesson
from kwlesson import paths
from kwlesson.tables import schema

MODULES = sorted(paths.PACKAGE.rglob("*.py"))
TEMPLATES = sorted(
    path
    for room in ("views", "publish")
    for path in (paths.PACKAGE / room).rglob("*")
    if path.suffix in {".html", ".txt", ".md", ".jinja", ".css", ".js"}
    and "__pycache__" not in path.parts
)
# Names that are also plain words, or the names of the machine's own things.
PLAIN_WORDS = {"translator", "interpreter"}


def names_and_words_of_history() -> set[str]:
    lesson = kwlesson.load()
    found = set()
    for person in lesson.records("people"):
        for name in [person["name"], *person["also_known_as"].split(";"), person["native_name"]]:
            if person["kind"] == "person" and name:
                found |= {name, name.split()[-1]} if name.isascii() else {name}
    persons = {row["id"] for row in lesson.records("people", kind="person")}
    found |= {row["name"] for row in lesson.records("names") if row["person"] in persons}
    found |= {quote["words"] for quote in lesson.records("quotes") if len(quote["words"]) > 14}
    found |= {event["title"] for event in lesson.records("events")}
    found |= {point["question"] for point in lesson.records("points")}
    return {word for word in found if len(word) > 2} - PLAIN_WORDS


HISTORY = names_and_words_of_history()
YEARS = re.compile(r"\b19(?:4[5-9]|50)\b")


def strings_of(path) -> list[str]:
    """Give the strings of a module: its names, docstrings and messages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]  # fmt: skip


def history_in(text: str) -> list[str]:
    return sorted(
        word for word in HISTORY
        if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    )  # fmt: skip


@each("path", MODULES)
def test_no_name_fact_or_quotation_of_history_stands_in_python(path):
    assert history_in("\n".join(strings_of(path))) == []


@each("path", TEMPLATES)
def test_no_name_fact_or_quotation_of_history_stands_in_a_template(path):
    text = path.read_text(encoding="utf-8")
    assert history_in(text) == []
    assert not YEARS.search(text)


def words_of_lessons() -> set[str]:
    """Give the words that a lesson's own rows choose: verdicts, acts, kinds, offices."""
    columns = [
        f"{name}.{column.name}"
        for name, table in schema.binding().items()
        for column in table.columns.values()
        if column.vocabulary
    ]
    lessons = [kwlesson.load(folder) for folder in (paths.DATA, paths.SAMPLE)]
    found = {word for lesson in lessons for column in columns for word in lesson.words(column)}
    return found - PLAIN_WORDS_OF_CODE - set().union(*schema.SENSES.values())


# Kinds and acts that are names of other things in code, too: a column, a tag, a fact of a view.
PLAIN_WORDS_OF_CODE = {
    "person", "body", "archive", "record", "reference", "reports", "language", "historian", "said",
    "told", "kept", "printed", "article", "asks", "offers",
}  # fmt: skip
WORDS = words_of_lessons()
QUOTED = re.compile(r"""["']([a-z0-9-]+)["']""")


@each("path", [*MODULES, *TEMPLATES])
def test_no_verdict_act_or_kind_of_a_lesson_stands_in_code_or_a_template(path):
    text = path.read_text(encoding="utf-8")
    found = strings_of(path) if path.suffix == ".py" else QUOTED.findall(text)
    assert sorted(WORDS & set(found)) == []


def test_a_verdict_or_an_act_in_code_would_be_found():
    assert {"tension", "quoted-from-one", "chose-to-quote", "asks-to-confirm", "cable"} <= WORDS
    assert QUOTED.findall('{% if act == "attacks" %}') == ["attacks"]


@pytest.mark.ours
def test_history_in_python_would_be_found():
    assert history_in("Ask Kovalev about it.") == ["Kovalev"]
    assert len(HISTORY) > 150


@each("path", TEMPLATES)
def test_no_template_switches_escaping_off(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape\s+false|<script|\son\w+=|javascript:", text)


def loaded_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_kwlesson_loads_no_heavy_library():
    heavy = {"pandas", "numpy", "ipywidgets", "plotly", "jinja2", "IPython", "frictionless", "edtf"}
    assert not loaded_by("import kwlesson") & heavy


def test_loading_a_lesson_needs_no_authors_tool_and_no_widget():
    heavy = {"ipywidgets", "plotly", "frictionless", "edtf", "jinja2", "jupyterlab"}
    heavy |= {"pandas", "numpy", "filelock", "tqdm", "zipfile", "tempfile", "difflib", "hashlib"}
    assert not loaded_by("import kwlesson; kwlesson.load()") & heavy


def test_a_text_face_needs_no_widget():
    code = "import kwlesson; kwlesson.load(kwlesson.SAMPLE).compare('harbour-light').text()"
    assert not loaded_by(code) & {"ipywidgets", "plotly", "IPython", "pandas", "numpy"}


def test_the_public_names_are_those_of_the_one_screen():
    names = {"SAMPLE", "TRANSFER", "Lesson", "LessonError", "Problem", "Workbook", "check", "load"}
    assert set(kwlesson.__all__) == names
    assert len((paths.PACKAGE / "__init__.py").read_text().splitlines()) < 40


def test_every_public_object_says_what_it_gives():
    for name in kwlesson.__all__:
        thing = getattr(kwlesson, name)
        assert not callable(thing) or len(thing.__doc__) > 80
        for part, method in vars(thing).items() if isinstance(thing, type) else ():
            if callable(method) and not part.startswith("_"):
                assert "Returns\n" in method.__doc__, (name, part)
