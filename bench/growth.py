"""A growing lesson: load, check and every view of a thousand to a hundred thousand rows.

    python bench/growth.py [ROWS ...]

The invented lesson over and over: apart, each copy with people, sources and cases of its own; and
crowded, where all that is said and done is about the people, sources and cases of the first.
Processor time, all faces of a view; of three runs the least, without Python's garbage collector,
which adds a tenth to a fifth at a hundred thousand rows. The exponent says how the time grows with
the rows, from one size to the next: 1 is in step with them. What takes less than a twentieth of a
second at the end has none.
"""

from __future__ import annotations

import gc
import math
import sys
import tempfile
import time
from pathlib import Path

from yardstick import seconds, table

import kwlesson
from kwlesson.authoring.check import check
from kwlesson.tables import edtf

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
import large_lesson

from kwlesson.authoring import every_view

ROWS = (1_000, 10_000, 100_000)
MOST = 1.1  # the exponent
RUNS, LONG, SHORT = 3, 5.0, 0.05  # what takes long is run once


def least(action) -> float:
    """Return the least processor time of several runs, the first of which warms up."""
    found = []
    for _ in range(RUNS):
        gc.collect()
        gc.disable()
        found.append(seconds(action, time.process_time))
        gc.enable()
        if found[-1] > LONG:
            break
    return min(found)


def load(folder: Path) -> kwlesson.Lesson:
    edtf.parse.cache_clear()
    return kwlesson.load(folder)


def times(rows: int, shape: str) -> dict[str, float]:
    """Return how long everything takes in a lesson of so many rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = large_lesson.write(Path(name) / "lesson", rows, shape)
        found = {"load": least(lambda: load(folder)), "check": least(lambda: check(folder))}
        lesson = load(folder)
    calls = every_view.calls(kwlesson.load(kwlesson.SAMPLE), most=1)
    for said, call in calls.items():
        found[said] = least(lambda call=call: call(lesson)._repr_mimebundle_())
    return found


def main(sizes: tuple[int, ...] = ROWS) -> int:
    """Print the times with their exponents and return how many are too large."""
    overdrawn, lines = 0, []
    for shape in large_lesson.SHAPES:
        found = [times(rows, shape) for rows in sizes]
        for name in found[0]:
            own = [one[name] for one in found]
            steps = [
                math.log(later / earlier) / math.log(more / rows)
                for earlier, later, rows, more in zip(own, own[1:], sizes, sizes[1:], strict=False)
            ]
            shown = [f"{step:.2f}" for step in steps] if own[-1] > SHORT else ["" for _ in steps]
            overdrawn += own[-1] > SHORT and steps[-1] > MOST
            lines.append([f"{name}, {shape}", *(f"{1000 * one:.0f}" for one in own), *shown])
    columns = ["what", *(f"{rows:,} rows, ms" for rows in sizes)]
    columns += [f"exponent to {rows:,}" for rows in sizes[1:]]
    print(table(columns, lines))
    return overdrawn


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or ROWS))
