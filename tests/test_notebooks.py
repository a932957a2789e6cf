"""Stored notebooks are executed, deterministic, small and free of code to read."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

import kwlesson
from kwlesson import places
from kwlesson.refresh import refresh

NOTEBOOKS = sorted(places.NOTEBOOKS.rglob("[!.]*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_notebook():
    assert NOTEBOOKS


def test_every_code_cell_is_executed_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_output_is_an_error_or_a_live_widget(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type == "execute_result"
            assert VIEW not in output.data
            assert {"text/plain", "text/html"} <= set(output.data)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_code_is_folded_and_defines_nothing(notebook):
    for cell in code_cells(notebook):
        assert cell.metadata.jupyter.source_hidden
        assert not re.search(r"\b(def|class|lambda)\b", cell.source)
        assert len(cell.source.splitlines()) <= 3


def test_nothing_stored_tells_of_a_clock_a_machine_or_an_address(notebook):
    stored = json.dumps(notebook)
    assert not re.search(r"model_id|0x[0-9a-f]{6,}|/home/|/root/|/tmp/|site-packages", stored)
    assert not re.search(r"\d\d:\d\d:\d\d|T\d\d:\d\d", stored)


def test_a_notebook_says_how_to_make_it_live_its_question_and_its_minutes(notebook):
    first = notebook.cells[0].source
    assert "Printed view. To make it live: Run > Run All Cells" in first
    assert "**The question:**" in first
    assert re.search(r"\*\*Time:\*\* \d+ minutes", first)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    headings = re.findall(r"^#+", prose, re.MULTILINE)
    assert headings[0] == "#"
    assert set(headings[1:]) <= {"##", "###"}


def test_the_envoy_is_told_apart_at_first_mention(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.search(r"Kim Il, the envoy: not Kim Il Sung", prose)
    loose = re.findall(r"Kim Il(?! Sung|, the envoy)", prose)
    assert loose == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_small_and_stored_as_refresh_stores_it(path, tmp_path):
    assert path.stat().st_size < 200_000
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    assert refresh(copy) is False
    assert copy.read_bytes() == path.read_bytes()


def test_a_notebook_with_an_error_is_never_stored(tmp_path):
    path = tmp_path / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(kwlesson.LessonError, match="ZeroDivisionError"):
        refresh(path)
    assert path.read_bytes() == before


def test_refresh_stores_a_changed_notebook_and_then_leaves_it_alone(tmp_path):
    path = tmp_path / "new.ipynb"
    cell = nbformat.v4.new_code_cell("1 + 1", id="sum")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert refresh(path) is True
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].data == {"text/plain": "2"}
    assert refresh(path) is False
