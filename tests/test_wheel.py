"""What the wheel asks for, and what lies in it."""

from __future__ import annotations

import json
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from jupyter_server.extension.manager import ExtensionPackage
from packaging.requirements import Requirement

from kwlesson import paths

ROOT = Path(__file__).resolve().parents[1]
# What a kernel in a browser has no use for: a server, data frames, charts.
NOT_IN_A_BROWSER = {"jupyterlab", "pandas", "plotly"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(folder.glob("*.whl"))) as made:
        yield made


def asked_for(wheel, platform):
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    lines = message_from_bytes(wheel.read(metadata)).get_all("Requires-Dist")
    wanted = [Requirement(line) for line in lines]
    here = {"sys_platform": platform}
    return {one.name for one in wanted if not one.marker or one.marker.evaluate(here)}


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_learners_machine_gets_all_it_needs(wheel, platform):
    kernel = {"anywidget", "filelock", "ipywidgets", "jinja2", "tqdm"}
    assert asked_for(wheel, platform) == kernel | NOT_IN_A_BROWSER


def test_a_kernel_in_a_browser_gets_neither_a_server_nor_data_frames_nor_charts(wheel):
    assert asked_for(wheel, "emscripten") == asked_for(wheel, "linux") - NOT_IN_A_BROWSER


def test_the_wheel_holds_every_table_view_and_notebook(wheel):
    inside = set(wheel.namelist())
    for folder, place in ((paths.PACKAGE, "kwlesson"), (paths.DATA, "kwlesson/data"),
                          (paths.NOTEBOOKS, "kwlesson/notebooks")):  # fmt: skip
        tracked = subprocess.run(
            ["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True  # noqa: S607
        ).stdout.split()  # fmt: skip
        assert tracked
        assert {f"{place}/{path}" for path in tracked} <= inside


def test_the_wheel_switches_the_lesson_on_in_any_jupyter_server(wheel):
    name = "etc/jupyter/jupyter_server_config.d/kwlesson.json"
    switch = next(one for one in wheel.namelist() if one.endswith(f".data/data/{name}"))
    (module,) = json.loads(wheel.read(switch))["ServerApp"]["jpserver_extensions"]
    assert ExtensionPackage(name=module).validate()
