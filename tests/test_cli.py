"""The command answers with sentences, and its exit code says whether all is well."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lesson_folder import TEXTS

from kwlesson import cli, paths


def test_check_of_a_sound_lesson_exits_with_0(capsys):
    assert cli.main(["check", str(paths.SAMPLE), "--sources", str(TEXTS)]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_check_prints_each_problem_on_a_line_and_exits_with_1(fiction, capsys):
    fiction.change("events", 1, date="1912-13")
    fiction.change("points", 0, verdict="maybe")
    assert cli.main(["check", str(fiction.path)]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("points.csv:2:verdict: 'maybe': write one of")
    assert lines[-1].startswith("events.csv:3:date: '1912-13': write an EDTF date")
    assert f"{len(lines)} to mend" in err


def test_check_says_what_a_spreadsheet_did_without_harm(fiction, capsys):
    fiction.change("questions", 0, notebook="2")
    assert cli.main(["check", str(fiction.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "questions.csv: read as notebook '02' for '2'"
    assert "nothing to mend" in lines[1]


def test_a_changed_letter_turns_check_red_with_its_row(fiction, capsys):
    fiction.change("quotes", 0, words="I put the flame to it at dust,")
    assert cli.main(["check", str(fiction.path), "--sources", str(TEXTS)]) == 1
    assert "quotes.csv:2:words: 'I put the flame to it at dust,'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["check", "nowhere"], ["check", str(paths.SAMPLE), "--sources", "nowhere"],
                  ["refresh", "nowhere.ipynb"]],
)  # fmt: skip
def test_a_wrong_folder_gets_a_sentence_and_no_traceback(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "kwlesson", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_words_are_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["check", "--fast"])
    assert "--fast" in capsys.readouterr().err
