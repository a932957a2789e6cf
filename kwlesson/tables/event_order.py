"""The order of events: days where there are dates, neighbours where there are none."""

from __future__ import annotations

import graphlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kwlesson.tables import edtf

Event = Mapping[str, str]


class Place(NamedTuple):
    """A place in the order of time: the day, then the place within it."""

    day: str
    within: int

    def __str__(self) -> str:
        """Return text that sorts as the place does."""
        return f"{self.day}.{self.within:07}"


_MIDDLE = 5_000_000  # more events than a table can hold


def predecessors(events: Sequence[Event]) -> dict[str, list[str]]:
    """Return, for each event, the events said to have come before it.

    Parameters
    ----------
    events : sequence of mapping
        Rows with id, after and before.

    Returns
    -------
    dict of str to list of str
        By id, in the order of the rows; ids of no row are left out.

    Examples
    --------
    >>> rows = [{"id": "a", "after": "", "before": "b"}, {"id": "b", "after": "", "before": ""}]
    >>> predecessors(rows)
    {'a': [], 'b': ['a']}
    """
    earlier: dict[str, list[str]] = {row["id"]: [] for row in events}
    for row in events:
        if row["after"] in earlier:
            earlier[row["id"]].append(row["after"])
        if row["before"] in earlier:
            earlier[row["before"]].append(row["id"])
    return {key: list(dict.fromkeys(others)) for key, others in earlier.items()}


def find_cycle(events: Sequence[Event]) -> list[str]:
    """Find events that come before themselves.

    Parameters
    ----------
    events : sequence of mapping
        Rows with id, after and before.

    Returns
    -------
    list of str
        Ids of one circle, or nothing.

    Examples
    --------
    >>> find_cycle([{"id": "a", "after": "a", "before": ""}])
    ['a']
    """
    try:
        graphlib.TopologicalSorter(predecessors(events)).prepare()
    except graphlib.CycleError as error:
        return sorted(set(error.args[1]))
    return []


def places(events: Sequence[Event]) -> list[Place]:
    """Return each event its place in time; an undated one stands beside its neighbour.

    Parameters
    ----------
    events : sequence of mapping
        Rows with id, date (EDTF or empty), after and before; no circles.

    Returns
    -------
    list of Place
        In the order of `events`. Events that no date reaches come first, in their own order.

    Examples
    --------
    >>> rows = [{"id": "a", "date": "", "after": "b", "before": ""},
    ...         {"id": "b", "date": "1912-03", "after": "", "before": ""}]
    >>> [str(place) for place in places(rows)]
    ['1912-03-01.5000001', '1912-03-01.5000000']
    """
    earlier = predecessors(events)
    later: dict[str, list[str]] = {key: [] for key in earlier}
    for key, before in earlier.items():
        for other in before:
            later[other].append(key)
    found = {
        row["id"]: Place(edtf.parse(row["date"]).sort_key, _MIDDLE) for row in events if row["date"]
    }
    order = list(graphlib.TopologicalSorter(earlier).static_order())
    for key in order:
        if key not in found and (
            known := [found[other] for other in earlier[key] if other in found]
        ):
            found[key] = Place(max(known).day, max(known).within + 1)
    for key in reversed(order):
        if key not in found and (known := [found[other] for other in later[key] if other in found]):
            found[key] = Place(min(known).day, min(known).within - 1)
    for number, key in enumerate(order):
        found.setdefault(key, Place("", number))
    return [found[row["id"]] for row in events]
