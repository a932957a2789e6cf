"""Count lines of code, templates and tests, without blanks, comments and docstrings.

    python bench/count_lines.py [REVISION [REVISION]]

Without a revision, what git knows of the checkout as it lies there; with two, both and what became
of the first. Data of the lesson, notebooks, lock files and the pages at the root are no code.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path, PurePosixPath

from yardstick import table

ROOT = Path(__file__).parents[1]
COMMENT = {
    ".js": re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE),
    ".ts": re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    **dict.fromkeys((".html", ".jinja", ".txt", ".md"), re.compile(r"\{#.*?#\}", re.DOTALL)),
    ".json": None,
    ".py": None,
}
ROOMS = ("kwlesson", "data", "tests", "bench")
NO_CODE = re.compile(r"requirements\.txt$|/texts/|/fixtures/")
SUMS = ("code and templates", "tests", "bench", "all JSON")
NO_TOKEN = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


def git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def files(revision: str) -> dict[PurePosixPath, str]:
    """Return what is counted, by its path."""
    listed = git("ls-tree", "-r", "--name-only", revision) if revision else git("ls-files")
    paths = [PurePosixPath(name) for name in listed.splitlines() if not NO_CODE.search(name)]
    paths = [path for path in paths if path.parts[0] in ROOMS and path.suffix in COMMENT]
    if revision:
        return {path: git("show", f"{revision}:{path}") for path in paths}
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}


def python_lines(text: str) -> int:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in NO_TOKEN
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - docstrings)


def count(path: PurePosixPath, text: str) -> int:
    if path.suffix == ".py":
        return python_lines(text)
    comment = COMMENT[path.suffix]
    return sum(
        bool(line.strip()) for line in (comment.sub("", text) if comment else text).split("\n")
    )


def counted(revision: str) -> Counter[str]:
    """Return the lines by kind, and the sums that are asked for."""
    found: Counter[str] = Counter()
    for path, text in files(revision).items():
        room = path.parts[0]
        lines = count(path, text)
        found[f"{room} {path.suffix}"] += lines
        if path.suffix == ".json":
            found["all JSON"] += lines
        elif room != "data":
            found[{"kwlesson": "code and templates"}.get(room, room)] += lines
    return found


def main(revisions: list[str]) -> None:
    columns = [counted(revision) for revision in revisions or [""]]
    names = [*sorted({name for column in columns for name in column} - {*SUMS}), *SUMS]
    rows = [[name, *(f"{column[name]:,}" for column in columns)] for name in names]
    rows.append(
        ["tests to code", *(f"{c['tests'] / c['code and templates']:.2f}" for c in columns)]
    )
    heads = [revision or "checkout" for revision in revisions or [""]]
    if columns[1:]:
        old, new = columns
        changes = [f"{new[name] / old[name]:.2f}" if old[name] else "new" for name in names]
        rows = [[*row, change] for row, change in zip(rows, [*changes, ""], strict=True)]
        heads.append("ratio")
    print(table(["lines", *heads], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
