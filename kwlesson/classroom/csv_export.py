"""A class's answers as one table for a spreadsheet, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from kwlesson.answers.answer_kinds import ARGUMENT, chosen, words
from kwlesson.tables.store import questions_with_choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.classroom.gather import Learner
    from kwlesson.tables.store import Tables

# Where a spreadsheet may begin a cell and take what follows for a formula. Some do not split at
# commas, and to those our quotation marks say nothing. Signs of full width count too.
_FORMULA = re.compile(r"(^|[;|\t\n])(?=[^\S\t\n]*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def to_csv(lessons: Sequence[Tables], learners: Sequence[Learner], *, names: bool = False) -> str:
    """Write a class's answers as CSV: a row a learner, a column a question.

    Parameters
    ----------
    lessons : sequence of Tables
        The lessons whose questions were answered.
    learners : sequence of Learner
        Answers, one learner each.
    names : bool, optional
        Add the names that learners gave and the files they came from.

    Returns
    -------
    str
        CSV with a header row. Choices are ids, with blanks between several; `-words` columns hold
        what was written. Whatever a spreadsheet would run as a formula is kept from it by an
        apostrophe.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.classroom.gather import Learner
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> table = to_csv([lesson], [Learner("a.json", "Ada", {"who-saw": "keeper"})])
    >>> "keeper" in table.splitlines()[1].split(",")
    True
    """
    questions = questions_with_choices(*lessons)
    header = ["learner", *(["name", "file"] if names else [])]
    for question in questions:
        if question["kind"] != "text":
            header.append(question["id"])
        if question["kind"] in {"text", "scale"}:
            header.append(f"{question['id']}-words")
    header.append(ARGUMENT)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for number, learner in enumerate(learners, start=1):
        row = [str(number), *([learner.name, learner.place] if names else [])]
        for question in questions:
            answer = learner.answers.get(question["id"])
            if question["kind"] != "text":
                row.append(" ".join(chosen(answer)))
            if question["kind"] in {"text", "scale"}:
                row.append(words(answer))
        row.append(_claim(learner.answers.get(ARGUMENT)))
        writer.writerow([_escape_formula(cell) for cell in row])
    return out.getvalue()


def _claim(argument: Any) -> str:  # noqa: ANN401 - whatever stood in the file
    return words(argument.get("claim")) if isinstance(argument, dict) else ""


def _escape_formula(cell: str) -> str:
    plain = "\n".join(cell.encode("utf-8", "replace").decode("utf-8").splitlines())
    plain = _FORMULA.sub(r"\1'", plain)
    return f"'{plain}" if plain.lstrip(" \n").startswith("\t") else plain
