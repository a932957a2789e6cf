"""EDTF dates (ISO 8601-2), read with one regular expression.

The subset: year, month, day, time of day, season, the qualifiers ``~ ? %``, intervals and open
ends. Years count as astronomers count them: 0000 is 1 BCE, -0043 is 44 BCE.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from typing import NamedTuple

from kwlesson.translation import _, cache_by_language, later

# Not calendar.month_name, which speaks the language of the machine.
MONTHS = (
    later("January"),
    later("February"),
    later("March"),
    later("April"),
    later("May"),
    later("June"),
    later("July"),
    later("August"),
    later("September"),
    later("October"),
    later("November"),
    later("December"),
)
SEASONS = {21: later("spring"), 22: later("summer"), 23: later("autumn"), 24: later("winter")}
# A season as the months that a sort key needs; a winter begins in its own December.
_FIRST_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}
_QUALIFIERS = {
    "": "{date}",
    "~": later("about {date}"),
    "?": later("perhaps {date}"),
    "%": later("perhaps about {date}"),
}
# With a month, a day, both; and where the year is said elsewhere.
_PATTERNS = (
    ("{year}", "{year}"),
    (later("{month} {year}"), "{month}"),
    (later("{day} {month} {year}"), later("{day} {month}")),
)
_YEAR, _DAY = "(?!-0000)-?[0-9]{4}", "(?:0[1-9]|[12][0-9]|3[01])"
_POINT = (
    rf"(?:{_YEAR}-2[1-4]"
    rf"|{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    rf"|{_YEAR}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?)?[~?%]?)"
)
_EDTF = re.compile(rf"(?P<first>{_POINT}|\.\.)(?:/(?P<last>{_POINT}|\.\.))?")
_PARTS = re.compile("(-?[0-9]+)(?:-([0-9]+))?(?:-([0-9]+))?(?:T([0-9]+):([0-9]+))?")
REMEDY = (
    "write an EDTF date such as 1950-06-25, 1775-04-19T05:30, 1949-05, 1949~, 1949-04/1949-05, "
    "1949-06/.. or -0043 for 44 BCE"
)
_CYCLE, _CYCLE_DAYS = 400, 146_097  # years after which the calendar is the same, and their days

_LONGEST_SLIP = 40
_TIME = re.compile(r"[T ]([0-9]{1,2}):([0-9]{2}).*")
_ORDERS = {
    2: (("month", "year"), ("year", "month")),
    3: (("day", "month", "year"), ("month", "day", "year"), ("year", "month", "day")),
}
_PLAIN_YEAR = 100  # a smaller one alone is taken for a day
_SERIAL = re.compile("[1-9][0-9]{4}")  # spreadsheets count days
_FIRST_SERIAL = dt.date(1899, 12, 30)


class Moment(NamedTuple):
    """A minute of any year, before our era too; 24:00 is the end of its day.

    Examples
    --------
    >>> Moment(-43, 3, 15) < Moment(14, 8, 19), str(Moment(-43, 3, 15, 9, 30))
    (True, '-0043-03-15T09:30')
    """

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0

    @property
    def number(self) -> float:
        """Its place on an axis, in days."""
        cycles, year = divmod(self.year - 1, _CYCLE)
        days = dt.date(year + 1, self.month, self.day).toordinal() + cycles * _CYCLE_DAYS
        return days + (60 * self.hour + self.minute) / 1440

    @property
    def sort_key(self) -> str:
        """Text that sorts in order of time; a year before ours counts up from -9999."""
        return f"-{10_000 + self.year:04}{str(self)[5:]}" if self.year < 0 else str(self)

    @property
    def end(self) -> Moment:
        """The end of the day where no time is given."""
        return self if self.hour or self.minute else self._replace(hour=24)

    def __str__(self) -> str:
        """Return it as EDTF."""
        sign, year = "-" if self.year < 0 else "", abs(self.year)
        day = f"{sign}{year:04}-{self.month:02}-{self.day:02}"
        has_time = (self.hour, self.minute) not in {(0, 0), (24, 0)}
        return f"{day}T{self.hour:02}:{self.minute:02}" if has_time else day


def moment(sort_key: str) -> Moment:
    """Read a sort key.

    Parameters
    ----------
    sort_key : str
        As a `Moment` has it.

    Returns
    -------
    Moment

    Examples
    --------
    >>> moment(Moment(-43, 3, 15).sort_key)
    Moment(year=-43, month=3, day=15, hour=0, minute=0)
    """
    year, *others = [int(part or 0) for part in _PARTS.fullmatch(sort_key).groups()]  # type: ignore[union-attr]
    return Moment(-10_000 - year if year < 0 else year, *others)


def year_in_words(year: int) -> str:
    """Say a year: 1912, 14 CE, 44 BCE.

    Parameters
    ----------
    year : int
        As astronomers count: 0 is 1 BCE.

    Returns
    -------
    str

    Examples
    --------
    >>> year_in_words(-43)
    '44 BCE'
    """
    if year < 1:
        return _("{year} BCE").format(year=1 - year)
    return (
        _("{year} CE").format(year=year)
        if year < _PLAIN_YEAR
        else _("{number}").format(number=year)
    )


class Point(NamedTuple):
    """One end of a date, as precise as it was written."""

    year: int
    month: int | None
    day: int | None
    qualifier: str
    time: tuple[int, int] | None = None

    @property
    def earliest(self) -> Moment:
        """The first minute it can mean."""
        month = _FIRST_MONTH.get(self.month or 1, self.month or 1)
        return Moment(self.year, month, self.day or 1, *(self.time or ()))

    @property
    def latest(self) -> Moment:
        """The last minute it can mean."""
        if self.time:
            return self.earliest
        year, month = self.year, self.month or 12
        if month in SEASONS:
            month = _FIRST_MONTH[month] + 2
            year, month = (year + 1, month - 12) if month > 12 else (year, month)  # noqa: PLR2004
        return Moment(year, month, self.day or calendar.monthrange(year, month)[1], 24)

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
        pattern = _PATTERNS[bool(self.month) + bool(self.day)][not year]
        month = SEASONS.get(self.month or 0) or (MONTHS[self.month - 1] if self.month else "")
        words = _(pattern).format(
            day=self.day, month=month and _(month), year=year_in_words(self.year)
        )
        words = _(_QUALIFIERS[self.qualifier]).format(date=words)
        return _("{date}, {time}").format(date=words, time=self.clock) if self.time else words

    @property
    def clock(self) -> str:
        """Its time of day, where one is given."""
        return "{:02}:{:02}".format(*self.time) if self.time else ""


class EDTFDate(NamedTuple):
    """A date or an interval; None is an open end."""

    first: Point | None
    last: Point | None

    @property
    def sort_key(self) -> str:
        """What it is sorted under: its first minute, or its last day where the first is open."""
        if self.first:
            return self.first.earliest.sort_key
        return self.last.latest.sort_key if self.last else ""

    @property
    def bounds(self) -> tuple[Moment, Moment]:
        """First and last possible minute; an open end reaches to the year -9999 or 9999."""
        return (
            self.first.earliest if self.first else Moment(-9999, 1, 1),
            self.last.latest if self.last else Moment(9999, 12, 31, 24),
        )

    @property
    def words(self) -> str:
        """The date as a person would say it."""
        first, last = self.first, self.last
        if first and last:
            if first == last:
                return first.words()
            if first.time and last.time and first[:3] == last[:3]:
                return _("{first} to {last}").format(first=first.words(), last=last.clock)
            year = first.year != last.year or not (first.month and last.month)
            # The year is said once: at the end, or in a language that begins with it at once.
            begins = _("{month} {year}").startswith("{year}")
            said = {
                "first": first.words(year=year or begins),
                "last": last.words(year=year or not begins),
            }
            has_era = first.year < 1 and last.year >= _PLAIN_YEAR
            between = _("{first} to {last} CE") if has_era else _("{first} to {last}")
            return between.format(**said)
        if first:
            return _("from {date}").format(date=first.words())
        return _("by {date}").format(date=last.words()) if last else ""


def _point(text: str) -> Point | None:
    if text == "..":
        return None
    qualifier = text[-1] if text[-1] in _QUALIFIERS else ""
    parts = _PARTS.match(text)
    if not parts:
        raise ValueError(text)
    year, month, day, hour, minute = (int(part) if part else None for part in parts.groups())
    if day and month and day > calendar.monthrange(year or 0, month)[1]:
        raise ValueError(text)
    time = None if hour is None else (hour, minute or 0)
    return Point(year or 0, month, day, qualifier, time)


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
        if not match or edtf in {"..", "../.."}:
            raise ValueError(edtf)  # noqa: TRY301
        first = _point(match["first"])
        last = _point(match["last"]) if match["last"] else first
        date = EDTFDate(first, last)
        if first and last and first.earliest > last.latest:
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
    clock = _TIME.search(text)
    time = f"T{clock[1].zfill(2)}:{clock[2]}" if clock and {*clock.groups()} - {"0", "00"} else ""
    found = [
        _as_edtf(dict(zip(order, parts, strict=True))) + time
        for order in _ORDERS.get(len(parts), ())
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
    >>> label("1912-06-28T04:00", words="at daybreak")
    '28 June 1912, 04:00 (“at daybreak”)'
    """
    if not edtf:
        return _("undated (“{words}”)").format(words=words) if words else _("undated")
    date = parse(edtf)
    if derived:
        return _("{date}, worked out from {derived}").format(date=date.words, derived=derived)
    said = date.words.split()
    if all(word.strip(",.") in said for word in words.split()):
        return date.words
    end = date.last or date.first
    year = year_in_words(end.year) if end else ""
    if year.split()[0] in re.findall(r"\w+", words):
        return words
    if not _names() & {*re.findall(r"\w+", words.casefold())}:  # alone they would tell no date
        return f"{date.words} (“{words}”)"
    between = _("{words}, {year}") if words[-1].isdigit() else _("{words} {year}")
    return between.format(words=words, year=year)


@cache_by_language
def _names() -> set[str]:
    """Return the words that tell a month or a season."""
    return {_(name).casefold() for name in (*MONTHS, *SEASONS.values())} | {"fall"}
