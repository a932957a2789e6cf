"""The command answers with sentences, and its exit code says whether all is well."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from lesson_folder import TEXTS

from kwlesson import Workbook, cli, paths


def test_check_of_a_sound_lesson_exits_with_0(capsys):
    assert cli.main(["check", str(paths.SAMPLE), "--sources", str(TEXTS)]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_check_prints_each_problem_on_a_line_and_exits_with_1(fiction, capsys):
    fiction.change("events", 1, date="1912-13")
    fiction.change("points", 0, verdict="maybe")
    assert cli.main(["check", str(fiction.path)]) == 1
    out, err = capsys.readouterr()
    heading, *lines = out.splitlines()
    assert heading == "The lesson does not load until this is mended:"
    assert sorted(line.partition(": write")[0] for line in lines) == [
        "events.csv:3:date: '1912-13'",
        "points.csv:2:verdict: 'maybe'",
    ]
    assert "2 to mend" in err


def test_check_says_what_a_spreadsheet_did_without_harm(fiction, capsys):
    fiction.change("questions", 0, notebook="2")
    assert cli.main(["check", str(fiction.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "questions.csv: read as notebook '02' for '2'"
    assert "nothing to mend" in lines[2]


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


def test_the_version_is_the_packages(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == metadata.version("kwlesson")


@pytest.mark.parametrize(
    ("command", "takes"),
    [("lab", ["FOLDER", "--teach", "jupyter lab"]), ("edit", ["FOLDER", "jupyter lab"]),
     ("check", ["folder", "--sources", "--since", "--against", "by default"])],
)  # fmt: skip
def test_help_says_what_a_command_takes(command, takes, capsys):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    said = capsys.readouterr().out
    assert [word for word in takes if word not in said] == []


HOSTILE = "\x1b]0;owned\x07\x1b[2J \u202ecba \u200b\r\n30 learners"


def command(*arguments, environment=(), **streams):
    return subprocess.run(
        [sys.executable, "-m", "kwlesson", *map(str, arguments)],
        env=os.environ | dict(environment),
        check=False,
        **streams,
    )


@pytest.mark.parametrize("arguments", [["check"], ["gather"], ["refresh"], ["check", "--since"]])
def test_nothing_of_a_stranger_reaches_the_terminal_as_it_is(arguments, capsys):
    with contextlib.suppress(SystemExit):
        cli.main([*arguments, HOSTILE])
    said = "".join(capsys.readouterr())
    assert r"\x1b[2J \u202ecba \u200b\r\n30 learners" in said
    assert all(one.isprintable() or one == "\n" for one in said)


def test_control_characters_in_a_table_and_in_its_header_are_shown(fiction, capsys):
    header, rest = (fiction.path / "terms.csv").read_text(encoding="utf-8").split("\n", 1)
    (fiction.path / "terms.csv").write_text(f"{header},\x1b[2J\u202e\n{rest}", encoding="utf-8")
    fiction.change("events", 1, date="\x1b[31m1912")
    assert cli.main(["check", str(fiction.path)]) == 1
    said = "".join(capsys.readouterr())
    assert r"\x1b[31m1912" in said
    assert all(one.isprintable() or one == "\n" for one in said)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16", "utf-8"])
def test_no_console_is_too_narrow_for_a_sentence(fiction, encoding):
    fiction.change("people", 1, kind="毛澤東 \U0001f600 é")
    done = command(
        *("check", fiction.path), capture_output=True, environment={"PYTHONIOENCODING": encoding}
    )
    assert done.returncode == 1
    said = done.stdout.decode(encoding)
    assert said.count("\n") >= 1
    assert "毛澤東" in said.encode("utf-8").decode("unicode_escape" if "\\u" in said else "utf-8")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["check", paths.SAMPLE], ["--help"], ["gather", "nowhere"]])
def test_who_reads_on_no_longer_is_left_in_peace(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    done = command(*arguments, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode == {"check": 141, "--help": 0, "gather": 1}[arguments[0]]


@pytest.mark.parametrize("closed", ["1", "2", "1,2"])
def test_a_terminal_that_is_closed_stops_nothing(closed):
    shut = f"import os, sys; [os.close(one) for one in ({closed},)]; "
    call = "os.execv(sys.executable, [sys.executable, '-m', 'kwlesson', 'check', sys.argv[1]])"
    command = [sys.executable, "-c", shut + call, str(paths.SAMPLE)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without it")
def test_a_full_disk_under_the_output_gets_a_sentence():
    with Path("/dev/full").open("w") as full:
        done = command("check", paths.SAMPLE, stdout=full, stderr=subprocess.PIPE)
    assert done.stderr == b"The output: No space left on device\n"
    assert done.returncode == 1


def test_ctrl_c_ends_a_command_quietly(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_check", interrupt)
    assert cli.main(["check"]) == 130
    assert "".join(capsys.readouterr()) == ""


def test_ctrl_c_ends_a_command_quietly_before_it_is_imported():
    # The import of the command presses the keys; nothing but `__main__` can be listening then.
    code = (
        "import signal, sys\n"
        "class Press:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.startswith('kwlesson.') and name != 'kwlesson.__main__':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press())\n"
        "from kwlesson.__main__ import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    script = tomllib.loads((paths.CHECKOUT / "pyproject.toml").read_text())["project"]["scripts"]
    assert script == {"kwlesson": "kwlesson.__main__:main"}


# What is written


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "class"
    Workbook(folder / "ada.json").record("name", "Ada")
    (folder / ".ada.lock").unlink()
    (folder / "my-argument.html").write_text("<!doctype html><title>Mine</title>")
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("option", ["--out", "--csv", "--written"])
@pytest.mark.parametrize("name", ["ada.json", "my-argument.html", "link.html"])
def test_what_was_handed_in_is_never_written_over(handed_in, option, name, capsys):
    (handed_in.parent / "link.html").symlink_to(handed_in / "my-argument.html")
    before = contents(handed_in)
    path = handed_in.parent / name if name == "link.html" else handed_in / name
    assert cli.main(["gather", str(handed_in), option, str(path)]) == 1
    assert "somebody handed it in; name another file" in capsys.readouterr().err
    assert contents(handed_in) == before


def test_a_single_file_is_never_written_over_either(handed_in):
    path = handed_in / "ada.json"
    before = path.read_bytes()
    assert cli.main(["gather", str(path), "--out", str(path)]) == 1
    assert path.read_bytes() == before


@pytest.mark.ours
def test_a_page_among_the_files_is_written_again_where_it_was(handed_in):
    page = handed_in / "class.html"
    for name in ("Ada", "Ben"):
        Workbook(handed_in / f"{name}.json").record("who-saw", name)
        assert cli.main(["gather", str(handed_in), "--out", str(page)]) == 0
    assert "3 learners" in page.read_text(encoding="utf-8")


def test_one_file_is_not_named_twice(handed_in, tmp_path, capsys):
    once, again = tmp_path / "class.html", tmp_path / "." / "class.html"
    arguments = ["gather", str(handed_in), "--out", str(once), "--written", str(again)]
    assert cli.main(arguments) == 1
    assert "--out and --written are one file; name two" in capsys.readouterr().err
    assert not once.exists()


@pytest.mark.parametrize("option", ["--out", "--csv", "--written"])
def test_a_full_disk_leaves_the_good_old_page(handed_in, tmp_path, option, monkeypatch, capsys):
    page = tmp_path / "page"
    assert cli.main(["gather", str(handed_in), option, str(page)]) == 0
    before = page.read_bytes()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    page.chmod(0o640)

    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        assert cli.main(["gather", str(handed_in), option, str(page)]) == 1
    said = capsys.readouterr().err
    assert said.endswith(f"{page}: cannot be written (No space left on device)\n")
    assert page.read_bytes() == before
    assert cli.main(["gather", str(handed_in), option, str(page)]) == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o640


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_not_written_to(handed_in, tmp_path, make, capsys):
    make(tmp_path / "odd")
    assert cli.main(["gather", str(handed_in), "--out", str(tmp_path / "odd")]) == 1
    assert "odd: cannot be written (it is no file)" in capsys.readouterr().err


def test_forget_removes_the_answers_and_their_copies(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KWLESSON_WORK", str(tmp_path))
    for number in range(2):
        Workbook().record("name", f"Ada {number}")
    assert cli.main(["forget"]) == 0
    assert "removed the answers in answers.json, answers.previous.json" in capsys.readouterr().out
    assert b"Ada" not in b"".join(contents(tmp_path).values())
    assert cli.main(["forget"]) == 0
    assert "there are no answers" in capsys.readouterr().out


def test_unknown_words_are_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["check", "--fast"])
    assert "--fast" in capsys.readouterr().err


def test_a_word_that_can_name_no_file_gets_one_sentence(fiction, capsys):
    assert cli.main(["gather", str(fiction.path), "--out", "\ud800"]) == 1
    assert capsys.readouterr().err == "\\ud800: no file can have this name here\n"


def test_how_a_table_was_read_is_told_without_a_line_of_python(fiction, tmp_path):
    path = fiction.path / "terms.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    done = command("export", fiction.path, tmp_path / "lesson.xlsx", capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.startswith("terms.csv: read as ")
    assert "Warning" not in done.stderr
