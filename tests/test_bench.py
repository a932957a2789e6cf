"""`make bench` runs every bench, and what counts lines counts code."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import pytest

from kwlesson import paths

BENCH = paths.CHECKOUT / "bench"
# What the benches share, and tools that a person runs by hand.
NO_BENCH = {
    *("__main__", "yardstick", "count_lines"),
    *("compare_faces", "everywhere", "browsers", "hub"),
}


def assigned(script, name):
    body = ast.parse((BENCH / script).read_text(encoding="utf-8")).body
    return next(
        ast.literal_eval(one.value)
        for one in body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name
    )


def test_make_bench_runs_every_bench():
    scripts = {path.stem for path in BENCH.glob("*.py")} - NO_BENCH
    assert sorted(assigned("__main__.py", "BENCHES")) == sorted(scripts)


LINES = {
    "a.py": ('"""One."""\n\n# two\nX = """a\n\nb"""  # three\n\n\ndef f():\n    """Four."""\n', 4),
    "a.js": ("/** one\n * two */\n\n// three\nlet a; // four\n", 1),
    "a.css": ("/* one\n\n*/\na { }\n\n", 1),
    "a.html": ("{# one\n#}\n<p>\n\n</p>\n", 2),
    "a.json": ('{\n"a": 1\n}\n', 3),
}


@pytest.mark.parametrize("name", LINES)
def test_blanks_comments_and_docstrings_are_no_lines_of_code(monkeypatch, name):
    monkeypatch.syspath_prepend(BENCH)
    import count_lines

    text, lines = LINES[name]
    assert count_lines.count(PurePosixPath(name), text) == lines


def test_a_spread_is_the_middle_and_the_middle_half(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    import yardstick

    assert yardstick.spread([5, 1, 2, 3, 4]) == "3.0 (2.0 to 4.0)"
    assert yardstick.spread([2], digits=0) == "2 (2 to 2)"
    assert yardstick.ratios([4, 9], [2, 3]) == [2, 3]
    assert yardstick.table(["a", "b"], [["c", 1]]) == "| a | b |\n| --- | ---: |\n| c | 1 |"
