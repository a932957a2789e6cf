"""Count what a kernel and a page tell each other while all cells of a notebook run.

    python bench/bench_messages.py [NOTEBOOK ...]

For each notebook: bytes and messages in both directions, and the kinds that take most.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from kwlesson import paths

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import browser, jupyterlab, listen, wait_for_kernel, window

KIND = re.compile(rb'"msg_type": ?"(\w+)"')
SHOWN = 4  # kinds a notebook


def run_all(name: str) -> list[bytes]:
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder)) as lab,
        browser() as running,
        window(running) as page,
    ):
        frames = listen(page)
        lab.open(page, lab.work / "notebooks" / name)
        wait_for_kernel(page)
        frames.clear()
        lab.run_all(page)
        wait_for_kernel(page)
        return frames


def main(names: list[str]) -> None:
    for name in names or sorted(path.name for path in paths.NOTEBOOKS.glob("*.ipynb")):
        frames = run_all(name)
        kinds: Counter[str] = Counter()
        for frame in frames:
            found = KIND.search(frame)
            kinds[found[1].decode() if found else "other"] += len(frame)
        most = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in kinds.most_common(SHOWN))
        print(f"{name:30} {kinds.total() / 1000:6.0f} kB {len(frames):4} messages  {most}")


if __name__ == "__main__":
    main(sys.argv[1:])
