// The one page of an argument: what is taken from an answer, its notes, and its Markdown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cleanText, countWords, parseArgument } from "../../../kwlesson/views/argue/argument.js";
import { escapeMarkdown, makeMarkdown, selectContent } from "../../../kwlesson/views/argue/handout.js";

const CASES = JSON.parse(readFileSync(new URL("../markdown_cases.json", import.meta.url), "utf8"));
const EMPTY = parseArgument(undefined);
const SLOTS = ["name", "claim", "unsupported", "evidence", "but", "against", "sure", "why", "notes", "missing"];
const HANDOUT = {
  document: "",
  markdown: SLOTS.map((slot) => `${slot}: \u0002${slot}\u0003`).join("\n\n\n"),
  lines: { "quotes:one": "“One”", "quotes:two": "“Two”", "links:three": "Three" },
  notes: {
    "quotes:one": [["book", ", paragraph 1."]],
    "quotes:two": [
      ["book", ", paragraph 2. Behind it: "],
      ["letter", "."],
    ],
    "links:three": [
      ["", "Step 3. It rests on: "],
      ["letter", "."],
    ],
  },
  sources: {
    book: ["Ada Quill, The Book (Port, 1900)", "The Book"],
    letter: ["A letter, in full", "A letter"],
  },
  sure: { guess: "It is a guess" },
  empty: "Not written yet.",
  unsupported: "Unsupported so far.",
  missing: "Chosen, but not part of this lesson:",
};

test("notes are numbered through, and a source is cited in full once", () => {
  const argument = { ...EMPTY, evidence: ["quotes:two", "quotes:one"], against: ["links:three"] };
  const lines = makeMarkdown(HANDOUT, argument, "").split("\n").filter(Boolean);
  assert.deepEqual(lines, [
    "name: ",
    "claim: Not written yet.",
    "unsupported: ",
    "evidence: - “Two” (note 1)",
    "- “One” (note 2)",
    "but: Not written yet.",
    "against: - Three (note 3)",
    "sure: Not written yet.",
    "why: Not written yet.",
    "notes: 1. Ada Quill, The Book (Port, 1900), paragraph 2. Behind it: A letter, in full.",
    "2. The Book (note 1), paragraph 1.",
    "3. Step 3. It rests on: A letter (note 1).",
    "missing:",
  ]);
});

test("a claim without evidence is called unsupported, whatever speaks against it", () => {
  const unsupported = (evidence, against) =>
    selectContent(HANDOUT, { ...EMPTY, evidence, against }, "").slots.unsupported;
  assert.equal(unsupported([], ["quotes:one"]), HANDOUT.unsupported);
  assert.equal(unsupported(["quotes:gone"], []), HANDOUT.unsupported);
  assert.equal(unsupported(["quotes:one"], []), "");
});

test("a piece that the lesson no longer has is named once, and has no note", () => {
  const keys = ["quotes:gone", "toString"];
  const { slots, pieces } = selectContent(HANDOUT, { ...EMPTY, evidence: keys, against: keys }, "");
  assert.equal(slots.missing, `${HANDOUT.missing} quotes:gone; toString.`);
  assert.deepEqual(pieces, []);
});

test("how sure is said in words, and what is no degree of it is as good as empty", () => {
  const sure = (value) => selectContent(HANDOUT, { ...EMPTY, sure: value }, "").slots.sure;
  assert.deepEqual(["guess", "toString", ""].map(sure), ["It is a guess.", HANDOUT.empty, HANDOUT.empty]);
});

for (const value of [null, 7, true, {}, { a: [] }, [[]], ["", null, 7], { claim: "x" }, "text"]) {
  test(`an answer and a field of another kind are as good as empty: ${JSON.stringify(value)}`, () => {
    assert.equal(typeof parseArgument(value).claim, "string");
    for (const field of ["claim", "evidence", "against", "but", "sure", "why"]) {
      const argument = parseArgument({ [field]: value });
      assert.match(makeMarkdown(HANDOUT, argument, value), /^name:/);
    }
  });
}

test("keys are texts, each once, in the order in which they were chosen", () => {
  const { evidence } = parseArgument({ evidence: ["b", "a", "b", " a ", "\u0007c"] });
  assert.deepEqual(evidence, ["b", "a", "c"]);
});

for (const { words, clean, markdown } of CASES) {
  test(`words are cleaned, and written so that Markdown takes none as markup: ${clean}`, () => {
    assert.equal(cleanText(words), clean);
    assert.equal(escapeMarkdown(clean), markdown);
    const { slots } = selectContent(HANDOUT, parseArgument({ claim: words }), words);
    assert.deepEqual([slots.claim, slots.name], [clean, `By ${clean}`]);
  });
}

for (const [passage, number] of [
  ["", 0],
  ["One two, three.", 3],
  ["Mao n'a pas dit", 4],
]) {
  test(`words are counted: ${passage}`, () => assert.equal(countWords(passage), number));
}

test("words are counted in a language that writes no spaces", () => {
  assert.ok(countWords("毛泽东没有说") > 1);
});
