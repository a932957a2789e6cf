"""What is set aside takes with it what rests on it, and nothing else."""

from __future__ import annotations

import re

import pytest
from cases import each
from html_probe import Page, live_html, squeeze
from lessons import LESSONS

import kwlesson
from kwlesson.tables.evidence_chain import KINDS, EvidenceChain
from kwlesson.views.set_aside.view import MAX_CHOICES, MAX_STEPS

REAL = LESSONS["real"]
STILL, LESS, GONE = "still-known", "known-from-less", "no-longer-known"

# Worked by hand from supports.csv, quotes.csv and hands.csv: for each link that changes, its word,
# how many rows still hold it, of how many, and which rows of the link fall (counted from 1).
BY_HAND = {
    ("source", "shtykov-cable-1949-05-15"): {
        "envoy-asks-mao": (LESS, 4, 8, {2, 3, 5, 6}),
    },
    ("source", "kovalev-cable-1949-05-18"): {
        "envoy-asks-mao": (LESS, 5, 8, {1, 4, 7}),
    },
    ("source", "tunkin-cable-1949-09-14"): {
        "mao-advises-against": (LESS, 6, 7, {7}),
    },
    ("source", "politburo-directive-1949-09-24"): {
        "kim-proposes-attack": (GONE, 0, 1, {1}),
        "moscow-refuses": (LESS, 2, 3, {1}),
    },
    # Torkunov differs on what was said in the offer, and so shows that it was made.
    ("source", "stalin-cable-1950-01-30"): {
        "stalin-offers-help": (LESS, 0, 1, {1}),
        "kim-asks-again": (LESS, 6, 7, {7}),
    },
    ("source", "ignatiev-cable-1950-04-10"): {"visit-arranged": (LESS, 0, 2, {1, 2})},
    ("source", "shi-zhe-memoir"): {},
    # He only read what Mao wrote in October 1949: none of it falls.
    ("speaker", "stalin"): {
        "stalin-agrees-with-mao": (LESS, 2, 3, {1}),
        "kim-asks-again": (LESS, 6, 7, {7}),
        "stalin-offers-help": (LESS, 0, 1, {1}),
        "stalin-approves": (LESS, 5, 10, {2, 3, 4, 5, 6}),
        "kim-tells-mao": (LESS, 4, 6, {1, 2}),
        "mao-asks-stalin": (LESS, 2, 4, {1, 4}),
        "stalin-confirms": (LESS, 1, 6, {1, 2, 3, 4, 6}),
        "maos-sign-off": (LESS, 5, 7, {2, 4}),
    },
    ("speaker", "mao"): {
        "envoy-asks-mao": (LESS, 2, 8, {1, 2, 3, 4, 5, 7}),
        "mao-advises-against": (LESS, 1, 7, {1, 2, 3, 4, 5, 7}),
        "visit-arranged": (LESS, 0, 2, {1, 2}),
        "stalin-approves": (LESS, 9, 10, {4}),
        "kim-tells-mao": (LESS, 4, 6, {1, 2}),
        "mao-asks-stalin": (LESS, 3, 4, {1}),
    },
    ("speaker", "kim-il-sung"): {
        "kim-on-china-at-war": (GONE, 0, 2, {1, 2}),
        "envoy-asks-mao": (LESS, 4, 8, {2, 3, 5, 6}),
        "mao-advises-against": (LESS, 6, 7, {7}),
        "kim-asks-again": (LESS, 4, 7, {1, 2, 6}),
        "stalin-approves": (LESS, 9, 10, {4}),
        "kim-tells-mao": (LESS, 2, 6, {1, 2, 3, 4}),
        "mao-asks-stalin": (LESS, 3, 4, {1}),
    },
    ("speaker", "tunkin"): {
        "kim-asks-for-ongjin": (GONE, 0, 1, {1}),
        "mao-advises-against": (LESS, 6, 7, {7}),
    },
    ("historian", "service"): {
        "chinese-resolve": (GONE, 0, 2, {1, 2}),
        "stalin-approves": (LESS, 9, 10, {1}),
        "north-attacks": (LESS, 4, 5, {1}),
        "kim-asks-for-rescue": (LESS, 1, 3, {1, 2}),
    },
    ("historian", "kraus"): {
        "kim-on-china-at-war": (LESS, 1, 2, {1}),
        "envoy-asks-mao": (LESS, 3, 8, {1, 2, 3, 4, 5}),
        "mao-advises-against": (LESS, 3, 7, {1, 2, 3, 4}),
        "stalin-agrees-with-mao": (LESS, 2, 3, {1}),
        "mao-orders-transfer": (LESS, 2, 5, {1, 2, 3}),
        "kim-asks-again": (LESS, 2, 7, {1, 2, 3, 4, 5}),
        "visit-arranged": (LESS, 1, 2, {1}),
        "stalin-approves": (LESS, 7, 10, {2, 3, 4}),
        "kim-tells-mao": (LESS, 3, 6, {1, 2, 3}),
        "mao-asks-stalin": (LESS, 2, 4, {1, 2}),
        "stalin-confirms": (LESS, 2, 6, {1, 2, 3, 4, 5}),
        "maos-sign-off": (LESS, 5, 7, {1, 2}),
        "north-attacks": (LESS, 4, 5, {2}),
    },
}


