/** Where the learner is: what is answered in each notebook, and the page they were on last. */

import { readNote, writeNote } from "../../answers/notes.js";
import { defineActivity } from "../../answers/widget.js";
import { find, isPage, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {{ here: string, parts: Record<string, string[]> }} Context */

const PLACE = "place";
const FIRST = "00";

/**
 * @param {number} answered
 * @param {number} all
 */
export function describePart(answered, all) {
  if (answered === all) return "✓";
  return answered ? `${answered} of ${all}` : `${all}?`;
}

/** @type {Start<Context>} */
function start({ el, context: { here, parts }, store }) {
  const last = readNote(PLACE);
  if (!here.startsWith(FIRST)) writeNote(PLACE, here);
  else if (typeof last === "string") {
    /** @type {HTMLAnchorElement} */
    const link = find(el, "[data-fill=place]");
    link.href = `${encodeURIComponent(last)}.${isPage() ? "html" : "ipynb"}`;
    setText(link, last.replaceAll("-", " "));
    find(el, "[data-show=place]").hidden = false;
  }
  const refresh = () => {
    const answers = store.answers();
    for (const [part, questions] of Object.entries(parts)) {
      const answered = questions.filter((question) => answers[question] !== undefined).length;
      setText(find(el, `[data-part="${part}"]`), describePart(answered, questions.length));
    }
  };
  return refresh;
}

export default defineActivity(start);
