"""The project is found and cited under one name and version, and a copy names whose it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from kwlesson import paths
from kwlesson.tables.schema import DESCRIPTOR

ROOT = paths.CHECKOUT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
FOLDERS = [paths.DATA, paths.TRANSFER, paths.SAMPLE, paths.PACKAGE / "tables"]
DESCRIBED = [json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8")) for folder in FOLDERS]
# Of CodeMeta 3.0, those that this project has use for.
TERMS = {
    "@context", "@type", "name", "description", "version", "author", "license", "url", "keywords",
    "codeRepository", "issueTracker", "readme", "programmingLanguage", "runtimePlatform",
    "developmentStatus", "applicationCategory", "audience",
}  # fmt: skip
REQUIRED_BY_CFF = {"cff-version", "message", "title", "authors"}
ADDRESSES = re.compile(
    r"(?:github\.com|ghcr\.io|mybinder\.org/v2/gh)/([\w-]+)/kwlesson|//([\w-]+)\.github\.io"
)


def test_one_version_stands_everywhere():
    versions = {one["version"] for one in (PROJECT, CITATION, CODEMETA, *DESCRIBED)}
    assert versions == {PROJECT["version"]}


def test_what_cites_the_project_is_of_its_format():
    assert CITATION.keys() >= REQUIRED_BY_CFF
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] in {"software", "dataset"}
    assert CODEMETA.keys() <= TERMS
    assert CODEMETA["@context"] == "https://w3id.org/codemeta/3.0"


def test_what_cites_the_project_says_the_same():
    urls = PROJECT["urls"]
    assert CITATION["url"] == CODEMETA["url"] == urls["Homepage"] == DESCRIBED[0]["homepage"]
    assert CITATION["repository-code"] == CODEMETA["codeRepository"] == urls["Repository"]
    assert CITATION["keywords"] == CODEMETA["keywords"] == PROJECT["keywords"]
    assert CODEMETA["description"] == PROJECT["description"]
    assert CITATION["license"] == PROJECT["license"].split(" AND ")
    assert [one.rpartition("/")[2] for one in CODEMETA["license"]] == CITATION["license"]
    names = [one["name"] for one in PROJECT["authors"]]
    for authors in (CITATION["authors"], CODEMETA["author"]):
        assert [one["name"] for one in authors] == names
    for described in DESCRIBED:
        assert [one["title"] for one in described["contributors"]] == names


@pytest.fixture
def copy(tmp_path):
    """Copy what a fork has, without git."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True  # noqa: S607
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder, *words):
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S607


def owners(folder):
    """Tell who is named in an address of the project, and where."""
    return {
        one or other: path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".md", ".json", ".cff", ".toml", ".html", ".ipynb", ".yaml", ".yml"}
        and "tests" not in path.parts
        for one, other in ADDRESSES.findall(path.read_text(encoding="utf-8"))
    }


def test_a_fork_names_its_owner_everywhere_and_another_one_after_it(copy):
    was = set(owners(copy))
    assert len(was) == 1
    for owner in ("ada-lovelace", "tom-wick"):
        assert make(copy, "owner", f"OWNER={owner}").returncode == 0
        assert set(owners(copy)) == {owner}
    refused = make(copy, "owner", "OWNER=a b/c")
    assert refused.returncode != 0
    assert "Say whose it is" in refused.stdout


def test_nothing_is_released_that_nobody_owns(copy):
    (copy / "pyproject.toml").write_text('Repository = "https://github.com/OWNER/kwlesson"\n')
    # Its tools are no matter of this.
    refused = make(copy, "release", "--assume-old=.venv/tools")
    assert refused.returncode != 0
    assert "make owner OWNER=account" in refused.stdout
    assert not (copy / "dist").exists()


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"\./\.github/workflows/\w+\.yml|[\w/-]+@[0-9a-f]{40}")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_names_what_it_runs_by_its_whole_commit(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    writing = {name for name, job in jobs.items() if "permissions" in job}
    assert writing <= {"deploy"}
    steps = [step for job in jobs.values() for step in [job, *job.get("steps", ())]]
    uses = [step["uses"] for step in steps if "uses" in step]
    assert [one for one in uses if not PINNED.fullmatch(one)] == []
    # What anybody can name, such as a branch, never stands in a script.
    assert not [step for step in steps if "${{" in step.get("run", "")]
