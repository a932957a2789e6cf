"""What a lesson's tables must look like, as datapackage.json says it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kwlesson.errors import LessonError
from kwlesson.paths import DATA

DESCRIPTOR = "datapackage.json"
# The columns of the three tests, and the ids of the terms that explain them.
TESTS = {
    "other_speaker": "other-speaker",
    "other_channel": "other-channel",
    "against_interest": "against-own-interest",
}
ANSWERS = ("yes", "no", "unclear")
_TYPES = ("string", "integer", "boolean")
_CONSTRAINTS = ("required", "enum", "pattern", "maxLength")
EDTF_TYPE = "http://id.loc.gov/datatypes/edtf/EDTF"


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: str
    required: bool
    enum: tuple[str, ...]
    pattern: str
    longest: int
    key_of: str
    list_of: str

    @property
    def is_date(self) -> bool:
        """Whether its cells are EDTF dates."""
        return self.type == "date"


class Table(NamedTuple):
    """One table: its file and its columns by name."""

    name: str
    path: str
    columns: dict[str, Column]
    key: tuple[str, ...]


def _column(field: dict[str, Any], resource: dict[str, Any]) -> Column:
    schema, limits = resource["schema"], field.get("constraints", {})
    _refuse_what_no_row_is_held_to(field, resource)
    keys = {key["fields"]: key["reference"] for key in schema.get("foreignKeys", [])}
    target = keys.get(field["name"], {})
    return Column(
        name=field["name"],
        type="date" if field.get("rdfType") == EDTF_TYPE else field["type"],
        required=bool(limits.get("required")),
        enum=tuple(limits.get("enum", ())),
        pattern=str(limits.get("pattern", "")),
        longest=int(limits.get("maxLength", 2_000)),
        key_of=(target.get("resource") or resource["name"]) if target else "",
        list_of=str(field.get("itemsOf", "")),
    )


def _refuse_what_no_row_is_held_to(field: dict[str, Any], resource: dict[str, Any]) -> None:
    """Refuse a column whose cells would go unchecked: a promise that nobody keeps is none."""
    limits = field.get("constraints", {})
    held = {*_CONSTRAINTS, "minimum" if limits.get("minimum") == 1 else ""}
    if _key(resource["schema"].get("primaryKey", ())) == (field["name"],):
        held.add("unique")
    wrong = [f"constraint '{name}'" for name in limits if name not in held]
    if field["type"] not in _TYPES:
        wrong.append(f"type '{field['type']}'")
    try:
        re.compile(limits.get("pattern", ""))
    except re.error as error:
        wrong.append(f"pattern '{limits['pattern']}' ({error})")
    if wrong:
        message = (
            f"{DESCRIPTOR}: column {resource['name']}.{field['name']}: {wrong[0]}: not one that "
            f"tables are held to; types are {', '.join(_TYPES)}, constraints "
            f"{', '.join(_CONSTRAINTS)}"
        )
        raise LessonError(message)


def _key(key: str | list[str]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else tuple(key)


def read(descriptor: str) -> dict[str, Table]:
    """Read the tables that a datapackage.json describes.

    Parameters
    ----------
    descriptor : str
        Its text.

    Returns
    -------
    dict of str to Table
        By table name, in the order of the file.

    Raises
    ------
    LessonError
        When the text is no data package; the message says what to do.

    Examples
    --------
    >>> read('{"resources": []}')
    {}
    """
    try:
        package = json.loads(descriptor)
        return {
            resource["name"]: Table(
                resource["name"],
                resource["path"],
                {field["name"]: _column(field, resource) for field in resource["schema"]["fields"]},
                _key(resource["schema"].get("primaryKey", ())),
            )
            for resource in package["resources"]
        }
    except LessonError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = (
            f"{DESCRIPTOR}: '{error}': not a data package that can be read; "
            "take the one of the lesson that came with kwlesson and change it again"
        )
        raise LessonError(message) from None


@cache
def binding() -> dict[str, Table]:
    """Return the tables and columns that every lesson must have.

    Returns
    -------
    dict of str to Table
        As described by the lesson that came with kwlesson.

    Examples
    --------
    >>> binding()["events"].columns["date"].is_date
    True
    """
    return read(Path(DATA, DESCRIPTOR).read_text(encoding="utf-8"))
