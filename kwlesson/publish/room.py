"""The path of one class as one page: what the plan of 50 minutes shows, and its speaker's view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kwlesson.publish.notebook_parts import Part, learners, read_parts
from kwlesson.publish.pages import TIME, Page, about_site, describe, draw, draw_page, draw_parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kwlesson.lesson import Lesson

MINUTES = 50
FILE = "room.html"
WORD = "names"
_LENGTH = f"minutes_{MINUTES}"
_OTHERS = {"ask", "keep", "go_on", "look_back", "argue"}  # what shows no evidence


class Section(NamedTuple):
    """What the class's page takes from one notebook."""

    number: str
    parts: list[Part]


def build(
    lesson: Lesson, notebooks: Path, out: Path, *, address: str = "", word: str = WORD
) -> None:
    """Write the page of a class of 50 minutes, where the lesson has a plan for one.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks.
    out : Path
        The folder of the site.
    address : str, optional
        Where the site will be, to be drawn as a code for a telephone's camera.
    word : str, optional
        What opens everything from the notebook that gives the names.
    """
    if not any(row[_LENGTH] for row in lesson.records("plan")):
        return
    before, after = _sections(lesson, notebooks)
    plan = lesson.teach(MINUTES)
    place = f"{address.rstrip('/')}/{FILE}" if address else ""
    site = about_site(notebooks)
    title = site["title"]
    names = {path.stem for path in learners(notebooks)}
    last = plan.context["steps"][-1]
    closing = [Part(verb="ask", view=lesson.ask(last["question"]))] if last["question"] else []

    def drawn(sections: list[Section]) -> list[dict[str, object]]:
        return [{"number": one.number, "body": _drawn(one, names)} for one in sections]

    body = draw(
        "room.html",
        title=title,
        before=drawn(before),
        after=drawn(after),
        last=last,
        exit=draw_parts(closing, names),
        keep=Markup(lesson.keep().published()),  # noqa: S704 - a view escapes what it draws
        plan=Markup(plan.published()),  # noqa: S704 - as above
        word=word,
        address=place,
        picture=_picture(place) if place else "",
    )
    shown = [part for one in before + after for part in one.parts] + closing
    verbs = {part.verb for part in shown} | {"keep"}
    about = Page(FILE, f"In class: {title}", "", MINUTES)
    html = draw_page(
        body,
        verbs=verbs,
        extra=["room.js"],
        title=about.title,
        metadata=describe(about, site),
        home=False,
    )
    (out / FILE).write_text(html, encoding="utf-8", newline="\n")


def _drawn(section: Section, names: set[str]) -> Markup:
    """Draw the part of a page that comes from one notebook, whose title is one of several there."""
    html = str(draw_parts(section.parts, names))
    html = html.replace("<h1>", '<h2 class="kw-part">').replace("</h1>", "</h2>")
    return Markup(html)  # noqa: S704 - as it was drawn


def _sections(lesson: Lesson, notebooks: Path) -> tuple[list[Section], list[Section]]:
    """Return what the session shows, before the names are out and after."""
    taken = {row["notebook"] for row in lesson.records("plan") if row[_LENGTH]}
    sections: list[Section] = []
    passed: list[Part] = []
    masked = 0
    for path in learners(notebooks):
        number = path.name[:2]
        groups = list(_groups(read_parts(path, lesson)))
        ratings = [part for group in groups for part in group if _is_rated(group)]
        if number not in taken:
            passed += ratings
            continue
        if sections and passed:  # a rating of a notebook that the session leaves out is not lost
            sections[-1].parts.extend(passed)
        passed = []
        shown = [
            part
            for place, group in enumerate(groups)
            for part in group
            if (place == 0 or _is_rated(group) or any(_is_evidence(one) for one in group))
            and part.verb not in {"keep", "go_on"}
        ]
        sections.append(Section(number, shown))
        if any(part.view and part.view.context.get("masked") for part in shown):
            masked = len(sections)
    return (sections[:masked], sections[masked:]) if masked else (sections, [])


def _groups(parts: list[Part]) -> Iterator[list[Part]]:
    """Part a notebook at its headings; what stands above the first is a group, too."""
    group: list[Part] = []
    for part in parts:
        if part.prose.startswith("## ") and group:
            yield group
            group = []
        group.append(part._replace(prose=TIME.sub("", part.prose)))
    yield group


def _is_evidence(part: Part) -> bool:
    return bool(part.view) and part.verb not in _OTHERS


def _is_rated(group: list[Part]) -> bool:
    return any(
        part.view and part.verb == "ask" and part.view.context["question"]["kind"] == "scale"
        for part in group
    )


def _picture(address: str) -> Markup:
    import segno

    code: str = segno.make(address, error="m").svg_inline(scale=5, light="#fff")
    return Markup(code)  # noqa: S704 - it is drawn from squares
