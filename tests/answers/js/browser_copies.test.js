// The copies in the browser: a bonus that never breaks anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  copyKey,
  copyKeys,
  dropCopy,
  readCopies,
  readCopy,
  writeCopy,
} from "../../../kwlesson/answers/browser_copies.js";
import { loads } from "../../../kwlesson/answers/workbook_format.js";
import { useStorage, workbookJson } from "./fixtures.js";

const snapshot = (book, at, drafts = new Map()) => {
  return { ...loads(workbookJson({ book, answers: { a: ["x", 1, false] } })), at, drafts };
};

test("a copy comes back with its answers and drafts", () => {
  useStorage();
  const drafts = new Map([["b", { value: "typed", counts: true }]]);
  writeCopy(copyKey("aa"), snapshot("aa", "2020-01-01", drafts));
  const copy = readCopy(copyKey("aa"));
  assert.equal(copy.book, "aa");
  assert.equal(copy.entries.get("a").answer, "x");
  assert.deepEqual(copy.drafts, drafts);
});

test("a copy of the version before is read, and it reads ours", () => {
  useStorage();
  const old = {
    book: "aa",
    counter: 3,
    answers: { a: { answer: "x", n: 3, locked: false } },
    drafts: { b: { value: "typed", counts: true } },
    at: "2020-01-01T00:00:00.000Z",
  };
  localStorage.setItem("kwlesson:copy:aa", JSON.stringify(old));
  const { key, ...copy } = readCopy("kwlesson:copy:aa");
  writeCopy(key, copy);
  assert.deepEqual(JSON.parse(localStorage.getItem("kwlesson:copy:aa")), old);
});

test("of more than eight copies the oldest goes, and what is not ours stays", () => {
  useStorage();
  localStorage.setItem("theme", "dark");
  for (const day of [5, 2, 9, 3, 8, 1, 7, 4, 6]) writeCopy(copyKey(`b${day}`), snapshot(`b${day}`, `0${day}`));
  assert.deepEqual(
    copyKeys().sort(),
    [2, 3, 4, 5, 6, 7, 8, 9].map((day) => copyKey(`b${day}`)),
  );
  assert.equal(localStorage.getItem("theme"), "dark");
});

test("a browser that forbids copies breaks nothing", () => {
  useStorage({ deny: true });
  writeCopy(copyKey("aa"), snapshot("aa", "1"));
  assert.deepEqual(readCopies(), []);
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new Error("Access is denied.");
    },
  });
  writeCopy(copyKey("aa"), snapshot("aa", "1"));
  dropCopy(copyKey("aa"));
  assert.deepEqual([copyKeys(), readCopies(), readCopy(copyKey("aa"))], [[], [], undefined]);
});

for (const spoiled of ["", "{", "null", "7", '"text"']) {
  test(`a copy that is none is not read: ${spoiled}`, () => {
    useStorage();
    localStorage.setItem(copyKey("aa"), spoiled);
    assert.equal(readCopy(copyKey("aa")), undefined);
  });
}

for (const spoiled of ["[]", '{"answers": 7, "drafts": 7}', '{"drafts": {"a": 7, "b": {}}}']) {
  test(`a spoiled copy is an empty one: ${spoiled}`, () => {
    useStorage();
    localStorage.setItem(copyKey("aa"), spoiled);
    const { entries, drafts } = readCopy(copyKey("aa"));
    assert.deepEqual([entries.size, drafts.size], [0, 0]);
  });
}
