"""Which files are states of one learner's book, and which are other learners', by content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.answers.answer_kinds import NAME
from kwlesson.classroom.hand_ins import HandIn, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from kwlesson.answers.file_format import ParsedWorkbook

# A file is held against so many others of its book; beyond, it counts as one more learner.
_MOST_COMPARED = 500


class State(NamedTuple):
    """What tells files apart: the book and its counter, the name, and each answer's stamp.

    Parameters
    ----------
    number : int
        The file's number, in the order found.
    book : str
        The token that copies of one book share; empty where it is lost.
    counter : int
        The book's counter when the file was written.
    name : str
        The name that the learner gave, in the form in which names are compared.
    stamps : dict of str to tuple of int
        By question: the number of the answer, and a sum of its content.
    hand_in : HandIn, optional
        What the file's place says.
    is_whole : bool, optional
        Whether every answer of it could be read.
    """

    number: int
    book: str
    counter: int
    name: str
    stamps: dict[str, tuple[int, int]]
    hand_in: HandIn = HandIn()
    is_whole: bool = True


class Verdict(NamedTuple):
    """What becomes of a file that does not count: `kind` is older, same or again (handed in)."""

    counts: State
    kind: str


def state_of(number: int, file: ParsedWorkbook, hand_in: HandIn) -> State:
    """Take of a file what tells it from others.

    Parameters
    ----------
    number : int
        The file's number, in the order found.
    file : ParsedWorkbook
        What was read in it.
    hand_in : HandIn
        What its place says.

    Returns
    -------
    State
    """
    name = file.answers.get(NAME)
    stamps = {
        question: (entry.revision, hash(json.dumps(entry.answer, sort_keys=True)))
        for question, entry in file.entries.items()
    }
    said = plain_name(name) if isinstance(name, str) else ""
    is_whole = file.status != "broken"
    return State(number, file.book, file.counter, said, stamps, hand_in, is_whole)


def is_older_state(one: State, other: State) -> bool:
    """Return whether a file is an older state of another, or the same.

    It is where every answer in it stands in the other one unchanged, or is replaced there by one
    that was given later, and the other has no answer from before that it lacks. A name once given
    is part of the book: another name is another learner. Of a damaged file, what is lost says
    nothing; and it is no newer state of a whole one.

    Parameters
    ----------
    one, other : State
        Two files.

    Returns
    -------
    bool
        Never across two books, and never where the book is not known.

    Examples
    --------
    >>> start = State(1, "abc", 1, "", {"one": (1, 7)})
    >>> ada = State(2, "abc", 2, "", {"one": (1, 7), "two": (2, 8)})
    >>> ben = State(3, "abc", 3, "", {"one": (1, 7), "two": (3, 9)})
    >>> [is_older_state(start, ada), is_older_state(start, ben), is_older_state(ada, start)]
    [True, True, False]
    """
    return (
        one.book == other.book != ""
        and one.counter <= other.counter
        and one.name in {"", other.name}
        and one.is_whole <= other.is_whole
        and all(
            other.stamps.get(question) == stamp
            or (question in other.stamps and other.stamps[question][0] > one.counter)
            for question, stamp in one.stamps.items()
        )
        and (
            not one.is_whole
            or all(
                number > one.counter or question in one.stamps
                for question, (number, _) in other.stamps.items()
            )
        )
    )


def decide(states: Sequence[State]) -> dict[int, Verdict]:
    """Say of each file that does not count which one counts in its place.

    Learners whom an export tells apart are never one. What one of them handed in again counts once.
    Of two exports and of loose files, whatever is no older state of another counts.

    Parameters
    ----------
    states : sequence of State
        All files with answers.

    Returns
    -------
    dict of int to Verdict
        By the file's number; whoever is not in it is a learner.

    Examples
    --------
    >>> start = State(1, "abc", 1, "", {"one": (1, 7)})
    >>> later = State(2, "abc", 2, "", {"one": (2, 8)})
    >>> {number: verdict.kind for number, verdict in decide([start, later]).items()}
    {1: 'older'}
    """
    verdicts: dict[int, Verdict] = {}
    for of_owner in grouped(states, lambda one: one.hand_in[:2]):
        if of_owner[0].hand_in.owner:
            for of_learner in _parted_by_name(of_owner):
                verdicts |= _decide_one_learner(of_learner)
    handed_in_again = set(verdicts)
    for of_book in grouped(states, lambda one: one.book):
        targets = [one for one in of_book if one.number in handed_in_again]
        rest = [one for one in of_book if one.number not in handed_in_again]
        verdicts |= _newest(rest, targets)[1]
    return {number: _follow(verdicts, verdict) for number, verdict in verdicts.items()}


def _follow(verdicts: Mapping[int, Verdict], verdict: Verdict) -> Verdict:
    """Name the file that counts in the end: what it was held against may be handed in again."""
    while verdict.counts.number in verdicts:
        verdict = verdict._replace(counts=verdicts[verdict.counts.number].counts)
    return verdict


def _decide_one_learner(states: list[State]) -> dict[int, Verdict]:
    """Let one of a learner's files count: of those that are no older states, the last handed in."""
    kept, _ = _newest([one._replace(hand_in=HandIn()) for one in states], [])
    numbers = {one.number for one in kept}
    last = max(
        (one for one in states if one.number in numbers),
        key=lambda one: (one.hand_in.attempt, one.counter, one.number),
    )
    return {
        one.number: Verdict(last, _kind(one, last) if is_older_state(one, last) else "again")
        for one in states
        if one is not last
    }


