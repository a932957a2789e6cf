/** A source set aside: the first choice is the guess, which is kept; each choice shows what it leaves. */

import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */

/** @type {Start<{ question: string }>} */
function start({ el, context: { question }, store }) {
  const status = find(el, ".kw-message");
  /** @type {HTMLInputElement[]} */
  const boxes = findAll(el, "input");
  for (const details of findAll(el, ".kw-without")) details.setAttribute("open", "");

  const refresh = () => {
    const guess = boxes.find((box) => box.value === store.get(question));
    if (!guess) {
      setText(status, "");
      return;
    }
    if (!boxes.some((box) => box.checked)) guess.checked = true;
    const named = guess.labels?.[0]?.textContent?.trim() ?? "";
    setText(status, `${translate("Your guess: {named}.", { named })} ${store.status(question)}`);
  };

  find(el, "form").addEventListener("change", () => {
    const chosen = boxes.find((box) => box.checked);
    if (chosen && store.get(question) === undefined) {
      void store.record(question, chosen.value, { lock: true });
    }
  });
  return refresh;
}

export default defineActivity(start);
