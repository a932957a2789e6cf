"""`kwlesson gather` writes what is asked for, says what it skipped, and speaks in sentences."""

from __future__ import annotations

import csv
import io
import os
import sys

import pytest
from test_gather import book

from kwlesson import Workbook, paths
from kwlesson.cli import main


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "class"
    path.mkdir()
    (path / "ada.json").write_text(book("Ada", "a", **{"believe-refuse-check": "check"}))
    (path / "bad.json").write_text("not an answer file")
    return path


@pytest.mark.ours
def test_the_picture_the_table_and_the_written_answers_are_kept(folder, tmp_path, capsys):
    names = ["class.html", "grades.csv", "written.html"]
    out, table, written = (tmp_path / name for name in names)
    options = ["--out", str(out), "--csv", str(table), "--written", str(written)]
    assert main(["gather", str(folder), *options]) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Written answers" in written.read_text(encoding="utf-8")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["believe-refuse-check"] for row in rows] == ["check"]
    said = capsys.readouterr()
    assert [line.split(":")[0] for line in said.out.splitlines()] == [
        str(path) for path in (out, written, table)
    ]
    assert "bad.json: " in said.err
    assert "1 learners" in said.err
    for path in (out, table, written):
        assert "Ada" not in path.read_text(encoding="utf-8")


@pytest.mark.ours
def test_names_are_shown_where_they_are_asked_for(folder, tmp_path):
    out = tmp_path / "class.html"
    assert main(["gather", str(folder), "--csv", str(out), "--names"]) == 0
    assert "Ada" in out.read_text(encoding="utf-8")


def test_without_a_file_to_write_the_picture_is_told(folder, capsys):
    assert main(["gather", str(folder)]) == 0
    assert "The class picture" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("kept", [True, False])
def test_no_terminal_is_too_narrow_for_the_picture(folder, monkeypatch, encoding, kept):
    (folder / os.fsdecode(b"ad\xe9.txt")).write_text("not UTF-8 by name")
    (folder / "김일성.json").write_text(
        book("Kim \ud800 일", "k", **{"believe-refuse-check": "check"})
    )
    shown = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", shown)
    out = folder.parent / os.fsdecode(b"\xff.html")
    assert main(["gather", str(folder), "--names", *(["--out", str(out)] if kept else [])]) == 0
    shown.flush()
    said = shown.buffer.getvalue().decode(encoding)
    if kept:
        assert said.endswith("\\udcff.html: written\n")
    else:
        assert "- ad?.txt: not an answer file" in said


def test_files_are_numbered_in_the_picture_and_named_on_the_terminal(folder, capsys):
    assert main(["gather", str(folder)]) == 0
    said = capsys.readouterr()
    assert "- file 2: " in said.out
    assert "bad.json" not in said.out
    assert "bad.json: " in said.err


@pytest.mark.parametrize("spoil", ["no folder", "no place"])
def test_what_goes_wrong_is_one_sentence(folder, tmp_path, spoil, capsys):
    where = tmp_path / "nowhere" if spoil == "no folder" else folder
    out = tmp_path / "not" / "there" / "class.html"
    assert main(["gather", str(where), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert "no such folder" in said or "cannot be written" in said
    assert "Traceback" not in said


def test_another_lesson_is_gathered_by_its_folder_and_ours_is_set_apart(folder, capsys):
    Workbook(folder / "cleo.json", "kwlesson-sample").record("who-saw", "keeper")
    assert main(["gather", str(folder), "--lesson", str(paths.SAMPLE)]) == 0
    said = capsys.readouterr()
    assert "1 learner." in said.out
    assert "Look: 1 file is of another lesson ('kwlesson'), and not counted here." in said.out
    assert "Look: 1 file is of another lesson ('kwlesson')" in said.err
    assert "The lamplighter" in said.out


@pytest.mark.ours
def test_what_to_look_at_names_no_learner_where_names_are_off(folder, capsys):
    (folder / "ben.json").write_text(book("Ben", "a", **{"believe-refuse-check": "believe"}))
    assert main(["gather", str(folder)]) == 0
    said = capsys.readouterr()
    assert "Look: files 1, 3 began with one file, and count as 2 learners" in said.out
    assert "Look: ada.json, ben.json began with one file" in said.err


def test_a_table_of_the_lesson_is_never_written_over(folder, fiction, capsys):
    table = fiction.path / "quotes.csv"
    before = table.read_bytes()
    arguments = ["gather", str(folder), "--lesson", str(fiction.path), "--csv", str(table)]
    assert main(arguments) == 1
    assert "it is of the lesson; name another file for --csv" in capsys.readouterr().err
    assert table.read_bytes() == before
