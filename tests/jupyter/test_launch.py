"""What `kwlesson lab` and `kwlesson edit` promise: the lesson opens, no learner loses a word."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_client.manager import start_new_kernel
from jupyterlab.commands import get_workspaces_dir
from nbformat.sign import NotebookNotary
from server_support import PATIENCE, serving

from kwlesson import cli, load, paths
from kwlesson.authoring.new_lesson import begin
from kwlesson.errors import LessonError
from kwlesson.jupyter import launch
from kwlesson.jupyter.save_hook import LOCK, WIDGET_VIEW

ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"
OURS = min(path.name for path in paths.NOTEBOOKS.glob("01-*.ipynb"))
CELL_TOOLBAR = "@jupyterlab/cell-toolbar-extension:plugin"


def notebook_text(words="two reports", shown="two reports"):
    data = {"text/plain": shown, "text/html": f"<style>p {{}}</style><p>{shown}</p>"}
    output = nbformat.v4.new_output("display_data", data)
    cells = [
        nbformat.v4.new_markdown_cell(words, id="words"),
        nbformat.v4.new_code_cell("1 + 1", id="code", execution_count=1, outputs=[output]),
    ]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


@pytest.fixture
def notebooks(tmp_path):
    folder = tmp_path / "lesson" / "notebooks"
    for name in ("02-second.ipynb", "01-first.ipynb", "instructor/session-plan.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(notebook_text(name))
    return folder


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Stand in for JupyterLab: what it would have been started with."""
    calls = []
    stand_in = SimpleNamespace(LabApp=SimpleNamespace(launch_instance=calls.append))
    monkeypatch.setitem(sys.modules, "jupyterlab", SimpleNamespace(labapp=stand_in))
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", stand_in)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setenv("JUPYTER_WIDGETS_ECHO", "1")
    monkeypatch.setenv("KWLESSON_WORK", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    return calls


def is_trusted(path):
    with NotebookNotary() as notary:
        return notary.check_signature(nbformat.read(path, as_version=nbformat.NO_CONVERT))


# Copies


@pytest.mark.parametrize("teach", [False, True])
def test_the_teachers_notebooks_are_copied_for_those_who_teach(notebooks, work, teach):
    pristine, kept = launch.copy_notebooks(notebooks, work, teach=teach)
    names = ["01-first.ipynb", "02-second.ipynb", *["instructor/session-plan.ipynb"] * teach]
    assert pristine == [work / "notebooks" / name for name in names]
    assert kept == []
    for copy in pristine:
        original = notebooks / copy.relative_to(work / "notebooks")
        assert copy.read_bytes() == original.read_bytes()


def test_a_copy_that_the_learner_changed_is_kept(notebooks, work):
    launch.copy_notebooks(notebooks, work)
    mine = work / "notebooks" / "01-first.ipynb"
    mine.write_text("mine")
    (notebooks / "01-first.ipynb").write_text(notebook_text("a newer lesson"))
    for _ in range(2):
        pristine, kept = launch.copy_notebooks(notebooks, work)
        assert mine.read_text() == "mine"
        assert kept == ["01-first.ipynb"]
        assert mine not in pristine


def test_an_untouched_copy_follows_the_lesson(notebooks, work):
    launch.copy_notebooks(notebooks, work)
    newer = notebook_text("a newer lesson")
    (notebooks / "01-first.ipynb").write_text(newer)
    pristine, kept = launch.copy_notebooks(notebooks, work)
    assert (work / "notebooks" / "01-first.ipynb").read_text() == newer
    assert work / "notebooks" / "01-first.ipynb" in pristine
    assert kept == []


def test_a_copy_that_was_only_run_stays_as_it_ran_until_the_lesson_changes(notebooks, work):
    launch.copy_notebooks(notebooks, work)
    copy = work / "notebooks" / "01-first.ipynb"
    run = notebook_text("01-first.ipynb", shown="what the learner's own run showed")
    copy.write_text(run)
    pristine, kept = launch.copy_notebooks(notebooks, work)
    assert copy.read_text() == run
    assert copy not in pristine
    assert kept == []

    newer = notebook_text("a newer lesson")
    (notebooks / "01-first.ipynb").write_text(newer)
    assert launch.copy_notebooks(notebooks, work)[1] == []
    assert copy.read_text() == newer


def test_a_new_notebook_joins_the_copies(notebooks, work):
    launch.copy_notebooks(notebooks, work)
    (notebooks / "03-third.ipynb").write_text(notebook_text())
    launch.copy_notebooks(notebooks, work)
    assert (work / "notebooks" / "03-third.ipynb").is_file()


def test_a_renamed_copy_comes_back_afresh(notebooks, work):
    launch.copy_notebooks(notebooks, work)
    mine = work / "notebooks" / "01-first.ipynb"
    mine.write_text("mine")
    mine.rename(mine.with_name("my-first.ipynb"))
    launch.copy_notebooks(notebooks, work)
    assert mine.read_text() == (notebooks / "01-first.ipynb").read_text()
    assert mine.with_name("my-first.ipynb").read_text() == "mine"


@pytest.mark.parametrize("ledger", [None, b"", b"{", b"[]", b"\xff", b'{"01-first.ipynb": 1}'])
def test_without_its_ledger_every_copy_that_differs_is_the_learners(notebooks, work, ledger):
    launch.copy_notebooks(notebooks, work)
    path = work / "notebooks" / launch.LEDGER
    path.unlink() if ledger is None else path.write_bytes(ledger)
    (notebooks / "01-first.ipynb").write_text(notebook_text("a newer lesson"))
    pristine, kept = launch.copy_notebooks(notebooks, work)
    assert kept == ["01-first.ipynb"]
    assert len(pristine) == 1


def test_checkpoints_and_other_hidden_files_are_no_part_of_the_lesson(notebooks, work):
    hidden = notebooks / ".ipynb_checkpoints" / "01-first-checkpoint.ipynb"
    hidden.parent.mkdir()
    hidden.write_text("{}")
    launch.copy_notebooks(notebooks, work)
    found = [path for path in work.rglob("*") if path.is_file() and path.name != launch.LEDGER]
    assert len(found) == 2


HAPPENINGS = st.sampled_from(["lab", "learner writes", "learner runs", "lesson", "forget"])


@given(st.lists(HAPPENINGS, max_size=12))
@settings(max_examples=100)
def test_whatever_happens_in_whatever_order_no_word_of_the_learner_is_lost(happenings):
    with tempfile.TemporaryDirectory() as folder:
        notebooks, work = Path(folder, "notebooks"), Path(folder, "work")
        original, copy = notebooks / "01.ipynb", work / "notebooks" / "01.ipynb"
        notebooks.mkdir()
        original.write_text(notebook_text("lesson"))
        mine = None
        for number, happening in enumerate(["lab", *happenings]):
            if happening == "lab":
                launch.copy_notebooks(notebooks, work)
            elif happening == "lesson":
                original.write_text(notebook_text(f"lesson {number}"))
            elif happening == "forget":
                (work / "notebooks" / launch.LEDGER).unlink(missing_ok=True)
            elif happening == "learner writes":
                mine = f"learner {number}"
                copy.write_text(notebook_text(mine))
            elif happening == "learner runs":
                words = json.loads(copy.read_text())["cells"][0]["source"]
                copy.write_text(notebook_text("".join(words), shown=f"run {number}"))
            if mine:
                assert mine in copy.read_text()


def test_a_place_that_cannot_be_written_gets_a_sentence(notebooks, work):
    work.write_text("a file stands in the way")
    with pytest.raises(LessonError, match=r"cannot be copied to .*start kwlesson in a folder"):
        launch.copy_notebooks(notebooks, work)


IN_THE_WAY = {
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a link to itself": lambda path: path.symlink_to(path),
    "a notebook 200,000 deep": lambda path: path.write_text(
        '{"cells": [], "metadata": ' + '{"a": ' * 200_000 + "1" + "}" * 200_001
    ),
    "a text 200,000 deep": lambda path: path.write_text("[" * 200_000),
}


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_what_stands_in_a_copys_way_is_the_learners(notebooks, work, what):
    copy = work / "notebooks" / "01-first.ipynb"
    copy.parent.mkdir(parents=True)
    IN_THE_WAY[what](copy)
    before = copy.lstat()
    if what == "a link to itself":
        with pytest.raises(LessonError, match="cannot be copied"):
            launch.copy_notebooks(notebooks, work)
    else:
        pristine, kept = launch.copy_notebooks(notebooks, work)
        assert kept == ["01-first.ipynb"]
        assert copy not in pristine
    assert copy.lstat() == before


@pytest.mark.parametrize("what", ["a pipe", "a folder"])
def test_what_stands_in_the_ledgers_way_gets_a_sentence(notebooks, work, what):
    ledger = work / "notebooks" / launch.LEDGER
    ledger.parent.mkdir(parents=True)
    IN_THE_WAY[what](ledger)
    with pytest.raises(LessonError, match=r"cannot be copied to .*it is no file: .*copied.json"):
        launch.copy_notebooks(notebooks, work)


# Starting


def test_the_first_notebook_opens_with_the_lessons_settings(notebooks, work, started):
    launch.open_lab(notebooks, work, ["--no-browser", "--port=8890"])
    assert started == [
        [
            f"--ServerApp.root_dir={work}",
            "--LabApp.default_url=/doc/tree/notebooks/01-first.ipynb",
            "--no-browser",
            "--port=8890",
        ]
    ]
    ours = os.pathsep.join(map(str, (launch.FRAME, launch.SETTINGS)))
    assert os.environ["JUPYTER_CONFIG_PATH"] == ours
    assert os.environ["JUPYTER_WIDGETS_ECHO"] == "0"


def test_a_teacher_starts_on_the_plan_in_the_whole_of_jupyterlab(notebooks, work, started):
    launch.open_lab(notebooks, work, teach=True)
    plan = "--LabApp.default_url=/lab/tree/notebooks/instructor/session-plan.ipynb"
    assert plan in started[0]
    assert os.environ["JUPYTER_CONFIG_PATH"] == str(launch.SETTINGS)


def commit(folder):
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "the lesson"]):
        subprocess.run([*git, *words], check=True)


