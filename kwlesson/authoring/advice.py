"""What a historian or a teacher would raise of a lesson that loads: warnings, and no faults."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from kwlesson.authoring.check import masked_cells
from kwlesson.errors import Problem
from kwlesson.tables import edtf, rules, schema
from kwlesson.tables.people import names_in, secret_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kwlesson.tables.reader import Row, TableRows

MAX_QUOTED_WORDS = 90
_FEW = 2  # verdicts or questions of which nobody says: always
_ASKED = (("questions", ("prompt", "frame", "model_answer")), ("choices", ("text", "feedback")))


def warnings(tables: TableRows) -> list[Problem]:
    """Find what a historian or a teacher would raise.

    Parameters
    ----------
    tables : dict of str to list of Row
        The tables of a lesson that loads.

    Returns
    -------
    list of Problem
        In the order of the rules.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> from kwlesson.tables.reader import read_folder
    >>> _, tables, _ = read_folder(SAMPLE)
    >>> tables["claims"][0]["paragraph"] = ""
    >>> print(str(warnings(tables)[0]).partition(";")[0])
    claims.csv:2:paragraph: says nowhere in harbour-book where it stands
    """
    return [problem for rule in _RULES for problem in rule(tables)]


def _leaks(tables: TableRows) -> Iterator[Problem]:
    """Find parts of a reporter's name in what is shown while authors are hidden."""
    people = {row["id"]: row for row in tables["people"]}
    reporters = {row["reporter"] for row in tables["accounts"]}
    kinds = rules.senses_of(tables)
    # What is a part of somebody else's name, too, gives nobody away.
    common = {
        part for key, row in people.items() if key not in reporters for part in secret_names(row)
    }
    names: dict[str, list[str]] = {}
    for account in tables["accounts"]:
        person = people[account["reporter"]]
        told = secret_names(person, whole=kinds[person["kind"]] != "one")
        names.setdefault(account["case"], []).extend(one for one in told if one not in common)
    for table, row, column, case in masked_cells(tables):
        for name in names_in(row[column], names.get(case, []))[:1]:
            remedy = f"has {name} in it, which tells whose account it is while names are hidden"
            yield _of(table, row, column, remedy)


def _sensitive(tables: TableRows) -> Iterator[Problem]:
    words = {
        quote["words"].strip(" .,;")
        for quote in tables["quotes"]
        if quote["sensitive"] == "yes" and len(quote["words"].split()) > _FEW
    }
    for table, columns in _ASKED:
        for row in tables[table]:
            for column in columns:
                if any(one in row[column] for one in words):
                    remedy = "quotes words that stand behind a caution; ask without them"
                    yield _of(table, row, column, remedy)


def _no_place(tables: TableRows) -> Iterator[Problem]:
    """Find claims without a place in a text that has places: a book, or one of which some tell."""
    signed = {row["id"] for row in tables["terms"] if row["sense"] == "signed"}
    told = {
        row["source"]
        for row in chain(tables["claims"], tables["quotes"], tables["events"])
        if row["paragraph"]
    }
    long = {
        row["id"]
        for row in tables["sources"]
        if row["base"] == "yes" and (row["kind"] in signed or row["id"] in told)
    }
    for claim in tables["claims"]:
        if claim["source"] in long and not claim["paragraph"]:
            remedy = f"says nowhere in {claim['source']} where it stands; give its paragraph"
            yield _of("claims", claim, "paragraph", remedy)


def _long(tables: TableRows) -> Iterator[Problem]:
    """Find long quotations where words are weighed; a document may be read at length."""
    weighed = {row["quote"] for row in chain(tables["supports"], tables["choices"])}
    for quote in tables["quotes"]:
        words = len(quote["words"].split())
        is_weighed = quote["account"] or quote["point"] or quote["id"] in weighed
        if words > MAX_QUOTED_WORDS and is_weighed:
            remedy = f"{words} words; quote the {MAX_QUOTED_WORDS} that matter, or fewer"
            yield _of("quotes", quote, "words", remedy)


def _routes(tables: TableRows) -> Iterator[Problem]:
    """Find routes at whose end nothing can be read, and routes by which nothing came."""
    senses = rules.senses_of(tables)
    told = [*tables["accounts"], *tables["quotes"], *tables["supports"], *tables["corroborations"]]
    came = {row.get(column, "") for row in told for column in ("route", "source", "document")}
    hands: dict[str, list[Row]] = {}
    for hand in sorted(tables["hands"], key=lambda hand: int(hand["step"])):
        hands.setdefault(hand["route"], []).append(hand)
    for route in tables["routes"]:
        own = hands[route["id"]]
        if senses.get(own[-1]["act"]) in schema.SPOKE | {"listens"}:
            remedy = "leaves nothing to read, so the route ends nowhere; who put it on paper?"
            yield _of("hands", own[-1], "act", remedy)
        if not came & {route["id"], *(hand["source"] for hand in own)}:
            remedy = "no account and no quotation came this way; name it there, or leave it out"
            yield _of("routes", route, "id", remedy)


def _derived(tables: TableRows) -> Iterator[Problem]:
    for event in tables["events"]:
        words = event["date_words"]
        if event["date"] and words and not event["derived"]:
            said = edtf.label(event["date"], words)
            if said.endswith(f"(“{words}”)") and not re.search(r"\d", words):
                remedy = f"“{words}” names no date: say how {event['date']} was worked out"
                yield _of("events", event, "derived", remedy)


def _all_agree(tables: TableRows) -> Iterator[Problem]:
    senses = rules.senses_of(tables)
    for case in tables["cases"]:
        own = [
            senses[point["verdict"]] for point in tables["points"] if point["case"] == case["id"]
        ]
        judged = [sense for sense in own if sense in schema.SEVERAL_SPEAK]
        if len(judged) >= _FEW and {*judged} == {"agree"}:
            remedy = "all its verdicts agree, so there is nothing to weigh; add where they differ"
            yield _of("cases", case, "id", remedy)


def _choices(tables: TableRows) -> Iterator[Problem]:
    kinds = {row["id"]: row["kind"] for row in tables["questions"]}
    asked: dict[str, list[Row]] = {}
    for choice in tables["choices"]:
        if kinds.get(choice["question"]) in {"choice", "evidence"}:
            asked.setdefault(choice["question"], []).append(choice)
            if choice["best"] == "no" and len(choice["feedback"].split()) < _FEW:
                remedy = "a wrong choice, and nobody says why; give its feedback"
                yield _of("choices", choice, "feedback", remedy)
    longest = [max(own, key=lambda one: len(one["text"])) for own in asked.values()]
    if len(longest) >= _FEW and all(one["best"] == "yes" for one in longest):
        remedy = "in each question the best choice is the longest; lengthen others, or cut it"
        yield _of("choices", longest[0], "text", remedy)


def _of(table: str, row: Row, column: str, remedy: str) -> Problem:
    return Problem(f"{table}.csv", row.number, column, row[column], remedy)


_RULES: tuple[Callable[[TableRows], Iterator[Problem]], ...] = (
    _leaks,
    _sensitive,
    _no_place,
    _long,
    _routes,
    _derived,
    _all_agree,
    _choices,
)
