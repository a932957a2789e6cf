"""Bytes of Run All: each notebook beside a plain tutorial of the same words.

    python bench/messages.py [NOTEBOOK ...]

What a kernel and a page tell each other by websocket, both ways, while all cells run in a
JupyterLab that a browser has open. The plain tutorial has as many cells of code as notebook 02,
shows the same points, claims and quotations as data frames and as text, and keeps no answers. Last
come the kinds of message that take most, in kB.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
from yardstick import table

from kwlesson import paths

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import RUN_ALL, browser, jupyterlab, listen, wait_for_kernel, window

KIND = re.compile(rb'"msg_type": ?"(\w+)"')
SHOWN = 3  # kinds a notebook
KERNEL = {"kernelspec": {"display_name": "Python 3", "name": "python3", "language": "python"}}
READ = f"{{0}} = pd.read_csv('{paths.DATA}/{{0}}.csv')"
TUTORIAL = [
    "\n".join(["import pandas as pd", *map(READ.format, ("points", "claims", "quotes"))]),
    'points[points.case == "kim-il-1949"][["question", "verdict"]]',
    'claims[claims.point.isin(points[points.case == "kim-il-1949"].id)][["account", "says"]]',
    'for words in quotes.words[quotes.account.isin(["shtykov", "kovalev"])]:\n    print(words)',
    *['quotes[["speaker", "words"]].head()'] * 2,
]


def run_all(lab, running, path: Path) -> list[bytes]:
    """Run all cells of a notebook, and return what was said meanwhile."""
    cells = nbformat.read(path, as_version=4).cells
    code = sum(cell.cell_type == "code" for cell in cells)
    with window(running) as page:
        frames = listen(page)
        lab.open(page, path, wait_for=page.locator(".jp-Cell").first)
        wait_for_kernel(page)
        frames.clear()
        page.evaluate(RUN_ALL)
        while sum(b'"execute_reply"' in frame for frame in frames) < code:
            page.wait_for_timeout(200)
        wait_for_kernel(page)
        page.wait_for_timeout(1000)  # widgets are still being drawn, and ask for their state
        lab.stop_kernel(path)
        if any(b'"ename"' in frame for frame in frames):
            sys.exit(f"{path.name}: a cell fails")
        return frames[:]


def main(names: list[str]) -> None:
    names = names or sorted(path.name for path in paths.NOTEBOOKS.glob("*.ipynb"))
    rows, plain = [], 0
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        notebooks = lab.work / "notebooks"
        code = [nbformat.v4.new_code_cell(source) for source in TUTORIAL]
        nbformat.write(
            nbformat.v4.new_notebook(cells=code, metadata=KERNEL), notebooks / "tutorial.ipynb"
        )
        with browser() as running:
            for name in ("tutorial.ipynb", *names):
                frames = run_all(lab, running, notebooks / name)
                kinds: Counter[str] = Counter()
                for frame in frames:
                    found = KIND.search(frame)
                    kinds[found[1].decode() if found else "other"] += len(frame)
                plain = plain or kinds.total()
                most = (f"{kind} {size / 1000:.0f}" for kind, size in kinds.most_common(SHOWN))
                size, ratio = f"{kinds.total() / 1000:.0f}", f"{kinds.total() / plain:.1f}"
                rows.append([Path(name).stem, size, ratio, len(frames), ", ".join(most)])
    print(table(["Run All", "kB", "to a tutorial", "messages", "most of it"], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
