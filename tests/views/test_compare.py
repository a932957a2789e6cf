"""The comparison of accounts: three faces, the same rows, and nothing told too early."""

from __future__ import annotations

import ipywidgets
import pytest
from html_probe import Page, live_html, squeeze, unexplained

import kwlesson
from kwlesson.authoring.check import check

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}
CASES = [(name, case) for name, lesson in LESSONS.items() for case in lesson.cases.id]
FACES = [(name, case, masked) for name, case in CASES for masked in (False, True)]


def view_of(name, case, *, masked=False):
    return LESSONS[name].compare(case, masked=masked)


def rows_of(lesson, case):
    """Work out from the tables alone which rows a comparison must show."""
    points = lesson.points[lesson.points.case == case]
    claims = lesson.claims[lesson.claims.point.isin(points.id)]
    quotes = lesson.quotes[lesson.quotes.point.isin(points.id)]
    shown = {"points": points, "claims": claims, "quotes": quotes}
    return {f"{table}:{key}" for table, frame in shown.items() for key in frame.id}


@pytest.mark.parametrize(("name", "case"), CASES)
def test_page_and_live_show_every_row_of_the_case(name, case):
    view = view_of(name, case)
    expected = rows_of(LESSONS[name], case)
    page = set(Page(view.page()).rows)
    assert expected <= page
    assert page == set(Page(live_html(view)).rows)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_text_says_what_the_page_says(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    text, page = squeeze(view.text()), Page(view.page())
    cells = {"points": "question", "claims": "says", "quotes": "words", "notes": "text"}
    for row in page.rows:
        table, key = row.split(":")
        cell = lesson.get(table, key)
        if table == "quotes" and cell["sensitive"] == "yes":
            assert cell["caution"] in text
            assert key in text
        elif table in cells and cell.get("about", "").partition(":")[0] != "quotes":
            assert squeeze(cell[cells[table]]) in text, row


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_page_and_live_say_the_same_words(name, case, masked):
    view = view_of(name, case, masked=masked)
    page, live = Page(view.page()), Page(live_html(view))
    choices = [panel.label for panel in view.switch().panels]
    assert page.text.replace(f"Show {' '.join(choices)}", "", 1).split() == live.text.split()


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_the_switch_has_a_panel_for_each_account_and_one_for_all(name, case, masked):
    labels = LESSONS[name].accounts[LESSONS[name].accounts.case == case]
    names = labels.masked_label if masked else labels.label
    switch = view_of(name, case, masked=masked).switch()
    assert [panel.label for panel in switch.panels] == [*names, "Side by side"]


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_the_page_is_sound_html_with_headings_in_order(name, case, masked):
    page = Page(view_of(name, case, masked=masked).page())
    assert page.unbalanced == []
    assert page.tags == []
    assert page.headings[0] == 2
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in steps)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_masked_faces_give_no_reporter_away(name, case):
    lesson, view = LESSONS[name], view_of(name, case, masked=True)
    people = lesson.by_id("people")
    accounts = lesson.records("accounts", case=case)
    secret = set()
    for account in accounts:
        person = people[account["reporter"]]
        secret |= {account["label"], person["name"], *person["also_known_as"].split(";")}
    for face in (view.text(), Page(view.page()).text, Page(live_html(view)).text):
        assert not [name for name in secret - {""} if name in face]
        assert all(account["masked_label"] in face for account in accounts[:2])


@pytest.mark.parametrize(("name", "case"), CASES)
def test_masked_faces_hold_no_id_that_gives_a_reporter_away(name, case):
    lesson, view = LESSONS[name], view_of(name, case, masked=True)
    ids = [account["id"] for account in lesson.records("accounts", case=case)]
    for face in (view.text(), view.page(), live_html(view)):
        assert not [key for key in ids if key in face]


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_a_retelling_comes_before_the_points_and_is_folded_once_names_are_known(name, case, masked):
    lesson, view = LESSONS[name], view_of(name, case, masked=masked)
    first = min(lesson.records("points", case=case), key=lambda point: point["order"])["question"]
    page, text = Page(unexplained(view.page())), squeeze(view.text())
    told = [account for account in lesson.records("accounts", case=case) if account["retelling"]]
    for account in told:
        words = squeeze(account["retelling"])
        assert (words in page.open_text) is masked
        for face in (page.text, squeeze(Page(unexplained(live_html(view))).text)):
            label = account["masked_label"] if masked else account["label"]
            assert face.index(words) < face.index(first, face.index(words))
            assert label in face[: face.index(words)]
        assert text.index(words) < text.index(first)


