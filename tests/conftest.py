"""What the tests share: the real lesson, and an invented one to spoil."""

from __future__ import annotations

import sys
from collections import defaultdict

import pytest
from cases import IS_OURS
from hypothesis import HealthCheck, settings
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths

# Files of fixtures share a name, and hold no examples to run.
collect_ignore_glob = ["*conftest.py"]

ABOUT_OURS = [
    *(
        "content/*",
        "browser/*",
        "authoring/test_bibtex.py",
        "authoring/test_mutation.py",
        "test_citation.py",
        "classroom/test_chat_parser.py",
    ),
    *(f"views/test_{verb}.py" for verb in ("ask", "compare", "corroborate", "follow", "mark")),
    *(f"views/test_{verb}.py" for verb in ("set_aside", "teach", "timeline", "trace", "where")),
    *("views/test_style.py", "views/test_stylesheet.py", "views/test_who.py"),
]
# These hold for whatever lesson is there.
FOR_ANY = {"test_every_view.py"}
if not IS_OURS:
    collect_ignore_glob += ABOUT_OURS


# Under coverage, Python takes four times as long. Of the many cases that draw the same views it
# follows a few of each test, spread over all; what a browser is shown, other tests draw as well.
FOLLOWED = {"browser": 0, "content": 3, "views": 3}


def pytest_collection_modifyitems(items):
    """Skip in a fork what is about ours; of many cases of a test, let coverage follow a few."""
    cases = defaultdict(list)
    for item in items:
        if item.path.parent.name in FOLLOWED:
            cases[item.nodeid.partition("[")[0]].append(item)
    for several in cases.values():
        few = FOLLOWED[several[0].path.parent.name]
        step = -(-len(several) // few) if few else 0
        for place, item in enumerate(several):
            if not few or place % step:
                item.add_marker(pytest.mark.no_cover)
    for item in () if IS_OURS else items:
        is_real = "real" in item.name.partition("[")[2].replace("]", "-").split("-")
        if item.get_closest_marker("ours") or (is_real and item.path.name not in FOR_ANY):
            item.add_marker(pytest.mark.skip(reason="about the lesson that comes with kwlesson"))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item):
    """Let nothing follow what is marked; in a worker, pytest-cov lets a second tracer do so."""
    tracer = sys.gettrace()
    if item.get_closest_marker("no_cover"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


# The same examples in every run, however slow the machine is.
settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


@pytest.fixture(autouse=True, scope="module")
def isolated_workbook(tmp_path_factory):
    """Keep the tests away from the answers of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KWLESSON_WORK", str(tmp_path_factory.mktemp("answers")))
        yield


@pytest.fixture
def fiction(tmp_path):
    return LessonFolder(paths.SAMPLE, tmp_path / "fiction")


@pytest.fixture(scope="session")
def lesson():
    if not IS_OURS:
        pytest.skip("about the lesson that comes with kwlesson")
    return kwlesson.load()


@pytest.fixture(scope="session")
def invented():
    return kwlesson.load(paths.SAMPLE)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site once, in a folder below the one that a server would show."""
    from kwlesson.publish.site import publish

    out = tmp_path_factory.mktemp("web") / "school" / "lesson"
    publish(out, address="https://example.org/lesson/")
    return out
