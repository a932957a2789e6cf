"""Dates are EDTF, sort in order of time and are said as a person would say them."""

from __future__ import annotations

import calendar

import edtf as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwlesson.tables import edtf, event_order
from kwlesson.views.timeline import drawing

SAID = {
    "1950-06-25": "25 June 1950",
    "1949-05": "May 1949",
    "1949": "1949",
    "1949-21": "spring 1949",
    "1949-24": "winter 1949",
    "1949~": "about 1949",
    "1949-05?": "perhaps May 1949",
    "1949%": "perhaps about 1949",
    "1949-04/1949-05": "April to May 1949",
    "1949-12/1950-01": "December 1949 to January 1950",
    "1945-08/..": "from August 1945",
    "../1950-01": "by January 1950",
    "1775-04-19T05:30": "19 April 1775, 05:30",
    "1775-04-19T05:30/1775-04-19T07:00": "19 April 1775, 05:30 to 07:00",
    "1775-04-19T05:30/1775-04-20T07:00": "19 April, 05:30 to 20 April 1775, 07:00",
    "-0043-03-15": "15 March 44 BCE",
    "-0043~": "about 44 BCE",
    "-0043-21": "spring 44 BCE",
    "-0043-03/-0043-05": "March to May 44 BCE",
    "-0052/-0043": "53 BCE to 44 BCE",
    "-0043/0014": "44 BCE to 14 CE",
    "-0043/0476": "44 BCE to 476 CE",
    "../-0043": "by 44 BCE",
    "0000": "1 BCE",
    "0014-08-19": "19 August 14 CE",
}
REFUSED = [
    "", "soon", "1950-13", "1950-00", "1949-02-30", "1950-06-31", "1949-21-03", "50", "-0000",
    "1950/1949", "..", "../..", "1950-6-25", " 1950", "1950 ", "1949-05/",
    "/1949", "1949-05-1", "\uff11\uff19\uff14\uff19", "1949\n", "1949~~",
    "1949-02-29", "XX49", "1949-21~", "-43", "-0043-02-30", "1775-04-19T24:00", "1775-04T05:30",
    "1775-04-19T05:30~", "1775-04-19T05", "-0043/-0052", "-0043-",
]  # fmt: skip


@pytest.mark.parametrize("date", SAID)
def test_a_date_is_said_as_a_person_would(date):
    assert edtf.parse(date).words == SAID[date]


@pytest.mark.parametrize("date", REFUSED)
def test_what_is_no_date_is_refused_with_an_example(date):
    with pytest.raises(ValueError, match=r"write an EDTF date such as 1950-06-25|did you mean"):
        edtf.parse(date)


MEANT = {
    "19/04/1775": "1775-04-19",
    "04/19/1775": "1775-04-19",
    "04/05/1775": "1775-05-04 or 1775-04-05",
    "19.4.1775": "1775-04-19",
    "1775/4/19": "1775-04-19",
    "1775-4-19": "1775-04-19",
    "1775-04-19 00:00:00": "1775-04-19",
    "1775-04-19T00:00:00Z": "1775-04-19",
    "1775-04-19 05:30:00": "1775-04-19T05:30",
    "19/04/1775 5:30": "1775-04-19T05:30",
    "19 April 1775": "1775-04-19",
    "April 19th, 1775": "1775-04-19",
    "Apr 1775": "1775-04",
    "04/1775": "1775-04",
    "18439": "1950-06-25",
}


@pytest.mark.parametrize("date", MEANT)
def test_a_date_as_spreadsheets_write_it_is_told_what_it_may_mean(date):
    with pytest.raises(ValueError, match=f"^did you mean {MEANT[date]}\\? Write"):
        edtf.parse(date)


@pytest.mark.parametrize("date", ["Apr-75", "19/04/75", "30/02/1775", "1775/..x", "x" * 10**6])
def test_what_has_lost_its_century_or_is_no_day_is_guessed_at_by_nobody(date):
    with pytest.raises(ValueError, match=r"^write an EDTF date"):
        edtf.parse(date)


ENDS = {
    "1949": "1949",
    "1949-05": "May 1949",
    "1949-05-13": "13 May 1949",
    "1949-22": "summer 1949",
    "1950": "1950",
    "1950-06": "June 1950",
    "1950-06-25": "25 June 1950",
    "1950-24": "winter 1950",
}
MARKS = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}


@pytest.mark.parametrize("last", ENDS)
@pytest.mark.parametrize("first", ENDS)
def test_an_interval_says_both_ends_whatever_their_precision(first, last):
    marked = [
        {f"{end}{mark}": said + ENDS[end] for mark, said in MARKS.items() if not mark or
         end[5:6] != "2"} for end in (first, last)
    ]  # fmt: skip
    for earlier, said in marked[0].items():
        for later, last_said in marked[1].items():
            try:
                words = edtf.parse(f"{earlier}/{later}").words
            except ValueError:
                assert edtf.parse(first).bounds[0] > edtf.parse(last).bounds[1]
                continue
            short = said.removesuffix(f" {first[:4]}")
            if earlier == later:
                assert words == said
            elif first[:4] == last[:4] and first[4:] and last[4:]:
                assert words == f"{short} to {last_said}"
            else:
                assert words == f"{said} to {last_said}"


