"""How a notebook of a lesson is called: by its heading."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
            prose = ("".join(c["source"]) for c in stored["cells"] if c["cell_type"] == "markdown")
            if title := next(filter(None, map(heading, prose)), ""):
                return title
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
    number, _, words = name.partition("-")
    return f"{number} {words.replace('-', ' ').capitalize()}"


def heading(prose: str) -> str:
    """Return the first heading of the first order, as a reader sees it.

    Parameters
    ----------
    prose : str
        Markdown.

    Returns
    -------
    str
        Empty, where there is none.

    Examples
    --------
    >>> heading("# 02 The *fog*<!--cases:harbour-light-->")
    '02 The fog'
    """
    found = _HEADING.search(prose)
    return plain(found[1]) if found else ""


def plain(markdown: str) -> str:
    """Return a line of Markdown without its marks and its comments.

    Parameters
    ----------
    markdown : str
        The line.

    Returns
    -------
    str

    Examples
    --------
    >>> plain("What is in **the fog**?")
    'What is in the fog?'
    """
    return _MARK.sub("", markdown).strip()
