/** What the widget's frame calls. The HTML is drawn by our templates, which escape every cell. */

import { visitorId } from "./browser_copies.js";
import { createStore } from "./store.js";

/** @import { ActivityStore, Store } from "./store.js" */
/** @import { Model } from "./transport.js" */
/**
 * What brings an activity to life once its HTML is on the page; what it returns ends it.
 * @template Context
 * @callback Start
 * @param {{ el: HTMLElement, context: Context, store: ActivityStore }} activity
 * @returns {() => void}
 */

// The scripts of several activities, each with this module in it, share the stores of a window.
const shared = /** @type {typeof globalThis & { kwlessonStores?: Map<string, Store> }} */ (globalThis);

const VISITORS = "visitors"; // where several use one folder, as on a dashboard

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
 * @param {string} workbookId
 * @param {string} lesson
 */
function openStore(workbookId, lesson) {
  if (!shared.kwlessonStores) {
    shared.kwlessonStores = new Map();
    document.addEventListener("keydown", leaveForTheCell, true);
  }
  const visitor = workbookId.startsWith(VISITORS) ? visitorId() : "";
  const store = shared.kwlessonStores.get(workbookId) ?? createStore({ visitor, lesson });
  shared.kwlessonStores.set(workbookId, store);
  return store;
}

/**
 * Make the widget of an activity.
 * @template Context
 * @param {Start<Context>} start
 */
export function defineActivity(start) {
  return {
    /** @param {{ model: Model, el: HTMLElement }} frame */
    render({ model, el }) {
      const store = openStore(model.get("workbook_id"), model.get("lesson"));
      const channel = store.connect(model);
      const begin = () => {
        el.innerHTML = model.get("html");
        return start({ el, context: model.get("context"), store: store.through(channel) });
      };
      let stop = begin();
      const leave = store.onForgotten(() => {
        stop();
        stop = begin();
      });
      return () => {
        leave();
        stop();
        store.disconnect(channel);
      };
    },
  };
}
