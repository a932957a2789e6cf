/** A learner's choices in a few characters, for a class chat: the same code as in Python, which also reads it. */

import { asRecord } from "./workbook_format.js";

/**
 * @typedef {object} Codebook
 * @property {string} edition - The digits that stand for these questions and no others.
 * @property {number} length - How many digits the answers take.
 * @property {[id: string, kind: string, choices: string[]][]} questions
 */

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_PRIME = 1021n;

/**
 * @param {bigint} number
 * @param {number} length
 */
function toBase32(number, length) {
  let digits = "";
  for (let rest = number; digits.length < length; rest /= 32n) digits = DIGITS[Number(rest % 32n)] + digits;
  return digits;
}

/**
 * Return 0 for no answer, then one number for each answer there can be.
 * @param {string} kind
 * @param {string[]} choices
 * @param {unknown} answer
 */
function numberOf(kind, choices, answer) {
  const chosen = asRecord(answer).choice ?? answer;
  if (kind !== "evidence") return typeof chosen === "string" ? choices.indexOf(chosen) + 1 : 0;
  if (!Array.isArray(answer)) return 0;
  return choices.reduce((sum, choice, bit) => sum + (answer.includes(choice) ? 2 ** bit : 0), 1);
}

/**
 * @param {Codebook} codebook
 * @param {Record<string, unknown>} answers
 */
export function encodeAnswers({ edition, length, questions }, answers) {
  let number = 0n;
  for (const [id, kind, choices] of questions) {
    const size = 1 + (kind === "evidence" ? 2 ** choices.length : choices.length);
    number = number * BigInt(size) + BigInt(numberOf(kind, choices, answers[id]));
  }
  const body = edition + toBase32(number, length);
  const value = [...body].reduce((sum, digit) => sum * 32n + BigInt(DIGITS.indexOf(digit)), 0n);
  return ["KW1", ...(body + toBase32(value % CHECK_PRIME, 2)).replace(/.{4}(?=.)/g, "$&-").split("-")].join("-");
}
