/**
 * Brings to life the forms of a page, with nothing run: the page itself, or what takes its place.
 * That is kept in a script of type text/html, which a page without scripts neither shows nor reads.
 */

import { draw, keepAlive, openStore } from "./widget.js";

/** @import { Channel, Model } from "./transport.js" */
/** @import { Activity } from "./widget.js" */

const shared = /** @type {typeof globalThis & { kwlessonForms?: boolean, kwlessonKernels?: Set<Model> }} */ (
  globalThis
);

/**
 * @param {HTMLElement} form
 * @param {Record<string, Activity<any>>} activities
 */
function open(form, activities) {
  const { lesson = "", view = "", context = "{}" } = form.dataset;
  const isPage = !(form instanceof HTMLScriptElement);
  const place = isPage ? form : /** @type {HTMLElement} */ (form.previousElementSibling);
  const blank = form.cloneNode(true);
  const store = openStore(lesson);
  place.classList.add("kw-live");
  return keepAlive(store, () => {
    if (isPage) place.replaceChildren(...blank.cloneNode(true).childNodes);
    else draw(place, form.text);
    return activities[view].start({ el: place, context: JSON.parse(context), store: store.through() });
  });
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
  /** @type {() => NodeListOf<HTMLElement>} */
  const forms = () => document.querySelectorAll(".kw-form");
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
