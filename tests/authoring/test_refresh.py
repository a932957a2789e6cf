"""Refresh runs a notebook and stores what it shows, or says in one sentence why not."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys

import nbformat
import pytest

import kwlesson
from kwlesson import cli
from kwlesson.authoring.refresh import refresh, refresh_all
from kwlesson.jupyter.save_hook import LOCK

pytestmark = pytest.mark.slow


def notebook(path, *sources, **metadata):
    cells = [nbformat.v4.new_code_cell(text, id=f"c{n}") for n, text in enumerate(sources)]
    for cell in cells:
        cell.metadata.update(metadata)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


class Terminal(io.StringIO):
    def isatty(self):
        return True


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [output.data["text/plain"] for cell in cells for output in cell.outputs]


def test_a_changed_notebook_is_stored_and_then_left_alone(tmp_path):
    path = notebook(tmp_path / "new.ipynb", "1 + 1")
    assert refresh(path) is True
    assert outputs(path) == ["2"]
    stored = path.stat()
    assert refresh(path) is False
    now = path.stat()
    assert (now.st_mtime_ns, now.st_ino) == (stored.st_mtime_ns, stored.st_ino)
    assert [one.name for one in tmp_path.iterdir()] == ["new.ipynb"]


def test_what_changes_from_run_to_run_is_left_out_and_keys_are_sorted(tmp_path):
    source = "import ipywidgets\nipywidgets.HTML('<p>hello</p>')"
    path = notebook(tmp_path / "new.ipynb", source, execution={"begin": "now"}, collapsed=True)
    refresh(path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    cell = stored["cells"][0]
    assert cell["metadata"] == LOCK
    assert set(stored["metadata"]) == {"kernelspec", "language_info"}
    assert [list(output["data"]) for output in cell["outputs"]] == [["text/plain"]]
    assert path.read_text(encoding="utf-8") == (
        json.dumps(stored, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    )


def test_a_cell_without_an_id_gets_the_same_one_each_time(tmp_path):
    path = notebook(tmp_path / "new.ipynb", "1 + 1")
    old = json.loads(path.read_text(encoding="utf-8"))
    old["nbformat_minor"] = 4
    del old["cells"][0]["id"]
    path.write_text(json.dumps(old), encoding="utf-8")
    refresh(path)
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["id"] == "cell-1"
    assert refresh(path) is False


def test_answers_and_settings_of_this_machine_do_not_get_in(tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    (mine / "profile_default" / "startup").mkdir(parents=True)
    (mine / "answers.json").write_text("{}", encoding="utf-8")
    (mine / "profile_default" / "startup" / "mine.py").write_text("mine = 1", encoding="utf-8")
    monkeypatch.setenv("KWLESSON_WORK", str(mine))
    monkeypatch.setenv("IPYTHONDIR", str(mine))
    source = "import os\nos.listdir(os.environ['KWLESSON_WORK']), 'mine' in globals()"
    path = notebook(tmp_path / "new.ipynb", source)
    refresh(path)
    assert outputs(path) == ["(['ipython'], False)"]


ERRORS = {
    "an exception": (["1", "1 / 0"], "cell 2 fails (ZeroDivisionError: division by zero)"),
    "a lesson's error": (
        ["import kwlesson; kwlesson.load('nowhere')"], "cell 1 fails (LessonError: nowhere: not a"),
    "an error of many lines": (["raise ValueError('one\\ntwo')"], "fails (ValueError: one)"),
    "an end": (["import os; os._exit(3)"], "fails (Python ended while it ran)"),
}  # fmt: skip


@pytest.mark.parametrize("what", ERRORS)
def test_a_notebook_with_an_error_is_never_stored_and_the_cell_is_named(tmp_path, what):
    sources, sentence = ERRORS[what]
    path = notebook(tmp_path / "broken.ipynb", *sources)
    before = path.read_bytes()
    with pytest.raises(kwlesson.LessonError) as caught:
        refresh(path)
    assert str(caught.value).startswith(f"{path}: not stored, since ")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_an_error_that_the_notebook_allows_is_not_stored_either(tmp_path):
    path = notebook(tmp_path / "broken.ipynb", "1 / 0", tags=["raises-exception"])
    with pytest.raises(kwlesson.LessonError, match=r"cell 1 fails \(ZeroDivisionError"):
        refresh(path)


def test_a_cell_that_takes_too_long_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("kwlesson.authoring.refresh.LONGEST_CELL_SECONDS", 1)
    path = notebook(tmp_path / "slow.ipynb", "import threading; threading.Event().wait()")
    with pytest.raises(kwlesson.LessonError, match="longer than 1 second"):
        refresh(path)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"cells": 1, "nbformat_minor": 5}', b"\xff"]
)
def test_what_is_no_notebook_gets_a_sentence(tmp_path, content):
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(kwlesson.LessonError, match=r"odd.ipynb: cannot be read as a notebook"):
        refresh(path)
    assert path.read_bytes() == content


def deep(levels):
    head = '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": '
    return head + '{"a": ' * levels + "1" + "}" * (levels + 1)


def spoilt(**cell):
    whole = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [whole | cell], "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


ODD = {
    "200,000 deep": deep(200_000),
    "900 deep": deep(900),
    "a kind of cell that is none": spoilt(cell_type="weird", source=""),
    "no source": spoilt(source=None),
    "half a character": spoilt(source="'\ud800'"),
    "a format to come": '{"cells": [], "nbformat": 99, "nbformat_minor": 5, "metadata": {}}',
    "an endless number": '{"cells": [], "nbformat": 4, "nbformat_minor": 1e999, "metadata": {}}',
}


@pytest.mark.parametrize("what", ODD)
def test_what_cannot_be_run_gets_one_sentence(tmp_path, what):
    path = tmp_path / "odd.ipynb"
    path.write_text(ODD[what])
    with pytest.raises(
        kwlesson.LessonError, match=r"odd.ipynb: cannot be read as a notebook"
    ) as one:
        refresh(path)
    assert "\n" not in str(one.value)
    assert len(str(one.value)) < 400


def test_a_pipe_and_what_never_ends_are_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("kwlesson.authoring.refresh.MAX_OUTPUT_BYTES", 100_000)
    os.mkfifo(tmp_path / "a.ipynb")
    with pytest.raises(kwlesson.LessonError, match="it is no file"):
        refresh(tmp_path / "a.ipynb")
    with pytest.raises(kwlesson.LessonError, match="its output is larger than"):
        refresh(notebook(tmp_path / "b.ipynb", "while True: print('x' * 1000)"))


def test_ctrl_c_ends_it_at_once_with_its_kernels_and_without_a_word(tmp_path):
    begun = tmp_path / "begun"
    endless = f"open({str(begun)!r}, 'w').write('')\nimport threading; threading.Event().wait()"
    paths = [notebook(tmp_path / name, endless) for name in ("a.ipynb", "b.ipynb")]
    before = [path.read_bytes() for path in paths]
    command = [sys.executable, "-m", "kwlesson", "refresh", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while not begun.exists() and process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, b"")
    assert [path.read_bytes() for path in paths] == before


def test_the_command_goes_on_after_a_bad_notebook_and_exits_with_1(tmp_path, capsys):
    notebook(tmp_path / "a.ipynb", "1 / 0")
    notebook(tmp_path / "b.ipynb", "1 + 1")
    assert cli.main(["refresh", str(tmp_path), str(tmp_path / "nowhere.ipynb")]) == 1
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'b.ipynb'}: stored anew\n"
    lines = err.splitlines()
    assert lines[0].startswith(f"{tmp_path / 'a.ipynb'}: not stored, since cell 1 fails")
    assert lines[1] == f"{tmp_path / 'nowhere.ipynb'}: cannot be read as a notebook (no such file)"
    assert lines[2:] == ["2 not stored"]


def test_the_bar_is_for_a_terminal(tmp_path, monkeypatch, capsys):
    path = notebook(tmp_path / "a.ipynb", "1 + 1")
    refresh_all([path], lambda _line, _is_stored: None)
    assert capsys.readouterr().err == ""
    person = Terminal()
    monkeypatch.setattr("sys.stderr", person)
    refresh_all([path], lambda _line, _is_stored: None)
    assert "1/1" in person.getvalue()
