"""The notebooks in JupyterLite: a Python kernel in the browser, and nothing from another host."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kwlesson import paths
from kwlesson.answers import workbook
from kwlesson.errors import LessonError
from kwlesson.publish.notebook_parts import learners
from kwlesson.publish.pages import about_page
from kwlesson.publish.paper import write_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kwlesson.lesson import Lesson

FOLDER = "lite"
START = "start.html"  # JupyterLite reads its settings from its own index.html
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
_EXTENSIONS = (_KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")
_RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_PYTHON = {"python_version": "3.14", "python_full_version": "3.14.0", "sys_platform": "emscripten",
           "platform_system": "Emscripten", "os_name": "posix", "extra": ""}  # fmt: skip
# What the kernel asks for by name: completing code and installing packages are not for a lesson.
_STUBS = {
    "jedi": {},
    "micropip": {},
    "widgetsnbextension": {},
    "piplite": {"piplite/__init__.py": "", "piplite/piplite.py": ""},
}
APP = "lab/index.html?mode=single-document&path="
_SAYS = (
    "With Python in your browser: no account, no server. What you toggle and answer works at once; "
    "Run All Cells waits until Python is there. Answers stay in this browser: download them."
)
_FOLDER = re.compile(r"""\bload\((["'])[^"']*\1\)""")
_COMPILED = {".so", ".pyd", ".pyc"}
_WHEEL = b"Wheel-Version: 1.0\nGenerator: kwlesson\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_STAMP = (1980, 1, 1, 0, 0, 0)


def build(lesson: Lesson, notebooks: Path, out: Path) -> None:
    """Write a JupyterLite with the learner's notebooks, a runtime, and kwlesson itself.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks.
    out : Path
        The folder of the site.

    Raises
    ------
    LessonError
        When a tool or the runtime is not there, with how to get it.
    """
    tables = paths.tables_in(notebooks.parent)
    runtime, extensions = _find_runtime(), _find_extensions()
    site = out / FOLDER
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for path in learners(notebooks):
            _write(here / "contents" / path.name, _trusted(path.read_text(encoding="utf-8")))
        _write(here / "jupyter-lite.json", json.dumps({"jupyter-config-data": _config()}))
        _write(here / "overrides.json", json.dumps(_overrides()))
        _run_jupyterlite(here, site, extensions)
    python = site / "static" / "pyodide"
    python.mkdir(parents=True)
    for name in _RUNTIME:
        (python / name).write_bytes((runtime / name).read_bytes())
    lock = json.loads((runtime / "pyodide-lock.json").read_text(encoding="utf-8"))
    kernel = next(path for path in extensions if path.name == _KERNEL.rpartition("/")[2])
    lock["packages"] = dict(_write_wheels(python, kernel, tables))
    _write(python / "pyodide-lock.json", json.dumps(lock))
    links = [
        {"file": APP + path.name, "title": about_page(path).title} for path in learners(notebooks)
    ]
    write_index(lesson, site / START, "as notebooks", _SAYS, links)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _find_runtime() -> Path:
    for home in filter(None, (paths.CHECKOUT, Path.cwd())):
        if (home / "node_modules" / "pyodide" / _RUNTIME[0]).is_file():
            return home / "node_modules" / "pyodide"
    raise LessonError(
        "The Python that runs in a browser is not here: `npm install pyodide` in this folder "
        "brings it (in a checkout: `make node_modules/installed`)."
    )


def _find_extensions() -> list[Path]:
    from jupyter_core.paths import jupyter_path

    found = [
        next(
            (path for root in jupyter_path("labextensions") if (path := Path(root, name)).is_dir()),
            None,
        )
        for name in _EXTENSIONS
    ]
    missing = [name for name, path in zip(_EXTENSIONS, found, strict=True) if path is None]
    if missing:
        raise LessonError(
            f"JupyterLite cannot be built without {', '.join(missing)}: `{sys.executable} -m pip "
            "install jupyterlite-core jupyterlite-pyodide-kernel` installs it."
        )
    frame = paths.PACKAGE / "jupyter" / "frame" / "labextensions" / "kwlesson"
    return [*filter(None, found), frame]


def _run_jupyterlite(here: Path, site: Path, extensions: Iterable[Path]) -> None:
    done = subprocess.run(  # noqa: S603 - the tool itself
        [
            sys.executable, "-m", "jupyterlite_core", "build",
            "--lite-dir", str(here), "--output-dir", str(site),
            "--contents", str(here / "contents"), "--apps", "lab",
            "--ignore-sys-prefix", "--no-sourcemaps", "--no-unused-shared-packages",
            "--source-date-epoch", "315532800",
            *(f"--LiteBuildConfig.federated_extensions={path}" for path in extensions),
        ],
        cwd=here, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise LessonError(f"JupyterLite was not built: {''.join(last)}")


def _trusted(notebook: str) -> str:
    """Mark outputs as a server marks those of a signed notebook, and join lines as it does."""
    import nbformat

    content = nbformat.reads(notebook, as_version=nbformat.NO_CONVERT)
    for cell in content.cells:
        if cell.cell_type == "code":
            cell.metadata.trusted = True
            cell.source = load_own(cell.source)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def load_own(source: str) -> str:
    """Return a cell for where the lesson of the site is the one that comes with kwlesson.

    Parameters
    ----------
    source : str
        As a notebook has it.

    Returns
    -------
    str

    Examples
    --------
    >>> load_own('lesson = kwlesson.load("../data")')
    'lesson = kwlesson.load()'
    """
    return _FOLDER.sub("load()", source)


def _labconfig(name: str) -> Iterator[dict[str, Any]]:
    for folder in ("settings", "frame"):
        path = paths.PACKAGE / "jupyter" / folder / "labconfig" / name
        yield json.loads(path.read_text(encoding="utf-8"))


def _overrides() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in _labconfig("default_setting_overrides.json"):
        for plugin, settings in one.items():
            found.setdefault(plugin, {}).update(settings)
    # It prints by a server; the browser's own way to print does without.
    panel = found["@jupyterlab/notebook-extension:panel"]
    panel["toolbar"] = [one | {"disabled": one["name"] != "run-all"} for one in panel["toolbar"]]
    return found


def _config() -> dict[str, Any]:
    """Return what the page says to JupyterLab: which kernel, which packages, what is left out."""
    disabled = {
        name for one in _labconfig("page_config.json") for name in one["disabledExtensions"]
    }
    return {
        "appName": "kwlesson",
        "disabledExtensions": sorted(disabled),
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            f"{_KERNEL}:kernel": {
                "pyodideUrl": "./static/pyodide/pyodide.mjs",
                "pipliteUrls": [],
                "disablePyPIFallback": True,
                "loadPyodideOptions": {
                    "packages": [*_packages(), *_STUBS, "pyodide-kernel", "ipykernel"],
                    # Each notebook has a kernel and a disk of its own: the browser keeps answers.
                    "env": {"HOME": "/home/pyodide", workbook.VARIABLE: "browser"},
                },
            }
        },
    }


def _packages() -> dict[str, Distribution]:
    """Return what kwlesson needs in a browser, and all that this needs in turn."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, Distribution] = {}
    wanted = ["kwlesson", "comm", "ipython"]
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        is_needed = requirement.marker is None or requirement.marker.evaluate(_PYTHON)
        if name in found or name in _STUBS or not is_needed:
            continue
        found[name] = installed(name)
        wanted += found[name].requires or []
    return dict(sorted(found.items()))


def installed(name: str) -> Distribution:
    """Return a package that is installed here.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Distribution

    Raises
    ------
    LessonError
        When it is not, with how to install it.
    """
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise LessonError(
            f"{name} is not installed here, so it cannot be put into the site: "
            f"`{sys.executable} -m pip install {name}` installs it."
        ) from None


def _write_wheels(folder: Path, kernel: Path, tables: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write what is installed here as wheels, without what is compiled for this machine."""
    for name, found in _packages().items():
        files = own_files(tables) if name == "kwlesson" else _files(found)
        yield write_wheel(folder, name, found.version, files)
    for name, texts in _STUBS.items():
        yield write_wheel(folder, name, "0", {key: text.encode() for key, text in texts.items()})
    for path in sorted((kernel / "static" / "pypi").glob("*.whl")):
        name, version = path.name.split("-")[:2]
        if name in {"pyodide_kernel", "ipykernel"}:
            (folder / path.name).write_bytes(path.read_bytes())
            yield _entry(folder / path.name, name.replace("_", "-"), version)


def _files(found: Distribution) -> dict[str, bytes]:
    return {
        str(file): Path(str(file.locate())).read_bytes()
        for file in found.files or ()
        if not str(file).startswith("..")
        and file.suffix not in _COMPILED
        and Path(str(file.locate())).is_file()
    }


def own_files(tables: Path) -> dict[str, bytes]:
    """Return kwlesson as a wheel has it, with these tables and without what a server needs.

    Parameters
    ----------
    tables : Path
        The folder of a lesson's tables.

    Returns
    -------
    dict of str to bytes
        What stands in each file.
    """
    home = {paths.PACKAGE: "kwlesson", tables: "kwlesson/data"}
    left_out = ("__pycache__", "notebooks", "publish", "sample", "authoring")
    return {
        f"{place}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder, place in home.items()
        for path in paths.list_files(folder)
        if path.relative_to(folder).parts[0] not in left_out and path.suffix not in _COMPILED
    }


def write_wheel(
    folder: Path, name: str, version: str, files: dict[str, bytes]
) -> tuple[str, dict[str, Any]]:
    """Write a wheel, the same bytes every time.

    Parameters
    ----------
    folder : Path
        Where it goes.
    name, version : str
        What it is called.
    files : dict of str to bytes
        What is in it; what pip wants to know besides is added, where it is not among them.

    Returns
    -------
    tuple of str and dict
        Its name, and what a list of packages says of it.
    """
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    info = f"{stem}.dist-info"
    if not any(".dist-info/" in place for place in files):
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        files |= {f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": _WHEEL}
        record = "".join(f"{place},,\n" for place in [*files, f"{info}/RECORD"])
        files |= {f"{info}/RECORD": record.encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for place, content in sorted(files.items()):
            wheel.writestr(zipfile.ZipInfo(place, _STAMP), content, zipfile.ZIP_DEFLATED)
    return _entry(path, name, version)


def _entry(path: Path, name: str, version: str) -> tuple[str, dict[str, Any]]:
    return name, {
        "name": name,
        "version": version,
        "file_name": path.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": [],
    }
