/** The bar "your work": how much is kept and where, to save as a file and to bring back. */

import { encodeAnswers } from "../../answers/answer_code.js";
import { clearNotes, readAsked } from "../../answers/notes.js";
import { NO_KERNEL, notInFolder } from "../../answers/store.js";
import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { download, find, isPage, setText } from "../kit/dom.js";
import { printAnswers, printedAnswers } from "./print_answers.js";

/** @import { Codebook } from "../../answers/answer_code.js" */
/** @import { Start } from "../../answers/widget.js" */
/** @import { ActivityStore } from "../../answers/store.js" */

const BUSY = translate("The kernel is busy. It does this as soon as it is free.");
const ALONE = translate(
  "Your answers stay in this browser alone, and are sent nowhere. Download your work before you leave. On a shared computer, forget everything when you go.",
);
const FORGOTTEN = translate("Everything is removed. This page begins anew.");
const FORGOTTEN_HERE = translate(
  "This browser has forgotten it. What your folder holds goes too once all cells are run and you press this again.",
);

/**
 * Take a reader back to the notebook's top: to run all cells leaves them at the last cell, past
 * everything that is still to be read. Who has gone elsewhere since stays there.
 * @param {HTMLElement} el
 * @param {number} [frames]
 */
function returnToTop(el, frames = 60) {
  if (!el.isConnected) {
    if (frames) requestAnimationFrame(() => returnToTop(el, frames - 1));
    return;
  }
  const notebook = el.closest(".jp-Notebook");
  const scroller = notebook?.querySelector(".jp-WindowedPanel-outer");
  if (!notebook || !scroller) return;
  /** @type {NodeListOf<HTMLElement>} */
  const cells = scroller.querySelectorAll(".jp-Cell");
  const last = cells[cells.length - 1];
  if (!last.classList.contains("jp-mod-active")) return;
  if (last.getBoundingClientRect().top > scroller.getBoundingClientRect().bottom) return;
  if (notebook.contains(document.activeElement)) cells[0].focus({ preventScroll: true });
  scroller.scrollTo({ top: 0 });
}

/** @param {number} number */
function count(number) {
  return number === 1 ? translate("1 answer") : translate("{number} answers", { number });
}

/**
 * Say whose work a browser's copy is, of when, and how much of it is missing here.
 * @param {ReturnType<ActivityStore["offers"]>[number]} offer
 */
export function describeOffer({ copy, count: missing }) {
  const name = copy.entries.get("name")?.answer;
  const date = new Date(copy.at);
  const when = Number.isNaN(date.getTime()) ? translate("an unknown day") : date.toLocaleString();
  const whose = name ? translate("{name}'s work", { name: String(name) }) : translate("work without a name");
  return translate("This browser holds a copy of {whose} from {when}, with {answers} that your folder does not have.", {
    whose,
    when,
    answers: count(missing),
  });
}

