// The store: what a page shows, saves, offers and never loses. The kernel is played by the test.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { createStore } from "../../../kwlesson/answers/store.js";
import { cases, FakeModel, useStorage, workbookJson } from "./fixtures.js";

beforeEach(() => useStorage());

const copies = () => Object.keys(localStorage).sort();

function open(folder = {}) {
  const store = createStore(50);
  const { model, activity } = join(store);
  if (folder) greet(model, folder);
  return { store, model, activity };
}

function join(store) {
  const model = new FakeModel();
  return { model, activity: store.through(store.connect(model)) };
}

function greet(model, folder) {
  model.answer("hello", {
    status: "ready",
    workbook: workbookJson(folder),
    file: "work/answers.json",
  });
}

function record(model, answers) {
  const counter = Math.max(...Object.values(answers).map(([, n]) => n));
  model.answer("record", { status: "recorded", workbook: workbookJson({ answers, counter }) });
}

test("what the folder holds is on the page, and saved", () => {
  const { store } = open({ counter: 3, answers: { a: ["x", 3, true] } });
  assert.deepEqual(store.answers(), { a: "x" });
  assert.deepEqual([store.isSaved("a"), store.isLocked("a"), store.status("a")], [true, true, "Saved."]);
  assert.equal(store.file(), "work/answers.json");
});

test("an answer is said to be saved when the kernel has said so, and not before", async () => {
  const { store, model, activity } = open();
  const recorded = activity.record("a", "x");
  assert.equal(store.status("a"), "Saving ...");
  assert.equal(store.countUnsaved(), 1);
  record(model, { a: ["x", 1, false] });
  assert.deepEqual(await recorded, { saved: true, message: "" });
  assert.equal(store.status("a"), "Saved.");
});

test("what was locked first stays, and nothing is sent", async () => {
  const { model, activity } = open({ answers: { a: ["x", 1, true] } });
  assert.equal((await activity.record("a", "y")).saved, false);
  assert.equal(activity.get("a"), "x");
  assert.deepEqual(model.ofType("record"), []);
});

test("a fault of the folder is told, and the answer goes again with the next good word", async () => {
  const { store, model, activity } = open();
  const recorded = activity.record("a", "x");
  model.answer("record", {
    status: "failed",
    message: "The disk is full.",
    workbook: workbookJson({}),
  });
  assert.deepEqual(await recorded, { saved: false, message: "The disk is full." });
  assert.match(store.status("a"), /not yet in your folder: The disk is full\./);
  activity.retry();
  record(model, { a: ["x", 1, false] });
  assert.equal(store.status("a"), "Saved.");
});

test("a workbook that cannot be read is told, and nothing leaves the page", () => {
  const { store, model } = open({ answers: { a: ["x", 1, false] } });
  model.reply({ status: "ready", ticket: "t", problem: "It cannot be read." });
  assert.equal(store.problem(), "It cannot be read.");
  assert.deepEqual(store.answers(), { a: "x" });
});

test("where a kernel keeps silent the others are asked", async () => {
  const { store, model, activity } = open();
  const other = join(store);
  greet(other.model, {});
  const recorded = activity.record("a", "x");
  mock.timers.tick(50);
  assert.match((await recorded).message, /^no kernel answers/);
  assert.match(store.status("a"), /not yet in your folder/);
  assert.equal(model.ofType("record").length, 1);
  record(other.model, { a: ["x", 1, false] });
  assert.equal(store.status("a"), "Saved.");
});

test("what was answered without a kernel is sent when one greets", async () => {
  const { store, model, activity } = open();
  model.isDead = true;
  await activity.record("a", "x");
  assert.equal(store.isSaved("a"), false);
  const next = join(store);
  greet(next.model, {});
  assert.equal(next.model.ofType("record").length, 1);
  record(next.model, { a: ["x", 1, false] });
  assert.ok(store.isSaved("a"));
});

test("an answer that is under way is not sent twice", () => {
  const { model, activity } = open();
  activity.record("a", "x");
  greet(model, {});
  assert.equal(model.ofType("record").length, 1);
});

test("what the folder lost is sent again before it is said to be saved", () => {
  const { store, model } = open({ answers: { a: ["x", 2, false], b: ["y", 1, false] } });
  model.reply({
    status: "ready",
    ticket: "t",
    workbook: workbookJson({ answers: { b: ["y", 1, false] } }),
  });
  assert.deepEqual([store.isSaved("a"), store.isSaved("b")], [false, true]);
  const [sent] = model.ofType("record");
  assert.deepEqual([sent.question, sent.answer, sent.baseRevision], ["a", "x", 0]);
});

