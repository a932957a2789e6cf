"""What is printed: sheets of so many sides, and notebooks without code and repeats."""

from __future__ import annotations

import re

import pytest
from nbconvert import HTMLExporter

from kwlesson import paths
from kwlesson.views.kit.stylesheet import sheet

SIDES = {"handout": 2, "cards": 2, "slip": 1, "plan": 2}
MOST_SIDES = 4


def sides(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("name", SIDES)
def test_a_sheet_has_its_sides_and_nothing_is_cut(site, page, name):
    page.goto((site / "paper" / f"{name}.html").as_uri())
    for size in ("A4", "Letter"):
        assert sides(page.pdf(format=size, prefer_css_page_size=True)) == SIDES[name]
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('.card')].filter(one => one.scrollHeight > one.clientHeight"
        " + 1 || one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert cut == []


@pytest.mark.parametrize("name", ["01-two-reports", "02-two-names"])
def test_a_notebook_prints_on_few_sides_without_code_or_prompts(page, tmp_path, name):
    html, _ = HTMLExporter().from_filename(paths.NOTEBOOKS / f"{name}.ipynb")
    path = tmp_path / "notebook.html"
    # What a server prints, without what it would fetch; with the styles as they are now.
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    path.write_text(html.replace("</body>", f"<style>{sheet()}</style></body>"), encoding="utf-8")
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    shown = page.evaluate("document.body.innerText")
    assert not re.search(r"lesson\.|In ?\[|Out\[|Download", shown)
    assert sides(page.pdf(format="A4")) <= MOST_SIDES


def test_the_chain_is_printed_with_its_arrows(site, page):
    page.goto((site / "05-request-approval-sign-off.html").as_uri())
    page.locator(".kw-view-trace.kw-live, .kw-view-trace .kw-live").first.wait_for(state="attached")
    assert sides(page.pdf(format="A4")) <= MOST_SIDES + 1
    page.set_viewport_size({"width": 688, "height": 1000})  # what A4 has between its margins
    page.emulate_media(media="print")
    steps = page.locator(".kw-view-trace .kw-step")
    assert steps.locator(".kw-arrow, circle").first.is_visible()
    assert page.locator(".kw-lanes b").first.is_visible()
    assert steps.locator("svg").filter(visible=True).count() == steps.count()
