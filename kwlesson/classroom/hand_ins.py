"""Whose a file is, as the names say that learning systems write into their exports."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# Each stands for one part of a place: a folder's name or a file's. What is not known for certain
# makes no owner: then the content of a file decides.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Moodle: a folder, or the beginning of a file's name; the number is the learner's there.
        r"(?P<owner>.+_\d+)_assignsubmission_[a-z]+(?:_|$)",
        # Canvas: name, LATE, learner, attachment (a later one has a higher number), file.
        r"(?P<owner>(?:\w*?_)??(?:anon_[^\W_]+|\d{2,}))_(?P<attempt>\d{5,})_.",
        # Blackboard: assignment, learner, time.
        r"(?P<owner>.+_.+)_attempt_(?P<attempt>\d{4}(?:-\d\d){3,5})",
        # Brightspace: learner and submission, name, time.
        r"(?P<owner>\d+)-\d+ - .+ - .+\d{3,4} [AP]M$",
    )
)
_LATE = re.compile(r"(?<=_)LATE_|^LATE_")
# The folder of a learner stands before this one (Sakai), or after these (Teams).
_AFTER_THE_OWNER = "submission attachment(s)"
_BEFORE_THE_OWNER = {"working files": "0", "submitted files": "1"}
_MAX_NAME_LENGTH = 255
_VERSION = re.compile(r"version (\d{1,9})$", re.IGNORECASE)
_COPY = re.compile(r"(?:-(\d{1,3})| ?\((\d{1,3})\))(?:\.\w{1,5}){0,2}$")


class HandIn(NamedTuple):
    """Whose a file is: learners of one `export` differ where `owner` does; empty is not known.

    `attempt` is higher for what was handed in later.
    """

    export: str = ""
    owner: str = ""
    attempt: tuple[int, ...] = ()

    @property
    def person(self) -> str:
        """The owner without the numbers, which are others in another export."""
        return re.sub(r"[\d\W_]", "", self.owner)


def plain_name(name: str) -> str:
    r"""Return a name in the one form in which names are compared.

    Parameters
    ----------
    name : str
        As a learner gave it, or a file's.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_name(" ZOE\u0301  L.\u200b") == plain_name("Zo\u00e9 l.")
    True
    """
    shown = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    folded = unicodedata.normalize("NFKC", shown).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def read_place(place: str) -> HandIn:
    """Read from a file's place whose it is.

    Parameters
    ----------
    place : str
        Folders and file, parted by slashes; a zip counts as a folder.

    Returns
    -------
    HandIn
        Nothing in it where the place does not say.

    Examples
    --------
    >>> read_place("essay.zip/Ada Lovelace_4711_assignsubmission_file/answers.json").owner
    'ada lovelace_4711'
    >>> names = ("lovelaceada_4711_90012_a.json", "lovelaceada_LATE_4711_90345_a-1.json")
    >>> [read_place(name).owner for name in names]
    ['lovelaceada_4711', 'lovelaceada_4711']
    >>> read_place("answers (1).json").owner
    ''
    """
    parts = place.replace("\\", "/").split("/")
    copy = _COPY.search(parts[-1])
    number = int(copy[1] or copy[2]) if copy else 0
    for at, part in enumerate(parts):
        before, after = (
            parts[near].casefold() if 0 <= near < len(parts) else "" for near in (at - 1, at + 1)
        )
        owner, attempt, top = "", "", at
        if before in _BEFORE_THE_OWNER and after:
            versions = [one[1] for one in map(_VERSION.match, parts[at + 1 :]) if one]
            owner, attempt, top = part, " ".join([_BEFORE_THE_OWNER[before], *versions]), at - 1
        elif after == _AFTER_THE_OWNER:
            owner = part
        elif match := _match(part):
            owner, attempt = match["owner"], match.groupdict().get("attempt") or ""
        if owner:
            when = tuple(map(int, re.findall(r"\d+", attempt)))
            return HandIn(plain_name("/".join(parts[:top])), plain_name(owner), (*when, number))
    return HandIn(attempt=(number,))


def _match(part: str) -> re.Match[str] | None:
    plain = _LATE.sub("", part[:_MAX_NAME_LENGTH])
    return next(filter(None, (pattern.match(plain) for pattern in _PATTERNS)), None)
