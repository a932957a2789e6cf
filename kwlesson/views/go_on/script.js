/** Where the learner is: what is answered in each notebook, and the page they were on last. */

import { readNote, writeNote } from "../../answers/notes.js";
import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { find, isPage, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {{ here: string, title: string, parts: Record<string, string[]> }} Context */

const PLACE = "place";
const FIRST = "00";

/**
 * @param {number} answered
 * @param {number} all
 */
export function describePart(answered, all) {
  if (answered === all) return "✓";
  return answered ? translate("{answered} of {all}", { answered, all }) : "?";
}

/**
 * Return how the page is headed, without the sign that JupyterLab hangs on a heading.
 * @param {HTMLElement} el
 */
const headingOf = (el) => (el.closest(".jp-Notebook") ?? document).querySelector("h1")?.firstChild?.textContent?.trim();

/** @type {Start<Context>} */
function start({ el, context: { here, title, parts }, store }) {
  const last = readNote(PLACE);
  if (!here.startsWith(FIRST)) writeNote(PLACE, [here, headingOf(el) ?? title]);
  else if (Array.isArray(last)) {
    const [name, heading] = last.map(String);
    /** @type {HTMLAnchorElement} */
    const link = find(el, "[data-fill=place]");
    link.href = `${encodeURIComponent(name)}.${isPage() ? "html" : "ipynb"}`;
    setText(link, heading);
    find(el, "[data-show=place]").hidden = false;
  }
  const refresh = () => {
    const answers = store.answers();
    for (const [part, questions] of Object.entries(parts)) {
      const answered = questions.filter((question) => answers[question] !== undefined).length;
      const told = find(el, `[data-part="${part}"]`);
      told.classList.toggle("kw-begun", answered > 0);
      setText(told, describePart(answered, questions.length));
    }
  };
  return refresh;
}

export default defineActivity(start);
