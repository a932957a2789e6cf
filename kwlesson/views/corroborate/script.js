/** Evidence under three tests: what is chosen is kept at once, one answer a piece. */

import { defineActivity } from "../../answers/widget.js";
import { asRecord, isSame } from "../../answers/workbook_format.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @type {Start<unknown>} */
function start({ el, store }) {
  const pieces = findAll(el, ".kw-evidence").map((form) => {
    /** @type {HTMLInputElement[]} */
    const boxes = findAll(form, "input");
    return { form, question: form.dataset.row ?? "", boxes, status: find(form, ".kw-message") };
  });
  /** @param {HTMLInputElement[]} boxes */
  const read = (boxes) => {
    const chosen = boxes.filter((box) => box.checked);
    return Object.fromEntries(chosen.map((box) => [box.name, box.value]));
  };

  const refresh = () => {
    for (const { question, boxes, status } of pieces) {
      const answer = store.get(question);
      if (!answer || typeof answer !== "object") continue;
      const values = new Map(Object.entries(asRecord(answer)));
      if (!isSame(read(boxes), answer)) {
        for (const box of boxes) box.checked = values.get(box.name) === box.value;
      }
      setText(status, store.status(question));
    }
  };

  for (const { form, question, boxes } of pieces) {
    form.addEventListener("change", () => void store.record(question, read(boxes)));
  }
  const stop = store.subscribe(refresh);
  refresh();
  return stop;
}

export default defineActivity(start);
