/** What the widget's frame calls. The HTML is drawn by our templates, which escape every cell. */

import { createStore } from "./store.js";

/** @import { ActivityStore, Store } from "./store.js" */
/** @import { Model } from "./transport.js" */
/**
 * What brings an activity to life once its HTML is on the page; what it returns shows the answers,
 * at first and whenever they change.
 * @template Context
 * @callback Start
 * @param {{ el: HTMLElement, context: Context, store: ActivityStore }} activity
 * @returns {() => void}
 */

/**
 * @template Context
 * @typedef {object} Activity
 * @property {Start<Context>} begin - Starts it, and returns what ends it.
 * @property {(frame: { model: Model, el: HTMLElement }) => () => void} render
 */

// The scripts of several activities, each with this module in it, share the stores of a window.
const shared = /** @type {typeof globalThis & { kwlessonStores?: Map<string, Store> }} */ (globalThis);

/**
 * Lead Escape from a control to the cell it stands in: from there the arrow keys go from text to text.
 * @param {KeyboardEvent} event
 */
function leaveForTheCell(event) {
  if (event.key !== "Escape" || event.isComposing || !(event.target instanceof Element)) return;
  const cell = event.target.closest(".jp-OutputArea") && event.target.closest(".jp-Cell");
  if (!(cell instanceof HTMLElement)) return;
  event.preventDefault();
  cell.focus();
}

/**
 * Open the store of a workbook: where nothing was run, the page's.
 * @param {string} lesson
 * @param {string} [workbookId]
 */
export function openStore(lesson, workbookId) {
  if (!shared.kwlessonStores) {
    shared.kwlessonStores = new Map();
    document.addEventListener("keydown", leaveForTheCell, true);
  }
  const stores = shared.kwlessonStores;
  const pageKey = `page of ${lesson}`;
  const page = stores.get(pageKey);
  // What was answered before anything was run belongs to the first workbook that comes.
  const isFree = page && [...stores.values()].filter((one) => one === page).length === 1;
  let store = stores.get(workbookId ?? pageKey) ?? (isFree ? page : undefined);
  if (!store) {
    store = createStore(undefined, lesson);
    if (workbookId === undefined) store.openCopy();
  }
  if (!page) stores.set(pageKey, store);
  if (workbookId !== undefined) stores.set(workbookId, store);
  return store;
}

/**
 * Begin an activity, and begin it anew when the answers on the page are forgotten.
 * @param {Store} store
 * @param {() => () => void} begin - What it returns ends the activity.
 */
export function keepAlive(store, begin) {
  let stop = begin();
  const leave = store.onForgotten(() => {
    stop();
    stop = begin();
  });
  return () => {
    leave();
    stop();
  };
}

/**
 * @param {HTMLElement} place
 * @param {string} html - Drawn by our templates.
 */
export function draw(place, html) {
  place.innerHTML = html;
}

/**
 * Make the widget of an activity.
 * @template Context
 * @param {Start<Context>} start
 * @returns {Activity<Context>}
 */
export function defineActivity(start) {
  /** @type {Start<Context>} */
  const begin = (activity) => {
    const refresh = start(activity);
    const stop = activity.store.subscribe(refresh);
    refresh();
    return stop;
  };
  return {
    begin,
    render({ model, el }) {
      // Where several visitors use one folder there is no workbook: answers stay in their browsers.
      const workbookId = model.get("workbook_id") || undefined;
      const store = openStore(model.get("lesson"), workbookId);
      const channel = workbookId && store.connect(model);
      const stop = keepAlive(store, () => {
        draw(el, model.get("html"));
        return begin({ el, context: model.get("context"), store: store.through(channel || undefined) });
      });
      return () => {
        stop();
        if (channel) store.disconnect(channel);
      };
    },
  };
}
