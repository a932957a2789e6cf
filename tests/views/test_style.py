"""The one stylesheet: contrast and colours computed from its own palette, in both themes."""

from __future__ import annotations

import itertools
import re

import pytest

import kwlesson
from kwlesson import paths
from kwlesson.views.kit.stylesheet import sheet

WHOLE = sheet()
VERDICTS = ("agree", "tension", "conflict", "single")
ACCOUNTS = ("one", "two")
INKS = ("ink", "soft", "accent", *ACCOUNTS, *VERDICTS, "open")
GROUNDS = ("ground", "raised")
# How the three commoner kinds of colour blindness see linear red, green and blue
# (Machado, Oliveira and Fernandes 2009, at full strength).
SIGHTS = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881)),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def palettes():
    """Read the palette of each theme; the dark one is written twice and must be one."""
    blocks = re.findall(r"\{([^{}]*--kw-ink:[^{}]*)\}", WHOLE)
    colour = re.compile(r"--kw-(\w+):(?:var\([^,]+,)?(#\w{6})")
    found = [dict(colour.findall(block)) for block in blocks]
    return {"light": found[0], "dark": found[1], "dark in JupyterLab": found[2]}


PALETTES = palettes()


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear(colour),
                                                   strict=True))  # fmt: skip


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour, sight):
    """Give the colour as that sight sees it, on a scale where distance is difference seen."""
    light = linear(colour)
    mixed = [sum(a * b for a, b in zip(row, light, strict=True)) for row in SIGHTS[sight]]
    seen = [min(max(part, 0), 1) for part in mixed]
    x, y, z = (
        sum(share * part for share, part in zip(row, seen, strict=True)) / white
        for row, white in (
            ((0.4124, 0.3576, 0.1805), 0.9505), ((0.2126, 0.7152, 0.0722), 1.0),
            ((0.0193, 0.1192, 0.9505), 1.089))
    )  # fmt: skip
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, sight):
    pairs = zip(lab(one, sight), lab(other, sight), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_the_dark_palette_is_the_same_in_a_page_and_in_jupyterlab():
    assert PALETTES["dark"] == PALETTES["dark in JupyterLab"]
    assert set(PALETTES["light"]) == set(PALETTES["dark"])
    assert set(INKS) | set(GROUNDS) <= set(PALETTES["light"])


def test_contrast_is_computed_as_the_guidelines_do():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(("ink", "ground"), list(itertools.product(INKS, GROUNDS)))
def test_every_ink_has_a_contrast_of_four_and_a_half(theme, ink, ground):
    assert contrast(PALETTES[theme][ink], PALETTES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("line", ["focus", "edge"])
def test_the_focus_ring_and_the_edge_of_a_control_stand_out_from_their_ground(theme, line):
    for ground in GROUNDS:
        assert contrast(PALETTES[theme][line], PALETTES[theme][ground]) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_of_verdicts_and_of_accounts_differ_for_every_kind_of_sight(theme, sight):
    for one, other in (*itertools.combinations(VERDICTS, 2), ACCOUNTS):
        seen = distance(PALETTES[theme][one], PALETTES[theme][other], sight)
        assert seen >= 10, (one, other, round(seen, 1))


@pytest.mark.parametrize("verdict", ["agree", "tension", "conflict", "quoted-from-one"])
def test_no_verdict_is_told_by_colour_alone(verdict):
    page = kwlesson.load().compare("kim-il-1949", answers=True).page()
    mark = re.search(rf'kw-mark-{verdict}"><span aria-hidden="true">(\S+)</span> ([^<]+)<', page)
    assert mark
    assert mark[1]
    assert mark[2]


WRITTEN = {
    name
    for path in paths.PACKAGE.rglob("*.*")
    if path.suffix in {".html", ".js", ".py"}
    for name in re.findall(r"kw-[\w-]*\w", path.read_text(encoding="utf-8"))
}
SHEETS = sorted((paths.PACKAGE / "views").glob("*/*.css"))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_rule_waits_for_a_class_that_nothing_writes(path, lesson):
    of_terms = {f"kw-{prefix}{term}" for term in lesson.terms.id for prefix in ("", "mark-")}
    of_folders = {f"kw-view-{folder.name}" for folder in (paths.PACKAGE / "views").iterdir()}
    of_sides = {"kw-side-1", "kw-side-2"}  # a template counts them
    named = set(re.findall(r"\.(kw-[\w-]+)", path.read_text(encoding="utf-8")))
    assert named - WRITTEN - of_terms - of_folders - of_sides == set()
