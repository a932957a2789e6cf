// The rules of merging, case by case: tests/answers/test_merge_rules.py runs the same cases.

import assert from "node:assert/strict";
import { test } from "node:test";
import { basedOn, compareWithFolder, mergeNewer, missingFrom } from "../../../kwlesson/answers/merge_rules.js";
import { createStore } from "../../../kwlesson/answers/store.js";
import { loads, toJson } from "../../../kwlesson/answers/workbook_format.js";
import { cases, FakeModel, settle, useStorage, workbookJson } from "./fixtures.js";

for (const { name, written, revision } of cases.revision) {
  test(`revision: ${name}`, () => {
    const { entries } = loads({ answers: { a: { answer: "x", n: written } } });
    assert.equal(entries.get("a").revision, revision);
  });
}

for (const { name, here, there, merged } of cases.newer) {
  test(`newer: ${name}`, () => {
    const made = mergeNewer(loads(workbookJson(here)), loads(workbookJson(there)));
    assert.deepEqual(toJson(made), workbookJson(merged));
  });
}

for (const { name, here, there, brought } of cases.restore) {
  test(`restore: ${name}`, () => {
    const missing = missingFrom(loads(workbookJson(here)), loads(workbookJson(there)));
    assert.deepEqual(missing.sort(), brought);
  });
}

for (const { name, seen, given, stands, status, after, page = {} } of cases.record) {
  test(`record: ${name}`, async () => {
    useStorage();
    const store = createStore();
    const model = new FakeModel();
    const channel = store.connect(model);
    const folder = (entry) => {
      return workbookJson({ answers: entry ? { a: entry } : {}, counter: entry?.[1] ?? 0 });
    };
    model.answer("hello", { status: "ready", workbook: folder(seen) });
    for (const answer of given) store.record("a", answer, {}, channel);
    const sent = model.ofType("record").at(-1);
    assert.equal(sent.revision, (seen?.[1] ?? 0) + given.length);
    assert.equal(sent.baseRevision, seen?.[1] ?? 0);
    model.answer("record", { status, workbook: folder(after), message: "Another stays." });
    await settle();

    const { shows = after[0], draft, resends = false } = page;
    assert.deepEqual(store.get("a"), shows);
    assert.deepEqual(store.draft("a"), draft);
    assert.equal(store.isLocked("a"), after[2]);
    assert.equal(store.isSaved("a"), !resends);
    const again = model.ofType("record").slice(given.length);
    assert.equal(again.length, resends ? 1 : 0);
    if (resends) assert.equal(again[0].baseRevision, stands[1]);
  });
}

// The rules that only a page has

const given = (answer, revision, more = {}) => {
  return { answer, revision, locked: false, unsaved: false, ...more };
};

for (const [name, ours, theirs, verdict] of [
  ["an answer that is only in the folder joins the page", undefined, given("a", 1), "adopt"],
  ["an answer that waits to be saved stays", given("a", 1, { unsaved: true }), given("b", 9), "keep"],
  [
    "an answer that waits gives way to one that is locked",
    given("a", 9, { unsaved: true }),
    given("b", 1, { locked: true }),
    "adopt",
  ],
  ["a newer answer of the folder joins", given("a", 1), given("b", 2), "adopt"],
  ["another answer of the same number joins", given("a", 1), given("b", 1), "adopt"],
  ["the same answer with a higher number joins", given("a", 1), given("a", 2), "adopt"],
  ["the very same answer stays", given("a", 1), given("a", 1), "keep"],
  ["what the folder has only older is sent again", given("a", 2), given("b", 1), "resend"],
  ["what the folder lost is sent again", given("a", 2), undefined, "resend"],
]) {
  test(`compared with the folder: ${name}`, () => {
    assert.equal(compareWithFolder(ours, theirs), verdict);
  });
}

test("a first answer is based on nothing, a second on what was saved", () => {
  assert.deepEqual(basedOn(undefined), { baseRevision: 0, past: [] });
  assert.deepEqual(basedOn(given("a", 4)), { baseRevision: 4, past: [] });
});

test("while answers wait, each is based on what the first of them was", () => {
  const waiting = given("b", 5, { unsaved: true, baseRevision: 4, past: ["a"] });
  assert.deepEqual(basedOn(waiting), { baseRevision: 4, past: ["a", "b"] });
});
