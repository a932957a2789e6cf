"""A site is built whole or not at all, the same each time, and asks nothing of another place."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import re
import shutil
from base64 import b64encode
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from html_probe import Page
from notebook_cells import LEARNERS, named, without_scripts

import kwlesson
from kwlesson import LessonError, cli, paths
from kwlesson.publish import pages, room
from kwlesson.publish.notebook_parts import read_parts
from kwlesson.publish.site import publish

MOST = {room.FILE: 200_000}  # bytes that a compressing server sends; of any other page:
MOST_OF_A_PAGE = 150_000
PAGES = [name.replace(".ipynb", ".html") for name in LEARNERS]
HAS_ROOM = bool(kwlesson.load().records("plan"))  # a fork may plan no hours
FILES = ["index.html", *([room.FILE] if HAS_ROOM else []), *PAGES]
for_a_room = pytest.mark.skipif(not HAS_ROOM, reason="the lesson plans no hours")
every_file = pytest.mark.parametrize("name", FILES)
# What a page of its own has nothing of.
JUPYTER = re.compile(r"Run All|\bkernel|Binder|JupyterLab|lesson\.\w+\(|import kwlesson|In \[")


class Addresses(HTMLParser):
    """The addresses that a page names, and those of what it would load."""

    def __init__(self, html):
        super().__init__()
        self.links, self.loaded, self.ids = [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if "href" in given:
            (self.loaded if tag == "link" else self.links).append(given["href"])
        self.loaded += [
            given[name] for name in ("src", "srcset", "poster", "data") if name in given
        ]


def read(site, name):
    return (site / name).read_text(encoding="utf-8")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


def test_every_learners_notebook_becomes_a_page(site):
    assert {path.name for path in site.glob("*.html")} == set(FILES)
    index = Addresses(read(site, "index.html"))
    assert [link for link in index.links if link in PAGES] == PAGES
    assert (room.FILE in index.links) == HAS_ROOM


@every_file
def test_a_page_is_small_with_all_it_loads(site, name):
    html = (site / name).read_bytes()
    assert Addresses(html.decode()).loaded == ["data:,"]  # no icon is asked for
    assert not re.search(rb"@import|url\((?!#)", html)
    assert len(gzip.compress(html, mtime=0)) < MOST.get(name, MOST_OF_A_PAGE)


@every_file
def test_every_link_leads_somewhere(site, name):
    for link in Addresses(read(site, name)).links:
        if not re.match("https?://", link):
            file, _, place = link.partition("#")
            assert (site / file).is_file(), link
            assert not place or place in Addresses(read(site, file or name)).ids, link


@every_file
def test_a_page_allows_its_own_scripts_and_nothing_else(site, name):
    html = read(site, name)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1])
    scripts = re.findall(r'<script(?: type="module")?>(.*?)</script>', html, re.DOTALL)
    assert scripts
    hashes = {b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts}
    assert set(re.findall(r"'sha256-([^']*)'", policy)) == hashes
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert not re.search(r"https?:|\*|script-src[^;]*unsafe", policy)
    assert not re.search(r"\son\w+=", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))


@every_file
def test_a_page_says_nothing_that_only_a_notebook_can_do(site, name):
    html = without_scripts(read(site, name))
    assert JUPYTER.findall(Page(html).text) == []
    assert '<html lang="en"' in html
    assert ".ipynb" not in html
    assert '"@type": "LearningResource"' in read(site, name)


def test_what_only_a_notebook_can_do_would_be_found():
    assert JUPYTER.findall("Run All Cells. On Binder") == ["Run All", "Binder"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_words_of_its_notebook_and_describes_itself(site, name):
    html = read(site, name)
    text = Page(without_scripts(html)).text
    notebook = named(name.replace(".html", ".ipynb"))
    tagged = {cell["source"] for cell in notebook.cells if cell["metadata"].get("tags")}
    for source in notebook.sources("markdown"):
        heading = re.search(r"^#+ (.*?)(?:<!--|$)", source)
        assert source in tagged or not heading or heading[1] in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1]
    described = json.loads(found)
    assert described["@type"] == "LearningResource"
    assert described["name"] in Page(html).text
    assert described["license"].startswith("https://creativecommons.org/")


def test_the_same_lesson_gives_the_same_bytes(site, tmp_path):
    again = tmp_path / "again"
    publish(again, address="https://example.org/lesson/")
    assert contents(again) == contents(site)
    publish(again)
    if HAS_ROOM:  # without the address
        assert contents(again)[room.FILE] != contents(site)[room.FILE]
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_a_build_that_fails_leaves_the_old_site_whole_and_nothing_beside_it(
    tmp_path, monkeypatch, capsys
):
    out = tmp_path / "site"
    publish(out)
    before = contents(out)

    def fail(*_parts, **_options):
        raise LessonError("07-war.ipynb, cell 3: no")

    monkeypatch.setattr(room, "build", fail)
    assert cli.main(["publish", str(out)]) == 1
    assert "cell 3: no" in capsys.readouterr().err
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_somebody_else_put_there_stays(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert cli.main(["publish", str(tmp_path)]) == 1
    assert "name another folder" in capsys.readouterr().err
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


def test_an_address_that_is_none_is_refused(tmp_path, capsys):
    assert cli.main(["publish", str(tmp_path / "site"), "--address", "javascript:alert(1)"]) == 1
    assert "begin it with https://" in capsys.readouterr().err
    assert contents(tmp_path) == {}


def test_when_the_new_site_cannot_take_its_place_the_old_one_stays(
    site, tmp_path, monkeypatch, capsys
):
    out, rename = tmp_path / "site", Path.rename
    shutil.copytree(site, out)

    def refuse(self, target):
        if self.suffix == ".new":
            raise OSError(errno.EACCES, "no", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    assert cli.main(["publish", str(out)]) == 1
    assert f"{out}: no" in capsys.readouterr().err
    assert contents(out) == contents(site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    "cell", ["print('hello')", "lesson.nothing()", "lesson.ask(name)", "1 +", "kwlesson.load('x')"]
)
def test_a_cell_that_is_no_call_of_a_verb_is_named_and_nothing_is_run(tmp_path, lesson, cell):
    cells = [{"cell_type": "code", "source": source, "metadata": {}}
             for source in ("import kwlesson\n\nlesson = kwlesson.load()", cell)]  # fmt: skip
    path = tmp_path / "03-made.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    with pytest.raises(LessonError, match=r"03-made\.ipynb, cell 2: .*lesson\.trace"):
        read_parts(path, lesson)


def test_a_link_to_what_is_no_page_becomes_its_words():
    drawn = pages.to_html("[plan](instructor/plan.ipynb) [on](02-b.ipynb#x)", {"02-b"})
    assert drawn == '<p><span>plan</span> <a href="02-b.html#x">on</a></p>'


# The class's page


def test_the_class_follows_the_plan_and_the_names_wait_behind_the_word(site, lesson):
    html = read(site, room.FILE)
    taken = {row["notebook"] for row in lesson.records("plan") if row["minutes_50"]}
    assert re.findall(r'<section id="part-(\d\d)">', html) == sorted(taken)
    before, after = html.split('<details class="kw-rest"')
    reporters = {account["label"] for account in lesson.records("accounts", case="kim-il-1949")}
    assert not [name for name in reporters if name in Page(without_scripts(before)).text]
    assert all(name in Page(without_scripts(after)).text for name in reporters)
    last = [row for row in lesson.records("plan") if row["minutes_50"]][-1]
    assert last["say"] in unescape(after)
    said = {row["id"]: row["text"] for row in lesson.records("notes")}
    assert said["note-event-war-the-dead"].startswith(last["say"])  # it is read at the end
    asked = re.findall(r'data-row="questions:([\w-]+)"', without_scripts(html))
    assert asked == ["believe-refuse-check", "rating-1", "rating-2", "exit-sentence"]


def test_a_plan_without_such_a_session_gives_no_page_of_a_class(tmp_path, lesson, monkeypatch):
    rows = [row | {"minutes_50": ""} for row in lesson.records("plan")]
    monkeypatch.setattr(lesson, "records", lambda _table: rows)
    room.build(lesson, paths.NOTEBOOKS, tmp_path)
    assert list(tmp_path.iterdir()) == []


@for_a_room
def test_the_address_is_drawn_as_a_picture_where_it_is_known(site):
    for_teachers = read(site, room.FILE).partition('class="kw-teacher"')[2]
    assert "https://example.org/lesson/room.html" in for_teachers
    assert "<svg" in for_teachers