def test_edit_opens_the_notebooks_themselves_unlocked(notebooks, work, started):
    locked = json.loads(notebook_text())
    for cell in locked["cells"]:
        cell["metadata"] |= LOCK | {"tags": ["kept"]}
    (notebooks / "01-first.ipynb").write_text(json.dumps(locked))
    launch.open_lab(notebooks, None)
    opened = json.loads((notebooks / "01-first.ipynb").read_text())
    assert [cell["metadata"] for cell in opened["cells"]] == [{"tags": ["kept"]}] * len(
        opened["cells"]
    )
    assert started[0][0] == f"--ServerApp.root_dir={notebooks.parent}"
    assert not work.exists()
    assert not is_trusted(notebooks / "instructor" / "session-plan.ipynb"), (
        "whose it is nobody knows"
    )


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("opened", ["lab", "edit"])
def test_what_was_committed_is_trusted_and_a_strangers_notebook_beside_it_is_not(
    notebooks, work, opened
):
    commit(notebooks.parent)
    (notebooks / "02-second.ipynb").write_text(notebook_text("changed by a stranger"))
    (notebooks / "03-third.ipynb").write_text(notebook_text("a stranger's"))
    launch.open_lab(notebooks, work if opened == "lab" else None)
    here = work / "notebooks" if opened == "lab" else notebooks
    trusted = {path.name: is_trusted(path) for path in here.rglob("*.ipynb")}
    teachers = {} if opened == "lab" else {"session-plan.ipynb": True}
    assert trusted == teachers | {
        "01-first.ipynb": True,
        "02-second.ipynb": False,
        "03-third.ipynb": False,
    }


