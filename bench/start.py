"""The first minute: import, load and a first view, beside `import pandas` and read_csv.

    python bench/start.py [PYTHON]

Every figure is processor time in a Python started anew, with what has to be compiled once compiled
before; ratios are to `import pandas` in the same round. In a running kernel IPython and what it
imports are there already; the cell is then answered, and the page connected with the workbook: what
that takes is within the difference to the last row, which draws the face of widgets, too. With the
Python of another checkout its kwlesson is measured too.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from jupyter_client.manager import start_new_kernel
from yardstick import in_turn, ratios, spread, table

from kwlesson import paths

ROUNDS, ROUNDS_IN_A_KERNEL = 15, 7
PANDAS = "import pandas"
VIEW = "view = kwlesson.load().compare('kim-il-1949')"
STEPS = {
    PANDAS: PANDAS,
    "import pandas, read_csv of each table": (
        "import pathlib, pandas\n"
        f"for path in pathlib.Path({str(paths.DATA)!r}).glob('*.csv'):\n"
        "    pandas.read_csv(path, dtype=str)"
    ),
    "import": "import kwlesson",
    "import, load": "import kwlesson; kwlesson.load()",
    "import, load, text and page": f"import kwlesson; {VIEW}; view.text(); view.page()",
    "import, load, all three faces": f"import kwlesson; {VIEW}; view._repr_mimebundle_()",
    "import, load, all three faces, widgets": (
        f"import kwlesson; {VIEW}; view._repr_mimebundle_(); view.live()"
    ),
}
BUDGETS = {
    ("in a bare process", "import, load, text and page"): 0.5,
    ("in a bare process", "import, load, all three faces"): 0.7,
    ("in a running kernel", "import, load, all three faces"): 0.5,
}
TIMED = "import time; start = time.process_time()\n{code}\nprint(time.process_time() - start)"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def bare(code: str, python: str = sys.executable) -> float:
    # -I: neither what lies in this folder, nor what the environment asks for.
    command = [python, "-I", "-c", TIMED.format(code=code)]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)


def in_kernel(code: str) -> float:
    said: list[str] = []
    manager, client = start_new_kernel(
        kernel_name="python3", env=ENVIRONMENT, stderr=subprocess.DEVNULL
    )
    try:
        client.execute_interactive(
            TIMED.format(code=code),
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return float("".join(said))


def main(other: str = "") -> int:
    """Print the times and return how many budgets are overdrawn."""
    places = {
        "in a bare process": (bare, ROUNDS),
        "in a running kernel": (in_kernel, ROUNDS_IN_A_KERNEL),
    }
    if other:
        places["the other, in a bare process"] = (lambda code: bare(code, other), ROUNDS)
    rows, overdrawn = [], 0
    for place, (measure, rounds) in places.items():
        found = in_turn(
            {
                name: lambda code=code, measure=measure: measure(code)
                for name, code in STEPS.items()
            },
            rounds,
        )
        for name, times in found.items():
            shares = ratios(times, found[PANDAS])
            budget = BUDGETS.get((place, name))
            overdrawn += budget is not None and statistics.median(shares) > budget
            milliseconds = spread([1000 * seconds for seconds in times])
            rows.append([f"{name}, {place}", milliseconds, spread(shares, 2), budget or ""])
    print(table(["what", "ms", "of import pandas", "budget"], rows))
    return overdrawn


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
