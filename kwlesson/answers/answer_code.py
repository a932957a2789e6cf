"""Answer codes: a learner's choices in a few characters, to paste into a chat."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Tables

PREFIX = "KW1"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_BITS = 5
_LOOKALIKES = str.maketrans("OIL", "011")
# A prime below 32 * 32: two digits that catch every wrong character and every swap of neighbours.
_CHECK = 1021
_CHECK_DIGITS = EDITION_DIGITS = 2
GROUP = 4


class Place(NamedTuple):
    """A question in a code: its kind, its choices, and how many answers there can be."""

    question: str
    kind: str
    choices: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many answers there can be, with none as one of them."""
        return 1 + (2 ** len(self.choices) if self.kind == "evidence" else len(self.choices))


class Codebook:
    """The questions of a lesson whose answers fit into a code: no free text, no name.

    A code is the prefix with its version, then Crockford base32: two digits for the edition of
    the questions, the answers, and two digits to check. Hyphens and small letters do not matter.

    Parameters
    ----------
    lesson : Tables
        The tables; `questions` and `choices` are used, in their order.

    Attributes
    ----------
    places : tuple of Place
        The questions in a code.
    edition : str
        The digits that stand for these questions and no others.
    size : int
        How many digits follow the prefix.

    Examples
    --------
    >>> import kwlesson
    >>> book = Codebook(kwlesson.load(kwlesson.SAMPLE))
    >>> code = book.encode({"who-saw": "keeper", "name": "Ada"})
    >>> book.decode(code.lower())
    {'who-saw': 'keeper'}
    """

    def __init__(self, lesson: Tables) -> None:
        choices = lesson.grouped("choices", "question")
        self.places = tuple(
            Place(question["id"], question["kind"], tuple(row["id"] for row in rows))
            for question in lesson.records("questions")
            if (rows := choices.get(question["id"]))
        )
        edition = ";".join(f"{one.question}:{','.join(one.choices)}" for one in self.places)
        self.edition = _digits(zlib.crc32(edition.encode()) % 32**EDITION_DIGITS, EDITION_DIGITS)
        total = 1
        for place in self.places:
            total *= place.size
        self._length = max(1, -(-(total - 1).bit_length() // _BITS))
        self.size = EDITION_DIGITS + self._length + _CHECK_DIGITS

    def encode(self, answers: Mapping[str, Any]) -> str:
        """Write answers as a code.

        Parameters
        ----------
        answers : mapping of str to object
            By question, as a workbook has them; what is no choice, rating or evidence of this
            lesson is left out.

        Returns
        -------
        str
        """
        number = 0
        for place in self.places:
            number = number * place.size + _to_digit(place, answers.get(place.question))
        body = self.edition + _digits(number, self._length)
        body += _digits(_number(body) % _CHECK, _CHECK_DIGITS)
        groups = [body[start : start + GROUP] for start in range(0, len(body), GROUP)]
        return "-".join([PREFIX, *groups])

    def decode(self, code: str) -> dict[str, Any]:
        """Read a code.

        Parameters
        ----------
        code : str
            As `encode` wrote it; hyphens, blanks and the size of letters do not matter, and O is
            read as 0, I and L as 1.

        Returns
        -------
        dict of str to object
            Answers by question: an id of a choice, or a list of them for evidence.

        Raises
        ------
        LessonError
            When the code is mistyped, of another edition of the questions or of no lesson.
        """
        plain = as_digits(re.sub(r"[-\s]", "", code))
        head, body = plain[: len(PREFIX)], plain[len(PREFIX) :]
        if head != PREFIX:
            raise LessonError(f"'{code}' is no answer code: it does not begin with {PREFIX}")
        if not body or set(body) - set(DIGITS) or not checks(body):
            raise LessonError(
                f"'{code}' is mistyped: a character is wrong, missing or in another's place; "
                "ask for it again"
            )
        if len(body) != self.size or not body.startswith(self.edition):
            raise LessonError(f"'{code}' belongs to other questions than these")
        number = _number(body[EDITION_DIGITS:-_CHECK_DIGITS])
        answers: dict[str, Any] = {}
        for place in reversed(self.places):
            number, digit = divmod(number, place.size)
            if digit:
                answers[place.question] = _from_digit(place, digit)
        if number:
            raise LessonError(f"'{code}' belongs to other questions than these")
        return dict(reversed(answers.items()))


def as_digits(text: str) -> str:
    """Write what was typed as digits, what is mistaken for one as the one meant."""
    return text.upper().translate(_LOOKALIKES)


def _digits(number: int, length: int) -> str:
    return "".join(DIGITS[(number >> (_BITS * place)) & 31] for place in reversed(range(length)))


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * 32 + DIGITS.index(digit)
    return number


def checks(body: str) -> bool:
    """Return whether the last digits are those that the others ask for."""
    return _number(body[:-_CHECK_DIGITS]) % _CHECK == _number(body[-_CHECK_DIGITS:])


def _to_digit(place: Place, answer: object) -> int:
    """Return 0 for no answer, then one number for each answer there can be."""
    if place.kind != "evidence":
        answer = answer.get("choice") if isinstance(answer, dict) else answer
        known = isinstance(answer, str) and answer in place.choices
        return 1 + place.choices.index(str(answer)) if known else 0
    if not isinstance(answer, list):
        return 0
    return 1 + sum(1 << number for number, one in enumerate(place.choices) if one in answer)


def _from_digit(place: Place, digit: int) -> str | list[str]:
    if place.kind != "evidence":
        return place.choices[digit - 1]
    return [one for number, one in enumerate(place.choices) if (digit - 1) >> number & 1]
