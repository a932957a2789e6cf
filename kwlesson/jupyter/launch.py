"""Open the lesson in JupyterLab: a learner's copies of the notebooks, or the originals."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kwlesson import paths
from kwlesson.answers import workbook
from kwlesson.atomic_file import read_at_most, write_atomic
from kwlesson.console import say
from kwlesson.errors import LessonError
from kwlesson.jupyter.save_hook import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping, Sequence

    from nbformat.sign import NotebookNotary

SETTINGS = paths.PACKAGE / "jupyter" / "settings"
FRAME = paths.PACKAGE / "jupyter" / "frame"
LEDGER = ".copied.json"
_MAX_COPY_BYTES = 50_000_000  # beyond it no copy is the lesson's
TEACHERS = "instructor"


def open_lab(
    notebooks: Path, work: Path | None, argv: Sequence[str] = (), *, teach: bool = False
) -> None:
    """Start JupyterLab on the first notebook and stay until it is shut down.

    Parameters
    ----------
    notebooks : Path
        The folder of the lesson's own notebooks.
    work : Path or None
        The learner's folder: the notebooks are copied to ``notebooks`` in it and opened there.
        None opens the notebooks themselves, to change the lesson.
    argv : sequence of str, optional
        More arguments for ``jupyter lab``, such as ``--no-browser``.
    teach : bool, optional
        Bring the teacher's notebooks, too, and start on the first of them.

    Raises
    ------
    LessonError
        When there is no notebook, no JupyterLab, or no place to write; when root asks for it; or
        when the notebooks themselves are asked for and only an installed package is there.
    """
    if work is None and paths.CHECKOUT is None and notebooks == paths.NOTEBOOKS:
        raise LessonError(
            "The notebooks themselves are only in a checkout of the project, and this is an "
            "installed package: `kwlesson lab` opens copies that you may change."
        )
    try:
        from jupyterlab.labapp import LabApp
    except ModuleNotFoundError as missing:
        raise LessonError(
            f"JupyterLab cannot be started, since Python finds no module named {missing.name}: "
            f"`{sys.executable} -m pip install jupyterlab` installs it."
        ) from missing

    _refuse_root(argv)
    _check_places()
    first = first_notebook(notebooks)
    if teach and (notebooks / TEACHERS).is_dir():
        plan = "session-plan.ipynb"  # else the first of the teacher's
        is_there = (notebooks / TEACHERS / plan).is_file()
        first = f"{TEACHERS}/{plan if is_there else first_notebook(notebooks / TEACHERS)}"
    if work is None:
        root, here = notebooks.parent, notebooks
        pristine = paths.list_files(notebooks)
    else:
        root, here = work, work / "notebooks"
        pristine, kept = copy_notebooks(notebooks, work, teach=teach)
        say(f"Your copies of the notebooks are in {work / 'notebooks'}.")
        if kept:
            say(f"Kept as you left them: {', '.join(kept)} (rename one to get it afresh).")
    own = _committed(notebooks)
    if work is None:
        unlock(pristine)
    if own is None:  # an installed package has no others; of a checkout without git nobody knows
        own = set() if work is None else {path.relative_to(here) for path in pristine}
    trust(one for one in pristine if one.suffix == ".ipynb" and one.relative_to(here) in own)
    is_framed = work is not None and not teach
    prepare(os.environ, work, framed=is_framed)
    address = quote(f"{here.name}/{first}")
    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={root.resolve()}",
            f"--LabApp.default_url=/{'doc' if is_framed else 'lab'}/tree/{address}",
            *argv,
        ]
    )


def first_notebook(notebooks: Path) -> str:
    """Name the notebook that the lesson starts with.

    Parameters
    ----------
    notebooks : Path
        The folder of the lesson's own notebooks, which sort in the order of the lesson.

    Returns
    -------
    str

    Raises
    ------
    LessonError
        When the folder holds no notebook.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("02-the-answer.ipynb", "01-the-question.ipynb", "00-read-me.txt"):
    ...         _ = Path(folder, name).write_text("{}")
    ...     first_notebook(Path(folder))
    '01-the-question.ipynb'
    """
    names = sorted(path.name for path in notebooks.glob("[!.]*.ipynb"))
    if not names:
        remedy = "install kwlesson again" if notebooks == paths.NOTEBOOKS else "write one there"
        raise LessonError(f"There is no notebook in {notebooks}: {remedy}.")
    return names[0]


def copy_notebooks(
    notebooks: Path, work: Path, *, teach: bool = False
) -> tuple[list[Path], list[str]]:
    """Return a learner copies of the notebooks, and never write over what the learner wrote.

    A copy that is missing is made. One in which the learner wrote nothing follows the lesson when
    the lesson changes; until then even what running it left behind stays. Any other copy is the
    learner's and is kept. A small file beside the copies remembers what was copied. The tables of a
    lesson of one's own, which lie beside its notebooks, come along.

    Parameters
    ----------
    notebooks : Path
        The folder of the lesson's own notebooks.
    work : Path
        The learner's folder. It is made when it is missing.
    teach : bool, optional
        Whether the teacher's notebooks, with their model answers, are copied, too.

    Returns
    -------
    pristine : list of Path
        The copies that are the same as the lesson's own, to the byte.
    kept : list of str
        The names of those that the learner changed.

    Raises
    ------
    LessonError
        When the learner's folder cannot be written.
    """
    copies = work / "notebooks"
    pristine, kept = [], []
    try:
        copies.mkdir(parents=True, exist_ok=True)
        ledger = _read_ledger(copies / LEDGER)
        for original in paths.list_files(notebooks):
            name = original.relative_to(notebooks).as_posix()
            if name.startswith(f"{TEACHERS}/") and not teach:
                continue
            copy, content = copies / name, original.read_bytes()
            lesson = {"file": _digest(content), "words": _digest(_words(content))}
            before = ledger.get(name, lesson)
            if copy.exists() and not copy.is_file():  # a folder, or a pipe that nobody writes to
                kept.append(name)
                continue
            mine = read_at_most(copy, _MAX_COPY_BYTES)
            if mine is not None and _digest(_words(mine)) not in (lesson["words"], before["words"]):
                kept.append(name)
                continue
            if mine is None or before != lesson:
                copy.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(copy, content, durable=False)
                mine = content
            if mine == content:
                pristine.append(copy)
            ledger[name] = lesson
        tables = notebooks.parent / paths.DATA.name
        if notebooks != paths.NOTEBOOKS and tables.is_dir():
            shutil.rmtree(work / paths.DATA.name, ignore_errors=True)
            shutil.copytree(tables, work / paths.DATA.name)
        known = json.dumps(ledger, indent=1, sort_keys=True).encode()
        write_atomic(copies / LEDGER, known, durable=False)
    except OSError as error:
        raise LessonError(
            f"The notebooks cannot be copied to {copies} ({error.strerror}: {error.filename}): "
            "start kwlesson in a folder where you may write."
        ) from error
    return pristine, kept


def own_notebooks(notebooks: Path) -> list[Path]:
    """Return the notebooks of a folder that are the lesson's own, to the byte.

    Parameters
    ----------
    notebooks : Path
        The folder of the lesson's own notebooks: of a checkout, what was changed since the last
        commit is left out.

    Returns
    -------
    list of Path
    """
    committed = _committed(notebooks)
    return [
        path
        for path in paths.list_files(notebooks, "*.ipynb")
        if committed is None or path.relative_to(notebooks) in committed
    ]


def trust(notebooks: Iterable[Path], notary: NotebookNotary | None = None) -> None:
    """Sign notebooks, so that their stored pages keep their styles before anything is run.

    Parameters
    ----------
    notebooks : iterable of Path
        Notebooks that are the lesson's own, word for word.
    notary : NotebookNotary, optional
        Who signs for a server that runs.

    Raises
    ------
    LessonError
        When the signatures cannot be kept.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    try:
        with nullcontext(notary) if notary else NotebookNotary() as signing:
            for path in notebooks:
                notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
                if not signing.check_signature(notebook):  # each writes to the disk
                    signing.sign(notebook)
    except (OSError, sqlite3.Error) as error:
        raise LessonError(
            f"Jupyter cannot keep signatures of notebooks ({error}): name another folder in the "
            "environment variable JUPYTER_DATA_DIR."
        ) from error


