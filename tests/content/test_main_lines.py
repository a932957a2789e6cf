"""Both texts reach the learner: sentence by sentence, in a view or a cell of 00 to 10.

`main_lines.csv` has a line for each sentence of the two texts, in our words, with the rows that
carry it. A line with a notebook is a main line: it is met there, at first sight where it is core,
else at most one click away.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from cases import each
from html_probe import Page
from lesson_folder import SOURCES
from notebook_cells import WITH_WORK, lesson_called, named

TABLE = Path(__file__).with_name("main_lines.csv")
LINES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
MAIN = [line for line in LINES if line["notebook"]]
SERVICE, KRAUS = "service-stalin-korean-war", "kraus-origins-of-korean-war"
# How many sentences of each text some notebook tells, of 39 and 92.
TOLD = {SERVICE: 38, KRAUS: 91}
PARAGRAPHS = {SERVICE: range(1, 7), KRAUS: range(3, 38)}
RUN = 3
_END = re.compile(r"(?<=[.!?])[\u2019\u201d]?\d?\s+(?=[\u201cA-Z])|(?<=\.\d)(?=[A-Z])")
_ASKED_INSIDE = re.compile(r"(?<=\?) (?=We have)")


class Rows(Page):
    """The rows of a page, and those of them that are open to the eye."""

    def __init__(self, html: str) -> None:
        self.open_rows: list[str] = []
        super().__init__(html)

    def handle_starttag(self, tag, attrs):
        before = len(self.rows)
        super().handle_starttag(tag, attrs)
        if "details" not in self.tags:
            self.open_rows += self.rows[before:]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def share_a_run(quoted: str, text: str) -> bool:
    """Say whether a text repeats some words of a quotation, or all if it has only few."""
    own, others = words(quoted), " ".join(words(text))
    size = min(RUN, len(own))
    return any(" ".join(own[n : n + size]) in others for n in range(len(own) - size + 1))


def quoted_words(lessons, key: str) -> str:
    return next((q["words"] for one in lessons if (q := one.by_id("quotes").get(key))), "")


def shown_in_brief(lessons, text: str) -> set[str]:
    """Give the claims of which a page shows the one line that stands for them."""
    claims = [claim for one in lessons for claim in one.records("claims")]
    return {f"claims:{one['id']}" for one in claims if one.get("brief") and one["brief"] in text}


@cache
def met(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the rows that a notebook shows at first sight, and all that it shows."""
    notebook = named(name)
    at_once, ever, scope = set(), set(), {}
    for cell in notebook.cells:
        if cell["cell_type"] == "code" and ".load(" in cell["source"]:
            exec(cell["source"], scope)  # noqa: S102
        elif cell["cell_type"] == "code":
            page = Rows(eval(cell["source"], scope).page())  # noqa: S307
            at_once |= set(page.open_rows) | shown_in_brief(notebook.lessons, page.open_text)
            ever |= set(page.rows)
    folded = " ".join(re.findall(r"(?s)<details>.*?</details>", notebook.markdown))
    for sentence in notebook.prose.sentences:
        own = {
            row for row in sentence.rows
            if not row.startswith("quotes:")
            or share_a_run(quoted_words(notebook.lessons, row[7:]), sentence.text)
        }  # fmt: skip
        ever |= own
        at_once |= set() if sentence.text in folded else own
    return frozenset(at_once), frozenset(ever)


def told(line) -> bool:
    rows = set(line["rows"].split(";")) - {""}
    return any(rows & met(name)[1] for name in WITH_WORK)


def place(line) -> str:
    return f"{line['text'].partition('-')[0]}-{line['paragraph']}-{line['sentence']}"


def rows_of(line, table):
    keys = [row.partition(":")[2] for row in line["rows"].split(";") if row.startswith(table)]
    found = (lesson_called(name).by_id(table).get(key) for key in keys for name in ("", "TRANSFER"))
    return [row for row in found if row]


@each("line", MAIN)
def test_a_main_line_is_met_in_its_notebook_and_a_core_one_at_first_sight(line):
    (name,) = [one for one in WITH_WORK if one.startswith(line["notebook"])]
    at_once, ever = met(name)
    rows = set(line["rows"].split(";"))
    assert rows & ever, f"{line['line']}: no row of it stands in {name}"
    assert line["core"] == "no" or rows & at_once, f"{line['line']}: folded away in {name}"


@pytest.mark.parametrize("text", TOLD)
def test_as_much_of_a_text_is_told_as_before(text):
    untold = [line["line"] for line in LINES if line["text"] == text and not told(line)]
    assert sum(line["text"] == text for line in LINES) - len(untold) >= TOLD[text], untold


@each("line", LINES)
def test_the_rows_of_a_line_are_rows_of_its_paragraph(line):
    for table in ("quotes", "claims", "events"):
        for row in rows_of(line, table):
            assert row["source"] == line["text"]
            assert line["paragraph"] in str(row["paragraph"]).split(";"), row["id"]


def sentences(text: str) -> list[str]:
    """Split a paragraph of the texts; what is asked inside a quotation does not end a sentence."""
    return [one for one in _END.split(_ASKED_INSIDE.sub("\x00", text)) if one.strip()]


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the full texts of the two sources are not here")
@pytest.mark.parametrize("text", TOLD)
def test_every_sentence_of_a_text_has_its_line_and_a_quotation_its_sentence(text):
    whole = (SOURCES / f"{text}.txt").read_text(encoding="utf-8").split("\n")
    paragraphs = [one for one in whole if one.strip()]
    told_of = {(int(one["paragraph"]), int(one["sentence"])): one for one in LINES
               if one["text"] == text}  # fmt: skip
    found = {(n, k): said for n in PARAGRAPHS[text]
             for k, said in enumerate(sentences(paragraphs[n - 1]), start=1)}  # fmt: skip
    assert list(found) == list(told_of)
    for key, said in found.items():
        for quote in rows_of(told_of[key], "quotes"):
            assert share_a_run(quote["words"], said), (key, quote["id"])


def test_a_line_that_nobody_meets_and_one_that_is_folded_away_would_be_found():
    (name,) = [one for one in WITH_WORK if one.startswith("08")]
    at_once, ever = met(name)
    assert "quotes:kraus-hands-all-over" in at_once
    assert "events:coal-request" not in ever
    page = Rows('<details><p data-row="a:b">x</p></details><p data-row="a:c">y</p>')
    assert (page.open_rows, page.rows) == (["a:c"], ["a:b", "a:c"])
    assert not share_a_run("He saw the lamp go out.", "He saw nothing.")
    assert Counter(line["text"] for line in LINES) == {SERVICE: 39, KRAUS: 92}
