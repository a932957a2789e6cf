"""The map: places from rows, ways from hands, and the same in words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from html_probe import Page, squeeze

import kwlesson
from kwlesson import paths
from kwlesson.views.kit.map import Map, stops

LESSONS = [kwlesson.load(folder) for folder in (None, kwlesson.SAMPLE, kwlesson.TRANSFER)]
REAL = LESSONS[0]
ROUTES = [(lesson, route) for lesson in LESSONS for route in lesson.by_id("routes")]
every_route = pytest.mark.parametrize(("lesson", "route"), ROUTES, ids=[key for _, key in ROUTES])


@every_route
def test_each_stop_is_a_place_and_the_list_says_what_the_map_draws(lesson, route):
    view = lesson.where(route)
    text = squeeze(view.text())
    went = [stop.place["id"] for stop in stops(lesson, route)]
    assert [row for row in Page(view.page()).rows if row.startswith("places:")] == [
        f"places:{key}" for key in went
    ]
    for hand in lesson.records("hands", route=route):
        assert lesson.get("people", hand["person"])["name"] in text
    legs = set(pairwise(went))
    assert view.page().count('class="kw-way ') == len(legs)
    assert 'role="img" aria-label="Map: ' in view.page()


@every_route
def test_nothing_is_drawn_or_written_outside_the_map(lesson, route):
    drawn = Map(lesson, [route])
    for town in drawn.towns:
        assert 0 <= town.x <= drawn.width
        assert 0 <= town.y <= drawn.height
    numbers = re.findall(r"-?\d+", "".join(way.path for way in drawn.ways[0]))
    assert all(-40 <= int(number) <= drawn.width + 40 for number in numbers)


def test_a_way_that_was_sent_is_known_as_its_sender_is_and_a_journey_as_whoever_arrives():
    known = {
        route: [(way.step, way.status) for way in Map(REAL, [route]).ways[0]]
        for route in ("shtykov-1949", "kovalev-1949")
    }
    assert known == {
        "shtykov-1949": [(4, "presumed"), (8, "documented")],
        "kovalev-1949": [(5, "documented")],
    }


def test_a_place_of_two_names_has_the_one_that_the_route_gives_it():
    for route, name, other in (("shtykov-1949", "Beiping", "Beijing"),
                               ("may-1950", "Beijing", "Beiping")):  # fmt: skip
        names = [town.name for town in Map(REAL, [route]).towns]
        assert name in names
        assert other not in names


def test_a_place_beyond_the_map_is_an_arrow_towards_it():
    (moscow,) = [town for town in Map(REAL, ["shtykov-1949"]).towns if town.is_far]
    assert moscow.name == "Moscow"
    assert moscow.y < 20
    assert "to Moscow" in REAL.where("shtykov-1949").page()


def test_the_outlines_are_small_and_say_where_they_come_from():
    assert (paths.DATA / "outlines.csv").stat().st_size < 30_000
    for row in REAL.records("outlines"):
        assert bool(row["credit"]) == (row["kind"] in {"land", "border"})
        assert "Natural Earth" in row["credit"] or not row["credit"]
    assert "Natural Earth" in REAL.where("may-1950").page()


@pytest.mark.parametrize(
    ("column", "cell"), [("latitude", "91"), ("latitude", "39,91"), ("longitude", "181")]
)
def test_a_place_that_is_nowhere_on_earth_is_refused_with_a_remedy(fiction, column, cell):
    fiction.change("places", 0, **{column: cell})
    with pytest.raises(kwlesson.LessonError, match=rf"places.csv:2:{column}:.* write degrees"):
        kwlesson.load(fiction.path)


def test_a_route_without_places_is_refused_with_a_remedy(fiction):
    fiction.write("hands", [row | {"place": ""} for row in fiction.rows("hands")])
    with pytest.raises(kwlesson.LessonError, match="no hand of the route 'wick-1912' has a place"):
        kwlesson.load(fiction.path).where("wick-1912")


def test_a_lesson_without_land_still_draws_its_places(fiction):
    fiction.write("outlines", fiction.rows("outlines")[1:])
    assert "Chapel Town" in kwlesson.load(fiction.path).where("wick-1912").page()


def test_without_a_route_the_places_stand_alone_and_no_way_is_told():
    view = kwlesson.load().where()
    assert 'class="kw-way' not in view.body()
    assert "Beijing" in view.body()
    assert "Beiping" not in view.body()
