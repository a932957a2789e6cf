"""How a notebook of a lesson is called: by its heading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
_MARK = re.compile(r"<!--.*?-->|[*_`]")


def notebook_title(name: str, tables: Path | None = None) -> str:
    """Return the heading of a notebook, or where there is none what its file's name says.

    Parameters
    ----------
    name : str
        The name of its file, without `.ipynb`.
    tables : Path, optional
        The lesson's tables, by which it is looked for; and then in the current folder, where a
        notebook that runs finds the one beside it.

    Returns
    -------
    str

    Examples
    --------
    >>> notebook_title("02-the-fog")
    '02 The fog'
    """
    beside = [tables.parent / "notebooks", tables.parent] if tables else []
    for folder in (*beside, Path.cwd()):
        try:
            stored = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
            if title := _heading(stored):
                return title
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
    number, _, words = name.partition("-")
    return f"{number} {words.replace('-', ' ').capitalize()}"


def _heading(notebook: dict[str, Any]) -> str:
    for cell in notebook["cells"]:
        prose = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
        if found := _HEADING.search(prose):
            return _MARK.sub("", found[1]).strip()
    return ""