@pytest.mark.parametrize("variable", ["CONFIG", "DATA", "RUNTIME"])
def test_a_place_that_jupyter_cannot_write_to_gets_a_sentence_at_once(
    notebooks, work, started, monkeypatch, variable
):
    monkeypatch.setenv(f"JUPYTER_{variable}_DIR", "/proc/nowhere")
    with pytest.raises(LessonError, match=f"/proc/nowhere .*variable JUPYTER_{variable}_DIR"):
        launch.open_lab(notebooks, work)
    assert started == []
    assert not work.exists()


def test_signatures_that_cannot_be_kept_get_a_sentence(notebooks, work, started, tmp_path):
    (tmp_path / "jupyter" / "notebook_secret").mkdir(parents=True)
    with pytest.raises(LessonError, match=r"signatures.*JUPYTER_DATA_DIR"):
        launch.open_lab(notebooks, work)
    assert started == []


def test_root_is_told_how_to_start_it(notebooks, work, started, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(LessonError, match=r"does not start for root.*--allow-root"):
        launch.open_lab(notebooks, work)
    assert started == []
    assert not work.exists()
    launch.open_lab(notebooks, work, ["--allow-root"])
    assert len(started) == 1


@pytest.mark.usefixtures("started")
def test_the_lessons_own_words_are_trusted_and_a_changed_copy_is_not(notebooks, work, capsys):
    launch.copy_notebooks(notebooks, work)
    changed = work / "notebooks" / "02-second.ipynb"
    changed.write_text(notebook_text("from a stranger"))
    launch.open_lab(notebooks, work)
    assert is_trusted(work / "notebooks" / "01-first.ipynb")
    assert not is_trusted(changed)
    assert "Kept as you left them: 02-second.ipynb (" in capsys.readouterr().out


@pytest.mark.usefixtures("started")
def test_nothing_is_said_of_keeping_when_nothing_was_kept(notebooks, work, capsys):
    launch.open_lab(notebooks, work)
    assert capsys.readouterr().out == f"Your copies of the notebooks are in {work / 'notebooks'}.\n"


@pytest.mark.parametrize("variable", ["JUPYTER_CONFIG_PATH", "JUPYTER_PATH"])
def test_settings_of_others_stay_behind_the_lessons(variable):
    environment = {variable: "theirs"}
    launch.prepare(environment)
    assert environment[variable].split(os.pathsep) == [str(launch.SETTINGS), "theirs"]


def test_a_learner_s_jupyterlab_and_other_work_leave_each_other_s_layout_alone(monkeypatch):
    monkeypatch.delenv("JUPYTERLAB_WORKSPACES_DIR", raising=False)
    learner, author = {}, {}
    launch.prepare(learner, framed=True)
    launch.prepare(author)
    assert Path(learner["JUPYTERLAB_WORKSPACES_DIR"]) != Path(get_workspaces_dir())
    assert "JUPYTERLAB_WORKSPACES_DIR" not in author


def test_a_kernel_of_the_lesson_is_this_python_without_a_debugger(monkeypatch):
    """A debugger takes as much memory as the rest of a kernel, and no learner opens it."""
    monkeypatch.setenv("JUPYTER_PATH", str(launch.SETTINGS))
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        loaded = "import sys; print(sys.executable, '_pydevd_bundle' in sys.modules)"
        said = []
        client.execute_interactive(loaded, output_hook=lambda one: said.append(one["content"]))
        assert client.execute_interactive("import kwlesson")["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    printed = "".join(one.get("text", "") for one in said)
    assert printed == f"{sys.executable} False\n"


@pytest.mark.usefixtures("started")
def test_answers_are_kept_beside_the_copies_of_the_notebooks(notebooks, work):
    launch.open_lab(notebooks, work)
    assert os.environ["KWLESSON_WORK"] == str(work.resolve())


@pytest.mark.usefixtures("started")
def test_a_folder_named_for_the_answers_is_the_one_used(notebooks, work, monkeypatch):
    monkeypatch.setenv("KWLESSON_WORK", "elsewhere")
    launch.open_lab(notebooks, work)
    assert os.environ["KWLESSON_WORK"] == "elsewhere"


@pytest.mark.parametrize("option", [[], ["--no-browser"]])
def test_a_lesson_of_ones_own_opens_from_its_folder_with_its_tables(
    tmp_path, started, monkeypatch, option
):
    monkeypatch.setattr(paths, "CHECKOUT", None)
    mine = tmp_path / "low-ferry"
    begin(mine)
    assert cli.main(["lab", str(mine), *option]) == 0
    assert started == [
        [
            f"--ServerApp.root_dir={mine / 'work'}",
            "--LabApp.default_url=/doc/tree/notebooks/01-accounts.ipynb",
            *option,
        ]
    ]
    copies = mine / "work" / "notebooks"
    assert is_trusted(copies / "01-accounts.ipynb")
    assert load(copies / paths.BESIDE).id == "low-ferry"
    assert cli.main(["edit", str(mine)]) == 0
    assert started[1][0] == f"--ServerApp.root_dir={mine}"
    assert cli.main(["lab", str(mine), "--teach"]) == 0
    assert started[2][1] == "--LabApp.default_url=/lab/tree/notebooks/01-accounts.ipynb"


def test_without_a_checkout_edit_says_where_the_notebooks_are(notebooks, started, monkeypatch):
    monkeypatch.setattr(paths, "CHECKOUT", None)
    monkeypatch.setattr(paths, "NOTEBOOKS", notebooks)
    with pytest.raises(LessonError, match="only in a checkout of the project"):
        launch.open_lab(notebooks, None)
    assert started == []


def test_without_jupyterlab_one_sentence_says_so(notebooks, work, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.delitem(sys.modules, "jupyterlab.labapp", raising=False)
    with pytest.raises(LessonError, match=r"no module named jupyterlab.*pip install jupyterlab"):
        launch.open_lab(notebooks, work)
    assert not work.exists()


def test_without_a_notebook_one_sentence_says_so(tmp_path, work, started):
    with pytest.raises(LessonError, match="There is no notebook in"):
        launch.open_lab(tmp_path, work)
    assert started == []


def test_importing_the_module_imports_no_jupyter():
    code = "import sys, kwlesson.jupyter.launch, kwlesson.jupyter.save_hook; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
    assert b"kwlesson.jupyter.launch" in loaded.split()
    assert [name for name in loaded.split() if name.startswith((b"jupyter", b"nbformat"))] == []


# A real server


@contextlib.contextmanager
def running(arguments, folder):
    """Run a Jupyter server with an empty home; yield a way to ask it."""
    home = folder / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    with serving([*arguments, "--IdentityProvider.token=t"], home, kept, folder) as url:

        def ask(path, body=None):
            request = urllib.request.Request(
                url + path,
                data=body and json.dumps(body).encode(),
                method="PUT" if body else "GET",
                headers={"Authorization": "token t", "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.url, answer.read().decode()

        yield ask


@pytest.fixture(scope="module")
def lesson_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson server")
    notebooks, work = folder / "notebooks", folder / "work"
    notebooks.mkdir()
    (notebooks / "01 first #1.ipynb").write_text(notebook_text())
    code = (
        "import sys; from pathlib import Path; from kwlesson.jupyter.launch import open_lab;"
        f"open_lab(Path({str(notebooks)!r}), Path({str(work)!r}), sys.argv[1:])"
    )
    with running(["-c", code], folder) as ask:
        yield SimpleNamespace(ask=ask, root=work)


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory):
    """Make the same server without the lesson's settings, as a university's is."""
    folder = tmp_path_factory.mktemp("plain server")
    root = folder / "root"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "01 first #1.ipynb").write_text(notebook_text())
    committed = subprocess.run(
        ["git", "show", f"HEAD:./{OURS}"],  # noqa: S607
        cwd=paths.NOTEBOOKS, check=True, capture_output=True,
    ).stdout  # fmt: skip
    (root / "notebooks" / "ours.ipynb").write_bytes(committed)
    (root / "notebooks" / "ours-changed.ipynb").write_bytes(committed.replace(b"<p", b"<p ", 1))
    with running(["-m", "jupyterlab", f"--ServerApp.root_dir={root}"], folder) as ask:
        yield SimpleNamespace(ask=ask, root=root)


def page_config(server):
    _, page = server.ask("lab")
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(config[1])


def cells_are_trusted(server, name="01%20first%20%231.ipynb"):
    _, answer = server.ask(f"api/contents/notebooks/{name}")
    cells = json.loads(answer)["content"]["cells"]
    return {cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code"}


def saved_with_a_widget(server, source="import kwlesson"):
    notebook = json.loads(notebook_text())
    notebook["cells"][1]["source"] = source
    notebook["cells"][1]["outputs"][0]["data"][WIDGET_VIEW] = {"model_id": "2f1c"}
    body = {"type": "notebook", "format": "json", "content": notebook}
    server.ask("api/contents/notebooks/saved.ipynb", body)
    return (server.root / "notebooks" / "saved.ipynb").read_text()


@pytest.mark.slow
def test_the_lab_opens_on_the_first_notebook(lesson_server):
    url, _ = lesson_server.ask("")
    assert url.endswith("/doc/tree/notebooks/01%20first%20%231.ipynb")


@pytest.mark.slow
def test_the_lab_shows_no_news_over_the_lesson(lesson_server, plain_server):
    assert ANNOUNCEMENTS in page_config(lesson_server)["disabledExtensions"]
    assert ANNOUNCEMENTS not in page_config(plain_server).get("disabledExtensions", [])


@pytest.mark.slow
def test_the_lab_hangs_no_buttons_on_the_cells(lesson_server, plain_server):
    assert CELL_TOOLBAR in page_config(lesson_server)["disabledExtensions"]
    assert CELL_TOOLBAR not in page_config(plain_server).get("disabledExtensions", [])


@pytest.mark.slow
def test_the_labs_keys_spare_what_a_cell_shows(lesson_server, plain_server):
    def keys(server):
        _, answer = server.ask("lab/api/settings/@jupyterlab/shortcuts-extension:shortcuts")
        return json.loads(answer)["schema"]["properties"]["shortcuts"]["default"]

    assert "notebook:cut-cell" in {row["command"] for row in keys(lesson_server)}
    assert keys(plain_server) == []


@pytest.mark.slow
@pytest.mark.parametrize("server", ["lesson_server", "plain_server"])
def test_no_server_saves_a_dead_widget_of_the_lesson(server, request):
    saved = saved_with_a_widget(request.getfixturevalue(server))
    assert "two reports" in saved
    assert WIDGET_VIEW not in saved


@pytest.mark.slow
def test_a_server_saves_the_widgets_of_others(plain_server):
    assert WIDGET_VIEW in saved_with_a_widget(plain_server, "import theirs")


@pytest.mark.slow
def test_the_labs_copies_are_trusted_before_anything_is_run(lesson_server, plain_server):
    assert cells_are_trusted(lesson_server) == {True}
    assert cells_are_trusted(plain_server) == {False}


@pytest.mark.slow
def test_any_server_trusts_what_is_ours_to_the_byte_and_nothing_that_was_changed(plain_server):
    assert cells_are_trusted(plain_server, "ours.ipynb") == {True}
    assert False in cells_are_trusted(plain_server, "ours-changed.ipynb")