def unlock(notebooks: Iterable[Path]) -> None:
    """Let the cells of notebooks be changed, until they are stored anew.

    Parameters
    ----------
    notebooks : iterable of Path
        The lesson's own notebooks, which `kwlesson refresh` stores locked.
    """
    import nbformat

    for path in notebooks:
        if path.suffix != ".ipynb":
            continue
        try:
            notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        except (ValueError, KeyError, AttributeError, RecursionError):
            continue  # which no cell of it can be opened in
        locks = [cell.metadata.pop(name, None) for cell in notebook.cells for name in LOCK]
        if any(lock is False for lock in locks):
            write_atomic(path, f"{nbformat.writes(notebook)}\n".encode(), durable=False)


def prepare(
    environment: MutableMapping[str, str], work: Path | None = None, *, framed: bool = False
) -> None:
    """Let a Jupyter server find the lesson's settings before anybody else's, and its work folder.

    Parameters
    ----------
    environment : mutable mapping of str to str
        The environment that the server is started in. It is changed in place.
    work : Path, optional
        Where answers are kept, unless the environment names another folder.
    framed : bool, optional
        Whether JupyterLab shows the lesson alone, and nothing of what writes notebooks.

    Examples
    --------
    >>> environment = {}
    >>> prepare(environment)
    >>> environment["JUPYTER_CONFIG_PATH"] == str(SETTINGS), environment["JUPYTER_WIDGETS_ECHO"]
    (True, '0')
    """
    # JUPYTER_PATH leads to a kernel without a debugger, which takes half of a kernel's memory.
    for variable in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        others = environment.get(variable)
        ours = [str(FRAME), str(SETTINGS)] if framed else [str(SETTINGS)]
        environment[variable] = os.pathsep.join(filter(None, [*ours, others]))
    # A click would come back from the kernel as an echo, to no end.
    environment["JUPYTER_WIDGETS_ECHO"] = "0"
    if framed:  # what is open here, and how it lies, is nobody's other work
        from jupyter_core.paths import jupyter_data_dir

        own = Path(jupyter_data_dir(), "kwlesson-workspaces")
        environment.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(own))
    if work is not None and not environment.get(workbook.VARIABLE):
        environment[workbook.VARIABLE] = str(work.resolve())


