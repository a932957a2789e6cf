"""The text face of a view: its page, walked once and laid out in lines.

A page says in its own elements what a text needs: headings are underlined, a list has its dashes,
a term stands before its meaning, a cell after the name of its column. Drawings, styles and
buttons are left out. A row (`data-row`) is a first line, closed by its number (`data-number`), its
id and what it is on (`data-on`); what else it holds is indented. The words explained in passing
are listed at the end. Where that is not enough, `data-text` on an element says more:

none
    It is not in the text, which has the same words elsewhere or does not need them.
line
    It is a line of its own, though on the page it stands in a line with others, or is hidden.
label
    It is a line of its own, and what follows it in the element around it is indented.
closed
    Of this disclosure only the summary is in the text, with the ids of the rows behind it.
after
    It stands at the end of the text: a learner judges first.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 88
_INDENT = 2
_BAR_WIDTH = 15
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_LEFT_OUT = {"button", "iframe", "script", "select", "style", "svg", "template"}
_NO_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
# A tag, with its attributes in quotation marks; or words up to the next one.
_TOKEN = re.compile(
    r"""<(/?)([a-z][a-z0-9]*)([^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*)>|([^<]+|<)"""
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)(?:="([^"]*)"|='([^']*)')?""")
_BLOCKS = {
    "article", "blockquote", "dd", "div", "dl", "fieldset", "figcaption", "figure",
    "form", "li", "main", "ol", "p", "section", "small", "textarea", "ul",
}  # fmt: skip
# What follows them stands apart from them.
_APART = {"blockquote", "dl", "figure", "form", "ol", "ul"}
# They begin a line, and what follows them belongs to the same element as they do.
_OPENINGS = {"dt", "header", "legend"}
_UNDERLINES = {"h2": "=", "h3": "-", "h4": "", "h5": "", "h6": ""}
_BOXES = {"radio": "( ) ", "checkbox": "[ ] ", "number": "[ ] "}
# Rows that are known by their place: an id beside them would say nothing more.
_WITHOUT_ID = {"choices", "claims", "hands"}
_SPACE = re.compile(r"\s+")
# What a terminal would obey instead of showing it.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


def to_text(html: str) -> str:
    """Return a page as text, at most 88 characters wide where its words allow it.

    Parameters
    ----------
    html : str
        The page, or a part of one.

    Returns
    -------
    str

    Examples
    --------
    >>> print(to_text("<h2>Oars</h2><ul><li data-row='quotes:oar'>“An <b>oar</b>”</li></ul>"))
    Oars
    ====
    - “An oar” [oar]
    """
    return _Writer().write_page(_parse(html))


class _Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    children: list[_Element | str]

    def find(self, *tags: str) -> Iterator[_Element]:
        """Yield each element in it with one of these tags, in order; without a tag, every one."""
        for child in self.children:
            if not isinstance(child, str):
                if child.tag in tags or not tags:
                    yield child
                yield from child.find(*tags)

    def words(self) -> str:
        """Return its words in one line, without those that have a line of their own."""
        parts = (child if isinstance(child, str) else child.words() for child in self.children)
        has_own_line = self.attributes.get("data-text") == "line"
        return "" if has_own_line else " ".join("".join(parts).split())

    def row_ids(self) -> list[str]:
        """Return the number and the id of the row that it shows, and of what that row is on."""
        if "data-row" not in self.attributes:
            return []
        table, _colon, key = self.attributes["data-row"].partition(":")
        ids = {
            "({key})": self.attributes.get("data-number"),
            "[{key}]": "" if table in _WITHOUT_ID else key,
            _("on [{key}]"): self.attributes.get("data-on"),
        }
        return [form.format(key=one) for form, one in ids.items() if one]


def _parse(html: str) -> _Element:
    """Return a page that our templates drew as elements, without what no text needs."""
    page = _Element("main", {}, [])
    inside = [page]
    hidden = 0
    for closes, tag, written, words in _TOKEN.findall(_NO_MARKUP.sub("", html)):
        if words:
            if not hidden:
                inside[-1].children.append(_SPACE.sub(" ", _CONTROL.sub("", unescape(words))))
        elif closes:
            if hidden:
                hidden -= tag not in _VOID
            elif inside[-1].tag == tag:
                inside.pop()
        else:
            attributes = {
                name: unescape(value or other) for name, value, other in _ATTRIBUTE.findall(written)
            }
            is_left_out = tag in _LEFT_OUT or attributes.get("data-text") == "none"
            is_hidden = "hidden" in attributes and "data-text" not in attributes
            is_open = tag not in _VOID and not written.endswith("/")
            if hidden or is_left_out or is_hidden:
                hidden += is_open
                continue
            inside[-1].children.append(element := _Element(tag, attributes, []))
            if is_open:
                inside.append(element)
    return page


