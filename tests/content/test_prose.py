"""The prose of the notebooks rests on rows, is plain, is fair, and gives nothing away."""

from __future__ import annotations

import re
import shutil
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from lesson_folder import SOURCES, TEXTS
from notebook_cells import LEARNERS, NAMES, lesson_called, made, named
from readability import QUOTED, grade, nameless, syllables, words

from kwlesson import cli, paths
from kwlesson.authoring import fact_markers, verbatim

LONGEST = 19
HARDEST = 8
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATED = re.compile(rf"\b1[89]\d\d\b|\b20\d\d\b|\b\d\d? (?:{MONTHS})\b|\b(?:{MONTHS}) \d")
# Sentences agreed word by word, which stay as they are.
AGREED = [
    (
        "South Koreans call it 6.25 (the 25th of June), North Koreans the Fatherland Liberation "
        "War, Chinese the War to Resist America and Aid Korea; in English it is the Korean War."
    ),
]
NOT_OUR_WORDS = {
    "it broke out by itself": r"\bwar broke out\b",
    "one side as a mass": r"\bcommunists (attack|lie)",
    "an order nobody has": r"\bStalin ordered\b",
    "a signature nobody has": r"\bMao (signed|wanted war|was ready for war)\b",
    "a silence we cannot hear": r"\b(is|are|was|stays?) silent\b|\breports? lea(ves?|ft) .*out\b",
    "papers without an owner": r"\bthe documents show\b",
    "a motive as a fact": r"\bwould like Moscow to have\b",
    "a verdict of one historian's as ours": (
        r"^(?!.*Service).*(\b(was|is) an? (\w+ )?(blunder|miscalculation)"
        r"|(?<!To )\b(miscalculated|blundered))"
    ),
}  # fmt: skip
ENVOY = "Kim Il, the envoy: not Kim Il Sung"
learners = pytest.mark.parametrize("name", LEARNERS)
every = pytest.mark.parametrize("name", NAMES)


@cache
def names(kind="person", *more):
    """Give a pattern of the names of people."""
    found = set(more)
    for lesson in (lesson_called(""), *([lesson_called("TRANSFER")] if transfer() else ())):
        for row in lesson.records("people"):
            if kind in {row["kind"], "any"}:
                found |= {row["name"], *row["also_known_as"].split(";")}
        if kind == "any":
            found |= {event["place"] for event in lesson.records("events")}
    longest_first = sorted((n for n in found if len(n) > 1), key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?:['\u2019]s?)?(?!\w)"
    )


def transfer():
    return (paths.TRANSFER / "datapackage.json").is_file()


def is_frame_or_question(text):
    return text.endswith(("?", '?"', "?)", "?'")) or bool(re.fullmatch(r'".*"[.;]?', text))


def unmarked(notebook):
    """Give the sentences that state a fact and name no row."""
    return [
        one.text
        for one in notebook.prose.sentences
        if one.cell > 1 and one.kind == "text" and not one.rows
        and not is_frame_or_question(one.text)
        and (DATED.search(one.text) or names().search(one.text))
    ]  # fmt: skip


@learners
def test_every_sentence_with_a_year_a_date_or_a_person_names_its_rows(name):
    assert unmarked(named(name)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Shtykov wrote to Moscow.", 1),
        ("Shtykov wrote to Moscow.<!--people:shtykov-->", 0),
        ("It was 1949.", 1),
        ("It was cold. On 17 May it rained.<!--events:a--> It was 1950.", 1),
        ("- one from **Kovalev**, a man of Stalin's", 1),
        ("- one from **Kovalev**, a man of Stalin's<!--people:kovalev-->", 0),
        ("What did Mao say?", 0),
        ("1. Read what Kovalev wrote.", 0),
        ("## Mao answers", 0),
        ('"Mao would not ..., because ..."', 0),
        ("The service was good.", 0),
    ],
)
def test_a_fact_without_a_row_would_be_found(text, found):
    assert len(unmarked(made(("markdown", "# 02 Title"), ("markdown", text)))) == found


def test_every_marker_leads_to_a_row_and_no_other_comment_stands_in_a_notebook():
    assert fact_markers.problems(paths.DATA, fact_markers.read_all(paths.NOTEBOOKS)) == []