def _refuse_root(argv: Sequence[str]) -> None:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and not any("allow" in word and "root" in word for word in argv):
        raise LessonError(
            "JupyterLab does not start for root: use an account of your own, "
            "or `kwlesson lab --allow-root`."
        )


def _check_places() -> None:
    """Look whether Jupyter can write where it must, which it would not say in a sentence."""
    from jupyter_core import paths as jupyter

    for variable, folder in {
        "JUPYTER_CONFIG_DIR": jupyter.jupyter_config_dir(),
        "JUPYTER_DATA_DIR": jupyter.jupyter_data_dir(),
        "JUPYTER_RUNTIME_DIR": jupyter.jupyter_runtime_dir(),
    }.items():
        try:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            if variable != "JUPYTER_CONFIG_DIR":  # that one is only read
                tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise LessonError(
                f"Jupyter cannot write in {folder} ({error.strerror}): name another folder in the "
                f"environment variable {variable}."
            ) from error


def _committed(folder: Path) -> set[Path] | None:
    """Return the files below a folder that are as last committed, and None where git knows none."""
    git = shutil.which("git")
    if git is None or not (folder.parent / ".git").exists():
        return None

    def ask(*words: str) -> set[Path]:
        done = subprocess.run(  # noqa: S603 - git itself
            [git, "-C", str(folder), *words], capture_output=True, check=True
        )
        return {Path(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name}

    try:
        known = ask("ls-tree", "-r", "-z", "--name-only", "HEAD")
        return known - ask("diff", "-z", "--name-only", "--relative", "HEAD")
    except subprocess.CalledProcessError:
        return None


def _words(content: bytes) -> bytes:
    """Take from a notebook what a person writes in it: not its outputs, nor its metadata."""
    try:
        cells = json.loads(content)["cells"]
        words = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("attachments")) for cell in cells
        ]
    except (ValueError, LookupError, TypeError, RecursionError):
        return content
    return json.dumps(words, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_ledger(path: Path) -> dict[str, dict[str, str]]:
    """Read what was copied; without a readable ledger every copy that differs is the learner's."""
    try:
        ledger = json.loads(read_at_most(path, _MAX_COPY_BYTES) or b"")
        return {name: {key: row[key] for key in ("file", "words")} for name, row in ledger.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
