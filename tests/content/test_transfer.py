"""The unseen case: a lesson of its own, of which nothing stands in the lesson before it."""

from __future__ import annotations

import csv
import json
import re
import shutil

import pytest
from html_probe import Page
from lesson_folder import SOURCES, LessonFolder
from notebook_cells import without_scripts

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check
from kwlesson.tables import edtf

# Its folder stands inside that of the main lesson, whose own tables are these.
TABLES = sorted(paths.DATA.glob("*.csv"))
NUMBER = "10"
BEFORE = sorted(
    path for path in paths.NOTEBOOKS.glob("[!.]*.ipynb") if not path.name.startswith(NUMBER)
)
STORED = next(paths.NOTEBOOKS.glob(f"{NUMBER}-*.ipynb"))
FIRST, LAST = "1950-10-02", "1950-10-14"
# What the two lessons may both tell, with the columns in which they must agree.
SHARED = {
    "sources": None,
    "terms": None,
    "notes": None,
    "people": ("name", "also_known_as", "native_name", "kind"),
    "events": ("date", "date_words", "title", "summary", "people", "status", "source"),
    "quotes": ("words", "plain", "speaker", "event", "source", "paragraph", "kind"),
}
APART = ["questions", "cases", "accounts", "points", "routes", "links", "corroborations", "claims"]
OURS = "from a Chinese translation of a Russian original"
RUN = 6
PROSE = {
    "accounts": ["position", "retelling"],
    "cases": ["question", "summary"],
    "choices": ["text", "feedback", "tempts"],
    "claims": ["says"],
    "corroborations": ["judgement"],
    "events": ["summary"],
    "hands": ["detail"],
    "links": ["says", "open_question"],
    "notes": ["text"],
    "people": ["note"],
    "points": ["question", "note"],
    "questions": ["prompt", "model_answer", "also_accept"],
    "quotes": ["plain"],
    "routes": ["summary", "interest"],
    "supports": ["note"],
}