def _newest(
    states: Iterable[State], targets: Sequence[State]
) -> tuple[list[State], dict[int, Verdict]]:
    """Part files in those that are no older state of any, and the others.

    The targets, of which is decided, may count in the place of what no export names an owner of.
    """
    kept: list[State] = []
    verdicts: dict[int, Verdict] = {}
    # What may be newer comes first, and of the same what says whose it is.
    order = sorted(
        states,
        key=lambda one: (
            -one.counter, -one.is_whole, -len(one.stamps), not one.name, not one.hand_in.owner,
            one.number,
        ),
    )  # fmt: skip
    for one in order:
        against = kept[:_MOST_COMPARED]
        if not one.hand_in.owner:
            against += targets[:_MOST_COMPARED]
        newer = next((other for other in against if _may_count_for(other, one)), None)
        if newer is None:
            kept.append(one)
        else:
            verdicts[one.number] = Verdict(newer, _kind(one, newer))
    return kept, verdicts


def _may_count_for(other: State, one: State) -> bool:
    """Return whether a file counts in another's place; an export's word goes before the content."""
    mine, theirs = one.hand_in, other.hand_in
    if mine.owner and (
        not theirs.owner or mine.export == theirs.export or mine.person != theirs.person
    ):
        return False
    return is_older_state(one, other)


def _kind(one: State, newer: State) -> str:
    return "same" if one.stamps == newer.stamps else "older"


def _parted_by_name(states: list[State]) -> list[list[State]]:
    """Who gave a name late is the same learner; two names in one hand-in are two learners."""
    by_name = grouped(states, lambda one: one.name)
    named = [group for group in by_name if group[0].name]
    return by_name if len(named) > 1 else [states]


def grouped(states: Iterable[State], key: Callable[[State], Hashable]) -> list[list[State]]:
    """Return files in groups that have something in common, in the order found.

    Parameters
    ----------
    states : iterable of State
        Any files.
    key : function
        What they have in common.

    Returns
    -------
    list of list of State

    Examples
    --------
    >>> files = [State(1, "abc", 1, "", {}), State(2, "", 1, "", {}), State(3, "abc", 1, "", {})]
    >>> [len(group) for group in grouped(files, lambda one: one.book)]
    [2, 1]
    """
    groups: dict[Hashable, list[State]] = {}
    for one in states:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())
