/** The argument: keeps what is written, and makes the one page of it. */

import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { isSame } from "../../answers/workbook_format.js";
import { download, find, findAll, setText } from "../kit/dom.js";
import { cleanText, countWords, FIELDS, parseArgument, SIDES } from "./argument.js";
import { makeMarkdown, makePage } from "./handout.js";

/** @import { Start } from "../../answers/widget.js" */
/** @import { Argument, Field, Side } from "./argument.js" */
/** @import { Handout } from "./handout.js" */
/** @typedef {Handout & { most: Record<Side, number> }} Context */

const QUESTION = "argument";
const ON_LEAVING = translate("It is kept when you leave the box.");
const ON_CHANGE = translate("It is kept with your next change.");

/** @type {Start<Context>} */
function start({ el, context, store }) {
  /** @type {HTMLFormElement} */
  const form = find(el, "form");
  const status = find(el, ".kw-message");
  /** @type {HTMLDetailsElement} */
  const preview = find(el, "[data-look]");
  /** @type {HTMLInputElement} */
  const search = find(form, "[name=filter]");
  const boxes = new Map(
    FIELDS.map((field) => {
      /** @type {HTMLTextAreaElement} */
      const box = find(form, `[name=${field}]`);
      return [field, box];
    }),
  );
  /** @type {Pick<Argument, Side>} */
  let chosen = { evidence: [], against: [] };

  /** @param {string} message */
  const say = (message) => setText(status, message);
  /** @param {Field} field */
  const written = (field) => boxes.get(field)?.value ?? "";
  /**
   * @param {string} name
   * @returns {HTMLInputElement[]}
   */
  const inputs = (name) => findAll(el, `input[name=${name}]`);

  // The form

  /** @returns {Argument} */
  const read = () => {
    const sure = inputs("sure").find((box) => box.checked)?.value ?? "";
    return { claim: written("claim"), ...chosen, but: written("but"), sure, why: written("why") };
  };
  /** @param {Argument} argument */
  const fill = (argument) => {
    for (const [field, box] of boxes) if (box.value !== argument[field]) box.value = argument[field];
    for (const box of inputs("sure")) box.checked = box.value === argument.sure;
    chosen = { evidence: argument.evidence, against: argument.against };
    show();
  };

  const updateCount = () => {
    find(el, "[data-count]").textContent = String(countWords(written("claim")));
  };
  const updateMark = () => {
    find(el, "[data-unsupported]").hidden = !cleanText(written("claim")) || chosen.evidence.length > 0;
  };
  const updatePreview = () => {
    /** @type {HTMLIFrameElement} */
    const frame = find(preview, "iframe");
    if (preview.open) frame.srcdoc = makePage(context, read(), store.get("name"));
  };

  /** @param {string} key */
  const nameOf = (key) => {
    const legend = el.querySelector(`[data-piece="${CSS.escape(key)}"] legend`);
    return legend?.textContent.trim() ?? key;
  };
  /**
   * @param {Side} side
   * @param {string} key
   */
  const drawChosen = (side, key) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = translate("Take out");
    button.dataset.lmSuppressShortcuts = "true";
    button.setAttribute("aria-label", translate("Take out: {name}", { name: nameOf(key) }));
    button.addEventListener("click", () => {
      choose(side, key, false);
      find(el, `[data-chosen=${side}] button, input[name=filter]`).focus();
    });
    item.append(`${nameOf(key)} `, button);
    return item;
  };
  const show = () => {
    for (const side of SIDES) {
      for (const box of inputs(side)) box.checked = chosen[side].includes(box.value);
      find(el, `[data-chosen=${side}]`).replaceChildren(...chosen[side].map((key) => drawChosen(side, key)));
      find(el, `[data-none=${side}]`).hidden = chosen[side].length > 0;
    }
    updateCount();
    updateMark();
    updatePreview();
  };
  /**
   * @param {Side} side
   * @param {string} key
   * @param {boolean} isTicked
   */
  const choose = (side, key, isTicked) => {
    const rest = chosen[side].filter((one) => one !== key);
    if (isTicked && rest.length >= context.most[side]) {
      show();
      say(translate("At most {most} fit on the page. Take one out first.", { most: context.most[side] }));
      return;
    }
    chosen = { ...chosen, [side]: isTicked ? [...rest, key] : rest };
    show();
    keep();
  };

  const filter = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    let total = 0;
    /** @type {HTMLDetailsElement[]} */
    const groups = findAll(el, "[data-group]");
    for (const group of groups) {
      const pieces = findAll(group, "[data-piece]");
      for (const piece of pieces) {
        const words = findAll(piece, "legend, .kw-source").map((one) => one.textContent);
        piece.hidden = !words.join(" ").toLocaleLowerCase().includes(wanted);
      }
      const here = pieces.filter((piece) => !piece.hidden).length;
      group.hidden = here === 0;
      group.open = wanted !== "" && here > 0;
      total += here;
    }
    find(el, "[data-found]").textContent = wanted && translate("{total} found", { total });
  };

  // What is kept

  let reported = ""; // how the answer stands, where nothing else was said since
  let how = ON_CHANGE;
  let waits = false; // for a kernel, which the page said it has not heard
  const report = (next = how) => {
    how = next;
    if (store.get(QUESTION) === undefined) return;
    const isDraft = store.draft(QUESTION) !== undefined;
    reported = isDraft ? store.changedStatus(QUESTION, how) : store.status(QUESTION);
    say(reported);
  };
  /** @param {Argument} argument */
  const isKept = (argument) => isSame(argument, parseArgument(store.get(QUESTION)));
  const keep = async () => {
    const argument = read();
    how = ON_CHANGE;
    if (isKept(argument)) {
      store.setDraft(QUESTION, undefined);
    } else {
      const { saved } = await store.record(QUESTION, argument);
      waits = !saved;
    }
    report();
  };
  const refresh = () => {
    const answer = store.draft(QUESTION) ?? store.get(QUESTION);
    if (answer !== undefined && !isSame(parseArgument(answer), read())) fill(parseArgument(answer));
    const isHeard = waits && store.isSaved(QUESTION);
    waits = waits && !isHeard;
    if (isHeard || status.textContent === reported) report();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target === search) filter();
    const field = FIELDS.find((one) => boxes.get(one) === target);
    if (!field) return;
    const argument = read();
    store.setDraft(QUESTION, isKept(argument) ? undefined : argument);
    report(ON_LEAVING);
    if (field !== "claim") return;
    updateCount();
    updateMark();
  });
  form.addEventListener("change", ({ target }) => {
    if (target === search) return;
    const side = SIDES.find((one) => target instanceof HTMLInputElement && target.name === one);
    if (side && target instanceof HTMLInputElement) choose(side, target.value, target.checked);
    else {
      keep();
      updatePreview();
    }
  });
  // Enter in the search would look for a button to press; there is nothing to hand in.
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  preview.addEventListener("toggle", updatePreview);
  find(el, "[data-save=html]").addEventListener("click", () => {
    download("my-argument.html", "text/html", makePage(context, read(), store.get("name")));
    say(translate("The page is in your downloads."));
  });
  find(el, "[data-save=md]").addEventListener("click", () => {
    download("my-argument.md", "text/markdown", makeMarkdown(context, read(), store.get("name")));
    say(translate("The text is in your downloads."));
  });

  show();
  return refresh;
}

export default defineActivity(start);
