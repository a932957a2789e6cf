// Where the learner is, what was asked of them, and their answers on paper.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { clearNotes, noteAsked, readAsked, readNote, writeNote } from "../../../kwlesson/answers/notes.js";
import { describePart } from "../../../kwlesson/views/go_on/script.js";
import { printedAnswers } from "../../../kwlesson/views/keep/print_answers.js";
import { useStorage } from "../../answers/js/fixtures.js";

beforeEach(() => useStorage());

test("a part says how much of it is answered, and only whole is it ticked", () => {
  assert.deepEqual(
    [0, 1, 2].map((answered) => describePart(answered, 2)),
    ["?", "1 of 2", "✓"],
  );
});

test("a question is remembered as it was worded, until the notes are cleared", () => {
  noteAsked("a", "What now?", "Wait.");
  noteAsked("b", "Why?", "So.");
  noteAsked("a", "What now?", "Ask.");
  assert.deepEqual(
    [...readAsked()],
    [
      ["a", ["What now?", "Ask."]],
      ["b", ["Why?", "So."]],
    ],
  );
  clearNotes();
  assert.equal(readAsked().size, 0);
});

test("a note that somebody spoilt is none", () => {
  localStorage.setItem("kwlesson:note:place", "{");
  assert.equal(readNote("place"), null);
  writeNote("asked", { a: "x", b: [1, 2], c: ["What?", "That."] });
  assert.deepEqual([...readAsked()], [["c", ["What?", "That."]]]);
});

test("printed answers stand under their questions, and none is left out but the name", () => {
  const asked = new Map([["a", ["What now?", "Ask."]]]);
  assert.deepEqual(printedAnswers({ name: "Ada", a: "ask", b: ["x"], c: "y" }, asked), [
    ["What now?", "Ask."],
    ["b", '["x"]'],
    ["c", "y"],
  ]);
});
