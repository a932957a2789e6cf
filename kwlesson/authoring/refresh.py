"""Execute notebooks and store them, the same way every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

from kwlesson.atomic_file import write_atomic
from kwlesson.errors import LessonError
from kwlesson.jupyter.launch import TEACHERS
from kwlesson.jupyter.save_hook import LOCK, drop_widget_views
from kwlesson.paths import list_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from nbformat import NotebookNode

LONGEST_CELL_SECONDS = 120
AT_ONCE = 2
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FORM = 'class="kw-form"'
_SCRIPT = re.compile(r'<script type="module">.*?</script>\n', re.DOTALL)
_KEPT_OF_A_CELL = {"jupyter", "tags"}


def refresh(path: Path) -> bool:
    """Run a notebook from top to bottom and store what it shows.

    What changes from one run to the next is left out: widget views, the Python version, times. The
    notebook runs without any learner's answers and without the settings of whoever runs it.

    Parameters
    ----------
    path : Path
        A notebook.

    Returns
    -------
    bool
        Whether the stored file changed; one that did not is not touched.

    Raises
    ------
    LessonError
        When the notebook cannot be read or one of its cells fails; the stored file stays as it is.
    """
    from jupyter_core.utils import run_sync

    return bool(run_sync(_refresh)(path))


async def _refresh(path: Path) -> bool:
    stored, notebook = _read(path)
    with tempfile.TemporaryDirectory() as empty:
        await _execute(notebook, path, empty)
    _normalise(notebook, locked=path.parent.name != TEACHERS)
    fresh = _written(notebook)
    if fresh == stored:
        return False
    _store(path, fresh)
    return True


def refresh_all(paths: Sequence[Path], tell: Callable[[str, bool], None]) -> int:
    """Run and store notebooks, a few at a time, with a progress bar where a person looks on.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks, or folders of notebooks.
    tell : callable
        Takes a line for each notebook (stored anew, unchanged, or why it could not be stored), and
        whether it is stored.

    Returns
    -------
    int
        How many could not be stored.
    """
    from jupyter_core.utils import run_sync

    found = list(dict.fromkeys(notebook for path in paths for notebook in _notebooks(path)))
    return int(run_sync(_refresh_all)(found, tell))


async def _refresh_all(paths: Sequence[Path], tell: Callable[[str, bool], None]) -> int:
    import asyncio

    from tqdm import tqdm

    places = asyncio.Semaphore(AT_ONCE)

    async def run(path: Path) -> str:
        async with places:
            return f"{path}: {'stored anew' if await _refresh(path) else 'unchanged'}"

    failed = 0
    runs = [asyncio.ensure_future(run(path)) for path in paths]
    with tqdm(total=len(runs), disable=None, unit="notebook", leave=False) as bar:
        for one in runs:
            try:
                line, is_stored = await one, True
            except LessonError as error:
                line, is_stored = str(error), False
            failed += not is_stored
            with bar.external_write_mode():
                tell(line, is_stored)
            bar.update()
    return failed


def _notebooks(path: Path) -> list[Path]:
    return list_files(path, "*.ipynb") if path.is_dir() else [path]


def _read(path: Path) -> tuple[str, NotebookNode]:
    import nbformat

    try:
        stored = path.read_text(encoding="utf-8")
        raw: Any = json.loads(stored)
        for number, cell in enumerate(raw["cells"], start=1):
            cell.setdefault("id", f"cell-{number}")  # else a random one would be made up each time
        raw["nbformat_minor"] = max(5, int(raw["nbformat_minor"]))
        return stored, nbformat.reads(json.dumps(raw), as_version=4)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise LessonError(f"{path}: cannot be read as a notebook ({why})") from None


def _store(path: Path, fresh: str) -> None:
    try:
        write_atomic(path, fresh.encode(), durable=False)
    except OSError as error:
        raise LessonError(f"{path}: cannot be stored ({error.strerror})") from None


async def _execute(notebook: NotebookNode, path: Path, empty: str) -> None:
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    client = NotebookClient(
        notebook,
        timeout=LONGEST_CELL_SECONDS,
        kernel_name=_KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    why = ""
    try:
        # Neither answers nor settings of this machine get in, nor does a kernel talk over the bar.
        alone = {"KWLESSON_WORK": empty, "IPYTHONDIR": f"{empty}/ipython"}
        await client.async_execute(env=os.environ | alone, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        why = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        why = f"longer than {LONGEST_CELL_SECONDS} seconds"
    except RuntimeError:  # it ended while it ran, or before it answered
        why = "Python ended while it ran"
    except NoSuchKernel:
        raise LessonError(f"{path}: not stored, since Jupyter has no kernel for Python") from None
    place, wrong = next(_errors(notebook), ("a cell", ""))
    why = (why or wrong).strip().splitlines()[0] if why or wrong else ""
    if why:
        raise LessonError(f"{path}: not stored, since {place} fails ({why})")


def _errors(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                yield f"cell {number}", f"{output.ename}: {output.evalue}"


def _normalise(notebook: NotebookNode, *, locked: bool) -> None:
    drop_widget_views({"type": "notebook", "content": notebook})
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        for name in set(cell.metadata) - _KEPT_OF_A_CELL:
            del cell.metadata[name]
        if locked:
            cell.metadata.update(LOCK)
    pages = [
        output.data
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", ())
    ]
    if not any(_FORM in page["text/html"] for page in pages):
        for page in pages:
            page["text/html"] = _SCRIPT.sub("", page["text/html"])


def _written(notebook: NotebookNode) -> str:
    import nbformat

    written: str = nbformat.writes(notebook)  # its keys are sorted
    return f"{written}\n"