def rows_of(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def own_rows(table):
    """Give the rows of the unseen case that the main lesson does not have."""
    known = {row["id"] for row in rows_of(paths.DATA, table)}
    return [row for row in rows_of(paths.TRANSFER, table) if row["id"] not in known]


def words(text):
    return re.findall(r"[^\W_]+", re.sub(r"\[[^\]]*\]", " ", text).casefold())


def runs(text):
    found = words(text)
    return {" ".join(found[n : n + RUN]) for n in range(len(found) - RUN + 1)}


NAMES = {
    *(row["label"] for row in own_rows("accounts")),
    *(row["title"] for table in ("sources", "events") for row in own_rows(table)),
    *(row["id"] for table in ("sources", "cases") for row in own_rows(table)),
}
QUOTED = {run for row in own_rows("quotes") for run in runs(row["words"])}
_DAY = "(?:[2-9]|1[0-4])"
DAYS = re.compile(
    rf"\b{_DAY} October 1950|\bOctober {_DAY}, 1950|\b1950-10-(?:0[2-9]|1[0-4])\b|\b2 October\b"
)


def leaks(text):
    """List what a text gives away of the unseen case."""
    plain = " ".join(text.split())
    small = plain.casefold()
    found = [
        name
        for name in NAMES
        if name.casefold() in small
        and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", plain, re.IGNORECASE)
    ]
    return sorted(found) + sorted(runs(plain) & QUOTED) + DAYS.findall(plain)


def early(events):
    """List the events that the main lesson would tell of the days of the unseen case."""
    dated = [(row["id"], edtf.parse(row["date"])) for row in events if row["date"]]
    return [
        key for key, date in dated if str(date.bounds[0]) >= FIRST and str(date.bounds[1]) <= LAST
    ]


@pytest.fixture(scope="module")
def unseen():
    return kwlesson.load(kwlesson.TRANSFER)


@pytest.fixture
def spoiled(tmp_path):
    """Give a copy of the main lesson's folder, with the unseen case inside."""
    return LessonFolder(paths.DATA, tmp_path / "data")


def test_it_has_nothing_to_mend():
    assert check(paths.TRANSFER, SOURCES if SOURCES.is_dir() else None) == []


def test_every_view_of_it_can_be_drawn(unseen):
    case = unseen.cases.id[0]
    views = [
        unseen.compare(case),
        unseen.compare(case, masked=True),
        unseen.corroborate(case),
        unseen.follow(),
        unseen.trace(whole=True),
        unseen.trace(whole=True, answers=True),
        unseen.set_aside(),
        unseen.timeline(),
        unseen.who(),
        unseen.define(),
        unseen.cite(),
        unseen.keep(),
        *(unseen.follow(key) for key in unseen.routes.id),
        *(unseen.quote(key) for key in unseen.quotes.id),
        *(unseen.cite(key) for key in unseen.sources.id),
        *(unseen.ask(key) for key in unseen.questions.id),
    ]
    for view in views:
        page = Page(view.page())
        assert page.unbalanced == []
        assert page.text
        assert view.text().strip()


def test_the_two_forms_are_compared_without_their_bearers_at_first(unseen):
    masked = unseen.compare(unseen.cases.id[0], masked=True)
    for account in unseen.records("accounts"):
        reporter = unseen.get("people", account["reporter"])["name"]
        assert account["masked_label"] in masked.text()
        for hidden in (account["label"], reporter, account["position"]):
            assert hidden not in masked.text() + masked.page()


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_nothing_of_it_stands_in_a_table_of_the_main_lesson(path):
    assert leaks(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", BEFORE, ids=lambda path: path.name)
def test_nothing_of_it_stands_in_another_notebook(path):
    assert leaks(path.read_text(encoding="utf-8")) == []


def test_the_main_lesson_tells_nothing_of_its_days():
    assert early(rows_of(paths.DATA, "events")) == []


@pytest.mark.parametrize(
    "text",
    [
        "In form R it is not so.",
        "a case called message-of-2-october-1950",
        "It happened on 5 October 1950.",
        "On October 8, 1950, he wrote.",
        "date 1950-10-14",
        "Mao answered on 2 October.",
        "He moved the twelve divisions, which have been earlier transferred, they say.",
        "such a step could have\nextremely serious consequences",
        "Stalin writes to Kim Il Sung",
    ],
)
def test_a_leak_is_noticed(text):
    assert leaks(text)


@pytest.mark.parametrize(
    "text",
    [
        "On 1 October 1950 Stalin asks for divisions.",
        "On 15 October 1950, at Wake Island",
        "on 4 October 1949",
        "Service writes of “twelve divisions”.",
        "an informal report; to form a corps",
    ],
)
def test_what_the_main_lesson_may_say_is_no_leak(text):
    assert leaks(text) == []


def test_a_leaking_copy_of_the_tables_is_noticed(spoiled):
    event = spoiled.rows("events")[0]
    spoiled.change("events", 0, date="1950-10-02/1950-10-03")
    assert early(spoiled.rows("events")) == [event["id"]]
    assert leaks((spoiled.path / "events.csv").read_text(encoding="utf-8"))
    for index, (table, column) in enumerate([("notes", "text"), ("questions", "prompt")]):
        spoiled.change(table, 0, **{column: rows_of(paths.TRANSFER, "quotes")[index]["words"]})
        assert leaks((spoiled.path / f"{table}.csv").read_text(encoding="utf-8"))


def differing(folder, other):
    """List the rows that two lessons share and tell differently."""
    return [
        f"{table}:{row['id']}"
        for table, columns in SHARED.items()
        for known in [{row["id"]: row for row in rows_of(other, table)}]
        for row in rows_of(folder, table)
        if row["id"] in known
        if any(row[one] != known[row["id"]][one] for one in columns or row)
    ]


def colliding(folder, other):
    """List the ids of rows that two lessons must not share."""
    return [
        f"{table}:{key}"
        for table in APART
        for key in sorted(
            {row["id"] for row in rows_of(folder, table)}
            & {row["id"] for row in rows_of(other, table)}
        )
    ]


def test_people_sources_and_words_of_both_lessons_are_the_same():
    assert differing(paths.TRANSFER, paths.DATA) == []
    people = [row["id"] for row in rows_of(paths.TRANSFER, "people")]
    assert len(people) - len(own_rows("people")) > len(people) / 2


def test_two_people_of_one_name_and_two_words_of_one_meaning_have_one_id():
    for table, column in (("people", "name"), ("terms", "term")):
        known = {row[column] for row in rows_of(paths.DATA, table)}
        assert [row["id"] for row in own_rows(table) if row[column] in known] == []


def test_no_question_case_or_link_has_the_id_of_one_in_the_main_lesson():
    assert colliding(paths.TRANSFER, paths.DATA) == []


def test_rows_told_differently_and_ids_that_collide_are_noticed(spoiled):
    inside = spoiled.path / "transfer"
    copy = LessonFolder(inside, inside.parent / "other")
    for table, column in (("people", "name"), ("terms", "meaning"), ("sources", "citation")):
        copy.change(table, 0, **{column: "Otherwise"})
        assert differing(copy.path, spoiled.path)[-1].startswith(table)
        shutil.copyfile(inside / f"{table}.csv", copy.path / f"{table}.csv")
    copy.change("questions", 0, id=spoiled.rows("questions")[0]["id"])
    assert len(colliding(copy.path, spoiled.path)) == 1


def test_its_questions_belong_to_its_notebook_and_train_a_skill(unseen):
    assert set(unseen.questions.notebook) == {NUMBER}
    assert unseen.questions.order.tolist() == [1, 2, 3]
    assert all(unseen.questions.skill)


def test_every_wrong_choice_says_why_it_tempts(unseen):
    for choice in unseen.records("choices"):
        assert bool(choice["tempts"]) == (choice["best"] == "no")


def test_an_answer_is_scored_by_four_moves_and_calling_a_forgery_is_none(unseen):
    ticks = unseen.records("choices", question="four-moves")
    assert [choice["best"] for choice in ticks] == ["yes"] * 4 + ["no"]


def test_our_translation_never_looks_like_somebodys_own_words(unseen):
    translated = [
        quote
        for quote in unseen.records("quotes")
        if "Chinese translation" in unseen.get("sources", quote["source"])["read_in"]
    ]
    assert translated
    for quote in translated:
        assert quote["words"].startswith("[our translation] ")
        assert quote["editorial"] == f"[our translation] {OURS}"
        for view in (unseen.quote(quote["id"]), unseen.compare(unseen.cases.id[0])):
            assert OURS in " ".join(view.text().split())


def test_only_the_base_texts_stand_in_curly_quotation_marks():
    for path in sorted(paths.TRANSFER.glob("*.csv")):
        for quoted in re.findall("“([^“”]*)”", path.read_text(encoding="utf-8")):
            assert any(
                quoted in row["words"]
                for row in rows_of(paths.TRANSFER, "quotes")
                if row["source"] == "service-stalin-korean-war"
            )


def test_a_source_that_was_only_cited_bears_no_event_and_no_claim(unseen):
    cited = {row["id"] for row in unseen.records("sources", read="cited")}
    assert cited
    for table in ("events", "claims", "quotes", "hands", "supports", "corroborations"):
        assert not cited & set(getattr(unseen, table).source)


def test_an_interest_is_a_possibility_and_no_proof(unseen):
    for route in unseen.records("routes"):
        assert "may have wanted" in route["interest"]
        assert "Nothing here proves" in route["interest"]


def test_that_the_chinese_form_was_sent_is_nowhere_more_than_inferred(unseen):
    (link,) = unseen.records("links", id="mao-answers-form-c")
    event = unseen.get("events", link["event"])
    assert (event["status"], event["content_status"]) == ("inferred", "documented")


def test_the_first_kim_of_the_main_lesson_has_no_part_in_it():
    for path in sorted(paths.TRANSFER.iterdir()):
        assert not re.search("Kim Il(?! ?-?Sung)", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_its_sentences_are_short():
    long = [
        (table, sentence)
        for table, columns in PROSE.items()
        for row in rows_of(paths.TRANSFER, table)
        for column in columns
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", row[column])
        if len(sentence.split()) >= 20
    ]
    assert long == []


def test_its_notebook_poses_its_questions_without_an_answer(unseen):
    cells = json.loads(STORED.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert "kwlesson.load(kwlesson.TRANSFER)" in code
    assert re.findall(r'lesson\.ask\("(.*?)"\)', code) == unseen.questions.id.tolist()
    secret = [
        *unseen.questions.model_answer,
        *unseen.choices.feedback,
        *(tempts for tempts in unseen.choices.tempts if tempts),
        *unseen.corroborations.judgement,
        *unseen.notes.text,
        *unseen.routes.interest,
    ]
    for cell in cells:
        for output in cell.get("outputs", ()):
            page = Page(without_scripts("".join(output["data"]["text/html"])))
            assert [line for line in secret if line in page.open_text] == []
