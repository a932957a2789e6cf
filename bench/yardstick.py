"""What every bench shares: spreads, ratios in pairs, tables in Markdown.

On a shared machine a time says little and a ratio of two times taken side by side says much. So
what is compared is measured in turn, round by round, and of each round's ratio the middle is given
with the range in which the middle half of the rounds lie.
"""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Seconds = float
_ROLLUP = re.compile(r"^(\w+):\s+(\d+) kB", re.MULTILINE)


def seconds(
    action: Callable[[], object], clock: Callable[[], Seconds] = time.perf_counter
) -> Seconds:
    """Return how long an action takes; `time.process_time` leaves out what others do meanwhile."""
    start = clock()
    action()
    return clock() - start


def in_turn(actions: Mapping[str, Callable[[], Seconds]], rounds: int) -> dict[str, list[Seconds]]:
    """Measure several things side by side, one of each a round; the first round warms up."""
    found: dict[str, list[Seconds]] = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name, measure in actions.items():
            value = measure()
            if number:
                found[name].append(value)
    return found


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return one ratio a round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the middle of some values, and where their middle half lies."""
    low, middle, high = (
        statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3
    )
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def megabytes(pid: int, *kinds: str) -> float:
    """Return what a process has of some kinds of memory, such as `Pss` (Linux)."""
    found = dict(_ROLLUP.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    return sum(int(found[kind]) for kind in kinds) / 1000


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown; its first column is words, the others are numbers."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
