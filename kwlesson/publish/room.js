/** The class's page: the word that opens the rest, and the speaker's view in a second window. */

import { readNote, writeNote } from "../answers/notes.js";
import { find, findAll, setText } from "../views/kit/dom.js";

/** @typedef {{ kwlesson: "go" | "reveal", part?: string }} Order */

const NOTE = "room";
const MINUTE = 60000;

/** @param {string} word */
const plain = (word) => word.trim().toLocaleLowerCase();

function startRoom() {
  const gate = /** @type {HTMLFormElement | null} */ (document.querySelector(".kw-word"));
  const rest = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".kw-rest"));
  const word = plain(rest?.dataset.word ?? "");
  const reveal = () => {
    if (!gate || !rest) return;
    gate.hidden = true;
    rest.hidden = false;
    rest.open = true;
    writeNote(NOTE, word);
  };
  if (gate && rest && readNote(NOTE) !== word) {
    gate.hidden = false;
    rest.hidden = true;
    gate.addEventListener("submit", (event) => {
      event.preventDefault();
      /** @type {HTMLInputElement} */
      const box = find(gate, "input");
      if (plain(box.value) === word) {
        reveal();
        find(rest, "summary").focus();
      } else setText(find(gate, ".kw-message"), box.value.trim() ? "That is not the word." : "Write the word first.");
    });
  } else reveal();

  /** @type {Window | null} */
  let speaker = null;
  const button = find(document, ".kw-open-speaker");
  button.hidden = false;
  button.addEventListener("click", () => {
    speaker = open("?speaker", "_blank", "popup,width=1100,height=800");
  });
  addEventListener("message", ({ data, source }) => {
    if (!speaker || source !== speaker) return;
    const { kwlesson, part } = /** @type {Order} */ (data);
    const place = kwlesson === "go" ? document.getElementById(`part-${part}`) : null;
    if (kwlesson === "reveal" || (place && rest?.contains(place))) reveal();
    place?.scrollIntoView();
  });
}

function startSpeaker() {
  /** @type {HTMLTemplateElement} */
  const template = find(document, "template.kw-speaker");
  const main = find(document, "main");
  main.replaceChildren(template.content);
  const room = /** @type {Window | null} */ (opener);
  /** @param {Order} order */
  const post = (order) => room?.postMessage(order, "*"); // a file has no origin to name
  const steering = find(main, "[data-show=steering]");
  steering.hidden = !room;
  find(steering, "button").addEventListener("click", () => post({ kwlesson: "reveal" }));

  const rows = findAll(main, "tr[data-row]").map((row) => {
    const [from, until] = (find(row, "th").textContent ?? "").split("-").map(Number);
    return { row, from, until };
  });
  for (const { row } of room ? rows : []) {
    const cell = find(row, "td");
    const part = cell.textContent?.trim() ?? "";
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: part });
    button.addEventListener("click", () => post({ kwlesson: "go", part }));
    cell.replaceChildren(button);
  }

  const begin = find(main, "[data-do=clock]");
  begin.addEventListener("click", () => {
    const start = Date.now();
    setText(begin, "Start it anew");
    const tick = () => {
      const minutes = (Date.now() - start) / MINUTE;
      const seconds = String(Math.floor(minutes * 60) % 60).padStart(2, "0");
      setText(find(main, "[data-fill=clock]"), `${Math.floor(minutes)}:${seconds}`);
      for (const { row, from, until } of rows) {
        if (from <= minutes && minutes < until) row.setAttribute("aria-current", "step");
        else row.removeAttribute("aria-current");
      }
    };
    clearInterval(ticking);
    ticking = window.setInterval(tick, 1000);
    tick();
  });
}

let ticking = 0;
if (new URLSearchParams(location.search).has("speaker")) startSpeaker();
else startRoom();