@pytest.mark.parametrize(
    ("date", "words", "derived", "label"),
    [
        ("1949-10-01/1949-10-10", "early October", "", "early October 1949"),
        ("1950-06-28", "three days later", "25 June + three days",
         "28 June 1950, worked out from 25 June + three days"),
        ("1950-05-14", "Very early on the morning of May 14", "",
         "Very early on the morning of May 14, 1950"),
        ("1949-10/1949-12", "late 1949", "", "late 1949"),
        ("", "over the next several months", "", "undated (“over the next several months”)"),
        ("", "", "", "undated"),
        ("1950-06-25", "", "", "25 June 1950"),
        ("1950-06-25", "June 25, 1950", "", "25 June 1950"),
        ("1775-04-19T05:00", "about five in the morning", "",
         "19 April 1775, 05:00 (“about five in the morning”)"),
        ("-0043-03-15", "the Ides of March", "", "the Ides of March 44 BCE"),
        ("-0043", "44 B.C.", "", "44 B.C."),
    ],
)  # fmt: skip
def test_a_label_keeps_the_texts_words_and_says_how_a_date_was_worked_out(
    date, words, derived, label
):
    assert edtf.label(date, words, derived) == label


points = st.builds(
    lambda year, month, day, mark: (
        f"{'-' * (year < 0)}{abs(year):04}"
        + (f"-{month:02}" if month else "")
        + (f"-{day:02}" if month and month <= 12 and day else "")
        + ("" if month > 12 else mark)
    ),
    st.integers(-9999, 9998),
    st.sampled_from([*range(13), 21, 22, 23, 24]),
    st.integers(0, 28),
    st.sampled_from(["", "", "~", "?", "%"]),
)


@given(points)
def test_every_date_of_the_subset_is_edtf_and_no_day_is_before_its_first(date):
    assert oracle.parse_edtf(date) is not None
    first, last = edtf.parse(date).bounds
    assert first <= edtf.moment(edtf.parse(date).sort_key) <= last


@given(st.text(alphabet="0123456789-/.~?%XT: ", max_size=24))
def test_any_text_is_a_date_that_the_oracle_knows_or_is_refused(text):
    try:
        edtf.parse(text)
    except ValueError:
        return
    for end in text.split("/") if "T" in text else [text]:  # it knows times with seconds, alone
        assert oracle.parse_edtf(f"{end}:00" if "T" in end else end) is not None


moments = st.builds(
    edtf.Moment, st.integers(-9999, 9999), st.integers(1, 12), st.integers(1, 28),
    st.integers(0, 23), st.integers(0, 59),
)  # fmt: skip


@given(moments, moments)
def test_moments_sort_alike_as_moments_numbers_and_text(one, other):
    assert (one < other) == (one.number < other.number) == (one.sort_key < other.sort_key)
    assert edtf.moment(one.sort_key) == one
    assert edtf.parse(str(one)).bounds[0] == one
    assert oracle.parse_edtf(f"{one}:00" if "T" in str(one) else str(one)) is not None


@given(points, points)
def test_an_interval_runs_forwards_or_is_refused(first, last):
    try:
        interval = edtf.parse(f"{first}/{last}")
    except ValueError:
        assert edtf.parse(first).bounds[0] > edtf.parse(last).bounds[1]
    else:
        assert interval.bounds == (edtf.parse(first).bounds[0], edtf.parse(last).bounds[1])


def test_a_month_is_said_in_the_language_of_the_lesson_not_of_the_machine(monkeypatch):
    monkeypatch.setattr(calendar, "month_name", ["mois"] * 13)
    monkeypatch.setattr(calendar, "month_abbr", ["moi"] * 13)
    edtf.parse.cache_clear()
    assert [edtf.parse(f"1912-{month:02}").words for month in (1, 3, 12)] == [
        "January 1912", "March 1912", "December 1912"]  # fmt: skip
    first, last = edtf.Moment(1912, 3, 1), edtf.Moment(1912, 3, 31)
    assert [name for _, name in drawing.ticks(first, last)] == ["1 Mar", "11 Mar", "21 Mar"]


def event(key, date="", after="", before=""):
    return {"id": key, "date": date, "after": after, "before": before}


def test_an_undated_event_stands_beside_its_neighbour():
    rows = [event("late", after="day"), event("day", "1950-06-25"), event("early", before="day"),
            event("last", after="late"), event("next", "1950-06-26")]  # fmt: skip
    places = dict(zip((row["id"] for row in rows), event_order.places(rows), strict=True))
    assert sorted(places, key=lambda key: str(places[key])) == [
        "early", "day", "late", "last", "next"]  # fmt: skip


def test_events_that_no_date_reaches_come_first_in_their_own_order():
    rows = [event("b", after="a"), event("a", before="b"), event("day", "1950")]
    assert [str(place) for place in event_order.places(rows)] == [
        ".0000002", ".0000000", "1950-01-01.5000000"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_long_chain_of_undated_events_is_no_trouble():
    chain = [event("0", "1950")] + [event(str(n), after=str(n - 1)) for n in range(1, 60_000)]
    assert event_order.find_cycle(chain) == []
    places = [str(place) for place in event_order.places(chain)]
    assert places == sorted(places)
    adrift = [event(str(n)) for n in range(100_001)]
    places = [str(place) for place in event_order.places(adrift)]
    assert places == sorted(places)


def test_a_circle_is_found_by_either_direction():
    rows = [event("a", before="b"), event("b", before="c"), event("c", before="a")]
    assert event_order.find_cycle(rows) == ["a", "b", "c"]
    assert event_order.find_cycle([event("a", before="b"), event("b", before="a")]) == ["a", "b"]
