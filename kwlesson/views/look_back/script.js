/** The learner's path: the ratings as they are kept, side by side. It shows them and says no more. */

import { defineActivity } from "../../answers/widget.js";
import { asRecord } from "../../answers/workbook_format.js";
import { find, findAll } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {{ choices: Record<string, Record<string, string>>, after: string }} Context */

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.trim() : "";
}

/** @type {Start<Context>} */
function start({ el, context, store }) {
  const ratings = Object.entries(context.choices).map(([question, choices]) => {
    const place = find(el, `[data-rating="${CSS.escape(question)}"]`);
    const [choice, reason] = findAll(place, "[data-fill]");
    return {
      question,
      choices: new Map(Object.entries(choices)),
      choice,
      reason,
      empty: choice.textContent,
    };
  });
  const after = el.querySelector("[data-fill=after]");
  const unanswered = after?.textContent ?? "";

  const refresh = () => {
    for (const { question, choices, choice, reason, empty } of ratings) {
      const rating = asRecord(store.get(question));
      const chosen = text(rating.choice);
      choice.textContent = (choices.get(chosen) ?? chosen) || empty;
      reason.textContent = chosen && text(rating.reason);
    }
    if (after) after.textContent = text(store.get(context.after)) || unanswered;
  };

  return refresh;
}

export default defineActivity(start);
