"""The rules for questions and their choices, which every load keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kwlesson.tables.reader import Row, TableRows

MAX_IN_A_NOTEBOOK = 3
MIN_CHOICES = 2
_QUESTIONS, _CHOICES = "questions.csv", "choices.csv"


def questions(tables: TableRows) -> Iterator[Problem]:
    """Find every question that cannot be asked as it stands.

    Parameters
    ----------
    tables : dict of str to list of Row
        All tables, each with all its columns.

    Yields
    ------
    Problem

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> from kwlesson.tables.reader import read_folder
    >>> _, tables, _ = read_folder(SAMPLE)
    >>> tables["choices"][0]["best"] = "no"
    >>> print(str(next(questions(tables))).partition(";")[0])
    questions.csv:2:id: 'who-saw': needs a choice that fits and one that does not
    """
    choices: dict[str, list[Row]] = {}
    for choice in tables["choices"]:
        choices.setdefault(choice["question"], []).append(choice)
    for question in tables["questions"]:
        own = choices.get(question["id"], [])
        remedy = _choices_remedy(question["kind"], own)
        if remedy:
            yield Problem(_QUESTIONS, question.number, "id", question["id"], remedy)
        if question["kind"] == "scale" and not question["round"]:
            remedy = "a rating is given more than once; say in which round this is"
            yield Problem(_QUESTIONS, question.number, "round", "", remedy)
        if not question["source"] and not (question["kind"] == "choice" and question["round"]):
            remedy = "an answer rests on something; leave this empty only for a made-up case"
            yield Problem(_QUESTIONS, question.number, "source", "", remedy)
        # The first round of two says nothing about its choices, so it needs no word on them.
        told = question["kind"] in {"choice", "evidence"} and question["round"] != "1"
        for choice in own if told else ():
            if choice["best"] == "no" and not choice["tempts"]:
                remedy = "a choice that is not the best; say why it tempts"
                yield Problem(_CHOICES, choice.number, "tempts", "", remedy)
    yield from _too_many(tables)
    yield from _sensitive(tables)
    yield from _scattered(tables)


def _choices_remedy(kind: str, choices: list[Row]) -> str:
    best = sum(choice["best"] == "yes" for choice in choices)
    if kind == "text":
        return "a question to be answered in words; take its choices out" if choices else ""
    if len(choices) < MIN_CHOICES:
        return f"needs at least {MIN_CHOICES} choices, has {len(choices)}; add its choices"
    if kind == "scale" and best:
        return "no rating is better than another; mark none of its choices as best"
    if kind == "choice" and not 0 < best < len(choices):
        return f"needs a choice that fits and one that does not; here {best} of {len(choices)} fit"
    if kind == "evidence" and not best:
        return "nothing here is worth a tick; mark at least one choice as best"
    return ""


def _too_many(tables: TableRows) -> Iterator[Problem]:
    places: dict[str, set[str]] = {}
    for question in tables["questions"]:
        taken = places.setdefault(question["notebook"], set())
        taken.add(question["order"])
        if len(taken) > MAX_IN_A_NOTEBOOK:
            remedy = f"more than {MAX_IN_A_NOTEBOOK} questions in one notebook; leave the best"
            yield Problem(_QUESTIONS, question.number, "notebook", question["notebook"], remedy)


def _sensitive(tables: TableRows) -> Iterator[Problem]:
    sensitive = {quote["id"] for quote in tables["quotes"] if quote["sensitive"] == "yes"}
    for choice in tables["choices"]:
        if choice["quote"] in sensitive:
            remedy = "a sensitive quotation, which no question shows; choose another"
            yield Problem(_CHOICES, choice.number, "quote", choice["quote"], remedy)


def _scattered(tables: TableRows) -> Iterator[Problem]:
    """Find choices that stand apart: whoever edits a question must see all of them."""
    done: set[str] = set()
    before = ""
    for choice in tables["choices"]:
        if choice["question"] != before and choice["question"] in done:
            remedy = "stands apart from the other choices of its question; bring them together"
            yield Problem(_CHOICES, choice.number, "question", choice["question"], remedy)
        done.add(choice["question"])
        before = choice["question"]
