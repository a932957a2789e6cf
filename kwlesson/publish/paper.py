"""The lesson on paper: a handout, class cards, an answer slip, and the plan with the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kwlesson import paths
from kwlesson.translation import cache_by_language
from kwlesson.views.kit.map import Map
from kwlesson.views.kit.render import templates
from kwlesson.views.kit.stylesheet import sheet

if TYPE_CHECKING:
    from pathlib import Path

    import jinja2

    from kwlesson.lesson import Lesson
    from kwlesson.tables.store import Record

SHEETS = {
    "handout": "The sheet: two reports, and through whose hands they came (for each learner)",
    "cards": "Class cards to cut out (for each pair)",
    "slip": "Answer slip (for each learner)",
    "plan": "The teacher's plan, with the names and the key (it gives everything away)",
}
FOLDER = "paper"
_MINUTES = 50
_MAX_QUOTES = 6  # of a card, which is a quarter of a sheet


def build(lesson: Lesson, notebooks: Path, out: Path) -> None:  # noqa: ARG001 - as every part
    """Write the sheets as pages to print, on A4 and on Letter.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks, of which nothing is needed.
    out : Path
        The folder of the site.
    """
    walked = all(map(lesson.records, ("places", "links")))
    if not (walked and any(row[f"minutes_{_MINUTES}"] for row in lesson.records("plan"))):
        return  # the sheets are those of a session, and of what it walks through
    context = _context(lesson)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHEETS:
        page = _templates().get_template(f"sheets/{name}.html").render(context)
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    links = [{"file": f"{name}.html", "title": title} for name, title in SHEETS.items()]
    write_index(lesson, folder / "index.html", "on paper", "To print, on A4 or on Letter.", links)


def write_index(
    lesson: Lesson, path: Path, title: str, says: str, links: list[dict[str, str]]
) -> None:
    """Write a page that leads to what is beside it.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    path : Path
        Where it stands.
    title, says : str
        What it leads to.
    links : list of dict
        Each with its `file` and its `title`; what is `saved` is not opened.
    """
    page = _templates().get_template("sheets/index.html")
    context = {"case": lesson.records("cases")[0], "style": sheet(), "own_style": _own_style()}
    html = page.render(context, title=title, says=says, links=links)
    path.write_text(html, encoding="utf-8", newline="\n")


def _own_style() -> Markup:
    style = (paths.PACKAGE / "publish" / "sheets" / "style.css").read_text(encoding="utf-8")
    return Markup(style)  # noqa: S704 - our own file


@cache_by_language
def _templates() -> jinja2.Environment:
    """Return the templates of the sheets, and those of the views, from which they take parts."""
    import jinja2

    views, sheets = (jinja2.FileSystemLoader(paths.PACKAGE / one) for one in ("views", "publish"))
    return templates().overlay(loader=jinja2.ChoiceLoader([sheets, views]), bytecode_cache=None)


def _context(lesson: Lesson) -> dict[str, Any]:
    case = lesson.records("cases")[0]
    hidden, named = (lesson.compare(case["id"], masked=one).context for one in (True, False))
    judged = {point["id"]: point for point in named["core"]}
    session = lesson.teach(_MINUTES, paper=True)
    steps = session.context["steps"]
    return {
        "style": sheet(),
        "own_style": _own_style(),
        "case": case,
        "accounts": _accounts(lesson, hidden["accounts"], named["accounts"]),
        "voices": hidden["voices"],
        "rows": [(row, judged[row["id"]]) for row in hidden["core"] if row["id"] in judged],
        "map": Map(lesson, []),
        "credit": [row for row in lesson.grouped("outlines", "credit") if row],
        "sources": _sources(lesson, case),
        "cards": _cards(lesson.trace().context["cards"]),
        "questions": _questions(lesson, steps),
        "last": [step for step in steps if step["start"] != step["until"]][-1],
        "session": session,
    }


def _accounts(lesson: Lesson, hidden: list[Record], named: list[Record]) -> list[Record]:
    """Return each account with its name, its route, and what hides the reporters on the way."""
    masks = {row["reporter"]: row["masked_label"] for row in hidden}
    return [
        row
        | {
            "named": other,
            "masks": masks,
            "route": lesson.follow(row["route"]).context["routes"][0] if row["route"] else None,
        }
        for row, other in zip(hidden, named, strict=True)
    ]


def _cards(steps: list[Record]) -> dict[int, list[Record]]:
    """Return the steps of each class card; where none are named, a step is a card."""
    found: dict[int, list[Record]] = {}
    for number, step in enumerate(steps, start=1):
        found.setdefault(int(step["card"] or number), []).append(step | {"place": number})
    for card in found.values():
        for step in card:
            step["shown"] = _longest(step["quotes"], _MAX_QUOTES // len(card))
    return dict(sorted(found.items()))


def _longest(quotes: list[Record], most: int) -> list[Record]:
    """Choose what has its place on a card: words given to somebody, and whole sentences first."""
    shown = [quote for quote in quotes if quote["sensitive"] == "no"]
    ranked = sorted(shown, key=lambda one: (one["kind"] != "testimony", -len(one["words"])))
    return [quote for quote in shown if quote in ranked[:most]]


def _questions(lesson: Lesson, steps: list[Record]) -> list[Record]:
    """Return what is written on the slip, in the order of the session."""
    choices = lesson.grouped("choices", "question")
    return [
        step["asks"] | {"choices": choices.get(step["asks"]["id"], ()), "say": step["say"]}
        for step in steps
        if step["asks"]
    ]


def _sources(lesson: Lesson, case: Record) -> list[Record]:
    """Return the texts in which the words of a case are printed."""
    points = {row["id"] for row in lesson.records("points", case=case["id"])}
    used = {row["source"] for row in lesson.records("claims") if row["point"] in points}
    return [row for row in lesson.records("sources", base="yes") if row["id"] in used]
