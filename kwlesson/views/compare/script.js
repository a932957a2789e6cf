/** The judgement of each row: kept at once under the row's own name; ours is shown after it. */

import { defineActivity } from "../../answers/widget.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @type {Start<unknown>} */
function start({ el, store }) {
  /** @type {HTMLInputElement[]} */
  const boxes = findAll(el, ".kw-judged input");
  const message = find(el, ".kw-message");
  let last = "";

  const refresh = () => {
    for (const box of boxes) {
      const answer = store.get(box.name);
      if (answer === undefined) continue;
      box.checked = answer === box.value;
      // A browser that cannot show a closed line in part shows it open.
      if (box.checked) box.closest(".kw-judged")?.querySelector("details")?.setAttribute("open", "");
    }
    setText(message, last ? store.status(last) : "");
  };

  for (const box of boxes) {
    box.addEventListener("change", () => {
      last = box.name;
      void store.record(box.name, box.value);
    });
  }
  return refresh;
}

export default defineActivity(start);
