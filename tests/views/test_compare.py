"""The comparison of accounts: three faces, the same rows, and nothing told too early."""

from __future__ import annotations

import re

import pytest
from html_probe import OnPaper, Page, live_html, squeeze, unexplained
from lessons import LESSONS

import kwlesson
from kwlesson.authoring.check import check
from kwlesson.views.kit.render import short_title

CASES = [(name, case) for name, lesson in LESSONS.items() for case in lesson.cases.id]
FACES = [(name, case, masked) for name, case in CASES for masked in (False, True)]


def points_of(view):
    return [point for part in ("core", "whole", "more", "waiting") for point in view.context[part]]


def ours_of(point):
    """Say our judgement of a point as the page does, once it is shown."""
    answers = {"agree": "agree", "differ": "differ", "conflict": "cannot both be true",
               "yes": "also there", "no": "not there", "unknown": "cannot tell"}  # fmt: skip
    return f"{answers[point['ours']]}. {squeeze(point['note'])}".strip()


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
def test_text_says_what_the_page_says_but_for_what_waits(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    text, page = squeeze(view.text()), OnPaper(view.page())
    cells = {"points": "question", "claims": "says", "quotes": "words"}
    for row in page.rows:
        table, _, key = row.partition(":")
        if table == "quotes" and lesson.get(table, key)["sensitive"] == "yes":
            assert lesson.get(table, key)["caution"] in text
            assert key in text
        elif table in cells:
            assert squeeze(lesson.get(table, key)[cells[table]]) in text, row


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_page_and_live_are_the_same(name, case, masked):
    view = view_of(name, case, masked=masked)
    assert Page(view.page()).text == Page(live_html(view)).text


def choices_of(html):
    return re.findall(r'name="panel"[^>]*> ([^<]*)<', html)


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_the_switch_has_a_choice_for_each_account_and_one_for_all(name, case, masked):
    labels = LESSONS[name].accounts[LESSONS[name].accounts.case == case]
    names = labels.masked_label if masked else labels.label
    html = view_of(name, case, masked=masked).body()
    assert choices_of(html) == [*names, "Side by side"]
    lines = set(re.findall(r'<p class="kw-side kw-side-(\d)">', html))
    assert lines == {str(side) for side in range(1, len(names) + 1)}


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
def test_a_retelling_is_there_while_names_are_hidden_and_says_in_whose_voice(name, case, masked):
    lesson, view = LESSONS[name], view_of(name, case, masked=masked)
    html = re.sub(r'<span class="kw-voice">.*?</span> ?\w+</span>', "~", unexplained(view.body()))
    for account in lesson.records("accounts", case=case):
        words = re.sub("”", "” ~", account["retelling"])
        assert (squeeze(words) in Page(html).text) is (masked or not words)
        assert not words or squeeze(words) not in Page(html).open_text


def test_the_reports_of_the_lesson_are_retold_without_the_line_that_needs_care(lesson, invented):
    for of in (lesson, invented):
        told = [account["retelling"] for account in of.records("accounts") if account["retelling"]]
        assert len(told) == 2
        for quote in of.records("quotes", sensitive="yes"):
            assert not [words for words in told if quote["words"].strip(",.") in words]


@pytest.mark.parametrize("name", ["Harbourmaster", "Captain Buoy", "Tom Wick"])
@pytest.mark.parametrize(
    ("table", "column"), [("accounts", "retelling"), ("claims", "brief"), ("cases", "question")]
)
def test_the_check_finds_what_names_a_reporter_while_names_are_hidden(fiction, name, table, column):
    fiction.change(table, 0, **{column: f"It was {name} who told this."})
    found = check(fiction.path)
    assert [(problem.file, problem.row, problem.column) for problem in found] == [
        (f"{table}.csv", 2, column),
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
def test_our_judgement_waits_for_the_learner_s_and_the_first_is_an_example(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    page, notes = Page(view.page()), squeeze(lesson.compare(case, answers=True).text())
    told, before = (part.replace(" .", ".") for part in (page.text, page.open_text))
    asked = [point for point in points_of(view) if point["is_asked"]]
    assert [point["is_example"] for point in asked] == [True] + [False] * (len(asked) - 1)
    assert asked[0]["verdict"] == "agree"
    for point in asked:
        ours = ours_of(point)
        assert (f"Ours {ours}" in told) is not point["is_example"]
        assert f"Ours {ours}" not in before + squeeze(view.text())
        assert (f'name="points:{point["id"]}"' in view.body()) is not point["is_example"]
        term = lesson.get("terms", point["verdict"])
        assert f"{term['mark']} {term['term']} We: {ours}" in notes
        if point["note"] and not point["is_example"]:
            assert squeeze(point["note"]) not in before + squeeze(view.text())
    masked = view_of(name, case, masked=True)
    assert 'name="points:' not in masked.body()
    assert not [point for point in points_of(masked) if point["is_asked"] or point["note"]]


def test_a_single_account_is_followed_by_a_guess_and_several_by_a_comparison(invented):
    asked = {point["id"]: point["asks"] for point in points_of(invented.compare("harbour-light"))}
    assert asked == {"lamp": "stands", "hour": "stands", "fog": "elsewhere", "ladder": "",
                     "oil": "stands"}  # fmt: skip
    text = squeeze(invented.compare("harbour-light").text())
    assert "Both have it: do they agree? ( ) agree ( ) differ ( ) cannot both be true" in text
    assert "Guess. ( ) also there ( ) not there ( ) cannot tell" in text


def test_each_line_says_in_whose_voice_it_speaks(lesson):
    text = squeeze(lesson.compare("kim-il-1949").text())
    quotes = lesson.by_id("quotes")
    for key, voice in (("at-any-moment", "“ ” cable"), ("kraus-yes-absolutely", "◇ Kraus"),
                       ("kraus-beginning-of-1950", "◇ Kraus")):  # fmt: skip
        assert f"“{quotes[key]['words']}” {voice} [{key}]" in text or (
            f"“{quotes[key]['words']}” [{key}] {voice}" in text
        )
    for claim in lesson.records("claims"):
        if claim["brief"] and claim["source"] == "kraus-origins-of-korean-war":
            assert f"{claim['brief']} ◇ Kraus" in text
        says = "" if claim["says"] == claim["brief"] else f"{squeeze(claim['says'])} ✎ ours"
        assert not claim["brief"] or says in text
    masked = squeeze(lesson.compare("last-word-1950", masked=True).text())
    assert "◇ historian" in masked


def test_where_an_account_says_nothing_the_table_s_own_sentence_stands(lesson):
    silence = lesson.get("accounts", "shtykov")["silence"]
    assert squeeze(lesson.compare("kim-il-1949").text()).count(f"Shtykov: {silence}") >= 3


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_claim_says_where_it_can_be_read_once_names_are_known(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    text, page = squeeze(view.text()), Page(unexplained(view.page())).text
    page = page.replace("( ", "(").replace(" )", ")")
    masked = view_of(name, case, masked=True)
    points, sources = lesson.by_id("points"), lesson.by_id("sources")
    for claim in lesson.records("claims"):
        if points[claim["point"]]["case"] != case:
            continue
        source, place = sources[claim["source"]], claim["paragraph"]
        known = lesson.get("terms", claim["status"])
        title = (
            source["author"]
            if source["base"] == "yes" and source["author"]
            else short_title(source)
        )
        where = f"{title}, paragraph {place}" if place else title
        hedge = f" It says “{claim['hedge']}”." if claim["hedge"] else ""
        # What the line in the row says already is not said again behind it.
        says = "" if claim["says"] == claim["brief"] else f"{claim['says']} ✎ ours"
        said = f"{says}{hedge} {known['mark']} {known['term']} ({where})"
        assert squeeze(said) in text
        assert squeeze(f"{known['mark']} {known['term']} ({where})") in page
        assert f"({where})" not in squeeze(masked.text()) + masked.page()


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_account_says_where_it_stands_and_how_it_came_once_names_are_known(name, case):
    lesson, view = LESSONS[name], view_of(name, case)
    hidden = Page(view_of(name, case, masked=True).page()).text
    for account in lesson.records("accounts", case=case):
        route = lesson.by_id("routes").get(account["route"])
        stands = lesson.get("sources", account["source"])["title"]
        is_told = route and route["title"] != stands
        came = f" How it came: {route['title']}." if is_told else ""
        for face in (squeeze(view.text()), Page(view.page()).text.replace(" .", ".")):
            assert squeeze(f"{account['label']} {stands}.{came}") in face
        assert squeeze(stands) not in hidden


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


@pytest.mark.parametrize(("name", "case", "masked"), FACES)
def test_the_bundle_is_small_and_carries_three_faces(name, case, masked):
    view = view_of(name, case, masked=masked)
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == view.text()
    assert len(view.page().encode()) < 100_000
    assert len(live_html(view).encode()) < 100_000


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form>", "{{7*7}}",
    "javascript:alert(1)", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "{% raw %}",
]  # fmt: skip
SHOWN = {
    "cases": ["title", "question"],
    "accounts": ["label", "position", "silence", "retelling"],
    "points": ["question", "note"], "claims": ["says", "brief", "hedge"], "notes": ["text"],
    "quotes": ["words", "plain", "editorial", "caution"], "terms": ["term", "meaning"],
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
        lesson = kwlesson.load(fiction.path)
        after = lesson.compare("harbour-light", masked=column == "retelling")
        assert after.page() != before.page(), column
        assert after.text() != before.text() or table == "notes" or column == "plain", column
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
    assert choices_of(view.body())[2] == "Gull"
    assert "claims:lamp-gull" in Page(view.page()).rows


@pytest.mark.parametrize(("name", "case"), CASES)
def test_while_names_are_hidden_no_verdict_of_others_is_shown(name, case):
    masked, whole = view_of(name, case, masked=True), view_of(name, case).context["whole"]
    face = squeeze(masked.text()) + Page(masked.page()).text
    assert not [point for point in whole if point["question"] in face]
    assert any(point["question"] in face for point in points_of(masked))


def test_a_historian_s_verdict_on_the_whole_stands_last(lesson):
    context = lesson.compare("kim-il-1949").context
    assert [point["id"] for point in context["whole"]] == ["taken-whole"]
    text = lesson.compare("kim-il-1949").text()
    assert text.index("[stalins-consent]") < text.index("[taken-whole]") < text.index("[backing]")


def test_a_large_view_is_a_projector_s(invented):
    view = invented.compare("harbour-light")
    assert 'name="projector"' in view.body()
    assert "kw-large" in view.large().body()
