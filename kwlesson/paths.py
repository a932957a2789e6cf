"""Where the lesson's files lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
_HOME = CHECKOUT or PACKAGE
DATA = _HOME / "data"
NOTEBOOKS = _HOME / "notebooks"
TRANSFER = DATA / "transfer"
SAMPLE = PACKAGE / "sample"
STARTER = PACKAGE / "starter"
BESIDE = f"../{DATA.name}"  # how a notebook names the tables of a lesson of one's own


def tables_in(folder: Path) -> Path:
    """Return the folder of a lesson's tables: it, or `data` in it.

    Parameters
    ----------
    folder : Path
        Tables, or a folder in which they lie beside notebooks.

    Returns
    -------
    Path

    Examples
    --------
    >>> tables_in(SAMPLE) == SAMPLE, tables_in(DATA.parent) == DATA
    (True, True)
    """
    inner = folder / DATA.name
    return inner if inner.is_dir() and not (folder / "cases.csv").exists() else folder


def notebooks_in(folder: Path) -> Path:
    """Return the folder of a lesson's notebooks: it, or `notebooks` in it.

    Parameters
    ----------
    folder : Path
        Notebooks, one notebook, or a folder in which they lie beside tables.

    Returns
    -------
    Path

    Examples
    --------
    >>> notebooks_in(NOTEBOOKS) == NOTEBOOKS == notebooks_in(NOTEBOOKS.parent)
    True
    """
    inner = folder / NOTEBOOKS.name
    return inner if inner.is_dir() else folder


def list_files(folder: Path, pattern: str = "*") -> list[Path]:
    """List the files below a folder, but for hidden ones such as Jupyter's checkpoints.

    Parameters
    ----------
    folder : Path
        It need not be there.
    pattern : str, optional
        What their names look like.

    Returns
    -------
    list of Path
        In the order of their names.

    Examples
    --------
    >>> [path.name for path in list_files(SAMPLE, "p*.csv")]
    ['people.csv', 'places.csv', 'plan.csv', 'points.csv']
    """
    return [
        path
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
