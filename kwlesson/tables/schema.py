"""What a lesson's tables must look like: as the package says, and what a folder adds to it."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kwlesson import paths
from kwlesson.errors import LessonError
from kwlesson.translation import ENGLISH, later

DESCRIPTOR = "datapackage.json"
OWN_LESSON = "kwlesson"  # the name of the lesson that comes with the package
# The columns of the three tests, and the ids of the terms that explain them.
TESTS = {
    "other_speaker": "other-speaker",
    "other_channel": "other-channel",
    "against_interest": "against-own-interest",
}
ANSWERS = (later("yes"), later("no"), later("unclear"))
# What a word of a vocabulary may count as: all that is worked out from words goes by these.
SENSES = {
    "points.verdict": {"agree", "differ", "conflict", "one", "nobody"},
    "hands.act": {"speaks", "passes-on", "listens", "writes", "sends", "translates", "selects"},
    "sources.kind": {"signed"},
    "people.kind": {"one", "group", "unnamed"},
    "people.office": {"flag", "hall", "mast", "shield", "book", "box", "speech"},
}
NEW_PARAGRAPH = "[new paragraph]"  # where one begins in quoted words
SEVERAL_SPEAK = {"agree", "differ", "conflict"}  # verdicts on what several accounts say
SPOKE, WROTE = {"speaks", "passes-on"}, {"writes", "sends"}
_FILE = re.compile(r"[\w-]+\.csv")
_TYPES = ("string", "integer", "boolean")
_CONSTRAINTS = ("required", "enum", "pattern", "maxLength")
_POINT = r"-?[0-9]{1,3}(\.[0-9]+)?,-?[0-9]{1,3}(\.[0-9]+)?"
# The patterns that a column can have, and what to do about a cell that has none of it. A pattern
# of a folder's own might take for ever on one cell.
PATTERNS = {
    "[a-z0-9]+(-[a-z0-9]+)*": "write lower-case words joined by hyphens",
    "[a-z]+:[a-z0-9-]+": "write table:id, such as points:soldiers",
    "[0-9]{2}.*|[^0-9].*": "write two digits, such as 02",
    r"-?([0-8]?[0-9](\.[0-9]+)?|90)": "write degrees north, from -90 to 90",
    r"-?((1[0-7]|[0-9])?[0-9](\.[0-9]+)?|180)": "write degrees east, from -180 to 180",
    f"{_POINT}( {_POINT})*": "write longitude,latitude, with blanks between points",
    "[a-z0-9;-]+(/[a-z0-9;-]+)+": (
        "write ids of accounts, with ; between those who agree and / between the sides"
    ),
    "[1-9][0-9]*(;[1-9][0-9]*)*": "write whole numbers from 1 up, with ; between them",
}
# What a value of another type than is expected raises, wherever it is met.
_NO_DESCRIPTION = AttributeError, LookupError, RecursionError, TypeError, ValueError
_LONGEST_CELL = 1_000_000
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
    default: str
    vocabulary: bool

    @property
    def is_date(self) -> bool:
        """Whether its cells are EDTF dates."""
        return self.type == "date"


class Table(NamedTuple):
    """One table: its file, its columns by name, whether a lesson may do without it."""

    name: str
    path: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    optional: bool = False


def _column(field: dict[str, Any], resource: dict[str, Any]) -> Column:
    schema, limits = resource["schema"], field.get("constraints", {})
    _refuse_what_no_row_is_held_to(field, resource)
    keys = {_key(key["fields"]): key["reference"] for key in schema.get("foreignKeys", [])}
    target = keys.get((field["name"],), {})
    return Column(
        name=_text(field["name"]),
        type="date" if field.get("rdfType") == EDTF_TYPE else field.get("type", "string"),
        required=bool(limits.get("required")),
        enum=tuple(map(_text, limits.get("enum", ()))),
        pattern=limits.get("pattern", ""),
        longest=limits.get("maxLength", 2_000),
        key_of=_text(target.get("resource") or resource["name"]) if target else "",
        list_of=_text(field.get("itemsOf", "")),
        default=_text(field.get("default", "")),
        vocabulary=field.get("vocabulary") is True,
    )


def _refuse_what_no_row_is_held_to(field: dict[str, Any], resource: dict[str, Any]) -> None:
    """Refuse a column whose cells would go unchecked: a promise that nobody keeps is none."""
    limits = field.get("constraints", {})
    held = {*_CONSTRAINTS, "minimum" if limits.get("minimum") == 1 else ""}
    if _key(resource["schema"].get("primaryKey", ())) == (field["name"],):
        held.add("unique")
    wrong = [f"constraint '{name}'" for name in limits if name not in held]
    if field.get("type", "string") not in _TYPES:
        wrong.append(f"type '{field['type']}'")
    if limits.get("pattern", "") not in ("", *PATTERNS):
        wrong.append(f"pattern '{str(limits['pattern'])[:60]}' (only those of our own tables)")
    longest = limits.get("maxLength", 1)
    if not (isinstance(longest, int) and 0 < longest <= _LONGEST_CELL):
        wrong.append(f"maxLength '{str(longest)[:60]}'")
    if not isinstance(limits.get("required", False), bool):
        wrong.append(f"required '{str(limits['required'])[:60]}'")
    if wrong:
        message = (
            f"{DESCRIPTOR}: column {resource['name']}.{field['name']}: {wrong[0]}: not one that "
            f"tables are held to; types are {', '.join(_TYPES)}, constraints "
            f"{', '.join(_CONSTRAINTS)}"
        )
        raise LessonError(message)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:60]} in place of a text")
    return value


def _key(key: str | list[str]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else tuple(key)


def _read(descriptor: str) -> dict[str, Table]:
    """Read the tables that a datapackage.json describes; it may describe none."""
    try:
        resources = json.loads(descriptor).get("resources", ())
        return {resource["name"]: _table(resource) for resource in resources}
    except LessonError:
        raise
    except _NO_DESCRIPTION as error:
        message = (
            f"{DESCRIPTOR}: '{error}': not a data package that can be read; a lesson without one "
            "has the tables that every lesson has: take it out, or write again what it adds"
        )
        raise LessonError(message) from None


def _table(resource: dict[str, Any]) -> Table:
    name, schema = _text(resource["name"]), resource["schema"]
    path, key = resource.get("path", f"{name}.csv"), _key(schema.get("primaryKey", ()))
    columns = {field["name"]: _column(field, resource) for field in schema["fields"]}
    if not _FILE.fullmatch(path):
        message = f"{DESCRIPTOR}: table {name}: '{path}': not a file in the folder; name one"
        raise LessonError(message)
    if not set(key) <= set(columns):
        message = (
            f"{DESCRIPTOR}: table {name}: '{' '.join(key)}': a key of other columns; correct it"
        )
        raise LessonError(message)
    return Table(name, path, columns, key, bool(resource.get("optional")))


@cache
def binding() -> dict[str, Table]:
    """Return the tables and columns that every lesson has.

    Returns
    -------
    dict of str to Table

    Examples
    --------
    >>> binding()["events"].columns["date"].is_date
    True
    """
    return _read(Path(__file__).with_name(DESCRIPTOR).read_text(encoding="utf-8"))


def added(folder: Path) -> dict[str, Table]:
    """Return the tables that a folder describes itself, with the columns it describes.

    Parameters
    ----------
    folder : Path
        The folder of a lesson.

    Returns
    -------
    dict of str to Table
        Empty where it adds nothing, or has no datapackage.json.

    Raises
    ------
    LessonError
        When its datapackage.json cannot be read; the message says what to do.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> added(SAMPLE)
    {}
    """
    try:
        return _read(Path(folder, DESCRIPTOR).read_text(encoding="utf-8-sig"))
    except LessonError:
        raise
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        why = "is not UTF-8 text" if isinstance(error, ValueError) else "may not be read"
        raise LessonError(f"{folder}: its {DESCRIPTOR} {why}; mend it or take it out") from None


_LANGUAGE = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def _described(folder: Path, name: str) -> object:
    """Return what a folder's descriptor says under a name, or None; `added` tells what is wrong."""
    try:
        return json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8-sig")).get(name)
    except (OSError, ValueError, AttributeError, RecursionError):
        return None


