/** What the scripts of several views do with the page. */

/**
 * Find the one element that a template is known to have drawn.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function find(root, selector) {
  const found = /** @type {T | null} */ (root.querySelector(selector));
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T[]}
 */
export function findAll(root, selector) {
  return [.../** @type {NodeListOf<T>} */ (root.querySelectorAll(selector))];
}

/** Return whether this is a page of its own, to which no kernel and no folder ever comes. */
export function isPage() {
  return document.documentElement.classList.contains("kw-page");
}

/**
 * Write a text where another one stands: a screen reader would read the same text again.
 * @param {Element} place
 * @param {string} text
 */
export function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * Hand a text to the reader as a file.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
