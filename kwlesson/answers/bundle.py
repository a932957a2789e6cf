"""Join JavaScript modules into one that imports nothing, with no Node at run time."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from pathlib import Path

_COMMENT = re.compile(r"/\*\*(?:(?!\*/).)*\*/|^[ \t]*//[^\n]*$", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "(\.\.?/[\w./-]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DEFAULT_NAME = "module_default"
# What none of the above has taken; at the last two, a browser would end or skip a script in a page.
_UNKNOWN = re.compile(r"^\s*(?:import|export)\b|\bimport\(|</script|<!--", re.IGNORECASE)


@cache
def bundle(entry: Path) -> str:
    """Return a module and all that it imports as one JavaScript module.

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
    modules: dict[Path, str] = {}
    _add(entry.resolve(), modules, ())
    code = "".join(modules.values())
    has_default = _DEFAULT_NAME in modules[entry.resolve()]
    return code + (f"export default {_name(len(modules) - 1)}.default;\n" if has_default else "")


def _add(path: Path, modules: dict[Path, str], importing: tuple[Path, ...]) -> None:
    """Wrap a module into a function that returns its exports, behind the modules it imports."""
    if path in importing:
        raise LessonError(f"{path} imports itself, by way of {importing[-1].name}: part them.")
    if path in modules:
        return
    code = _COMMENT.sub("", path.read_text(encoding="utf-8"))

    def take(found: re.Match[str]) -> str:
        imported = (path.parent / found[2]).resolve()
        _add(imported, modules, (*importing, path))
        return f"const {{{found[1]}}} = {_name([*modules].index(imported))};"

    code = _IMPORT.sub(take, code)
    exported = _EXPORT.findall(code)
    code, has_default = _DEFAULT.subn(f"const {_DEFAULT_NAME} = ", _EXPORT.sub("", code))
    lines = [line.strip() for line in code.splitlines() if line.strip()]
    for line in lines:
        if _UNKNOWN.search(line) or line.count("`") % 2:
            raise LessonError(f"{path}: {line!r} cannot be joined with other modules.")
    names = ", ".join(exported + [f"default: {_DEFAULT_NAME}"] * has_default)
    body = "\n".join(lines)
    modules[path] = f"const {_name(len(modules))} = (() => {{\n{body}\nreturn {{{names}}};\n}})();\n"


def _name(number: int) -> str:
    return f"module_{number}"
