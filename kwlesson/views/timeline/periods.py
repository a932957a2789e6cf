"""Events in time: how long each may have taken, which are one, and the periods they fall into."""

from __future__ import annotations

import calendar
import graphlib
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.tables import edtf, event_order
from kwlesson.tables.edtf import Moment
from kwlesson.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record


class Span(NamedTuple):
    """Between when and when something happened; None is an open end."""

    first: Moment | None
    last: Moment | None


def spans(events: Sequence[Record]) -> dict[str, Span]:
    """Return the days between which each event happened, as far as the tables know.

    An undated event lies between the dated ones that came before it and after it, and so does the
    open end of a dated one.

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
    >>> str(spans(rows)["b"].first)
    '1912-03-01'
    """
    earlier = event_order.predecessors(events)
    dates = {row["id"]: edtf.parse(row["date"]) for row in events if row["date"]}
    days = {key: edtf.moment(read.sort_key) for key, read in dates.items()}
    order = list(graphlib.TopologicalSorter(earlier).static_order())
    lower, upper = dict(days), dict(days)
    floor: dict[str, Moment] = {}
    ceiling: dict[str, Moment] = {}
    for key in order:
        before = [lower[other] for other in earlier[key] if other in lower]
        if before:
            floor[key] = max(before)
            lower.setdefault(key, floor[key])
    for key in reversed(order):
        if key in ceiling:
            upper.setdefault(key, ceiling[key])
        for other in earlier[key] if key in upper else ():
            ceiling[other] = min(upper[key], ceiling.get(other, upper[key]))

    def span(key: str) -> Span:
        read = dates.get(key)
        last = ceiling.get(key)
        return Span(
            read.first.earliest if read and read.first else floor.get(key),
            read.last.latest if read and read.last else last and last.end,
        )

    return {key: span(key) for key in order}


class Period(NamedTuple):
    """Marks that belong together, from the first day to the last of their months.

    Where all are of one day and have their times, from hour to hour.
    """

    first: Moment | None
    last: Moment | None
    marks: list[Record]

    @property
    def label(self) -> str:
        """The period as a person would say it."""
        if not self.first or not self.last:
            return _("Undated")
        first, last = (str(one._replace(hour=0, minute=0)) for one in (self.first, self.last))
        if first == last:
            return edtf.label(first)
        return edtf.label(f"{first[:-3]}/{last[:-3]}")


def divide(marks: Sequence[Record], max_marks: int, max_periods: int) -> list[Period]:
    """Divide marks into periods of whole months, as many marks in each as fit.

    Parameters
    ----------
    marks : sequence of dict
        With `day`, the day they are sorted under or None, in order of time.
    max_marks : int
        How many marks a period should hold; a single month may hold more.
    max_periods : int
        How many periods there may be; where that is too few, all hold more.

    Returns
    -------
    list of Period
        Marks that no date reaches are a period of their own, the first.

    Examples
    --------
    >>> found = divide([{"day": Moment(1912, month, 1)} for month in (3, 4, 4, 9)], 3, 9)
    >>> [period.label for period in found]
    ['March to April 1912', 'September 1912']
    """
    placed = [mark for mark in marks if mark["day"]]
    adrift = [mark for mark in marks if not mark["day"]]
    months = [list(month) for _, month in groupby(placed, lambda mark: mark["day"][:2])]
    while len(groups := _fill(months, max_marks)) > max_periods:
        max_marks += max(1, max_marks // 4)
    periods = [month_span(list(chain.from_iterable(group))) for group in groups]
    return [Period(None, None, adrift), *periods] if adrift else periods


def _fill(months: Sequence[list[Record]], max_marks: int) -> list[list[list[Record]]]:
    groups: list[list[list[Record]]] = []
    room = 0
    for month in months:
        if not groups or len(month) > room:
            groups.append([])
            room = max_marks
        groups[-1].append(month)
        room -= len(month)
    return groups


def month_span(marks: Sequence[Record], *, ends: bool = False) -> Period:
    """Return the whole months that marks lie in, or the hours of one day.

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
    year, month, day = last[:3]
    if first[:3] == last[:3] and first.hour and first[3:] < (last.hour, last.minute) < (24, 0):
        end = min(last._replace(hour=last.hour + 1, minute=0), Moment(year, month, day, 23, 59))
        return Period(first._replace(minute=0), end, list(marks))
    end = Moment(year, month, calendar.monthrange(year, month)[1], 24)
    return Period(first._replace(day=1, hour=0, minute=0), end, list(marks))


def canonical_ids(rows: Sequence[Record]) -> dict[str, str]:
    """Return, for each event, the one that it is the same as.

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
    found: dict[str, str] = {}
    for start in same:
        met: dict[str, None] = {}
        key = start
        while key in same and key not in found and key not in met:
            met[key] = None
            key = same[key]
        if key in found:
            head = found[key]
        elif key in met:  # a circle
            head = min(list(met)[list(met).index(key) :])
        else:
            head = next(reversed(met))
        found |= dict.fromkeys(met, head)
    return found


def day_of(place: str) -> Moment | None:
    """Read when a `date_sort` is.

    Parameters
    ----------
    place : str
        Such as ``1912-03-01.5000000``.

    Returns
    -------
    Moment or None
        None where no date reaches the event.

    Examples
    --------
    >>> str(day_of("1912-03-01.5000000")), day_of(".0000002")
    ('1912-03-01', None)
    """
    day = place.partition(".")[0]
    return edtf.moment(day) if day else None
