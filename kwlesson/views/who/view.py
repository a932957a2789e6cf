"""Who is who: everybody in the lesson, with every spelling and whom not to take them for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.tables.people import find, spellings
from kwlesson.translation import _
from kwlesson.views.kit.attribution import notes_on
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.render import capital
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kwlesson.tables.store import Record, Tables
    from kwlesson.views.kit.glossary import Passage

_ABOUT_NAMES = "family-name-first"


class WhoIsWho(View):
    """A view of all people of a lesson, or of those whom a name may mean."""

    def __init__(self, lesson: Tables, name: str | None = None) -> None:
        people = lesson.records("people")
        found = None if name is None else find(lesson, name)
        context = _context(lesson, found.people if found else people, folded=not found)
        context["asked"] = str(name).strip() if found else None
        context["exact"] = bool(found and found.exact)
        super().__init__(_("Who is who"), context)


def _context(lesson: Tables, shown: list[Record], *, folded: bool) -> dict[str, Any]:
    people, terms = lesson.by_id("people"), lesson.by_id("terms")
    place = {key: n for n, key in enumerate(people)}
    mistaken, names = lesson.grouped("people", "mistaken_for"), lesson.grouped("names", "person")
    quotes, events = lesson.grouped("quotes", "speaker"), _events(lesson)
    glossary = Glossary(lesson)

    def described(person: Record, explain: Callable[[str], Passage]) -> Record:
        """Add what stands open: spellings, role, note, and who is somebody else."""
        others = {one["id"] for one in mistaken.get(person["id"], ())} | {person["mistaken_for"]}
        return person | {
            "spellings": [
                name
                for name in spellings(person)
                if name not in {person["name"], person["native_name"]}
            ],
            "names": _by_writing(names.get(person["id"], ())),
            "role": explain(person["role"]),
            "note": explain(person["note"]),
            "others": [people[key] for key in sorted(others - {""}, key=place.__getitem__)],
        }

    def opened(person: Record, explain: Callable[[str], Passage]) -> Record:
        """Add what stands folded: the person's events and words, and what documents add."""
        key = person["id"]
        return person | {
            "events": [event | {"known": terms[event["status"]]} for event in events.get(key, ())],
            "quotes": [
                quote
                | {
                    "plain": quote["caution"]
                    if quote["sensitive"] == "yes"
                    else explain(quote["plain"])
                }
                for quote in quotes.get(key, ())
            ],
            "adds": notes_on(lesson, f"people:{key}", explain),
        }

    groups = []
    for kind, word in lesson.words("people.kind").items():
        explain, explain_folded = glossary.scope(), glossary.scope()
        told = [described(person, explain) for person in shown if person["kind"] == kind]
        if told:
            entries = [opened(person, explain_folded) for person in told]
            label = capital(word["plural"] or word["term"])
            groups.append({"kind": kind, "label": label, "people": entries})
    return {
        "groups": groups,
        "folded": folded,
        "about_names": terms.get(_ABOUT_NAMES),
    }


def _by_writing(rows: Iterable[Record]) -> list[Record]:
    """Return names in the order of their rows, those of one way of writing together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((row["language"], row["writing"]), []).append(row["name"])
    return [
        {"language": language, "writing": writing, "names": names}
        for (language, writing), names in groups.items()
    ]


def _events(lesson: Tables) -> dict[str, list[Record]]:
    """Return each person's events in order of time."""
    by_person: dict[str, list[Record]] = {}
    for event in sorted(lesson.records("events"), key=lambda event: event["date_sort"]):
        for key in filter(None, event["people"].split(";")):
            by_person.setdefault(key, []).append(event)
    return by_person


def who(lesson: Tables, name: str | None = None) -> WhoIsWho:
    """Say who is who, with every spelling and whom not to take them for.

    Parameters
    ----------
    name : str, optional
        A name in any spelling or script, or a part of one; without one, everybody.

    Returns
    -------
    WhoIsWho
        A view with three faces.

    Raises
    ------
    LessonError
        When nobody is called so; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.who("captain BUOY").text().splitlines()[2])
    “captain BUOY” is Silas Buoy.
    >>> lesson.who("Wik")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: nobody here is called 'Wik'; perhaps you meant: Tom Wick, \
Tom Wick the younger; lesson.who() lists everybody
    """
    return WhoIsWho(lesson, name)
