"""Activities that a learner answers: drawn in a bare window, or in a notebook of JupyterLab."""

from __future__ import annotations

import contextlib

from browser_support import START_A_KERNEL, document, window
from playwright.sync_api import expect

from kwlesson.answers.widget import MessageHandler
from kwlesson.answers.workbook import Workbook
from kwlesson.tables.schema import OWN_LESSON
from kwlesson.views.kit.stylesheet import sheet

ADDRESS = "http://lesson.invalid/"
NOT_YET = "Kept on this page, not yet in your folder"
# Widgets as a notebook draws them; Python hears what they send, as a kernel would.
DRAW = """
    async ([loader, views, lives]) => {
        const file = URL.createObjectURL(new Blob([loader], { type: "text/javascript" }));
        const { default: widget } = await import(file);
        const connect = ({ modules, ...view }, place) => {
            const listeners = new Set();
            const say = said => listeners.forEach(listener => listener(said));
            const send = async (message, _, buffers = []) => {
                const parts = buffers.map(part =>
                    Array.from(new Uint8Array(part), byte => String.fromCharCode(byte)).join("")
                );
                const said = await window.hear(place, message, parts);
                if (said) say(said);
            };
            return {
                get: name => ({ ...view, workbook_id: "one", modules: Object.keys(modules) })[name],
                widget_manager: { get_model: async key => ({ get: () => modules[key] }) },
                on: (name, listener) => listeners.add(listener),
                off: (name, listener) => listeners.delete(listener),
                send: (...told) => {
                    if (!window.lives) throw new Error("the kernel is dead");
                    window.sent.push(told[0]);
                    send(...told);
                },
                say,
            };
        };
        window.lives = lives;
        window.sent = [];
        window.models = await Promise.all(views.map(async (view, place) => {
            const model = connect(view, place);
            const el = document.querySelector("main").appendChild(document.createElement("div"));
            el.id = `view-${place}`;
            await widget.render({ model, el });
            return model;
        }));
        window.store = window.kwlessonStores.get("one");
    }
"""


# Makes a page say sooner that it has not heard from the kernel, and patient again.
HURRY = """
    window.patient ??= window.setTimeout;
    window.setTimeout = (then, time, ...more) => patient(then, time === 6000 ? 400 : time, ...more);
"""
CALM = "window.setTimeout = window.patient"


def choice(question, key):
    return f'[data-row="choices:{question}/{key}"] input'


class AnswerForm:
    """A page on which answers are given: its questions, its bar, and the folder they go to."""

    lesson = OWN_LESSON

    def __init__(self, page, folder):
        self.page, self.folder = page, folder

    def one(self, question):
        row = f'[data-row="questions:{question}"]'
        return self.page.locator(self.activity).filter(has=self.page.locator(row))

    @property
    def bar(self):
        return self.page.locator(self.activity).filter(has=self.page.locator("[data-do=download]"))

    @property
    def offer(self):
        return self.bar.locator(".kw-offers")

    def status(self, question):
        return self.one(question).get_by_role("status")

    def box(self, question):
        return self.one(question).get_by_role("textbox")

    def choose(self, question, key):
        self.one(question).locator(choice(question, key)).check()
        self.hand_in(question)

    def write(self, question, words):
        self.box(question).fill(words)
        self.hand_in(question)

    def hand_in(self, question):
        self.one(question).get_by_role("button").click()

    def expect_saved(self, question):
        expect(self.status(question)).to_have_text("Saved.")

    @property
    def answers(self):
        return Workbook(self.folder, self.lesson).answers

    def on_disk(self):
        return {p.name: p.read_bytes() for p in self.folder.iterdir() if p.is_file()}

    def save_file(self):
        with self.page.expect_download() as saved:
            self.bar.get_by_role("button", name="Download", exact=True).click()
        return saved.value.path().read_bytes()

    def bring(self, content):
        file = self.folder.parent / "my-answers.json"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        self.bar.get_by_label("Bring work back").set_input_files(file)


