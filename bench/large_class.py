"""A large class: ten thousand answer files gathered, drawn and exported; as many codes read.

    python bench/large_class.py

Time is the processor's. A ratio is to reading as many files without looking into them, in the same
run. The hostile line of a chat is read as it is, and four times as long.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from yardstick import seconds, table

import kwlesson
from kwlesson.answers.answer_code import Codebook
from kwlesson.classroom.chat_parser import read_chat
from kwlesson.classroom.csv_export import to_csv
from kwlesson.classroom.gather import gather
from kwlesson.views.gather.view import ClassPicture

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")
LEARNERS = 10_000
MOST_SECONDS, MOST_MEGABYTES, MOST_SECONDS_FOR_CODES = 20, 500, 1
HOSTILE = "K W 1 "
MOST_GROWTH = 8  # times, for a line four times as long


def answers_of(lesson: kwlesson.Lesson, number: int) -> dict:
    """Give some learner's answers to every question, words and all."""
    given = {}
    for question in lesson.records("questions"):
        choices = [row["id"] for row in lesson.records("choices", question=question["id"])]
        picked = choices[number % len(choices)] if choices else ""
        given[question["id"]] = {
            "choice": picked,
            "scale": {"choice": picked, "reason": "I chose it because the words suggest it. " * 3},
            "evidence": choices[: number % (len(choices) + 1)],
            "text": "It may be so, but another source would have to say it as well. " * 5,
        }[question["kind"]]
    return given


def write_class(folder: Path, lesson: kwlesson.Lesson) -> None:
    few = [answers_of(lesson, number) for number in range(7)]
    for number in range(LEARNERS):
        entries = {
            key: {"answer": answer, "n": place, "locked": False}
            for place, (key, answer) in enumerate(few[number % len(few)].items(), start=1)
        }
        book = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson"}
        book |= {"book": f"book-{number}", "counter": len(entries), "answers": entries}
        (folder / f"{number:05}.json").write_text(json.dumps(book), encoding="utf-8")


def timed(action: Callable[[], Made]) -> tuple[float, Made]:
    made = []
    return seconds(lambda: made.append(action()), time.process_time), made[0]


def main() -> int:
    """Print the times and the memory, and say how many budgets are overdrawn."""
    lesson = kwlesson.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder, lesson)
        yardstick, _ = timed(lambda: [path.read_bytes() for path in folder.iterdir()])
        gathering, found = timed(lambda: gather(folder))
        drawing, _ = timed(lambda: ClassPicture([lesson], found.learners).document())
        writing, _ = timed(lambda: to_csv([lesson], found.learners))
    book = Codebook(lesson)
    chat = "\n".join(book.encode(answers_of(lesson, number % 7)) for number in range(LEARNERS))
    reading, read = timed(lambda: read_chat(chat, [book]))
    short, _ = timed(lambda: read_chat(HOSTILE * 5_000, [book]))
    long, _ = timed(lambda: read_chat(HOSTILE * 20_000, [book]))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = gathering + drawing + writing
    parts = {"gather": gathering, "the class picture": drawing, "the table": writing}
    rows = [
        ["read as many files", f"{yardstick:.2f} s", "1.0", ""],
        *([what, f"{one:.2f} s", f"{one / yardstick:.1f}", ""] for what, one in parts.items()),
        ["all three", f"{whole:.2f} s", f"{whole / yardstick:.1f}", f"{MOST_SECONDS} s"],
        ["most memory", f"{megabytes:.0f} MB", "", f"{MOST_MEGABYTES} MB"],
        ["read ten thousand codes", f"{reading:.2f} s", "", f"{MOST_SECONDS_FOR_CODES} s"],
        ["a hostile line, four times as long", f"{long:.2f} s", "", f"{MOST_GROWTH * short:.2f} s"],
    ]
    print(table(["ten thousand learners", "", "to reading", "allowed"], rows))
    failed = [
        long > MOST_GROWTH * short,
        whole > MOST_SECONDS,
        megabytes > MOST_MEGABYTES,
        reading > MOST_SECONDS_FOR_CODES,
        not len(found.learners) == len(read.answers) == LEARNERS,
    ]
    return sum(failed)


if __name__ == "__main__":
    sys.exit(main())
