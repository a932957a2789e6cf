/** Evidence under three tests: what is chosen is kept at once, one answer a piece. */

import { defineActivity } from "../../answers/widget.js";
import { asRecord, isSame } from "../../answers/workbook_format.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @type {Start<unknown>} */
function start({ el, store }) {
  const message = find(el, ".kw-message");
  let last = "";
  const pieces = findAll(el, ".kw-evidence").map((piece) => {
    /** @type {HTMLInputElement[]} */
    const boxes = findAll(piece, "input");
    return { piece, question: piece.dataset.row ?? "", boxes };
  });
  // A radio is named by the place of its piece and by its test.
  /** @param {HTMLInputElement} box */
  const test = (box) => box.name.slice(box.name.indexOf("-") + 1);
  /** @param {HTMLInputElement[]} boxes */
  const read = (boxes) => {
    const chosen = boxes.filter((box) => box.checked);
    return Object.fromEntries(chosen.map((box) => [test(box), box.value]));
  };

  const refresh = () => {
    for (const { question, boxes } of pieces) {
      const answer = store.get(question);
      if (!answer || typeof answer !== "object" || isSame(read(boxes), answer)) continue;
      const values = new Map(Object.entries(asRecord(answer)));
      for (const box of boxes) box.checked = values.get(test(box)) === box.value;
    }
    setText(message, last ? store.status(last) : "");
  };

  for (const { piece, question, boxes } of pieces) {
    piece.addEventListener("change", () => {
      last = question;
      void store.record(question, read(boxes));
    });
  }
  return refresh;
}

export default defineActivity(start);