class Kernel:
    """Writes for the pages what they ask; while it is busy, they wait."""

    def __init__(self, folder):
        self.handler, self.is_busy, self.held = MessageHandler(Workbook(folder)), False, []

    def hear(self, page, place, message, parts):
        if self.is_busy:
            self.held.append((page, place, message, parts))
            return None
        return self.handler.handle(message, [memoryview(part.encode("latin-1")) for part in parts])

    def free(self):
        self.is_busy = False
        held, self.held = self.held, []
        for page, place, *told in held:
            said = self.hear(page, place, *told)
            page.evaluate("([place, said]) => models[place].say(said)", [place, said])


class PageForm(AnswerForm):
    """Activities in a window without a JupyterLab, with kernels that are under our thumb."""

    activity = "[id^=view-]"

    def __init__(self, page, folder, views, *, kernels=(), lives=True):
        super().__init__(page, folder)
        self.views, self.kernels, self.lives = views, kernels or (Kernel(folder),), lives

    def hear(self, place, message, parts):
        return self.kernels[place % len(self.kernels)].hear(self.page, place, message, parts)

    def open(self):
        """Open the page, or open it again, without anything that was not kept."""
        self.page.goto(ADDRESS)
        self.page.evaluate(HURRY)
        self.page.add_style_tag(content=sheet())
        drawn = [view.live() for view in self.views]
        views = [
            {
                "html": live.html,
                "context": live.context,
                "modules": [module.code for module in live.modules],
            }
            for live in drawn
        ]
        self.page.evaluate(DRAW, [drawn[0].get_state()["_esm"], views, self.lives])
        if self.lives and not any(kernel.is_busy for kernel in self.kernels):
            self.page.wait_for_function("store.file()")
        return self

    def download(self, label):
        """Press a button and read the file that comes of it."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=label).click()
        name = coming.value.suggested_filename
        return name, coming.value.path().read_text(encoding="utf-8")

    def live_again(self):
        self.page.evaluate("lives = true; for (const one of models) one.send({ type: 'hello' })")


class NotebookForm(AnswerForm):
    """A notebook with activities, whose answers go into a folder of their own."""

    activity = ".kw-live"
    lesson = "kwlesson-sample"

    def __init__(self, lab, folder, name, *calls):
        super().__init__(None, folder)
        self.lab = lab
        self.path = lab.write(
            f"{name}.ipynb",
            f'import os\n\nos.environ["KWLESSON_WORK"] = {str(folder)!r}\n'
            "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)",
            *calls,
        )

    def open(self, page):
        self.page = page
        self.lab.open(page, self.path, wait_for=page.locator(".jp-Notebook"))
        return self.run()

    def open_at(self, bench):
        self.page = bench.open(self.path, wait_for=".jp-Notebook")
        return self.run()

    def open_stored(self):
        """Save the notebook with its forms, and load it again: they live before a kernel does."""
        self.page.evaluate("jupyterapp.commands.execute('docmanager:save').then(() => null)")
        self.lab.open(self.page, self.path, wait_for=self.page.locator(self.activity).first)
        return self

    def stop_kernel(self):
        self.lab.stop_kernel(self.path)
        self.page.evaluate(HURRY)

    def start_kernel_and_run(self):
        self.page.evaluate(CALM)
        self.page.evaluate(START_A_KERNEL)
        expect(self.page.locator(".kw-live")).to_have_count(0)
        return self.run()

    def run(self):
        self.lab.run_all(self.page)
        expect(self.bar.locator("[data-fill=where]")).not_to_be_empty()
        return self


@contextlib.contextmanager
def stage(chromium):
    """Open a window at an address that no server has; yield what draws activities in it."""
    with window(chromium) as page:
        forms, wrong = {}, []
        page.context.expose_binding("hear", lambda source, *told: forms[source["page"]].hear(*told))
        page.context.route(
            "**/*", lambda route: route.fulfill(body=document(""), content_type="text/html")
        )
        page.context.on("weberror", lambda error: wrong.append(str(error.error)))

        def draw(folder, *views, another_window=False, **others):
            here = page.context.new_page() if another_window else page
            forms[here] = PageForm(here, folder, views, **others)
            return forms[here].open()

        def clear():
            for other in page.context.pages[1:]:
                other.close()
            page.goto(ADDRESS)
            page.evaluate("localStorage.clear()")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(media="screen", color_scheme="light")
            forms.clear()
            wrong.clear()

        yield draw, clear, wrong
