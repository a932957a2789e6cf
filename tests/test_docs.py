"""The pages at the root name files, commands and rooms that are there."""

from __future__ import annotations

import re

import pytest

from kwlesson import paths

ROOT = paths.CHECKOUT
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.search(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[1].split())
# Made by the first command or by the lesson, so not there in a fresh checkout.
MADE = (".venv", "work/", "node_modules/", "dist/", "quizzes/", "etc/jupyter/", "low-ferry", "site")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    # The guide names a lesson that its reader makes; its own test follows it.
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
# A package page shows README.md too, so its links say where the project's files are.
OWN = re.compile(
    r"https://(?:github\.com|raw\.githubusercontent\.com)/[\w-]+/kwlesson(?:/blob)?/HEAD/([^)\s]+)"
)


def missing(text, folder=ROOT):
    """List the files, folders and commands that a page names and that are not there."""
    named = re.findall(r"`([\w.<>-]*(?:/[\w.<>-]*)+)`", text)
    places = [name.replace("<verb>", "*").strip("/") for name in named if not name.startswith(MADE)]
    files = [one for one in places if not any([*ROOT.glob(one), *paths.PACKAGE.glob(one)])]
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    own = OWN.findall(text)
    commands = re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE)
    return [
        *files,
        *(link for link in links if not (folder / link).exists()),
        *(link for link in own if not (ROOT / link).exists()),
        *(f"make {target}" for target in commands if target not in TARGETS),
    ]


@pytest.mark.ours  # who forks it writes these pages for another lesson
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page):
    assert missing((ROOT / page).read_text(encoding="utf-8"), (ROOT / page).parent) == []


@pytest.mark.ours
def test_the_readme_reads_well_where_no_file_of_the_project_is():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((?!https:)[^)]+\)|^\[[^\]]+\]: (?!https:)", text, re.MULTILINE) == []
    learners = sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb"))
    assert re.findall(r"\.github\.io/kwlesson/([\w-]+)\.html\)", text) == learners


def test_what_is_not_there_would_be_found():
    text = "`kwlesson/views/<verb>/` `kwlesson/nowhere/` `views/kit/` [x](no.md)\n    make haste\n"
    assert missing(text) == ["kwlesson/nowhere", "no.md", "make haste"]
    assert missing("[x]: https://github.com/ada/kwlesson/blob/HEAD/no.md") == ["no.md"]


@pytest.mark.ours
def test_each_test_that_holds_a_promise_is_there():
    page = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    held = re.findall(r"`([\w/.]+\.py)::(\w+)`", page)
    assert len(held) > 50
    sources = {file: (ROOT / "tests" / file).read_text(encoding="utf-8") for file, _ in held}
    assert [name for file, name in held if f"def {name}(" not in sources[file]] == []


def test_every_command_and_every_room_is_explained():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [
        target for target in TARGETS - {"lint", "pins-js"} if f"`make {target}" not in page
    ] == [".venv"]
    rooms = [one.name for one in paths.PACKAGE.iterdir() if (one / "__init__.py").is_file()]
    assert [room for room in rooms if f"{room}/" not in page] == []