@every
def test_a_marker_stands_after_the_full_stop(name):
    loose = re.compile(r"(?:(?<=\w)|\s)<!--[^>]*-->(?=[ \w])")
    assert loose.findall(named(name).markdown) == []
    assert loose.search("Mao spoke<!--people:mao--> and left.")


def sayings(notebook):
    """Give the sentences that a learner reads, a semicolon being half a full stop."""
    read = [one.text for one in notebook.prose.sentences if one.kind != "heading"]
    return [part for one in read if one not in AGREED for part in one.split("; ")]


def too_long(notebook):
    every_name = names("any")
    return [one for one in sayings(notebook) if len(words(nameless(one, every_name))) > LONGEST]


@learners
def test_sentences_are_shorter_than_twenty_words(name):
    assert too_long(named(name)) == []


@learners
def test_a_reader_in_grade_8_can_read_it(name):
    read = [nameless(one, names("any")) for one in sayings(named(name))]
    assert grade(read) <= HARDEST, sorted(read, key=lambda one: -grade([one]) if words(one) else 0)[
        :5
    ]


def test_hard_prose_would_be_found():
    hard = (
        "Notwithstanding considerable archival limitations, historians increasingly acknowledge it."
    )
    assert grade([hard]) > HARDEST > grade(["Wick lit the lamp at dusk, and then he went home."])
    long = "He went up and he went down " * 3 + "and then he stopped."
    assert too_long(made(("markdown", long))) == [long]
    kim = "Kim Il Sung, Mao Zedong and Joseph Stalin met."
    assert len(words(nameless(kim, names("any")))) <= 5


@pytest.mark.parametrize(
    ("word", "count"),
    [("lamp", 1), ("lived", 1), ("wanted", 2), ("people", 2), ("soldiers", 2), ("report", 2),
     ("evidence", 3), ("document", 3), ("possible", 3), ("divisions", 3), ("asked", 1),
     ("ambassador", 4), ("historian", 4), ("the", 1), ("sources", 2), ("quotation", 3)],
)  # fmt: skip
def test_syllables_are_counted_nearly_as_a_dictionary_would(word, count):
    assert abs(syllables(word) - count) <= (word in {"sources", "historian"})


def bare_envoys(text):
    first = re.search(r"Kim Il(?! ?-?[Ss]ung)", text)
    late = first is not None and not text.startswith(ENVOY, first.start())
    return ([first[0]] if late else []) + re.findall(r"Kim Il(?! ?-?[Ss]ung|, the envoy)", text)


@learners
def test_the_envoy_is_told_apart_at_first_mention(name):
    assert bare_envoys(named(name).markdown) == []


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("Kim Il Sung asked.", True), ("Kim Il asked.", False), (f"{ENVOY}. Kim Il asked.", False),
        (f"Kim Il Sung sent {ENVOY}. Kim Il, the envoy, went.", True),
        ("Kim Il, the envoy, went.", False), ("Nobody asked.", True),
    ],
)  # fmt: skip
def test_a_bare_envoy_would_be_found(text, sound):
    assert (bare_envoys(text) == []) is sound


@every
def test_headings_are_in_order(name):
    levels = [len(mark) for mark in re.findall(r"^(#+) ", named(name).markdown, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert max(levels) <= 3


def broken_links(markdown, folder):
    targets = re.findall(r"\]\(([^)\s]*)[^)]*\)", markdown)
    near = [target.partition("#")[0] for target in targets if not re.match("https?://", target)]
    return [target for target in near if target and not (folder / target).is_file()]


@every
def test_every_link_to_a_file_leads_to_one(name):
    assert broken_links(named(name).markdown, NAMES[name].parent) == []


def test_a_broken_link_would_be_found():
    folder = Path(__file__).parent
    assert broken_links("[a](nowhere.ipynb) [b](test_prose.py#x) [c](https://x.org)", folder) == [
        "nowhere.ipynb"
    ]


def borrowed_in(notebook, texts):
    return [
        words for cell in notebook.sources("markdown")
        for words, _ in verbatim.borrowed(re.sub(r"<!--.*?-->|[*_>]", "", cell), texts)
    ]  # fmt: skip


@every
@pytest.mark.skipif(not SOURCES.is_dir(), reason="the full texts of the two sources are not here")
def test_no_words_of_the_two_texts_stand_outside_a_quotation_and_none_of_ours_inside(name):
    base = [row["id"] for row in lesson_called("").records("sources", base="yes")]
    texts = "\n".join((SOURCES / f"{one}.txt").read_text(encoding="utf-8") for one in base)
    assert borrowed_in(named(name), texts) == []


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("The fog was “thick as wool”.", 0),
        ("The fog was “thick as *wool*”.", 0),
        ("The fog was “thick as soup”.", 1),
        ("On the fourth of March a boat struck the rocks.", 1),
        ("Hear: “On the fourth of March a boat struck the rocks.”", 0),
        ("On the fourth of March,<!--events:a--> a boat struck the quay.", 1),
        ("On the fourth of March a ship struck the quay.", 0),
    ],
)
def test_borrowed_words_would_be_found(cell, found):
    text = (TEXTS / "harbour-book.txt").read_text(encoding="utf-8")
    assert len(borrowed_in(made(("markdown", cell)), text)) == found


