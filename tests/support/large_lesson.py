"""A lesson as large as is wanted: the invented one over and over, apart or all about one night.

Copies that stand apart have their own people, sources and cases; copies that are crowded add
what is said and what happened to the people, sources and cases of the first.
"""

from __future__ import annotations

import csv
import re
import shutil
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.tables.reader import read_folder

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = ("apart", "crowded")
CROWDED = {"points", "claims", "quotes", "events", "links", "supports", "corroborations", "notes"}
CROWDED |= {"hands"}
COUNTED = {"links": "step", "plan": "order"}
_YEAR = re.compile(r"\b19(12|31)\b")

LAYOUT, SAMPLE, _ = read_folder(paths.SAMPLE)


def grow(rows: int, shape: str) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a lesson of about so many rows."""
    tables = {name: [dict(row) for row in found] for name, found in SAMPLE.items()}
    grown = {name for name in tables if shape == "apart" or name in CROWDED}
    size = sum(len(SAMPLE[name]) for name in grown - {"terms"})
    for copy in range(1, max(1, round(rows / size))):
        for name in grown:
            tables[name] += [
                _again(name, row, copy, grown, shape)
                for row in SAMPLE[name]
                if name != "terms" or row["id"] in {"oar", "tide"}
            ]
    return tables


def _again(name, row, copy, grown, shape):
    again = {}
    for column in LAYOUT[name].columns.values():
        cell = row[column.name]
        target = column.key_of or column.list_of
        if column.name == "id" or (target in grown and cell):
            cell = ";".join(f"{key}-{copy}" for key in cell.split(";"))
        elif column.is_date:
            cell = _YEAR.sub(lambda year: str(1000 + copy % 800 + int(year[1])), cell)
        elif column.name == "term":
            cell = cell.replace(row["id"], f"{row['id']}{copy}")
        elif column.name in {"name", "title", "prompt", "notebook"} or (
            column.name == "also_known_as" and cell
        ):
            cell = f"{cell} {copy}"
        elif column.name == COUNTED.get(name):
            cell = str(int(cell) + copy * len(SAMPLE[name]))
        again[column.name] = cell
    if name == "notes" and row["about"].partition(":")[0] in grown:
        again["about"] = f"{row['about']}-{copy}"
    if shape == "crowded" and name == "points":
        again["order"] = str(int(row["order"]) + copy * len(SAMPLE[name]))
    if shape == "crowded" and name == "hands":
        hands = sum(hand["route"] == row["route"] for hand in SAMPLE["hands"])
        again["step"] = str(int(row["step"]) + copy * hands)
    return again


def write(folder: Path, rows: int, shape: str) -> Path:
    """Write the folder of a lesson of about so many rows."""
    shutil.copytree(paths.SAMPLE, folder)
    tables = grow(rows, shape)
    for name, found in tables.items():
        with (folder / LAYOUT[name].path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(LAYOUT[name].columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    sources = ", ".join(f'{{"id": "{row["id"]}"}}' for row in tables["sources"])
    (folder / "references.json").write_text(f"[{sources}]", encoding="utf-8")
    return folder
