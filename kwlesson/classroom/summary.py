"""How a class answered: counts, ratings round by round, words side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.answers.answer_kinds import ARGUMENT, chosen, words
from kwlesson.tables.schema import ANSWERS, TESTS
from kwlesson.tables.store import questions_with_choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kwlesson.classroom.gather import Learner, Skipped
    from kwlesson.tables.store import Record, Tables

# Pages stay readable: of very many learners the first are shown in words, and all are counted.
MAX_LEARNERS_IN_WORDS = 300


def summarise(
    lessons: Sequence[Tables],
    learners: Sequence[Learner],
    skipped: Sequence[Skipped] = (),
    notes: Sequence[Skipped] = (),
    *,
    names: bool = False,
) -> dict[str, Any]:
    """Count a class's answers, and set its words side by side.

    No average is taken and no round is better than another: the teacher sees how a class spreads.

    Parameters
    ----------
    lessons : sequence of Tables
        The lessons whose questions were answered.
    learners : sequence of Learner
        Answers, one learner each.
    skipped : sequence of Skipped, optional
        What was not counted, and why.
    notes : sequence of Skipped, optional
        What a teacher should look at before anything else.
    names : bool, optional
        Show the names that learners gave and those of files; otherwise both are numbered.

    Returns
    -------
    dict
        What the pages of a class show: `notes`, `ratings`, `spreads`, `judged`, `arguments`,
        `written`, `skipped`, and how many there are.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.classroom.gather import Learner
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> summary = summarise([lesson], [Learner("a.json", "Ada", {"who-saw": "keeper"})])
    >>> counts = {one["id"]: [row["count"] for row in one["rows"]] for one in summary["spreads"]}
    >>> counts["who-saw"]
    [1, 0]
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
    shown = list(zip(labels, answers, strict=True))[:MAX_LEARNERS_IN_WORDS]
    files = [file if names else file.without_names() for file in skipped]
    return {
        "learners": len(learners),
        "shown": len(shown),
        "ratings": [_rounds(prompt, rounds) for prompt, rounds in ratings.items()],
        "spreads": [one for one in spreads if one["kind"] != "scale"],
        "judged": [one for lesson in lessons for one in _judged(lesson, answers)],
        "written": [
            {"question": question, "answers": written}
            for question in questions
            if question["kind"] in {"text", "scale"}
            and (written := _written(question["id"], shown))
        ],
        "arguments": _arguments(lessons, shown),
        "notes": [note.reason if names else note.nameless or note.reason for note in notes],
        "skipped": files,
        "numbered": files != list(skipped),
    }


def _spread(question: Record, answers: Sequence[Mapping[str, Any]]) -> Record:
    given = [chosen(one.get(question["id"])) for one in answers]
    given = [one for one in given if one]
    known = [choice["id"] for choice in question["choices"]]
    rows = [
        {
            "text": choice["text"],
            "count": sum(choice["id"] in one for one in given),
            "of": len(given),
            "best": choice["best"] == "yes" and question["kind"] != "scale",
        }
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

    def title(row: Record, number: int) -> str:
        event, quote = events.get(row["event"]), quotes.get(row["quote"])
        known = event["title"] if event else _plain(quote) if quote else ""
        return f"{number}: {known}" if known else f"Evidence {number}"

    def tests(row: Record) -> list[Record]:
        given = [one.get(f"corroborations:{row['id']}") for one in answers]
        said = {test: [one.get(test) for one in given if isinstance(one, dict)] for test in TESTS}
        return [
            {
                "ours": row[test],
                "counts": [(answer, said[test].count(answer)) for answer in ANSWERS],
            }
            for test in TESTS
        ]

    names = [terms[key]["term"] if key in terms else test.replace("_", " ")
             for test, key in TESTS.items()]  # fmt: skip
    judged: list[Record] = [
        {
            "case": cases.get(case, {"id": case, "title": case}),
            "tests": names,
            "pieces": [
                {"id": row["id"], "title": title(row, number), "tests": tests(row)}
                for number, row in enumerate(rows, start=1)
                if row["other_speaker"]
            ],
        }
        for case, rows in lesson.grouped("corroborations", "case").items()
    ]
    return [
        one
        for one in judged
        if any(n for piece in one["pieces"] for test in piece["tests"] for _, n in test["counts"])
    ]


def _plain(quote: Record) -> str:
    """Return what a quotation says in plain words, or the caution that hides it."""
    return str(quote["caution"] if quote["sensitive"] == "yes" else quote["plain"])


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


def _written(question: str, shown: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Record]:
    written = [(label, words(answers.get(question))) for label, answers in shown]
    return [{"learner": label, "words": said} for label, said in written if said]


def _arguments(
    lessons: Sequence[Tables], shown: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Record]:
    plain: dict[str, str] = {}
    for lesson in lessons:
        plain |= {f"quotes:{row['id']}": _plain(row) for row in lesson.records("quotes")}
        plain |= {f"links:{row['id']}": row["says"] for row in lesson.records("links")}
        events = lesson.by_id("events")
        plain |= {
            f"corroborations:{row['id']}": events[row["event"]]["summary"]
            for row in lesson.records("corroborations")
            if row["event"] in events
        }

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
