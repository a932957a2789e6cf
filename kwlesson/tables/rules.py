"""The rules that every load keeps, beyond the types of cells: keys, order, verdicts, routes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kwlesson.errors import Problem
from kwlesson.tables import edtf, event_order, question_rules, schema, wording
from kwlesson.tables.people import names_in, secret_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kwlesson.tables.reader import Row, TableRows

_BRACKETED = re.compile(r"\[[^\]]*\]")


def validate(layout: dict[str, schema.Table], tables: TableRows) -> list[Problem]:
    """Find every row that breaks a rule.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    tables : dict of str to list of Row
        All tables, each with all its columns; cells already of their types.

    Returns
    -------
    list of Problem
        Empty when the tables make a lesson.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> from kwlesson.tables.reader import read_folder
    >>> layout, tables, _ = read_folder(SAMPLE)
    >>> validate(layout, tables)
    []
    """
    problems = [*_dangling_keys(layout, tables), *_unknown_words(layout, tables)]
    for rule in _RULES:
        problems += rule(tables)
    return problems


def ids(tables: TableRows, name: str) -> set[str]:
    """Return the ids of a table.

    Parameters
    ----------
    tables : dict of str to list of Row
        The tables of a lesson.
    name : str
        Name of the table.

    Returns
    -------
    set of str
        Empty for a table without ids.
    """
    return {row["id"] for row in tables.get(name, ()) if "id" in row}


def senses_of(tables: TableRows) -> dict[str, str]:
    """Return what each word of `terms` counts as, by its id.

    Parameters
    ----------
    tables : dict of str to list of Row
        The tables of a lesson.

    Returns
    -------
    dict of str to str
        Empty where a word counts as nothing.
    """
    return {row["id"]: row["sense"] for row in tables["terms"]}


def _dangling_keys(layout: dict[str, schema.Table], tables: TableRows) -> Iterator[Problem]:
    known = {name: ids(tables, name) for name in layout}
    for name, table in layout.items():
        keys = [
            (column.name, column.key_of or column.list_of, bool(column.list_of))
            for column in table.columns.values()
            if column.key_of or column.list_of
        ]
        for row in tables[name]:
            for column, target, is_list in keys:
                cell = row[column]
                for key in cell.split(";") if is_list and cell else [cell]:
                    if key not in known[target] and (key or cell):
                        remedy = f"no such id in {layout[target].path}; correct it or add its row"
                        yield Problem(table.path, row.number, column, key or cell, remedy)
    for row in tables["notes"]:
        name, _, key = row["about"].partition(":")
        if key not in known.get(name, ()):
            remedy = (
                f"no such row; write table:id with an id of {layout[name].path}"
                if (name in layout)
                else f"no such table; write one of: {', '.join(layout)}"
            )
            yield Problem(layout["notes"].path, row.number, "about", row["about"], remedy)


def _unknown_words(layout: dict[str, schema.Table], tables: TableRows) -> Iterator[Problem]:
    """Find words that no term has, and terms that are of no column or count as nothing known."""
    vocabularies = {
        f"{name}.{column.name}": (table, column.name)
        for name, table in layout.items()
        for column in table.columns.values()
        if column.vocabulary
    }
    words: dict[str, list[str]] = {name: [] for name in vocabularies}
    for term in tables["terms"]:
        columns = term["of"].split(";") if term["of"] else []
        for column in columns:
            words.setdefault(column, []).append(term["id"])
            if column not in vocabularies:
                remedy = f"no column with words of its own; write one of: {', '.join(vocabularies)}"
                yield Problem("terms.csv", term.number, "of", column, remedy)
        known = set().union(*(schema.SENSES.get(column, ()) for column in columns))
        needed = "points.verdict" in columns
        if term["sense"] not in known | (set() if needed else {""}):
            remedy = (
                f"what it counts as is one of: {', '.join(sorted(known))}"
                if known
                else "only a word of a verdict, hand, source, person or office counts as something"
            )
            yield Problem("terms.csv", term.number, "sense", term["sense"], remedy)
    for name, (table, column) in vocabularies.items():
        known = {*words[name], ""}
        for row in tables[table.name]:
            if row[column] not in known:
                remedy = (
                    f"write one of: {', '.join(words[name])}; or add a row for it to terms.csv, "
                    f"with {name} in the column of"
                )
                yield Problem(table.path, row.number, column, row[column], remedy)


def _said(tables: TableRows) -> Iterator[Problem]:
    """Find acts that could not be said: towards somebody, alone, or by several."""
    terms = {row["id"]: row for row in tables["terms"]}
    for table in ("links", "hands"):
        for row in tables[table]:
            term = terms.get(row["act"])
            if not term or f"{table}.act" not in term["of"].split(";"):
                continue
            column = "sentence" if row.get("to") else "alone"
            is_towards = bool(wording.OTHER.search(term[column]))
            if not term[column] or is_towards != (column == "sentence"):
                example = "asks/ask … to confirm" if column == "sentence" else "signs/sign off"
                remedy = (
                    f"its term does not say how it is said; give it in terms.csv, in the column "
                    f"{column}, words such as: {example}"
                )
                yield Problem(f"{table}.csv", row.number, "act", row["act"], remedy)


def _verdicts(tables: TableRows) -> Iterator[Problem]:
    texts = {row["id"] for row in tables["sources"] if row["base"] == "yes"}
    cases = {row["id"]: row["case"] for row in tables["accounts"]}
    senses = senses_of(tables)
    claims: dict[str, list[Row]] = {}
    for claim in tables["claims"]:
        claims.setdefault(claim["point"], []).append(claim)
    for point in tables["points"]:
        own = claims.get(point["id"], [])
        speaking = {claim["account"] for claim in own}
        remedy = _verdict_remedy(senses.get(point["verdict"], ""), speaking)
        if remedy:
            yield Problem("points.csv", point.number, "verdict", point["verdict"], remedy)
        for claim in own:
            if (claim["source"] in texts) != (own[0]["source"] in texts):
                remedy = "one point, one kind of source: either the base texts or those beyond them"
                yield Problem("claims.csv", claim.number, "source", claim["source"], remedy)
            if claim["account"] and cases.get(claim["account"]) != point["case"]:
                remedy = f"an account of another case; write one of the case {point['case']}"
                yield Problem("claims.csv", claim.number, "account", claim["account"], remedy)


def _sides(tables: TableRows) -> Iterator[Problem]:
    """Find sides that those who speak on a point do not stand on."""
    senses = senses_of(tables)
    speaking: dict[str, set[str]] = {}
    for claim in tables["claims"]:
        speaking.setdefault(claim["point"], set()).add(claim["account"])
    for point in tables["points"]:
        sides = [key for side in point["sides"].split("/") for key in side.split(";") if key]
        heard = speaking.get(point["id"], set()) - {""}
        remedy = ""
        if sides and senses.get(point["verdict"]) not in {"differ", "conflict"}:
            remedy = "only accounts that differ have sides; take it out or change the verdict"
        elif len(sides) > len(set(sides)):
            remedy = "names an account twice; each stands on one side"
        elif sides and set(sides) != heard:
            wrong = ", ".join(sorted(set(sides) ^ heard))
            remedy = f"names each account that speaks on this point, and no other: see {wrong}"
        if remedy:
            yield Problem("points.csv", point.number, "sides", point["sides"], remedy)


def _masks(tables: TableRows) -> Iterator[Problem]:
    """Find masks that are another's, or say who is behind them."""
    people = {row["id"]: row for row in tables["people"]}
    kinds = senses_of(tables)
    worn: dict[tuple[str, str], str] = {}
    for account in tables["accounts"]:
        mask, remedy = account["masked_label"], ""
        first = worn.setdefault((account["case"], mask.casefold()), account["id"])
        if mask and first != account["id"]:
            remedy = f"the account {first} has this mask, too; give each its own"
        person = people.get(account["reporter"])
        names = [account["label"]]
        if person:
            names += secret_names(person, whole=kinds.get(person["kind"]) == "group")
        if leaked := names_in(mask, names):
            remedy = f"tells who it is by {leaked[0]}; say it without, as in: Report 1"
        if remedy:
            yield Problem("accounts.csv", account.number, "masked_label", mask, remedy)


