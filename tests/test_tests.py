"""Every test can fail, and none depends on how fast the machine is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.rglob("test_*.py"))
CLOCKS = {
    f"{module}.{clock}"
    for module in ("time", "datetime")
    for clock in ("time", "perf_counter", "monotonic", "process_time", "now", "today")
}
EXPECTING = {"expect", "pytest.raises", "pytest.warns", "pytest.fail"}

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def idle_tests(tree):
    """Name the tests that expect nothing, neither here nor in a helper of the same file."""
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}

    def expects(function, seen):
        for node in ast.walk(function):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            helper = called.rpartition(".")[2]
            if isinstance(node, ast.Assert) or called in EXPECTING:
                return True
            if helper in functions.keys() - seen and expects(functions[helper], seen | {helper}):
                return True
        return False

    tests = [name for name in functions if name.startswith("test_")]
    return [name for name in tests if not expects(functions[name], {name})]


def clocks_read(tree):
    called = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [name for name in called if name in CLOCKS]


@each_file
def test_every_test_expects_something(path):
    assert idle_tests(ast.parse(path.read_text(encoding="utf-8"))) == []


@each_file
def test_no_test_reads_a_clock(path):
    assert clocks_read(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_an_idle_test_and_a_clock_would_be_found():
    idle = "def test_a():\n    help()\n\ndef help():\n    print(1)\n"
    busy = "def test_a():\n    help()\n\ndef help():\n    assert 1\n"
    assert idle_tests(ast.parse(idle)) == ["test_a"]
    assert idle_tests(ast.parse(busy)) == []
    assert clocks_read(ast.parse("a = time.perf_counter() - datetime.now()")) == [
        "time.perf_counter",
        "datetime.now",
    ]
