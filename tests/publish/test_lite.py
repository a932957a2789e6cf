"""The notebooks with a Python in the browser: what is served is whole, pure, and ours alone."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import nbformat
import pytest

from kwlesson import paths
from kwlesson.authoring import new_lesson
from kwlesson.errors import LessonError
from kwlesson.publish.lite import (
    _config,
    _find_extensions,
    _find_runtime,
    _overrides,
    _trusted,
    _write_wheels,
    own_files,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Unpack the wheels where a browser's Python would find them."""
    folder = tmp_path_factory.mktemp("wheels")
    extensions = _find_extensions()
    entries = dict(_write_wheels(folder, extensions[0], paths.DATA))
    for entry in entries.values():
        with zipfile.ZipFile(folder / entry["file_name"]) as wheel:
            wheel.extractall(folder / "site")
    return folder / "site", entries


def test_wheels_hold_nothing_that_is_compiled_and_nothing_that_only_a_server_needs(site):
    folder, entries = site
    assert [path for path in folder.rglob("*") if path.suffix in {".so", ".pyd", ".pyc"}] == []
    assert {"kwlesson", "anywidget", "jinja2", "ipython", "pyodide-kernel"} <= set(entries)
    assert {"pandas", "jupyterlab", "plotly", "numpy"}.isdisjoint(entries)


@pytest.mark.ours
def test_with_the_wheels_alone_every_view_of_a_notebook_is_drawn(site):
    code = f"""
import sys
sys.path.insert(0, {str(site[0])!r})
sys.platform = "emscripten"
import kwlesson
lesson = kwlesson.load()
print(lesson.compare("kim-il-1949").text().splitlines()[0])
print(lesson.ask("rating-1").live() is not None, lesson.argue().stored()[:8])
try:
    lesson.quotes
except kwlesson.errors.LessonError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    first, drawn, sentence = done.stdout.splitlines()
    assert (first, drawn) == ("One mission, two reports", "True <section")
    assert sentence == (
        "lesson.quotes is a data frame, which needs pandas: run `kwlesson lab` on your machine "
        "(lesson.records('quotes') gives the same rows without it)"
    )


@pytest.mark.ours
def test_an_output_is_trusted_and_its_lines_are_joined():
    notebook = (paths.NOTEBOOKS / "02-two-names.ipynb").read_text(encoding="utf-8")
    served = json.loads(_trusted(notebook))
    code = [cell for cell in served["cells"] if cell["cell_type"] == "code"]
    assert all(cell["metadata"]["trusted"] for cell in code)
    faces = [out["data"]["text/html"] for cell in code for out in cell["outputs"] if "data" in out]
    assert faces
    assert all(isinstance(face, str) for face in faces)
    nbformat.validate(nbformat.from_dict(served))


def test_every_address_of_the_settings_is_on_the_same_host():
    settings = json.dumps([_config(), _overrides()])
    assert "//" not in settings


def test_without_the_runtime_a_sentence_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "CHECKOUT", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LessonError, match="npm install pyodide"):
        _find_runtime()


def test_another_folders_lesson_is_the_one_that_its_notebooks_load(tmp_path):
    new_lesson.begin(tmp_path / "flood")
    files = own_files(tmp_path / "flood" / "data")
    for path in (tmp_path / "flood" / "data").iterdir():
        assert files[f"kwlesson/data/{path.name}"] == path.read_bytes()
    (notebook,) = (tmp_path / "flood" / "notebooks").glob("*.ipynb")
    before = notebook.read_text(encoding="utf-8")
    assert 'kwlesson.load(\\"../data\\")' in before
    assert "kwlesson.load()" in json.loads(_trusted(before))["cells"][1]["source"]
