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
