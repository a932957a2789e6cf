"""Which rows of a lesson are no longer what they were: last committed, or in another folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.errors import LessonError, visible
from kwlesson.tables import reader, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

Reader = Callable[[Path, schema.Table], list[reader.Row]]


class Change(NamedTuple):
    """A row that is no longer what it was: where it stands, which it is, what became of it."""

    file: str
    number: int
    row: str
    what: str

    def __str__(self) -> str:
        """Return the change in words."""
        place = f"{self.file}, row {self.number}" if self.number else self.file
        return visible(f"{place} ({self.row.partition(':')[2]}) {self.what}")


def on_disk(folder: Path, table: schema.Table) -> list[reader.Row]:
    """Read a table as it is, right or wrong.

    Parameters
    ----------
    folder : Path
        A lesson.
    table : Table
        The table.

    Returns
    -------
    list of Row
        None where there is no such file.
    """
    try:
        return reader.read_as_it_is(Path(folder, table.path).read_bytes(), table)
    except OSError:
        return []


def rows(folder: Path, read: Reader) -> dict[str, dict[str, tuple[str, reader.Row]]]:
    """Return the cells of each row that a marker can name, and of the rows that hang on it.

    A step of a route, a choice of a question and a support of a link have no ids of their own.

    Parameters
    ----------
    folder : Path
        A lesson.
    read : callable
        Gives the rows of a table, from the lesson's folder and the table.

    Returns
    -------
    dict of str to dict
        By `table:id`, and in it by row: its file, and itself.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> [row.number for _, row in rows(SAMPLE, on_disk)["routes:wick-1912"].values()]
    [2, 2, 3, 4]
    """
    found: dict[str, dict[str, tuple[str, reader.Row]]] = {}
    for table in schema.binding().values():
        first = next(iter(table.columns.values()))
        if table.key == ("id",):
            owner, column = table.name, "id"
        elif first.key_of:
            owner, column = first.key_of, first.name
        else:
            continue
        for row in read(folder, table):
            part = f"{table.name} {' '.join(row.get(key, '') for key in table.key or row)}"
            own = found.setdefault(f"{owner}:{row.get(column, '')}", {})
            own[part] = (table.path, row)
    return found


def between(folder: Path, before: Reader) -> Iterator[Change]:
    """Find the rows of a lesson that are no longer what they were.

    Parameters
    ----------
    folder : Path
        The lesson as it is.
    before : callable
        Gives the rows of a table as they were.

    Yields
    ------
    Change
        None where there was no lesson before.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> list(between(SAMPLE, on_disk))
    []
    """
    then, now = rows(folder, before), rows(folder, on_disk)
    for row in [*now, *(row for row in then if row not in now)] if then else ():
        old, new = then.get(row, {}), now.get(row, {})
        for part, (file, cells) in new.items():
            if part not in old:
                yield Change(file, cells.number, row, "is new")
            elif old[part][1] != cells:
                yield Change(file, cells.number, row, "changed")
        for part, (file, _) in old.items():
            if part not in new:
                yield Change(file, 0, row, "was taken out")


def older(folder: Path, other: Path) -> Reader:
    """Return a reader of the tables as another folder has them.

    Parameters
    ----------
    folder, other : Path
        The lesson, and the folder to compare it with.

    Returns
    -------
    callable

    Raises
    ------
    LessonError
        When the other is no folder.
    """
    if not other.is_dir():
        raise LessonError(f"{other}: no such folder; --against names one with tables")

    def read(where: Path, table: schema.Table) -> list[reader.Row]:
        inside = where.is_relative_to(folder)
        return on_disk(other / where.relative_to(folder) if inside else where, table)

    return read


def committed(folder: Path, since: str | None = None) -> Reader | None:
    """Return a reader of the tables as they were last committed.

    Parameters
    ----------
    folder : Path
        The lesson.
    since : str, optional
        Any name git has for a commit; without one, the last.

    Returns
    -------
    callable or None
        None where there is no git, or the folder is in no checkout.

    Raises
    ------
    LessonError
        When a commit was named and there is none of that name.
    """
    git = shutil.which("git")

    def ask(where: Path, *words: str) -> bytes | None:
        if git is None or not where.is_dir():
            return None
        done = subprocess.run(  # noqa: S603 - git itself; the words are no options
            [git, "-C", str(where), *words], capture_output=True, check=False
        )
        return done.stdout if done.returncode == 0 else None

    commit = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options",
                 f"{since or 'HEAD'}^{{commit}}")  # fmt: skip
    if commit is None:
        if since is None:
            return None
        raise LessonError(f"{folder}: git knows no commit '{since}' here; --since names one")

    def read(where: Path, table: schema.Table) -> list[reader.Row]:
        blob = f"{commit.decode().strip()}:./{table.path}"
        return reader.read_as_it_is(ask(where, "cat-file", "blob", blob) or b"", table)

    return read
