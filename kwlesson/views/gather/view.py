"""The class picture: how a class answered, with names off unless they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from kwlesson.answers.answer_kinds import ARGUMENT, chosen, words
from kwlesson.classroom.gather import Skipped
from kwlesson.classroom.gather import gather as gather_files
from kwlesson.tables.schema import ANSWERS, TESTS
from kwlesson.tables.store import questions_with_choices
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.stylesheet import sheet
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kwlesson.classroom.gather import Learner
    from kwlesson.tables.store import Record, Tables

# Pages stay readable: of very many learners the first are shown in words, and all are counted.
MOST_IN_WORDS = 300
_LONGEST_BAR = 30
_NUMBERED = "Names are off. A file's name may hold a learner's, so files are numbered as found."


class Written(NamedTuple):
    """What one learner wrote: the learner's label, and the words."""

    learner: str
    words: str


class ClassPicture(View):
    """A view of a class's answers: spreads, ratings round by round, arguments side by side.

    No average is taken and no round is better than another: the teacher sees how a class spreads.

    Parameters
    ----------
    lessons : sequence of Tables
        The lessons whose questions were answered.
    learners : sequence of Learner
        Answers, one learner each.
    skipped : sequence of Skipped, optional
        What was not counted, and why.
    names : bool, optional
        Show the names that learners gave and those of files; otherwise both are numbered.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.classroom.gather import Learner
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> picture = ClassPicture([lesson], [Learner("a.json", "Ada", {"who-saw": "keeper"})])
    >>> "Ada" in picture.text() + picture.page()
    False
    """

    def __init__(
        self,
        lessons: Sequence[Tables],
        learners: Sequence[Learner],
        skipped: Sequence[Skipped] = (),
        *,
        names: bool = False,
    ) -> None:
        noted = [file if names else file.without_names() for file in skipped]
        facts = _facts(lessons, learners, names=names)
        facts |= {"skipped": noted, "numbered": "" if noted == list(skipped) else _NUMBERED}
        super().__init__("The class picture", facts)

    def switch(self) -> Switch:
        """Return a panel for each kind of answer.

        Returns
        -------
        Switch
        """
        parts = [
            ("Ratings", "ratings"),
            ("Questions", "spreads"),
            ("Three tests", "judged"),
            ("Arguments", "arguments"),
            ("Written answers", "written"),
            ("Files", "files"),
        ]
        return Switch("Show", [Panel(label, self.draw(part)) for label, part in parts])

    def document(self) -> str:
        """Return the picture as a page of its own, to be kept as a file.

        Returns
        -------
        str
            A whole HTML document without any script.
        """
        return str(macro("gather/page.html", "document", self.title, Markup(self.page())))  # noqa: S704 - drawn by our templates

    def written_document(self) -> str:
        """Return the written answers alone as a page of their own, to be printed.

        Returns
        -------
        str
            A whole HTML document without any script.
        """
        parts = [self.draw("arguments"), self.draw("written")]
        body = macro("gather/page.html", "printed", parts, sheet())
        return str(macro("gather/page.html", "document", "Written answers", body))


def _facts(
    lessons: Sequence[Tables], learners: Sequence[Learner], *, names: bool
) -> dict[str, Any]:
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


def gather(lesson: Tables, folder: str, *others: Tables, names: bool = False) -> ClassPicture:
    """Show how a class answered, from the answer files in a folder.

    Parameters
    ----------
    folder : str
        Holds the files loose, in subfolders or in zips; nothing in it is changed.
    *others : Tables
        More lessons whose questions the same learners answered.
    names : bool, optional
        Show the names that learners gave; otherwise they are numbered.

    Returns
    -------
    ClassPicture
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> lesson.gather("no/such/folder").facts["skipped"][0].reason
    'there is no such folder yet: put the answer files there and run this again'
    """
    path = Path(folder)
    if not path.exists():
        missing = "there is no such folder yet: put the answer files there and run this again"
        return ClassPicture([lesson, *others], [], [Skipped(folder, missing)], names=names)
    found = gather_files(path)
    return ClassPicture([lesson, *others], found.learners, found.skipped, names=names)