def identity(folder: Path) -> str:
    """Return the name under which the answers to a lesson's questions are kept.

    Parameters
    ----------
    folder : Path
        The folder of a lesson.

    Returns
    -------
    str
        The `name` in its datapackage.json, or the folder's own, or for `data` that of the folder
        around it; in the folder of a lesson, that lesson's. Letters, digits and hyphens, so that it
        may stand in a file's name.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> identity(SAMPLE), identity(SAMPLE / "texts")
    ('kwlesson-sample', 'kwlesson-sample')
    """
    whole = folder.resolve()
    if (whole.parent / DESCRIPTOR).is_file():
        return identity(whole.parent)
    name = _described(whole, "name")
    own = whole.parent.name if whole.name == paths.DATA.name else whole.name
    plain = unicodedata.normalize("NFC", str(name or own)).casefold()
    return re.sub(r"[\W_]+", "-", plain)[:60].strip("-") or "lesson"


def language_of(folder: Path) -> str:
    """Return the language that a lesson is shown in.

    Parameters
    ----------
    folder : Path
        The folder of a lesson.

    Returns
    -------
    str
        The `lang` in its datapackage.json, as BCP 47 names it; without one, English.

    Raises
    ------
    LessonError
        When it names no language; the message says how to name one.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> language_of(SAMPLE)
    'en'
    """
    named = _described(folder, "lang")
    if named is None:
        return ENGLISH
    if not isinstance(named, str) or not _LANGUAGE.fullmatch(named):
        raise LessonError(
            f"{folder / DESCRIPTOR}: lang: '{str(named)[:60]}': not the name of a language; "
            "write it as in: ko, es or es-MX"
        )
    return named


def layout(folder: Path) -> dict[str, Table]:
    """Return the tables of a folder: those that every lesson has, and what it adds.

    Parameters
    ----------
    folder : Path
        The folder of a lesson.

    Returns
    -------
    dict of str to Table
        The columns that every lesson has stay as they are, whatever the folder says of them.

    Raises
    ------
    LessonError
        When its datapackage.json cannot be read, or points to a table that is not there.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> layout(SAMPLE) == binding()
    True
    """
    own, tables = added(folder), dict(binding())
    for name, table in own.items():
        bound = tables.get(name, table)
        tables[name] = bound._replace(columns=bound.columns | table.columns | bound.columns)
    for name, table in own.items():
        for column in table.columns.values():
            target = column.key_of or column.list_of
            if target and "id" not in (tables[target].columns if target in tables else ()):
                message = (
                    f"{DESCRIPTOR}: column {name}.{column.name}: no table '{target}' with ids to "
                    f"point to; name one of: {', '.join(tables)}"
                )
                raise LessonError(message)
    return tables
