"""The messages of the package, and its catalogs: `make messages` writes them with Babel."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kwlesson import paths
from kwlesson.answers.bundle import MESSAGE
from kwlesson.tables.reader import SAID, shared_terms
from kwlesson.views.kit.render import templates
from kwlesson.views.kit.translation import messages

LOCALE = paths.PACKAGE / "locale"
POT = LOCALE / "kwlesson.pot"
LANGUAGES = ("es", "ko")
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_MARKED = {"_", "later"}
_PAGES = {paths.PACKAGE / "publish" / name for name in ("page.html", "index.html", "site.py")}


def extracted() -> dict[str, list[str]]:
    """Return each message with the files that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted(paths.PACKAGE.rglob("*")):
        if path.is_file() and (read := _READERS.get(path.suffix)) and _is_said(path):
            for message in read(path.read_text(encoding="utf-8")):
                found.setdefault(message, set()).add(path.relative_to(paths.PACKAGE).as_posix())
    for term in shared_terms():
        for column in SAID:
            if term.get(column):
                found.setdefault(term[column], set()).add("tables/terms.csv")
    return {message: sorted(files) for message, files in sorted(found.items())}


def _is_said(path):
    room, *folders = path.relative_to(paths.PACKAGE).parts
    if "__pycache__" in folders:  # compiled templates end as templates do
        return False
    return room in {"views", "tables", "answers"} or path in _PAGES


def _python(source):
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _MARKED:
            said = call.args[0]
            if isinstance(said, ast.Constant):
                yield said.value


def _javascript(source):
    yield from (json.loads(found[2]) for found in MESSAGE.finditer(source))


def _template(source):
    yield from messages(source, templates())


_READERS = {".py": _python, ".js": _javascript, ".html": _template, ".jinja": _template}


def as_pot() -> bytes:
    catalog = Catalog(project="kwlesson", charset="utf-8", fuzzy=False, header_comment="")
    for message, files in extracted().items():
        # Braces are ours: a per cent sign is no placeholder.
        catalog.add(message, locations=[(file, 0) for file in files])
    return _po(catalog)


def _po(catalog):
    file = BytesIO()
    write_po(file, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return file.getvalue()


def po_file(language):
    return LOCALE / language / "LC_MESSAGES" / "kwlesson.po"


def catalog(language) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def as_mo(read: Catalog) -> bytes:
    file = BytesIO()
    read.creation_date = _ANY_DAY  # the same bytes on each day
    write_mo(file, read)
    return file.getvalue()


def main() -> None:
    """Write what is to be translated, add it to each language, and compile what is translated."""
    POT.parent.mkdir(exist_ok=True)
    POT.write_bytes(as_pot())
    with POT.open("rb") as file:
        template = read_po(file)
    for language in LANGUAGES:
        file = po_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        known = catalog(language) if file.exists() else Catalog(locale=language)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        file.write_bytes(_po(known))
        file.with_suffix(".mo").write_bytes(as_mo(known))


if __name__ == "__main__":
    main()
