"""What works in browsers that are no Chromium: the pages, as files and from a server.

    python bench/browsers.py [firefox] [webkit]

Firefox ESR is driven by its own Marionette, WebKitGTK by its WebDriver: Debian's `firefox-esr`, and
`webkit2gtk-driver` with `xvfb`. It prints what was looked for and whether it was seen.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from pages import serving
from yardstick import table

from kwlesson.publish.site import publish

PAGES = (
    "00-start-here", "02-two-names", "05-request-approval-sign-off", "09-your-argument", "room",
)  # fmt: skip
PATIENCE = 60  # seconds
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SCRIPT = re.compile(r"<script.*?</script>|<meta http-equiv.*?>", re.DOTALL)
LIVE = """
    const forms = document.querySelectorAll("script.kw-form").length;
    return forms > 0 && document.querySelectorAll(".kw-live").length >= forms;
"""
SIDES = """
    return [1, 2].map(side => {
        const line = document.querySelector(`.kw-view-compare .kw-row .kw-side-${side}`);
        return line.checkVisibility({ visibilityProperty: true });
    });
"""
# The first thing that is asked on a page, and what keeps it.
ASKED = ".kw-view-ask form input[type=radio], .kw-view-ask form textarea"
SORTED = ".kw-step [data-ask=happened] label:nth-of-type(1)"
TOLD = "return document.querySelector('.kw-view-trace .kw-message').textContent.includes('Kept in')"
CHOICES = ".kw-view-compare .kw-choices"
KEPT = """
    const asked = document.querySelector(arguments[0]);
    return asked.type === "radio" ? asked.checked : asked.value !== "";
