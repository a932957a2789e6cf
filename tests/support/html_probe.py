"""Read the faces of a view as a reader without styles, and as a program, would."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import ipywidgets

from kwlesson.answers.widget import AnswerWidget

# What a page says of its text holds cells, and is not part of what is compared here.
OF_TEXT = {"data-text", "data-number", "data-on", "data-name"}
VOID = {"input", "br", "hr", "img", "meta", "link", "path", "circle", "rect", "line", "use"}


class Page(HTMLParser):
    """What a page holds: rows, headings, words, words outside closed details."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.rows: list[str] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self.open_words: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.unbalanced: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.attributes += [(name, value or "") for name, value in attrs if name not in OF_TEXT]
        self.rows += [value for name, value in attrs if name == "data-row"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            is_open = tag == "details" and "open" in dict(attrs)
            self.tags.append("opened" if is_open else tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.tags or self.tags[-1] not in {tag, "opened"}:
            self.unbalanced.append(tag)
        if self.tags:
            self.tags.pop()

    def handle_data(self, data):
        if "style" in self.tags:
            return
        self.words.append(data)
        hidden = any(tag == "details" for tag in self.tags) and "summary" not in self.tags[-2:]
        if not hidden:
            self.open_words.append(data)

    @property
    def text(self) -> str:
        return squeeze(" ".join(self.words))

    @property
    def open_text(self) -> str:
        return squeeze(" ".join(self.open_words))


class OnPaper(HTMLParser):
    """What of a page belongs on paper: its words and rows, but for what is not for a text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.rows: list[str] = []
        self._open = [""]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        own, around = dict(attrs), self._open[-1]
        how = (
            "none" if tag in {"style", "svg"} or own.get("scope") == "col" else own.get("data-text")
        )
        if around == "none" or (around == "closed" and tag != "summary"):
            how = around if own.get("data-row") and around == "closed" else "none"
        if how != "none":
            self.rows += [value for name, value in attrs if name == "data-row"]
        if tag not in VOID:
            self._open.append(how)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data):
        if self._open[-1] not in {"none", "closed"}:
            self.words += re.findall(r"\w+", data)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def live_html(view) -> str:
    """All HTML of the live face, in order."""
    return widget_html(view.live())


def widget_html(widget) -> str:
    """All HTML of a widget and of those in it, in order."""
    own = ""
    if isinstance(widget, ipywidgets.HTML):
        own = widget.value
    elif isinstance(widget, AnswerWidget):
        own = widget.html
    return own + "".join(widget_html(child) for child in getattr(widget, "children", ()))


def unexplained(html: str) -> str:
    """Give a page as it reads while no word is looked up."""
    term = r'<details class="kw-term"[^>]*><summary>(.*?)</summary><span>.*?</span></details>'
    return re.sub(term, r"\1", html, flags=re.DOTALL)