@dataclass
class _Scope:
    """An open element: its indent, what its first line and a label in it add, its next item."""

    indent: int = 0
    step: int = 0
    under: int = 0
    place: int = 0


class _Writer:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._scopes: list[_Scope] = []
        self._titles: list[tuple[str, str]] = []
        self._after: list[tuple[str, _Element]] = []
        self._explained: dict[str, str] = {}
        # The line that is being gathered: how it begins, its words, how it ends.
        self._marker = ""
        self._words: list[str] = []
        self._ids: list[str] = []
        self._gap = False
        self._rules = {
            **dict.fromkeys(_BLOCKS, self._block),
            **dict.fromkeys(_OPENINGS, self._opening),
            **dict.fromkeys(_UNDERLINES, self._heading),
            **dict.fromkeys(("caption", "summary"), self._label),
            **dict.fromkeys(("br", "input", "meter"), self._sign),
            "details": self._disclosure,
            "table": self._table,
        }
        self._marked = {
            "line": self._block,
            "label": self._label,
            "closed": self._closed,
            "after": self._keep_for_the_end,
        }

    def write_page(self, page: _Element) -> str:
        """Return the text of a page, closed by what waits and by the words explained."""
        self._block(page)
        if self._after:
            self._marked["after"] = self._disclosure
            self._headline(_("After you have judged"), "-")
        for title, group in groupby(self._after, key=itemgetter(0)):
            with self._scope(_Scope()):
                if title:
                    self._headline(title)
                    self._scopes[-1].indent = _INDENT
                for _title, element in group:
                    self._block(element)
        if self._explained:
            self._headline(_("Words explained"), "-")
        for word, meaning in self._explained.items():
            self._words = [f"{word}: {meaning}"]
            self._end_line(_INDENT)
        return "\n".join(self._lines)

    def _write(self, element: _Element) -> None:
        self._ids += element.row_ids()
        for child in element.children:
            if isinstance(child, str):
                self._words.append(child)
            else:
                self._element(child)

    def _element(self, element: _Element) -> None:
        marked = self._marked.get(element.attributes.get("data-text", ""))
        (marked or self._rules.get(element.tag, self._write))(element)

    def _block(self, element: _Element) -> None:
        tag, said = element.tag, self._said()
        # "When:" and what follows it share a line.
        runs_on = said and (tag == "dd" or (tag == "div" and said.endswith(":")))
        if not runs_on:
            self._end_line()
        scope = _Scope()
        marker = self._next_marker(element) if tag == "li" else ""
        if marker:
            scope.step = len(marker)
        elif tag == "ol":
            scope.place = int(element.attributes.get("start") or 1)
        elif tag == "dd" and not runs_on:
            scope.indent = _INDENT
        elif tag in {"dd", "figure"} or (element.row_ids() and tag != "p"):
            scope.step = _INDENT
        with self._scope(scope):
            self._marker += marker
            if tag == "section" and not any(element.find(*_UNDERLINES)):
                self._headline(element.attributes.get("aria-label", ""), "-")
            self._write(element)
            self._end_line(_INDENT if element.attributes.get("data-text") == "line" else 0)
        is_apart = tag in {"article", "section"} or (tag in _APART and not self._indent())
        self._gap = self._gap or is_apart

    def _next_marker(self, item: _Element) -> str:
        around = self._scopes[-1]
        if not around.place:
            return "- "
        place = int(item.attributes.get("value") or around.place)
        around.place = place + 1
        return f"{place}. "

    def _opening(self, element: _Element) -> None:
        self._end_line()
        self._write(element)
        if element.tag == "header":
            self._end_line()
            return
        said = self._said()
        needs_colon = element.tag == "dt" and said[-1:] not in {":", "?", ""}
        self._words = [said, ": " if needs_colon else " "]

    def _heading(self, element: _Element) -> None:
        self._end_line()
        is_first_line = any(scope.step for scope in self._scopes)
        underline = _UNDERLINES[element.tag]
        self._gap = self._gap or not self._marker
        self._scopes[-1].under = 0
        self._write(element)
        self._end_line(_INDENT, "" if is_first_line else underline)
        self._scopes[-1].under = 0 if is_first_line or underline else _INDENT
        if element.tag != "h2":
            above = [(level, title) for level, title in self._titles if level < element.tag]
            self._titles = [*above, (element.tag, element.words())]

    def _headline(self, words: str, line: str = "") -> None:
        self._gap = True
        self._words = [words]
        self._end_line(_INDENT, line)

    def _label(self, element: _Element) -> None:
        self._end_line()
        is_first_line = any(scope.step for scope in self._scopes)
        self._scopes[-1].under = 0
        self._gap = self._gap or not (self._marker or self._indent())
        self._write(element)
        self._end_line(_INDENT)
        self._scopes[-1].under = 0 if is_first_line else _INDENT

    def _sign(self, element: _Element) -> None:
        if element.tag == "br":
            self._words.append("\n")
        elif element.tag == "input":
            self._words.append(_BOXES.get(element.attributes.get("type", ""), ""))
        else:
            value, most = (float(element.attributes.get(name) or 1) for name in ("value", "max"))
            self._words.append("█" * round(_BAR_WIDTH * value / most))

    def _disclosure(self, details: _Element) -> None:
        if details.attributes.get("data-row", "").startswith("terms:"):
            self._explain(details)
        else:
            self._block(details)

    def _explain(self, details: _Element) -> None:
        word, meaning = (next(details.find(tag), details).words() for tag in ("summary", "span"))
        name = details.attributes.get("data-name") or word
        self._explained.setdefault(name, meaning.removeprefix("(").removesuffix(")"))
        self._words.append(word)

    def _closed(self, details: _Element) -> None:
        self._end_line()
        self._ids += details.row_ids()
        self._words = [next(details.find("summary"), details).words()]
        for inner in details.find():
            self._ids += inner.row_ids()
        self._end_line(_INDENT)

    def _keep_for_the_end(self, element: _Element) -> None:
        self._end_line()
        self._after.append((": ".join(title for _, title in self._titles), element))

    def _table(self, table: _Element) -> None:
        self._end_line()
        step = _INDENT if table.row_ids() else 0
        with self._scope(_Scope(0, step)):
            self._ids += table.row_ids()
            for caption in table.find("caption"):
                self._label(caption)
            names = [cell.words() for head in table.find("thead") for cell in head.find("th")]
            for part in table.find("tbody", "tfoot"):
                for row in part.find("tr"):
                    self._row(row, names)

    def _row(self, row: _Element, names: list[str]) -> None:
        with self._scope(_Scope(0, _INDENT)):
            self._ids += row.row_ids()
            for place, cell in enumerate(row.find("th", "td")):
                if cell.words():
                    name = names[place] if place < len(names) else ""
                    with self._scope(_Scope(0, _INDENT if place else 0)):
                        if name and "colspan" not in cell.attributes:
                            self._words = [name, " " if name.endswith("?") else ": "]
                        self._write(cell)

    @contextmanager
    def _scope(self, scope: _Scope) -> Iterator[None]:
        lines, ids, marker, titles = len(self._lines), len(self._ids), self._marker, self._titles
        self._scopes.append(scope)
        yield
        self._end_line()
        self._scopes.pop()
        self._titles = titles
        # What was to begin or end its first line has nothing to stand on any more.
        del self._ids[ids if len(self._lines) == lines else 0 :]
        self._marker = marker if len(self._lines) == lines else ""

    def _said(self) -> str:
        return "".join(self._words).strip()

    def _indent(self) -> int:
        return sum(scope.indent + scope.under for scope in self._scopes)

    def _end_line(self, hanging: int = 0, underline: str = "") -> None:
        """Write the words gathered: the line and, where they hold a break, those that follow it."""
        said, self._words = self._said(), []
        if not said:
            return
        first, *more = (" ".join(line.split()) for line in said.split("\n"))
        if self._gap and self._lines:
            self._lines.append("")
        start, indent = len(self._lines), self._indent()
        hangs = len(self._marker) or (_INDENT if self._ids else hanging)
        self._wrap(" ".join([first, *self._ids]), indent, hangs)
        self._marker, self._ids, self._gap = "", [], False
        if underline:
            width = max(map(len, self._lines[start:])) - indent
            self._lines.append(" " * indent + underline * width)
        for scope in self._scopes:
            scope.indent += scope.step
            scope.step = 0
        for line in more:
            self._wrap(line, self._indent(), hanging)

    def _wrap(self, line: str, indent: int, hanging: int) -> None:
        first, *words = line.split(" ")
        written = f"{' ' * indent}{self._marker}{first}"
        for word in words:
            if len(written) + 1 + len(word) <= WIDTH:
                written += f" {word}"
            else:
                self._lines.append(written)
                written = " " * (indent + hanging) + word
        self._lines.append(written)
