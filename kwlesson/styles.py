"""One stylesheet, of which each view ships its own part."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kwlesson.places import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(
    r"^/\* ([a-z_]+(?:, [a-z_]+)*) \*/\n(.*?)^/\* end of \1 \*/\n", re.MULTILINE | re.DOTALL
)
_CLASS = re.compile(r"\bkw-[\w-]+")
_IN_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_OUTER_COMMA = re.compile(r",\s*(?![^()]*\))")
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
