"""Execute notebooks and store them, the same way every time."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from kwlesson.atomic_file import read_at_most, write_atomic
from kwlesson.errors import LessonError
from kwlesson.jupyter.launch import TEACHERS
from kwlesson.jupyter.save_hook import LOCK, drop_widget_views
from kwlesson.paths import list_files

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from pathlib import Path

    from nbformat import NotebookNode

T = TypeVar("T")

LONGEST_CELL_SECONDS = 60
MAX_OUTPUT_BYTES = 20_000_000
_MAX_NOTEBOOK_BYTES = 100_000_000
_SHOWN_OF_A_REASON = 200
AT_ONCE = 2
# What a program needs that makes a script of a notebook.
_LANGUAGE = {"file_extension": ".py", "name": "python", "nbconvert_exporter": "python"}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FORM = 'class="kw-form"'
_SCRIPT = re.compile(r'<script type="(text/plain|module)".*?</script>\n', re.DOTALL)
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
    return _run(_refresh(path))


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run in another thread, where nbclient cannot take Ctrl-C away; that ends every kernel."""
    runner = asyncio.Runner()
    loop = runner.get_loop()
    task = loop.create_task(work)

    def finish() -> T:
        with runner:
            return loop.run_until_complete(task)

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(finish)
        try:
            return done.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(task.cancel)
            with suppress(asyncio.CancelledError):
                done.result()
            raise


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
    found = list(dict.fromkeys(notebook for path in paths for notebook in _notebooks(path)))
    return _run(_refresh_all(found, tell))


async def _refresh_all(paths: Sequence[Path], tell: Callable[[str, bool], None]) -> int:
    from tqdm import tqdm

    places = asyncio.Semaphore(AT_ONCE)

    async def run(path: Path) -> str:
        async with places:
            return f"{path}: {'stored anew' if await _refresh(path) else 'unchanged'}"

    failed = 0
    runs = [asyncio.ensure_future(run(path)) for path in paths]
    try:
        with tqdm(total=len(runs), disable=None, unit="notebook", leave=False) as bar:
            for one in runs:
                try:
                    line, is_stored = await one, True
                except LessonError as error:
                    if _is_cancelled():  # which nbclient takes for the kernel's death
                        raise asyncio.CancelledError from None
                    line, is_stored = str(error), False
                failed += not is_stored
                with bar.external_write_mode():
                    tell(line, is_stored)
                bar.update()
    finally:
        for one in runs:
            one.cancel()
        await asyncio.gather(*runs, return_exceptions=True)
    return failed


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _notebooks(path: Path) -> list[Path]:
    return list_files(path, "*.ipynb") if path.is_dir() else [path]


def _read(path: Path) -> tuple[str, NotebookNode]:
    import nbformat

    try:
        stored = _content(path).decode()
        raw: Any = json.loads(stored)
        for number, cell in enumerate(raw["cells"], start=1):
            cell.setdefault("id", f"cell-{number}")  # else a random one would be made up each time
        raw["nbformat_minor"] = max(5, int(raw["nbformat_minor"]))
        nbformat.validate(raw, version=4)
        json.dumps(raw, ensure_ascii=False).encode()  # half a character could not be sent
        return stored, nbformat.reads(json.dumps(raw), as_version=4)
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError),
        *(OverflowError, RecursionError, nbformat.ValidationError),
    ) as error:
        why = getattr(error, "strerror", None) or _first_line(error)
        raise LessonError(f"{path}: cannot be read as a notebook ({why})") from None


def _content(path: Path) -> bytes:
    content = read_at_most(path, _MAX_NOTEBOOK_BYTES)
    if content is None:
        raise FileNotFoundError(errno.ENOENT, "no such file")
    return content


def _first_line(error: object) -> str:
    return f"{error}\n".strip().partition("\n")[0][:_SHOWN_OF_A_REASON]


def _store(path: Path, fresh: str) -> None:
    try:
        write_atomic(path, fresh.encode(), durable=False)
    except OSError as error:
        raise LessonError(f"{path}: cannot be stored ({error.strerror})") from None


async def _execute(notebook: NotebookNode, path: Path, empty: str) -> None:
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    client = _client(notebook, path)
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
    finally:
        await client.kill()
    if client.left < 0:
        why = f"its output is larger than {MAX_OUTPUT_BYTES // 1_000_000} MB"
    place, wrong = next(_errors(notebook), ("a cell", ""))
    if why or wrong:
        why = _first_line(why or wrong)
        raise LessonError(f"{path}: not stored, since {place} fails ({why})")


def _client(notebook: NotebookNode, path: Path) -> Any:  # noqa: ANN401 - its class is imported here
    from jupyter_core.utils import ensure_async
    from nbclient import NotebookClient

    class Client(NotebookClient):
        left = MAX_OUTPUT_BYTES

        def process_message(self, message: dict[str, Any], *place: Any) -> Any:  # noqa: ANN401 - as there
            before, self.left = self.left, self.left - len(str(message["content"]))
            if self.left >= 0:
                return super().process_message(message, *place)
            if before >= 0:
                self.end = asyncio.ensure_future(self.kill())
            return None

        async def kill(self) -> None:
            if self.km is not None and self.km.has_kernel:
                await ensure_async(self.km.shutdown_kernel(now=True))

    return Client(
        notebook,
        timeout=LONGEST_CELL_SECONDS,
        kernel_name=_KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
    )


def _errors(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                yield f"cell {number}", f"{output.ename}: {output.evalue}"


def _normalise(notebook: NotebookNode, *, locked: bool) -> None:
    drop_widget_views({"type": "notebook", "content": notebook})
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": _LANGUAGE}
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
