"""The decision chain: two statuses a card, the inferred set apart, and no answer too early."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from html_probe import Page, live_html, squeeze

import kwlesson
from kwlesson.views.kit.stylesheet import sheet
from kwlesson.views.trace import view as trace

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(kwlesson.SAMPLE)}
FACES = [
    (name, whole, sealed) for name in LESSONS for whole in (False, True) for sealed in (False, True)
]
EVERY_FACE = pytest.mark.parametrize(("name", "whole", "sealed"), FACES)
EVERY_LESSON = pytest.mark.parametrize("name", LESSONS)
AFTER = "After you have judged"
HAPPENED, CONTENT = "That it happened", "What was said or done"
HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</td>",
    "{{7*7}}",
    "javascript:alert(1)",
]


def view_of(name, **how):
    return LESSONS[name].trace(**how)


def opened(html):
    """Give the words that stand open; a word that is explained in passing stands in its place."""
    found = re.sub(r'<details class="kw-term".*?<summary>(.*?)</summary>.*?</details>', r"\1", html)
    return Page(found).open_text


def links_of(lesson, whole):
    rows = lesson.records("links") if whole else lesson.records("links", spine="yes")
    return sorted(rows, key=lambda row: row["step"])


def rows_of(lesson, whole):
    """Give the rows that a chain must show, worked out from the tables alone."""
    links = links_of(lesson, whole)
    expected = set()
    for link in links:
        expected |= {f"links:{link['id']}", f"events:{link['event']}"}
        for place, support in enumerate(lesson.records("supports", link=link["id"]), start=1):
            expected.add(f"supports:{link['id']}/{place}")
            expected |= {f"quotes:{support['quote']}"} - {"quotes:"}
        for about in (f"links:{link['id']}", f"events:{link['event']}"):
            expected |= {f"notes:{note['id']}" for note in lesson.records("notes", about=about)}
    return expected


def shown(html):
    return {row for row in Page(html).rows if not row.startswith("terms:")}


def panel_of(view, link):
    bundles = view.facts["bundles"]
    place = [link["step"] in {card["step"] for card in one["cards"]} for one in bundles].index(True)
    return str(view.switch().panels[place + 1].html)


def card_of(view, link):
    html = panel_of(view, link)
    start = html.index(f'data-row="links:{link["id"]}"')
    return html[html.rindex("<article", 0, start) : html.index("</article>", start) + 10]


def words_of_statuses(lesson):
    terms = lesson.by_id("terms")
    keys = {*lesson.events.status, *lesson.events.content_status, *lesson.supports.bearing} - {""}
    return [terms[key] for key in keys]


def known(lesson, link):
    event, terms = lesson.get("events", link["event"]), lesson.by_id("terms")
    return terms[event["status"]], terms[event["content_status"] or event["status"]]


@EVERY_FACE
def test_page_and_live_show_exactly_the_rows_of_the_chain(name, whole, sealed):
    view = view_of(name, whole=whole, sealed=sealed)
    assert shown(view.page()) == rows_of(LESSONS[name], whole)
    assert shown(live_html(view)) == rows_of(LESSONS[name], whole)


@EVERY_FACE
def test_text_names_every_row_that_the_page_shows(name, whole, sealed):
    view = view_of(name, whole=whole, sealed=sealed)
    text = squeeze(view.text())
    assert [row for row in shown(view.page()) if f"[{row.split(':')[1]}]" not in text] == []


@EVERY_FACE
def test_text_names_the_event_of_a_support_where_it_is_not_that_of_its_link(name, whole, sealed):
    lesson = LESSONS[name]
    text = squeeze(view_of(name, whole=whole, sealed=sealed).text())
    for link in links_of(lesson, whole):
        for place, row in enumerate(lesson.records("supports", link=link["id"]), start=1):
            other = row["event"] if row["event"] != link["event"] else ""
            named = f"[{link['id']}/{place}]"
            assert named in text
            assert (f"{named} on [{other}]" in text) is bool(other)


@EVERY_FACE
def test_page_and_live_say_the_same_words(name, whole, sealed):
    view = view_of(name, whole=whole, sealed=sealed)
    page, live = Page(view.page()), Page(live_html(view))
    choices = " ".join(["Step", *(panel.label for panel in view.switch().panels)])
    assert page.text.replace(choices, "", 1).split() == live.text.split()


@EVERY_FACE
def test_text_says_what_the_cards_say(name, whole, sealed):
    lesson, text = LESSONS[name], squeeze(view_of(name, whole=whole, sealed=sealed).text())
    for link in links_of(lesson, whole):
        assert squeeze(link["says"]) in text
        assert squeeze(link["open_question"]) in text
        assert all(
            squeeze(row["note"]) in text for row in lesson.records("supports", link=link["id"])
        )


@EVERY_FACE
def test_an_overview_comes_first_and_the_links_of_one_step_share_a_panel(name, whole, sealed):
    links = links_of(LESSONS[name], whole)
    panels = view_of(name, whole=whole, sealed=sealed).switch().panels
    steps = [
        (str(step), [link["id"] for link in own])
        for step, own in groupby(links, key=lambda link: link["step"])
    ]
    assert panels[0].label == "Overview"
    assert [panel.label for panel in panels[1:]] == [step for step, _ in steps]
    for panel, (_, ids) in zip(panels[1:], steps, strict=True):
        found = [row for row in Page(str(panel.html)).rows if row.startswith("links:")]
        assert found == [f"links:{key}" for key in ids]


@EVERY_FACE
def test_the_page_is_sound_html_with_headings_in_order(name, whole, sealed):
    page = Page(view_of(name, whole=whole, sealed=sealed).page())
    assert page.unbalanced == []
    assert page.tags == []
    assert page.headings[0] == 2
    assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


@EVERY_FACE
def test_both_statuses_stand_on_every_card_as_mark_and_word(name, whole, sealed):
    lesson, view = LESSONS[name], view_of(name, whole=whole, sealed=sealed)
    text = squeeze(view.text())
    for link in links_of(lesson, whole):
        happened, content = known(lesson, link)
        card = card_of(view, link)
        said = Page(card).text
        assert f"{HAPPENED}: {happened['mark']} {happened['term']}" in said
        assert f"{CONTENT}: {content['mark']} {content['term']}" in said
        assert f"kw-mark-{happened['id']}" in card
        assert f"kw-mark-{content['id']}" in card
        line = (
            f"{HAPPENED}: {happened['mark']} {happened['term']} [{link['event']}] "
            f"{CONTENT}: {content['mark']} {content['term']}"
        )
        assert line in text


def test_a_content_that_is_less_sure_changes_the_second_status_alone(fiction):
    before = kwlesson.load(fiction.path).trace(whole=True)
    place = [row["id"] for row in fiction.rows("events")].index("ladder-brought")
    fiction.change("events", place, content_status="inferred")
    after = kwlesson.load(fiction.path).trace(whole=True)
    assert f"{HAPPENED}: ◆ narrated [ladder-brought] {CONTENT}: ◆ narrated" in squeeze(
        before.text()
    )
    assert f"{HAPPENED}: ◆ narrated [ladder-brought] {CONTENT}: ○ inferred" in squeeze(after.text())


@EVERY_FACE
def test_a_source_that_was_only_cited_is_said_to_be_cited_by_another_and_not_read(
    name, whole, sealed
):
    lesson, view = LESSONS[name], view_of(name, whole=whole, sealed=sealed)
    sources, seen = lesson.by_id("sources"), 0
    for link in links_of(lesson, whole):
        said, text = Page(card_of(view, link)).text, squeeze(view.text())
        for support in lesson.records("supports", link=link["id"]):
            source = sources[support["source"]]
            if source["read"] == "cited":
                other = sources[source["cited_in"]]["title"]
                for face in (said, text):
                    said_so = rf"{re.escape(source['title'])} ?: cited by {re.escape(other)}"
                    assert re.search(said_so + r"[^:]*, not read", face)
                seen += 1
            else:
                assert f"{squeeze(source['title'])}: read " in said.replace(" : ", ": ")
    assert seen


@EVERY_LESSON
@pytest.mark.parametrize("whole", [False, True])
def test_the_overview_draws_what_is_inferred_unlike_all_else(name, whole):
    lesson = LESSONS[name]
    html = str(view_of(name, whole=whole).switch().panels[0].html)
    links = links_of(lesson, whole)
    svg = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    groups = re.split(
        r'(?=<g class="kw-mark-\w+" transform="translate\(\d+ \d+\)">\s*(?:<path|<rect))', svg
    )
    nodes = [group for group in groups if 'class="kw-title"' in group]
    assert len(nodes) == len(links)
    shapes = {}
    for link, node in zip(links, nodes, strict=True):
        happened, content = known(lesson, link)
        inferred = "inferred" in {happened["id"], content["id"]}
        assert ('class="kw-hollow"' in node) == inferred
        assert f"{happened['mark']} {happened['term']}" in node
        assert f"{content['mark']} {content['term']}" in node
        outline = re.sub(
            r"-?[\d.]+", "", re.search(r'<path(?! class="kw-line")[^>]*d="([^"]*)"', node)[1]
        )
        shapes.setdefault(happened["id"], set()).add(outline)
    assert all(len(outlines) == 1 for outlines in shapes.values())
    assert len({outlines.copy().pop() for outlines in shapes.values()}) == len(shapes)
    assert "inferred" in shapes
    assert ".kw-hollow{fill:var(--kw-ground);stroke-width:3;stroke-dasharray:" in sheet()


def test_a_documented_meeting_with_an_inferred_content_is_drawn_as_both(fiction):
    place = [row["id"] for row in fiction.rows("events")].index("inquiry")
    fiction.change("events", place, content_status="inferred")
    view = kwlesson.load(fiction.path).trace()
    node = re.search(
        r"<svg.*?(?=<g [^>]*inferred\" transform=\"translate\(2 58)", view.page(), re.DOTALL
    )
    assert '<path d="M0 0h336v44H0z"/>' in node[0]
    assert 'class="kw-hollow"' in node[0]
    assert "said: ○ inferred" in node[0]
    assert "● documented, what was said: ○ inferred" in view.text()


@EVERY_FACE
def test_the_overview_lists_in_words_what_it_draws(name, whole, sealed):
    lesson = LESSONS[name]
    html = str(view_of(name, whole=whole, sealed=sealed).switch().panels[0].html)
    said = Page(html.split("</svg>")[1])
    assert [row for row in said.rows if row.startswith("links:")][
        : len(links_of(lesson, whole))
    ] == [f"links:{link['id']}" for link in links_of(lesson, whole)]
    for link in links_of(lesson, whole):
        assert squeeze(link["title"]) in said.text
        assert lesson.get("people", link["by"])["name"] in said.text
    assert 'role="img" aria-label="' in html


@EVERY_LESSON
@pytest.mark.parametrize("whole", [False, True])
def test_a_sealed_page_has_no_status_and_no_bearing_outside_closed_details(name, whole):
    lesson, view = LESSONS[name], view_of(name, whole=whole, sealed=True)
    faces = [opened(view.page()), opened(live_html(view))]
    faces.append(squeeze(view.text()).split(AFTER)[0])
    unsealed = opened(view_of(name, whole=whole).page())
    for term in words_of_statuses(lesson):
        word = re.compile(rf"\b{term['term']}\b", re.IGNORECASE)
        assert not [face for face in faces if word.search(face)], term["term"]
        assert not [face for face in faces if term["mark"] and term["mark"] in face]
    assert re.search(r"\binferred\b", unsealed)
    assert re.search(r"\bsupports\b", unsealed)


@EVERY_LESSON
@pytest.mark.parametrize("whole", [False, True])
def test_a_sealed_card_shows_who_when_and_words_and_nothing_that_tells_the_answer(name, whole):
    lesson, view = LESSONS[name], view_of(name, whole=whole, sealed=True)
    page = opened(view.page())
    text = squeeze(view.text()).split(AFTER)[0]
    for link in links_of(lesson, whole):
        event = lesson.get("events", link["event"])
        for face in (page, text):
            assert squeeze(link["title"]) in face
            assert squeeze(link["says"]) not in face
            assert not event["derived"] or event["derived"] not in face
        for support in lesson.records("supports", link=link["id"]):
            assert squeeze(support["note"]) not in page + text
            if support["quote"] and support["source"] not in lesson.later_source_ids:
                quote = lesson.get("quotes", support["quote"])
                assert squeeze(quote["words"]) in page
                assert squeeze(quote["words"]) in text
                assert squeeze(quote["plain"]) not in page + text


@EVERY_LESSON
def test_a_sealed_drawing_is_the_same_box_for_every_link(name):
    html = str(view_of(name, whole=True, sealed=True).switch().panels[0].html)
    svg = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    boxes = [re.sub(r"h\d+", "", d) for d in re.findall(r'<path d="([^"]*)"', svg)]
    assert len(boxes) == len(LESSONS[name].links)
    assert len(set(boxes)) == 1
    assert "kw-hollow" not in svg
    assert set(re.findall(r"kw-mark-(\w+)", svg)) == {"sealed"}


@EVERY_LESSON
def test_base_texts_bear_openly_and_what_lies_beyond_them_waits_behind_details(name):
    lesson, view = LESSONS[name], view_of(name, whole=True)
    html = view.page()
    page, text = opened(html), squeeze(view.text()).split(AFTER)[0]
    waiting = 0
    for link in links_of(lesson, whole=True):
        for support in lesson.records("supports", link=link["id"]):
            beyond = support["source"] in lesson.later_source_ids
            waiting += beyond
            note = squeeze(support["note"])
            others = lesson.supports[lesson.supports.note == support["note"]]
            if len(set(others.source.isin(lesson.later_source_ids))) == 1:
                assert (note in page) == (not beyond), note
                assert (note in text) == (not beyond), note
        for about in (f"links:{link['id']}", f"events:{link['event']}"):
            for note in lesson.records("notes", about=about):
                before = html[: html.index(f'data-row="notes:{note["id"]}"')]
                assert before.count("<details") > before.count("</details>")
                assert f"[{note['id']}]" not in text
    assert waiting


@EVERY_LESSON
def test_our_own_sentence_on_an_inferred_link_waits_until_it_is_judged(name):
    lesson, view = LESSONS[name], view_of(name)
    for link in links_of(lesson, whole=False):
        said = squeeze(link["says"])
        inferred = known(lesson, link)[1]["id"] == "inferred"
        assert (said in opened(card_of(view, link))) == (not inferred)
        assert (said in squeeze(view.text()).split(AFTER)[0]) == (not inferred)


@EVERY_LESSON
def test_only_links_without_a_base_text_are_marked_as_beyond_the_texts(name):
    lesson, view = LESSONS[name], view_of(name, whole=True)
    mark = "beyond the two texts" if name == "real" else "beyond the base texts"
    for link in links_of(lesson, whole=True):
        sources = {row["source"] for row in lesson.records("supports", link=link["id"])}
        heading = re.search(r"<h3>.*?</h3>", card_of(view, link), re.DOTALL)[0]
        assert (mark in heading) == (sources <= lesson.later_source_ids)
        if sources & lesson.later_source_ids:
            assert mark in Page(card_of(view, link)).text


def test_the_sign_off_has_its_support_in_order_and_the_two_texts_open_first(lesson):
    link = lesson.get("links", "maos-sign-off")
    card = card_of(lesson.trace(), link)
    labels = re.findall(r"</b> (S\d+):", card)
    assert labels == [f"S{n}" for n in range(1, 11)]
    before = card.split("<summary>What documents add")[0]
    assert re.findall(r"</b> (S\d+):", before) == ["S1", "S2"]
    assert squeeze(link["says"]) not in squeeze(before)
    assert "Mao Zedong <b>signs off</b>?" in card


def test_support_is_ordered_by_its_number_whatever_the_order_of_the_table(fiction):
    rows = fiction.rows("supports")
    first = {"link": "blame", "quote": "", "event": "inquiry", "source": "harbour-book"}
    more = [
        first | {"bearing": "supports", "what": "", "note": f"n{n}", "number": f"S{n}"}
        for n in (11, 10, 9)
    ]
    fiction.write("supports", more + rows)
    lesson = kwlesson.load(fiction.path)
    card = card_of(lesson.trace(), lesson.get("links", "blame"))
    assert re.findall(r"</b> (S\d+):", card) == ["S1", "S9", "S10", "S11", "S2"]


@EVERY_LESSON
def test_what_lies_beside_the_spine_is_shown_only_on_request_and_marked(name):
    lesson = LESSONS[name]
    side = {link["id"] for link in lesson.records("links", spine="no")}
    assert side
    short, whole = view_of(name), view_of(name, whole=True)
    assert not {f"links:{key}" for key in side} & set(Page(short.page()).rows)
    for link in links_of(lesson, whole=True):
        assert ("side branch" in card_of(whole, link)) == (link["id"] in side)
    steps = {link["step"] for link in lesson.records("links")}
    for step in steps - {link["step"] for link in links_of(lesson, whole=False)}:
        assert str(step) in short.text().split("left out here: ")[1].split(".")[0].split(", ")


def test_every_act_of_the_tables_has_plain_words(lesson):
    from kwlesson.tables import schema
    from kwlesson.views.kit.render import templates

    acts = templates().get_template("trace/page.html").module.acts
    allowed = schema.binding()["links"].columns["act"].enum
    assert set(acts) == set(allowed)
    assert set(lesson.links.act) <= set(acts)


def test_sensitive_words_stand_only_behind_their_caution(fiction):
    rows = fiction.rows("supports")
    rows.append(rows[0] | {"quote": "drunken-gulls", "note": "rude", "number": "S3"})
    fiction.write("supports", rows)
    lesson = kwlesson.load(fiction.path)
    quote = lesson.get("quotes", "drunken-gulls")
    for sealed in (False, True):
        view = lesson.trace(sealed=sealed)
        page = Page(view.page())
        assert quote["words"] in page.text
        assert quote["words"] not in page.open_text + view.text()
        assert quote["caution"] in page.open_text
        assert quote["caution"] in squeeze(view.text())
        assert quote["plain"] not in view.text()


@pytest.mark.parametrize("cell", HOSTILE)
@pytest.mark.parametrize("sealed", [False, True])
def test_hostile_cells_show_as_text_in_each_face(fiction, cell, sealed):
    fiction.change("links", 0, says=cell, title=cell, open_question=cell, number=cell)
    fiction.change("supports", 0, note=cell)
    fiction.change("quotes", 1, plain=cell)
    fiction.change("people", 0, name=cell)
    fiction.change("sources", 0, title=cell, read_in=cell)
    fiction.change("notes", 3, text=cell)
    fiction.change("events", 1, date_words=cell, derived="")
    view = kwlesson.load(fiction.path).trace(whole=True, sealed=sealed)
    for html in (view.page(), live_html(view)):
        page = Page(html)
        assert cell in page.text
        assert not [tag for tag in ("<script", "</td") if tag in html]
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not [value for _, value in page.attributes if value.startswith("javascript")]
        assert page.unbalanced == []
    assert cell in squeeze(view.text())
    assert "{{49}}" not in view.text()
    assert "49" not in view.text()


def test_turning_the_switch_there_and_back_is_a_fresh_view(lesson):
    view = lesson.trace()
    choice, stack = view.switch().live()
    before = [child.value for child in stack.children]
    choice.index = stack.selected_index = 3
    choice.index = stack.selected_index = 0
    fresh_choice, fresh = lesson.trace().switch().live()
    assert [child.value for child in stack.children] == before == [c.value for c in fresh.children]
    keys = ["index", "_options_labels"]
    assert choice.get_state(keys) == fresh_choice.get_state(keys)


@EVERY_FACE
def test_two_views_of_the_same_chain_are_the_same(name, whole, sealed):
    one, other = (
        view_of(name, whole=whole, sealed=sealed),
        view_of(name, whole=whole, sealed=sealed),
    )
    assert (one.text(), one.page(), live_html(one)) == (
        other.text(),
        other.page(),
        live_html(other),
    )


def test_the_chain_is_small(lesson):
    for whole, limit in ((False, 76_000), (True, 110_000)):
        view = lesson.trace(whole=whole)
        for html in (view.body(), live_html(view)):
            assert len(html.encode()) < limit


@pytest.fixture
def long(fiction):
    """Make a chain of 300 links over 1,000 events."""
    event, link = fiction.rows("events")[1], fiction.rows("links")[0]
    support, other = fiction.rows("supports")[:2]
    ids = [f"event-{n}" for n in range(1000)]
    fiction.write(
        "events",
        fiction.rows("events") + [event | {"id": key, "title": f"Event {key}"} for key in ids],
    )
    keys = [f"link-{n}" for n in range(300)]
    links = [
        link | {"id": key, "step": str(n + 1), "event": ids[n], "title": f"The matter of {key}"}
        for n, key in enumerate(keys)
    ]
    fiction.write("links", links)
    fiction.write("supports", [row | {"link": key} for key in keys for row in (support, other)])
    fiction.write("notes", fiction.rows("notes")[:3])
    return kwlesson.load(fiction.path)


def test_a_chain_of_300_links_says_what_it_folds(long):
    view = long.trace()
    page = Page(view.page())
    assert {row for row in page.rows if row.startswith("links:")} == {
        f"links:{key}" for key in long.links.id
    }
    panels = view.switch().panels
    assert len(panels) <= trace.MAX_PANELS + 1
    assert panels[1].label == "1 to 13"
    assert f"Links that are not in the drawing ({300 - trace.MAX_PANELS})" in page.open_text
    assert str(panels[0].html).count('class="kw-title"') == trace.MAX_PANELS
    assert "1. The matter of link-0" in Page(str(panels[1].html)).open_text
    assert "Still open" not in Page(str(panels[1].html)).open_text
    assert view.text().count("Still open: ") == 300