def _verdict_remedy(sense: str, speaking: set[str]) -> str:
    named = len(speaking - {""})
    if sense in schema.SEVERAL_SPEAK and named < 2:  # noqa: PLR2004
        return f"needs claims from two accounts, has {named}; add a claim or change the verdict"
    if sense == "one" and (named != 1 or "" in speaking):
        return f"needs claims from exactly one account, has {named}; change claims or verdict"
    if sense == "nobody" and (named or not speaking):
        return "needs claims, none of them with an account; change the claims or the verdict"
    return ""


def _beyond_core(tables: TableRows) -> Iterator[Problem]:
    """Find points that wait until a learner has judged, and yet are said to be for everybody."""
    texts = {row["id"] for row in tables["sources"] if row["base"] == "yes"}
    cases = {row["id"]: row["case"] for row in tables["points"]}
    heard: dict[str, set[str]] = {}
    beyond: dict[str, set[str]] = {}
    for claim in tables["claims"]:
        if claim["source"] in texts:
            heard.setdefault(cases.get(claim["point"], ""), set()).add(claim["account"])
        else:
            beyond.setdefault(claim["point"], set()).add(claim["account"])
    for point in tables["points"]:
        waits = point["id"] in beyond and beyond[point["id"]] <= {""} | heard.get(
            point["case"], set()
        )
        if waits and point["core"] == "yes":
            remedy = (
                "rests on documents beyond the base texts, which a learner opens later; write no"
            )
            yield Problem("points.csv", point.number, "core", point["core"], remedy)


