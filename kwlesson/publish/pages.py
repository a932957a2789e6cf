"""Every learner's notebook as one page, which needs no server, no kernel and no other file."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kwlesson.answers.bundle import bundle
from kwlesson.paths import tables_in
from kwlesson.publish.notebook_parts import learners, read_parts, read_prose
from kwlesson.publish.prose import page_of, to_html
from kwlesson.tables.notebook_title import heading, plain
from kwlesson.tables.schema import DESCRIPTOR
from kwlesson.translation import cache_by_language
from kwlesson.views.kit.page_script import page_script
from kwlesson.views.kit.render import templates
from kwlesson.views.kit.stylesheet import sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import jinja2

    from kwlesson.lesson import Lesson
    from kwlesson.publish.notebook_parts import Part

FOLDER = Path(__file__).parent
_SCRIPT = re.compile(r'<script(?: type="module")?>(.*?)</script>', re.DOTALL)
_VIEW = re.compile(r"\bkw-view-(\w+)")
_LINK = re.compile(r'href="([^":]*\.ipynb[^"]*)"')
_QUESTION = re.compile(r"^\*\*([^*]+)\*\*$", re.MULTILINE)
TIME = re.compile(r"^\*\*(\d+) minutes\*\*.*$", re.MULTILINE)


class Page(NamedTuple):
    """What an index says of a page."""

    file: str
    title: str
    question: str
    minutes: int


def build(lesson: Lesson, notebooks: Path, out: Path) -> None:
    """Write a page of each learner's notebook.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks.
    out : Path
        The folder of the site.
    """
    paths = learners(notebooks)
    names = {path.stem for path in paths}
    site = about_site(notebooks)
    for path in paths:
        parts = read_parts(path, lesson)
        about = about_page(path)
        html = draw_page(
            draw_parts(parts, names),
            title=f"{about.title} | {site['title']}",
            description=about.question,
            metadata=describe(about, site),
            verbs={part.verb for part in parts},
        )
        (out / about.file).write_text(html, encoding="utf-8", newline="\n")


def about_site(notebooks: Path) -> dict[str, str]:
    """Return what a lesson says of itself, in the tables beside its notebooks.

    Parameters
    ----------
    notebooks : Path
        The folder of its notebooks.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> from kwlesson.paths import NOTEBOOKS
    >>> sorted(about_site(NOTEBOOKS))
    ['homepage', 'title', 'version']
    """
    described = json.loads((tables_in(notebooks.parent) / DESCRIPTOR).read_text(encoding="utf-8"))
    return {name: str(described.get(name, "")) for name in ("homepage", "title", "version")}


def about_page(path: Path) -> Page:
    """Return what an index says of a notebook's page, as its prose says it.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    Page
    """
    prose = read_prose(path)
    question, minutes = (
        plain(found[1]) if found else ""
        for found in (one.search(prose) for one in (_QUESTION, TIME))
    )
    return Page(f"{path.stem}.html", heading(prose) or path.stem, question, int(minutes or 0))


def draw_parts(parts: Sequence[Part], names: Collection[str]) -> Markup:
    """Draw the parts of a notebook, one under the other.

    Parameters
    ----------
    parts : sequence of Part
        Its prose and its views.
    names : collection of str
        The names of the notebooks that are pages.

    Returns
    -------
    Markup
    """

    def lead(link: re.Match[str]) -> str:
        return f'href="{page_of(link[1], names)}"'

    drawn = [
        _LINK.sub(lead, part.view.published()) if part.view else to_html(part.prose, names)
        for part in parts
    ]
    return Markup("\n".join(drawn))  # noqa: S704 - each was escaped where it was drawn


def draw_page(
    body: Markup, *, verbs: Collection[str] = (), extra: Sequence[str] = (), **head: object
) -> str:
    """Draw a whole page around its body.

    Parameters
    ----------
    body : Markup
        What it shows.
    verbs : collection of str, optional
        The verbs whose forms are in it; none brings no script to bring them to life.
    extra : sequence of str, optional
        Scripts of this room that it runs besides.
    **head
        What the template says of the page: its `title`, its `description`, the `metadata` for a
        machine, and whether it leads `home` to the index.

    Returns
    -------
    str
        HTML. It runs its own scripts, and asks nothing of another place.
    """
    scripts = [page_script(verbs)] if any(_has_form(verb) for verb in verbs) else []
    scripts += [script(name) for name in ("register.js", *extra)]
    own = Markup((FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    context = {
        "body": body,
        "sheet": Markup("\n").join([sheet(frozenset(_VIEW.findall(body))), own]),
        "scripts": Markup("\n").join(scripts),
    }
    html = str(draw("page.html", **context, **head, policy=""))
    return html.replace('content=""', f'content="{_policy(html)}"', 1) + "\n"


def script(name: str) -> Markup:
    """Return a script of this room as an element of a page.

    Parameters
    ----------
    name : str
        Its file.

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(script("register.js").splitlines()[0])
    <script type="module">
    """
    code = bundle(FOLDER / name)
    return Markup(f'<script type="module">\n{code}</script>')  # noqa: S704 - our own file


@cache_by_language
def _templates() -> jinja2.Environment:
    import jinja2

    return templates().overlay(loader=jinja2.FileSystemLoader(FOLDER), bytecode_cache=None)


def draw(name: str, **context: object) -> Markup:
    """Draw a template of this room, in which every value is escaped.

    Parameters
    ----------
    name : str
        Its file.
    **context
        What it takes.

    Returns
    -------
    Markup
    """
    html = _templates().get_template(name).render(context).strip()
    return Markup(html)  # noqa: S704 - the template escaped it


def _has_form(verb: str) -> bool:
    return (FOLDER.parent / "views" / verb / "script.js").is_file()


def _policy(html: str) -> str:
    """Return what the page allows itself: its scripts as they are, and nothing from elsewhere."""
    hashes = " ".join(
        f"'sha256-{b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
        for code in _SCRIPT.findall(html)
    )
    # The packed script becomes a module at an address of its own, which starts with blob.
    return (
        f"default-src 'none'; script-src {hashes} blob:; style-src 'unsafe-inline'; "
        "img-src data:; worker-src 'self'; base-uri 'none'; form-action 'none'"
    )


def describe(page: Page, site: dict[str, str]) -> Markup:
    """Describe a page for those who look for something to teach with, in schema.org's words.

    Parameters
    ----------
    page : Page
        The page.
    site : dict of str to str
        The lesson, as `about_site` has it.

    Returns
    -------
    Markup
        An element for the head of the page.
    """
    described = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": page.title,
        "description": page.question,
        "timeRequired": f"PT{page.minutes}M" if page.minutes else None,
        "isPartOf": {"@type": "LearningResource", "name": site["title"], "url": "index.html"},
        "version": site["version"],
        "inLanguage": "en",
        "learningResourceType": "lesson",
        "educationalUse": "source criticism",
        "interactivityType": "active",
        "typicalAgeRange": "15-20",
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    written = json.dumps({key: value for key, value in described.items() if value})
    return Markup('<script type="application/ld+json">{}</script>').format(
        Markup(written.replace("<", "\\u003c"))  # noqa: S704 - no element can begin in it
    )
