"""A large lesson, measured: each view of a thousand events, three hundred people and links.

    make bench

The yardstick is the time it takes to load that lesson, in the same run: a view that takes much
longer than reading its tables does too much for each row.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from pathlib import Path

import kwlesson
from bench import calls, seconds_to_run
from kwlesson import places

MORE = {"events": 1000, "people": 300, "links": 300, "quotes": 600, "points": 200}
MORE_HANDS = 100
FIRST = 100  # the number of the first new row
MOST = 6  # times what the lesson takes to load


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    every = rows_of(folder, table) + rows
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(every[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def grow(folder: Path) -> None:
    """Add rows that are like the first of their table, and what hangs on them."""
    claim = next(row for row in rows_of(folder, "claims") if not row["account"])
    points = rows_of(folder, "points")
    point = next(row for row in points if row["id"] == claim["point"])
    hand = rows_of(folder, "hands")[0]
    next_point = 1 + sum(row["case"] == point["case"] for row in points)
    next_hand = 1 + sum(row["route"] == hand["route"] for row in rows_of(folder, "hands"))
    own = {
        "events": lambda n: {"title": f"Event {n}"},
        "people": lambda n: {"name": f"Sailor {n}", "also_known_as": ""},
        "links": lambda n: {"step": str(n)},
        "quotes": lambda n: {"number": f"Q{n}"},
        "points": lambda n: {"order": str(n - FIRST + next_point)},
    }
    for table, count in MORE.items():
        like = point if table == "points" else rows_of(folder, table)[0]
        numbers = range(FIRST, FIRST + count)
        add(folder, table, [like | {"id": f"new-{n}"} | own[table](n) for n in numbers])
    new = {
        table: [f"new-{n}" for n in range(FIRST, FIRST + count)] for table, count in MORE.items()
    }
    support = rows_of(folder, "supports")[0]
    add(folder, "supports", [support | {"link": key} for key in new["links"]])
    add(folder, "claims", [claim | {"id": key, "point": key} for key in new["points"]])
    crowd = enumerate(new["people"][:MORE_HANDS], start=next_hand)
    add(folder, "hands", [hand | {"step": str(n), "person": key} for n, key in crowd])


def main() -> int:
    """Print the times and say how many views take too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "large"
        shutil.copytree(places.FICTIONAL, folder)
        grow(folder)
        yardstick = seconds_to_run(lambda: kwlesson.load(folder))
        lesson = kwlesson.load(folder)
    print(f"{'load a large lesson':40} {yardstick * 1000:8.1f} ms")
    overdrawn = 0
    for view, make in calls(lesson).items():
        seconds = seconds_to_run(lambda make=make: make()._repr_mimebundle_())
        ratio = seconds / yardstick
        print(f"{view:40} {seconds * 1000:8.1f} ms  {ratio:6.3f} of {MOST:.2f} allowed")
        overdrawn += ratio > MOST
    return overdrawn


if __name__ == "__main__":
    sys.exit(main())
