"""One rule carries the house: every verb of Lesson is a folder of that name in views/."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kwlesson
from kwlesson import paths
from kwlesson.authoring import every_view

VERBS = kwlesson.Lesson.verbs()
VIEWS = paths.PACKAGE / "views"
ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_views_but_the_kit_is_a_verb():
    folders = {path.name for path in VIEWS.iterdir() if path.is_dir()} - {"__pycache__", "kit"}
    assert folders == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_the_function_of_its_folder(verb):
    assert {"view.py", "page.html"} <= {path.name for path in (VIEWS / verb).iterdir()}
    function = getattr(kwlesson.Lesson, verb)
    assert (function.__module__, function.__name__) == (f"kwlesson.views.{verb}.view", verb)


def test_the_table_of_views_in_the_readme_is_that_of_the_verbs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| view | shows |")[2].partition("\n\n")[0]
    first_cells = "".join(line.split("|")[1] for line in table.splitlines()[2:])
    assert sorted(re.findall(r"`(\w+)\(", first_cells)) == sorted(VERBS)


def test_every_verb_is_called_by_the_tests_that_hold_for_every_view(invented):
    called = {said.partition("(")[0] for said in every_view.calls(invented, most=1)}
    assert called == set(VERBS)


NEW_VIEW = '''
"""How many rows a table has."""
from kwlesson.views.kit.view import View

class Count(View):
    """A view of how many rows there are."""

def count(lesson):
    """Say how many quotations there are."""
    return Count("Count", {"quotes": lesson.records("quotes")})
'''
NEW_PAGE = """
{% macro opening(context) %}<h2>{{ context.quotes | length }} quotations</h2>{% endmacro %}
{% macro closing(context) %}{% endmacro %}
"""
SHOWN = """
import kwlesson
assert kwlesson.Lesson.verbs()[-1] == "count", kwlesson.__file__
view = kwlesson.load(kwlesson.SAMPLE).count()
assert "<h2>5 quotations</h2>" in view.page()
print(view.text())
"""


def test_adding_a_view_takes_one_folder_and_one_line_with_its_import(tmp_path):
    package = tmp_path / "kwlesson"
    shutil.copytree(paths.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    folder = package / "views" / "count"
    folder.mkdir()
    (folder / "view.py").write_text(NEW_VIEW, encoding="utf-8")
    (folder / "page.html").write_text(NEW_PAGE, encoding="utf-8")
    module = package / "lesson.py"
    source = module.read_text(encoding="utf-8")
    for line in (f"from kwlesson.views.{VERBS[-1]}.view import {VERBS[-1]}\n",
                 f"    {VERBS[-1]} = {VERBS[-1]}\n"):  # fmt: skip
        assert source.count(line) == 1
        source = source.replace(line, line + line.replace(VERBS[-1], "count"))
    module.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], capture_output=True, text=True, check=False,
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "5 quotations" in done.stdout
