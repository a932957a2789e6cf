"""Templates are compiled once, not at each start; and what is kept of it can always be lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kwlesson.paths import PACKAGE
from kwlesson.translation import speaking
from kwlesson.views.kit import render, stylesheet

DRAW = """
import hashlib, jinja2, kwlesson
compiled = []
compile_one = jinja2.Environment._compile
def counted(self, source, filename):
    compiled.append(filename)
    return compile_one(self, source, filename)
jinja2.Environment._compile = counted
lesson = kwlesson.load(kwlesson.SAMPLE)
start = len(compiled)
page = lesson.compare("harbour-light").page()
print(start, hashlib.sha256(page.encode()).hexdigest(), len(compiled))
"""


def start(folder, **environment):
    """Start Python, draw a page, and return how many templates were compiled and which page."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.Popen(
        [sys.executable, "-c", DRAW], stdout=subprocess.PIPE, text=True,
        env=clean | {"PYTHONPYCACHEPREFIX": str(folder)} | environment,
    )  # fmt: skip


def drawn(process):
    before, page, after = process.communicate()[0].split()
    assert (process.returncode, before) == (0, "0")
    return int(after), page


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compiled")
    return folder, drawn(start(folder))


def kept(folder):
    return sorted(folder.rglob("*.jinja"))


def test_what_one_start_compiled_the_next_one_reads(filled):
    folder, (compiled, page) = filled
    assert compiled == len(kept(folder)) >= 3
    assert drawn(start(folder)) == (0, page)


@pytest.mark.parametrize("damage", [b"no template", None, "cut"])
def test_what_is_damaged_is_compiled_anew_and_kept_again(filled, damage):
    folder, (compiled, page) = filled
    for path in kept(folder):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else damage or whole[:25])
    assert drawn(start(folder)) == (compiled, page)
    assert drawn(start(folder)) == (0, page)


@pytest.mark.slow
def test_many_starts_at_once_draw_the_same_page(filled, tmp_path):
    _, (_, page) = filled
    at_once = [start(tmp_path) for _ in range(4)]
    assert {drawn(process)[1] for process in at_once} == {page}
    assert [path for path in tmp_path.rglob("*.tmp") if "jinja" in path.name] == []
    assert drawn(start(tmp_path)) == (0, page)


def test_where_nothing_can_be_kept_the_page_is_drawn_all_the_same(filled, tmp_path):
    _, (compiled, page) = filled
    (tmp_path / "file").write_text("in the way of every folder", encoding="utf-8")
    assert drawn(start(tmp_path / "file")) == (compiled, page)


def test_who_wants_no_compiled_modules_gets_no_compiled_templates(filled, tmp_path):
    _, (compiled, page) = filled
    assert drawn(start(tmp_path, PYTHONDONTWRITEBYTECODE="1")) == (compiled, page)
    assert kept(tmp_path) == []


def test_a_text_is_made_anew_when_a_file_of_it_changes_or_what_was_kept_is_cut(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(render.templates().bytecode_cache, "directory", str(tmp_path))
    file, made = tmp_path / "file.css", iter("abc")

    def text():
        return render.kept("shared", [file], lambda: next(made))

    file.write_text("p {}", encoding="utf-8")
    assert (text(), text()) == ("a", "a")
    file.write_text("p{ }", encoding="utf-8")
    assert (text(), text()) == ("b", "b")
    (path,) = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    assert (text(), text()) == ("c", "c")


def test_what_a_notebook_has_once_is_made_of_no_other_files_than_are_watched(monkeypatch):
    read, read_text = set(), Path.read_text

    def watch(path, **how):
        read.add(path.resolve())
        return read_text(path, **how)

    monkeypatch.setattr(Path, "read_text", watch)
    stylesheet.sheet.cache_clear()
    with speaking("und"):  # in which nothing was joined yet
        stylesheet.shared()
    watched = {path.resolve() for one in stylesheet.SHARED_FILES for path in PACKAGE.glob(one)}
    assert read <= watched
    assert {path.suffix for path in read} == {".js", ".css"}
    assert len(read) > 40
