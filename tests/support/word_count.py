"""How many words of a notebook a reader meets, as a browser shows them: ours and the sources'."""

from __future__ import annotations

import json
from typing import NamedTuple

from nbconvert.filters.markdown_mistune import markdown2html_mistune

from kwlesson.views.kit.page_script import page_script
from kwlesson.views.kit.stylesheet import sheet

# Text in curly quotation marks or in a block quotation is a source's, all else is ours. What is
# clipped away serves a screen reader alone and stands in nobody's sight.
WORDS = """
    () => {
        const word = /[\\p{L}\\p{N}][\\p{L}\\p{N}'\\u2019.,-]*/gu;
        const count = text => (text.match(word) ?? []).length;
        const split = (text, quoted) => {
            if (quoted) return [0, count(text)];
            const sources = text.match(/“[^”]*”/g) ?? [];
            const theirs = sources.reduce((sum, one) => sum + count(one), 0);
            return [count(text) - theirs, theirs];
        };
        const isClipped = element => {
            for (let one = element; one; one = one.parentElement) {
                if (getComputedStyle(one).clipPath.startsWith("inset(50%")) return true;
            }
            return false;
        };
        const shown = element => {
            const box = element.getBoundingClientRect();
            return element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
                && box.width > 1 && box.height > 1 && !isClipped(element);
        };
        const sum = { ours: 0, sources: 0, texts: [] };
        const blocks = "p, li, h1, h2, h3, h4, h5, td, th, dt, dd, figcaption, legend, label, "
            + "summary, text, div";
        const said = new Map();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (!node.data.trim() || element.closest("style, script, template")) continue;
            if (element.matches("main > h1:first-child")) continue;
            const text = node.data.replace(/\\s+/g, " ").trim();
            sum.texts.push([text, count(text)]);
            const block = element.closest(blocks) ?? element;
            const quoted = !!element.closest("blockquote");
            const known = said.get(block) ?? { shown: "", quoted };
            if (shown(element)) known.shown += node.data;
            said.set(block, known);
        }
        for (const one of said.values()) {
            const [ours, sources] = split(one.shown, one.quoted);
            sum.ours += ours;
            sum.sources += sources;
        }
        return sum;
    }
"""


LABEL = 3  # words: what is no longer is a label, and no cell of a row


class Words(NamedTuple):
    """Words of ours and of the sources that stand in sight, and every text there is."""

    ours: int
    sources: int
    texts: list[tuple[str, int]]


def page_of(path):
    """Make one page of a notebook: its prose, and what its calls draw."""
    parts, scope = [f"<style>{sheet()}</style>"], {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(markdown2html_mistune(source))
        elif ".load(" in source:
            exec(source, scope)  # noqa: S102 - a cell of ours
        else:
            parts.append(eval(source, scope).stored())  # noqa: S307
    return "\n".join([*parts, str(page_script())])


def count(page):
    """Count what a page shows now, and list all that it holds."""
    found = page.evaluate(WORDS)
    return Words(found["ours"], found["sources"], [(text, n) for text, n in found["texts"]])


def count_once(texts):
    """Count the words of all texts, those of a row once however often it stands somewhere."""
    rows = {text: n for text, n in texts if n > LABEL}
    return sum(rows.values()) + sum(n for _, n in texts if n <= LABEL)
