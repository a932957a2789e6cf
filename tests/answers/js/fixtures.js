// What several tests of the answers share: the cases that Python runs too, a browser's storage, a kernel.

import { readFileSync } from "node:fs";
import { mock } from "node:test";

// No test depends on the clock: time passes where a test says so.
mock.timers.enable({ apis: ["setTimeout"] });

export const cases = JSON.parse(readFileSync(new URL("../merge_cases.json", import.meta.url), "utf8"));

/** Make a workbook's JSON from the short form in which the cases write answers. */
export function workbookJson({ book = "aa", counter = 0, answers = {}, ...more }) {
  const entries = Object.entries(answers).map(([question, [answer, n, locked]]) => {
    return [question, { answer, n, locked }];
  });
  return { book, counter, answers: Object.fromEntries(entries), ...more };
}

class FakeStorage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, value) {
    this[key] = value;
  }
  removeItem(key) {
    delete this[key];
  }
}

/** Keep copies as a browser does; `deny` forbids to write them. */
export function useStorage({ deny = false } = {}) {
  const storage = new FakeStorage();
  if (deny) {
    Object.defineProperty(storage, "setItem", {
      value() {
        throw new Error("The quota has been exceeded.");
      },
    });
  }
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
}

/** A widget's model whose kernel replies when a test says so; while it is dead, sending fails. */
export class FakeModel {
  sent = [];
  isDead = false;
  widget_manager = { kernel: { status: "idle" } };
  #listeners = new Set();

  on(_event, listener) {
    this.#listeners.add(listener);
  }
  off(_event, listener) {
    this.#listeners.delete(listener);
  }
  send(content, _callbacks, buffers) {
    if (this.isDead) throw new Error("The kernel is dead.");
    this.sent.push({ ...content, buffers });
  }
  reply(message) {
    for (const listener of [...this.#listeners]) listener(message);
  }
  /** Reply to the last message of a type. */
  answer(type, reply) {
    const { ticket } = this.sent.findLast((message) => message.type === type);
    this.reply({ ...reply, ticket });
  }
  ofType(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

/** Let everything happen that waits for a promise alone. */
export function settle() {
  return new Promise((done) => setImmediate(done));
}
