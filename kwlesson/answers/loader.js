/**
 * What each activity's widget carries itself: it joins the modules of its script, which a kernel
 * sends once for all activities, and hands over to them. It imports nothing, since it is sent as it is.
 */

/** @import { Model } from "./transport.js" */
/**
 * @typedef {object} Frame
 * @property {Model & { widget_manager: { get_model: (id: string) => Promise<Model> } }} model
 * @property {HTMLElement} el
 */

// One window loads a script once, whichever activity asks first.
const shared = /** @type {typeof globalThis & { kwlessonScripts?: Map<string, Promise<any>> }} */ (globalThis);
shared.kwlessonScripts ??= new Map();
const scripts = shared.kwlessonScripts;

/** @param {Frame["model"]} model */
async function load(model) {
  /** @type {string[]} */
  const references = model.get("modules");
  const ids = references.map((reference) => reference.replace("IPY_MODEL_", ""));
  const modules = await Promise.all(ids.map((id) => model.widget_manager.get_model(id)));
  const code = modules.map((module) => module.get("code")).join("");
  const loaded = scripts.get(code) ?? import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  scripts.set(code, loaded);
  return (await loaded).default;
}

export default {
  /** @param {Frame} frame */
  async render(frame) {
    const activity = await load(frame.model);
    return activity.render(frame);
  },
};