def _order(tables: TableRows) -> Iterator[Problem]:
    """Find places that are taken twice or left empty among points and questions."""
    for table, column, group_is in (
        ("points", "case", "the case"),
        ("questions", "notebook", "notebook"),
    ):
        groups: dict[str, dict[int, Row]] = {}
        for row in tables[table]:
            taken = groups.setdefault(row[column], {})
            place = int(row["order"]) if row["order"].isdecimal() else 0
            if place in taken:
                remedy = f"a place that is taken in {group_is} {row[column]}; give it its own"
                yield Problem(f"{table}.csv", row.number, "order", row["order"], remedy)
            taken[place] = row
        for group, taken in groups.items():
            for earlier, later in pairwise([0, *sorted(taken)]):
                if later > earlier + 1:
                    remedy = f"a gap in {group}: place {earlier + 1} is missing; add or renumber"
                    number = taken[later].number
                    yield Problem(f"{table}.csv", number, "order", str(later), remedy)


def _chronology(tables: TableRows) -> Iterator[Problem]:
    events = {row["id"]: row for row in tables["events"]}
    for key, row in events.items():
        if not (row["date"] or row["after"] or row["before"]):
            remedy = "an event needs a date, or an event after or before which it came"
            yield Problem("events.csv", row.number, "date", "", remedy)
        if row["derived"] and not row["date"]:
            remedy = "says how a date was worked out, but there is none; give the date"
            yield Problem("events.csv", row.number, "derived", row["derived"], remedy)
        if row["same_as"] == key:
            remedy = "an event is always the same as itself; name the other text's event"
            yield Problem("events.csv", row.number, "same_as", key, remedy)
        for column, other in (("after", row["after"]), ("before", row["before"])):
            pair = (other, key) if column == "after" else (key, other)
            if other in events and _contradict(*(events[one]["date"] for one in pair)):
                remedy = "the dates of the two events say the opposite; correct one of them"
                yield Problem("events.csv", row.number, column, other, remedy)
    for key in event_order.find_cycle(tables["events"]):
        remedy = "comes before itself by way of after and before; break the circle"
        yield Problem("events.csv", events[key].number, "after", events[key]["after"], remedy)


