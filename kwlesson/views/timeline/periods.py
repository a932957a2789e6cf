"""Events in time: how long each may have taken, which are one, and the periods they fall into."""

from __future__ import annotations

import calendar
import graphlib
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.tables import edtf, event_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record


class Span(NamedTuple):
    """The days between which something happened; None is an open end."""

    first: date | None
    last: date | None


def spans(events: Sequence[Record]) -> dict[str, Span]:
    """Return each event the days between which it happened, as far as the tables know.

    An undated event lies between the dated ones that came before it and after it.

    Parameters
    ----------
    events : sequence of dict
        All rows of `events`.

    Returns
    -------
    dict of str to Span
        By id.

    Examples
    --------
    >>> rows = [{"id": "a", "date": "1912-03", "after": "", "before": ""},
    ...         {"id": "b", "date": "", "after": "a", "before": ""}]
    >>> spans(rows)["b"]
    Span(first=datetime.date(1912, 3, 1), last=None)
    """
    earlier = event_order.predecessors(events)
    known = {row["id"]: _span(row["date"]) for row in events if row["date"]}
    days = {row["id"]: _day(edtf.parse(row["date"]).sort_key) for row in events if row["date"]}
    order = list(graphlib.TopologicalSorter(earlier).static_order())
    lower, upper = dict(days), dict(days)
    for key in order:
        before = [lower[other] for other in earlier[key] if other in lower]
        if before and key not in days:
            lower[key] = max(before)
    for key in reversed(order):
        for other in earlier[key]:
            if key in upper and other not in days:
                upper[other] = min(upper[key], upper.get(other, date.max))
    return {key: known.get(key) or Span(lower.get(key), upper.get(key)) for key in order}


def _span(written: str) -> Span:
    read = edtf.parse(written)
    return Span(
        _day(read.first.first_day) if read.first else None,
        _day(read.last.last_day) if read.last else None,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Period(NamedTuple):
    """Marks that belong together, and the days from the first to the last of their months."""

    first: date | None
    last: date | None
    marks: list[Record]

    @property
    def label(self) -> str:
        """The period as a person would say it."""
        if not self.first or not self.last:
            return "Undated"
        return edtf.label(f"{self.first:%Y-%m}/{self.last:%Y-%m}")


def divide(marks: Sequence[Record], few: int, most: int) -> list[Period]:
    """Divide marks into periods of whole months, as many marks in each as fit.

    Parameters
    ----------
    marks : sequence of dict
        With `day`, the day they are sorted under or None, in order of time.
    few : int
        How many marks a period should hold; a single month may hold more.
    most : int
        How many periods there may be; where that is too few, all hold more.

    Returns
    -------
    list of Period
        Marks that no date reaches are a period of their own, the first.

    Examples
    --------
    >>> found = divide([{"day": date(1912, month, 1)} for month in (3, 4, 4, 9)], 3, 9)
    >>> [period.label for period in found]
    ['March to April 1912', 'September 1912']
    """
    placed = [mark for mark in marks if mark["day"]]
    adrift = [mark for mark in marks if not mark["day"]]
    months = [list(month) for _, month in groupby(placed, lambda mark: f"{mark['day']:%Y%m}")]
    found = [Period(None, None, adrift)] if adrift else []
    while True:
        groups: list[list[Record]] = []
        for month in months:
            if groups and len(groups[-1]) + len(month) <= few:
                groups[-1] += month
            else:
                groups.append(list(month))
        if len(groups) <= most:
            return found + [month_span(group) for group in groups]
        few += max(1, few // 4)


def month_span(marks: Sequence[Record], *, ends: bool = False) -> Period:
    """Return marks the whole months that they lie in.

    Parameters
    ----------
    marks : sequence of dict
        With `day`; where their ends count too, with dated and span.
    ends : bool, optional
        Reach as far as what began in these months.

    Returns
    -------
    Period
    """
    days = [mark["day"] for mark in marks if mark["day"]]
    if not days:
        return Period(None, None, list(marks))
    if ends:
        days += [mark["span"].last for mark in marks if mark["dated"] and mark["span"].last]
    first, last = min(days), max(days)
    end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return Period(first.replace(day=1), end, list(marks))


def canonical_ids(rows: Sequence[Record]) -> dict[str, str]:
    """Give, for each event, the one that it is the same as.

    Parameters
    ----------
    rows : sequence of dict
        Rows of `events`.

    Returns
    -------
    dict of str to str
        By id: itself, or where `same_as` leads to; of a circle, one of them.

    Examples
    --------
    >>> canonical_ids([{"id": "a", "same_as": "b"}, {"id": "b", "same_as": ""}])
    {'a': 'b', 'b': 'b'}
    """
    same = {row["id"]: row["same_as"] for row in rows}
    heads = {}
    for key in same:
        met = [key]
        while (other := same[met[-1]]) in same and other not in met:
            met.append(other)
        heads[key] = min(met[met.index(other) :]) if other in met else met[-1]
    return heads


def day_of(place: str) -> date | None:
    """Read the day of a `date_sort`.

    Parameters
    ----------
    place : str
        Such as ``1912-03-01.50000``.

    Returns
    -------
    date or None
        None where no date reaches the event.

    Examples
    --------
    >>> day_of("1912-03-01.50000"), day_of(".00002")
    (datetime.date(1912, 3, 1), None)
    """
    day = place.partition(".")[0]
    return _day(day) if day else None
