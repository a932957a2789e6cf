"""On Colab a learner's notebook begins with one cell, which brings the lesson and nothing else."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import nbformat
import pytest
from notebook_cells import LEARNERS

from kwlesson import paths
from kwlesson.authoring import new_lesson
from kwlesson.publish import colab
from kwlesson.publish.site import publish

ADDRESS = "https://example.org/lesson/"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def first_cell(folder):
    (source,) = {"".join(read(path)["cells"][0]["source"]) for path in folder.glob("*.ipynb")}
    return source


def asked_of_pip(source, monkeypatch, *, is_there):
    """Run the cell in a bare namespace, with a stand-in for pip."""
    asked = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_options: asked.append(command))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: (is_there and name) or None)
    exec(source, {})  # noqa: S102 - our own cell
    return asked


def test_each_has_one_cell_first_and_is_else_as_it_is_stored(site):
    assert sorted(path.name for path in (site / "colab").glob("*.ipynb")) == sorted(LEARNERS)
    for name in LEARNERS:
        made, stored = read(site / "colab" / name), read(paths.NOTEBOOKS / name)
        first, *others = made.pop("cells")
        assert first["outputs"] == []
        for cell in [*others, *stored["cells"]]:
            cell["source"] = "".join(cell["source"])
        assert others == stored.pop("cells")
        assert made == stored
        nbformat.validate(read(site / "colab" / name))


def test_where_the_lesson_is_missing_the_cell_brings_it_and_replaces_nothing(
    site, monkeypatch, capsys
):
    source = first_cell(site / "colab")
    assert asked_of_pip(source, monkeypatch, is_there=True) == []
    ((python, _, pip, *words),) = asked_of_pip(source, monkeypatch, is_there=False)
    (wheel,) = (site / "colab").glob("*.whl")
    assert (python, pip) == (sys.executable, "pip")
    assert words == [
        "install", "--quiet", "--no-deps",
        "anywidget", "psygnal", f"{ADDRESS}colab/{wheel.name}",
    ]  # fmt: skip
    assert capsys.readouterr().out == ""


def test_pip_takes_a_lesson_of_ones_own_with_its_tables(tmp_path):
    new_lesson.begin(tmp_path / "flood")
    publish(tmp_path / "site", address=ADDRESS, folder=tmp_path / "flood")
    (wheel,) = (tmp_path / "site" / "colab").glob("*.whl")
    there = tmp_path / "there"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", there, wheel], check=True)
    (path,) = (tmp_path / "site" / "colab").glob("*.ipynb")
    _, *cells = read(path)["cells"]
    source = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    code = f"import sys\nsys.path.insert(0, {str(there)!r})\n{source.splitlines()[0]}\n"
    code += "print(kwlesson.__file__, kwlesson.load().records('cases')[0]['title'])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert str(there) in done.stdout
    title = (tmp_path / "flood" / "data" / "cases.csv").read_text(encoding="utf-8")
    assert done.stdout.split(maxsplit=1)[1].strip() in title


@pytest.mark.parametrize("address", ["", "https://OWNER.github.io/kwlesson/"])
def test_without_an_address_there_is_none(tmp_path, lesson, address):
    colab.build(lesson, paths.NOTEBOOKS, tmp_path, address=address)
    assert list(tmp_path.iterdir()) == []