"""
STORED = "return caches.match(arguments[0]).then(Boolean)"
FITS = "return innerWidth === 390 && document.documentElement.scrollWidth <= 390"
# A page writes down itself what goes wrong in it: WebKit's driver shows no console.
WATCH = """
window.wrong = [];
for (const name of ["error", "unhandledrejection", "securitypolicyviolation"]) {
    addEventListener(name, one => {
        const { message, reason, violatedDirective, target } = one;
        wrong.push(`${name}: ${message ?? reason ?? violatedDirective ?? target.outerHTML}`);
    }, true);
}
console.error = (...said) => wrong.push(said.join(" "));
"""
HASH = base64.b64encode(hashlib.sha256(WATCH.encode()).digest()).decode()
# Neither browser makes its own window as narrow as a telephone.
PHONE = '<!doctype html><iframe src="{}" width="390" height="844"></iframe>'


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


WAYS = {
    "ElementClick": "click",
    "ElementSendKeys": "value",
    "ExecuteScript": "execute/sync",
    "FindElement": "element",
    "Navigate": "url",
    "SwitchToFrame": "frame",
}


class Browser:
    """A browser that is told what to do, by the names that WebDriver has for it."""

    NEEDS: tuple[str, ...] = ()

    def tell(self, name: str, **told: object) -> object:
        """Send one command, and return what it says."""
        raise NotImplementedError

    def find(self, css: str) -> str:
        """Return the id that the browser gives to the first element."""
        return self.tell("FindElement", using="css selector", value=css)[ELEMENT]

    def open(self, url: str) -> None:
        """Open a page."""
        self.tell("Navigate", url=url)

    def run(self, script: str, *args: object) -> object:
        """Run a script in the page."""
        return self.tell("ExecuteScript", script=script, args=list(args))

    def click(self, css: str) -> None:
        """Click as a hand does."""
        self.tell("ElementClick", id=self.find(css))

    def type(self, css: str, text: str) -> None:
        """Type as a hand does."""
        self.tell("ElementSendKeys", id=self.find(css), text=text)

    def wait(self, script: str, *args: object) -> bool:
        """Return whether a script says yes before patience ends."""
        end = time.monotonic() + PATIENCE
        while not (seen := self.run(script, *args)) and time.monotonic() < end:
            time.sleep(0.1)
        return bool(seen)


class Firefox(Browser):
    """Firefox, by its own Marionette: a number of signs, a colon, and a command as JSON."""

    NEEDS = ("firefox-esr",)

    def __init__(self, home: Path):
        port = free_port()
        (home / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        self.program = start(
            ["firefox-esr", "--headless", "--marionette", "--profile", str(home)], home
        )
        self.line = connected(port).makefile("rwb")
        self.read()
        self.tell("NewSession", capabilities={})

    def read(self) -> list:
        """Return what is said next."""
        length = b""
        while (sign := self.line.read(1)) != b":":
            length += sign
        return json.loads(self.line.read(int(length)))

    def tell(self, name: str, **told: object) -> object:
        """Send one command, and return what it says."""
        words = json.dumps([0, 1, f"WebDriver:{name}", told]).encode()
        self.line.write(b"%d:%b" % (len(words), words))
        self.line.flush()
        _, _, error, said = self.read()
        if error:
            raise RuntimeError(error)
        return said["value"] if set(said or ()) == {"value"} else said


class WebKit(Browser):
    """WebKitGTK's MiniBrowser, by its WebDriver."""

    NEEDS = ("WebKitWebDriver", "xvfb-run")

    def __init__(self, home: Path):
        port = free_port()
        self.program = start(["xvfb-run", "-a", "WebKitWebDriver", f"--port={port}"], home)
        connected(port).close()
        self.root = f"http://127.0.0.1:{port}/session"
        browser = max(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.root += "/" + self.post("", wanted)["sessionId"]

    def post(self, way: str, told: dict) -> object:
        """Send what goes over HTTP."""
        request = urllib.request.Request(self.root + way, json.dumps(told).encode())  # noqa: S310 - our own driver
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as said:  # noqa: S310
                return json.load(said)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def tell(self, name: str, **told: object) -> object:
        """Send one command, and return what it says."""
        element = f"element/{told['id']}/" if name.startswith("Element") else ""
        return self.post(f"/{element}{WAYS[name]}", told)


def start(command: list[str], home: Path) -> subprocess.Popen:
    kept = {**os.environ, "HOME": str(home)}
    with (home / "log").open("w") as log:
        return subprocess.Popen(
            command, env=kept, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def connected(port: int) -> socket.socket:
    for _ in range(PATIENCE * 5):
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", port))
        time.sleep(0.2)
    sys.exit("The browser does not start.")


def turns(browser: Browser) -> bool:
    """Return whether each choice of the comparison shows its report, and not the other."""
    seen = [browser.run(SIDES)]
    for number in (2, 3, 1):
        browser.click(f"{CHOICES} label:nth-of-type({number})")
        seen.append(browser.run(SIDES))
    return seen == [[True, False], [False, True], [True, True], [True, False]]


def keeps(browser: Browser, name: str, url: str) -> bool:
    """Return whether the first thing that is asked is kept over a reload."""
    asked = f"{SORTED} input" if name.startswith("05") else ASKED
    if name.startswith("05"):
        browser.click(SORTED)
        browser.wait(TOLD)
    elif name.startswith("09"):
        browser.type(ASKED, "because")
    else:
        browser.click(ASKED)
        browser.click(".kw-view-ask form button")
    browser.open(url)
    return browser.wait(LIVE) and browser.wait(KEPT, asked)


def try_page(browser: Browser, folder: str, name: str) -> dict[str, bool]:
    """Return what was seen of a page."""
    url = f"{folder}{name}.html"
    browser.open(url)
    seen = {"live": browser.wait(LIVE)}
    if is_compared := name in {"02-two-names", "room"}:
        seen["turns"] = turns(browser)
    seen["keeps an answer"] = keeps(browser, name, url)
    if name.startswith("05"):
        for question in ("happened", "said"):
            browser.click(f".kw-step [data-ask={question}] label")
        seen["sorts"] = browser.wait(f"{TOLD} && document.querySelector('.kw-answer').open")
    errors = browser.run("return wrong")
    browser.open(f"{folder}phone-{name}.html")
    browser.tell("SwitchToFrame", id=0)
    seen["fits 390 px"] = browser.wait(LIVE) and browser.run(FITS)
    if is_compared:
        browser.open(f"{folder}still-{name}.html")
        seen["turns without scripts"] = turns(browser)
    for error in errors:
        print(f"{name}: {error}", file=sys.stderr)
    return seen | {"no error": not errors}


def try_without_server(browser: Browser, url: str) -> dict[str, bool]:
    """Return whether a page that was visited opens once its server is switched off."""
    with contextlib.suppress(RuntimeError):
        browser.open(url)
        return {"opens without a network": browser.wait(LIVE)}
    return {"opens without a network": False}


def try_browser(kind: type[Browser], site: Path) -> list[list[str]]:
    """Return a line for each page, as a file, from a server, and without it."""
    rows = []

    def note(source: str, name: str, seen: dict[str, bool]) -> None:
        both = (", ".join(what for what in seen if seen[what] is yes) for yes in (True, False))
        rows.append([kind.__name__, source, name, *both])

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = kind(Path(home))
        try:
            with serving(site) as root:
                for source, folder in (("file", f"file://{site}/"), ("server", root)):
                    for name in PAGES:
                        note(source, name, try_page(browser, folder, name))
                browser.wait(STORED, f"{PAGES[1]}.html")
            note("nothing", PAGES[1], try_without_server(browser, f"{root}{PAGES[1]}.html"))
        finally:
            os.killpg(browser.program.pid, signal.SIGTERM)
            browser.program.wait()
    return rows


def main(names: list[str]) -> int:
    """Return how much was not seen."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        publish(site := Path(folder, "site"))
        for name in PAGES:
            page = site / f"{name}.html"
            html = page.read_text(encoding="utf-8")
            (site / f"still-{page.name}").write_text(SCRIPT.sub("", html), encoding="utf-8")
            (site / f"phone-{page.name}").write_text(PHONE.format(page.name))
            watched = html.replace("script-src ", f"script-src 'sha256-{HASH}' ", 1)
            watched = watched.replace("<title>", f"<script>{WATCH}</script><title>", 1)
            page.write_text(watched, encoding="utf-8")
        for name in names or KINDS:
            kind = KINDS[name]
            missing = [program for program in kind.NEEDS if not shutil.which(program)]
            if missing:
                print(f"{kind.__name__} is not tried, for want of {' and '.join(missing)}.")
            else:
                rows += try_browser(kind, site)
    if rows:
        print(table(["browser", "from", "page", "seen", "NOT SEEN"], rows))
    return sum(bool(row[-1]) for row in rows)


KINDS = {"firefox": Firefox, "webkit": WebKit}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
