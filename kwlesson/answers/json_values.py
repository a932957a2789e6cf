"""What JSON can keep of an answer, and how a question is named in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Iterable

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

LARGEST_ANSWER = 250_000
DEEPEST = 32
_LONGEST_NUMBER = 1000
_NAMED = 5
_SHOWN = 60


def clean(value: object, what: str) -> Json:
    """Make of a value what JSON keeps, or say why it cannot be kept.

    Half a character (a lone surrogate, as browsers cut them) becomes a replacement sign.

    Parameters
    ----------
    value : object
        An answer.
    what : str
        How to call it in the message, such as ``The answer to 'one'``.

    Returns
    -------
    JSON value

    Raises
    ------
    LessonError
        When it is no JSON value, too long or nested too deep.

    Examples
    --------
    >>> clean({"sure": ("likely", 1)}, "The answer")
    {'sure': ['likely', 1]}
    >>> clean({1, 2}, "The answer")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: The answer cannot be kept: a set is no JSON value.
    """
    try:
        return _Cleaner().clean(value, 0)
    except ValueError as error:
        raise LessonError(f"{what} cannot be kept: {error}.") from error


def whole_characters(text: str) -> str:
    r"""Mend a text in which characters stand as halves, as JavaScript has them.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same, with pairs of halves joined and single halves replaced.

    Examples
    --------
    >>> whole_characters("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def named(questions: Iterable[str]) -> str:
    r"""Name questions in a sentence, shortened and without invisible signs.

    Parameters
    ----------
    questions : iterable of str
        Any ids.

    Returns
    -------
    str

    Examples
    --------
    >>> named(["one", "x" * 99, "\u202etwo"])
    "'one', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...', '\\u202etwo'"
    """
    ids = list(questions)
    shown = [one if len(one) <= _SHOWN else f"{one[:_SHOWN]}..." for one in ids[:_NAMED]]
    said = ", ".join(map(repr, shown))
    more = len(ids) - _NAMED
    return f"{said} and {more:,} more" if more > 0 else said


class _Cleaner:
    """Walk through a value once, and give up on one that is larger than any answer."""

    def __init__(self) -> None:
        self.left = LARGEST_ANSWER

    def clean(self, value: object, depth: int) -> Json:
        self._spend(len(value) if isinstance(value, str) else 1)
        if depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} deep")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return whole_characters(str(value))
        if isinstance(value, int):
            return _whole_number(value)
        if isinstance(value, float):
            if value - value != 0:
                raise ValueError(f"{value} is no JSON number")
            return float(value)
        if isinstance(value, list | tuple):
            return [self.clean(one, depth + 1) for one in value]
        if isinstance(value, dict):
            return self._object(value, depth)
        raise ValueError(f"a {type(value).__name__} is no JSON value")

    def _spend(self, characters: int) -> None:
        self.left -= characters
        if self.left < 0:
            raise ValueError(f"it is longer than {LARGEST_ANSWER:,} characters")

    def _object(self, value: dict[object, object], depth: int) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        for key, one in value.items():
            if not isinstance(key, str):
                raise ValueError(f"a {type(key).__name__} is no JSON key")  # noqa: TRY004
            self._spend(len(key))
            kept[whole_characters(key)] = self.clean(one, depth + 1)
        return kept


def _whole_number(value: int) -> int:
    # Python refuses to write very long numbers.
    if value.bit_length() > _LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(value)
