"""The one stylesheet of all views, and how a notebook gets it once."""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kwlesson.answers import bundle
from kwlesson.paths import PACKAGE
from kwlesson.views.kit import page_script
from kwlesson.views.kit.completion import offer_ids
from kwlesson.views.kit.render import kept, macro

if TYPE_CHECKING:
    from kwlesson.tables.store import Tables

_VIEWS = PACKAGE / "views"
SHARED_FILES = ("answers/*.js", "views/*/*.js", "views/*/*.css")  # of which `shared` is made
# Comments, and white space that separates nothing: every notebook stores the rules.
_NEEDLESS = re.compile(r"/\*.*?\*/\s*|(?<=[{};>:,])\s+|\s+(?=[{};>])", re.DOTALL)


@cache
def sheet(verbs: frozenset[str] | None = None) -> Markup:
    """Return the rules of all views: what they share, then each view's own.

    The rules of a folder ``views/<verb>`` reach that view alone, since they are nested in its
    class ``kw-view-<verb>``; what two views need stands in ``views/kit``.

    Parameters
    ----------
    verbs : frozenset of str, optional
        Whose own rules are wanted; by default all.

    Returns
    -------
    Markup

    Examples
    --------
    >>> sheet().count(".kw-view-compare{"), sheet(frozenset()).count(".kw-view-compare{")
    (1, 0)
    """
    shared = [path.read_text(encoding="utf-8") for path in sorted(_VIEWS.glob("kit/*.css"))]
    own = [
        f".kw-view-{path.parent.name} {{ {path.read_text(encoding='utf-8')} }}"
        for path in sorted(_VIEWS.glob("*/style.css"))
        if verbs is None or path.parent.name in verbs
    ]
    lines = [_NEEDLESS.sub("", rules).strip() for rules in shared + own]
    return Markup("\n".join(lines))  # noqa: S704 - our own files


def style() -> Markup:
    """Return the rules of all views as an element, for what stands alone.

    Returns
    -------
    Markup

    Examples
    --------
    >>> style().count("<style>")
    1
    """
    return Markup("<style>\n{}\n</style>\n").format(sheet())


def in_frames() -> bool:
    """Return whether each output is a page of its own, which no style of another reaches.

    Returns
    -------
    bool
        As on Colab.
    """
    return "google.colab" in sys.modules


def install(lesson: Tables) -> None:
    """Show a notebook what its views share, as the output of the cell that loads a lesson.

    That is the stylesheet, and the script of all forms. The outputs of views hold neither, so a new
    look rewrites that output alone. The rules are moved out of the output, which may then be
    cleared, collapsed or run again. Where there is no notebook nothing happens. The way to the
    workbook follows once the cell is answered: the widgets that it needs take longer to import than
    the lesson takes to load, and until it is there a form keeps its answers in the browser.

    Parameters
    ----------
    lesson : Tables
        Whose answers are kept.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    if hasattr(shell, "Completer"):
        offer_ids(shell, lesson)
    connected = _publish(shell.display_pub, shell.execution_count)
    if getattr(shell, "kernel", None) and lesson.id not in connected:
        connected.add(lesson.id)
        _connect_afterwards(shell.display_pub, lesson)


@lru_cache(maxsize=1)
def _publish(publisher: Any, _cell: int) -> set[str]:  # noqa: ANN401 - of IPython, which has no types
    """Publish it once for each cell, however many lessons it loads."""
    made_by = (Path(path) for path in (__file__, bundle.__file__, page_script.__file__))
    files = (path for pattern in SHARED_FILES for path in sorted(PACKAGE.glob(pattern)))
    once = kept("shared", [*made_by, *files], shared)
    html = f"{macro('kit/frame.html', 'printed')}\n{once}"
    publisher.publish(data={"text/html": html, "text/plain": ""})
    return set()


def shared() -> str:
    """Return what a notebook has once: joining it takes longer than to read what was joined.

    Returns
    -------
    str
        The rules of all views, and the scripts.

    Examples
    --------
    >>> shared().count("<style"), shared().count("<script")
    (1, 3)
    """
    install_styles = (_VIEWS / "kit" / "install_styles.js").read_text(encoding="utf-8")
    return (
        f'<style class="kw-stylesheet">\n{sheet()}\n</style>\n'
        f"<script>\n{install_styles}</script>\n{page_script.page_script()}\n"
    )


def _connect_afterwards(publisher: Any, lesson: Tables) -> None:  # noqa: ANN401
    """Connect the page with the workbook once the cell is answered, while somebody reads it."""
    import asyncio

    from kwlesson.answers.workbook import Workbook, is_shared

    if is_shared():  # answers stay in the browsers of several visitors
        return
    Workbook(lesson=lesson.id)  # that none can be kept is said in the cell
    try:
        asyncio.get_running_loop().call_soon(_connect, publisher, lesson)
    except RuntimeError:  # a thread beside the kernel's own
        _connect(publisher, lesson)


def _connect(publisher: Any, lesson: Tables) -> None:  # noqa: ANN401
    """Publish the way to the workbook, which shows nothing and is not stored."""
    from kwlesson.answers.widget import Connection

    shown: Any = Connection(lesson.id)._repr_mimebundle_()
    # Colab reads from the metadata how to draw a widget; elsewhere there is none.
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    del data["text/plain"]
    publisher.publish(data=data, metadata=metadata)