test("when the folder has another workbook, the old one is offered and what waited is kept", async () => {
  const { store, model, activity } = open({ book: "old", answers: { a: ["x", 1, false] } });
  model.isDead = true;
  await activity.record("b", "waits");
  model.isDead = false;
  model.reply({ status: "ready", ticket: "t", workbook: workbookJson({ book: "new" }) });
  assert.deepEqual(store.answers(), { b: "waits" });
  assert.equal(model.ofType("record").at(-1).baseRevision, 0);
  const [offer] = store.offers();
  assert.equal(offer.count, 1);
  assert.deepEqual(offer.copy.entries.get("a").answer, "x");
});

test("a conflict over an answer that was changed since leaves the later one alone", async () => {
  const { store, model, activity } = open({ answers: { a: ["x", 1, false] } });
  const first = activity.record("a", "y");
  const { ticket } = model.ofType("record")[0];
  activity.record("a", "z");
  const folder = workbookJson({ answers: { a: ["elsewhere", 2, false] } });
  model.reply({ status: "conflict", ticket, message: "Another stays.", workbook: folder });
  await first;
  assert.equal(store.get("a"), "z");
  assert.equal(store.draft("a"), undefined);
  assert.equal(store.isSaved("a"), false);
});

test("what is typed while a conflict comes stays in its box", async () => {
  const { store, model, activity } = open({ answers: { a: ["x", 1, false] } });
  const recorded = activity.record("a", "y");
  store.setDraft("a", "typed since");
  const folder = workbookJson({ answers: { a: ["elsewhere", 2, false] } });
  model.answer("record", { status: "conflict", message: "Another stays.", workbook: folder });
  assert.deepEqual(await recorded, { saved: false, message: "Another stays." });
  assert.equal(store.draft("a"), "typed since");
  assert.equal(store.status("a"), "Another stays.");
});

test("whoever listens is told of each change, until they leave", () => {
  const { store, activity } = open();
  let times = 0;
  const leave = store.subscribe(() => {
    times += 1;
  });
  activity.record("a", "x");
  assert.equal(times, 1);
  leave();
  activity.record("a", "y");
  assert.equal(times, 1);
});

test("where another window locked an answer first, its words are not said to be saved ones of this page", async () => {
  const { store, model, activity } = open();
  const recorded = activity.record("r", { choice: "likely", reason: "my own words" }, { lock: true });
  const theirs = { r: [{ choice: "unlikely", reason: "other words" }, 1, true] };
  model.answer("record", { status: "conflict", workbook: workbookJson({ answers: theirs }) });
  assert.equal((await recorded).saved, false);
  assert.match(store.status("r"), /another window.* that one stays\. You wrote here: \u201cmy own words\u201d/i);
  assert.equal(store.get("r").reason, "other words");
  model.reply({ status: "ready", ticket: "t", workbook: workbookJson({ answers: theirs }) });
  assert.match(store.status("r"), /my own words/, "nor after the next word of the kernel");
});

test("the same holds where the kernel never replied", async () => {
  const { store, model, activity } = open();
  model.isDead = true;
  await activity.record("r", { choice: "likely", reason: "my own words" }, { lock: true });
  const theirs = { r: [{ choice: "unlikely", reason: "other words" }, 1, true] };
  model.reply({ status: "ready", ticket: "t", workbook: workbookJson({ answers: theirs }) });
  assert.match(store.status("r"), /my own words/);
});

test("a busy kernel is waited for, and nobody is told to start another one", async () => {
  const { store, model, activity } = open();
  model.widget_manager.kernel.status = "busy";
  const recorded = activity.record("a", "x");
  mock.timers.tick(50);
  assert.match((await recorded).message, /^the kernel is busy/);
  assert.ok(activity.isBusy());
  assert.doesNotMatch(store.status("a"), /run all/i);
  record(model, { a: ["x", 1, false] });
  assert.equal(store.status("a"), "Saved.");
});

test("a notebook that closes while its answer is being saved leaves it to the next one", async () => {
  const store = createStore(50);
  const model = new FakeModel();
  const channel = store.connect(model);
  greet(model, {});
  const recorded = store.through(channel).record("a", "x");
  store.disconnect(channel);
  assert.equal((await recorded).saved, false);
  assert.equal(JSON.parse(localStorage.getItem("kwlesson:copy:aa")).answers.a.answer, "x");
  // The kernel may have written it all the same, or not: the next one is asked, and either is right.
  const next = join(store);
  greet(next.model, { answers: { a: ["x", 1, false] } });
  record(next.model, { a: ["x", 1, false] });
  assert.equal(store.status("a"), "Saved.");
});

