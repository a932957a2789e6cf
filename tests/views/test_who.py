"""Who is who: everybody under every spelling, and nobody taken for somebody else."""

from __future__ import annotations

import re
from functools import cache

import pytest
from cases import each
from html_probe import Page, live_html, squeeze, unexplained
from lessons import LESSONS

import kwlesson
from kwlesson.tables.people import find, spellings, spellings_by_person

PEOPLE = [(name, person["id"]) for name, one in LESSONS.items() for person in one.records("people")]
SPELLINGS = [
    (name, key, spelling)
    for name, one in LESSONS.items()
    for key, written in spellings_by_person(one).items()
    for spelling in written
]

every_lesson = pytest.mark.parametrize("name", LESSONS)
every_person = each(("name", "key"), PEOPLE)
every_spelling = each(("name", "key", "spelling"), SPELLINGS)


@cache
def view_of(name, key=None):
    return LESSONS[name].who(key)


def shown(view):
    return [person["id"] for group in view.context["groups"] for person in group["people"]]


# Finding


@every_spelling
def test_each_spelling_finds_its_person(name, key, spelling):
    found = find(LESSONS[name], spelling)
    assert found.exact
    assert key in [person["id"] for person in found.people]


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda name: f"  {name} ",
        lambda name: name.replace("-", " "),
        lambda name: name.replace(" ", "-"),
        lambda name: name.replace(" ", ""),
        lambda name: name.replace(".", ""),
        lambda name: re.sub("([aeiou])", "\\1\N{COMBINING DIAERESIS}", name),
        lambda name: f"Comrade {name}",
        lambda name: f"AMBASSADOR {name}!",
    ],
    ids=["capitals", "small", "blanks", "no hyphens", "hyphens", "closed up", "no stops",
         "accents", "comrade", "ambassador"],
)  # fmt: skip
@every_lesson
def test_writing_a_name_another_way_changes_nothing(name, change):
    for person in LESSONS[name].records("people"):
        assert person in find(LESSONS[name], change(person["name"])).people


@pytest.mark.parametrize(
    ("asked", "exact", "keys"),
    [
        ("Filippov", True, ["stalin"]),
        ("comrade Filippov", True, ["stalin"]),
        ("Comrade Stalin", True, ["stalin"]),
        ("Fyn Si", True, ["stalin"]),
        ("Сталин", False, ["stalin"]),
        ("毛澤東", True, ["mao"]),
        ("周恩来", True, ["zhou-enlai"]),
        ("Kim Ir Sen", True, ["kim-il-sung"]),
        ("KIM ILSO\N{COMBINING BREVE}NG", True, ["kim-il-sung"]),
        ("Kim Ir", True, ["kim-il"]),
        ("Иосиф Виссарионович Сталин", True, ["stalin"]),
        ("Ким Ир", True, ["kim-il"]),
        ("Kim Il", True, ["kim-il"]),
        ("김일", True, ["kim-il"]),
        ("김일성", True, ["kim-il-sung"]),
        ("Kim Il-sung", True, ["kim-il-sung"]),
        ("Kim Ilsung", True, ["kim-il-sung"]),
        ("Il Sung Kim", False, ["kim-il-sung"]),
        ("Kim", False, ["kim-il-sung", "kim-il", "kim-sok-won", "kim-chaek", "donggil-kim"]),
        ("김", False, ["kim-il-sung", "kim-il", "kim-sok-won", "kim-chaek", "donggil-kim"]),
        ("毛", False, ["mao"]),
        ("CCP Chairman", True, ["mao"]),
        ("Chairman Mao", True, ["mao"]),
        ("Zedong Mao", False, ["mao"]),
        ("Tung", False, ["mao"]),
        ("Shi", False, ["shi-zhe"]),
        ("Li", False, ["ri-ju-yeon", "syngman-rhee"]),
        ("Mao Tse\N{NON-BREAKING HYPHEN}tung", True, ["mao"]),
        ("Grigoryan", True, ["grigoryan"]),
        ("Grigor\N{RIGHT SINGLE QUOTATION MARK}yan", True, ["grigoryan"]),
        ("Korean Workers Party", True, ["korean-workers-party"]),
        ("Shtyk", False, ["shtykov"]),
        ("comrade", False, ["stalin"]),
        ("kim-il", True, ["kim-il"]),
    ],
)
def test_a_name_as_a_learner_may_write_it(asked, exact, keys):
    view = LESSONS["real"].who(asked)
    assert shown(view) == keys
    assert view.context["exact"] is exact


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("Filipov", "Filippov (Joseph Stalin)"),
        ("Kin Il", "perhaps you meant: Kim Il (Kim Il, the envoy),"),
        ("Shtikov", "perhaps you meant: Terentii Shtykov"),
        ("Stalyn", "perhaps you meant: Joseph Stalin"),
        ("xyzzy", "nobody here is called 'xyzzy'; lesson.who() lists everybody"),
        ("", "nobody here is called ''; lesson.who() lists everybody"),
        ("?!", "nobody here is called '?!'; lesson.who() lists everybody"),
        ("\x07zq<b>", r"nobody here is called '\x07zq<b>'"),
        ("x" * 100_000, f"'{'x' * 80}...'"),
        (1950, "nobody here is called '1950'"),
    ],
)
def test_an_unknown_name_is_told_the_nearest(asked, hint):
    with pytest.raises(kwlesson.LessonError) as caught:
        LESSONS["real"].who(asked)
    assert hint in str(caught.value)
    assert len(str(caught.value)) < 400


