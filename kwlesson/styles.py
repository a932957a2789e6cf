"""One stylesheet, of which each view ships its own part."""

from __future__ import annotations

import re
from functools import cache

from kwlesson.places import PACKAGE

_SECTION = re.compile(
    r"^/\* ([a-z_]+(?:, [a-z_]+)*) \*/\n(.*?)^/\* end of \1 \*/\n", re.MULTILINE | re.DOTALL
)
_EVERYWHERE = "terms"
# Comments, and white space that separates nothing: every view carries its rules with it.
_NEEDLESS = re.compile(r"/\*.*?\*/\s*|\s*([{};])\s*", re.DOTALL)


@cache
def sheet(view: str) -> str:
    """Give the rules that a view needs: those of every view, and its own section.

    A section stands between ``/* name, name */`` and ``/* end of name, name */``.

    Parameters
    ----------
    view : str
        Name of the view's templates.

    Returns
    -------
    str

    Examples
    --------
    >>> ".kw-evidence" in sheet("corroborate"), ".kw-evidence" in sheet("compare")
    (True, False)
    """
    whole = (PACKAGE / "templates" / "style.css").read_text(encoding="utf-8")
    wanted = {view, _EVERYWHERE}
    own = _SECTION.sub(lambda found: found[2] if wanted & set(found[1].split(", ")) else "", whole)
    return _NEEDLESS.sub(lambda found: found[1] or "", own).strip()
