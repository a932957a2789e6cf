// Hands in order: two that look alike may stand for each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { differing } from "../../../kwlesson/views/follow/script.js";

const [A, B, AGAIN, C] = [
  ["1", "a"],
  ["2", "b"],
  ["3", "a"],
  ["4", "c"],
].map(([step, looks]) => {
  return { step, looks, isPresumed: false };
});

for (const [title, theirs, steps] of [
  ["the same order", [A, B, AGAIN, C], []],
  ["two that look alike exchanged", [AGAIN, B, A, C], []],
  ["two others exchanged", [B, A, AGAIN, C], ["1", "2"]],
  ["not all of them", [A, B], ["3", "4"]],
]) {
  test(`where an order differs: ${title}`, () => {
    assert.deepEqual(differing([A, B, AGAIN, C], theirs), steps);
  });
}
