"""The references of a lesson for those who write in LaTeX: CSL-JSON in, BibTeX out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kwlesson.authoring.check import REFERENCES
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = {
    "article-journal": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "report": "techreport",
}
_FIELDS = {
    "publisher": "publisher",
    "publisher-place": "address",
    "volume": "volume",
    "issue": "number",
    "page": "pages",
    "number": "number",
    "archive": "howpublished",
    "ISBN": "isbn",
    "DOI": "doi",
    "URL": "url",
    "language": "language",
    "note": "note",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_AS_THEY_ARE = {"url", "doi"}
_SPECIAL = re.compile(r"[\\{}$&#^_%~]")
_NAMED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def read(folder: Path) -> str:
    """Return the references of a lesson as BibTeX.

    Parameters
    ----------
    folder : Path
        The tables, with their references.json.

    Returns
    -------
    str

    Raises
    ------
    LessonError
        When the folder has no references, or they cannot be read.
    """
    path = folder / REFERENCES
    if not path.exists():
        message = f"{path}: not there; save your library, such as Zotero's, in it as CSL-JSON"
        raise LessonError(message)
    try:
        return to_bibtex(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise LessonError(
            f"{path}: cannot be read as CSL-JSON; `kwlesson check {folder}` says more"
        ) from None


def to_bibtex(references: list[dict[str, Any]]) -> str:
    r"""Return references as BibTeX, in their order and under their ids.

    Parameters
    ----------
    references : list of dict
        Items of CSL-JSON.

    Returns
    -------
    str

    Examples
    --------
    >>> wick = {"family": "Wick", "given": "Tom"}
    >>> log = {"id": "wick-log", "type": "book", "title": "Fog & lamp", "author": [wick]}
    >>> print(to_bibtex([log | {"issued": {"date-parts": [[1912, 5, 3]]}}]), end="")
    @book{wick-log,
      author = {Wick, Tom},
      title = {{Fog \& lamp}},
      year = {1912},
      month = may,
      day = {3},
    }
    """
    return "\n".join(_entry(item) for item in references)


def _entry(item: dict[str, Any]) -> str:
    kind = _TYPES.get(item["type"], "misc")
    fields = {
        "author": _people(item.get("author", ())),
        "editor": _people(item.get("editor", ())),
        "title": f"{{{{{_escape(item['title'])}}}}}",
        "journal" if kind == "article" else "booktitle": _braced(item.get("container-title")),
        **_date(item.get("issued", {})),
    } | {
        name: _braced(item[key], is_raw=name in _AS_THEY_ARE)
        for key, name in _FIELDS.items()
        if key in item
    }
    lines = [f"  {name} = {value},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{item['id']},\n{''.join(lines)}}}\n"


def _people(people: list[dict[str, str]]) -> str:
    names = [
        f"{{{_escape(one['literal'])}}}"
        if "literal" in one
        else ", ".join(_escape(one[part]) for part in ("family", "given") if part in one)
        for one in people
    ]
    return f"{{{' and '.join(names)}}}" if names else ""


def _date(issued: dict[str, Any]) -> dict[str, str]:
    if "literal" in issued:
        return {"year": _braced(issued["literal"])}
    year, month, day = [*issued.get("date-parts", [[]])[0], 0, 0, 0][:3]
    about = "about " if issued.get("circa") else ""
    return {
        "year": _braced(f"{about}{year}") if year else "",
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": _braced(day) if day else "",
    }


def _braced(value: object, *, is_raw: bool = False) -> str:
    text = str(value or "")
    return f"{{{text if is_raw else _escape(text)}}}" if text else ""


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _NAMED.get(sign[0], f"\\{sign[0]}"), " ".join(text.split()))