def _contradict(earlier: str, later: str) -> bool:
    if not (earlier and later):
        return False
    try:
        return edtf.parse(earlier).bounds[0] > edtf.parse(later).bounds[1]
    except ValueError:
        return False


def _routes(tables: TableRows) -> Iterator[Problem]:
    hands: dict[str, list[Row]] = {row["id"]: [] for row in tables["routes"]}
    for hand in tables["hands"]:
        hands.get(hand["route"], []).append(hand)
    for route in tables["routes"]:
        if not hands[route["id"]]:
            remedy = "a route without hands; add its steps to hands.csv"
            yield Problem("routes.csv", route.number, "id", route["id"], remedy)
        steps = {int(hand["step"]): hand for hand in hands[route["id"]] if hand["step"].isdecimal()}
        for earlier, later in pairwise([0, *sorted(steps)]):
            if later > earlier + 1:
                yield _gap(steps[later], earlier + 1)


def _gap(hand: Row, missing: int) -> Problem:
    remedy = f"a gap in the route {hand['route']}: step {missing} is missing; add or renumber"
    return Problem("hands.csv", hand.number, "step", hand["step"], remedy)


def _quotations(tables: TableRows) -> Iterator[Problem]:
    for quote in tables["quotes"]:
        for bracket in _BRACKETED.findall(quote["words"]):
            if bracket != schema.NEW_PARAGRAPH and bracket not in quote["editorial"]:
                remedy = f"say who put {bracket} into the words"
                yield Problem("quotes.csv", quote.number, "editorial", quote["editorial"], remedy)
        if quote["sensitive"] == "yes" and not quote["caution"]:
            remedy = "a sensitive quotation; say in one line what a reader may skip"
            yield Problem("quotes.csv", quote.number, "caution", "", remedy)


def _cited_only(tables: TableRows) -> Iterator[Problem]:
    cited = set()
    for source in tables["sources"]:
        if source["read"] == "cited":
            cited.add(source["id"])
            if not source["cited_in"]:
                remedy = "a source that was only cited; name the source that cites it"
                yield Problem("sources.csv", source.number, "cited_in", "", remedy)
    resting: dict[str, set[str]] = {}
    for support in tables["supports"]:
        resting.setdefault(support["link"], set()).add(support["source"])
    for link in tables["links"]:
        sources = resting.get(link["id"], set())
        if not sources - cited:
            remedy = "rests on nothing that was read; add a support from a source that was"
            yield Problem("links.csv", link.number, "id", link["id"], remedy)


def _tests(tables: TableRows) -> Iterator[Problem]:
    for row in tables["corroborations"]:
        answered = [bool(row[column]) for column in schema.TESTS]
        if any(answered) != all(answered):
            column = list(schema.TESTS)[answered.index(False)]
            remedy = "answer all three tests, or none of them"
            yield Problem("corroborations.csv", row.number, column, "", remedy)
        elif not any(answered) and not row["bears_on"]:
            remedy = "no test is asked of it; say what else it bears on"
            yield Problem("corroborations.csv", row.number, "bears_on", "", remedy)


def _verdict_words(tables: TableRows) -> Iterator[Problem]:
    terms = ids(tables, "terms")
    for table, column in (
        ("claims", "status"),
        ("events", "status"),
        ("events", "content_status"),
        ("hands", "status"),
        ("corroborations", "bears_on"),
    ):
        for row in tables[table]:
            if row[column] and row[column] not in terms:
                remedy = "a word without its meaning; add it to terms.csv"
                yield Problem(f"{table}.csv", row.number, column, row[column], remedy)


_RULES: tuple[Callable[[TableRows], Iterator[Problem]], ...] = (
    _said,
    _verdicts,
    _sides,
    _masks,
    _beyond_core,
    _order,
    _chronology,
    _routes,
    _quotations,
    _cited_only,
    _tests,
    _verdict_words,
    question_rules.questions,
)
