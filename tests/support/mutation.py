"""Change one cell of a lesson at a time, and see who notices: a rule, or a face of a view."""

from __future__ import annotations

import copy
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check_tables
from kwlesson.tables.reader import Row, _check_cells, _check_key, read_folder

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
KINDS = LETTER, SWAP = "a letter more", "another's value"


class Cell(NamedTuple):
    """A cell: its table, its column, the place of its row and what is done to it."""

    table: str
    column: str
    index: int
    kind: str

    def __str__(self) -> str:
        """Name the cell as `kwlesson check` would."""
        return f"{self.table}.csv:{self.index + 2}:{self.column}: {self.kind}"


def calls(lesson):
    """Give the views that show much, by name, and those of one row each, by that row."""
    wide = {f"compare {case}": lambda now, case=case: now.compare(case) for case in lesson.cases.id}
    for case in lesson.cases.id:
        wide[f"masked {case}"] = lambda now, case=case: now.compare(case, masked=True)
    for case in dict.fromkeys(lesson.corroborations.case):
        wide[f"corroborate {case}"] = lambda now, case=case: now.corroborate(case)
    wide |= {
        "trace whole": lambda now: now.trace(whole=True), "timeline": lambda now: now.timeline(),
        "who": lambda now: now.who(), "cite": lambda now: now.cite(),
        "define": lambda now: now.define(), "follow": lambda now: now.follow(),
        "teach": lambda now: now.teach(), "mark": lambda now: now.mark(),
        "set_aside": lambda now: now.set_aside(), "argue": lambda now: now.argue(),
        "look_back": lambda now: now.look_back(), "sealed": lambda now: now.trace(sealed=True),
        "trace": lambda now: now.trace(), "keep": lambda now: now.keep(),
    }  # fmt: skip
    for kind in ("source", "speaker", "historian"):
        wide[f"set_aside {kind}"] = lambda now, kind=kind: now.set_aside(kind)
    for minutes in (15, 50, 90):
        if any(lesson.plan[f"minutes_{minutes}"]):
            wide[f"teach {minutes}"] = lambda now, minutes=minutes: now.teach(minutes)
    narrow = {
        f"{verb} {key}": (key, lambda now, verb=verb, key=key: getattr(now, verb)(key))
        for verb, table in (("quote", "quotes"), ("cite", "sources"), ("ask", "questions"),
                            ("define", "terms"), ("timeline", "people"))
        for key in getattr(lesson, table).id
    }  # fmt: skip
    return wide, narrow


class Quick(kwlesson.Lesson):
    """A lesson that remembers its rows, since thousands of views are drawn from it."""

    def records(self, table, **equal):
        if table not in self.rows:
            self.rows[table] = super().records(table)
        found = self.rows[table]
        return [dict(row) for row in found if all(row[name] == v for name, v in equal.items())]

    @classmethod
    def of(cls, layout, tables):
        lesson = cls(layout, tables)
        lesson.rows = {}
        return lesson

    def with_table(self, table, frame):
        other = copy.copy(self)
        other.rows = {name: rows for name, rows in self.rows.items() if name != table}
        setattr(other, table, frame)
        return other


