"""Execute notebooks and store them, the same way every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.errors import LessonError
from kwlesson.server import drop_widget_views

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

LONGEST_CELL_SECONDS = 120
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def refresh(path: Path) -> bool:
    """Run a notebook from top to bottom and store what it shows.

    What changes from one run to the next is left out: widget views, the Python version, times.

    Parameters
    ----------
    path : Path
        A notebook.

    Returns
    -------
    bool
        Whether the stored file changed.

    Raises
    ------
    LessonError
        When the notebook cannot be read or one of its cells fails; the stored file stays as it is.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    try:
        stored = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(stored, as_version=4)
    except (OSError, ValueError) as error:
        raise LessonError(f"{path}: cannot be read as a notebook ({error})") from None
    client = NotebookClient(
        notebook,
        timeout=LONGEST_CELL_SECONDS,
        kernel_name=_KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise LessonError(f"{path}: not stored, since a cell fails:\n{error}") from None
    _normalise(notebook)
    fresh = nbformat.writes(notebook) + "\n"
    if fresh == stored:
        return False
    path.write_text(fresh, encoding="utf-8", newline="\n")
    return True


def _normalise(notebook: NotebookNode) -> None:
    drop_widget_views({"type": "notebook", "content": notebook})
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
