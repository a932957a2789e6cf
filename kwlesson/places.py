"""Where the lesson's files lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
_HOME = CHECKOUT or PACKAGE
DATA = _HOME / "data"
NOTEBOOKS = _HOME / "notebooks"
TRANSFER = DATA / "transfer"
FICTIONAL = PACKAGE / "fictional"
