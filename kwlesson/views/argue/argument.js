/** An argument as the form keeps it. */

import { asRecord } from "../../answers/workbook_format.js";

/**
 * @typedef {object} Argument
 * @property {string} claim
 * @property {string[]} evidence - The keys of what supports the claim.
 * @property {string[]} against - The keys of what speaks against it.
 * @property {string} but
 * @property {string} sure
 * @property {string} why
 */
/** @typedef {"evidence" | "against"} Side */
/** @typedef {"claim" | "but" | "why"} Field */

export const SIDES = /** @type {const} */ (["evidence", "against"]);
export const FIELDS = /** @type {const} */ (["claim", "but", "why"]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]+/g;

/**
 * Return a text without control characters; anything else is as good as empty.
 * @param {unknown} value
 */
export function cleanText(value) {
  const text = typeof value === "string" ? value : "";
  return text.replaceAll("\r\n", "\n").replace(CONTROL, " ").trim();
}

/** @param {unknown} value */
function cleanKeys(value) {
  return [...new Set(Array.isArray(value) ? value.map(cleanText) : [])];
}

/** @param {unknown} value */
function asString(value) {
  return typeof value === "string" ? value : "";
}

/**
 * Return an answer as the form would give it, whoever wrote the file it came from.
 * @param {unknown} answer
 * @returns {Argument}
 */
export function parseArgument(answer) {
  const { claim, evidence, against, but, sure, why } = asRecord(answer);
  return {
    claim: asString(claim),
    evidence: cleanKeys(evidence),
    against: cleanKeys(against),
    but: asString(but),
    sure: asString(sure),
    why: asString(why),
  };
}

/**
 * Count the words of a passage in any language.
 * @param {string} passage
 */
export function countWords(passage) {
  if (!Intl.Segmenter) return passage.split(/\s+/).filter(Boolean).length;
  const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(passage);
  return [...segments].filter((one) => one.isWordLike).length;
}
