"""What an answer holds, whatever its kind: choices, and the learner's own words."""

from __future__ import annotations

ARGUMENT, NAME = "argument", "name"


def chosen(answer: object) -> list[str]:
    """Return the choices in an answer, whatever its kind.

    Parameters
    ----------
    answer : object
        As a workbook has it; it may have been edited by hand.

    Returns
    -------
    list of str
        Ids of choices; empty where nothing was chosen.

    Examples
    --------
    >>> chosen({"choice": "likely", "reason": "It fits."}), chosen(["a", 7])
    (['likely'], ['a'])
    """
    if isinstance(answer, dict):
        answer = answer.get("choice")
    several = answer if isinstance(answer, list) else [answer]
    return [one for one in several if isinstance(one, str)]


def words(answer: object) -> str:
    """Return the learner's own words in an answer to a question.

    Parameters
    ----------
    answer : object
        As a workbook has it.

    Returns
    -------
    str
        Empty where there are none.

    Examples
    --------
    >>> words({"choice": "likely", "reason": " It fits. "})
    'It fits.'
    """
    said = answer.get("reason") if isinstance(answer, dict) else answer
    return said.strip() if isinstance(said, str) else ""
