/**
 * Copies of workbooks in this browser's storage. A browser may forbid them, or have no room for
 * them: they are a bonus, and nothing waits for them.
 */

import { asRecord, loads, toJson } from "./workbook_format.js";

/** @import { Draft } from "./drafts.js" */
/** @import { Workbook } from "./workbook_format.js" */
/**
 * A copy by the first version does not say of which lesson it is.
 * @typedef {Workbook & { drafts: Map<string, Draft>, at: string, lesson?: string }} Snapshot
 */
/** @typedef {Snapshot & { key: string }} Copy */

const PREFIX = "kwlesson:copy:";
const MAX_COPIES = 8;

/**
 * Name the place of a workbook's copy.
 * @param {string} book
 */
export function copyKey(book) {
  return PREFIX + book;
}

/** @returns {string[]} */
export function copyKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/**
 * @param {string} key
 * @returns {Copy | undefined}
 */
export function readCopy(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    if (found === null || typeof found !== "object") return undefined;
    /** @type {Map<string, Draft>} */
    const drafts = new Map();
    for (const [question, draft] of Object.entries(asRecord(found.drafts))) {
      const { value, counts } = asRecord(draft);
      if (value !== undefined) drafts.set(question, { value, counts: Boolean(counts) });
    }
    const lesson = typeof found.lesson === "string" ? found.lesson : undefined;
    return { ...loads(found), drafts, at: String(found.at), lesson, key };
  } catch {
    return undefined;
  }
}

export function readCopies() {
  return copyKeys().flatMap((key) => readCopy(key) ?? []);
}

/**
 * Return the copy of a lesson that was written last: whoever opens a page here goes on with it.
 * @param {string} lesson
 */
export function lastCopy(lesson) {
  const whole = readCopies().filter((copy) => !copy.key.includes("~") && copy.lesson === lesson);
  return whole.sort((one, other) => (one.at < other.at ? 1 : -1))[0];
}

/**
 * Return whether the browser keeps it.
 * @param {string} key
 * @param {Snapshot} snapshot
 */
export function writeCopy(key, { drafts, at, lesson, ...workbook }) {
  try {
    const copy = { ...toJson(workbook), drafts: Object.fromEntries(drafts), at, lesson };
    localStorage.setItem(key, JSON.stringify(copy));
  } catch {
    return false;
  }
  if (copyKeys().length > MAX_COPIES) {
    const [oldest] = readCopies().sort((one, other) => (one.at < other.at ? -1 : 1));
    if (oldest) dropCopy(oldest.key);
  }
  return true;
}

/** @param {string} key */
export function dropCopy(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then there is none.
  }
}