# Showing


@every_person
def test_a_person_is_shown_with_all_that_the_tables_say(name, key):
    lesson = LESSONS[name]
    person = lesson.get("people", key)
    view = view_of(name, key)
    page, text = Page(view.page()), squeeze(view.text())
    events = [row for row in lesson.records("events") if key in row["people"].split(";")]
    quotes = lesson.records("quotes", speaker=key)
    notes = lesson.records("notes", about=f"people:{key}")
    expected = {
        f"people:{key}",
        *(f"events:{row['id']}" for row in events),
        *(f"quotes:{row['id']}" for row in quotes),
        *(f"notes:{row['id']}" for row in notes),
    }
    assert expected <= set(page.rows)
    told = [person["name"], person["native_name"], person["role"], person["note"]]
    told += [*spellings(person), *(row["name"] for row in lesson.records("names", person=key))]
    told += [f"{row['title']} ({row['date_label']})" for row in events]
    told += [row["plain"] for row in quotes if row["sensitive"] == "no"]
    told += [row["text"] for row in notes]
    for cell in told:
        assert squeeze(cell) in text
    assert all(f"[{row.partition(':')[2]}]" in text for row in expected)


@every_person
def test_nobody_is_taken_for_somebody_else(name, key):
    lesson = LESSONS[name]
    people = lesson.by_id("people")
    others = {one["id"] for one in people.values() if one["mistaken_for"] == key}
    others |= {people[key]["mistaken_for"]} - {""}
    view = view_of(name, key)
    page = Page(view.page())
    for other in others:
        sentence = f"{people[key]['name']} is not {people[other]['name']}"
        assert sentence in page.open_text
        assert sentence in squeeze(view.text())
        assert f"people:{other}" in page.rows
    assert page.open_text.count(" is not ") >= len(others)


def test_no_spelling_of_a_person_leads_to_whom_he_must_not_be_taken_for():
    people = LESSONS["real"].by_id("people")
    for name, key, spelling in SPELLINGS:
        if name == "real" and people[key]["mistaken_for"]:
            for written in (spelling, spelling.lower(), f"Comrade {spelling}", spelling + "."):
                assert shown(LESSONS["real"].who(written)) == [key]


def test_a_spelling_is_said_in_its_language(lesson):
    page = lesson.who("Mao").page()
    assert '<span lang="zh-Hant">毛澤東</span> (traditional Chinese)' in page


def test_a_lesson_may_do_without_other_spellings(fiction):
    (fiction.path / "names.csv").unlink()
    lesson = kwlesson.load(fiction.path)
    assert lesson.records("names") == []
    assert lesson.who("Old Wick").text()


def test_one_warning_of_two_people_is_enough_for_both(fiction):
    fiction.change("people", 1, mistaken_for="")
    assert (
        "Tom Wick is not Tom Wick the younger" in kwlesson.load(fiction.path).who("Old Wick").text()
    )


def test_kim_il_is_the_envoy_and_not_kim_il_sung(lesson):
    view = lesson.who("Kim Il")
    for face in (squeeze(view.text()), Page(unexplained(view.page())).open_text):
        assert "Kim Il, the envoy is not Kim Il Sung" in face
        assert "Kim Il, the envoy" in face


