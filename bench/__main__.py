"""Take every measure in one run, and write bench/README.md.

    make bench                      all of them (half an hour), but what is run by hand
    python bench clicks memory      some; the other sections of the README stay as they are

A bench is a script beside this one. Its docstring says how it measures, what it prints stands under
it in the README, and it exits with the number of budgets that are overdrawn.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
BENCHES = (
    "start",
    "door",
    "lite",
    "pages",
    "clicks",
    "messages",
    "memory",
    "notebooks",
    "growth",
    "large_class",
    "clock",
)
BY_HAND = ("hub",)  # in an environment of its own: what it printed there stays
PACKAGES = ("jupyterlab", "ipywidgets", "anywidget", "jinja2", "pandas", "nbval", "playwright")
OPENING = """# What it costs

Written by `make bench`; do not edit. Ours beside what people would pick instead, in one run and in
turn, on {cpus} cores of {system} with Python {python}:
{packages}.
Of several rounds the middle is given, and in brackets where the middle half of them lies. Times
depend on the machine and on what else it does; ratios less. What does not depend on a clock is
asserted by `make test`.
"""


def take(name: str) -> tuple[str, int]:
    """Run a bench; return its section and how many budgets it overdraws."""
    script = HERE / f"{name}.py"
    title, _, how = (ast.get_docstring(ast.parse(script.read_text())) or name).partition("\n")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, encoding="utf-8")
    how = re.sub(r"\n    .*", "", how).strip()
    printed = done.stdout.strip()
    if not printed:
        sys.exit(f"{name}: nothing was measured")
    shown = printed if printed.startswith("|") else f"```\n{printed}\n```"
    over = f" {done.returncode} over what is allowed." if done.returncode else ""
    section = f"## {title.rstrip('.')}\n\n{shown}\n\n`python bench {name}`.{over} {how}\n"
    return section, done.returncode


def main(names: list[str]) -> int:
    """Return how many budgets are overdrawn."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    opening = OPENING.format(
        cpus=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        packages=packages,
    )
    kept = README.read_text(encoding="utf-8") if README.exists() else ""
    sections = {
        named[1]: section
        for section in re.split(r"\n(?=## )", kept)
        if (named := re.search(r"^`python bench (\w+)`", section, re.MULTILINE))
    }
    overdrawn = 0
    for name in names or BENCHES:
        sections[name], failed = take(name)
        print(sections[name], flush=True)
        overdrawn += failed
        in_order = [sections[one].strip() for one in (*BENCHES, *BY_HAND) if one in sections]
        README.write_text("\n\n".join([opening.strip(), *in_order, ""]), encoding="utf-8")
    return overdrawn


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
