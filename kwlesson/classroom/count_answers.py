"""How a class answered, counted: nothing is averaged, and no name is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.answer_kinds import ARGUMENT, chosen, words
from kwlesson.tables.schema import ANSWERS, TESTS
from kwlesson.tables.store import questions_with_choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kwlesson.classroom.gather import Learner
    from kwlesson.tables.store import Record, Tables

# Pages stay readable: of very many learners the first are shown in words, and all are counted.
MOST_IN_WORDS = 300
_LONGEST_BAR = 30


class Written(NamedTuple):
    """What one learner wrote: the learner's label, and the words."""

    learner: str
    words: str


def count_answers(
    lessons: Sequence[Tables], learners: Sequence[Learner], *, names: bool = False
) -> dict[str, Any]:
    """Count how a class answered each question, and gather its words.

    Parameters
    ----------
    lessons : sequence of Tables
        The lessons whose questions were answered.
    learners : sequence of Learner
        Answers, one learner each.
    names : bool, optional
        Label learners with the names that they gave; otherwise they are numbered.

    Returns
    -------
    dict of str to object
        What the templates of a class draw.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.classroom.gather import Learner
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> counted = count_answers([lesson], [Learner("a.json", "Ada", {"who-saw": "keeper"})])
    >>> asked = next(one for one in counted["spreads"] if one["id"] == "who-saw")
    >>> [(row["text"], row["count"]) for row in asked["rows"]]
    [('The lamplighter', 1), ('The harbourmaster', 0)]
    """
    labels = [
        learner.name.strip() if names and learner.name.strip() else f"Learner {number}"
        for number, learner in enumerate(learners, start=1)
    ]
    answers = [learner.answers for learner in learners]
    questions = questions_with_choices(*lessons)
    spreads = [_spread(question, answers) for question in questions if question["choices"]]
    ratings: dict[str, list[Record]] = {}
    for one in spreads:
        if one["kind"] == "scale":
            ratings.setdefault(one["prompt"], []).append(one)
    shown = list(zip(labels, answers, strict=True))[:MOST_IN_WORDS]
    return {
        "learners": len(learners),
        "shown": len(shown),
        "ratings": [_rounds(prompt, rounds) for prompt, rounds in ratings.items()],
        "spreads": [one for one in spreads if one["kind"] != "scale"],
        "judged": [one for lesson in lessons for one in _judged(lesson, answers)],
        "written": [
            {"question": question, "answers": said}
            for question in questions
            if question["kind"] in {"text", "scale"} and (said := _written(question["id"], shown))
        ],
        "arguments": _arguments(lessons, shown),
    }


def _spread(question: Record, answers: Sequence[Mapping[str, Any]]) -> Record:
    given = [chosen(one.get(question["id"])) for one in answers]
    given = [one for one in given if one]
    known = [choice["id"] for choice in question["choices"]]
    rows = [
        _bar(choice["text"], sum(choice["id"] in one for one in given), len(given))
        | {"best": choice["best"] == "yes" and question["kind"] != "scale"}
        for choice in question["choices"]
    ]
    return question | {
        "rows": rows,
        "answered": len(given),
        "unknown": sum(not set(one) & set(known) for one in given),
    }


def _judged(lesson: Tables, answers: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Count the answers to the three tests for each piece of later evidence, case by case."""
    events, quotes = lesson.by_id("events"), lesson.by_id("quotes")
    cases, terms = lesson.by_id("cases"), lesson.by_id("terms")

    def counted(row: Record, column: str) -> Record:
        given = [one.get(f"corroborations:{row['id']}") for one in answers]
        said = [one.get(column) for one in given if isinstance(one, dict)]
        return {"ours": row[column], "counts": [(answer, said.count(answer)) for answer in ANSWERS]}

    def title(row: Record, number: int) -> str:
        event, quote = events.get(row["event"]), quotes.get(row["quote"])
        known = event["title"] if event else _told(quote) if quote else ""
        return f"{number}: {known}" if known else f"Evidence {number}"

    def pieces(rows: list[Record]) -> list[Record]:
        return [
            {
                "id": row["id"],
                "title": title(row, number),
                "tests": [counted(row, one) for one in TESTS],
            }
            for number, row in enumerate(rows, start=1)
        ]

    judged = {case: pieces(rows) for case, rows in lesson.grouped("corroborations", "case").items()}
    names = [
        terms[key]["term"] if key in terms else column.replace("_", " ")
        for column, key in TESTS.items()
    ]
    return [
        {"case": cases.get(case, {"id": case, "title": case}), "tests": names, "pieces": found}
        for case, found in judged.items()
        if any(n for one in found for test in one["tests"] for _, n in test["counts"])
    ]


def _told(quote: Record) -> str:
    """Return what a quotation says in plain words, or the caution that hides it."""
    return str(quote["caution"] if quote["sensitive"] == "yes" else quote["plain"])


def _bar(label: str, count: int, of: int) -> Record:
    length = round(_LONGEST_BAR * count / of) if of else 0
    return {"text": label, "count": count, "of": of, "bar": "█" * length}


def _rounds(prompt: str, rounds: Sequence[Record]) -> Record:
    """Set the rounds of one rating side by side, choice by choice."""
    return {
        "prompt": prompt,
        "rounds": [(one["notebook"], one["answered"]) for one in rounds],
        "rows": [
            {"text": same[0]["text"], "bars": list(same)}
            for same in zip(*(one["rows"] for one in rounds), strict=False)
        ],
    }


def _written(question: str, shown: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Written]:
    said = [Written(label, words(answers.get(question))) for label, answers in shown]
    return [one for one in said if one.words]


def _arguments(
    lessons: Sequence[Tables], shown: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Record]:
    plain: dict[str, str] = {}
    for lesson in lessons:
        plain |= {f"quotes:{row['id']}": _told(row) for row in lesson.records("quotes")}
        plain |= {f"links:{row['id']}": row["says"] for row in lesson.records("links")}

    def pieces(answer: Record, key: str) -> list[str]:
        named = answer.get(key)
        several = named if isinstance(named, list) else []
        return [plain[one] for one in several if isinstance(one, str) and one in plain]

    return [
        {
            "learner": label,
            "evidence": pieces(answer, "evidence"),
            "against": pieces(answer, "against"),
            **{part: words(answer.get(part)) for part in ("claim", "but", "sure", "why")},
        }
        for label, answers in shown
        if isinstance(answer := answers.get(ARGUMENT), dict) and words(answer.get("claim"))
    ]
