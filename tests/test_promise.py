"""The promise itself: any command about any folder ends in success or in a sentence, in seconds.

A few examples in each run; `PROMISE_EXAMPLES=2000 pytest tests/test_promise.py` tries more.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwlesson import cli, paths

EXAMPLES = int(os.environ.get("PROMISE_EXAMPLES", "25"))
SECONDS = 10  # of this process's own time, whatever else the machine does
LARGEST = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 25,
    suppress_health_check=list(HealthCheck),
)
TABLES = sorted(path.name for path in paths.SAMPLE.glob("*.csv"))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "cp1251", "gb18030"]
LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\n\n"]
CONSOLES = ["utf-8", "ascii", "cp1252"]
ODD = st.sampled_from(
    [
        *("", " ", "\0", "\x1b[2J", "\u202e", "\u200b", "\ud800", '"', '""', "'", ";", ",", "=1+1"),
        *("NaN", "1e400", "-1", "1949-13", "1949/1948", "#REF!", "yes", "TRUE", "[" * 5000),
        *("x" * 100_000, "毛澤東", "😀", "a\nb", "a;a;;", "../../x", "__proto__", "Mr. A " * 2000),
    ]
)
words = st.one_of(ODD, st.text(max_size=20))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def at(folder, name, ending):
    """Return a path in a folder under any name that a file can have."""
    plain = name.replace("/", "_").replace("\0", "_").lstrip(".")
    return folder / f"{plain.encode('utf-8', 'replace')[:80].decode('utf-8', 'ignore')}{ending}"


@st.composite
def descriptors(draw):
    """Describe columns of one's own, right or wrong."""
    constraint = st.sampled_from(["pattern", "maxLength", "minimum", "enum", "required", "unique"])
    field = st.fixed_dictionaries(
        {"name": words},
        optional={
            "type": words | st.sampled_from(["string", "integer", "date", "any"]),
            "constraints": st.dictionaries(constraint, json_values | st.just("(a+)+$"), max_size=2),
        },
    )
    key = st.fixed_dictionaries(
        {"fields": words, "reference": st.fixed_dictionaries({"resource": words, "fields": words})}
    )
    schema = st.fixed_dictionaries(
        {"fields": st.lists(field, max_size=3)}, optional={"foreignKeys": st.lists(key, max_size=2)}
    )
    resource = st.fixed_dictionaries(
        {"name": st.sampled_from(["terms", "quotes", "own"]) | words},
        optional={"schema": schema | json_values, "path": words},
    )
    whole = st.fixed_dictionaries(
        {"name": words}, optional={"resources": st.lists(resource, max_size=2) | json_values}
    )
    return json.dumps(draw(whole | json_values))


@st.composite
def spoilt_tables(draw, folder):
    """Save the sample's tables as somebody might."""
    shutil.copytree(paths.SAMPLE, folder, dirs_exist_ok=True)
    for name in draw(st.lists(st.sampled_from(TABLES), max_size=3, unique=True)):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        rows = text.splitlines()
        for _ in range(draw(st.integers(0, 2))):
            row = draw(st.integers(0, len(rows) - 1))
            cells = rows[row].split(",")
            cells[draw(st.integers(0, len(cells) - 1))] = draw(words)
            rows[row] = ",".join(cells)
        text = draw(st.sampled_from(LINE_ENDS)).join(rows)
        for old, new in draw(st.sampled_from([(), ((",", ";"),), ((",", "\t"),), (('"', ""),)])):
            text = text.replace(old, new)
        content = text.encode(draw(st.sampled_from(ENCODINGS)), "replace")
        path.write_bytes(content[: draw(st.sampled_from([None, 3, len(content) // 2]))])
    if draw(st.booleans()):
        (folder / "datapackage.json").write_text(draw(descriptors()), encoding="utf-8")
    return folder


@st.composite
def things(draw, folder):
    """Put files of any kind into a folder."""
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    for number in range(draw(st.integers(0, 4))):
        ending = draw(
            st.sampled_from([".json", ".ipynb", ".csv", ".zip", ".html", "", ".json.txt"])
        )
        path = at(folder, f"{number}{draw(words)}", ending)
        kind = draw(st.integers(0, 6))
        if kind == 0:
            path.write_bytes(draw(st.binary(max_size=200)))
        elif kind == 1:
            path.write_text(json.dumps(draw(json_values)))
        elif kind == 2:
            answers = draw(st.dictionaries(words, json_values, max_size=3))
            book = {"format": "kwlesson-workbook", "version": draw(json_values), "answers": answers}
            path.write_text(json.dumps(book))
        elif kind == 3:
            path.write_text(json.dumps(notebook | draw(st.dictionaries(words, json_values))))
        elif kind == 4:
            os.mkfifo(path)
        elif kind == 5:
            path.mkdir()
        else:
            path.symlink_to(draw(st.sampled_from([path, folder, Path("/dev/zero"), Path("gone")])))
    return folder


@st.composite
def command_lines(draw, folder):
    """Write any command line about a folder."""
    other = draw(things(folder / "other"))
    place = st.sampled_from([folder / "tables", other, folder / "gone", *other.iterdir()]).map(str)
    verb = draw(st.sampled_from(["check", "gather", "refresh", "forget"]))
    options = {
        "check": st.sampled_from(["--sources", "--against", "--since"]),
        "gather": st.sampled_from(["--out", "--csv", "--written", "--names", "--lesson"]),
    }
    names = words.map(lambda word: word.replace("/", "_"))  # which lead nowhere else
    given_options = draw(st.lists(options.get(verb, st.just("--fast")), max_size=2))
    line = [verb]
    if verb != "forget":  # without a folder, refresh would store the lesson's own notebooks
        line.append(draw(place))
    for option in given_options:
        line += [option] if option == "--names" else [option, draw(place | names)]
    return [word.replace("\0", "") for word in line]


class Late(BaseException):
    """It did not end in time, where it then was."""


@contextlib.contextmanager
def hurried():
    """Stop what takes too long."""
    import signal

    def stop(*_):
        raise Late

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(line, console):
    """Run a command as a console with an encoding would; return its code and what it said."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=console) for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]), hurried():
        try:
            code = cli.main(line)
        except SystemExit as end:
            code = end.code
    for stream in streams:
        stream.flush()
    return code, *(stream.buffer.getvalue().decode(console) for stream in streams)


@pytest.mark.slow
@LARGEST
@given(data=st.data())
def test_any_command_about_any_folder_ends_in_success_or_in_a_sentence(data):
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        (folder / "other").mkdir()
        patch.setenv("KWLESSON_WORK", str(folder / "other"))
        patch.chdir(folder)
        data.draw(spoilt_tables(folder / "tables"))
        line = data.draw(command_lines(folder))
        code, out, err = run(line, data.draw(st.sampled_from(CONSOLES)))
    assert code in {0, 1, 2}
    assert "Traceback" not in out + err
    assert all(one.isprintable() or one in "\n\u00a0\u2007\u202f\u3000" for one in out + err)
    assert code == 0 or err.strip(), "a failure says why"
