"""What the tests share: the real lesson, and an invented one to spoil."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from browser_support import a_browser_is_there, chromium, lab, page, show  # noqa: F401 - fixtures
from hypothesis import HealthCheck, settings

import kwlesson
from kwlesson import paths
from kwlesson.tables.reader import read_folder

TEXTS = paths.SAMPLE / "texts"
SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"

# The same examples in every run, however slow the machine is.
settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


class Folder:
    """A copy of a lesson's folder whose tables a test may spoil."""

    def __init__(self, original: Path, path: Path) -> None:
        self.path = path
        shutil.copytree(original, path)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        with (self.path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, table: str, index: int, **cells: str) -> None:
        rows = self.rows(table)
        rows[index].update(cells)
        self.write(table, rows)

    def bytes(self, table: str, content: bytes) -> None:
        (self.path / f"{table}.csv").write_bytes(content)


@pytest.fixture(autouse=True, scope="module")
def isolated_workbook(tmp_path_factory):
    """Keep the tests away from the answers of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KWLESSON_WORK", str(tmp_path_factory.mktemp("answers")))
        yield


@pytest.fixture
def fiction(tmp_path):
    return Folder(paths.SAMPLE, tmp_path / "fiction")


def spoilt(original: Path, spoil) -> kwlesson.Lesson:
    """Make a lesson of rows that a test has spoilt, though no load would let them pass."""
    layout, rows, _ = read_folder(original)
    spoil(rows)
    return kwlesson.Lesson(layout, rows)


@pytest.fixture(scope="session")
def lesson():
    return kwlesson.load()


@pytest.fixture(scope="session")
def invented():
    return kwlesson.load(paths.SAMPLE)
