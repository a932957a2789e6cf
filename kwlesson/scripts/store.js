// The answers on this page, and the talk with the kernel that writes them into the learner's folder.
// One store a workbook and a window: every part in every notebook of the window shares its answers.

const parts = {};
const PATIENCE = 6000; // milliseconds without a word from the kernel, until the page says so
const PIECE = 1000000; // bytes a message: a server drops a connection that sends it ten million
// JupyterLab spends the first Run All Cells on starting a kernel where it had been shut down.
const NOBODY = "no kernel answers. Choose Run > Run All Cells, twice if need be.";
const TYPED = "What was typed and not yet handed in is in its box again.";

function token() {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  const chances = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(chances, (chance) => letters[chance % 36]).join("");
}

function onlyHere(sentence) {
  return `Kept on this page, not yet in your folder: ${sentence}`;
}

function openStore() {
  // question -> {answer, n, locked, unsaved, sentence}; until it is saved also seen, the number of the
  // answer in the folder that it is to replace, and past, what this page gave since then
  const answers = new Map();
  const drafts = new Map(); // question -> {value, counts}: typed, and not yet handed in
  const typed = new Set(); // the questions of which this page, and no other window, has the last draft
  const asides = new Map(); // what this page showed of a workbook that has gone from the folder
  const lines = new Set(); // one to the kernel of each part that is on the page
  const waiting = new Map(); // ticket -> {line, entry, done}
  const listeners = new Set();
  let folder = null; // the workbook as a kernel last read it
  let book = token();
  let counter = 0;
  const me = token(); // several windows may hear one kernel
  let tickets = 0;
  let where = "";
  let trouble = "";

  const notify = () => {
    for (const listener of [...listeners]) listener();
  };

  // The workbook as this page has it

  const whole = () => {
    const bare = [...answers].map(([question, { answer, n, locked }]) => [question, { answer, n, locked }]);
    return { book, counter, answers: Object.fromEntries(bare) };
  };
  const keepCopy = () => {
    if (!answers.size && !drafts.size) return;
    const mine = whole();
    // Another window may have put there what is nowhere else.
    const there = copies.read(COPY + book);
    const newer = entriesOf(there).filter(([question, { n }]) => {
      const here = answers.get(question);
      return !here || (!here.locked && n > here.n);
    });
    const others = draftsOf(there).filter(([question]) => !typed.has(question));
    copies.write(COPY + book, {
      ...mine,
      counter: Math.max(counter, ...newer.map(([, { n }]) => n).filter(Number.isSafeInteger)),
      answers: Object.fromEntries([...Object.entries(mine.answers), ...newer]),
      drafts: Object.fromEntries([...drafts, ...others]),
      at: new Date().toISOString(),
    });
  };
  const strayDrafts = (copy) =>
    draftsOf(copy).filter(
      ([question, { value, counts }]) => counts && value !== "" && !drafts.has(question) && !answers.has(question),
    );
  const lacking = (copy) => {
    const entries = entriesOf(copy).filter(([question, { answer, n }]) => {
      const here = answers.get(question);
      if (question === "name" || !here) return question !== "name";
      return copy.book === book && !here.locked && n > here.n && !same(here.answer, answer);
    });
    return [...new Set([...entries, ...strayDrafts(copy)].map(([question]) => question))];
  };

  // The copy of this very workbook may hold what never reached the folder: it is set aside, to be offered.
  const lookAtOwnCopy = () => {
    const copy = copies.read(COPY + book);
    if (!copy) return;
    // What this browser numbered without a kernel is older than what will be answered now.
    if (Number.isSafeInteger(copy.counter)) counter = Math.max(counter, copy.counter);
    for (const [question, draft] of draftsOf(copy)) {
      const known = drafts.has(question) || (answers.has(question) && answers.get(question).locked);
      if (!known) drafts.set(question, draft);
    }
    const missing = lacking(copy);
    const holds = (other) =>
      other.book === book && other.key !== copy.key &&
      missing.every((question) => same(entryOf(other, question), entryOf(copy, question)));
    if (missing.length && !copies.all().some(holds)) copies.write(`${COPY}${book}~${copy.counter}`, copy);
  };
  // What the folder holds joins the page. An answer that is only here stays, unless it is locked there.
  const merge = (snapshot) => {
    if (!snapshot) return;
    const isNew = !folder || snapshot.book !== folder.book;
    if (isNew && folder && folder.book) {
      const gone = { ...whole(), key: COPY + book, at: new Date().toISOString() };
      asides.set(gone.key, gone);
      for (const [question, entry] of answers) {
        if (entry.unsaved) Object.assign(entry, { seen: 0, past: [] });
        else answers.delete(question);
      }
      book = token();
    }
    if (snapshot.book && snapshot.book !== book) {
      copies.drop(COPY + book);
      book = snapshot.book;
    }
    folder = snapshot;
    for (const [question, entry] of isNew ? [] : answers) {
      const kept = entryOf(snapshot, question);
      if (entry.unsaved || (kept && kept.n >= entry.n)) continue;
      Object.assign(entry, { unsaved: true, sentence: "", seen: kept ? kept.n : 0, past: [] });
    }
    for (const [question, entry] of entriesOf(snapshot)) {
      const mine = answers.get(question);
      const isThere = mine && mine.n === entry.n && same(mine.answer, entry.answer);
      const known = isThere || (mine && (mine.unsaved || mine.n > entry.n));
      if (!known || entry.locked) answers.set(question, { ...entry, unsaved: false, sentence: "" });
    }
    counter = Math.max(counter, snapshot.counter || 0);
    if (isNew) lookAtOwnCopy();
  };

  // What the folder was found to hold stays, and what was given here becomes a draft. Where that is only
  // what this page gave before, the answer is sent again instead.
  const giveWay = (question, entry, snapshot) => {
    const stands = entryOf(snapshot, question);
    if (!stands || answers.get(question) !== entry || !entry.unsaved) return false;
    if (entry.past.some((one) => same(one, stands.answer))) {
      Object.assign(entry, { n: ++counter, seen: stands.n, sentence: "" });
      return true;
    }
    answers.set(question, { ...stands, unsaved: false, sentence: entry.sentence });
    if (!drafts.has(question)) drafts.set(question, { value: entry.answer, counts: false });
    return false;
  };

  // The kernel

  const hear = (message, line) => {
    if (!message || !message.did) return;
    const asked = waiting.get(message.ticket);
    waiting.delete(message.ticket);
    line.lives = true;
    where = message.where || where;
    trouble = message.trouble || "";
    if (message.code !== undefined) line.code = message.code;
    const { question, entry } = asked || {};
    if (entry && message.did === "failed") entry.sentence = message.sentence;
    if (entry && message.did === "recorded") {
      entry.unsaved = false;
      entry.sentence = "";
      const kept = entryOf(message.book, question);
      if (kept && answers.get(question) === entry) Object.assign(entry, kept);
    }
    merge(message.book);
    const goesAgain = entry && message.stays && giveWay(question, entry, message.book);
    keepCopy();
    if (asked) asked.done(goesAgain ? send(question, line) : message);
    if (message.did !== "failed") sendAll(line);
    if (message.did === "recorded") askForCodes(line);
    notify();
  };
  const tell = (line, content, buffers) => {
    try {
      line.model.send(content, undefined, buffers);
      return true;
    } catch {
      line.lives = false;
      return false;
    }
  };
  // Resolves to the kernel's word, or to nothing where it does not come in time; it is heard even later.
  const ask = (line, messages, more = {}, patience = PATIENCE) =>
    new Promise((done) => {
      const ticket = `${me}-${++tickets}`;
      waiting.set(ticket, { ...more, line, done });
      const told = messages.every(([content, buffers]) => tell(line, { ...content, ticket }, buffers));
      const giveUp = () => {
        if (!waiting.has(ticket)) return;
        waiting.get(ticket).isLate = true;
        line.lives = false;
        done(null);
      };
      if (told && line.lives) setTimeout(giveUp, patience);
      else giveUp();
    });
  const askForCodes = (but) => {
    for (const line of lines) if (line !== but && line.lives && line.wantsCode) ask(line, [[{ do: "hello" }]]);
  };

  // Where the part's own kernel keeps silent the page says so, and asks every other one.
  const send = async (question, first) => {
    const entry = answers.get(question);
    const { answer, n, seen, locked: lock } = entry;
    const content = { do: "record", question, answer, lock, n, seen };
    const tellOne = (line) => ask(line, [[content]], { question, entry });
    const word = first ? await tellOne(first) : null;
    if (word) return { saved: !entry.unsaved, sentence: entry.sentence };
    if (!entry.unsaved) return { saved: true, sentence: "" };
    entry.sentence = NOBODY;
    notify();
    if (answers.get(question) === entry) {
      for (const line of lines) if (line !== first && line.lives) tellOne(line);
    }
    return { saved: false, sentence: NOBODY };
  };
  const isUnderWay = (entry) => [...waiting.values()].some((asked) => asked.entry === entry && !asked.isLate);
  const sendAll = (line) => {
    for (const [question, entry] of answers) if (entry.unsaved && !isUnderWay(entry)) send(question, line);
  };

  const restore = (line, content) => {
    const bytes = new Uint8Array(content);
    const pieces = [];
    for (let from = 0; from === 0 || from < bytes.length; from += PIECE) {
      const last = from + PIECE >= bytes.length;
      pieces.push([{ do: "restore", last }, [bytes.slice(from, from + PIECE).buffer]]);
    }
    return ask(line, pieces, {}, PATIENCE + bytes.length / 1000);
  };

  const store = {
    get: (question) => (answers.has(question) ? answers.get(question).answer : undefined),
    isLocked: (question) => answers.has(question) && answers.get(question).locked,
    isSaved: (question) => answers.has(question) && !answers.get(question).unsaved,
    sentence: (question) => (answers.has(question) ? answers.get(question).sentence : ""),
    // What a reader is told of an answer that was given.
    standing(question) {
      const sentence = store.sentence(question);
      if (store.isSaved(question)) return sentence || "Saved.";
      return sentence ? onlyHere(sentence) : "Saving ...";
    },
    // What a reader is told where other words stand in the form than in the answer that was given.
    changed(question, how) {
      const stays = store.isSaved(question) ? `${store.sentence(question)} ` : "";
      return `${stays}Changed, not yet saved. ${how}`.trim();
    },
    all: () => Object.fromEntries([...answers].map(([question, { answer }]) => [question, answer])),
    unsaved: () => [...answers.values()].filter((entry) => entry.unsaved).length,
    where: () => where,
    trouble: () => trouble,
    draft: (question) => (drafts.has(question) ? drafts.get(question).value : undefined),
    // A draft that counts goes into the downloaded file as if it had been handed in.
    setDraft(question, value, counts = true) {
      typed.add(question);
      if (value === undefined) drafts.delete(question);
      else drafts.set(question, { value, counts });
      keepCopy();
    },
    record(question, answer, { lock = false } = {}, line = undefined) {
      if (store.isLocked(question)) {
        return Promise.resolve({ saved: false, sentence: "what was kept first stays" });
      }
      typed.add(question);
      drafts.delete(question);
      const { answer: last, n: seen = 0, ...before } = answers.get(question) || {};
      const chain = before.unsaved ? { seen: before.seen, past: [...before.past, last] } : { seen, past: [] };
      answers.set(question, { answer, n: ++counter, locked: lock, unsaved: true, sentence: "", ...chain });
      keepCopy();
      const sent = send(question, line);
      notify();
      return sent;
    },
    workbook() {
      const file = whole();
      for (const [question, { value, counts }] of drafts) {
        if (!counts || value === "" || store.isLocked(question)) continue;
        file.answers[question] = { answer: value, n: ++file.counter, locked: false };
      }
      counter = file.counter;
      keepCopy();
      return written(file);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    download(name, type, text) {
      const address = URL.createObjectURL(new Blob([text], { type }));
      const link = Object.assign(document.createElement("a"), { href: address, download: name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    },
    // Copies with answers that the folder lacks: those in this browser, and those of this page.
    offers() {
      if (!folder) return [];
      const found = new Map([...asides, ...copies.all().map((copy) => [copy.key, copy])]);
      found.delete(COPY + book);
      return [...found.values()].flatMap((copy) => {
        const missing = lacking(copy).length;
        return missing ? [{ ...copy, missing }] : [];
      });
    },
    clearCopies() {
      for (const key of copies.keys()) copies.drop(key);
      notify();
    },
    connect(model) {
      const line = { model, lives: true, code: "", wantsCode: false };
      line.listener = (message) => hear(message, line);
      model.on("msg:custom", line.listener);
      lines.add(line);
      ask(line, [[{ do: "hello" }]]);
      return line;
    },
    disconnect(line) {
      line.model.off("msg:custom", line.listener);
      lines.delete(line);
      for (const [ticket, asked] of waiting) {
        if (asked.line !== line) continue;
        waiting.delete(ticket);
        asked.done(null);
      }
    },
    // The same store for one part of the page: what it asks goes first to its own kernel.
    through: (line) => ({
      ...store,
      record: (question, answer, options) => store.record(question, answer, options, line),
      again: () => sendAll(line),
      restore: (content) => restore(line, content),
      async accept(copy) {
        const stray = strayDrafts(copy);
        const word = entriesOf(copy).length
          ? await restore(line, new TextEncoder().encode(written(copy)))
          : { did: "restored", sentences: [] };
        if (!word || word.did !== "restored") return word;
        for (const [question, draft] of stray) if (!drafts.has(question)) drafts.set(question, draft);
        keepCopy();
        asides.delete(copy.key);
        if (copy.key !== COPY + book) copies.drop(copy.key);
        notify();
        return { ...word, sentences: [...word.sentences, ...(stray.length ? [TYPED] : [])] };
      },
      code() {
        line.wantsCode = true;
        return line.code;
      },
    }),
  };
  return store;
}

function shelf(name) {
  window.kwlesson = window.kwlesson || { stores: {} };
  window.kwlesson.stores[name] = window.kwlesson.stores[name] || openStore();
  return window.kwlesson.stores[name];
}
