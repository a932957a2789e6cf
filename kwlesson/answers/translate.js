/** The words that scripts say. A bundle holds them in the language of its lesson already. */

/**
 * Say a sentence, with what stands in it.
 * @param {string} text - In English, as it stands in a script; in braces the names of cells.
 * @param {Record<string, string | number>} [cells]
 */
export function translate(text, cells = {}) {
  return text.replace(/\{(\w+)\}/g, (named, name) => String(cells[name] ?? named));
}