@every_lesson
def test_everybody_is_there_once_and_only_persons_stand_open(name):
    lesson = LESSONS[name]
    view = lesson.who()
    assert sorted(shown(view)) == sorted(lesson.people.id)
    page, text = Page(view.page()), squeeze(view.text())
    whole, stands_open = page.text, page.open_text
    for person in lesson.records("people"):
        is_open = f"{person['name']} {person['native_name']}".strip() in stands_open
        assert is_open or person["kind"] != "person"
        assert squeeze(person["role"]) in text
    for group in view.context["groups"]:
        assert f"{group['label']} ({len(group['people'])})" in whole


@every_lesson
def test_names_of_another_order_are_explained(name):
    lesson = LESSONS[name]
    row = lesson.get("terms", "family-name-first")
    for view in (lesson.who(), lesson.who(lesson.people.name[0])):
        assert row["meaning"] in Page(view.page()).open_text
        assert squeeze(row["meaning"]) in squeeze(view.text())


def test_a_lesson_need_not_explain_the_order_of_names(fiction):
    fiction.write("terms", [r for r in fiction.rows("terms") if r["id"] != "family-name-first"])
    lesson = kwlesson.load(fiction.path)
    assert "family name" not in lesson.who().page() + lesson.who("Wick").text()


@every_lesson
def test_sensitive_words_are_in_no_face(name):
    lesson = LESSONS[name]
    for quote in lesson.records("quotes", sensitive="yes"):
        for view in (lesson.who(), lesson.who(quote["speaker"])):
            for face in (Page(view.page()).text, squeeze(view.text())):
                assert quote["words"] not in face
                assert quote["plain"] not in face
                assert quote["caution"] in face
                assert quote["id"] in face


@every_person
def test_events_come_in_order_of_time(name, key):
    view = view_of(name, key)
    [events] = [p["events"] for g in view.context["groups"] for p in g["people"] if p["id"] == key]
    places = [event["date_sort"] for event in events]
    assert places == sorted(places)


@every_lesson
def test_page_and_live_are_the_same(name):
    lesson = LESSONS[name]
    for view in (lesson.who(), lesson.who(lesson.people.name[0])):
        page, live = Page(view.page()), Page(live_html(view))
        assert page.rows == live.rows
        assert page.text == live.text


@every_lesson
def test_the_page_is_sound_html_with_headings_in_order(name):
    page = Page(LESSONS[name].who().page())
    assert page.unbalanced == page.tags == []
    assert set(page.headings[1:]) == {3}
    assert page.headings[0] == 2


def test_it_is_small(lesson):
    bundle = lesson.who()._repr_mimebundle_()
    assert len(bundle["text/html"].encode()) < 120_000
    assert set(bundle) == {"text/plain", "text/html"}


# Bad input

HOSTILE = ["<script>x</script>", '" onmouseover="x', "</td></p>", "{{7*7}}", "javascript:alert(1)"]


@pytest.mark.parametrize("column", ["name", "also_known_as", "native_name", "role", "note"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_text_in_each_face(fiction, column, hostile):
    fiction.change("people", 1, **{column: hostile})
    fiction.change("events", 0, title=hostile)
    fiction.change("quotes", 0, plain=hostile)
    lesson = kwlesson.load(fiction.path)
    names = [hostile] if column in {"name", "also_known_as", "native_name"} else []
    for view in (lesson.who(), *map(lesson.who, ["lamplighter", *names])):
        page = Page(view.page())
        assert page.unbalanced == []
        known = {"class", "aria-label", "data-row", "lang", "open"}
        assert {name for name, _ in page.attributes} <= known
        for face in (page.text, squeeze(view.text())):
            assert squeeze(hostile) in face
            assert "49" not in face


# A large lesson


def test_a_large_lesson_is_shown_and_says_what_is_folded(fiction):
    people, events = fiction.rows("people"), fiction.rows("events")
    crowd = [
        people[0] | {"id": f"p{n}", "name": f"Sailor {n}", "also_known_as": ""} for n in range(300)
    ]
    fiction.write("people", people + crowd)
    storm = [
        events[0] | {"id": f"e{n}", "title": f"Wave {n}", "people": f"lamplighter;p{n % 300}"}
        for n in range(1000)
    ]
    fiction.write("events", events + storm)
    lesson = kwlesson.load(fiction.path)
    bundle = lesson.who()._repr_mimebundle_()
    page = Page(bundle["text/html"])
    assert page.rows.count("events:e7") == 2
    assert "Wave 7 " not in page.open_text
    assert "Events (1002)" in page.text
    assert "People (304)" in page.text
    with pytest.raises(kwlesson.LessonError, match="Sailor"):
        lesson.who("Sialor 7")
