/** A learner's answers on paper: each question as it was worded, and the answer in its words. */

/**
 * Return what to print: a question's id stands for words that were noted in another browser.
 * @param {Record<string, unknown>} answers
 * @param {Map<string, [prompt: string, words: string]>} asked
 * @returns {[prompt: string, words: string][]}
 */
export function printedAnswers(answers, asked) {
  return Object.entries(answers)
    .filter(([question]) => question !== "name")
    .map(([question, answer]) => {
      return asked.get(question) ?? [question, typeof answer === "string" ? answer : JSON.stringify(answer)];
    });
}

/**
 * @param {string} title
 * @param {[prompt: string, words: string][]} rows
 */
export function printAnswers(title, rows) {
  const frame = Object.assign(document.createElement("iframe"), { title });
  Object.assign(frame.style, { position: "fixed", width: "0", height: "0", border: "0" });
  document.body.append(frame);
  const { contentDocument: page, contentWindow: view } = frame;
  if (!page || !view) return;
  page.title = title;
  /**
   * @param {string} tag
   * @param {string} text
   */
  const add = (tag, text) => page.body.append(Object.assign(page.createElement(tag), { textContent: text }));
  add("h1", title);
  for (const [prompt, words] of rows) {
    add("h3", prompt);
    add("p", words);
  }
  view.print();
  setTimeout(() => frame.remove(), 60000);
}
