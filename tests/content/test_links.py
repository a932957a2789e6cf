"""Where links lead: from a learner's copy of a notebook to a file of the copies, or to the web."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from notebook_cells import LEARNERS

from kwlesson import paths
from kwlesson.jupyter.launch import copy_notebooks

LINK = re.compile(r"\]\(([^)\s]+)\)")
HREF = re.compile(r'\b(?:href|src)="([^"]*)"')


def relative_links(notebook):
    """List where a notebook's own words and its stored pages lead, the web left out."""
    for cell in notebook.cells:
        found = LINK.findall(cell.source) if cell.cell_type == "markdown" else []
        for made in cell.get("outputs", []):
            found += HREF.findall("".join(made.get("data", {}).get("text/html", "")))
        yield from (link for link in found if urlsplit(link).scheme not in {"http", "https"})


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links") / "work"
    copy_notebooks(paths.NOTEBOOKS, folder)
    return folder / "notebooks"


@pytest.mark.parametrize("name", LEARNERS)
def test_every_link_of_a_learners_copy_leads_to_a_file_of_the_copy(copies, name):
    path = copies / name
    links = list(relative_links(nbformat.read(path, as_version=4)))
    assert links, "a notebook says where to go next"
    for link in links:
        parts = urlsplit(link)
        assert not parts.scheme, link
        target = (path.parent / unquote(parts.path)).resolve()
        assert target.is_file(), f"{link} leads nowhere"
        assert target.is_relative_to(copies.resolve()), f"{link} leads out of the copies"


def test_a_link_in_the_words_and_one_in_a_stored_page_would_be_found():
    cells = [
        nbformat.v4.new_markdown_cell("[a](a.ipynb#b), [web](https://example.org)"),
        nbformat.v4.new_code_cell(
            outputs=[nbformat.v4.new_output("display_data", {"text/html": '<a href="c.html">'})]
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert list(relative_links(notebook)) == ["a.ipynb#b", "c.html"]
