"""Lessons that a test may spoil: a folder of tables, or their rows in memory."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import kwlesson
from kwlesson import paths
from kwlesson.tables import schema
from kwlesson.tables.reader import read_folder

TEXTS = paths.SAMPLE / "texts"
SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"


class LessonFolder:
    """A copy of a lesson's folder whose tables a test may spoil."""

    def __init__(self, original: Path, path: Path) -> None:
        self.path = path
        shutil.copytree(original, path)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        columns = list(rows[0]) if rows else list(schema.binding()[table].columns)
        with (self.path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, table: str, index: int, **cells: str) -> None:
        rows = self.rows(table)
        rows[index].update(cells)
        self.write(table, rows)

    def bytes(self, table: str, content: bytes) -> None:
        (self.path / f"{table}.csv").write_bytes(content)


def spoilt(original: Path, spoil) -> kwlesson.Lesson:
    """Make a lesson of rows that a test has spoilt, though no load would let them pass."""
    layout, rows, _ = read_folder(original)
    spoil(rows)
    return kwlesson.Lesson(layout, rows)
