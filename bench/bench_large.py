"""A large lesson, measured: each view of a thousand events, three hundred people and links.

    make bench

The yardstick is the time it takes to load that lesson, in the same run: a view that takes much
longer than reading its tables does too much for each row.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

import kwlesson
from bench import calls, seconds_to_run
from kwlesson import paths

MORE = {"events": 1000, "people": 300, "links": 300, "quotes": 600, "points": 200}
MORE_HANDS = 100
MOST = 6  # times what the lesson takes to load


def grow(folder: Path) -> None:
    """Add rows that are like the first of their table, and what hangs on them."""
    rows = {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
        for path in folder.glob("*.csv")
    }
    claim = next(row for row in rows["claims"] if not row["account"])
    like = {table: found[0] for table, found in rows.items()}
    like["points"] = next(row for row in rows["points"] if row["id"] == claim["point"])
    points = sum(row["case"] == like["points"]["case"] for row in rows["points"])
    hands = sum(row["route"] == like["hands"]["route"] for row in rows["hands"])
    own = {
        "events": lambda n: {"title": f"Event {n}"},
        "people": lambda n: {"name": f"Sailor {n}", "also_known_as": ""},
        "links": lambda n: {"step": str(n)},
        "quotes": lambda n: {"number": f"QX{n}"},
        "points": lambda n: {"order": str(points + n)},
    }
    new = {table: range(1, count + 1) for table, count in MORE.items()}
    for table, numbers in new.items():
        rows[table] += [like[table] | {"id": f"new-{n}"} | own[table](n) for n in numbers]
    rows["supports"] += [like["supports"] | {"link": f"new-{n}"} for n in new["links"]]
    rows["claims"] += [claim | {"id": f"new-{n}", "point": f"new-{n}"} for n in new["points"]]
    rows["hands"] += [
        like["hands"] | {"step": str(hands + n), "person": f"new-{n}"}
        for n in new["people"][:MORE_HANDS]
    ]
    for table, found in rows.items():
        pd.DataFrame(found).to_csv(folder / f"{table}.csv", index=False)


def main() -> int:
    """Print the times and say how many views take too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "large"
        shutil.copytree(paths.SAMPLE, folder)
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