def test_the_reports_of_the_lesson_are_retold_without_the_line_that_needs_care(lesson, invented):
    for of in (lesson, invented):
        told = [account["retelling"] for account in of.records("accounts") if account["retelling"]]
        assert len(told) == 2
        for quote in of.records("quotes", sensitive="yes"):
            assert not [words for words in told if quote["words"].strip(",.") in words]


@pytest.mark.parametrize("name", ["Harbourmaster", "Captain Buoy", "Tom Wick"])
def test_the_check_finds_a_retelling_that_names_a_reporter(fiction, name):
    fiction.change("accounts", 1, retelling=f"It was {name} who told this.")
    found = check(fiction.path)
    assert [(problem.file, problem.row, problem.column) for problem in found] == [
        ("accounts.csv", 3, "retelling"),
    ]  # fmt: skip
    assert f"names {name} while authors are hidden" in found[0].remedy


@pytest.mark.parametrize(("name", "case"), CASES)
def test_sensitive_words_stand_only_behind_their_caution(name, case):
    lesson = LESSONS[name]
    page = Page(view_of(name, case).page())
    masked = view_of(name, case, masked=True)
    for quote in lesson.records("quotes", sensitive="yes"):
        assert quote["words"] not in page.open_text
        assert quote["words"] not in view_of(name, case).text()
        assert quote["words"] not in masked.text() + masked.page()
        if lesson.get("points", quote["point"])["case"] == case:
            assert quote["words"] in page.text
            assert quote["caution"] in page.open_text


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_documents_add_is_told_only_behind_details(name, case):
    lesson, page = LESSONS[name], Page(unexplained(view_of(name, case).page()))
    told = [lesson.get("notes", row.split(":")[1]) for row in page.rows if row.startswith("notes:")]
    assert told
    for note in told:
        assert squeeze(note["text"]) in page.text
        assert squeeze(note["text"]) not in page.open_text


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_point_shows_its_verdict_as_word_and_mark(name, case):
    lesson = LESSONS[name]
    text = view_of(name, case).text()
    for point in lesson.records("points", case=case):
        term = lesson.get("terms", point["verdict"])
        block = squeeze(text)[squeeze(text).index(f"[{point['id']}]") :]
        assert block.split("]", 1)[1].strip().startswith(f"{term['mark']} {term['term']}")


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_claim_says_where_it_can_be_read_once_names_are_known(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    text, page = squeeze(view.text()), Page(unexplained(view.page())).text
    masked = view_of(name, case, masked=True)
    points, sources = lesson.by_id("points"), lesson.by_id("sources")
    for claim in lesson.records("claims"):
        if points[claim["point"]]["case"] != case:
            continue
        source, place = sources[claim["source"]], claim["paragraph"]
        known = lesson.get("terms", claim["status"])
        title = (
            source["author"] if source["base"] == "yes" and source["author"] else source["title"]
        )
        where = f"{title}, paragraph {place}" if place else title
        hedge = f" The text's own word of caution: “{claim['hedge']}”." if claim["hedge"] else ""
        said = f"{claim['says']}{hedge} {known['mark']} {known['term']} ({where})"
        assert squeeze(said) in text
        assert squeeze(f"{known['mark']} {known['term']} ({where})") in page
        assert f"({where})" not in squeeze(masked.text()) + masked.page()


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_account_says_where_it_stands_and_how_it_came_once_names_are_known(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    masked = view_of(name, case, masked=True)
    faces = squeeze(view.text()), Page(view.page()).text
    hidden = squeeze(masked.text()) + masked.page()
    for account in lesson.records("accounts", case=case):
        told = {
            "Where it stands": lesson.get("sources", account["source"])["title"],
            "How it came": lesson.get("routes", account["route"])["title"]
            if account["route"]
            else "",
        }
        for label, title in told.items():
            assert all(not title or f"{label}: {squeeze(title)}." in face for face in faces)
            assert label not in hidden


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_text_gives_the_number_of_a_point_beside_its_id(name, case, masked):
    text = squeeze(view_of(name, case, masked=masked).text())
    shown = [point for point in LESSONS[name].records("points", case=case)
             if f"[{point['id']}]" in text]  # fmt: skip
    assert shown
    for point in shown:
        number = f" ({point['number']})" if point["number"] else ""
        assert f"{squeeze(point['question'])}{number} [{point['id']}]" in text


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_two_views_of_the_same_case_are_the_same(name, case, masked):
    one, other = view_of(name, case, masked=masked), view_of(name, case, masked=masked)
    assert one.text() == other.text()
    assert one.page() == other.page()
    assert one.page() == one.page()


def test_turning_the_switch_there_and_back_is_a_fresh_view():
    view = view_of("real", "kim-il-1949")
    choice, stack = view.switch().live()
    before = [child.value for child in stack.children]
    choice.index, stack.selected_index = 1, 1
    choice.index, stack.selected_index = 0, 0
    fresh_choice, fresh_stack = view.switch().live()
    assert choice.get_state(["index", "_options_labels"]) == fresh_choice.get_state(
        ["index", "_options_labels"])  # fmt: skip
    assert [child.value for child in stack.children] == before
    assert before == [child.value for child in fresh_stack.children]


def test_the_choice_is_linked_to_the_stack_in_the_browser_and_not_by_the_kernel():
    choice, stack = view_of("real", "kim-il-1949").switch().live()
    widgets = ipywidgets.widgets.widget._instances.values()  # noqa: SLF001
    links = [
        widget for widget in widgets if isinstance(widget, ipywidgets.widgets.widget_link.Link)
    ]
    assert (stack, "selected_index") in [
        link.target for link in links if link.source == (choice, "index")
    ]


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_the_bundle_is_small_and_carries_three_faces(name, case, masked):
    view = view_of(name, case, masked=masked)
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json",
    }  # fmt: skip
    assert bundle["text/plain"] == view.text()
    assert len(view.page().encode()) < 100_000
    assert len(live_html(view).encode()) < 100_000


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form>", "{{7*7}}",
    "javascript:alert(1)", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "{% raw %}",
]  # fmt: skip
SHOWN = {
    "cases": ["title", "question", "summary"],
    "accounts": ["label", "position", "silence", "retelling"],
    "points": ["question", "note"], "claims": ["says", "hedge"], "notes": ["text"],
    "quotes": ["words", "plain", "editorial", "caution"], "terms": ["term", "meaning", "mark"],
    "people": ["name"], "sources": ["title", "author"],
}  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_cell_is_text_in_every_face(fiction, attack):
    for table, columns in SHOWN.items():
        rows = fiction.rows(table)
        fiction.write(table, [row | dict.fromkeys(columns, f"x{attack}") for row in rows])
    harmless = Page(view_of("invented", "harbour-light").page())
    view = kwlesson.load(fiction.path).compare("harbour-light")
    for html in (view.page(), live_html(view)):
        page = Page(html)
        assert attack.split()[0] in page.text or squeeze(attack) in page.text
        assert "49" not in page.text
        assert {name for name, _ in page.attributes} <= {name for name, _ in harmless.attributes}
        assert not any(name.startswith("on") for name, _ in page.attributes)
        assert "script" not in page.tags
        assert page.unbalanced == []
    assert squeeze(attack) in squeeze(view.text())


