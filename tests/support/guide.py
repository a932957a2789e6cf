"""Write the tables of columns in the guide: `python tests/support/guide.py` writes them anew."""

from __future__ import annotations

import json
import re

from kwlesson import paths
from kwlesson.tables import schema
from kwlesson.tables.reader import shared_terms

GUIDE, TABLES = (
    paths.PACKAGE.parent / "docs" / name for name in ("write-a-lesson.md", "tables.md")
)
DESCRIBED = json.loads((paths.PACKAGE / "tables" / schema.DESCRIPTOR).read_text(encoding="utf-8"))
RESOURCES = {one["name"]: one for one in DESCRIBED["resources"]}
HEADING = """# The other tables

A lesson may do without each of these. [The guide](write-a-lesson.md) has the seven that it needs.
This page is written from `kwlesson/tables/datapackage.json`.
"""


def words(table, name):
    """Give the words that come with the package for a column."""
    place = f"{table}.{name}"
    return [row["id"] for row in shared_terms() if place in row.get("of", "").split(";")]


def columns(table):
    """Give the columns of a table as a table of Markdown."""
    lines = ["| column | needed | what stands there |", "|---|---|---|"]
    for field in RESOURCES[table]["schema"]["fields"]:
        limits, default = field.get("constraints", {}), field.get("default")
        needed = "yes" if limits.get("required") else f"else `{default}`" if default else ""
        known = limits.get("enum") or words(table, field["name"])
        if field.get("type") == "boolean":
            known = ["yes", "no"]
        said = f" One of: {', '.join(f'`{word}`' for word in known)}." if known else ""
        more = " Or a word of your own `terms`." if field.get("vocabulary") else ""
        lines.append(f"| `{field['name']}` | {needed} | {field['description']}{said}{more} |")
    return "\n".join(lines)


def verdicts():
    """Give the verdicts with their meanings as a table of Markdown."""
    chosen = [row for row in shared_terms() if "points.verdict" in row.get("of", "").split(";")]
    lines = [f"| `{row['id']}` | {row['mark']} | {row['meaning']} |" for row in chosen]
    return "\n".join(["| verdict | sign | say it where |", "|---|---|---|", *lines])


def guide(text):
    """Give the guide with its generated parts."""

    def fill(found):
        made = columns(found[2].strip()) if found[1] == "columns:" else verdicts()
        return f"<!-- {found[1]}{found[2]}-->\n{made}\n<!-- end -->"

    return re.sub(r"<!-- (columns:|verdicts)(.*?)-->\n.*?<!-- end -->", fill, text, flags=re.DOTALL)


def tables():
    """Give the page of the tables that a lesson may do without."""
    optional = [name for name, one in RESOURCES.items() if one.get("optional")]
    parts = [f"## {name}\n\n{RESOURCES[name]['title']}\n\n{columns(name)}\n" for name in optional]
    return "\n".join([HEADING, *parts])


if __name__ == "__main__":
    GUIDE.write_text(guide(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
    TABLES.write_text(tables(), encoding="utf-8")