def not_ours(notebook):
    spoken = [re.sub(r'"[^"]*"', "", QUOTED.sub("", one.text)) for one in notebook.prose.sentences]
    return [
        (what, one) for what, bad in NOT_OUR_WORDS.items() for one in spoken
        if re.search(bad, one) and not one.endswith("?")
    ]  # fmt: skip


@every
def test_no_sentence_of_ours_says_what_nobody_knows(name):
    assert not_ours(named(name)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Then war broke out.", 1), ("Stalin ordered it.", 1), ("Mao signed the order.", 1),
        ("Kovalev's report is silent.", 1), ("It was a miscalculation.", 1),
        ("Service calls it a miscalculation.", 0), ('Do not write "Mao wanted war".', 0),
        ("Kim Il Sung asked, more than once.", 0),
    ],
)  # fmt: skip
def test_words_that_claim_too_much_would_be_found(text, found):
    assert len(not_ours(made(("markdown", text)))) == found


def squeeze(text):
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def long_enough(*cells):
    return [cell for cell in cells if len(cell.split()) >= 4]


def instructors_matter(notebook):
    found = re.findall(r"lesson\.(?:teach|mark)\b", " ".join(notebook.sources("code")))
    text = squeeze(f"{notebook.markdown} {notebook.shown}")
    found += re.findall(r"\brubric\b", text)
    for lesson in notebook.lessons:
        open_to_all = " ".join(
            str(cell) for table in set(lesson.table_names) - {"plan", "questions", "choices"}
            for row in lesson.records(table) for cell in row.values()
        )  # fmt: skip
        for step in lesson.records("plan"):
            cells = long_enough(step["say"], step["if_they_say"], step["if_late"])
            found += [cell for cell in cells if cell in text and cell not in open_to_all]
    return found


@learners
def test_a_learners_notebook_holds_nothing_of_the_instructors(name):
    assert instructors_matter(named(name)) == []


@pytest.mark.parametrize(
    "cell",
    [("code", "lesson.teach(15)"), ("code", "lesson.mark()"), ("markdown", "By the rubric.")],
)
def test_matter_of_the_instructors_would_be_found(cell):
    assert len(instructors_matter(made(cell))) == 1


def answers_of(lesson, question):
    choices = lesson.records("choices", question=question["id"])
    told = [cell for choice in choices for cell in (choice["feedback"], choice["tempts"])]
    return long_enough(question["model_answer"], question["also_accept"], *told)


def given_away(notebook, lessons):
    text = squeeze(notebook.shown)
    return [
        answer for lesson in lessons for question in lesson.records("questions")
        for answer in answers_of(lesson, question) if squeeze(answer) in text
    ]  # fmt: skip


@learners
def test_no_answer_and_no_feedback_stands_in_what_a_notebook_shows_before_its_script_runs(name):
    lessons = [lesson_called(""), *([lesson_called("TRANSFER")] if transfer() else ())]
    assert given_away(named(name), lessons) == []


def told_too_early(notebook):
    """Give the model answers that the prose before their question holds."""
    found, before = [], ""
    for cell in notebook.cells:
        if cell["cell_type"] == "markdown":
            before += " " + squeeze(
                re.sub(r"(?s)<!--.*?-->|<details>.*?</details>|\*", "", cell["source"])
            )
        for asked in ASKED.findall(cell["source"] if cell["cell_type"] == "code" else ""):
            for lesson in notebook.lessons:
                question = lesson.by_id("questions").get(asked)
                found += [
                    answer for answer in (answers_of(lesson, question) if question else ())
                    if answer in before
                ]  # fmt: skip
    return found


