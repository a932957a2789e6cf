"""A drawing of events on an axis of time: lines, marks and labels, measured from their rows."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from kwlesson.tables import edtf
from kwlesson.tables.edtf import Moment
from kwlesson.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kwlesson.tables.store import Record
    from kwlesson.views.timeline.periods import Period

WIDTH = 1000  # of the lines of a drawing; their heights are tenths of a letter
LETTERS = 36  # on one line of the narrowest screen
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 24000, 60000)
_TICKS = 5
_LINE, _MARK, _GAP = 13, 9, 12  # heights of a label's line, of the line of its mark, and between


def ticks(first: Moment, last: Moment) -> list[tuple[Moment, str]]:
    """Choose a handful of days, or of hours, to name on an axis.

    Parameters
    ----------
    first, last : Moment
        The ends of the axis.

    Returns
    -------
    list of tuple
        Where it is, and its name.

    Examples
    --------
    >>> [name for _, name in ticks(Moment(1912, 1, 1), Moment(1912, 12, 31))]
    ['Jan 1912', 'Apr 1912', 'Jul 1912', 'Oct 1912']
    >>> [name for _, name in ticks(Moment(1912, 3, 1), Moment(1912, 3, 31))]
    ['1 Mar', '11 Mar', '21 Mar']
    >>> [name for _, name in ticks(Moment(1912, 3, 1, 4), Moment(1912, 3, 1, 7))]
    ['04:00', '05:00', '06:00', '07:00']
    """
    if first[:3] == last[:3]:
        hours = range(first.hour, last.hour + 1, -(-(last.hour - first.hour) // _TICKS) or 1)
        return [(Moment(*first[:3], hour), f"{hour:02}:00") for hour in hours]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    if len(months) <= 2:  # noqa: PLR2004 - in so short a time days are named
        named = (1, 11, 21) if len(months) == 1 else (1, 16)
        chosen = [Moment(n // 12, n % 12 + 1, day) for n in months for day in named]
        return [(day, _("{day} {month}").format(day=day.day, month=_short(day))) for day in chosen]
    step = next(s for s in _MONTHS if sum(n % s == 0 for n in months) <= _TICKS)
    chosen = [Moment(n // 12, n % 12 + 1, 1) for n in months if n % step == 0]
    if step % 12:
        said = _("{month} {year}")
        return [
            (day, said.format(month=_short(day), year=edtf.year_in_words(day.year)))
            for day in chosen
        ]
    return [(day, edtf.year_in_words(day.year)) for day in chosen]


def drawing(period: Period, rows: Sequence[Record]) -> dict[str, Any] | None:
    """Measure a drawing: a label, a mark and a line for each row, one under the other.

    Parameters
    ----------
    period : Period
        The axis.
    rows : sequence of dict
        With label, day, span, dated, kind and sign.

    Returns
    -------
    dict or None
        Lines by kind and sign (x in thousandths, y in tenths of a letter), labels and marks (x in
        hundredths of the width); None where there is no axis.
    """
    if not period.first or not period.last:
        return None
    first, length = period.first, period.last.number - period.first.number

    def x(day: Moment) -> int:
        return min(max(0, round((day.number - first.number) * WIDTH / length)), WIDTH)

    groups: dict[str, dict[str, Any]] = {}
    labels, arrows, rings, holes = [], [], [], ""
    y = 30
    for row in rows:
        lines = textwrap.wrap(row["label"], LETTERS)
        start, stop = row["span"]
        left, right = x(start or first), x(stop or period.last)
        at = x(row["day"]) if row["day"] else WIDTH // 2
        labels += list(_placed(lines, at / 10, y))
        y += _LINE * (len(lines) - 1) + _MARK
        group = groups.setdefault(row["kind"], {"sign": row["sign"], "points": [], "solid": "",
                                                "dotted": ""})  # fmt: skip
        if row["sign"]:
            group["points"].append((at / 10, y))
        if right > left and str(start) != str(stop):
            group["solid" if row["dated"] else "dotted"] += f"M{left} {y}H{right}"
            holes += f"M{at} {y}h0" if row["sign"] else ""
        if not start or start < first:
            arrows.append((0, y, "←"))
        if not stop or stop > period.last:
            arrows.append((100, y, "→"))
        if not row["dated"]:
            rings.append((at / 10, y))
        y += _LINE + _GAP
    return {
        "axis": (first, period.last),
        "height": y,
        "width": WIDTH,
        "ticks": [(x(day) / 10, name) for day, name in ticks(first, period.last)],
        "labels": labels,
        "groups": groups,
        "holes": holes,
        "rings": rings,
        "arrows": arrows,
    }


def _placed(lines: Sequence[str], at: float, y: int) -> Iterator[tuple[float, str, int, str]]:
    """Put a label above its mark, as near as the narrowest screen lets it."""
    wide = 100 * max(map(len, lines), default=0) / LETTERS
    left = at <= 50  # noqa: PLR2004 - the left half
    x = max(0, min(at, 100 - wide)) if left else min(100, max(at, wide))
    for number, line in enumerate(lines):
        yield x, "start" if left else "end", y + _LINE * number, line


def _short(day: Moment) -> str:
    return _(edtf.MONTHS[day.month - 1])[:3]