def worked_out(lesson, kind, key):
    return {
        change.link["id"]: (
            change.word,
            change.supports_left,
            change.supports_left + change.supports_removed,
            {int(row["row"].split("/")[1]) for row in change.removed},
        )
        for change in EvidenceChain(lesson).changes(kind, key)
    }


@pytest.mark.parametrize(("kind", "key"), BY_HAND)
def test_what_falls_is_what_was_worked_out_by_hand(kind, key):
    assert worked_out(REAL, kind, key) == BY_HAND[kind, key]


def fallen(kind, key):
    """Name what falls: quotations by their ids, papers by theirs."""
    chain = EvidenceChain(REAL)
    changed = [*chain.changes(kind, key), chain.claim_change(kind, key, "advice-kovalev")]
    return {row["quote"] or row["source"] for one in changed for row in one.removed}


# The dossier's own table (3g of history.md): what must fall, and what must not.
DOSSIER = {
    ("source", "shtykov-cable-1949-05-15"): (
        {"at-any-moment", "as-much-as-they-need"},
        {"do-not-advise-attack", "kovalev-cable-1949-05-18", "frus-1950-doc-577"},
    ),
    ("source", "kovalev-cable-1949-05-18"): (
        {"coordinating", "do-not-advise-attack"},
        {"this-spring-i-gave-advice", "tunkin-cable-1949-09-14", "shtykov-cable-1949-05-15"},
    ),
    ("speaker", "mao"): (
        {"this-spring-i-gave-advice", "do-not-advise-attack", "tunkin-cable-1949-09-14"},
        {"promised-assistance", "next-in-line", "shtykov-cable-1950-01-19"},
    ),
    ("speaker", "kim-il-sung"): (
        {"at-any-moment", "shtykov-cable-1949-05-15", "next-in-line", "promised-assistance"},
        {"do-not-advise-attack", "kovalev-cable-1949-05-18", "this-spring-i-gave-advice"},
    ),
    ("historian", "kraus"): (
        {"at-any-moment", "do-not-advise-attack", "next-in-line", "kraus-must-have-signed-off"},
        {"service-sanctioned", "shtykov-cable-1949-05-15", "stalin-cable-1950-05-14"},
    ),
}


@pytest.mark.parametrize(("kind", "key"), DOSSIER)
def test_the_dossiers_own_table_is_borne_out(kind, key):
    must, must_not = DOSSIER[kind, key]
    assert must <= fallen(kind, key)
    assert not must_not & fallen(kind, key)


@pytest.mark.parametrize(
    ("kind", "key", "link"),
    [
        ("source", "shtykov-cable-1949-05-15", "mao-advises-against"),
        ("source", "kovalev-cable-1949-05-18", "mao-advises-against"),
        ("speaker", "kim-il-sung", "stalin-offers-help"),
        ("historian", "kraus", "stalin-offers-help"),
    ],
)
def test_a_link_that_rests_on_something_else_is_still_known(kind, key, link):
    assert link not in worked_out(REAL, kind, key)


