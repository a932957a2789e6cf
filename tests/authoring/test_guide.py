"""The guide holds: whoever follows it from the first line to the last gets what it says."""

from __future__ import annotations

import csv
import io
import re
import shlex

import guide
import pytest

import kwlesson
from kwlesson import cli
from kwlesson.authoring.check import check

TEXT = guide.GUIDE.read_text(encoding="utf-8")
STEPS = re.findall(r"^```(\S*) ?(.*?)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def console(block, capsys):
    """Run what stands behind each $, and hold what it says against what stands under it."""
    for part in block.removeprefix("$ ").split("\n$ "):
        command, _, expected = part.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "kwlesson"
        cli.main(arguments)
        assert capsys.readouterr().out.strip() == expected.strip()


def table(name, block, folder):
    """Find the rows in a table that is there; else write it."""
    path = folder / name
    if not path.exists():
        path.write_text(block, encoding="utf-8")
        return
    written = rows_of(path.read_text(encoding="utf-8"))
    assert [row for row in rows_of(block) if row not in written] == []


def test_whoever_follows_the_guide_gets_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    folder, done = tmp_path / "low-ferry", []
    for kind, name, block in STEPS:
        if kind == "console":
            console(block, capsys)
        elif kind == "csv":
            table(name, block, folder)
        elif kind == "python":
            shown = eval(block, {"lesson": kwlesson.load(folder)})  # noqa: S307 - our own page
            assert "nothing to show" not in shown.text()
        done.append(kind)
    assert {"console", "csv", "python"} <= set(done)
    assert check(folder / "data") == []
    assert "Peer Holt" in (tmp_path / "site" / "01-accounts.html").read_text(encoding="utf-8")


def test_the_seven_tables_are_each_explained_with_a_filled_row():
    needed = [name for name, one in guide.RESOURCES.items() if not one.get("optional")]
    shown = [name for kind, name, _ in STEPS if kind == "csv"]
    assert {f"data/{name}.csv" for name in needed} <= set(shown)
    assert all(f"<!-- columns: {name} -->" in TEXT for name in needed)


def test_every_other_table_is_named_with_what_it_is_for():
    wanted = TEXT.partition("| you want |")[2].partition("\n\n")[0]
    others = [name for name, one in guide.RESOURCES.items() if one.get("optional")]
    assert [name for name in others if name not in f"{wanted} names questions choices"] == []


@pytest.mark.parametrize(("page", "made"), [(guide.GUIDE, guide.guide(TEXT)),
                                            (guide.TABLES, guide.tables())])  # fmt: skip
def test_tables_of_columns_are_those_of_the_description(page, made):
    remedy = "python tests/support/guide.py writes them anew"
    assert page.read_text(encoding="utf-8") == made, remedy


def test_the_line_of_check_in_the_guide_is_what_check_says(fiction):
    [line] = re.findall(r"^points\.csv:2:.*", TEXT, re.MULTILINE)
    fiction.change("points", 0, verdict="conflicts")
    said = line.removesuffix("...")
    assert any(str(problem).startswith(said) for problem in check(fiction.path))


def test_the_workflow_of_the_guide_names_commands_that_are_there():
    [workflow] = [block for kind, _, block in STEPS if kind == "yaml"]
    assert re.findall(r"kwlesson ([a-z]+) ", workflow) == ["check", "publish"]
