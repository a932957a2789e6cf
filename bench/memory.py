"""The memory of a student: one notebook run, and seven held open, beside bare and pandas kernels.

    python bench/memory.py

Kernels run every cell of a notebook; /proc/PID/smaps_rollup tells their memory afterwards (Linux).
PSS shares out what processes have in common, USS is what ending one gives back. The server of
`kwlesson lab` is given apart; so is a kernel that has only imported pandas, which a plain tutorial
does in its first cell.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from jupyter_client.manager import start_new_kernel
from yardstick import megabytes, table

from kwlesson import paths
from kwlesson.jupyter import launch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import jupyterlab

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTEBOOKS = sorted(paths.NOTEBOOKS.glob("*.ipynb"))[:7]


def shares(pids: Sequence[int]) -> list[str]:
    """Return the PSS and the USS of processes together."""
    kinds = (["Pss"], ["Private_Clean", "Private_Dirty"])
    return [f"{sum(megabytes(pid, *kind) for pid in pids):.0f}" for kind in kinds]


@contextlib.contextmanager
def kernels(notebooks: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Start a kernel a notebook and run its cells; yield the processes of those that run."""
    with contextlib.ExitStack() as running, tempfile.TemporaryDirectory() as work:
        pids = []
        for cells in notebooks:
            setup = f"import os\nos.environ['KWLESSON_WORK'] = {work!r}"
            manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
            running.callback(manager.shutdown_kernel, now=True)
            running.callback(client.stop_channels)
            for cell in (setup, *cells):
                reply = client.execute_interactive(cell, output_hook=lambda _message: None)
                if reply["content"]["status"] != "ok":
                    sys.exit(f"{cell}: {reply['content']['evalue']}")
            pids.append(manager.provisioner.pid)
        yield pids


def code(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def main() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("Memory is measured on Linux only.")
    rows = []
    second = next(path for path in NOTEBOOKS if path.name.startswith("02"))
    seven = f"{NOTEBOOKS[0].stem[:2]} to {NOTEBOOKS[-1].stem[:2]}"
    kinds = {
        "a bare kernel of JupyterLab": ([[]], False),
        "the same with pandas": ([["import pandas"]], False),
        "a bare kernel of ours": ([[]], True),
        f"the same that ran {second.stem}": ([code(second)], True),
        "seven of JupyterLab with pandas": ([["import pandas"]] * 7, False),
        f"seven of ours that ran {seven}": ([code(path) for path in NOTEBOOKS], True),
    }
    for name, (notebooks, is_ours) in kinds.items():
        os.environ.pop("JUPYTER_PATH", None)
        if is_ours:
            launch.prepare(os.environ)
        with kernels(notebooks) as pids:
            rows.append([name, *shares(pids)])
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        card = next((lab.data.parent / "runtime").glob("jpserver-*.json"))
        rows.append(["the server of a student", *shares([json.loads(card.read_text())["pid"]])])
    print(table(["running", "PSS, MB", "USS, MB"], rows))


if __name__ == "__main__":
    main()
