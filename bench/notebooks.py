"""All notebooks compared with what they store: nbval beside bare kernels.

    python bench/notebooks.py [ROUNDS]

Time is that of the processor, of all processes together, since a shared machine lends it out in
turns. A bare kernel starts, runs `1` and ends; as many are started as there are notebooks, one
after the other.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from yardstick import in_turn, ratios, spread, table

from kwlesson import paths

NOTEBOOKS = paths.list_files(paths.NOTEBOOKS, "*.ipynb")
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


def main(rounds: int) -> None:
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
    nbval += ["--nbval-sanitize-with", str(Path(__file__).parents[1] / "tests" / "nbval.cfg")]
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
    print(table([f"{len(NOTEBOOKS)} notebooks", "s", "to bare kernels"], rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
