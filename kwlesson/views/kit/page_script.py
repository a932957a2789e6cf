"""The one script of all forms that a stored page holds."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from kwlesson.answers.bundle import bundle_all, strip
from kwlesson.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Collection

# Its form holds the words of every source: more than the rest of a notebook.
LIVE_ALONE = {"argue"}


def code(verbs: Collection[str] | None = None) -> str:
    """Return the script that brings to life every form of the page it runs in.

    Parameters
    ----------
    verbs : collection of str, optional
        Whose forms those are; by default all that a notebook stores.

    Returns
    -------
    str

    Examples
    --------
    >>> "import" in code(), "function isNewer" in code()
    (False, True)
    """
    scripts = (
        path
        for path in sorted(PACKAGE.glob("views/*/script.js"))
        if (path.parent.name not in LIVE_ALONE if verbs is None else path.parent.name in verbs)
    )
    return bundle_all(PACKAGE / "answers" / "stored.js", tuple(scripts))


def pack(text: str) -> str:
    """Return a text in signs that need no escaping, and that no eye reads by chance.

    Parameters
    ----------
    text : str
        What a page unpacks once it runs.

    Returns
    -------
    str

    Examples
    --------
    >>> zlib.decompress(base64.b64decode(pack("It fits.")))
    b'It fits.'
    """
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode()


def page_script(verbs: Collection[str] | None = None) -> Markup:
    """Return the elements that run it: every notebook stores them, so it is packed.

    Parameters
    ----------
    verbs : collection of str, optional
        As for `code`.

    Returns
    -------
    Markup

    Examples
    --------
    >>> page_script().count("<script"), len(page_script()) < len(code()) / 2
    (2, True)
    """
    unpack = strip((PACKAGE / "answers" / "unpack.js").read_text(encoding="utf-8"))
    return Markup(  # noqa: S704 - our own files
        f'<script type="text/plain" class="kw-packed">{pack(code(verbs))}</script>\n'
        f'<script type="module">\n{unpack}\n</script>'
    )
