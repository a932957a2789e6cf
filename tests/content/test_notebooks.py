"""Stored notebooks are executed, deterministic, small and free of code to read."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
import zlib
from difflib import unified_diff
from pathlib import Path

import nbformat
import pytest
from nbconvert import ScriptExporter
from nbval.plugin import comment_markers
from notebook_cells import INSTRUCTORS, LEARNERS, NAMES, WITH_WORK

from kwlesson import paths
from kwlesson.authoring.refresh import refresh_all
from kwlesson.jupyter.save_hook import LOCK

FRAGILE = re.compile(r"\b(Output|FigureWidget|Styler|interact|clear_output)\b|\.style\b|display\(")
DEFINES = re.compile(r"^\s*(?:async )?(?:def|class)\s|\blambda\b", re.MULTILINE)
TELLS_OF_A_RUN = re.compile(r"model_id|0x[0-9a-f]{6,}|/home/|/root/|/tmp/|/Users/|site-packages")
ANSWERS = """{"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson",
"book": "k3f9x0a7b2c1", "counter": 1, "answers": {
"which-kim": {"answer": "zebra-in-the-cellar", "n": 1, "locked": false}
}}
"""

every = pytest.mark.parametrize("name", NAMES)
learners = pytest.mark.parametrize("name", LEARNERS)
with_work = pytest.mark.parametrize("name", WITH_WORK)


def read(name):
    return nbformat.read(NAMES[name], as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def misspelt_markers(source: str) -> list[str]:
    comments = [line.strip().lstrip("#").strip() for line in source.splitlines() if "#" in line]
    meant = [c for c in comments if re.match(r"(?i)\W*(nb[-_ ]?val|pytest[-_ ]validate)", c)]
    return [comment for comment in meant if comment not in comment_markers]


def test_there_is_a_notebook():
    assert LEARNERS


def test_notebooks_are_numbered_and_the_instructors_stand_apart():
    assert sorted([*LEARNERS, *INSTRUCTORS]) == sorted(NAMES)
    assert all(re.fullmatch(r"(instructor/[a-z-]+|\d\d-[a-z-]+)\.ipynb", name) for name in NAMES)
    assert len({name[:2] for name in LEARNERS}) == len(LEARNERS)


@every
def test_every_code_cell_is_executed_in_order(name):
    counts = [cell.execution_count for cell in code_cells(read(name))]
    assert counts == list(range(1, len(counts) + 1))


@every
def test_no_output_is_an_error_or_a_live_widget(name):
    notebook = read(name)
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    # The way to the workbook, which the first cell shows too, is not stored.
    types = ["display_data"] + ["execute_result"] * (len(outputs) - 1)
    assert [output.output_type for output in outputs] == types
    for output in outputs:
        assert set(output.data) == {"text/plain", "text/html"}
        assert not FRAGILE.search(output.data["text/plain"].partition("\n")[0])
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@every
def test_the_stylesheet_is_the_first_output_and_shows_nothing(name):
    first, *others = [output for cell in code_cells(read(name)) for output in cell.outputs]
    assert "kw-stylesheet" in first.data["text/html"]
    assert first.data["text/plain"] == ""
    assert "kw-stylesheet" not in str(others)


@learners
def test_no_key_and_no_double_click_changes_a_cell(name):
    assert [
        cell.metadata for cell in read(name).cells if not LOCK.items() <= cell.metadata.items()
    ] == []


@with_work
def test_a_notebook_brings_its_script_once_where_it_has_a_form(name):
    pages = [o.data["text/html"] for cell in code_cells(read(name)) for o in cell.outputs]
    has_form = any('class="kw-form"' in page for page in pages)
    assert "".join(pages).count('class="kw-packed"') == has_form


@every
def test_code_is_folded_and_defines_nothing(name):
    for cell in code_cells(read(name)):
        assert cell.metadata.jupyter.source_hidden
        assert not DEFINES.search(cell.source)
        assert not FRAGILE.search(cell.source)
        assert len(cell.source.splitlines()) <= 3


@every
def test_a_marker_for_nbval_is_spelt_as_nbval_spells_it(name):
    assert [bad for cell in code_cells(read(name)) for bad in misspelt_markers(cell.source)] == []
    tags = [tag for cell in code_cells(read(name)) for tag in cell.metadata.get("tags", ())]
    assert tags == []


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("# NBVAL_IGNORE_OUTPUT\nlesson.who()", []),
        ("lesson.who()", []),
        ("# NBVAL_IGNORE_OUTPUT since it changes", ["NBVAL_IGNORE_OUTPUT since it changes"]),
        ("#nbval_skip", ["nbval_skip"]),
        ("# NBVAL-SKIP", ["NBVAL-SKIP"]),
    ],
)
def test_a_misspelt_marker_would_be_found(source, bad):
    assert misspelt_markers(source) == bad


@pytest.mark.parametrize(
    "source", ["widgets.Output()", "go.FigureWidget()", "frame.style", "Styler"]
)
def test_fragile_outputs_would_be_found(source):
    assert FRAGILE.search(source)
    assert not FRAGILE.search('lesson.compare("kim-il-1949")')
    assert DEFINES.search("import kwlesson\ndef view(): pass")
    assert not DEFINES.search('lesson.gather("class")')


@every
def test_nothing_stored_tells_of_a_clock_a_machine_or_an_address(name):
    stored = json.dumps(read(name))
    assert not TELLS_OF_A_RUN.search(stored)
    assert not re.search(r"\d\d:\d\d:\d\d|T\d\d:\d\d", stored)


@with_work
def test_a_notebook_says_its_question_and_its_minutes(name):
    cells = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    # The first notebook opens with its scene, and says its minutes at its end.
    said = "\n".join(cells) if name.startswith("00") else cells[0]
    assert re.search(r"^\*\*[^*]+\?\*\*$", said, re.MULTILINE)
    assert re.search(r"^\*\*\d+ minutes\*\*", said, re.MULTILINE)


@learners
def test_a_notebook_starts_with_the_lesson_and_its_number(name):
    notebook = read(name)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert prose[0].startswith(f"# {name[:2]} ")
    assert code_cells(notebook)[0].source.startswith("import kwlesson\n\nlesson = kwlesson.load(")


@with_work
def test_a_notebook_ends_with_what_is_known_and_what_comes_next(name):
    prose = "\n".join(c.source for c in read(name).cells if c.cell_type == "markdown")
    assert "In short" in re.findall(r"^## (.*)", prose, re.MULTILINE)[-2:]
    if name[:2] != "10":
        later = [other for other in LEARNERS if int(other[:2]) == int(name[:2]) + 1]
        last = code_cells(read(name))[-1].source
        assert last.startswith("lesson.go_on(")
        assert all(f'"{Path(other).stem}"' in last for other in later)


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """Copy all notebooks, and run them while the learner's folder holds answers."""
    mine = tmp_path_factory.mktemp("mine")
    (mine / "answers.json").write_text(ANSWERS, encoding="utf-8")
    copies = tmp_path_factory.mktemp("copies") / "notebooks"
    shutil.copytree(paths.NOTEBOOKS, copies)
    told = {}

    def tell(line, is_stored):
        told[line.partition(": ")[0]] = (line, is_stored)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KWLESSON_WORK", str(mine))
        refresh_all([copies / name for name in NAMES], tell)
    return copies, told


