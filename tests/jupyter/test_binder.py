"""What a learner gets from a launch button: a bare machine, an empty home, and nothing of ours."""

import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
import venv
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LEARNERS = ROOT / "binder" / "requirements.txt"
TESTERS = ROOT / "tests" / "requirements.txt"
NOT_A_LEARNERS = ("edtf", "frictionless", "mypy", "nbval", "playwright", "pytest", "ruff")
PIN = re.compile(
    r"^(?P<name>[a-z0-9._-]+)(\[\S+\])?==(?P<version>\S+)(?P<marker> ; .+?)? \\$", re.MULTILINE
)
SLOW = "rfc3987-syntax"  # to import

IS_TRUSTED = """
import sys, nbformat
from nbformat.sign import NotebookNotary
with NotebookNotary() as notary:
    for path in sys.argv[1:]:
        if not notary.check_signature(nbformat.read(path, as_version=nbformat.NO_CONVERT)):
            sys.exit(f"not trusted: {path}")
"""


def pins(path):
    """Read the packages that a file pins: each name with its versions."""
    found = {}
    for pin in PIN.finditer(path.read_text()):
        found.setdefault(pin["name"], []).append(pin["version"])
    return found


def markers(path):
    """Read where each package is wanted."""
    return [
        (pin["name"], (pin["marker"] or "").removeprefix(" ; "))
        for pin in PIN.finditer(path.read_text())
    ]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def run(machine, *command, **others):
    """Run a command as a launched server would: in the project, with its home and no more."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=machine.project,
        env=machine.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **others,
    )


def output_of(done):
    assert done.returncode == 0, done.stdout
    return done.stdout


def link(file, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except OSError:  # the folders of tests may lie on another disk
        shutil.copy2(file, target)


def install(names, python):
    """Link the files of packages that the set-up has installed, with their hashes, into a venv."""
    site = Path(sysconfig.get_path("purelib", vars={"base": python.parent.parent}))
    programs = python.parent
    for name in names:
        for file in metadata.distribution(name).files:
            original, target = Path(file.locate()), Path(os.path.normpath(site / file))
            if original.is_file() and not target.exists():
                link(original, target)
            if target.parent == programs and target.read_bytes().startswith(b"#!"):
                code = target.read_text().split("\n", 1)[1]
                target.unlink()
                target.write_text(f"#!{python}\n{code}")
                target.chmod(0o755)


def pretend(name, python):
    """Make a package of one empty module, as pip would have installed it."""
    site = Path(sysconfig.get_path("purelib", vars={"base": python.parent.parent}))
    module, info = f"{name.replace('-', '_')}.py", site / f"{name.replace('-', '_')}-1.dist-info"
    info.mkdir()
    (site / module).touch()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (info / "RECORD").write_text(f"{module},,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Build what repo2docker builds of binder/, without the container and the downloads."""
    folder = tmp_path_factory.mktemp("binder")
    home, root, prefix = folder / "home", folder / "project", folder / "venv"
    home.mkdir()
    ignored = (line.strip("/") for line in (ROOT / ".gitignore").read_text().split())
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".git", *ignored))
    venv.create(prefix, with_pip=False, symlinks=True)
    python = prefix / "bin" / "python"
    wanted = [
        name
        for name, marker in markers(LEARNERS)
        if name != SLOW and (not marker or Marker(marker).evaluate())
    ]
    install([*wanted, "pip"], python)
    pretend(SLOW, python)

    path = os.pathsep.join([str(prefix / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    environment = {"HOME": str(home), "PATH": path, "PIP_NO_INDEX": "1"}
    made = SimpleNamespace(project=root, python=python, environment=environment)
    assert imports(made, SLOW.replace("-", "_"))
    made.log = output_of(run(made, "binder/postBuild"))
    return made


def notebooks(machine):
    """List the learner's notebooks (those of the instructor are in a folder of their own)."""
    found = sorted((machine.project / "notebooks").glob("*.ipynb"))
    assert found
    return found


def imports(machine, module):
    return run(machine, machine.python, "-I", "-c", f"import {module}").returncode == 0


# The pins, read


@pytest.mark.parametrize("path", [LEARNERS, TESTERS], ids=["learner", "tests"])
def test_every_package_is_pinned_with_its_hashes(path):
    entries = re.split(r"\n(?=\S)", path.read_text().strip())
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert len(packages) == sum(len(versions) for versions in pins(path).values()) > 20
    assert all("--hash=sha256:" in entry for entry in packages)


@pytest.mark.parametrize("path", [LEARNERS, TESTERS], ids=["learner", "tests"])
def test_the_pins_name_no_place_but_the_project(path):
    assert re.findall(r"://|^--|@ |/\w+/|[A-Z]:\\", path.read_text(), re.MULTILINE) == []


def test_the_learners_pins_meet_what_the_project_asks_for():
    learners = pins(LEARNERS)
    asked = [*project()["project"]["dependencies"], *project()["build-system"]["requires"]]
    for requirement in map(Requirement, asked):
        versions = learners[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_tests_pins_meet_what_the_project_asks_for():
    testers = pins(LEARNERS) | pins(TESTERS)
    for requirement in map(Requirement, project()["dependency-groups"]["test"]):
        versions = testers[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_tests_pins_hold_only_what_comes_on_top():
    assert pins(LEARNERS).keys() & pins(TESTERS).keys() == set()
    assert set(NOT_A_LEARNERS) <= pins(TESTERS).keys()


def test_what_a_launch_runs_can_be_run():
    for name in ("postBuild", "start"):
        script = ROOT / "binder" / name
        assert os.access(script, os.X_OK), name
        assert script.read_bytes().startswith(b"#!/usr/bin/env bash\n"), name


# The machine, built


@pytest.mark.slow
def test_the_learners_packages_fit_together(machine):
    output_of(run(machine, machine.python, "-m", "pip", "check"))
    assert "postBuild: going on" not in machine.log


@pytest.mark.slow
def test_the_learner_has_the_lesson_and_no_tool_of_its_makers(machine):
    assert imports(machine, "kwlesson, ipywidgets, jupyterlab")
    code = f"from importlib.util import find_spec; print([*filter(find_spec, {NOT_A_LEARNERS})])"
    assert output_of(run(machine, machine.python, "-I", "-c", code)) == "[]\n"


@pytest.mark.slow
def test_nothing_slows_the_start_of_jupyterlab_for_a_check_nobody_asked_for(machine):
    assert SLOW in pins(LEARNERS)
    assert not imports(machine, SLOW.replace("-", "_"))


@pytest.mark.slow
def test_the_installed_package_brings_its_tables_notebooks_and_settings(machine):
    code = "from kwlesson import paths; print(paths.PACKAGE, paths.DATA, paths.NOTEBOOKS)"
    # From another folder, so that the checkout is not what is imported.
    command = (machine.python, "-I", "-c", code)
    package, data, lessons = map(Path, output_of(run(machine, *command)).split())
    assert package.is_relative_to(machine.python.parent.parent)
    for installed, original in [
        (data, ROOT / "data"),
        (lessons, ROOT / "notebooks"),
        (package / "jupyter", ROOT / "kwlesson" / "jupyter"),
    ]:
        names = {
            path.relative_to(original)
            for path in original.rglob("*.*")
            if not {".ipynb_checkpoints", "__pycache__"} & {*path.parts}
        }
        assert names
        found = {path.relative_to(installed) for path in installed.rglob("*.*")}
        assert {path for path in found if "__pycache__" not in path.parts} == names


@pytest.mark.slow
def test_the_notebooks_are_trusted_before_anything_is_run(machine):
    check = (machine.python, "-c", IS_TRUSTED)
    output_of(run(machine, *check, *notebooks(machine)))

    stranger = machine.project.parent / "stranger.ipynb"
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), stranger)
    assert "not trusted" in run(machine, *check, stranger).stdout


@pytest.mark.slow
def test_a_launch_finds_the_lessons_settings(machine):
    show = 'echo "$JUPYTER_CONFIG_PATH $JUPYTER_WIDGETS_ECHO $KWLESSON_WORK"'
    launched = output_of(run(machine, "binder/start", "bash", "-c", show))
    jupyter, answers = machine.project / "kwlesson" / "jupyter", machine.project / "work"
    kept = f"{jupyter / 'frame'}:{jupyter / 'settings'}"
    assert launched.split() == [kept, "0", str(answers)]
    assert run(machine, "bash", "-c", show).stdout.split() == []


@pytest.mark.slow
def test_a_launch_ends_as_its_server_ends(machine):
    assert run(machine, "binder/start", "bash", "-c", "exit 7").returncode == 7


@pytest.mark.slow
def test_the_cells_of_all_notebooks_run_with_the_learners_packages_alone(machine):
    learned = [
        nbformat.v4.new_code_cell(cell.source)
        for path in notebooks(machine)
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
    ]
    # To run stops at the first error: that one says that all before it passed.
    cells = [*learned, nbformat.v4.new_code_cell("import pytest")]
    path = machine.project / "notebooks" / "all.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    done = run(machine, "binder/start", "jupyter", "execute", "--timeout=600", path)
    assert done.returncode != 0
    assert "No module named 'pytest'" in done.stdout
