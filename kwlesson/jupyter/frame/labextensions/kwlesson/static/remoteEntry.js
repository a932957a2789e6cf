/**
 * The lesson's frame in JupyterLab: a plugin by hand, which needs no build. It opens one notebook
 * at a time, keeps the reader where they are, and asks nobody to save what nobody wrote.
 */

/** @typedef {{ connect: (listener: () => void) => void }} Signal */
/** @typedef {{ dirty: boolean, stateChanged: Signal, cells: Iterable<{ getMetadata: (name: string) => unknown }> }} Model */
/**
 * @typedef {object} Panel
 * @property {{ model: Model, ready: Promise<void> }} context
 * @property {{ node: HTMLElement, activeCellIndex: number, widgets: unknown[] }} content
 * @property {{ ready: Promise<void> }} sessionContext
 * @property {() => void} close
 */
/** @typedef {{ id: string, parent: unknown, hide: () => void }} Part */
/**
 * @typedef {object} Application
 * @property {{ addCommand: (id: string, command: object) => void, execute: (id: string) => Promise<void> }} commands
 * @property {{ mode: string, layout: Iterable<Part>, currentWidget: Panel | null, currentChanged: Signal, collapseLeft: () => void, collapseRight: () => void, widgets: (area: string) => Iterable<Panel & Part> }} shell
 * @property {Promise<void>} restored
 */

const style = new URL("frame.css", /** @type {HTMLScriptElement} */ (document.currentScript).src);

const HIDDEN = ["jp-top-panel", "jp-menu-panel"]; // the file's name, and the menus of what writes notebooks

const MOVES = ["wheel", "touchmove", "keydown", "pointerdown"];
const SETTLED = 1000; // milliseconds after a run, in which JupyterLab still scrolls

/**
 * Return whether a panel is a page of the lesson: a notebook whose cells cannot be changed.
 * @param {Panel} panel
 */
function isLessonPage({ context, content }) {
  const cells = [...(context?.model?.cells ?? [])];
  return Boolean(content?.widgets) && cells.length > 0 && cells.every((cell) => cell.getMetadata("editable") === false);
}

/**
 * Leave a page as it was stored: to run it is no change that anybody would want to be asked about.
 * @param {Panel} panel
 */
function keepUnchanged(panel) {
  const { model } = panel.context;
  const forget = () => {
    if (model.dirty && isLessonPage(panel)) model.dirty = false;
  };
  model.stateChanged.connect(forget);
  forget();
}

/**
 * Run a page and leave the reader at the line they read.
 * @param {Application} app
 */
async function runInPlace(app) {
  const { content, sessionContext } = /** @type {Panel} */ (app.shell.currentWidget);
  await sessionContext.ready; // before that, JupyterLab would only start a kernel
  const scroller = content.node.querySelector(".jp-WindowedPanel-outer");
  const [index, top] = [content.activeCellIndex, scroller?.scrollTop ?? 0];
  const stay = () => scroller?.scrollTo({ top });
  const end = new AbortController();
  scroller?.addEventListener("scroll", stay, { signal: end.signal });
  // Whoever moves on while it runs is let go.
  for (const moved of MOVES) document.addEventListener(moved, () => end.abort(), { signal: end.signal, capture: true });
  const done = app.commands.execute("notebook:run-all-cells");
  content.activeCellIndex = index;
  await done;
  // The page was shorter while its outputs were away.
  if (!end.signal.aborted) stay();
  setTimeout(() => end.abort(), SETTLED);
}

/** @param {Application} app */
function activate(app) {
  app.commands.addCommand("kwlesson:run-all", { label: "Run All Cells", execute: () => runInPlace(app) });
  app.restored.then(() => {
    // Where nothing stands, JupyterLab leaves a side open.
    const { shell } = app;
    if (![...shell.widgets("left")].length) shell.collapseLeft();
    if (![...shell.widgets("right")].length) shell.collapseRight();
  });
  // A teacher's link on a launched machine opens the whole of JupyterLab.
  if (location.pathname.includes("/instructor/")) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
  const note = () => document.body.classList.add("kw-keyboard");
  document.addEventListener("keydown", note, { capture: true, once: true });
  /** @type {WeakSet<Panel>} */
  const known = new WeakSet();
  const tidy = async () => {
    const current = app.shell.currentWidget;
    await current?.context?.ready;
    if (!current || !isLessonPage(current)) return;
    if (!known.has(current)) keepUnchanged(current);
    known.add(current);
    for (const panel of [...app.shell.widgets("main")]) {
      if (panel !== current && current === app.shell.currentWidget && isLessonPage(panel)) panel.close();
    }
  };
  app.restored.then(() => {
    app.shell.mode = "single-document";
    for (const part of [...app.shell.widgets("left")]) part.parent = null; // as other work left it
    for (const part of app.shell.layout) if (HIDDEN.includes(part.id)) part.hide();
    app.shell.currentChanged.connect(tidy);
    tidy();
  });
}

const plugin = { id: "kwlesson:frame", autoStart: true, activate };
const shared = /** @type {typeof globalThis & { _JUPYTERLAB?: Record<string, object> }} */ (globalThis);
shared._JUPYTERLAB ??= {};
shared._JUPYTERLAB.kwlesson = {
  init() {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
