"""How many words of a notebook a reader meets, as a browser shows them: ours and the sources'."""

from __future__ import annotations

import json
from typing import NamedTuple

from nbconvert.filters.markdown_mistune import markdown2html_mistune

# Text in curly quotation marks or in a block quotation is a source's, all else is ours. A text that
# stands in a page more than once, such as a row in two panels, is counted once when all is open.
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
        const shown = element => {
            const box = element.getBoundingClientRect();
            return element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
                && box.width > 1 && box.height > 1;
        };
        const sum = { ours: 0, sources: 0, all: 0 };
        const met = new Set();
        const blocks = "p, li, h1, h2, h3, h4, h5, td, th, dt, dd, figcaption, legend, label, "
            + "summary, text, div";
        const said = new Map();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (!node.data.trim() || element.closest("style, script, template")) continue;
            const block = element.closest(blocks) ?? element;
            const quoted = !!element.closest("blockquote");
            const known = said.get(block) ?? { text: "", shown: "", quoted };
            known.text += node.data;
            if (shown(element)) known.shown += node.data;
            said.set(block, known);
        }
        for (const one of said.values()) {
            const [ours, sources] = split(one.shown, one.quoted);
            sum.ours += ours;
            sum.sources += sources;
            const text = one.text.replace(/\\s+/g, " ").trim();
            if (!met.has(text)) sum.all += count(text);
            met.add(text);
        }
        return sum;
    }
"""


class Words(NamedTuple):
    """Words of ours and of the sources that stand in sight, and all there are."""

    ours: int
    sources: int
    all: int


def page_of(path):
    """Make one page of a stored notebook: its prose, and the HTML of its outputs."""
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            parts.append(markdown2html_mistune("".join(cell["source"])))
        outputs = [output.get("data", {}) for output in cell.get("outputs", ())]
        parts += ["".join(data.get("text/html", "")) for data in outputs]
    return "\n".join(parts)


def count(page):
    """Count what a page shows now."""
    return Words(**page.evaluate(WORDS))
