"""The pages at the root name files, commands and rooms that are there."""

from __future__ import annotations

import re

import pytest

from kwlesson import paths

ROOT = paths.CHECKOUT
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.search(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[1].split())
# Made by the first command or by the lesson, so not there in a fresh checkout.
MADE = (".venv", "work/", "node_modules/")
PAGES = ["README.md", "CONTRIBUTING.md", "docs/class.md"]


def missing(text):
    """List the files, folders and commands that a page names and that are not there."""
    named = re.findall(r"`([\w.<>-]*(?:/[\w.<>-]*)+)`", text)
    places = [name.replace("<verb>", "*").strip("/") for name in named if not name.startswith(MADE)]
    files = [one for one in places if not any([*ROOT.glob(one), *paths.PACKAGE.glob(one)])]
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    commands = re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE)
    return [
        *files,
        *(link for link in links if not (ROOT / link).exists()),
        *(f"make {target}" for target in commands if target not in TARGETS),
    ]


@pytest.mark.ours  # who forks it writes these pages for another lesson
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page):
    assert missing((ROOT / page).read_text(encoding="utf-8")) == []


def test_what_is_not_there_would_be_found():
    text = "`kwlesson/views/<verb>/` `kwlesson/nowhere/` `views/kit/` [x](no.md)\n    make haste\n"
    assert missing(text) == ["kwlesson/nowhere", "no.md", "make haste"]


def test_every_command_and_every_room_is_explained():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [
        target for target in TARGETS - {"lint", "pins-js"} if f"`make {target}" not in page
    ] == [".venv"]
    rooms = [one.name for one in paths.PACKAGE.iterdir() if (one / "__init__.py").is_file()]
    assert [room for room in rooms if f"{room}/" not in page] == []
