/** The chain: two choices a step are kept at once; ours shows by styles once both are made. */

import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { asRecord, isSame } from "../../answers/workbook_format.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {{ happened?: string, said?: string }} Answer */

const HOW_MANY = 2;

/** @param {HTMLElement} label */
const words = (label) => label.textContent?.trim() ?? "";

/**
 * Say where a learner and we differ, once every step has its two answers.
 * @param {number[]} differing - Numbers of steps.
 */
export function sumUp(differing) {
  if (!differing.length) return translate("All sorted, as we do. Could one be sorted otherwise?");
  return translate("All sorted. You and we differ at {steps}: open one, and say why.", { steps: differing.join(", ") });
}

/** @type {Start<unknown>} */
function start({ el, store }) {
  const status = find(el, ".kw-message");
  const steps = findAll(el, ".kw-step").map((step, index) => {
    const asked = findAll(step, "fieldset").map((fieldset) => {
      /** @type {HTMLInputElement[]} */
      const boxes = findAll(fieldset, "input");
      return { name: fieldset.dataset.ask ?? "", boxes, ours: find(fieldset, "[data-ours]") };
    });
    return { step, asked, number: index + 1, question: step.dataset.row ?? "" };
  });
  /** @typedef {typeof steps[number]} Step */
  let last = "";

  /** @param {Step} step */
  const read = ({ asked }) => {
    const chosen = asked.map(({ name, boxes }) => [name, boxes.find((box) => box.checked)?.value]);
    return Object.fromEntries(chosen.filter(([, value]) => value));
  };
  /** @param {Step} step */
  const isSorted = (step) => Object.keys(read(step)).length === HOW_MANY;
  /** @param {Step} step */
  const differs = ({ asked }) => asked.some(({ ours }) => !find(ours, "input").matches(":checked"));

  /** @param {Step} step */
  const tell = (step) => {
    if (steps.every(isSorted)) return sumUp(steps.filter(differs).map(({ number }) => number));
    const ours = step.asked.map((one) => words(one.ours)).join("; ");
    const told = isSorted(step) ? ` ${translate("Ours: {ours}.", { ours })}` : "";
    return `${translate("Step {number}.", { number: step.number })} ${store.status(step.question)}${told}`;
  };

  const refresh = () => {
    for (const step of steps) {
      const answer = store.get(step.question);
      if (!answer || typeof answer !== "object") continue;
      const values = new Map(Object.entries(asRecord(answer)));
      if (!isSame(read(step), answer)) {
        for (const { name, boxes } of step.asked) {
          for (const box of boxes) box.checked = values.get(name) === box.value;
        }
      }
      if (isSorted(step)) find(step.step, ".kw-answer").setAttribute("open", "");
    }
    const chosen = steps.find(({ question }) => question === last);
    setText(status, chosen ? tell(chosen) : "");
  };

  for (const step of steps) {
    const open = /** @type {HTMLInputElement} */ (find(step.step, "[name=open]"));
    let wasOpen = false;
    find(step.step, ".kw-title").addEventListener("pointerdown", () => {
      wasOpen = open.checked;
    });
    step.step.addEventListener("change", ({ target }) => {
      if (target === open) return;
      last = step.question;
      void store.record(step.question, read(step));
    });
    open.addEventListener("click", () => {
      if (wasOpen) open.checked = false;
      wasOpen = false;
    });
  }
  return refresh;
}

export default defineActivity(start);
