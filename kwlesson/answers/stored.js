/**
 * Brings to life the forms of a page, with nothing run: the page itself, or what takes its place.
 * Both are packed in a script that is none: a page without scripts neither shows nor reads it.
 */

import { draw, keepAlive, openStore } from "./widget.js";

/** @import { Channel, Model } from "./transport.js" */
/** @import { Activity } from "./widget.js" */
/**
 * @typedef {object} Shared
 * @property {boolean} [kwlessonForms]
 * @property {Set<Model>} [kwlessonKernels]
 * @property {(packed: string) => Promise<string>} [kwlessonUnpack]
 */

const shared = /** @type {typeof globalThis & Shared} */ (globalThis);

/**
 * @param {HTMLScriptElement} form
 * @param {Record<string, Activity<any>>} activities
 * @returns {() => void} - Closes it.
 */
function open(form, activities) {
  const { lesson = "", view = "" } = form.dataset;
  const place = /** @type {HTMLElement} */ (form.previousElementSibling);
  const blank = place.cloneNode(true);
  const store = openStore(lesson);
  let isClosed = false;
  let isAgain = false;
  let stop = () => {};
  shared.kwlessonUnpack?.(form.text).then((text) => {
    if (isClosed) return;
    const { html, context } = JSON.parse(text);
    place.classList.add("kw-live");
    stop = keepAlive(store, () => {
      if (html !== null) draw(place, html);
      else if (isAgain) place.replaceChildren(...blank.cloneNode(true).childNodes);
      isAgain = true;
      return activities[view].begin({ el: place, context, store: store.through() });
    });
  });
  return () => {
    isClosed = true;
    stop();
  };
}

/**
 * Return what makes one thing of each of a set that changes, and ends those that have left it.
 * @template Key, Kept
 * @param {() => Iterable<Key>} present
 * @param {(key: Key) => Kept} begin
 * @param {(kept: Kept) => void} end
 */
function follow(present, begin, end) {
  /** @type {Map<Key, Kept>} */
  const known = new Map();
  return () => {
    const now = new Set(present());
    for (const [key, kept] of known) {
      if (now.has(key)) continue;
      known.delete(key);
      end(kept);
    }
    for (const key of now) if (!known.has(key)) known.set(key, begin(key));
  };
}

/**
 * Open the forms of a page, and those that come into it later; what has left it is closed.
 * @param {Record<string, Activity<any>>} activities
 */
export default function startForms(activities) {
  if (shared.kwlessonForms) return;
  shared.kwlessonForms = true;
  /** @type {() => NodeListOf<HTMLScriptElement>} */
  const forms = () => document.querySelectorAll("script.kw-form");
  const openForms = follow(
    forms,
    (form) => open(form, activities),
    (close) => close(),
  );
  /** @type {(model: Model) => [ReturnType<typeof openStore>, Channel]} */
  const join = (model) => {
    const store = openStore(model.get("lesson"), model.get("workbook_id"));
    return [store, store.connect(model)];
  };
  const joinKernels = follow(
    () => shared.kwlessonKernels ?? [],
    join,
    ([store, channel]) => store.disconnect(channel),
  );
  new MutationObserver(openForms).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("kwlesson:kernels", joinKernels);
  openForms();
  joinKernels();
}
