"""A sentence is tied to its rows: `check` names the markers that lead nowhere, and what changed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from kwlesson import cli
from kwlesson.authoring import fact_markers


@pytest.fixture
def tell(tmp_path, fiction, monkeypatch):
    """Make a notebook beside an invented lesson, whose tables are sound."""
    monkeypatch.setattr("kwlesson.authoring.check.check", lambda *_: [])

    def write(*cells):
        folder = tmp_path / "fiction" / "data"
        if not folder.exists():
            shutil.copytree(fiction.path, tmp_path / "copy")
            shutil.rmtree(fiction.path)
            shutil.copytree(tmp_path / "copy", folder)
        book = {"cells": [{"cell_type": "markdown", "source": cell} for cell in cells]}
        place = folder.parent / "notebooks" / "instructor"
        place.mkdir(parents=True, exist_ok=True)
        (place.parent / "01-wick.ipynb").write_text(json.dumps(book), encoding="utf-8")
        fiction.path = folder
        return folder

    return write


INVALID = {
    "a comment": "Wick lit it.<!-- check this -->",
    "a blank": "Wick lit it.<!-- people:lamplighter -->",
    "a comma": "Wick lit it.<!--people:lamplighter, events:inquiry-->",
    "no table": "Wick lit it.<!--lamplighter-->",
    "a capital": "Wick lit it.<!--People:lamplighter-->",
    "no end": "Wick lit it.<!--people:lamplighter",
}


@pytest.mark.parametrize("what", INVALID)
def test_a_misspelt_marker_is_named_with_its_cell(tell, what):
    folder = tell("# 01 Wick", INVALID[what])
    found = fact_markers.problems(folder, fact_markers.read_all(folder.parent / "notebooks"))
    assert [(one.file, one.row) for one in found] == [("01-wick.ipynb", 2)]
    assert "not a marker" in str(found[0])


def test_check_names_a_marker_that_leads_nowhere(tell, capsys):
    folder = tell("# 01 Wick", "Wick lit it.<!--people:lamplighter events:inquest-->")
    assert cli.main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "01-wick.ipynb:2:cell: 'events:inquest': no such row" in out
    assert "Wick lit it." in out


def test_check_lists_the_sentences_of_a_changed_row(tell, capsys, tmp_path):
    folder = tell(
        "# 01 Wick",
        "Wick lit it.<!--people:lamplighter--> It struck.<!--events:boat-strikes-->",
        "It came back to him.<!--routes:blame-1912 links:leave-->",
    )
    shutil.copytree(folder, tmp_path / "before")
    assert cli.main(["check", str(folder), "--against", str(tmp_path / "before")]) == 0
    assert "told" not in capsys.readouterr().out
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("Old Wick", "Young Wick"))
    hands = folder / "hands.csv"
    hands.write_text(hands.read_text(encoding="utf-8").replace("left the question", "forgot it"))
    assert cli.main(["check", str(folder), "--against", str(tmp_path / "before")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        "hands.csv, row 9 (blame-1912) changed; it is told in: notebooks/01-wick.ipynb, cell 3"
        in ("\n".join(lines))
    )
    assert lines[0] == (
        "people.csv, row 3 (lamplighter) changed; it is told in: "
        "notebooks/01-wick.ipynb, cell 2: 'Wick lit it.'"
    )
    assert len(lines) == 3


def git(folder, *arguments):
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    program = shutil.which("git")
    subprocess.run([program, "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_check_compares_with_the_last_commit_or_with_the_one_that_is_named(tell, capsys):
    folder = tell(
        "# 01 Wick", "Wick lit it.<!--people:lamplighter--> Ada wrote.<!--people:writer-->"
    )
    assert cli.main(["check", str(folder)]) == 0
    assert "told" not in capsys.readouterr().out
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "before")
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("Old Wick", "Young Wick"))
    git(folder, "commit", "--quiet", "-am", "after")
    people.write_text(people.read_text(encoding="utf-8").replace("the town's", "the port's"))
    assert cli.main(["check", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "(writer) changed; it is told in" in out
    assert "(lamplighter)" not in out
    assert cli.main(["check", str(folder), "--since", "HEAD~1"]) == 0
    assert "(lamplighter) changed; it is told in" in capsys.readouterr().out
    assert cli.main(["check", str(folder), "--since=--output=x"]) == 1
    assert "git knows no commit '--output=x'" in capsys.readouterr().err


def test_a_row_that_was_taken_out_turns_check_red_where_it_is_told(tell, capsys, tmp_path):
    folder = tell("# 01 Wick", "A ladder came.<!--notes:note-ladder-->")
    shutil.copytree(folder, tmp_path / "before")
    notes = folder / "notes.csv"
    kept = [
        line for line in notes.read_text(encoding="utf-8").splitlines() if "note-ladder" not in line
    ]
    notes.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert cli.main(["check", str(folder), "--against", str(tmp_path / "before")]) == 1
    out = capsys.readouterr().out
    assert "notes.csv (note-ladder) was taken out; it is told in: notebooks/01-wick.ipynb" in out
    assert "'notes:note-ladder': no such row, but a sentence rests on it: A ladder came." in out


def test_a_table_with_other_separators_still_holds_the_rows_that_sentences_rest_on(tell, capsys):
    folder = tell("# 01 Wick", "Wick lit it.<!--people:lamplighter-->")
    shutil.copytree(folder, folder.parent / "before")
    path = folder / "people.csv"
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-16")
    assert cli.main(["check", str(folder), "--against", str(folder.parent / "before")]) == 0
    path.write_text(path.read_text(encoding="utf-16").replace("Old Wick", "Young Wick"))
    assert cli.main(["check", str(folder), "--against", str(folder.parent / "before")]) == 0
    assert "people.csv, row 4 (lamplighter) changed" in capsys.readouterr().out


HOSTILE = ["Mr. A ", "[", "[a](", "<p ", "<!--", '. "', "\x000\x00", "*a ", "“", "| ", " \t"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_line_ends(piece):
    # With work that grows with the square of its letters each takes minutes.
    words = [text for _, text, _ in fact_markers.split(piece * 40_000)]
    assert sum(map(len, words)) <= len(piece) * 40_000


def test_only_what_can_end_a_sentence_is_looked_at_twice():
    words = "Mr. A. " * 20_000
    assert [text for _, text, _ in fact_markers.split(words)] == [words.strip()]
