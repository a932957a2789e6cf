/** A question: what it shows after an attempt is in the page already, hidden. */

import { noteAsked, readAsked } from "../../answers/notes.js";
import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { asRecord, isSame } from "../../answers/workbook_format.js";
import { find, findAll } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {"choice" | "evidence" | "scale" | "text"} Kind */
/** @typedef {{ choice: string, reason: string }} Rating */
/** @typedef {string | string[] | Rating} Answer */
/** @typedef {{ question: string, kind: Kind, prompt: string }} Context */

const HOW = translate("Press the button to keep it.");

/**
 * Return an answer as a form of this kind gives it; nothing for any other, whoever wrote the file.
 * @param {Kind} kind
 * @param {unknown} value
 * @returns {Answer | undefined}
 */
export function parseAnswer(kind, value) {
  if (kind === "scale") {
    const { choice, reason } = asRecord(value);
    return typeof choice === "string" && typeof reason === "string" ? { choice, reason } : undefined;
  }
  if (kind === "evidence") return Array.isArray(value) ? value : undefined;
  return typeof value === "string" ? value : undefined;
}

/**
 * Say what is still missing before an answer can be kept.
 * @param {Kind} kind
 * @param {Answer} answer
 */
export function missingPart(kind, answer) {
  if (kind === "text") return String(answer).trim() ? "" : translate("Write something first.");
  if (kind === "evidence") return String(answer) ? "" : translate("Tick at least one answer first.");
  if (kind === "choice") return answer ? "" : translate("Choose an answer first.");
  const { choice, reason } = /** @type {Rating} */ (answer);
  if (!choice) return translate("Choose an answer first.");
  return reason.trim() ? "" : translate("Write your reason first: it is kept with your rating.");
}

/**
 * Return whether what was said of a choice holds for what is chosen now, too.
 * @param {Kind} kind
 * @param {string | undefined} choice
 * @param {Answer} answer
 * @param {Answer} now
 */
export function isStillSo(kind, choice, answer, now) {
  const [was, is] = [answer, now].map((one) => [one].flat().some((id) => id === choice));
  return was === is && (is || kind === "evidence");
}

/** @type {Start<Context>} */
function start({ el, context: { question, kind, prompt }, store }) {
  const form = find(el, "form");
  const status = find(el, ".kw-message");
  /** @type {HTMLInputElement[]} */
  const boxes = findAll(form, "input[name=answer]");
  const words = form.querySelector("textarea");
  let said = "";

  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  /** @param {string} message */
  const say = (message) => {
    if (said !== message) status.textContent = said = message;
  };
  /** @returns {Answer} */
  const read = () => {
    const text = words?.value ?? "";
    const [choice = ""] = ticked();
    return { text, evidence: ticked(), scale: { choice, reason: text }, choice }[kind];
  };
  const inWords = () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.labels?.[0]?.textContent.trim() ?? box.value);
    return [...chosen, words?.value ?? ""].filter(Boolean).join("\n");
  };
  /** @param {Answer} answer */
  const fill = (answer) => {
    const { choice, reason } =
      typeof answer === "object" && "choice" in answer ? answer : { choice: answer, reason: answer };
    for (const box of boxes) box.checked = [choice].flat().includes(box.value);
    if (words) words.value = String(reason);
  };

  /**
   * @param {Answer} answer
   * @param {Answer} now
   */
  const reveal = (answer, now) => {
    for (const feedback of findAll(el, "[data-feedback]")) {
      const isChosen = [answer].flat().some((one) => one === feedback.dataset.feedback);
      feedback.hidden = !isStillSo(kind, feedback.dataset.feedback, answer, now);
      for (const line of findAll(feedback, "[data-when]")) {
        line.hidden = (line.dataset.when === "ticked") !== isChosen;
      }
    }
    for (const model of findAll(el, ".kw-model")) model.hidden = false;
  };
  /** @param {Rating} rating */
  const lock = ({ choice, reason }) => {
    const box = boxes.find(({ value }) => value === choice);
    find(el, "[data-fill=choice]").textContent = box?.labels?.[0]?.textContent.trim() ?? choice;
    find(el, "[data-fill=reason]").textContent = reason;
    find(el, ".kw-kept-rating").hidden = false;
    find(el, ".kw-unanswered").hidden = true;
  };

  const refresh = () => {
    const answer = parseAnswer(kind, store.get(question));
    const draft = parseAnswer(kind, store.draft(question));
    if (answer === undefined) {
      if (draft !== undefined && !isSame(read(), draft)) fill(draft);
      return;
    }
    const [asked = prompt] = readAsked().get(question) ?? [];
    find(el, "[data-show=reworded]").hidden = asked === prompt;
    const isLocked = kind === "scale" && store.isLocked(question);
    const isChanged = !isLocked && draft !== undefined && !isSame(draft, answer);
    if (isLocked) lock(/** @type {Rating} */ (answer));
    else if (!isChanged) fill(answer);
    else if (!isSame(read(), draft)) fill(draft);
    if (kind !== "scale") reveal(answer, isChanged ? draft : answer);
    say(isChanged ? store.changedStatus(question, HOW) : store.status(question));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = read();
    const missing = missingPart(kind, answer);
    if (missing) {
      said = "";
      say(missing);
      return;
    }
    noteAsked(question, prompt, inWords());
    store.record(question, answer, { lock: kind === "scale" });
    if (kind === "text") find(el, ".kw-model").setAttribute("open", "");
    // The button with the focus has gone: whoever reads by ear is taken to what was kept.
    if (kind === "scale") find(el, ".kw-kept-rating").focus();
    // What is said under each line pushes the button down: the reader goes with it.
    if (kind === "evidence") status.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("input", () => {
    const answer = read();
    store.setDraft(question, isSame(answer, store.get(question)) ? undefined : answer, kind === "text");
    if (store.get(question) === undefined) say("");
    refresh();
  });
  return refresh;
}

export default defineActivity(start);
