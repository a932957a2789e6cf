"""Join JavaScript modules into one that imports nothing, with no Node at run time."""

from __future__ import annotations

import json
import re
from functools import cache
from os.path import normpath
from pathlib import Path

from kwlesson.errors import LessonError
from kwlesson.translation import _, cache_by_language

_COMMENT = re.compile(r"/\*\*(?s:.*?)\*/|^[ \t]*//.*$", re.MULTILINE)
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "(\.\.?/[\w./-]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DEFAULT_NAME = "module_default"
# Its words, which the whole says in the language of the lesson.
MESSAGE = re.compile(r'(translate(?<!\wtranslate)\(\s*)("(?:[^"\\\n]|\\.)*")')
# What none of the above has taken; at the last two, a browser would end or skip a script in a page.
# Each begins with a sign that is rare, and so is looked for fast.
_UNKNOWN = re.compile(
    r"import\b(?:(?<=^import)|(?<!\wimport)\()|export\b(?<=^export)|</(?i:script)|<!--"
)


def bundle(entry: Path) -> str:
    """Return a JavaScript module and all that it imports as one module.

    It serves as the module of a widget, and as a script inside a page, where a browser that opened
    the page as a file would load no other. Each module keeps its names to itself. Comments and
    indentation are left out.

    Parameters
    ----------
    entry : Path
        A JavaScript file. What it exports by default, the whole exports by default.

    Returns
    -------
    str

    Raises
    ------
    LessonError
        When a module cannot be joined: it imports in another form than
        ``import { a } from "./b.js";``, exports something else than a function, class or constant,
        has a template literal over several lines, or imports itself in a circle.

    Examples
    --------
    >>> from kwlesson.paths import PACKAGE
    >>> script = bundle(PACKAGE / "answers" / "merge_rules.js")
    >>> "function isNewer" in script, "function isSame" in script, "import" in script
    (True, True, False)
    """
    return "".join(modules(entry))


@cache_by_language
def modules(entry: Path) -> tuple[str, ...]:
    """Return the parts of a bundle: one for each module, behind those that it imports.

    Two bundles have the same part of the same module, so that a page may get it once for both.

    Parameters
    ----------
    entry : Path
        As for `bundle`.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from kwlesson.paths import PACKAGE
    >>> folder = PACKAGE / "answers"
    >>> modules(folder / "workbook_format.js")[0] == modules(folder / "merge_rules.js")[0]
    True
    """
    found: dict[Path, str] = {}
    _add(entry.resolve(), found, ())
    *before, last = found.values()
    end = f"export default {_name(entry.resolve())}.default;\n" if _DEFAULT_NAME in last else ""
    return (*before, last + end)


@cache_by_language
def bundle_all(host: Path, entries: tuple[Path, ...]) -> str:
    """Return a script that hands several modules to another, which brings them to life.

    Parameters
    ----------
    host : Path
        A JavaScript file whose default export takes an object of modules.
    entries : tuple of Path
        As for `bundle`; each is known by the name of its folder.

    Returns
    -------
    str

    Examples
    --------
    >>> from kwlesson.paths import PACKAGE
    >>> ask = PACKAGE / "views" / "ask" / "script.js"
    >>> print(bundle_all(PACKAGE / "answers" / "stored.js", (ask,)).splitlines()[-1])
    answers_stored.default({ask: ask_script.default});
    """
    found: dict[Path, str] = {}
    for path in (*entries, host):
        _add(path.resolve(), found, ())
    handed = ", ".join(f"{path.parent.name}: {_name(path)}.default" for path in entries)
    return "".join([*found.values(), f"{_name(host)}.default({{{handed}}});\n"])


def strip(code: str) -> str:
    r"""Return JavaScript without its comments and indentation.

    Parameters
    ----------
    code : str
        A module, none of whose template literals goes over several lines.

    Returns
    -------
    str

    Examples
    --------
    >>> print(strip("// how\n  run();  // why\n\n  stop();"))
    run();  // why
    stop();
    """
    lines = map(str.strip, _COMMENT.sub("", code).splitlines())
    return "\n".join(filter(None, lines))


def _add(path: Path, found: dict[Path, str], importing: tuple[Path, ...]) -> None:
    """Wrap a module into a function that returns its exports, behind the modules it imports."""
    if path in importing:
        raise LessonError(f"{path} imports itself, by way of {importing[-1].name}: part them.")
    if path in found:
        return
    code = MESSAGE.sub(
        lambda found: f"{found[1]}{json.dumps(_(json.loads(found[2])), ensure_ascii=False)}",
        strip(path.read_text(encoding="utf-8")),
    )

    def take(statement: re.Match[str]) -> str:
        imported = Path(normpath(path.parent / statement[2]))
        _add(imported, found, (*importing, path))
        return f"const {{{statement[1].replace(' as ', ': ')}}} = {_name(imported)};"

    code = _IMPORT.sub(take, code)
    exported = _EXPORT.findall(code)
    code, has_default = _DEFAULT.subn(f"const {_DEFAULT_NAME} = ", _EXPORT.sub("", code))
    for line in code.splitlines():
        if _UNKNOWN.search(line) or line.count("`") % 2:
            raise LessonError(f"{path}: {line!r} cannot be joined with other modules.")
    names = ", ".join(exported + [f"default: {_DEFAULT_NAME}"] * has_default)
    if any(_name(other) == _name(path) for other in found):
        raise LessonError(f"{path} would have the name of another module: give it one of its own.")
    found[path] = f"const {_name(path)} = (() => {{\n{code}\nreturn {{{names}}};\n}})();\n"


@cache
def _name(path: Path) -> str:
    return re.sub(r"\W", "_", f"{path.parent.name}_{path.stem}")
