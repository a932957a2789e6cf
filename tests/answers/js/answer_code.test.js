// A page writes the codes that Python writes, and Python reads both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { encodeAnswers } from "../../../kwlesson/answers/answer_code.js";

const books = JSON.parse(readFileSync(new URL("../fixtures/codes.json", import.meta.url), "utf8"));

for (const [name, { questions, codes }] of Object.entries(books)) {
  test(`codes of ${name} are those that Python writes`, () => {
    assert.ok(codes.length > 3);
    for (const [code, answers] of codes) {
      const digits = code.replaceAll("-", "").slice(3);
      const codebook = { edition: digits.slice(0, 2), length: digits.length - 4, questions };
      assert.equal(encodeAnswers(codebook, answers), code);
      const others = Object.fromEntries(questions.map(([id, , choices]) => [id, { choice: [choices[0]] }]));
      assert.equal(encodeAnswers(codebook, { ...others, ...answers, name: "Ada" }), code);
    }
  });
}
