"""What holds for every JavaScript module of the package, told from its text."""

from __future__ import annotations

import json
import re

import pytest
from test_package import YEARS, history_in

from kwlesson.paths import PACKAGE

MODULES = sorted(PACKAGE.rglob("*.js"))
modules = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
ACTIVITIES = {
    "ask": lambda lesson: [lesson.ask(key) for key in lesson.by_id("questions")],
    "keep": lambda lesson: [lesson.keep()],
    "argue": lambda lesson: [lesson.argue()],
    "go_on": lambda lesson: [lesson.go_on("00-start-here", onward="01-two-reports")],
    "look_back": lambda lesson: [lesson.look_back()],
    "corroborate": lambda lesson: [lesson.corroborate(key) for key in lesson.by_id("cases")],
    "compare": lambda lesson: [lesson.compare(key) for key in lesson.by_id("cases")],
    "follow": lambda lesson: [lesson.follow(key) for key in lesson.by_id("routes")],
    "trace": lambda lesson: [lesson.trace()],
    "set_aside": lambda lesson: [lesson.set_aside()],
}


@modules
def test_only_our_own_html_is_ever_taken_as_html(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("innerHTML") == (path.name == "widget.js")
    dangerous = r"insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function|\.cookie"
    assert not re.search(dangerous, text)


@modules
def test_the_page_calls_no_other_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|XMLHttpRequest|sendBeacon|WebSocket", text)
    # What keeps the pages hands on what the browser asks for, and answers nothing else.
    assert text.count("fetch(") == (path.name == "service_worker.js")
    imported = re.findall(r"\bimport\(([^(]*\()", text)
    assert imported == (["URL.createObjectURL("] if path.name in {"loader.js", "unpack.js"} else [])


@modules
def test_no_name_fact_or_quotation_of_history_stands_in_a_script(path):
    text = path.read_text(encoding="utf-8")
    assert history_in(text) == []
    assert not YEARS.search(text)


def test_every_activity_is_one_of_these():
    assert set(ACTIVITIES) == {path.parent.name for path in MODULES if path.name == "script.js"}


@pytest.mark.parametrize("view", ACTIVITIES)
def test_a_script_finds_what_it_looks_for_in_what_python_drew(invented, view):
    live = [one.live() for one in ACTIVITIES[view](invented)]
    drawn = "".join(one.html + json.dumps(one.context) for one in live).replace('\\"', '"')
    scripts = "".join(path.read_text("utf-8") for path in (PACKAGE / "views" / view).glob("*.js"))
    classes = set(re.findall(r'[" ]\.(kw-[\w-]+)', scripts))
    wanted = set(re.findall(r"\[data-([\w-]+)=?([\w-]*)\]", scripts))
    for function, name in (("write", "fill"), ("show", "show"), ("onClick", "do")):
        wanted |= {(name, value) for value in re.findall(rf'\b{function}\("(\w+)"', scripts)}
    assert classes | wanted
    assert [name for name in classes if not re.search(rf'class="[^"]*\b{name}\b', drawn)] == []
    for name, value in wanted:
        assert re.search(rf' data-{name}="{value}"' if value else rf" data-{name}[\s=>]", drawn)
