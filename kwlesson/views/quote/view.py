"""One quotation: its words, whose they are, where they stand and how they came there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.tables import wording
from kwlesson.translation import _
from kwlesson.views.kit.attribution import Voices, is_own, notes_on
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables


class Quotation(View):
    """A view of one quotation and of everything that is known about its words."""

    def __init__(self, lesson: Tables, quote: Record) -> None:
        context = _context(lesson, quote)
        super().__init__(_heading(context["quote"]), context)


def _context(lesson: Tables, quote: Record) -> dict[str, Any]:
    sources, terms, people = (lesson.by_id(name) for name in ("sources", "terms", "people"))
    glossary = Glossary(lesson)
    explain, explain_added = glossary.scope(), glossary.scope()
    speaker, document = people.get(quote["speaker"]), sources.get(quote["document"])
    sensitive = quote["sensitive"] == "yes"
    # Words behind a caution are in no text face: neither are the terms that explain them.
    quote = quote | {
        "voice": Voices(lesson).of_quote(quote),
        "plain": quote["plain"] if sensitive else explain(quote["plain"]),
        "speaker": speaker and speaker | {"role": explain(speaker["role"])},
        "source": sources[quote["source"]],
        "own": speaker is not None and is_own(speaker, sources[quote["source"]]),
        "document": document and document | {"known": terms.get(document["read"])},
    }
    route = lesson.by_id("routes").get(quote["route"])
    hands = lesson.records("hands", route=quote["route"]) if route else []
    return {
        "quote": quote,
        "event": lesson.by_id("events").get(quote["event"]),
        "sensitive": sensitive,
        "route": route,
        "hands": [
            hand
            | {
                "who": people[hand["person"]],
                "did": wording.did(lesson, hand),
                "known": terms[hand["status"]],
            }
            for hand in sorted(hands, key=lambda hand: hand["step"])
        ],
        "adds": notes_on(lesson, f"quotes:{quote['id']}", str if sensitive else explain_added),
    }


def _heading(quote: Record) -> str:
    if not quote["speaker"]:
        return _("Words printed in {title}").format(title=quote["source"]["title"])
    given = quote["kind"] == "testimony" and not quote["own"]
    said = _("Words given to {speaker}") if given else _("In the words of {speaker}")
    return said.format(speaker=quote["speaker"]["name"])


def quote(lesson: Tables, quote: str) -> Quotation:
    """Show one quotation: its words, whose they are, and how they came to us.

    Parameters
    ----------
    quote : str
        Id of a quotation.

    Returns
    -------
    Quotation
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such quotation; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.quote("quill-hardly").text().splitlines()[0])
    In the words of Ada Quill
    """
    return Quotation(lesson, lesson.get("quotes", quote))
