/** What this browser notes of a learner's way, besides answers: where they were, what they were asked. */

import { asRecord } from "./workbook_format.js";

const PREFIX = "kwlesson:note:";
const ASKED = "asked";

/**
 * @param {string} name
 * @returns {unknown}
 */
export function readNote(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function writeNote(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A browser without room keeps none.
  }
}

/** Forget all of it: the next learner at this browser begins afresh. */
export function clearNotes() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Then there is none.
  }
}

/**
 * Note a question as it was worded when it was answered, and the answer in its words.
 * @param {string} question
 * @param {string} prompt
 * @param {string} words
 */
export function noteAsked(question, prompt, words) {
  writeNote(ASKED, { ...asRecord(readNote(ASKED)), [question]: [prompt, words] });
}

/** @returns {Map<string, [prompt: string, words: string]>} */
export function readAsked() {
  /** @type {Map<string, [string, string]>} */
  const asked = new Map();
  for (const [question, note] of Object.entries(asRecord(readNote(ASKED)))) {
    const [prompt, words] = Array.isArray(note) ? note : [];
    if (typeof prompt === "string" && typeof words === "string") asked.set(question, [prompt, words]);
  }
  return asked;
}
