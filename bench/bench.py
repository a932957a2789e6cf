"""Times, measured in one run and given beside what they are measured against.

    make bench

Each figure is the least of several runs. `import pandas` is the yardstick: it says how fast the
machine is, so a budget is a share of it and not a number of milliseconds.
"""

from __future__ import annotations

import subprocess
import sys
import time

import kwlesson

RUNS = 7
BUDGETS = {"import kwlesson": 0.5, "load()": 0.25}


def seconds_to_import(module: str) -> float:
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    found = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(RUNS)
    ]
    return min(found)


def seconds_to_run(action) -> float:
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


def calls(lesson: kwlesson.Lesson) -> dict:
    """Give every view of the lesson, to be made and shown."""
    case, route = lesson.cases.id[0], lesson.routes.id[0]
    return {
        "compare": lambda: lesson.compare(case),
        "compare, masked": lambda: lesson.compare(case, masked=True),
        "follow one": lambda: lesson.follow(route),
        "follow all": lesson.follow,
        "trace": lesson.trace,
        "trace, whole": lambda: lesson.trace(whole=True),
        "set_aside": lesson.set_aside,
        "corroborate": lambda: lesson.corroborate(case),
        "timeline": lesson.timeline,
        "who": lesson.who,
        "quote": lambda: lesson.quote(lesson.quotes.id[0]),
        "cite": lambda: lesson.cite(lesson.sources.id[0]),
        "cite, all": lesson.cite,
        "define": lesson.define,
        "ask": lambda: lesson.ask(lesson.questions.id[0]),
        "keep": lesson.keep,
        "argue": lesson.argue,
        "look_back": lesson.look_back,
        "teach": lesson.teach,
        "mark": lesson.mark,
    }


def main() -> int:
    """Print the times and say which budget is overdrawn."""
    yardstick = seconds_to_import("pandas")
    times = {"import kwlesson": seconds_to_import("kwlesson")}
    times["load()"] = seconds_to_run(kwlesson.load)
    lesson = kwlesson.load()
    for name, make in calls(lesson).items():
        times[name] = seconds_to_run(lambda make=make: make()._repr_mimebundle_())
    print(f"{'import pandas':40} {yardstick * 1000:8.1f} ms")
    overdrawn = 0
    for name, seconds in times.items():
        ratio, budget = seconds / yardstick, BUDGETS.get(name)
        verdict = "" if budget is None else f" of {budget:.2f} allowed"
        print(f"{name:40} {seconds * 1000:8.1f} ms  {ratio:6.3f}{verdict}")
        overdrawn += budget is not None and ratio > budget
    return overdrawn


if __name__ == "__main__":
    sys.exit(main())