/** @type {Start<{ largest: number, shared: boolean, codes: Codebook }>} */
function start({ el, context: { largest, shared, codes }, store }) {
  const isAlone = shared || isPage();
  const status = find(el, ".kw-message");
  const offers = find(el, ".kw-offers");
  /** @type {HTMLFormElement} */
  const naming = find(el, ".kw-name");
  /** @type {HTMLInputElement} */
  const name = find(el, "input[name=name]");
  /** @type {HTMLInputElement} */
  const chooser = find(el, "input[type=file]");
  /** @type {HTMLTemplateElement} */
  const template = find(el, "template");

  /** @param {string} message */
  const say = (message) => {
    status.textContent = message;
  };
  /**
   * @param {string} slot
   * @param {string} text
   */
  const write = (slot, text) => setText(find(el, `[data-fill=${slot}]`), text);
  /**
   * @param {string} part
   * @param {boolean} isShown
   */
  const show = (part, isShown) => {
    find(el, `[data-show=${part}]`).hidden = !isShown;
  };
  /**
   * @param {string} action
   * @param {() => void} act
   */
  const onClick = (action, act) => find(el, `[data-do=${action}]`).addEventListener("click", act);

  /** @param {Awaited<ReturnType<typeof store.accept>>} reply */
  const report = (reply) => {
    if (!reply) say(store.isBusy() ? BUSY : translate("Not done: {why}", { why: NO_KERNEL }));
    else say(reply.status === "restored" ? (reply.messages ?? []).join(" ") : (reply.message ?? ""));
  };
  /** @param {File | undefined} file */
  const bring = async (file) => {
    if (!file) return;
    if (file.size > largest) {
      say(
        translate("This file is larger than {size} MB, so it is no file of answers. Nothing was changed.", {
          size: largest / 1000000,
        }),
      );
      return;
    }
    say(translate("Reading the file ..."));
    try {
      report(await store.restore(await file.arrayBuffer()));
    } catch {
      say(translate("This browser cannot read the file. Nothing was changed."));
    }
  };

  /** @param {ReturnType<typeof store.offers>[number]} offer */
  const draw = (offer) => {
    const line = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    find(line, "span").textContent = describeOffer(offer);
    find(line, "button").addEventListener("click", async () => report(await store.accept(offer.copy)));
    return line;
  };

  const refresh = () => {
    const answers = store.answers();
    const number = Object.keys(answers).filter((question) => question !== "name").length;
    const waiting = store.countUnsaved();
    const file = store.file();
    const soFar = translate("{answers} so far", { answers: count(number) });
    const isSaved = number && !waiting && file;
    write(
      "kept",
      isSaved
        ? translate("{answers}, saved in {file}.", { answers: soFar, file })
        : number
          ? `${soFar}. ${store.place()}`.trim()
          : "",
    );
    write("unsaved", translate("{answers} not yet in your folder.", { answers: count(waiting) }));
    const where =
      file && !store.place()
        ? translate("Your answers are in the file {file}, in the folder of your work.", { file })
        : "";
    write("where", isAlone ? ALONE : where);
    show("copy", !isAlone);
    show("work", number > 0 || store.hasDrafts());
    write("notices", store.notices().join(" "));
    show("unsaved", waiting > 0 && !store.place());
    write("code", number ? encodeAnswers(codes, answers) : "");
    show("code", number > 0);
    if (typeof answers.name === "string" && document.activeElement !== name) name.value = answers.name;
    if (store.problem()) say(store.problem());
    const found = store.offers();
    const key = JSON.stringify(found.map((one) => [one.copy.key, one.count]));
    if (offers.dataset.key === key) return;
    offers.dataset.key = key;
    offers.replaceChildren(...found.map(draw));
  };

  onClick("download", () => {
    download("my-answers.json", "application/json", store.exportFile());
    say(translate("Look for my-answers.json among your downloads."));
  });
  onClick("again", store.retry);
  onClick("print", () => {
    const { name: own, ...answers } = store.answers();
    printAnswers(
      own ? translate("My answers: {name}", { name: String(own) }) : translate("My answers"),
      printedAnswers(answers, readAsked()),
    );
  });
  onClick("clear", () => {
    store.clearCopies();
    clearNotes();
    say(translate("This browser's copy is cleared. The file in your folder is as it was."));
  });
  onClick("forget", async () => {
    const reply = await store.forget();
    if (reply?.status === "forgotten") {
      // Everything was drawn anew, with nothing in it.
      const isWhole = isAlone || !store.place();
      find(el, ".kw-message").textContent = isWhole ? FORGOTTEN : FORGOTTEN_HERE;
      find(el, ".kw-where summary").focus();
    } else report(reply);
  });
  onClick("copy", async () => {
    try {
      await navigator.clipboard.writeText(encodeAnswers(codes, store.answers()));
      say(translate("The code is copied."));
    } catch {
      say(translate("Mark the code and copy it by hand."));
    }
  });
  naming.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { saved, message } = await store.record("name", name.value.trim());
    const why = store.place() || (store.isSaved("name") ? message : notInFolder(message));
    say(saved ? translate("Your name is kept with your answers.") : why);
  });
  // JupyterLab keeps Enter from handing a form in.
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    naming.requestSubmit();
  });
  chooser.addEventListener("change", async () => {
    await bring(chooser.files?.[0]);
    chooser.value = "";
  });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    bring(event.dataTransfer?.files[0]);
  });
  returnToTop(el);
  return refresh;
}

export default defineActivity(start);
