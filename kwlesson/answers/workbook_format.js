/**
 * A workbook as a file, a message of the kernel and a browser's copy hold it, read leniently:
 * anybody may have changed it. The file calls a revision `n`, since older versions read it too.
 */

/**
 * @typedef {object} Entry
 * @property {unknown} answer
 * @property {number} revision - The workbook's counter when it was given: a higher one is newer.
 * @property {boolean} locked - Whether it stays as it was first given.
 */
/**
 * @typedef {object} Workbook
 * @property {string} book - The token that all copies of one workbook share; empty if unknown.
 * @property {number} counter - The newest revision.
 * @property {Map<string, Entry>} entries - By question.
 * @property {string[]} [forgotten] - The tokens of the workbooks that may not be written again.
 */
/** @typedef {{ answer: unknown, n: number, locked: boolean }} EntryJson */
/** @typedef {{ book: string, counter: number, answers: Record<string, EntryJson> }} WorkbookJson */

const HEADER = { format: "kwlesson-workbook", version: 1 };
const MAX_REVISION = 1e12; // as in Python: beyond it a counter is no count of answers

/**
 * Return the properties of what may be an object.
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function asRecord(value) {
  return value !== null && typeof value === "object" ? { ...value } : {};
}

/**
 * Return whether two JSON values are written alike.
 * @param {unknown} one
 * @param {unknown} other
 */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param {unknown} value */
function asRevision(value) {
  const isRevision = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_REVISION;
  return isRevision ? Number(value) : 0;
}

/**
 * Read a workbook from parsed JSON; an answer whose number cannot be read counts as the oldest.
 * @param {unknown} value
 * @returns {Workbook}
 */
export function loads(value) {
  const { book, counter, answers, forgotten } = asRecord(value);
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const [question, one] of Object.entries(asRecord(answers))) {
    const { answer, n, locked } = asRecord(one);
    if (answer === undefined) continue;
    entries.set(question, { answer, revision: asRevision(n), locked: locked === true });
  }
  const revisions = [...entries.values()].map(({ revision }) => revision);
  return {
    book: typeof book === "string" ? book : "",
    counter: Math.max(asRevision(counter), ...revisions),
    entries,
    ...(Array.isArray(forgotten) ? { forgotten } : {}),
  };
}

/**
 * Return a workbook as the JSON object that its file holds.
 * @param {Workbook} workbook
 * @returns {WorkbookJson}
 */
export function toJson({ book, counter, entries }) {
  const answers = [...entries].map(([question, { answer, revision, locked }]) => {
    return [question, { answer, n: revision, locked }];
  });
  return { book, counter, answers: Object.fromEntries(answers) };
}

/**
 * Write a workbook as its file: one answer a line, so that a file cut off can still be read.
 * @param {Workbook} workbook
 * @param {string} lesson - The id of the lesson whose questions are answered.
 * @returns {string}
 */
export function dumps(workbook, lesson) {
  const { answers, ...rest } = toJson(workbook);
  const head = JSON.stringify({ ...HEADER, lesson, ...rest });
  const lines = Object.entries(answers).map((pair) => pair.map((one) => JSON.stringify(one)).join(": "));
  return `${head.slice(0, -1)}, "answers": {\n${lines.join(",\n")}\n}}\n`;
}
