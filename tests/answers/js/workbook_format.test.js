// The file's form: written as Python reads it, and read leniently, since anybody may have changed it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dumps, loads, toJson } from "../../../kwlesson/answers/workbook_format.js";

const WHOLE = {
  book: "aa",
  counter: 2,
  answers: {
    one: { answer: { choice: "likely", reason: "“so”\n😀" }, n: 1, locked: true },
    __proto__x: { answer: ["a"], n: 2, locked: false },
  },
};

test("what was written is read again", () => {
  assert.deepEqual(toJson(loads(JSON.parse(dumps(loads(WHOLE), "kwlesson")))), WHOLE);
});

test("each answer stands on a line of its own, so that a file cut off can still be read", () => {
  const lines = dumps(loads(WHOLE), "kwlesson").split("\n");
  assert.equal(lines.length, 5);
  assert.match(lines[0], /^\{"format":"kwlesson-workbook","version":1,"lesson":"kwlesson","book"/);
  for (const line of lines.slice(1, 3)) JSON.parse(`{${line.replace(/,$/, "")}}`);
});

for (const spoiled of [
  null,
  7,
  "text",
  [],
  {},
  { answers: 7 },
  { answers: null },
  { answers: { a: null, b: 3, c: {}, d: [] } },
  { book: 7, counter: "many", answers: [] },
]) {
  test(`a spoiled workbook is an empty one: ${JSON.stringify(spoiled)}`, () => {
    assert.deepEqual(loads(spoiled), { book: "", counter: 0, entries: new Map() });
  });
}

test("of an answer only what belongs to it is taken", () => {
  const { entries } = loads({ answers: { a: { answer: 0, n: 1, locked: "yes", more: 1 } } });
  assert.deepEqual(entries.get("a"), { answer: 0, revision: 1, locked: false });
});

test("the counter is never below an answer's number", () => {
  assert.equal(loads({ counter: 1, answers: { a: { answer: "", n: 8 } } }).counter, 8);
});
