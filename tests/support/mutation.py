"""Change one cell of a lesson at a time, and see who notices: a rule, or a face of a view."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from notebook_cells import NOTEBOOKS

import kwlesson
from kwlesson import paths
from kwlesson.authoring import every_view
from kwlesson.authoring.check import check_tables
from kwlesson.tables.reader import Row, _check_cells, _check_key, _Report, read_folder
from kwlesson.tables.store import ReadOnlyRow

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
KINDS = LETTER, SWAP = "a letter more", "another's value"
# Who may notice, in the order in which they are asked. What notebooks store, nbval compares.
WHO = CHECK, STORED, TEXT, PAGE, NOBODY = (
    "check", "the text that notebooks store", "the text of another view", "a page alone", "nobody"
)  # fmt: skip
# What the label and the place in time of an event are made of, beside its own cells.
NEIGHBOURS, ORDER = ("after", "before"), ("id", "date", "after", "before")


class Cell(NamedTuple):
    """A cell: its table, its column, the place of its row and what is done to it."""

    table: str
    column: str
    index: int
    kind: str

    def __str__(self) -> str:
        """Name the cell as `kwlesson check` would."""
        return f"{self.table}.csv:{self.index + 2}:{self.column}: {self.kind}"


class TracedRow(ReadOnlyRow):
    """A row that notes which of its cells are read: no other can make a difference."""

    def __init__(self, row, lesson, table, index):
        super().__init__(row)
        self.lesson, self.table, self.index = lesson, table, index

    def note(self, column):
        read, table, index = self.lesson.read, self.table, self.index
        if table == "events" and column == "date_sort":
            read.update((table, None, one) for one in ORDER)
        elif table == "events" and column == "date_label":
            read.update((table, index, one) for one in ("date_words", "derived", *ORDER))
            beside = {dict.__getitem__(self, side) for side in NEIGHBOURS}
            read.update((table, at, "title") for at in self.lesson.places(beside))
        elif column in self.lesson.columns[table]:
            read.add((table, index, column))
        else:
            read.add((table, index, column.removesuffix("_sort").removesuffix("_label")))

    def __getitem__(self, column):
        self.note(column)
        return super().__getitem__(column)

    def get(self, column, default=None):
        self.note(column)
        return super().get(column, default)

    def _all(self):
        plain = dict(super().items())
        for column in plain:
            self.note(column)
        return plain

    def __or__(self, other):
        return self._all() | other

    def __ror__(self, other):
        return other | self._all()

    def __iter__(self):
        return iter(self._all())

    def keys(self):
        return self._all().keys()

    def values(self):
        return self._all().values()

    def items(self):
        return self._all().items()

    def __eq__(self, other):
        return self._all() == other

    __hash__ = None


class TracedLesson(kwlesson.Lesson):
    """A lesson that knows which cells its views have read."""

    def __init__(self, layout, tables, known):
        super().__init__(layout, tables)
        self.columns = {name: table.columns for name, table in layout.items()}
        self.known, self.read = known, set()

    def places(self, events):
        return [at for at, row in enumerate(self._cells["events"]) if row["id"] in events]

    def _table(self, name):
        if name not in self._rows:
            rows = enumerate(self.known.records(name))
            self._rows[name] = tuple(TracedRow(row, self, name, at) for at, row in rows)
        return self._rows[name]


class ChangedLesson(kwlesson.Lesson):
    """A lesson with another table; what stands in the others is worked out only once."""

    def __init__(self, original, layout, tables, changed):
        super().__init__(layout, tables)
        self._rows = {name: tuple(original.records(name)) for name in tables if name != changed}


def stored_calls(tables):
    """Give the calls that notebooks store for the lesson of these tables, as they are written."""
    found = {}
    for notebook in NOTEBOOKS:
        known = {"kwlesson": kwlesson}
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code":
                continue
            if "kwlesson.load(" in source:
                exec(source, known)  # noqa: S102 - the notebooks are ours
                continue
            mine = [name for name, one in known.items() if getattr(one, "_cells", None) == tables]
            code = compile(source, notebook.name, "eval")
            if set(mine) & set(code.co_names):
                found[source] = lambda now, code=code, known=known, mine=mine: eval(  # noqa: S307
                    code, known | dict.fromkeys(mine, now)
                )
    return found


class Lab:
    """A lesson in memory, its faces as they are, and who reads which cell."""

    def __init__(self, folder: Path, texts: Path | None = None) -> None:
        self.folder, self.texts = folder, texts
        self.layout, self.tables, problems = read_folder(folder)
        if problems:
            raise kwlesson.LessonError.from_problems(problems)
        self.lesson = kwlesson.Lesson(self.layout, self.tables)
        calls = every_view.calls(self.lesson, most=None)
        self.calls = {STORED: stored_calls(self.tables), TEXT: calls, PAGE: calls}
        self.faces = {}
        self.readers = {kind: defaultdict(list) for kind in self.calls}
        read = {kind: {} for kind in self.calls}
        for several, kinds in ((self.calls[STORED], [STORED]), (calls, [TEXT, PAGE])):
            for name, call in several.items():
                traced = TracedLesson(self.layout, self.tables, self.lesson)
                view = call(traced)
                for kind in kinds:
                    self.faces[kind, name] = face(view, kind)
                    read[kind][name] = {*traced.read}
        for kind in self.calls:
            for name in sorted(read[kind], key=lambda name: len(self.faces[kind, name])):
                for cell in read[kind][name]:  # the shortest face is asked first
                    self.readers[kind][cell].append(name)

    def cells(self, most=None):
        """Give the cells that hold something, or so many of each column: ends and middle."""
        for table, rows in self.tables.items():
            for column in self.layout[table].columns:
                # The words that come with the package are no cells of the folder.
                filled = [n for n, row in enumerate(rows) if row[column] and row.number]
                if most and filled:
                    filled = [filled[len(filled) // 2], filled[0], filled[-1]][:most]
                    filled = sorted(set(filled))
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
        """Name who notices the change first, None where nothing changed."""
        rows = self.changed(cell)
        if rows is None:
            return None
        report = _Report(self.layout[cell.table], [], [])
        _check_cells([rows[cell.index]], report)
        _check_key(rows, report)
        tables = self.tables | {cell.table: rows}
        if report.problems or check_tables(self.folder, self.layout, tables):
            return CHECK
        other = ChangedLesson(self.lesson, self.layout, tables, cell.table)
        for kind, calls in self.calls.items():
            of_all, of_row = ((cell.table, at, cell.column) for at in (None, cell.index))
            readers = self.readers[kind]
            for name in dict.fromkeys(chain(readers.get(of_row, ()), readers.get(of_all, ()))):
                if self.differs(kind, name, calls[name], other):
                    return kind
        texts = self.texts and check_tables(self.folder, self.layout, tables, self.texts)
        return CHECK if texts else NOBODY

    def differs(self, kind, name, call, lesson):
        try:
            return face(call(lesson), kind) != self.faces[kind, name]
        except kwlesson.LessonError:
            return True

    def noticed(self, most=None):
        """Name who notices first, by cell."""
        found = {cell: self.who_notices(cell) for cell in self.cells(most)}
        return {cell: who for cell, who in found.items() if who is not None}


def face(view, kind):
    return view.page() if kind == PAGE else view.text()


def labs():
    """Give a lab for each lesson that is here."""
    texts = SOURCES if SOURCES.is_dir() else None
    return {
        "data": lambda: Lab(paths.DATA, texts),
        "transfer": lambda: Lab(paths.TRANSFER, texts),
        "sample": lambda: Lab(paths.SAMPLE, paths.SAMPLE / "texts"),
    }


def report(name, noticed):
    """Say of each table how many changes each of them notices, and list what nobody does."""
    sums = Counter(noticed.values())
    found = sums.total() - sums[NOBODY]
    lines = [f"{name}: {found} of {sums.total()} changes are noticed"]
    lines += [f"  {sums[who]:6} by {who}" for who in WHO]
    for table in dict.fromkeys(cell.table for cell in noticed):
        own = {cell: who for cell, who in noticed.items() if cell.table == table}
        counts = Counter(own.values())
        lines.append(
            f"  {table}: " + ", ".join(f"{counts[who]} {who}" for who in WHO if counts[who])
        )
        alone = Counter(cell.column for cell, who in own.items() if who == PAGE)
        if alone:
            columns = ", ".join(f"{column} ({count})" for column, count in alone.items())
            lines.append(f"    a page alone shows {columns}")
        lines += [f"    nobody sees {cell}" for cell, who in own.items() if who == NOBODY]
    return lines


def main(chosen):
    """Change every cell of the lessons (or of those named); return how many nobody sees."""
    unseen = 0
    os.environ["KWLESSON_WORK"] = mkdtemp()  # a learner's answers are no part of this
    for name, make in labs().items():
        if chosen and name not in chosen:
            continue
        noticed = make().noticed()
        unseen += list(noticed.values()).count(NOBODY)
        sys.stdout.write("\n".join([*report(name, noticed), ""]))
        sys.stdout.flush()
    return unseen


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