test("once the last kernel has left the page, the browser keeps what is answered next", async () => {
  const store = createStore(50);
  const model = new FakeModel();
  const channel = store.connect(model);
  greet(model, {});
  model.isDead = true;
  await store.through(channel).record("a", "x");
  assert.match(store.status("a"), /not yet in your folder: no kernel answers/);
  store.disconnect(channel);
  const recorded = await store.through().record("b", "y");
  assert.deepEqual(recorded, { saved: false, message: "" });
  for (const question of ["a", "b"]) assert.equal(store.status(question), "Kept in this browser.");
  const next = join(store);
  greet(next.model, {});
  assert.deepEqual(
    next.model.ofType("record").map(({ question }) => question),
    ["a", "b"],
  );
});

test("a part of the page that fails stops no other", (context) => {
  context.mock.method(console, "error", () => undefined);
  const { store, activity } = open();
  const told = [];
  store.subscribe(() => {
    throw new Error("of one part");
  });
  store.subscribe(() => told.push("the other"));
  activity.record("a", "x");
  assert.deepEqual(told, ["the other"]);
});

test("what a kernel has to say of the folder is said once", () => {
  const { store, model } = open();
  for (const _ of [1, 2]) model.reply({ status: "ready", ticket: "t", notices: ["This disk has no locks."] });
  assert.deepEqual(store.notices(), ["This disk has no locks."]);
});

// Beginning anew

/** Give answers as one learner, and return what the folder holds after they were forgotten. */
function leave({ model, store, activity }) {
  activity.record("name", "Ada");
  record(model, { name: ["Ada", 1, false] });
  store.setDraft("b", "Ada's draft");
  model.isDead = true;
  activity.record("c", "Ada's, never saved");
  model.isDead = false;
  return workbookJson({ book: "bb", forgotten: ["aa"] });
}

const pageOf = (store) => [store.answers(), store.draft("b"), store.offers(), copies()];

test("whoever forgets leaves nothing on the page and in the browser", async () => {
  const page = open();
  const workbook = leave(page);
  localStorage.setItem("kwlesson:copy:cc", JSON.stringify({ book: "cc", answers: {}, drafts: {}, at: "" }));
  let anew = 0;
  page.store.onForgotten(() => {
    anew += 1;
  });
  const forgotten = page.activity.forget();
  page.model.answer("forget", { status: "forgotten", workbook });
  assert.equal((await forgotten).status, "forgotten");
  assert.deepEqual(pageOf(page.store), [{}, undefined, [], []]);
  assert.equal(anew, 1);
});

test("another window learns of it with the kernel's next word, and sends nothing of it again", () => {
  const page = open();
  const workbook = leave(page);
  const before = page.model.sent.length;
  page.model.reply({ status: "ready", ticket: "t", workbook });
  assert.deepEqual(pageOf(page.store), [{}, undefined, [], []]);
  assert.deepEqual(page.model.sent.slice(before), []);
});

test("a browser that was closed meanwhile drops its copy when it hears of it", () => {
  const workbook = leave(open());
  const { store, model } = open(null);
  model.reply({ status: "ready", ticket: "t", workbook });
  assert.deepEqual(pageOf(store), [{}, undefined, [], []]);
});

test("without a kernel nothing is said to be forgotten, and nothing is", async () => {
  const { store, model, activity } = open({ answers: { a: ["x", 1, false] } });
  model.isDead = true;
  assert.equal(await activity.forget(), null);
  assert.deepEqual(store.answers(), { a: "x" });
});

test("where nothing was ever run the page and the browser forget", async () => {
  const store = createStore(50);
  store.record("a", "x");
  assert.equal((await store.through().forget()).status, "forgotten");
  assert.deepEqual([store.answers(), copies()], [{}, []]);
});

// Drafts

test("a draft goes when its answer is given, and stands in the download if it counts", () => {
  const { store, activity } = open();
  store.setDraft("a", "typed");
  store.setDraft("b", "half", false);
  store.setDraft("c", "");
  const { answers } = JSON.parse(store.exportFile());
  assert.deepEqual(Object.keys(answers), ["a"]);
  assert.equal(answers.a.answer, "typed");
  assert.equal(store.draft("a"), "typed");
  activity.record("a", "given");
  assert.equal(store.draft("a"), undefined);
});