ASKED = re.compile(r"\.ask\([\"']([^\"']+)[\"']\)")


@learners
def test_no_answer_stands_before_its_question(name):
    assert told_too_early(named(name)) == []


def test_an_answer_that_is_given_away_would_be_found():
    lesson = lesson_called("")
    question = next(
        row for row in lesson.records("questions") if len(row["model_answer"].split()) > 4
    )
    ask = ("code", f'lesson.ask("{question["id"]}")')
    assert told_too_early(made(("markdown", question["model_answer"]), ask))
    assert not told_too_early(made(ask, ("markdown", question["model_answer"])))
    closed = f"<details><summary>See</summary>{question['model_answer']}</details>"
    assert not told_too_early(made(("markdown", closed), ask))
    stored = made(ask)
    data = {"text/html": [f"<p>{question['model_answer']}</p>"]}
    stored.cells[0]["outputs"] = [{"data": data}]
    assert given_away(stored, [lesson]) == [question["model_answer"]]


def reporters():
    lesson = lesson_called("")
    people = lesson.by_id("people")
    found = set()
    for account in lesson.records("accounts", case="kim-il-1949"):
        person = people[account["reporter"]]
        found |= {account["label"], person["name"], *person["also_known_as"].split(";")}
    return sorted(found - {""})


@pytest.mark.parametrize("name", [name for name in LEARNERS if name[:2] in {"00", "01"}])
def test_nothing_names_a_reporter_before_the_names_are_told(name):
    text = NAMES[name].read_text(encoding="utf-8")
    assert [one for one in reporters() if re.search(rf"\b{re.escape(one)}\b", text)] == []


def test_the_reporters_are_known():
    assert len(reporters()) > 3
    assert any(one in named("02-two-names.ipynb").markdown for one in reporters())


def asked_in(notebook):
    return ASKED.findall("\n".join(notebook.sources("code")))


@learners
def test_a_notebook_asks_at_most_three_questions(name):
    assert len(asked_in(named(name))) <= 3


@learners
def test_each_question_is_asked_once_in_its_notebook_and_in_order(name):
    notebook = named(name)
    rows = [
        row for lesson in notebook.lessons for row in lesson.records("questions")
        if row["notebook"] == notebook.number
    ]  # fmt: skip
    assert asked_in(notebook) == [row["id"] for row in sorted(rows, key=lambda row: row["order"])]


def test_every_question_has_its_notebook():
    numbers = {name[:2] for name in LEARNERS} | {"class"}  # a session asks it alone
    lost = [
        row["id"]
        for row in lesson_called("").records("questions")
        if row["notebook"] not in numbers
    ]
    assert lost == []


def bar_before_questions(notebook):
    code = "\n".join(notebook.sources("code"))
    questions = list(ASKED.finditer(code))
    # The lesson opens with a scene and its one choice; what is kept is said straight after.
    later = questions[1:] if notebook.number == "00" else questions
    return not later or 0 <= code.find(".keep()") < later[0].start()


@learners
def test_what_is_kept_is_said_before_the_first_question(name):
    assert bar_before_questions(named(name))


def test_a_question_without_the_bar_would_be_found():
    ask, keep = ("code", 'lesson.ask("who-saw")'), ("code", "lesson.keep()")
    assert not bar_before_questions(made(ask, keep))
    assert not bar_before_questions(made(ask))
    assert bar_before_questions(made(keep, ask))


def test_contributing_shows_what_check_says_of_its_own_example(capsys, tmp_path):
    whole = Path(paths.DATA.parent, "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = [line for line in whole.splitlines() if " changed; it is told in: " in line]
    folder = tmp_path / "data"
    for name in ("data", "notebooks"):
        shutil.copytree(paths.DATA.parent / name, tmp_path / name)
    quotes = folder / "quotes.csv"
    text = quotes.read_text(encoding="utf-8")
    quotes.write_text(text.replace("do not attack the South now.", "do not attack the South yet."))
    assert cli.main(["check", str(folder), "--against", str(paths.DATA)]) == 0
    said = capsys.readouterr().out.splitlines()[:-1]
    assert len(said) > 1
    assert said == shown