EVERYTHING = [
    (name, kind, key)
    for name, lesson in LESSONS.items()
    for kind in ("source", "speaker")
    for key in lesson.by_id(KINDS[kind])
]


@each(("name", "kind", "key"), EVERYTHING)
def test_the_definition_is_kept_to_the_letter(name, kind, key):
    lesson = LESSONS[name]
    quotes, hands = lesson.by_id("quotes"), lesson.grouped("hands", "route")
    found = {
        row
        for one in EvidenceChain(lesson).changes(kind, key)
        for row in map(str, places_of(one.removed))
    }
    seen: dict[str, int] = {}
    for row in lesson.records("supports"):
        seen[row["link"]] = place = seen.get(row["link"], 0) + 1
        quote = quotes.get(row["quote"])
        named = {("source", row["source"])}
        if quote:
            named |= {("source", quote["source"]), ("source", quote["document"])}
        if quote and row["what"] != "happened":
            named |= {("speaker", quote["speaker"])}
            through = hands.get(quote["route"], ())
            named |= {("speaker", one["person"]) for one in through if one["act"] != "heard"}
        if (kind, key) in named and row["bearing"] == "supports":
            assert f"{row['link']}/{place}" in found


def places_of(rows):
    return [row["row"] for row in rows]


@each(("name", "kind", "key"), EVERYTHING)
def test_no_row_is_lost_and_none_falls_twice(name, kind, key):
    lesson = LESSONS[name]
    for change in EvidenceChain(lesson).changes(kind, key):
        rows = places_of(change.removed) + places_of(change.remaining)
        assert sorted(rows) == sorted(
            f"{change.link['id']}/{place}"
            for place, _ in enumerate(lesson.records("supports", link=change.link["id"]), start=1)
        )
        assert change.supports_removed > 0
        shown_beside = [row for row in change.remaining if row["bearing"] == "complicates"]
        assert change.supports_left == 0 or change.word == LESS
        assert change.supports_left or change.word == GONE or shown_beside


@pytest.mark.parametrize("bearing", ["complicates", "contradicts"])
def test_what_does_not_support_a_link_never_holds_it(fiction, bearing):
    rows = fiction.rows("supports")
    other = rows[0] | {"quote": "", "event": "inquiry", "source": "keeper-letter"}
    for bears, word in (("supports", LESS), (bearing, GONE)):
        fiction.write("supports", [*rows, other | {"bearing": bears}])
        assert worked_out(kwlesson.load(fiction.path), "historian", "writer")["blame"][0] == word


def test_two_that_attest_an_event_and_differ_on_what_was_said_leave_it_known(fiction):
    rows = fiction.rows("supports")
    other = rows[0] | {"quote": "", "event": "inquiry", "source": "keeper-letter"}
    for what, word in (("said", LESS), ("happened", GONE)):
        fiction.write("supports", [*rows, other | {"bearing": "complicates", "what": what}])
        view = kwlesson.load(fiction.path).set_aside("writer", answers=True)
        change = worked_out(kwlesson.load(fiction.path), "historian", "writer")["blame"]
        assert change[:2] == (word, 0)
        assert ("and no longer what was said" in squeeze(view.text())) == (word == LESS)


def test_what_is_known_only_from_a_citation_falls_with_the_source_that_cites_it(fiction):
    rows = fiction.rows("supports")
    cited = rows[0] | {"quote": "", "source": "pilot-diary", "bearing": "supports"}
    fiction.write("supports", [*rows, cited])
    assert worked_out(kwlesson.load(fiction.path), "source", "keeper-letter")["blame"][0] == LESS


def test_a_paper_has_the_hands_that_wrote_it_and_not_those_that_quoted_it():
    hands = EvidenceChain(REAL).hands("shtykov-cable-1949-05-15")
    people = [hand["person"] for hand in hands]
    assert {"kim-il", "kim-il-sung", "shtykov"} <= set(people)
    assert not {"kraus", "translator"} & set(people)
    assert EvidenceChain(REAL).hands("shi-zhe-memoir") == []


def test_kim_il_and_kim_il_sung_are_set_aside_apart():
    assert worked_out(REAL, "speaker", "kim-il") != worked_out(REAL, "speaker", "kim-il-sung")


