"""A Jupyter server that runs, with a home of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from threading import Thread

PATIENCE = 120  # seconds for what takes two or three, on a machine that others keep busy
LISTENS = "is running at:"


@contextlib.contextmanager
def serving(arguments, home, environment, folder):
    """Run a server of this Python on a port that is free; yield its address once it listens."""
    command = [sys.executable, *arguments, "--no-browser", "--allow-root", "--port=0"]
    runtime = home / "runtime"
    own = {**environment, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(runtime)}
    with contextlib.ExitStack() as running:
        for _ in range(3):  # its port was free, and may be taken before it listens
            server = running.enter_context(
                subprocess.Popen(
                    command, env=own, cwd=folder, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                )
            )  # fmt: skip
            running.callback(server.terminate)
            said = []
            if any(said.append(line) or LISTENS in line for line in server.stdout):
                break
        else:
            raise RuntimeError("".join(said))
        with (folder / "log").open("w") as log:
            rest = Thread(target=shutil.copyfileobj, args=(server.stdout, log))
            rest.start()
            (card,) = runtime.glob(f"jpserver-{server.pid}.json")
            try:
                yield json.loads(card.read_text())["url"]
            finally:
                server.terminate()
                rest.join()