def unpacked(path):
    """Read what a notebook stores, whichever way the zlib of this machine packs its forms."""

    def unpack(packed):
        return zlib.decompress(base64.b64decode(packed[0])).decode()

    return re.sub("eN[A-Za-z0-9+/]{40,}=*", unpack, path.read_text(encoding="utf-8"))


def told(path):
    """List what the cells of a notebook say, line by line."""
    cells = code_cells(nbformat.read(path, as_version=4))
    texts = [(n, out.data["text/plain"]) for n, cell in enumerate(cells, 1) for out in cell.outputs]
    return [f"code cell {n}: {line}" for n, text in texts for line in text.splitlines()]


@pytest.mark.slow
@every
def test_a_notebook_is_small_and_stored_as_refresh_stores_it(name, refreshed):
    path, stored = refreshed[0] / name, NAMES[name]
    changes = "\n".join(unified_diff(told(stored), told(path), "stored", "now", "", "", 0, ""))
    assert not changes, changes
    is_the_same = unpacked(path) == unpacked(stored)
    assert is_the_same, "it says the same, on other pages or forms: kwlesson refresh stores them"
    assert path.stat().st_size < (180_000 if name < "11" else 450_000)


@pytest.mark.slow
def test_nbval_minds_what_a_notebook_says_and_no_style(tmp_path, refreshed):
    stored = (refreshed[0] / "00-start-here.ipynb").read_text(encoding="utf-8")
    for name, old, new in (("style", "--kw-ink:", "--kw-other:"), ("word", "Next: 01", "Next: 02")):
        assert old in stored
        (tmp_path / f"{name}.ipynb").write_text(stored.replace(old, new), encoding="utf-8")
    options = ["--nbval", "--nbval-sanitize-with", paths.CHECKOUT / "tests" / "nbval.cfg"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *map(str, options), "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    failed = re.findall(r"^FAILED \S*?(\w+)\.ipynb::", done.stdout, re.MULTILINE)
    assert set(failed) == {"word"}, done.stdout
    assert "Next: 02" in done.stdout


@pytest.mark.slow
@every
def test_no_learners_answer_is_stored(name, refreshed):
    assert "zebra-in-the-cellar" not in (refreshed[0] / name).read_text(encoding="utf-8")


@every
def test_a_notebook_becomes_a_script_of_python(name):
    script, made = ScriptExporter().from_notebook_node(read(name))
    assert made["output_extension"] == ".py"
    assert "kwlesson.load(" in script
