"""The one script of all forms that a stored page holds."""

from __future__ import annotations

import re

from markupsafe import Markup

from kwlesson.answers.bundle import bundle_all
from kwlesson.paths import PACKAGE

# Its form holds the words of every source: more than the rest of a notebook.
LIVE_ALONE = {"argue"}
# A notebook stores each line as an entry of a list; a line with a comment must end where it ends.
_JOINED = re.compile(r"^((?!.*//).*[{;,(\[])\n", re.MULTILINE)


def page_script() -> Markup:
    """Return the element that brings to life every form of the page it stands in.

    Returns
    -------
    Markup

    Examples
    --------
    >>> page_script()[:22], "import" in page_script()
    ('<script type="module">', False)
    """
    scripts = (
        path
        for path in sorted(PACKAGE.glob("views/*/script.js"))
        if path.parent.name not in LIVE_ALONE
    )
    host = PACKAGE / "answers" / "stored.js"
    script = _JOINED.sub(r"\1", bundle_all(host, tuple(scripts)))
    return Markup(f'<script type="module">\n{script}</script>')  # noqa: S704 - our own files