class Lab:
    """A lesson in memory, its faces as they are, and what became of each change."""

    def __init__(self, folder: Path, texts: Path | None = None) -> None:
        self.folder, self.texts = folder, texts
        self.layout, self.tables, problems = read_folder(folder)
        if problems:
            raise kwlesson.LessonError.from_problems(problems)
        self.lesson = Quick.of(self.layout, self.tables)
        self.wide, self.narrow = calls(self.lesson)
        self.faces: dict[str, tuple[str, str]] = {}
        self.noticed = Counter()

    def cells(self, picked=None):
        """Give the cells that hold something; with `picked`, only some rows of each column."""
        for table, rows in self.tables.items():
            for column in self.layout[table].columns:
                filled = [index for index, row in enumerate(rows) if row[column]]
                if picked and filled:
                    filled = sorted({filled[0], filled[len(filled) // 2], filled[-1]})
                yield from (Cell(table, column, i, kind) for i in filled for kind in KINDS)

    def changed(self, cell):
        """Give the rows of a table with one cell changed, or None where there is no other value."""
        rows = list(self.tables[cell.table])
        old = rows[cell.index][cell.column]
        if cell.kind == LETTER:
            new = f"{old}x"
        else:
            others = [row[cell.column] for row in rows[cell.index + 1 :] + rows[: cell.index]]
            others = [value for value in others if value not in {"", old}]
            if others and all(value.isdecimal() for value in [old, *others]):
                others.sort(key=lambda value: -abs(int(value) - int(old)))  # an order must turn
            new = others[0] if others else None
        if new is None:
            return None
        row = Row(rows[cell.index] | {cell.column: new})
        row.number = rows[cell.index].number
        rows[cell.index] = row
        return rows

    def who_notices(self, cell):
        """Name what notices the change: "" where nothing does, None where nothing changed."""
        rows = self.changed(cell)
        if rows is None:
            return None
        problems = []
        _check_cells(self.layout[cell.table], rows[cell.index], problems.append)
        _check_key(self.layout[cell.table], rows, problems.append)
        tables = self.tables | {cell.table: rows}
        problems = problems or check_tables(self.folder, self.layout, tables)
        if problems:
            return "check"
        part = kwlesson.Lesson({cell.table: self.layout[cell.table]}, {cell.table: rows})
        other = self.lesson.with_table(cell.table, getattr(part, cell.table))
        for name, call in self.near(cell, rows[cell.index]):
            if self.differs(name, call, other):
                verb = name.partition(" ")[0]
                self.noticed[cell.table, cell.column, verb] += 5
                self.noticed[cell.table, "", verb] += 1
                return name
        texts = self.texts and check_tables(self.folder, self.layout, tables, self.texts)
        return "check" if texts else ""

    def sampled(self, table):
        """Name who notices for some cells of a table, by cell."""
        cells = [c for c in self.cells(picked=True) if c.table == table]
        return {cell: who for cell in cells if (who := self.who_notices(cell)) is not None}

    def near(self, cell, row):
        """Give the views, first those that noticed such a change before, of this row or at all."""
        old = self.tables[cell.table][cell.index]
        keys = {key for one in (old, row) for value in one.values() for key in value.split(";")}
        keys |= {key.partition(":")[2] for key in keys}
        found = self.wide | {name: call for name, (key, call) in self.narrow.items() if key in keys}

        def rank(item):
            verb = item[0].partition(" ")[0]
            own = item[0].partition(" ")[2] in keys
            before = (
                self.noticed[cell.table, cell.column, verb] + self.noticed[cell.table, "", verb]
            )
            return (-before * (3 if own else 1), not own)

        return sorted(found.items(), key=rank)

    def differs(self, name, call, lesson):
        if name not in self.faces:
            view = call(self.lesson)
            self.faces[name] = (view.text(), view.page())
        try:
            view = call(lesson)
            text, page = self.faces[name]
            return view.text() != text or view.page() != page
        except kwlesson.LessonError:
            return True


def labs():
    """Give a lab for each lesson that is here."""
    found = {
        "data": Lab(paths.DATA, SOURCES if SOURCES.is_dir() else None),
        "sample": Lab(paths.SAMPLE, paths.SAMPLE / "texts"),
    }
    if (paths.TRANSFER / "datapackage.json").is_file():
        found["transfer"] = Lab(paths.TRANSFER, SOURCES if SOURCES.is_dir() else None)
    return found


def main(chosen):
    """Change every cell of the lessons (or of those named) and report the share per table."""
    for name, lab in labs().items():
        if chosen and name not in chosen:
            continue
        tried, unseen = Counter(), {}
        for cell in lab.cells():
            who = lab.who_notices(cell)
            if who is not None:
                tried[cell.table] += 1
                if not who:
                    unseen.setdefault(cell.table, []).append(cell)
        lines = [f"{name}: {tried.total() - sum(map(len, unseen.values()))} of {tried.total()}"]
        for table, count in tried.items():
            lost = unseen.get(table, [])
            lines += [f"  {table}: {count - len(lost)} of {count}"]
            lines += [f"    nobody sees {cell}" for cell in lost]
        sys.stdout.write("\n".join([*lines, ""]))
        sys.stdout.flush()
