// A question's answer: what counts as one, and what is still missing before it can be kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isStillSo, missingPart, parseAnswer } from "../../../kwlesson/views/ask/script.js";

const GOOD = {
  choice: "a",
  evidence: ["a", "b"],
  scale: { choice: "a", reason: "so" },
  text: "words",
};

for (const kind of Object.keys(GOOD)) {
  test(`of all answers only its own kind is one: ${kind}`, () => {
    const alike = kind === "choice" || kind === "text" ? ["choice", "text"] : [kind];
    const taken = Object.keys(GOOD).filter((one) => parseAnswer(kind, GOOD[one]) !== undefined);
    assert.deepEqual(taken, alike);
    for (const other of [undefined, null, 7, {}, { choice: 7, reason: "x" }, { reason: "x" }]) {
      assert.equal(parseAnswer(kind, other), undefined);
    }
  });
  test(`a whole answer lacks nothing: ${kind}`, () => assert.equal(missingPart(kind, GOOD[kind]), ""));
}

for (const [kind, answer, missing] of [
  ["choice", "", "Choose an answer first."],
  ["evidence", [], "Tick at least one answer first."],
  ["scale", { choice: "", reason: "so" }, "Choose an answer first."],
  ["scale", { choice: "a", reason: " \n" }, "Write your reason first: it is kept with your rating."],
  ["text", " \n ", "Write something first."],
]) {
  test(`what is missing is said: ${kind} ${JSON.stringify(answer)}`, () => {
    assert.equal(missingPart(kind, answer), missing);
  });
}

for (const [kind, answer, now, still] of [
  ["choice", "a", "a", ["a"]],
  ["choice", "a", "b", []],
  ["evidence", ["a"], ["a"], ["a", "b", "c"]],
  ["evidence", ["a"], ["a", "b"], ["a", "c"]],
  ["evidence", ["a"], [], ["b", "c"]],
]) {
  test(`nothing said of an old choice stands under a new one: ${kind} ${answer} -> ${now}`, () => {
    assert.deepEqual(
      ["a", "b", "c"].filter((choice) => isStillSo(kind, choice, answer, now)),
      still,
    );
  });
}
