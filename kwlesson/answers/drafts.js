/** What is typed and not yet handed in. */

/**
 * A draft that counts goes into the downloaded file as if it had been handed in.
 * @typedef {{ value: unknown, counts: boolean }} Draft
 */

export function createDrafts() {
  /** @type {Map<string, Draft>} */
  const drafts = new Map();
  /** @type {Set<string>} */
  const own = new Set(); // the questions of which this page, and no other window, has the last draft

  return {
    size: () => drafts.size,
    /** @param {string} question */
    has: (question) => drafts.has(question),
    /** @param {string} question */
    value: (question) => drafts.get(question)?.value,
    /**
     * @param {string} question
     * @param {unknown} value
     * @param {boolean} counts
     */
    write(question, value, counts) {
      own.add(question);
      drafts.set(question, { value, counts });
    },
    /** @param {string} question */
    discard(question) {
      own.add(question);
      drafts.delete(question);
    },
    clear() {
      drafts.clear();
      own.clear();
    },
    /**
     * Take a draft from elsewhere; what is typed here stays.
     * @param {string} question
     * @param {Draft} draft
     */
    adopt(question, draft) {
      if (!drafts.has(question)) drafts.set(question, draft);
    },
    /** The drafts that count. */
    counting: () => [...drafts].filter(([, { value, counts }]) => counts && value !== ""),
    /**
     * Return all drafts for a copy that several windows write: those last typed elsewhere stay.
     * @param {Map<string, Draft>} others
     */
    joined: (others) => new Map([...drafts, ...[...others].filter(([question]) => !own.has(question))]),
  };
}