@pytest.mark.parametrize("table", SHOWN)
def test_a_changed_cell_changes_the_faces(fiction, table):
    before = kwlesson.load(fiction.path).compare("harbour-light")
    for column in SHOWN[table]:
        rows = fiction.rows(table)
        if column == "hedge":
            continue
        changed = [row | {column: row[column] + " anew" if row[column] else ""} for row in rows]
        fiction.write(table, changed)
        after = kwlesson.load(fiction.path).compare("harbour-light")
        assert after.page() != before.page(), column
        assert after.text() != before.text(), column
        fiction.write(table, rows)


def test_an_unknown_case_names_the_nearest():
    with pytest.raises(kwlesson.LessonError, match="perhaps you meant: kim-il-1949"):
        view_of("real", "kim-il-sung-1949")


def test_three_accounts_are_as_welcome_as_two(fiction):
    accounts = fiction.rows("accounts")
    third = accounts[0] | {"id": "gull", "label": "Gull", "masked_label": "Report 3",
                           "reporter": "clerk"}  # fmt: skip
    fiction.write("accounts", [*accounts, third])
    claims = fiction.rows("claims")
    fiction.write("claims", [*claims, claims[0] | {"id": "lamp-gull", "account": "gull"}])
    view = kwlesson.load(fiction.path).compare("harbour-light")
    assert [panel.label for panel in view.switch().panels][2] == "Gull"
    assert "claims:lamp-gull" in Page(view.page()).rows


@pytest.mark.parametrize(("name", "case"), CASES)
def test_while_names_are_hidden_no_verdict_of_others_is_shown(name, case):
    lesson, masked = LESSONS[name], view_of(name, case, masked=True)
    claims = lesson.grouped("claims", "point")
    for point in lesson.records("points", case=case):
        own = {claim["status"] for claim in claims.get(point["id"], ())}
        face = squeeze(masked.text()) + Page(masked.page()).text
        if own == {"inferred"}:
            assert point["question"] not in face
    assert any(point["question"] in face for point in lesson.records("points", case=case))
