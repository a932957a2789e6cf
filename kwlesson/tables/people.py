"""Find people by name, however it is spelled."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.errors import LessonError, nearest, perhaps, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kwlesson.tables.store import Record, Tables

# Forms of address, which are no part of a name. They are dropped from what is asked, and only
# where it finds nobody as it stands.
_TITLES = frozenset(
    {
        *("ambassador", "captain", "chairman", "colonel", "comrade", "doctor", "dr", "general"),
        *("generalissimo", "leader", "marshal", "minister", "miss", "mr", "mrs", "ms", "premier"),
        *("president", "prof", "professor", "secretary", "sir"),
    }
)
_APOSTROPHES = "'’‘ʼʹ`´"  # noqa: RUF001 - as people type them
_NAME_PART = re.compile(r"[^\W\d_]{3,}")
_MAX_NAME_LENGTH = 80
_MIN_WORD_LENGTH = 3
_MAX_NAMES = 3


class Found(NamedTuple):
    """Rows of `people`, and whether one of their spellings is exactly what was asked."""

    people: list[Record]
    exact: bool


def plain(name: str) -> tuple[str, ...]:
    """Reduce a name to what all ways of writing it share.

    Parameters
    ----------
    name : str
        In any script.

    Returns
    -------
    tuple of str
        Its words without capitals, accents, hyphens and other signs.

    Examples
    --------
    >>> plain("Terentiï O'Wick-Ólsen")
    ('terentii', 'owick', 'olsen')
    """
    signs = []
    for sign in unicodedata.normalize("NFKD", name.casefold()):
        kind = unicodedata.category(sign)[0]
        if kind in "LN":
            signs.append(sign)
        elif kind != "M" and sign not in _APOSTROPHES:
            signs.append(" ")
    return tuple(unicodedata.normalize("NFC", "".join(signs)).split())


def spellings(person: Record, others: Iterable[Record] = ()) -> list[str]:
    """List every way in which a person's name is written.

    Parameters
    ----------
    person : dict
        A row of `people`.
    others : iterable of dict, optional
        The person's rows of `names`.

    Returns
    -------
    list of str
        The name first.

    Examples
    --------
    >>> spellings({"name": "Ada", "also_known_as": "A.;Addie", "native_name": ""})
    ['Ada', 'A.', 'Addie']
    """
    written = [person["name"], person["native_name"], *person["also_known_as"].split(";")]
    written += [row["name"] for row in others]
    return list(dict.fromkeys(name.strip() for name in written if name.strip()))


def secret_names(person: Mapping[str, str], *, whole: bool = False) -> list[str]:
    """List what gives a person away: every spelling, and every part of one.

    Parameters
    ----------
    person : mapping
        A row of `people`.
    whole : bool, optional
        Leave the parts out, as for a body, whose name is made of common words.

    Returns
    -------
    list of str
        Whole names first. Forms of address, initials and words in small letters tell nothing.

    Examples
    --------
    >>> secret_names({"name": "Silas Buoy", "also_known_as": "Captain Buoy", "native_name": ""})
    ['Silas Buoy', 'Captain Buoy', 'Silas', 'Buoy']
    """
    names = [person["name"], person["native_name"], *person["also_known_as"].split(";")]
    found = [name.strip() for name in names if name.strip()]
    parts = [part for name in found for part in _NAME_PART.findall(name)]
    parts = [part for part in parts if part[0].isupper() and part.casefold() not in _TITLES]
    return list(dict.fromkeys(found + ([] if whole else parts)))


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return which names stand in a text as words of their own.

    Parameters
    ----------
    text : str
        Any words.
    names : iterable of str
        Names, as they may stand there.

    Returns
    -------
    list of str

    Examples
    --------
    >>> names_in("Buoy's report", ["Tom Wick", "Buoy"])
    ['Buoy']
    """
    found = (name for name in names if name in text)  # a pattern for each would take its time
    return [name for name in found if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def find(lesson: Tables, asked: str) -> Found:
    """Find the people whom a name may mean.

    An exact spelling wins; then names that have all the words that were asked, in any order;
    then names whose words begin with them.

    Parameters
    ----------
    lesson : Tables
        The tables.
    asked : str
        A name, a part of one, or an id.

    Returns
    -------
    Found
        At least one person, in the order of the table.

    Raises
    ------
    LessonError
        When there is none; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [person["id"] for person in find(lesson, "OLD WICK").people]
    ['lamplighter']
    >>> [person["id"] for person in find(lesson, "wick").people]
    ['lamplighter', 'lamplighters-son']
    """
    words = plain(str(asked)[:_MAX_NAME_LENGTH])
    untitled = tuple(word for word in words if word not in _TITLES) or words
    known = spellings_by_person(lesson)
    people = lesson.records("people")
    ways = [(one, [plain(name) for name in [*known[one["id"]], one["id"]]]) for one in people]
    for wanted in (words, untitled):
        exact = [one for one, names in ways if any("".join(wanted) == "".join(n) for n in names)]
        if exact and wanted:
            return Found(exact, exact=True)
    for fits in (_has_words, _begins):
        near = [one for one, names in ways if any(fits(name, untitled) for name in names)]
        if near and untitled:
            return Found(near, exact=False)
    raise LessonError(_nobody(lesson, str(asked), "".join(untitled)))


def spellings_by_person(lesson: Tables) -> dict[str, list[str]]:
    """List every way in which each person's name is written, by the person's id."""
    rows = lesson.grouped("names", "person")
    return {
        key: spellings(person, rows.get(key, ())) for key, person in lesson.by_id("people").items()
    }


def _has_words(name: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return set(wanted) <= set(name)


def _begins(name: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if "".join(name).startswith("".join(wanted)):
        return True
    return all(any(word.startswith(start) for word in name) for start in wanted)


def _nobody(lesson: Tables, asked: str, wanted: str) -> str:
    shown = asked if len(asked) <= _MAX_NAME_LENGTH else f"{asked[:_MAX_NAME_LENGTH]}..."
    sayings: dict[str, dict[str, str]] = {}
    for word, name, said in _sayings(lesson):
        sayings.setdefault(word, {}).setdefault(name, said)
    near: dict[str, str] = {}
    for word in nearest(wanted, sayings):
        near |= {name: said for name, said in sayings[word].items() if name not in near}
    return (
        f"nobody here is called '{visible(shown)}'"
        f"{perhaps(list(near.values())[:_MAX_NAMES])}; lesson.who() lists everybody"
    )


def _sayings(lesson: Tables) -> Iterator[tuple[str, str, str]]:
    """Return whatever may be mistyped, the person's name, and how to say whom it means."""
    people = lesson.by_id("people")
    for key, written in spellings_by_person(lesson).items():
        own = people[key]["name"]
        for spelling in written:
            said = own if spelling == own else f"{spelling} ({own})"
            words = plain(spelling)
            yield "".join(words), own, said
            for word in words:
                if len(word) >= _MIN_WORD_LENGTH and word not in _TITLES:
                    yield word, own, said


def find_person(lesson: Tables, asked: str) -> Record:
    """Find the one person meant by an id or a name.

    Parameters
    ----------
    lesson : Tables
        The tables.
    asked : str
        An id of `people`, or a name in any spelling.

    Returns
    -------
    dict
        A row of `people`.

    Raises
    ------
    LessonError
        When nobody is called so, or several are; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> find_person(lesson, "Captain Buoy")["id"]
    'harbourmaster'
    >>> find_person(lesson, "wick")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: 'wick' may be several people: lamplighter (Tom Wick), \
lamplighters-son (Tom Wick the younger); say which by the word before the bracket
    """
    people = lesson.by_id("people")
    if asked in people:
        return people[asked]
    found = find(lesson, asked).people
    if len(found) > 1:
        several = ", ".join(f"{one['id']} ({one['name']})" for one in found[:5])
        raise LessonError(
            f"{asked!r} may be several people: {several}; say which by the word before the bracket"
        )
    return found[0]
