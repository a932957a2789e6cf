"""One stylesheet, of which each view ships its own part."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kwlesson.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED = {
    "who": ["card.css"],
    "quote": ["card.css"],
    "cite": ["card.css"],
    "gather": ["report.css"],
    "read_codes": ["report.css"],
    "ask": ["form.css"],
    "keep": ["form.css"],
}
_CLASS = re.compile(r"\bkw-[\w-]+")
_IN_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_OUTER_COMMA = re.compile(r",\s*(?![^()]*\))")
# Comments, and white space that separates nothing: every view carries its rules with it.
_NEEDLESS = re.compile(r"/\*.*?\*/\s*|\s*([{};])\s*", re.DOTALL)


@cache
def sheet(view: str) -> str:
    """Return the rules that a view needs: those of every view, shared ones, and its own.

    Parameters
    ----------
    view : str
        Name of the view's folder.

    Returns
    -------
    str

    Examples
    --------
    >>> ".kw-evidence" in sheet("corroborate"), ".kw-evidence" in sheet("compare")
    (True, False)
    """
    kit, own = PACKAGE / "views" / "kit", PACKAGE / "views" / view
    files = [
        kit / "base.css",
        *(kit / name for name in _SHARED.get(view, ())),
        *sorted(own.glob("*.css")),
        kit / "glossary.css",
    ]
    rules = "".join(path.read_text(encoding="utf-8") for path in files)
    return _NEEDLESS.sub(lambda found: found[1] or "", rules).strip()


def worn(css: str, html: str) -> str:
    """Keep of a sheet the rules that a page wears: a stored notebook holds no others.

    Parameters
    ----------
    css : str
        Rules as `sheet` gives them.
    html : str
        The page.

    Returns
    -------
    str
        The rules all of whose classes the page has, apart from those inside ``:is()`` and the like.

    Examples
    --------
    >>> worn(".kw a{top:0}.kw .kw-b,.kw .kw-c{top:1}@media print{.kw-b{top:2}}", "kw kw-c")
    '.kw a{top:0}.kw .kw-c{top:1}'
    """
    classes = set(_CLASS.findall(html))
    kept = []
    for selectors, rules in _blocks(css):
        if selectors.startswith("@"):
            inner = worn(rules, html)
            kept += [f"{selectors}{{{inner}}}"] if inner else []
            continue
        fitting = [one for one in _OUTER_COMMA.split(selectors) if _named(one) <= classes]
        kept += [f"{','.join(fitting)}{{{rules}}}"] if fitting else []
    return "".join(kept)


def _named(selector: str) -> set[str]:
    return set(_CLASS.findall(_IN_BRACKETS.sub("", selector)))


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    depth = start = opened = 0
    for place, sign in enumerate(css):
        if sign == "{":
            depth += 1
            opened = opened if depth > 1 else place
        elif sign == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1
