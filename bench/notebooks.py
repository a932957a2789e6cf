"""All notebooks: nbval beside bare kernels, and the bytes of Run All beside a plain tutorial.

    python bench/notebooks.py [ROUNDS]

Time is that of the processor, of all processes together, since a shared machine lends it out in
turns. A bare kernel starts, runs `1` and ends; as many are started as there are notebooks, one
after the other. The bytes are those of the kernel's websocket while all cells run, in a JupyterLab
that a browser has open; the plain tutorial has as many cells of code as notebook 02, shows tables
of the same lesson as data frames and the words of its view as text, and keeps no answers.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from yardstick import in_turn, ratios, spread, table

from kwlesson import paths

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import browser, jupyterlab, listen, wait_for_kernel, window

NOTEBOOKS = paths.list_files(paths.NOTEBOOKS, "*.ipynb")
SHOWN = "02-two-names.ipynb"
KERNEL = {"kernelspec": {"display_name": "Python 3", "name": "python3", "language": "python"}}
BARE = """from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
client.execute_interactive("1")
client.stop_channels()
manager.shutdown_kernel()
"""


def processor_seconds(commands: list[list[str]]) -> float:
    """Run programs one after the other, and tell what they and their children used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as work:
        for command in commands:
            alone = os.environ | {"KWLESSON_WORK": work}
            subprocess.run(command, check=True, capture_output=True, env=alone)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_times(rounds: int) -> str:
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
    times = in_turn(
        {
            "bare kernels": lambda: processor_seconds(
                [[sys.executable, "-c", BARE]] * len(NOTEBOOKS)
            ),
            "nbval": lambda: processor_seconds([[*nbval, *map(str, NOTEBOOKS)]]),
        },
        rounds,
    )
    rows = [
        [name, spread(values), spread(ratios(values, times["bare kernels"]), 2)]
        for name, values in times.items()
    ]
    return table([f"{len(NOTEBOOKS)} notebooks", "s", "to bare kernels"], rows)


def tutorial(cells: int) -> nbformat.NotebookNode:
    """Make a notebook such as people write without us, of the same words."""
    reading = "import pandas as pd\nimport kwlesson\nfolder = kwlesson.paths.DATA"
    tables = [f'{name} = pd.read_csv(folder / "{name}.csv")' for name in ("points", "quotes")]
    sources = [
        "\n".join([reading, *tables]),
        'points[points.case == "kim-il-1949"][["question", "verdict"]]',
        'print(kwlesson.load().compare("kim-il-1949").text())',
        *['quotes[["speaker", "words"]].head()'] * cells,
    ]
    code = [nbformat.v4.new_code_cell(source) for source in sources[:cells]]
    return nbformat.v4.new_notebook(cells=code, metadata=KERNEL)


def measure_bytes() -> str:
    ours = nbformat.read(paths.NOTEBOOKS / SHOWN, as_version=4)
    cells = sum(cell.cell_type == "code" for cell in ours.cells)
    found = {}
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        plain = lab.work / "notebooks" / "tutorial.ipynb"
        nbformat.write(tutorial(cells), plain)
        with browser() as running:
            for path in (plain, lab.work / "notebooks" / SHOWN):
                with window(running) as page:
                    frames = listen(page)
                    lab.open(page, path, wait_for=page.locator(".jp-Cell").first)
                    wait_for_kernel(page)
                    frames.clear()
                    page.get_by_role("menuitem", name="Run", exact=True).click()
                    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
                    while sum(b'"execute_reply"' in frame for frame in frames) < cells:
                        page.wait_for_timeout(200)
                    wait_for_kernel(page)
                    found[path.stem] = frames[:]
    sizes = {name: sum(map(len, frames)) for name, frames in found.items()}
    rows = [
        [name, f"{sizes[name] / 1000:.0f}", len(frames), f"{sizes[name] / sizes[plain.stem]:.1f}"]
        for name, frames in found.items()
    ]
    return table(["Run All", "kB", "messages", "to a tutorial"], rows)


def main(rounds: int) -> None:
    print(f"{measure_bytes()}\n\n{measure_times(rounds)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
