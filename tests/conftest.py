"""What the tests share: the real lesson, and an invented one to spoil."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from lesson_folder import LessonFolder

import kwlesson
from kwlesson import paths

# Files of fixtures share a name, and hold no examples to run.
collect_ignore_glob = ["*conftest.py"]

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
