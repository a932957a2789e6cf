/**
 * The answers on this page. One store a workbook and a window: every activity in every notebook of
 * the window shares its answers, and the kernels write them into the learner's folder.
 */

import { copyKey, copyKeys, dropCopy, lastCopy, readCopies, readCopy, writeCopy } from "./browser_copies.js";
import { createDrafts } from "./drafts.js";
import { basedOn, compareWithFolder, mergeNewer, missingFrom, resolveConflict } from "./merge_rules.js";
import { clearNotes } from "./notes.js";
import { createToken, createTransport, splitIntoChunks } from "./transport.js";
import { asRecord, dumps, isSame, loads } from "./workbook_format.js";

/** @import { Copy } from "./browser_copies.js" */
/** @import { Given } from "./merge_rules.js" */
/** @import { Channel, Model, Reply } from "./transport.js" */
/** @import { Entry, Workbook } from "./workbook_format.js" */

/** @typedef {Entry & Partial<Given> & { unsaved: boolean, message: string }} PageEntry */
/** @typedef {{ saved: boolean, message: string }} Recorded */
/** @typedef {ReturnType<typeof createStore>} Store */
/** @typedef {ReturnType<Store["through"]>} ActivityStore */

// JupyterLab spends the first run on starting a kernel where it had been shut down.
export const NO_KERNEL = "no kernel answers. Run all cells, twice if need be, or load the page again.";
const BUSY = "the kernel is busy. It goes there as soon as the kernel is free.";
const FIRST_STAYS = "Another window kept an answer to this first, and that one stays.";
const DRAFT_RESTORED = "What was typed and not yet handed in is in its box again.";
const LOCKED = "what was kept first stays";
const KEPT = "Kept in this browser.";
const NOT_KEPT = "Kept on this page alone: download your work before you leave it.";
const NO_FILE = "This is no file of answers. Once all cells are run, more of a damaged file can be read.";

/**
 * Tell a reader that an answer is on the page alone.
 * @param {string} message
 */
export function notInFolder(message) {
  return `Kept on this page, not yet in your folder: ${message}`;
}

/**
 * Say that another window's answer took the place of one that was given here, which is not lost.
 * @param {PageEntry | undefined} ours
 * @param {Entry} theirs
 */
function describeDisplaced(ours, theirs) {
  if (!ours) return "";
  const isAlike = isSame(ours.answer, theirs.answer);
  if (isAlike || !ours.unsaved) return isAlike && !ours.unsaved ? ours.message : "";
  const { reason } = asRecord(ours.answer);
  return typeof reason === "string" ? `${FIRST_STAYS} You wrote here: \u201c${reason}\u201d` : FIRST_STAYS;
}

/**
 * @param {number} [patience] - Milliseconds that a kernel has for its reply.
 * @param {string} [lesson] - The id of the lesson whose questions are answered.
 */
