"""Sources: their notes, how much of each was read, and what in the lesson rests on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.translation import _
from kwlesson.views.kit.attribution import ADDRESS, notes_on
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.render import capital
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables


class SourceCard(View):
    """A view of one source: a note to copy, and what the lesson has from it."""

    def __init__(self, lesson: Tables, source: Record) -> None:
        super().__init__(source["title"], _context(lesson, source))


def _context(lesson: Tables, source: Record) -> dict[str, Any]:
    sources, terms = lesson.by_id("sources"), lesson.by_id("terms")
    glossary = Glossary(lesson)
    explain, explain_added = glossary.scope(), glossary.scope()
    key, kind = source["id"], lesson.words("sources.kind")[source["kind"]]["term"]
    unknown = {"id": "", "term": source["read"], "meaning": ""}
    return {
        "source": source | {"kind": explain(kind), "archive": explain(source["archive"])},
        "read": terms.get(source["read"], unknown),
        "through": sources.get(source["cited_in"]),
        "link": bool(ADDRESS.fullmatch(source["url"])),
        "rests": _rests(lesson, key),
        "adds": notes_on(lesson, f"sources:{key}", explain_added),
    }


def _rests(lesson: Tables, key: str) -> list[Record]:
    """Return all that the lesson has from a source, in kinds."""
    cautions = {
        f"quotes:{quote['id']}": quote["caution"]
        for quote in lesson.records("quotes", sensitive="yes")
    }
    links = {support["link"] for support in lesson.records("supports", source=key)}
    points = {claim["point"] for claim in lesson.records("claims", source=key)}
    routes = {hand["route"] for hand in lesson.records("hands", source=key)}

    def quotes(column: str) -> list[Record]:
        rows = lesson.records("quotes", **{column: key})
        return [row | {"title": cautions.get(f"quotes:{row['id']}", row["plain"])} for row in rows]

    events = sorted(lesson.records("events", source=key), key=lambda event: event["date_sort"])
    dated = [event | {"title": f"{event['title']} ({event['date_label']})"} for event in events]
    notes = lesson.records("notes", source=key)
    kinds = [
        (_("Quotations printed in it"), "quotes", quotes("source")),
        (_("Quotations of its words"), "quotes", quotes("document")),
        (_("Events"), "events", dated),
        (_("Links of the chain of decisions"), "links", _among(lesson, "links", links)),
        (_("Points of a comparison"), "points", _among(lesson, "points", points)),
        (_("Routes of a report"), "routes", _among(lesson, "routes", routes)),
        (
            _("Notes"),
            "notes",
            [row | {"title": cautions.get(row["about"], row["text"])} for row in notes],
        ),
        (_("Sources known only through it"), "sources", lesson.records("sources", cited_in=key)),
    ]
    return [{"label": label, "table": table, "rows": rows} for label, table, rows in kinds if rows]


def _among(lesson: Tables, table: str, ids: set[str]) -> list[Record]:
    named = {"links": "says", "points": "question"}.get(table, "title")
    rows = [row for row in lesson.records(table) if row["id"] in ids]
    return [row | {"title": row.get("title") or row[named]} for row in rows]


class Sources(View):
    """A view of all sources: each with its note, and how much of it was read."""

    template = "all"

    def __init__(self, lesson: Tables) -> None:
        super().__init__(_("Sources"), _all(lesson))


def _all(lesson: Tables) -> dict[str, Any]:
    sources, terms = lesson.by_id("sources"), lesson.by_id("terms")
    base = lesson.records("sources", base="yes")
    one, several = (
        _("The text that the lesson begins with"),
        _("The texts that the lesson begins with"),
    )
    groups = [(one if len(base) == 1 else several, base)]
    groups += [
        (capital(word["plural"] or word["term"]), lesson.records("sources", base="no", kind=kind))
        for kind, word in lesson.words("sources.kind").items()
    ]

    def described(source: Record) -> Record:
        """Add the note, divided where its web address stands, and through whom it is known."""
        link = source["url"] if ADDRESS.fullmatch(source["url"]) else ""
        before, inside, after = source["citation"].partition(link) if link else ("", "", "")
        return source | {
            "note": (before, after) if inside else (source["citation"], ""),
            "inside": inside,
            "link": link,
            "apart": "" if source["url"] in source["citation"] else source["url"],
            "through": sources.get(source["cited_in"]),
            "read": terms.get(source["read"], {"term": source["read"]})["term"],
        }

    reads = dict.fromkeys(source["read"] for source in sources.values())
    return {
        "groups": [
            {"label": label, "sources": [described(row) for row in rows]}
            for label, rows in groups
            if rows
        ],
        "reads": [terms[read] for read in reads if read in terms],
    }


def cite(lesson: Tables, source: str | None = None) -> SourceCard | Sources:
    """Show one source: a note to copy, how much was read, and what rests on it.

    Parameters
    ----------
    source : str, optional
        Id of a source; without one, all sources, each with its note.

    Returns
    -------
    SourceCard or Sources
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such source; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.cite("harbour-book").text().splitlines()[3])
    Ada Quill, The Book of the Harbour (Saltmouth: Gull Press, 1931).
    """
    if source is None:
        return Sources(lesson)
    return SourceCard(lesson, lesson.get("sources", source))
