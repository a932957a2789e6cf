"""The one stylesheet of all views, and how a notebook gets it once."""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from kwlesson.paths import PACKAGE

_VIEWS = PACKAGE / "views"
# Comments, and white space that separates nothing: every notebook stores the rules.
_NEEDLESS = re.compile(r"/\*.*?\*/\s*|\s*([{};>])\s*|(?<=[:,])\s+", re.DOTALL)


@cache
def sheet() -> Markup:
    """Return the rules of all views: what they share, then each view's own.

    The rules of a folder ``views/<verb>`` reach that view alone, since they are nested in its
    class ``kw-view-<verb>``; what two views need stands in ``views/kit``.

    Returns
    -------
    Markup

    Examples
    --------
    >>> sheet().count(".kw-view-compare{")
    1
    """
    shared = [path.read_text(encoding="utf-8") for path in sorted(_VIEWS.glob("kit/*.css"))]
    own = [
        f".kw-view-{path.parent.name} {{ {path.read_text(encoding='utf-8')} }}"
        for path in sorted(_VIEWS.glob("*/style.css"))
    ]
    lines = [_NEEDLESS.sub(lambda found: found[1] or "", rules).strip() for rules in shared + own]
    return Markup("\n".join(lines))  # noqa: S704 - our own files


def install() -> None:
    """Show a notebook the stylesheet, as the one output of the cell that loads a lesson.

    The outputs of views hold no rule that could change, so a new look rewrites that output alone.
    A script in it moves the rules out of the output, which may then be cleared, collapsed or run
    again. Where there is no notebook nothing happens.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        _publish(shell.display_pub, shell.execution_count)


@lru_cache(maxsize=1)
def _publish(publisher: Any, _cell: int) -> None:  # noqa: ANN401 - of IPython, which has no types
    """Publish the rules once for each cell, however many lessons it loads."""
    script = (_VIEWS / "kit" / "install_styles.js").read_text(encoding="utf-8")
    html = f'<style class="kw-stylesheet">\n{sheet()}\n</style>\n<script>\n{script}</script>\n'
    publisher.publish(data={"text/html": html, "text/plain": ""})
