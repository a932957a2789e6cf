"""The plan of 50 minutes against the clock, with the class's page alone and with paper alone.

    python bench/clock.py

Chromium walks `room.html` in the order of the plan, with real clicks: what comes into sight in a
slot is read once, on paper what the slot takes, and the teacher says the line of the plan, all at
130 words a minute. Assumed: 10 s a choice, 5 s a turn of the switch or a hand placed, 45 s a
written sentence, 20 s to count hands, 60 s a talk in pairs, as much to report it. What is not there
ends the walk; "back" says how far above the last click a slot begins, in windows of 900 pixels. No
class tried it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from yardstick import table

import kwlesson
from kwlesson.publish.site import publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import browser, window

CHOICE, TURN, WRITE, COUNT, TALK, A_MINUTE, HEIGHT = 10, 5, 45, 20, 60, 130, 900
NO, YES, OPEN = (f'[data-row="links:{one}"]'
                 for one in ("moscow-refuses", "stalin-confirms", "maos-sign-off"))  # fmt: skip
HANDS, LAST = "#part-03 .kw-view-follow:has(~ .kw-view-follow)", ".kw-rest > section:last-child"
RATE = [".kw-view-ask label", ".kw-view-ask textarea", ".kw-view-ask [type=submit]"]
ANSWERS = (".kw-title", "[data-ask=happened] label", "[data-ask=said] label")
STEP = [f"{one} {each}" for one in (NO, YES, OPEN) for each in ANSWERS]
SORTED = f"#part-05 > :not(.kw-view-trace), .kw-chain header, .kw-lanes, {NO}, {YES}, {OPEN}"
RATING = CHOICE + WRITE + COUNT
# Of each slot: what is read on the page, what is clicked there, what is read on paper, acts.
SLOTS = {
    1: ("#part-00", ["#part-00 label:has(input)", "#part-00 [type=submit]"], "", CHOICE + COUNT),
    4: ("#part-01 > :not(.kw-view-ask)", ["#part-01 .kw-choices label:nth-of-type(2)"],
        "handout .side:first-child :is(h1, .report)", TURN),
    6: ("#part-01 .kw-view-ask", [f"#part-01 {one}" for one in RATE], "slip", RATING),
    8: ("#part-02", [".kw-word button", "#part-02 .kw-choices label:nth-of-type(2)",
                     *(f"#part-02 li:nth-child({row}) .kw-judged label" for row in (2, 3, 4))],
        "handout .side:first-child > :is(table, ol)", TURN + 3 * CHOICE),
    10: ("none", [], "", TALK),
    11: ("none", [], "slip", 2 * TALK),
    12: (f"#part-03 > :not(.kw-view-follow, .kw-view-ask), {HANDS}",
         [f"{HANDS} [data-step='{step}'] .kw-hand" for step in range(1, 13)]
         + [f"{HANDS} [data-known=presumed] label"],
         "handout .side:last-child :is(h1, section:first-child .hands, ol)", 18 * TURN),
    14: ("#part-03 .kw-view-ask", [f"#part-03 {one}" for one in RATE], "slip", RATING),
    18: (SORTED, STEP, f"cards :is(.card:last-child, {NO}, {YES}, {OPEN})", 6 * CHOICE + TALK),
    19: (f":is({NO}, {YES}) .kw-answer", [f"{NO} .kw-title", f"{YES} .kw-title"],
         f"plan :is({NO}, {YES})", TALK),
    20: (f"{OPEN} .kw-answer", [f"{OPEN} .kw-title"], f"plan {OPEN}", TALK),
    21: (LAST, [f"{LAST} textarea", f"{LAST} [type=submit]"], "slip", WRITE),
}  # fmt: skip
# What newly stands in sight there, without drawings, sources and what a form reports; our answer
# on a step is read in the slot that asks for it.
NEW = """places => {
    const seen = window.seen ??= new Set(), words = [], DRAWN = { visibilityProperty: true };
    const NEVER = "svg, .kw-source, [role=status], .kw-kept-rating";
    const LATER = places.includes("kw-answer") ? NEVER : `${NEVER}, .kw-step .kw-answer`;
    for (const place of document.querySelectorAll(places)) {
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const { currentNode: text } = texts, { parentElement: by } = text;
            if (seen.has(text) || by.closest(LATER) || !by.checkVisibility(DRAWN)) continue;
            words.push(...text.data.split(/\\s+/).filter(Boolean));
            seen.add(text);
        }
    }
    return words.length;
}"""
LIVE = (
    "document.querySelectorAll('.kw-live').length == document.querySelectorAll('.kw-form').length"
)


def walk(page) -> dict[int, tuple[int, float]]:
    """Return the words of each slot on the page, and how far it lies above the one before."""
    found, before = {}, 0.0
    while not page.evaluate(LIVE):
        page.wait_for_timeout(50)
    page.locator(".kw-word input").fill("names")
    for order, (read, clicks, _, _) in SLOTS.items():
        words, places = page.evaluate(NEW, read), []
        for one in (page.locator(click).first for click in clicks):
            places.append(one.evaluate("one => one.getBoundingClientRect().top + scrollY"))
            is_text = one.evaluate("one => one.matches('textarea')")
            one.fill("Kovalev reports it, because ...") if is_text else one.click(timeout=9000)
            words += page.evaluate(NEW, read)
        found[order] = words, max(0, before - min(places, default=before)) / HEIGHT
        before = max(places, default=before)
    return found


def main() -> int:
    """Return how many slots are too short."""
    steps = kwlesson.load().teach(50, paper=True).context["steps"]
    rows = []
    with tempfile.TemporaryDirectory() as folder, browser() as running, window(running) as page:
        site = Path(folder, "site")
        publish(site)
        page.set_viewport_size({"width": int([*sys.argv, 1280][1]), "height": HEIGHT})
        page.goto((site / "room.html").as_uri())
        found = walk(page)
        for step in (one for one in steps if one["until"] > one["start"]):
            _, _, paper, acts = SLOTS[int(step["order"])]
            planned, words, said = step["until"] - step["start"], 0, len(step["say"].split())
            if paper:
                name, _, place = paper.partition(" ")
                page.goto((site / "paper" / f"{name}.html").as_uri())
                asked = place or f'[data-row="questions:{step["question"]}"]'
                words = page.evaluate(NEW, asked)
            row = [f"{step['start']}-{step['until']}", step["notebook"], planned]
            for read in (
                found[int(step["order"])][0],
                words or (0 if step["order"] != 1 else len(step["step"].split())),
            ):
                needs = (read + said) / A_MINUTE + acts / 60
                row += [read + said, f"{needs:.1f}", f"{planned - needs:+.1f}"]
            rows.append([*row, f"{found[int(step['order'])][1]:.1f}"])
    head = [
        "clock",
        "notebook",
        "planned",
        *("page: words", "needs", "slack"),
        *("paper: words", "needs", "slack"),
        "back",
    ]
    print(table(head, rows))
    return sum(row[at].startswith("-") for row in rows for at in (5, 8))


if __name__ == "__main__":
    sys.exit(main())
