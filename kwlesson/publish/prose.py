"""A notebook's prose as HTML, the way Jupyter reads it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Collection

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOTEBOOK = re.compile(r"([\w-]+)\.ipynb((?:#.*)?)")


def to_html(markdown: str, notebooks: Collection[str]) -> Markup:
    """Draw a cell of prose; links lead from page to page.

    Parameters
    ----------
    markdown : str
        The source of the cell. What names the rows behind a sentence is left out.
    notebooks : collection of str
        The names of the notebooks that become pages. A link to another one becomes its words.

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(to_html("Read [on](01-fog.ipynb), or [teach](plan.ipynb).", {"01-fog"}))
    <p>Read <a href="01-fog.html">on</a>, or <span>teach</span>.</p>
    """
    parser = _parser()
    tokens = parser.parse(_COMMENT.sub("", markdown))
    for token in tokens:
        _turn_links(token.children or [], notebooks)
    html = parser.renderer.render(tokens, parser.options, {}).strip()
    return Markup(html)  # noqa: S704 - the notebooks are ours, and a page runs no script of theirs


def page_of(address: str, notebooks: Collection[str]) -> str:
    """Return the page to which a link of a notebook leads, or nothing where there is none.

    Parameters
    ----------
    address : str
        What the link says.
    notebooks : collection of str
        The names of the notebooks that become pages.

    Returns
    -------
    str

    Examples
    --------
    >>> page_of("01-fog.ipynb#later", {"01-fog"}), page_of("teacher/plan.ipynb", {"01-fog"})
    ('01-fog.html#later', '')
    """
    if address.startswith(("https://", "http://", "#")):
        return address
    found = _NOTEBOOK.fullmatch(address)
    return f"{found[1]}.html{found[2]}" if found and found[1] in notebooks else ""


@cache
def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise LessonError(
            "pages need a package more; in a checkout: pip install '.[publish]'"
        ) from None
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _turn_links(tokens: list[Token], notebooks: Collection[str]) -> None:
    opened: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            page = page_of(str(token.attrs["href"]), notebooks)
            opened.append(bool(page))
            attributes: dict[str, Any] = {"href": page} if page else {}
            token.attrs = attributes
        is_dead = token.type.startswith("link_") and not opened[-1]
        token.tag = "span" if is_dead else token.tag
        if token.type == "link_close":
            opened.pop()
