/**
 * Which of two answers stands. Pure functions: `tests/answers/merge_cases.json` holds their cases,
 * and the Python that writes the workbook runs the same ones.
 */

import { isSame } from "./workbook_format.js";

/** @import { Entry, Workbook } from "./workbook_format.js" */
/**
 * An answer that a page gave: what the folder's answer must still be for it to take its place, and
 * what the page gave since it last saw the folder.
 * @typedef {Entry & { baseRevision: number, past: unknown[] }} Given
 */

/**
 * Return whether one copy's answer takes the place of another copy's.
 * @param {Entry} theirs
 * @param {Entry | undefined} ours
 */
export function isNewer(theirs, ours) {
  return !ours || (!ours.locked && theirs.revision > ours.revision);
}

/**
 * Add to one copy of a workbook what another copy of it has newer.
 * @template {Workbook} T
 * @param {T} here
 * @param {Workbook} there
 * @returns {T}
 */
export function mergeNewer(here, there) {
  const newer = [...there.entries].filter(([key, entry]) => isNewer(entry, here.entries.get(key)));
  return {
    ...here,
    counter: Math.max(here.counter, there.counter),
    entries: new Map([...here.entries, ...newer]),
  };
}

/**
 * Return the questions whose answers a file would bring: another workbook only fills gaps.
 * @param {Workbook} here
 * @param {Workbook} there
 * @returns {string[]}
 */
export function missingFrom(here, there) {
  const isCopy = there.book !== "" && there.book === here.book;
  const missing = [...there.entries].filter(([key, theirs]) => {
    const ours = here.entries.get(key);
    if (!ours) return true;
    const isAlike = ours.locked === theirs.locked && isSame(ours.answer, theirs.answer);
    return isCopy && !isAlike && isNewer(theirs, ours);
  });
  return missing.map(([key]) => key);
}

/**
 * Say what becomes of an answer on the page when the kernel tells what the folder holds.
 * @param {Entry & { unsaved: boolean } | undefined} ours
 * @param {Entry | undefined} theirs
 * @returns {"keep" | "adopt" | "resend"} - `resend` where the folder lost what was saved.
 */
export function compareWithFolder(ours, theirs) {
  if (theirs?.locked || (theirs && !ours)) return "adopt";
  if (!ours || ours.unsaved) return "keep";
  if (!theirs || theirs.revision < ours.revision) return "resend";
  const isThere = theirs.revision === ours.revision && isSame(theirs.answer, ours.answer);
  return isThere ? "keep" : "adopt";
}

/**
 * Return what a new answer is based on: while the last one is unsaved, on what that was based on.
 * @param {Entry & { unsaved: boolean, baseRevision?: number, past?: unknown[] } | undefined} last
 * @returns {Pick<Given, "baseRevision" | "past">}
 */
export function basedOn(last) {
  if (!last?.unsaved) return { baseRevision: last?.revision ?? 0, past: [] };
  return { baseRevision: last.baseRevision ?? 0, past: [...(last.past ?? []), last.answer] };
}

/**
 * Say what a page does with an answer that the kernel refused, since a newer one stands: where that
 * is only what this page gave before, it sends again; else the folder's stays, and its own is a draft.
 * @param {Pick<Given, "past">} ours
 * @param {Entry} theirs
 * @returns {"resend" | "draft"}
 */
export function resolveConflict({ past }, theirs) {
  return past.some((answer) => isSame(answer, theirs.answer)) ? "resend" : "draft";
}
