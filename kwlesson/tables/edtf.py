"""EDTF dates (ISO 8601-2), read with one regular expression.

The subset: year, month, day, season, the qualifiers ``~ ? %``, intervals and open ends.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from typing import NamedTuple

# Not calendar.month_name, which speaks the language of the machine.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
# A season as the months that a sort key needs; a winter begins in its own December.
_FIRST_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}
_QUALIFIERS = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}
_POINT = (
    r"(?:[0-9]{4}-2[1-4]"
    r"|[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?[~?%]?)"
)
_EDTF = re.compile(rf"(?P<first>{_POINT}|\.\.)(?:/(?P<last>{_POINT}|\.\.))?")
REMEDY = "write an EDTF date such as 1950-06-25, 1949-05, 1949~, 1949-04/1949-05 or 1949-06/.."

_LONGEST_SLIP = 40
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}.*")
_ORDERS = {
    2: (("month", "year"), ("year", "month")),
    3: (("day", "month", "year"), ("month", "day", "year"), ("year", "month", "day")),
}
_SERIAL = re.compile("[1-9][0-9]{4}")  # spreadsheets count days
_FIRST_SERIAL = dt.date(1899, 12, 30)


class Point(NamedTuple):
    """One end of a date, as precise as it was written."""

    year: int
    month: int | None
    day: int | None
    qualifier: str

    @property
    def first_day(self) -> str:
        """The first day it can mean, as YYYY-MM-DD."""
        month = _FIRST_MONTH.get(self.month or 1, self.month or 1)
        return f"{self.year:04}-{month:02}-{self.day or 1:02}"

    @property
    def last_day(self) -> str:
        """The last day it can mean, as YYYY-MM-DD."""
        if self.day:
            return self.first_day
        year, month = self.year, self.month or 12
        if month in SEASONS:
            month = _FIRST_MONTH[month] + 2
            year, month = (year + 1, month - 12) if month > 12 else (year, month)  # noqa: PLR2004
        return f"{year:04}-{month:02}-{calendar.monthrange(year, month)[1]:02}"

    def words(self, *, year: bool = True) -> str:
        """Say it as a person would.

        Parameters
        ----------
        year : bool, optional
            Whether to say the year too.

        Returns
        -------
        str
        """
        month = SEASONS.get(self.month or 0) or (self.month and MONTHS[self.month - 1])
        said = (self.day, month, self.year if year else None)
        return _QUALIFIERS[self.qualifier] + " ".join(str(part) for part in said if part)


class EDTFDate(NamedTuple):
    """A date or an interval; None is an open end."""

    first: Point | None
    last: Point | None

    @property
    def sort_key(self) -> str:
        """The day it is sorted under: its first, or its last where the first is open."""
        if self.first:
            return self.first.first_day
        return self.last.last_day if self.last else ""

    @property
    def days(self) -> tuple[str, str]:
        """First and last possible day; an open end reaches to the year 0000 or 9999."""
        return (
            self.first.first_day if self.first else "0000-01-01",
            self.last.last_day if self.last else "9999-12-31",
        )

    @property
    def words(self) -> str:
        """The date as a person would say it."""
        first, last = self.first, self.last
        if first and last:
            if first == last:
                return first.words()
            year = first.year != last.year or not (first.month and last.month)
            return f"{first.words(year=year)} to {last.words()}"
        if first:
            return f"from {first.words()}"
        return f"by {last.words()}" if last else ""


def _point(text: str) -> Point | None:
    if text == "..":
        return None
    qualifier = text[-1] if text[-1] in _QUALIFIERS else ""
    year, month, day = ([int(part) for part in text.rstrip("~?%").split("-")] + [None, None])[:3]
    if day and month and year and day > calendar.monthrange(year, month)[1]:
        raise ValueError(text)
    return Point(year or 0, month, day, qualifier)


@cache  # a lesson names few days many times
def parse(edtf: str) -> EDTFDate:
    """Read one EDTF date.

    Parameters
    ----------
    edtf : str
        A date of the subset named above.

    Returns
    -------
    EDTFDate

    Raises
    ------
    ValueError
        When it is none; the message says how to write one.

    Examples
    --------
    >>> parse("1912-04/1912-05").words
    'April to May 1912'
    >>> parse("../1912-09").sort_key
    '1912-09-30'
    """
    match = _EDTF.fullmatch(edtf)
    try:
        if not match or edtf in {"..", "../.."} or edtf[:4] == "0000":
            raise ValueError(edtf)  # noqa: TRY301
        first = _point(match["first"])
        last = _point(match["last"]) if match["last"] else first
        date = EDTFDate(first, last)
        if first and last and first.first_day > last.last_day:
            raise ValueError(edtf)  # noqa: TRY301
    except ValueError:
        meant = " or ".join(_meant(edtf))
        remedy = f"did you mean {meant}? Write year-month-day" if meant else REMEDY
        raise ValueError(remedy) from None
    return date


def _meant(text: str) -> list[str]:
    """Return the days and months that somebody, or a spreadsheet, may have meant."""
    if len(text) > _LONGEST_SLIP or "/" in {text[:1], text[-1:]}:  # an end that nobody wrote
        return []
    if _SERIAL.fullmatch(text):
        return [str(_FIRST_SERIAL + dt.timedelta(days=int(text)))]
    parts = re.findall(r"[0-9]+|[^\W\d_]{3,}", _TIME.sub("", text))
    found = [
        _as_edtf(dict(zip(order, parts, strict=True))) for order in _ORDERS.get(len(parts), ())
    ]
    return [date for date in dict.fromkeys(found) if _EDTF.fullmatch(date) and _is_date(date)]


def _as_edtf(part: dict[str, str]) -> str:
    month = part["month"].casefold()
    numbers = (n for n, name in enumerate(MONTHS, start=1) if name.casefold().startswith(month))
    place = month if month.isdecimal() else str(next(numbers, 0))
    written = [part["year"], place.zfill(2)]
    return "-".join([*written, part["day"].zfill(2)] if "day" in part else written)


def _is_date(edtf: str) -> bool:
    try:
        return bool(_point(edtf))
    except ValueError:
        return False


def label(edtf: str, words: str = "", derived: str = "") -> str:
    """Say a date as a person would.

    Parameters
    ----------
    edtf : str
        EDTF date; empty for undated.
    words : str, optional
        The text's own words for it, which often say more ("early October").
    derived : str, optional
        How the date was worked out, where nobody wrote it down.

    Returns
    -------
    str

    Examples
    --------
    >>> label("1912-10-01/1912-10-10", words="early October")
    'early October 1912'
    >>> label("1912-06-28", derived="25 June + three days")
    '28 June 1912, worked out from 25 June + three days'
    """
    if not edtf:
        return f"undated (“{words}”)" if words else "undated"
    date = parse(edtf)
    if derived:
        return f"{date.words}, worked out from {derived}"
    said = date.words.split()
    if all(word.strip(",.") in said for word in words.split()):
        return date.words
    end = date.last or date.first
    year = str(end.year) if end else ""
    if year in words:
        return words
    return f"{words}{',' if words[-1].isdigit() else ''} {year}"
