"""How acts are said: of one or of several, towards somebody or alone, as `terms` has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kwlesson.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables

OTHER = re.compile(r"…|\.\.\.")  # where the other is named
_ONE_OR_SEVERAL = re.compile(r"([\w'-]+)/([\w'-]+)")


def say(pattern: str, *, several: bool = False, other: str = "") -> str:
    """Return an act as it is said after who acts.

    Parameters
    ----------
    pattern : str
        A cell of `terms`, in its column `sentence` or `alone`.
    several : bool, optional
        Whether several act.
    other : str, optional
        Towards whom.

    Returns
    -------
    str

    Examples
    --------
    >>> say("asks/ask … to confirm", several=True, other="the mayor")
    'ask the mayor to confirm'
    """
    words = _ONE_OR_SEVERAL.sub(lambda found: found[1 + several], pattern)
    return OTHER.sub(lambda _: other, words)


def listed(names: Sequence[str]) -> str:
    """Name people in a sentence.

    Parameters
    ----------
    names : sequence of str
        In order.

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["Ada", "Ben", "Cy"])
    'Ada, Ben and Cy'
    """
    return _(" and ").join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def names_of(lesson: Tables, people: str) -> str:
    """Name the people of a cell.

    Parameters
    ----------
    lesson : Tables
        The tables.
    people : str
        Ids of `people` with ; between them.

    Returns
    -------
    str

    Examples
    --------
    >>> import kwlesson
    >>> names_of(kwlesson.load(kwlesson.SAMPLE), "clerk;writer")
    'a clerk and Ada Quill'
    """
    return listed([lesson.by_id("people")[key]["name"] for key in people.split(";") if key])


def are_several(lesson: Tables, people: str) -> bool:
    """Return whether a cell names several people, or one who is spoken of in the plural.

    Parameters
    ----------
    lesson : Tables
        The tables.
    people : str
        Ids of `people` with ; between them.

    Returns
    -------
    bool

    Examples
    --------
    >>> import kwlesson
    >>> are_several(kwlesson.load(kwlesson.SAMPLE), "clerk;writer")
    True
    """
    return ";" in people or bool(lesson.by_id("people")[people]["plural"] == "yes")


def did(lesson: Tables, hand: Record) -> str:
    """Say what a hand did, after the name of who did it.

    Parameters
    ----------
    lesson : Tables
        The tables.
    hand : dict
        A row of `hands`.

    Returns
    -------
    str

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> did(lesson, lesson.records("hands")[0])
    'said it'
    """
    act = lesson.words("hands.act")[hand["act"]]
    return say(act["alone"], several=are_several(lesson, hand["person"]))


def does(lesson: Tables, link: Record) -> str:
    """Say what is done in a link, after the name of who acts.

    Parameters
    ----------
    lesson : Tables
        The tables.
    link : dict
        A row of `links`.

    Returns
    -------
    str

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> does(lesson, lesson.get("links", "blame"))
    'asks Tom Wick'
    """
    act = lesson.words("links.act")[link["act"]]
    pattern = act["sentence"] if link["to"] else act["alone"]
    several = are_several(lesson, link["by"])
    return say(pattern, several=several, other=names_of(lesson, link["to"]))
