// What is said once every step is sorted: where we differ, and never a mark.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sumUp } from "../../../kwlesson/views/trace/script.js";

for (const [differing, told] of [
  [[], "All sorted, as we do. Could one be sorted otherwise?"],
  [[2, 13], "All sorted. You and we differ at 2, 13: open one, and say why."],
]) {
  test(`where we differ is said by the numbers of the steps: ${differing}`, () => {
    assert.equal(sumUp(differing), told);
  });
}