export function createStore(patience, lesson = "kwlesson") {
  /** @type {Map<string, PageEntry>} */
  const entries = new Map();
  const drafts = createDrafts();
  /** @type {Map<string, Copy>} */
  const orphans = new Map(); // what this page showed of a workbook that has gone from the folder
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {Set<() => void>} */
  const forgetters = new Set();
  /** @type {Set<string>} */
  const notices = new Set();
  /** @type {string | undefined} */
  let folderBook; // of the workbook as a kernel last read it
  let book = createToken();
  let counter = 0;
  let file = "";
  let problem = "";
  let isKept = true;

  /** @param {Set<() => void>} whom */
  const tell = (whom) => {
    for (const listener of [...whom]) {
      try {
        listener();
      } catch (error) {
        console.error(error); // one part of the page that fails stops no other
      }
    }
  };
  const notify = () => tell(listeners);

  // The workbook as this page has it

  /** @returns {Workbook} */
  const workbook = () => {
    const bare = [...entries].map(([question, { answer, revision, locked }]) => {
      return /** @type {const} */ ([question, { answer, revision, locked }]);
    });
    return { book, counter, entries: new Map(bare) };
  };

  const saveLocalCopy = () => {
    if (!entries.size && !drafts.size()) return;
    // Another window may have put there what is nowhere else.
    const there = readCopy(copyKey(book));
    const whole = there ? mergeNewer(workbook(), there) : workbook();
    const at = new Date().toISOString();
    isKept = writeCopy(copyKey(book), { ...whole, drafts: drafts.joined(there?.drafts ?? new Map()), at, lesson });
  };

  /** @param {Copy} copy */
  const missingDrafts = (copy) =>
    [...copy.drafts].filter(([question, { value, counts }]) => {
      return counts && value !== "" && !drafts.has(question) && !entries.has(question);
    });

  /** @param {Copy} copy */
  const missing = (copy) => {
    const answers = missingFrom(workbook(), copy).filter((question) => question !== "name");
    return [...new Set([...answers, ...missingDrafts(copy).map(([question]) => question)])];
  };

  // The copy of this very workbook may hold what never reached the folder: it is set aside, to be offered.
  const checkLocalCopy = () => {
    const copy = readCopy(copyKey(book));
    if (!copy) return;
    // What this browser numbered without a kernel is older than what will be answered now.
    counter = Math.max(counter, copy.counter);
    for (const [question, draft] of copy.drafts) {
      if (!entries.get(question)?.locked) drafts.adopt(question, draft);
    }
    const lost = missing(copy);
    /** @param {Copy} other */
    const holds = (other) =>
      other.book === book &&
      other.key !== copy.key &&
      lost.every((question) => isSame(other.entries.get(question), copy.entries.get(question)));
    if (lost.length && !readCopies().some(holds)) writeCopy(`${copyKey(book)}~${copy.counter}`, copy);
  };

  // The folder has another workbook than before: what is saved in the old one leaves the page.
  const leaveWorkbook = () => {
    const at = new Date().toISOString();
    const gone = { ...workbook(), drafts: new Map(), at, key: copyKey(book) };
    orphans.set(gone.key, gone);
    for (const [question, entry] of entries) {
      if (entry.unsaved) Object.assign(entry, { baseRevision: 0, past: [] });
      else entries.delete(question);
    }
    book = createToken();
  };

  /** @param {(copy: Copy) => boolean} isForgotten */
  const forgetCopies = (isForgotten) => {
    for (const copy of readCopies()) if (isForgotten(copy)) dropCopy(copy.key);
  };
  // Whoever was here before leaves nothing on the page.
  const forgetPage = () => {
    for (const part of [entries, drafts, orphans, notices]) part.clear();
    folderBook = undefined;
    book = createToken();
    counter = 0;
    clearNotes();
    tell(forgetters);
  };

  /** @param {Workbook} folder */
  const merge = (folder) => {
    const forgotten = new Set(folder.forgotten);
    if (folder.book !== book && (forgotten.has(book) || forgotten.has(folderBook ?? ""))) forgetPage();
    if (folder.book !== folderBook) forgetCopies((copy) => forgotten.has(copy.book));
    const isNew = folder.book !== folderBook;
    const isAnother = folder.book !== book && folder.entries.size > 0;
    // Once a folder was heard of, what is saved is saved there.
    const wasOpened = folderBook === undefined && [...entries.values()].some(({ unsaved }) => !unsaved);
    if (isNew && (folderBook || (isAnother && wasOpened))) leaveWorkbook();
    if (folder.book && folder.book !== book) {
      dropCopy(copyKey(book));
      book = folder.book;
    }
    folderBook = folder.book;
    for (const question of new Set([...entries.keys(), ...folder.entries.keys()])) {
      const ours = entries.get(question);
      const theirs = folder.entries.get(question);
      const verdict = compareWithFolder(ours, theirs);
      if (verdict === "adopt" && theirs) {
        entries.set(question, { ...theirs, unsaved: false, message: describeDisplaced(ours, theirs) });
      }
      if (verdict === "resend" && ours) {
        const baseRevision = theirs?.revision ?? 0;
        Object.assign(ours, { unsaved: true, message: "", baseRevision, past: [] });
      }
    }
    counter = Math.max(counter, folder.counter);
    if (isNew) checkLocalCopy();
  };

  /**
   * Settle an answer that the kernel refused; return whether it is to be sent again.
   * @param {string} question
   * @param {PageEntry} entry
   * @param {Entry | undefined} theirs
   */
  const settle = (question, entry, theirs) => {
    if (!theirs || entries.get(question) !== entry || !entry.unsaved) return false;
    if (resolveConflict({ past: entry.past ?? [] }, theirs) === "resend") {
      Object.assign(entry, { revision: ++counter, baseRevision: theirs.revision, message: "" });
      return true;
    }
    entries.set(question, { ...theirs, unsaved: false, message: entry.message });
    drafts.adopt(question, { value: entry.answer, counts: false });
    return false;
  };

  // The kernel

  /** @type {ReturnType<typeof createTransport<{ question: string, entry: PageEntry }>>} */
  const transport = createTransport((reply, channel, request) => {
    file = reply.file || file;
    problem = reply.problem ?? "";
    for (const notice of reply.notices ?? []) notices.add(notice);
    if (reply.status === "forgotten") forgetHere();
    const folder = reply.workbook === undefined ? undefined : loads(reply.workbook);
    const { question = "", entry } = request?.about ?? {};
    const theirs = folder?.entries.get(question);
    const isRefused = reply.status === "failed" || reply.status === "conflict";
    if (entry && isRefused) entry.message = reply.message ?? "";
    if (entry && reply.status === "recorded") {
      Object.assign(entry, { unsaved: false, message: "" });
      if (theirs && entries.get(question) === entry) Object.assign(entry, theirs);
    }
    if (folder) merge(folder);
    const goesAgain = entry && reply.status === "conflict" && settle(question, entry, theirs);
    saveLocalCopy();
    if (goesAgain) request?.done(send(question, channel).then(() => reply));
    else request?.done(reply);
    if (!isRefused) sendUnsaved(channel);
    notify();
  }, patience);

  const forgetHere = () => {
    forgetCopies(() => true);
    forgetPage();
  };

  /** @param {Channel} channel */
  const greet = (channel) => transport.request(channel, [{ content: { type: "hello" } }]);

  /**
   * Send an answer; where the activity's own kernel keeps silent the page says so, and asks every other one.
   * @param {string} question
   * @param {Channel} [first]
   * @returns {Promise<Recorded>}
   */
  const send = async (question, first) => {
    const entry = /** @type {PageEntry} */ (entries.get(question));
    const { answer, revision, baseRevision, locked: lock } = entry;
    if (!transport.isConnected()) return { saved: false, message: "" };
    const content = { type: "record", question, answer, lock, revision, baseRevision };
    /** @param {Channel} channel */
    const post = (channel) => transport.request(channel, [{ content }], { question, entry });
    const reply = first ? await post(first) : null;
    if (reply) return { saved: !entry.unsaved, message: store.message(question) };
    if (!entry.unsaved) return { saved: true, message: "" };
    entry.message = transport.isBusy(first) ? BUSY : NO_KERNEL;
    notify();
    if (entries.get(question) === entry) for (const channel of transport.alive(first)) post(channel);
    return { saved: false, message: entry.message };
  };

  /** @param {Channel} channel */
  const sendUnsaved = (channel) => {
    for (const [question, entry] of entries) {
      const isUnderWay = transport.isPending((about) => about.entry === entry);
      if (entry.unsaved && !isUnderWay) send(question, channel);
    }
  };

  /**
   * @param {Channel | undefined} channel
   * @param {ArrayBuffer | Uint8Array} content
   */
  const restore = (channel, content) =>
    channel
      ? transport.request(channel, splitIntoChunks(content), undefined, content.byteLength / 1000)
      : Promise.resolve(restoreHere(content));

  /**
   * Bring answers back with nothing run: another copy only fills gaps.
   * @param {ArrayBuffer | Uint8Array} content
   * @returns {Pick<Reply, "status" | "message" | "messages">}
   */
  const restoreHere = (content) => {
    /** @type {Workbook} */
    let there;
    try {
      there = loads(JSON.parse(new TextDecoder().decode(content)));
    } catch {
      return { status: "failed", message: NO_FILE };
    }
    const questions = missingFrom(workbook(), there);
    for (const question of questions) {
      const entry = /** @type {Entry} */ (there.entries.get(question));
      const base = basedOn(entries.get(question));
      entries.set(question, { ...entry, revision: ++counter, unsaved: true, message: "", ...base });
    }
    saveLocalCopy();
    notify();
    const count = questions.length === 1 ? "1 answer was" : `${questions.length} answers were`;
    return { status: "restored", messages: [`${count} brought back.`] };
  };

  const store = {
    /** @param {string} question */
    get: (question) => entries.get(question)?.answer,
    /** @param {string} question */
    isLocked: (question) => entries.get(question)?.locked ?? false,
    /** @param {string} question */
    isSaved: (question) => entries.get(question)?.unsaved === false,
    /** @param {string} question */
    message: (question) => entries.get(question)?.message ?? "",
    /**
     * Return what a reader is told of an answer that was given.
     * @param {string} question
     */
    status(question) {
      const message = store.message(question);
      if (store.place()) return store.place();
      if (store.isSaved(question)) return message || "Saved.";
      return message ? notInFolder(message) : "Saving ...";
    },
    /**
     * Return what a reader is told where other words stand in the form than in the answer that was given.
     * @param {string} question
     * @param {string} how - How to keep them.
     */
    changedStatus(question, how) {
      const before = store.isSaved(question) ? `${store.message(question)} ` : "";
      return `${before}Changed, not yet saved. ${how}`.trim();
    },
    /** @returns {Record<string, unknown>} */
    answers: () => Object.fromEntries([...entries].map(([question, { answer }]) => [question, answer])),
    /** Return where answers are kept while the page has no kernel; nothing while it has one. */
    place: () => (transport.isConnected() ? "" : isKept ? KEPT : NOT_KEPT),
    countUnsaved: () => [...entries.values()].filter(({ unsaved }) => unsaved).length,
    file: () => file,
    problem: () => problem,
    notices: () => [...notices],
    /** @param {string} question */
    draft: (question) => drafts.value(question),
    /** Return whether the downloaded file would hold what was not handed in. */
    hasDrafts: () => drafts.counting().length > 0,
    /**
     * @param {string} question
     * @param {unknown} value - Nothing where there is no draft any more.
     * @param {boolean} [counts] - Whether it goes into the downloaded file as if it had been handed in.
     */
    setDraft(question, value, counts = true) {
      const had = store.hasDrafts();
      if (value === undefined) drafts.discard(question);
      else drafts.write(question, value, counts);
      saveLocalCopy();
      if (had !== store.hasDrafts()) notify();
    },
    /**
     * @param {string} question
     * @param {unknown} answer
     * @param {{ lock?: boolean }} [options]
     * @param {Channel} [channel]
     * @returns {Promise<Recorded>}
     */
    record(question, answer, { lock = false } = {}, channel = undefined) {
      if (store.isLocked(question)) return Promise.resolve({ saved: false, message: LOCKED });
      drafts.discard(question);
      const base = basedOn(entries.get(question));
      entries.set(question, {
        answer,
        revision: ++counter,
        locked: lock,
        unsaved: true,
        message: "",
        ...base,
      });
      saveLocalCopy();
      const sent = send(question, channel);
      notify();
      return sent;
    },
    /** Return the content of the file to download: all that is answered, and the drafts that count. */
    exportFile() {
      const whole = workbook();
      for (const [question, { value }] of drafts.counting()) {
        if (store.isLocked(question)) continue;
        whole.entries.set(question, { answer: value, revision: ++counter, locked: false });
      }
      saveLocalCopy();
      return dumps({ ...whole, counter }, lesson);
    },
    /**
     * @param {() => void} listener
     * @returns {() => void} - Ends the subscription.
     */
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /**
     * Learn when all that was shown is no longer anybody's.
     * @param {() => void} listener
     * @returns {() => void} - Ends the subscription.
     */
    onForgotten(listener) {
      forgetters.add(listener);
      return () => void forgetters.delete(listener);
    },
    /** Return the copies with answers that the folder lacks: those in this browser, and those of this page. */
    offers() {
      if (folderBook === undefined) return [];
      const ours = readCopies().filter((copy) => [undefined, lesson].includes(copy.lesson));
      const found = new Map([...orphans, ...ours.map((copy) => /** @type {const} */ ([copy.key, copy]))]);
      found.delete(copyKey(book));
      return [...found.values()].flatMap((copy) => {
        const count = missing(copy).length;
        return count ? [{ copy, count }] : [];
      });
    },
    clearCopies() {
      for (const key of copyKeys()) dropCopy(key);
      notify();
    },
    /** @param {Model} model */
    connect(model) {
      const channel = transport.connect(model);
      greet(channel);
      return channel;
    },
    /** Go on with what this browser kept last, before anything is run. */
    openCopy() {
      const copy = lastCopy(lesson);
      if (!copy) return;
      ({ book, counter } = copy);
      for (const [question, entry] of copy.entries) entries.set(question, { ...entry, unsaved: false, message: "" });
      for (const [question, draft] of copy.drafts) drafts.adopt(question, draft);
    },
    /** @param {Channel} channel */
    disconnect: (channel) => transport.disconnect(channel),
    /**
     * Return the same store for one activity of the page: what it asks goes first to its own kernel.
     * @param {Channel} [own]
     */
    through: (own) => ({
      ...store,
      /**
       * @param {string} question
       * @param {unknown} answer
       * @param {{ lock?: boolean }} [options]
       */
      record: (question, answer, options) => store.record(question, answer, options, own ?? transport.current()),
      retry() {
        const channel = own ?? transport.current();
        if (channel) sendUnsaved(channel);
      },
      /** @param {ArrayBuffer} content */
      restore: (content) => restore(own ?? transport.current(), content),
      /**
       * Bring a copy's answers and drafts to the folder and to the page.
       * @param {Copy} copy
       * @returns {Promise<Pick<Reply, "status" | "message" | "messages"> | null>}
       */
      async accept(copy) {
        const found = missingDrafts(copy);
        /** @type {Pick<Reply, "status" | "message" | "messages"> | null} */
        let reply = { status: "restored", messages: [] };
        const channel = own ?? transport.current();
        if (copy.entries.size) reply = await restore(channel, new TextEncoder().encode(dumps(copy, lesson)));
        if (reply?.status !== "restored") return reply;
        for (const [question, draft] of found) drafts.adopt(question, draft);
        saveLocalCopy();
        orphans.delete(copy.key);
        if (copy.key !== copyKey(book)) dropCopy(copy.key);
        notify();
        return {
          ...reply,
          messages: [...(reply.messages ?? []), ...(found.length ? [DRAFT_RESTORED] : [])],
        };
      },
      /** Remove every answer, and every copy, from the folder, this page and this browser. */
      async forget() {
        const channel = own ?? transport.current();
        if (channel) return await transport.request(channel, [{ content: { type: "forget" } }], undefined, 1);
        forgetHere();
        notify();
        return /** @type {const} */ ({ status: "forgotten" });
      },
      isBusy: () => transport.isBusy(own ?? transport.current()),
    }),
  };
  return store;
}
