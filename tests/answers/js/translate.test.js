import assert from "node:assert/strict";
import { test } from "node:test";
import { translate } from "../../../kwlesson/answers/translate.js";

test("what stands in a sentence is put in once, whatever is in it", () => {
  assert.equal(translate("{own} of {all}, {other}", { own: "{all}", all: 3 }), "{all} of 3, {other}");
});