@pytest.mark.parametrize(
    ("kind", "key", "sentence"),
    [
        ("cable", "shtykov-cable-1949-05-15", "nothing of the kind 'cable'"),
        ("source", "shtykov-cable-1949-05-51", "perhaps you meant: shtykov-cable-1949-05-15"),
        ("speaker", "kim-il-song", "perhaps you meant: kim-il-sung"),
    ],
)
def test_a_wrong_choice_gets_a_sentence(kind, key, sentence):
    with pytest.raises(kwlesson.LessonError, match=sentence):
        EvidenceChain(REAL).changes(kind, key)


# The rated claim, worked by hand: what falls with each, of the three that it rests on.
RESTS_ON = {"quotes:do-not-advise-attack", "corroborations:octobers-message",
            "corroborations:kim-to-tunkin"}  # fmt: skip
CLAIM_BY_HAND = {
    ("source", "shtykov-cable-1949-05-15"): (STILL, set()),
    ("source", "kovalev-cable-1949-05-18"): (LESS, {"quotes:do-not-advise-attack"}),
    ("source", "tunkin-cable-1949-09-14"): (LESS, {"corroborations:kim-to-tunkin"}),
    ("speaker", "mao"): (GONE, RESTS_ON),
    ("speaker", "kim-il-sung"): (LESS, {"corroborations:kim-to-tunkin"}),
    ("speaker", "kovalev"): (LESS, RESTS_ON - {"corroborations:kim-to-tunkin"}),
    ("speaker", "stalin"): (STILL, set()),
    ("historian", "kraus"): (LESS, RESTS_ON - {"corroborations:kim-to-tunkin"}),
}


@pytest.mark.parametrize(("kind", "key"), CLAIM_BY_HAND)
def test_what_is_left_of_the_rated_claim_is_what_was_worked_out_by_hand(kind, key):
    change = EvidenceChain(REAL).claim_change(kind, key, "advice-kovalev")
    assert {row["row"] for row in change.removed + change.remaining} == RESTS_ON
    assert (change.word, {row["row"] for row in change.removed}) == CLAIM_BY_HAND[kind, key]


# The view

VIEWS = [("real", what) for what in ("", *KINDS, "tunkin-cable-1949-09-14", "torkunov")]
VIEWS += [("invented", what) for what in ("", *KINDS, "lamplighters-son")]
every_view = pytest.mark.parametrize(("name", "what"), VIEWS)


def view_of(name, what="", **how):
    return LESSONS[name].set_aside(what, **how)


@every_view
def test_each_choice_answers_for_the_claim_and_for_the_steps_that_lose_most(name, what):
    view = view_of(name, what)
    evidence = EvidenceChain(LESSONS[name])
    assert 0 < len(view.context["choices"]) <= MAX_CHOICES
    steps = {tuple(line["row"] for line in one["lines"][1:]) for one in view.context["choices"]}
    assert len(steps) == 1
    assert all(row.removeprefix("links:") in evidence.spine for row in steps.pop())
    for choice in view.context["choices"]:
        claim, *lines = choice["lines"]
        asked = choice["kind"], choice["key"]
        changes = {change.link["id"]: change for change in evidence.changes(*asked)}
        assert claim["word"] == evidence.claim_change(*asked, claim["row"][7:]).word
        assert len(lines) <= MAX_STEPS
        for line in lines:
            change = changes.get(line["row"][6:])
            assert line["word"] == (change.word if change else STILL)


def test_the_two_reports_come_with_those_whose_word_the_claim_rests_on_most():
    assert [choice["row"] for choice in view_of("real").context["choices"]] == [
        "sources:shtykov-cable-1949-05-15", "sources:kovalev-cable-1949-05-18",
        "people:mao", "people:kim-il-sung", "people:kraus",
    ]  # fmt: skip


