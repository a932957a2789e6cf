"""What a learner may choose as evidence: quotations, what was tested, links; each with its note."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kwlesson.tables import edtf
from kwlesson.translation import _
from kwlesson.views.kit.attribution import OURS, Voice, Voices, is_own, is_signed, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables

CITED_IN_FULL = 2  # sources of a link that its note cites; of the others it gives the number


class Source(NamedTuple):
    """A source as notes cite it: in full the first time, and briefly after that."""

    full: str
    brief: str


class Part(NamedTuple):
    """A stretch of a note: a source to cite, and what follows it."""

    source: str
    text: str


class Piece(NamedTuple):
    """A piece of evidence: its row, its words, what they say plainly, whose they are, its note."""

    key: str
    words: str
    plain: str
    whose: str
    note: tuple[Part, ...]
    voice: Voice = OURS


class Group(NamedTuple):
    """Pieces of one kind."""

    label: str
    pieces: tuple[Piece, ...]


def sources(lesson: Tables) -> dict[str, Source]:
    """Return all sources as notes cite them.

    Parameters
    ----------
    lesson : Tables
        The tables.

    Returns
    -------
    dict of str to Source

    Examples
    --------
    >>> import kwlesson
    >>> sources(kwlesson.load(kwlesson.SAMPLE))["harbour-book"].brief
    'Ada Quill, The Book of the Harbour'
    """
    return {
        row["id"]: Source(row["citation"].removesuffix("."), _brief(lesson, row))
        for row in lesson.records("sources")
    }


def groups(lesson: Tables) -> list[Group]:
    """Gather all evidence: quotations by account and of no account, what was tested, the chain.

    Quotations behind a caution are left out, and words in which a historian tells the story: they
    are no evidence, unless an account or a link rests on them.

    Parameters
    ----------
    lesson : Tables
        The tables.

    Returns
    -------
    list of Group

    Examples
    --------
    >>> import kwlesson
    >>> [group.label for group in groups(kwlesson.load(kwlesson.SAMPLE))]
    ['Harbourmaster: Two accounts of one night', 'Lamplighter: Two accounts of one night', \
'Other words from Ada Quill', 'Evidence from outside the accounts', \
'Steps of the chain of decisions']
    """
    told: dict[str, list[Record]] = {}
    untold: dict[str, list[Record]] = {}
    rested_on = {row["quote"] for row in lesson.records("supports")}
    for row in lesson.records("quotes", sensitive="no"):
        told.setdefault(row["account"], []).append(row)
        if not row["account"] and (row["kind"] == "testimony" or row["id"] in rested_on):
            untold.setdefault(row["source"], []).append(row)
    titles = {case["id"]: case["title"] for case in lesson.records("cases")}
    kinds: dict[str, list[Piece]] = {}
    write = _Notes(lesson)
    for account in lesson.records("accounts"):
        label = f"{account['label']}: {titles[account['case']]}"
        kinds[label] = [write.quote(row) for row in told.get(account["id"], ())]
    for source in lesson.records("sources"):
        label = _("Other words from {whom}").format(whom=source["author"] or source["title"])
        kinds[label] = [write.quote(row) for row in untold.get(source["id"], ())]
    links = sorted(lesson.records("links"), key=lambda link: link["step"])
    # What has words, or is a step, stands there already; another source's summary is not its own.
    steps = {link["event"] for link in links}
    told_in = {event["id"]: event["source"] for event in lesson.records("events")}
    kinds[_("Evidence from outside the accounts")] = [
        write.corroboration(row)
        for row in lesson.records("corroborations")
        if not row["quote"]
        and row["event"] not in steps
        and told_in.get(row["event"]) == row["source"]
    ]
    kinds[_("Steps of the chain of decisions")] = [write.link(row) for row in links]
    return [Group(label, tuple(pieces)) for label, pieces in kinds.items() if pieces]


class _Notes:
    """Writes the note of a quotation, or of a link, from the tables."""

    def __init__(self, lesson: Tables) -> None:
        self.later_source_ids = lesson.later_source_ids
        self.people, self.routes, self.events, self.quotes, self.sources, self.terms = (
            lesson.by_id(table)
            for table in ("people", "routes", "events", "quotes", "sources", "terms")
        )
        self.supports = lesson.grouped("supports", "link")
        self.voices = Voices(lesson)

    def quote(self, row: Record) -> Piece:
        speaker = self.people.get(row["speaker"], {"name": ""})
        own = is_own(speaker, self.sources[row["source"]])
        said = f", {row['said_label']}" if row["said_label"] else ""
        route = self.routes.get(row["route"])
        way = _(", on {route}") if own else _(", through {route}")
        through = way.format(route=route["title"]) if route else ""
        whose = f"{self._voice(row, speaker['name'], own=own)}{said}{through}"
        brackets = _("In brackets: {editorial}.").format(editorial=row["editorial"])
        inserted = f" {brackets}" if row["editorial"] else ""
        behind = f" {_('The document behind it:')} " if row["document"] else ""
        note = [Part(row["source"], f"{paragraphs(row['paragraph'])}. {whose}.{inserted}{behind}")]
        if row["document"]:
            note.append(Part(row["document"], "."))
        words, voice = f"“{row['words']}”", self.voices.of_quote(row)
        return Piece(f"quotes:{row['id']}", words, row["plain"], whose, tuple(note), voice)

    def _voice(self, row: Record, speaker: str, *, own: bool) -> str:
        if not speaker:
            return _("Nobody is named as the speaker")
        if row["kind"] == "distancing":
            return _("Set in quotation marks by {speaker}").format(speaker=speaker)
        given = row["kind"] == "testimony" and not own
        said = _("Words given to {speaker}") if given else _("In the words of {speaker}")
        return said.format(speaker=speaker)

    def corroboration(self, row: Record) -> Piece:
        event = self.events[row["event"]]
        whose = _("The source: {title}").format(title=self.sources[row["source"]]["title"])
        note = [Part(row["source"], f". {event['title']}. {self._known(event)}")]
        return Piece(
            f"corroborations:{row['id']}",
            f"{event['title']}.",
            event["summary"],
            whose,
            tuple(note),
        )

    def _known(self, event: Record) -> str:
        happened = self._term(event["status"])
        content = self._term(event["content_status"]) if event["content_status"] else happened
        said = _("That it happened: {happened}. What was said or done: {content}.")
        return said.format(happened=happened, content=content)

    def link(self, row: Record) -> Piece:
        event = self.events[row["event"]]
        step = _("Step {step} of the chain of decisions").format(step=row["step"])
        if event["date"]:
            step += f" ({edtf.label(event['date'], event['date_words'])})"
        bears = self.supports.get(row["id"], [])
        behind = dict.fromkeys(one["source"] for one in bears if one["bearing"] == "supports")
        # A source that nobody here has read never stands first.
        cited = sorted(behind, key=lambda key: self.sources[key]["read"] == "cited")
        shown, more = cited[:CITED_IN_FULL], len(cited[CITED_IN_FULL:])
        rests = f" {_('It rests on:')} " if shown else ""
        note = [Part("", f"{step}. {self._known(event)}{rests}")]
        for key in shown:
            last = _("; and {number} more.").format(number=more) if more else "."
            after = "; " if key != shown[-1] else last
            note.append(Part(key, self._places(bears, key) + after))
        other = [one["bearing"] for one in bears if one["bearing"] != "supports"]
        if other:
            kinds = _(" or ").join(map(self._term, dict.fromkeys(other)))
            listed = _("Listed there as what {what} it: {number}.")
            note.append(Part("", f" {listed.format(what=kinds, number=len(other))}"))
        title = row["title"] if row["title"][-1] in ".?!" else f"{row['title']}."
        return Piece(f"links:{row['id']}", title, row["says"], step, tuple(note))

    def _places(self, bears: Sequence[Record], source: str) -> str:
        """Name the paragraphs of a source whose quotations bear on a link."""
        quotes = [self.quotes[one["quote"]] for one in bears if one["quote"]]
        cells = ";".join(row["paragraph"] for row in quotes if row["source"] == source)
        return paragraphs(";".join(sorted(set(cells.split(";")) - {""}, key=int)))

    def _term(self, key: str) -> str:
        return str(self.terms[key]["term"]) if key in self.terms else key


def _brief(lesson: Tables, row: Record) -> str:
    # A cable's title names its writer already; a book's or an article's does not.
    by = f"{row['author']}, " if row["author"] and is_signed(lesson, row) else ""
    return f"{by}{row['title']}"
