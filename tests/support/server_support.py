"""A Jupyter server that runs, with a home of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import urllib.request

PATIENCE = 120  # seconds for what takes two or three, on a machine that others keep busy


@contextlib.contextmanager
def serving(arguments, home, environment, folder):
    """Run a server of this Python on a port that is free; yield its address once it answers."""
    command = [sys.executable, *arguments, "--no-browser", "--allow-root", "--port=0"]
    runtime = home / "runtime"
    own = {**environment, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(runtime)}
    with (folder / "log").open("w") as log:

        def start():
            return subprocess.Popen(command, env=own, cwd=folder, stdout=log, stderr=log)

        server = start()
        try:
            for _ in range(PATIENCE * 10):
                if url := answering(runtime):
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(0.1)
                    server = start()  # its port was free, and taken before it listened
            else:
                raise RuntimeError((folder / "log").read_text())
            yield url
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:  # it waits for a kernel that is just starting
                server.kill()
                server.wait()


def answering(runtime):
    """Tell the address of a server that answers: its card is written before it listens."""
    for card in runtime.glob("jpserver-*.json"):
        with contextlib.suppress(OSError, ValueError):
            url = json.loads(card.read_text())["url"]
            with urllib.request.urlopen(f"{url}api", timeout=PATIENCE):
                return url
    return None