@every_view
def test_nothing_tells_what_is_left_before_the_guess(name, what):
    lesson, view = LESSONS[name], view_of(name, what)
    answers = squeeze(view_of(name, what, answers=True).text())
    faces = [squeeze(view.text()), Page(view.page()).open_text, Page(live_html(view)).open_text]
    words = [lesson.get("terms", key)["term"] for key in (STILL, LESS, GONE)]
    assert any(word in answers for word in words)
    for face in faces:
        assert not [word for word in [*words, "Left:", "Gone:"] if word in face]
        assert "Removing a source never undoes an event" in face
    assert "■" not in answers


def test_the_claim_stands_in_the_words_in_which_it_is_rated():
    prompt = REAL.get("questions", "rating-3")["prompt"]
    assert view_of("real").context["claim"]["says"] in prompt
    assert not prompt.endswith(view_of("real").context["claim"]["says"])


def test_what_is_cut_of_a_quotation_is_still_verbatim():
    words = [quote["words"] for quote in REAL.records("quotes")]
    found = re.findall("“([^”]*)”", view_of("real", answers=True).text())
    assert found
    for shown in found:
        assert any(squeeze(shown) in whole for whole in words), shown


@pytest.mark.parametrize(
    ("what", "nearest"),
    [("historians", "historian"), ("kim-il-song", "kim-il-sung"),
     ("shtykov-cable-1949-15-05", "shtykov-cable-1949-05-15")],
)  # fmt: skip
def test_an_unknown_choice_names_the_nearest(what, nearest):
    with pytest.raises(kwlesson.LessonError, match=f"perhaps you meant:.* ?{nearest}"):
        view_of("real", what)


def test_a_lesson_without_a_rated_claim_asks_for_its_steps(fiction):
    fiction.change("cases", 0, claim="")
    view = kwlesson.load(fiction.path).set_aside(answers=True)
    assert "which would we miss most?" in squeeze(kwlesson.load(fiction.path).set_aside().text())
    assert {line["row"][:6] for one in view.context["choices"] for line in one["lines"]} == {
        "links:"
    }


def test_what_somebody_only_inferred_is_named_as_a_question():
    events = REAL.by_id("events")
    links = {f"links:{link['id']}": link for link in REAL.records("links")}
    lines = view_of("real").context["choices"][0]["lines"]
    shown = [line for line in lines if line["row"] in links]
    asked = [line["title"].endswith("?") for line in shown]
    inferred = [events[links[one["row"]]["event"]]["status"] == "inferred" for one in shown]
    assert asked == inferred


def test_sensitive_words_are_never_shown(fiction):
    fiction.change("cases", 0, claim="hour-harbourmaster")
    lesson = kwlesson.load(fiction.path)
    view, quote = lesson.set_aside("writer", answers=True), lesson.get("quotes", "drunken-gulls")
    for face in (squeeze(view.text()), view.page()):
        assert quote["words"] not in face
        assert quote["caution"] in face


HOSTILE = [
    "<script>alert(1)</script>", '" onmouseover="alert(1)', "</td></section></form>", "{{7*7}}",
    "javascript:alert(1)", "<img src=x onerror=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_cell_is_text_in_every_face(fiction, attack):
    shown = {
        "links": ["title", "says"], "quotes": ["words", "caution"], "people": ["name"],
        "terms": ["term", "meaning"], "sources": ["title"], "claims": ["says"],
        "questions": ["prompt"],
    }  # fmt: skip
    for table, columns in shown.items():
        rows = fiction.rows(table)
        fiction.write(table, [row | dict.fromkeys(columns, f"x{attack}") for row in rows])
    for answers in (False, True):
        harmless = Page(view_of("invented", "harbour-book", answers=answers).page())
        view = kwlesson.load(fiction.path).set_aside("harbour-book", answers=answers)
        for html in (view.page(), live_html(view)):
            page = Page(html)
            assert squeeze(attack)[:12] in page.text
            assert "49" not in page.text
            known = {name for name, _ in harmless.attributes}
            assert {name for name, _ in page.attributes} <= known | {"role", "aria-live"}
            assert "script" not in page.tags
            assert page.unbalanced == []
        assert squeeze(attack)[:12] in squeeze(view.text())


@pytest.mark.parametrize("what", ["", *KINDS])
def test_the_view_is_small(what):
    view = view_of("real", what)
    assert len(view.body().encode()) + len(live_html(view).encode()) < 40_000
