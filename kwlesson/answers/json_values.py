"""What JSON can keep of an answer, and how a question is named in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Iterable

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_ANSWER_LENGTH = 250_000
MAX_DEPTH = 32
_MAX_NUMBER_BITS = 1000
_MAX_IDS_SHOWN = 5
_MAX_ID_LENGTH = 60


def to_json(value: object, what: str) -> Json:
    """Return a value as JSON keeps it, or say why it cannot be kept.

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
    >>> to_json({"sure": ("likely", 1)}, "The answer")
    {'sure': ['likely', 1]}
    >>> to_json({1, 2}, "The answer")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: The answer cannot be kept: a set is no JSON value.
    """
    try:
        return _Converter().convert(value, 0)
    except ValueError as error:
        raise LessonError(f"{what} cannot be kept: {error}.") from error


def repair_surrogates(text: str) -> str:
    r"""Return a text without half characters, as JavaScript has them.

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
    >>> repair_surrogates("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def format_ids(questions: Iterable[str]) -> str:
    r"""Return ids as a sentence names them: the first few, shortened, without invisible signs.

    Parameters
    ----------
    questions : iterable of str
        Any ids.

    Returns
    -------
    str

    Examples
    --------
    >>> format_ids(["one", "x" * 99, "\u202etwo"])
    "'one', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...', '\\u202etwo'"
    """
    ids = list(questions)
    shown = [
        one if len(one) <= _MAX_ID_LENGTH else f"{one[:_MAX_ID_LENGTH]}..."
        for one in ids[:_MAX_IDS_SHOWN]
    ]
    said = ", ".join(map(repr, shown))
    more = len(ids) - _MAX_IDS_SHOWN
    return f"{said} and {more:,} more" if more > 0 else said


class _Converter:
    """Walk through a value once, and give up on one that is larger than any answer."""

    def __init__(self) -> None:
        self.left = MAX_ANSWER_LENGTH

    def convert(self, value: object, depth: int) -> Json:
        self._spend(len(value) if isinstance(value, str) else 1)
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return repair_surrogates(str(value))
        if isinstance(value, int):
            return _whole_number(value)
        if isinstance(value, float):
            if value - value != 0:
                raise ValueError(f"{value} is no JSON number")
            return float(value)
        if isinstance(value, list | tuple):
            return [self.convert(one, depth + 1) for one in value]
        if isinstance(value, dict):
            return self._object(value, depth)
        raise ValueError(f"a {type(value).__name__} is no JSON value")

    def _spend(self, characters: int) -> None:
        self.left -= characters
        if self.left < 0:
            raise ValueError(f"it is longer than {MAX_ANSWER_LENGTH:,} characters")

    def _object(self, value: dict[object, object], depth: int) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        for key, one in value.items():
            if not isinstance(key, str):
                raise ValueError(f"a {type(key).__name__} is no JSON key")  # noqa: TRY004
            self._spend(len(key))
            kept[repair_surrogates(key)] = self.convert(one, depth + 1)
        return kept


def _whole_number(value: int) -> int:
    # Python refuses to write very long numbers.
    if value.bit_length() > _MAX_NUMBER_BITS:
        raise ValueError("a number is too long")
    return int(value)
