/**
 * The one page of an argument, as HTML and as Markdown. Python has drawn the page and all that may
 * be chosen for it; here it is filled, pruned and numbered.
 */

import { translate } from "../../answers/translate.js";
import { find } from "../kit/dom.js";
import { cleanText, FIELDS, SIDES } from "./argument.js";

/** @import { Argument } from "./argument.js" */
/**
 * @typedef {object} Handout
 * @property {string} document - The page with every slot and a pool of all pieces.
 * @property {string} markdown - The page's text, its slots between U+0002 and U+0003.
 * @property {Record<string, string>} lines - A piece as a line of Markdown, by its key.
 * @property {Record<string, [source: string, rest: string][]>} notes - A piece's note, by its key.
 * @property {Record<string, [full: string, brief: string]>} sources - How each source is cited.
 * @property {Record<string, string>} sure
 * @property {string} empty
 * @property {string} unsupported
 * @property {string} missing
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: no learner can type the marks of a slot
const SLOT = /\u0002(\w+)\u0003/g;

/**
 * Write the note of each piece; a source is cited in full once, and then briefly.
 * @template Note
 * @param {string[]} pieces
 * @param {(source: string) => string[]} citation - In full, and briefly.
 * @param {(key: string, cite: (source: string) => string) => Note} write
 * @returns {Note[]}
 */
export function writeNotes(pieces, citation, write) {
  /** @type {Map<string, number>} */
  const first = new Map();
  return pieces.map((key, index) =>
    write(key, (source) => {
      const [full, brief] = citation(source);
      if (first.has(source)) return translate("{brief} (note {number})", { brief, number: first.get(source) ?? 0 });
      first.set(source, index + 1);
      return full;
    }),
  );
}

/**
 * Take from an argument what the page shows; what the lesson does not have is named, not dropped.
 * @param {Handout} handout
 * @param {Argument} argument
 * @param {unknown} name - Who wrote it.
 */
export function selectContent(handout, argument, name) {
  const { lines, sure, empty, unsupported, missing } = handout;
  /** @param {string} key */
  const isKnown = (key) => Object.hasOwn(lines, key);
  const [evidence, against] = SIDES.map((side) => argument[side].filter(isKnown));
  const unknown = new Set(SIDES.flatMap((side) => argument[side]).filter((key) => !isKnown(key)));
  const own = cleanText(name);
  /** @type {Record<string, string>} */
  const slots = {
    ...Object.fromEntries(FIELDS.map((field) => [field, cleanText(argument[field]) || empty])),
    name: own && translate("By {own}", { own }),
    sure: Object.hasOwn(sure, argument.sure) ? `${sure[argument.sure]}.` : empty,
    unsupported: evidence.length ? "" : unsupported,
    missing: unknown.size ? `${missing} ${[...unknown].join("; ")}.` : "",
  };
  return { slots, evidence, against, pieces: [...evidence, ...against] };
}

/**
 * Write words so that Markdown takes none of them as markup: the same rule as in Python.
 * @param {string} passage
 */
export function escapeMarkdown(passage) {
  const lines = passage.split("\n").map((line) => {
    const escaped = line.trim().replace(/[\\\x60*_{}[\]<>#|~$&!^@]/g, "\\$&");
    return escaped.replace(/^([0-9]{0,9})([-+=:.)])/, "$1\\$2");
  });
  return lines.filter(Boolean).join("\\\n");
}

/**
 * @param {Handout} handout
 * @param {Argument} argument
 * @param {unknown} name
 */
export function makeMarkdown(handout, argument, name) {
  const { slots, evidence, pieces } = selectContent(handout, argument, name);
  const lines = pieces.map(
    (key, index) => `- ${translate("{line} (note {number})", { line: handout.lines[key], number: index + 1 })}`,
  );
  const notes = writeNotes(
    pieces,
    (source) => handout.sources[source],
    (key, cite) => handout.notes[key].map(([source, rest]) => (source ? cite(source) : "") + rest).join(""),
  );
  const escaped = Object.entries(slots).map(([slot, text]) => [slot, escapeMarkdown(text)]);
  /** @type {Record<string, string>} */
  const filled = {
    ...Object.fromEntries(escaped),
    evidence: lines.slice(0, evidence.length).join("\n"),
    against: lines.slice(evidence.length).join("\n"),
    notes: notes.map((note, index) => `${index + 1}. ${note}`).join("\n"),
  };
  const whole = handout.markdown.replace(SLOT, (_, slot) => filled[slot]);
  return `${whole.replace(/\n{3,}/g, "\n\n").trim()}\n`;
}

/**
 * @param {Handout} handout
 * @param {Argument} argument
 * @param {unknown} name
 */
export function makePage(handout, argument, name) {
  const { slots, evidence, pieces } = selectContent(handout, argument, name);
  const page = new DOMParser().parseFromString(handout.document, "text/html");
  const pool = find(page, "#pool");
  /** @param {string} name */
  const slot = (name) => find(page, `[data-slot=${name}]`);
  /**
   * @param {string} kind
   * @param {string} key
   */
  const item = (kind, key) => find(pool, `[data-${kind}="${CSS.escape(key)}"]`);
  /**
   * @param {string} kind
   * @param {string} key
   */
  const copy = (kind, key) => {
    const made = /** @type {HTMLElement} */ (item(kind, key).cloneNode(true));
    made.removeAttribute(`data-${kind}`);
    return made;
  };

  for (const [name, text] of Object.entries(slots)) {
    if (text) slot(name).textContent = text;
    else slot(name).remove();
  }
  const notes = writeNotes(
    pieces,
    (source) => [...item("cite", source).children].map((form) => form.textContent ?? ""),
    (key, cite) => {
      const note = copy("note", key);
      for (const source of note.querySelectorAll("[data-source]")) {
        source.replaceWith(cite(source.getAttribute("data-source") ?? ""));
      }
      return note;
    },
  );
  const lines = pieces.map((key, index) => {
    const line = copy("piece", key);
    const link = find(line, "sup a");
    link.textContent = String(index + 1);
    link.setAttribute("href", `#note-${index + 1}`);
    notes[index].id = `note-${index + 1}`;
    return line;
  });
  slot("evidence").replaceChildren(...lines.slice(0, evidence.length));
  slot("against").replaceChildren(...lines.slice(evidence.length));
  slot("notes").replaceChildren(...notes);
  if (!pieces.length) slot("notes").previousElementSibling?.remove();
  for (const list of [...SIDES, "notes"]) if (!slot(list).children.length) slot(list).remove();
  pool.remove();
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}