test("a draft of an answer that is locked is in no download", () => {
  const { store } = open({ answers: { a: ["x", 1, true] } });
  store.setDraft("a", "typed");
  assert.equal(JSON.parse(store.exportFile()).answers.a.answer, "x");
});

test("a draft that was downloaded is older than what is answered later", () => {
  const { store, model, activity } = open();
  store.setDraft("a", "typed");
  const { counter } = JSON.parse(store.exportFile());
  activity.record("a", "given");
  assert.ok(model.ofType("record")[0].revision > counter);
});

test("words that differ from the answer are never said to be saved", () => {
  const { store } = open({ answers: { a: ["x", 1, false] } });
  assert.equal(store.changedStatus("a", "Press it."), "Changed, not yet saved. Press it.");
});

// The browser's copy

test("a page that was opened again has its drafts, and is offered what never reached the folder", async () => {
  const old = open({ answers: { a: ["x", 1, false] } });
  old.model.isDead = true;
  await old.activity.record("a", "never saved");
  old.store.setDraft("b", "typed");
  const { store, activity, model } = open({
    counter: 1,
    answers: { a: ["x", 1, false], b: ["y", 1, false] },
  });
  assert.equal(store.draft("b"), "typed");
  const [offer] = store.offers();
  assert.equal(offer.count, 1);
  const accepted = activity.accept(offer.copy);
  const [{ buffers, last }] = model.ofType("restore");
  assert.ok(last);
  const sent = JSON.parse(new TextDecoder().decode(buffers[0]));
  assert.deepEqual(sent.answers.a, { answer: "never saved", n: 2, locked: false });
  const restored = { counter: 2, answers: { a: ["never saved", 2, false], b: ["y", 1, false] } };
  model.answer("restore", {
    status: "restored",
    messages: ["1 answer was brought back."],
    workbook: workbookJson(restored),
  });
  assert.deepEqual((await accepted).messages, ["1 answer was brought back."]);
  assert.deepEqual(store.offers(), []);
  assert.deepEqual(copies(), ["kwlesson:copy:aa"]);
});

test("a copy is not offered over what was saved later", async () => {
  const old = open({ answers: { a: ["x", 1, false] } });
  old.model.isDead = true;
  await old.activity.record("a", "never saved");
  const { store, activity, model } = open({ counter: 1, answers: { a: ["x", 1, false] } });
  activity.record("a", "later");
  const { revision } = model.ofType("record")[0];
  assert.equal(revision, 3);
  record(model, { a: ["later", revision, false] });
  assert.deepEqual(store.offers(), []);
});

test("what only the copy holds outlives what another window writes", async () => {
  const one = open({ answers: { a: ["x", 1, false] } });
  const other = open({ answers: { a: ["x", 1, false] } });
  one.model.isDead = true;
  await one.activity.record("b", "long, and never on disk");
  one.store.setDraft("c", "being typed");
  other.activity.record("a", "y");
  record(other.model, { a: ["y", 2, false] });
  const copy = JSON.parse(localStorage.getItem("kwlesson:copy:aa"));
  assert.equal(copy.answers.b.answer, "long, and never on disk");
  assert.equal(copy.answers.a.answer, "y");
  assert.equal(copy.drafts.c.value, "being typed");
});

test("a draft that was handed in leaves the copy, and one of a locked answer is not brought back", () => {
  const { store, activity } = open();
  store.setDraft("a", "typed");
  store.setDraft("b", "typed");
  activity.record("a", "given");
  const { drafts } = JSON.parse(localStorage.getItem("kwlesson:copy:aa"));
  assert.deepEqual(Object.keys(drafts), ["b"]);
  assert.equal(open({ answers: { b: ["x", 1, true] } }).store.draft("b"), undefined);
});

test("what was answered before any kernel spoke leaves one copy, under the folder's token", () => {
  const { model, activity } = open(null);
  activity.record("a", "x");
  assert.equal(copies().length, 1);
  greet(model, {});
  assert.deepEqual(copies(), ["kwlesson:copy:aa"]);
});

test("a copy that was accepted is not offered again, whatever the folder made of it", async () => {
  const { store, model, activity } = open({ book: "old", answers: { a: ["x", 1, false] } });
  const empty = workbookJson({ book: "new" });
  model.reply({ status: "ready", ticket: "t", workbook: empty });
  const accepted = activity.accept(store.offers()[0].copy);
  model.answer("restore", { status: "restored", messages: [], workbook: empty });
  await accepted;
  assert.deepEqual(store.offers(), []);
});

