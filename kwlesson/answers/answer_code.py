"""Answer codes: a learner's choices in a few characters, to paste into a chat."""

from __future__ import annotations

import math
import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.errors import LessonError
from kwlesson.tables.schema import OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Tables

PREFIX = "KW1"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_BASE = len(DIGITS)
_LOOKALIKES = str.maketrans("OIL", "011")
# A prime below 32 * 32: two digits that catch every wrong character and every swap of neighbours.
_CHECK_PRIME = 1021
_CHECK_DIGITS = EDITION_DIGITS = 2
GROUP = 4


class CodedQuestion(NamedTuple):
    """A question in a code: its id, its kind and the ids of its choices."""

    id: str
    kind: str
    choices: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many answers there can be, with none as one of them."""
        return 1 + (2 ** len(self.choices) if self.kind == "evidence" else len(self.choices))

    def number_of(self, answer: object) -> int:
        """Return 0 for no answer, then one number for each answer there can be."""
        if self.kind != "evidence":
            answer = answer.get("choice") if isinstance(answer, dict) else answer
            known = isinstance(answer, str) and answer in self.choices
            return 1 + self.choices.index(str(answer)) if known else 0
        if not isinstance(answer, list):
            return 0
        return 1 + sum(1 << bit for bit, one in enumerate(self.choices) if one in answer)

    def answer_of(self, number: int) -> str | list[str]:
        """Return the answer that has a number above 0."""
        if self.kind != "evidence":
            return self.choices[number - 1]
        return [one for bit, one in enumerate(self.choices) if (number - 1) >> bit & 1]


class Codebook:
    """The questions of a lesson whose answers fit into a code: no free text, no name.

    A code is the prefix with its version, then Crockford base32: two digits for the lesson and
    the edition of its questions, the answers, and two digits to check. Hyphens and small letters
    do not matter.

    Parameters
    ----------
    lesson : Tables
        The tables; `questions` and `choices` are used, in their order, and the lesson's own id.

    Attributes
    ----------
    questions : tuple of CodedQuestion
        The questions in a code.
    editions : tuple of str
        The digits that stand for these questions and no others: as they are written, and as the
        first version wrote them.
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
        self.questions = tuple(
            CodedQuestion(question["id"], question["kind"], tuple(row["id"] for row in rows))
            for question in lesson.records("questions")
            if (rows := choices.get(question["id"]))
        )
        asked = ";".join(f"{one.id}:{','.join(one.choices)}" for one in self.questions)
        own = asked if lesson.id == OWN_LESSON else f"{lesson.id};{asked}"
        self.editions = tuple(
            _to_base32(zlib.crc32(one.encode()) % _BASE**EDITION_DIGITS, EDITION_DIGITS)
            for one in dict.fromkeys((own, asked))
        )
        largest = math.prod(one.size for one in self.questions) - 1
        self._length = max(1, math.ceil(largest.bit_length() / 5))
        self.size = EDITION_DIGITS + self._length + _CHECK_DIGITS

    def layout(self) -> dict[str, Any]:
        """Return what a browser needs to write the same codes.

        Returns
        -------
        dict
        """
        return {
            "edition": self.editions[0],
            "length": self._length,
            "questions": [list(one) for one in self.questions],
        }

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
        for one in self.questions:
            number = number * one.size + one.number_of(answers.get(one.id))
        body = self.editions[0] + _to_base32(number, self._length)
        body += _check_digits(body)
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
        plain = to_digits(re.sub(r"[-\s]", "", code))
        head, body = plain[: len(PREFIX)], plain[len(PREFIX) :]
        if head != PREFIX:
            raise LessonError(f"'{code}' is no answer code: it does not begin with {PREFIX}")
        if not is_checked(body):
            raise LessonError(
                f"'{code}' is mistyped: a character is wrong, missing or in another's place; "
                "ask for it again"
            )
        number = _from_base32(body[EDITION_DIGITS:-_CHECK_DIGITS])
        answers: dict[str, Any] = {}
        for one in reversed(self.questions):
            number, answer = divmod(number, one.size)
            if answer:
                answers[one.id] = one.answer_of(answer)
        if number or len(body) != self.size or not body.startswith(self.editions):
            raise LessonError(f"'{code}' belongs to other questions than these")
        return dict(reversed(answers.items()))


def to_digits(text: str) -> str:
    """Return what was typed as digits, what is mistaken for one as the one meant."""
    return text.upper().translate(_LOOKALIKES)


def is_checked(body: str) -> bool:
    """Return whether what follows a prefix ends with the digits that the others ask for."""
    is_number = len(body) > _CHECK_DIGITS and not set(body) - set(DIGITS)
    return is_number and _check_digits(body[:-_CHECK_DIGITS]) == body[-_CHECK_DIGITS:]


def _check_digits(body: str) -> str:
    return _to_base32(_from_base32(body) % _CHECK_PRIME, _CHECK_DIGITS)


def _to_base32(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, _BASE)
        digits = DIGITS[digit] + digits
    return digits


def _from_base32(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * _BASE + DIGITS.index(digit)
    return number
