"""Templates in another language: their words are looked up once, when a template is compiled.

What stands between two tags is a message, with the name of a cell in braces where a cell is drawn;
so is what an attribute says that somebody hears or sees. No template needs to mark them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jinja2
from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

# A cell in the words of a template, while they are read: no sign that anybody writes.
_CELL = re.compile("\ue000([0-9]+)\ue001")
_NAME = re.compile(r"\{(\w+)\}")
_ENTITY = re.compile(r"&\w+;")
_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"(<[^>]*>?)")
_WORDS = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_SAID = re.compile(r'(?<= )(alt|aria-label|data-head|data-label|placeholder|title)="([^"<>]*)"')
_NO_WORDS = ("<style", "<script", "<code")
# What a macro adds to a tag.
_MARKUP = re.compile(r"kw[ -]|[\w-]+=\"")


class TranslatedTemplates(jinja2.Environment):
    """Templates whose words pass through `translate` where one is given."""

    translate: Callable[[str], str] | None = None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.translate and str(name).endswith((".html", ".jinja")):
            _Words(self.translate).visit(tree)
        return tree


class _Words:
    """Goes through a template as a browser would, and knows whether it is inside a tag."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate
        self._tag = ""  # what an open tag began with

    def visit(self, node: nodes.Node) -> None:
        """Translate all words of a node."""
        if isinstance(node, nodes.Output):
            node.nodes = self._output(node.nodes)
        elif isinstance(node, nodes.If):
            before = self._tag
            for branch in (node.body, *(other.body for other in node.elif_), node.else_):
                self._tag = before
                for child in branch:
                    self.visit(child)
        else:
            for child in node.iter_child_nodes():
                self.visit(child)

    def _output(self, parts: list[nodes.Expr]) -> list[nodes.Expr]:
        cells: list[nodes.Expr] = []
        whole = ""
        for part in parts:
            if isinstance(part, nodes.TemplateData):
                whole += part.data
            else:
                whole += f"\ue000{len(cells)}\ue001"
                cells.append(part)
        names = _names(cells)
        said = "".join(self._piece(piece, names) for piece in self._pieces(whole))
        found: list[nodes.Expr] = []
        for place, piece in enumerate(_CELL.split(said)):
            if place % 2:
                found.append(cells[int(piece)])
            elif piece:
                found.append(nodes.TemplateData(piece, lineno=parts[0].lineno))
        return found

    def _pieces(self, whole: str) -> list[str]:
        """Part words and tags; a tag may begin in one node and end in another."""
        if self._tag and not self._tag.startswith(_NO_WORDS):
            inside, end, rest = whole.partition(">")
            return [inside + end, *_TAG.split(rest)]
        return _TAG.split(whole)

    def _piece(self, piece: str, names: list[str]) -> str:
        if self._tag.startswith(_NO_WORDS):
            if piece.startswith("</"):
                self._tag = ""
            return piece
        if piece.startswith("<") or self._tag:
            begun = self._tag or piece
            is_over = piece.endswith(">") and not begun.startswith(_NO_WORDS)
            self._tag = "" if is_over else begun
            return _SAID.sub(lambda said: f'{said[1]}="{self._message(said[2], names)}"', piece)
        return self._message(piece, names)

    def _message(self, words: str, names: list[str]) -> str:
        before, inner, after = _WORDS.match(words).groups()  # type: ignore[union-attr]
        plain = _ENTITY.sub("", _CELL.sub("", inner))
        if not _LETTER.search(plain) or _MARKUP.match(plain):
            return words
        message = " ".join(_CELL.sub(lambda cell: f"{{{names[int(cell[1])]}}}", inner).split())
        said = self._translate(message)
        if said == message:
            return words
        place = {name: number for number, name in enumerate(names)}
        marked = _NAME.sub(lambda name: f"\ue000{place[name[1]]}\ue001", said)
        return f"{before}{marked}{after}"


def _names(cells: list[nodes.Expr]) -> list[str]:
    """Name each cell of an output by the last name in it, and a second one by a number, too."""
    names: list[str] = []
    for cell in cells:
        name = _name(cell)
        same = sum(re.sub("[0-9]+$", "", other) == name for other in names)
        names.append(f"{name}{same + 1}" if same else name)
    return names


def _name(cell: nodes.Node) -> str:
    if isinstance(cell, nodes.Getattr):
        return cell.attr
    if isinstance(cell, nodes.Name):
        return cell.name
    if isinstance(cell, nodes.Getitem) and isinstance(cell.arg, nodes.Const):
        return str(cell.arg.value) if isinstance(cell.arg.value, str) else _name(cell.node)
    if isinstance(cell, nodes.Call) and isinstance(cell.node, nodes.Name) and cell.args:
        return _name(cell.args[0]) if cell.node.name == "_" else cell.node.name
    if isinstance(cell, nodes.Call | nodes.Filter | nodes.Getitem) and cell.node:
        return _name(cell.node)
    return "cell"


def messages(template: str, environment: TranslatedTemplates) -> list[str]:
    """Return the messages of a template: its words, and what it marks as words with `_("...")`.

    Parameters
    ----------
    template : str
        Its text.
    environment : TranslatedTemplates
        How it is read.

    Returns
    -------
    list of str

    Examples
    --------
    >>> page = '<p title="A map">{{ row.count }} of {{ all }} seen</p>{{ _("None") if not all }}'
    >>> messages(page, TranslatedTemplates())
    ['None', 'A map', '{count} of {all} seen']
    """
    tree = environment.parse(template)
    found = [
        str(call.args[0].value)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
        if isinstance(call.args[0], nodes.Const)
    ]

    def keep(message: str) -> str:
        found.append(message)
        return message

    _Words(keep).visit(tree)
    return found