test("words typed before anything was kept are offered, and come back as a draft", async () => {
  open().store.setDraft("a", "twenty minutes of typing");
  localStorage.setItem("kwlesson:copy:other", localStorage.getItem("kwlesson:copy:aa"));
  localStorage.removeItem("kwlesson:copy:aa");
  const { store, activity, model } = open();
  const [offer] = store.offers();
  const { messages } = await activity.accept(offer.copy);
  assert.equal(model.ofType("restore").length, 0);
  assert.match(messages[0], /in its box again/);
  assert.equal(store.draft("a"), "twenty minutes of typing");
});

test("a copy that the kernel refuses stays in the browser", async () => {
  localStorage.setItem(
    "kwlesson:copy:bb",
    JSON.stringify(workbookJson({ book: "bb", answers: { a: ["x", 1, false] } })),
  );
  const { store, activity, model } = open();
  const accepted = activity.accept(store.offers()[0].copy);
  model.answer("restore", {
    status: "failed",
    message: "The disk is full.",
    workbook: workbookJson({}),
  });
  assert.equal((await accepted).status, "failed");
  assert.ok(copies().includes("kwlesson:copy:bb"));
});

test("a name alone is nothing to offer", () => {
  localStorage.setItem(
    "kwlesson:copy:bb",
    JSON.stringify(workbookJson({ book: "bb", answers: { name: ["Ada", 1, false] } })),
  );
  assert.deepEqual(open().store.offers(), []);
});

test("before a kernel has told what the folder holds, nothing is offered", () => {
  localStorage.setItem(
    "kwlesson:copy:bb",
    JSON.stringify(workbookJson({ book: "bb", answers: { a: ["x", 1, false] } })),
  );
  const store = createStore();
  assert.deepEqual(store.offers(), []);
  greet(join(store).model, {});
  assert.equal(store.offers().length, 1);
});

test("copies are cleared at one word, and the folder's answers stay", () => {
  const { store } = open({ answers: { a: ["x", 1, false] } });
  assert.equal(copies().length, 1);
  store.clearCopies();
  assert.deepEqual(copies(), []);
  assert.equal(store.get("a"), "x");
});

test("a browser that forbids copies keeps answers all the same", () => {
  useStorage({ deny: true });
  const { store, model, activity } = open();
  activity.record("a", "x");
  record(model, { a: ["x", 1, false] });
  assert.ok(store.isSaved("a"));
});

test("the file of a page is read by Python, whose cases it shares", () => {
  const { here } = cases.restore[0];
  const { store } = open(here);
  const { format, version, lesson, ...file } = JSON.parse(store.exportFile());
  assert.deepEqual([format, version, lesson], ["kwlesson-workbook", 1, "kwlesson"]);
  assert.deepEqual(file, workbookJson(here));
});

test("a copy of another lesson is not offered, and one of the first version is", () => {
  for (const lesson of ["harbour", undefined]) {
    const copy = { ...workbookJson({ book: `of ${lesson}`, answers: { a: ["x", 1, false] } }), lesson };
    localStorage.setItem(`kwlesson:copy:${lesson}`, JSON.stringify(copy));
  }
  const books = (/** @type {string} */ lesson) => {
    const store = createStore(50, lesson);
    greet(join(store).model, {});
    return store.offers().map(({ copy }) => copy.book);
  };
  assert.deepEqual(books("kwlesson"), ["of undefined"]);
  assert.deepEqual(books("harbour").sort(), ["of harbour", "of undefined"]);
});

test("what is downloaded and what the browser keeps say of which lesson they are", () => {
  const store = createStore(50, "harbour");
  store.record("a", "x");
  assert.equal(JSON.parse(store.exportFile()).lesson, "harbour");
  assert.deepEqual(
    Object.values(localStorage).map((copy) => JSON.parse(copy).lesson),
    ["harbour"],
  );
});

test("a page hears when there is first something to download, and when there no longer is", () => {
  const { store } = open();
  let heard = 0;
  store.subscribe(() => heard++);
  for (const typed of ["t", "ty", undefined]) store.setDraft("a", typed);
  assert.equal(heard, 2);
  store.setDraft("b", "a choice alone", false);
  assert.deepEqual([heard, store.hasDrafts()], [2, false]);
});
