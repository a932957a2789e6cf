// The answers on this page, and the talk with the kernel that writes them into the learner's folder.
// One store a workbook and a window: every part in every notebook of the window shares its answers.

const parts = {};
const PATIENCE = 6000; // milliseconds without a word from the kernel, until the page says so
const PIECE = 1000000; // bytes a message: a server drops a connection that sends it ten million
const COPY = "kwlesson:copy:";
const MOST_COPIES = 8;
const FORMAT = { format: "kwlesson-workbook", version: 1, lesson: "kwlesson" };
// JupyterLab spends the first Run All Cells on starting a kernel where it had been shut down.
const NOBODY = "no kernel answers. Choose Run > Run All Cells, twice if need be.";

function token() {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  const chances = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(chances, (chance) => letters[chance % 36]).join("");
}

function onlyHere(sentence) {
  return `Kept on this page, not yet in your folder: ${sentence}`;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The entries of a workbook that are well formed: a copy may have been changed by anybody.
function entriesOf(book) {
  const all = book && typeof book.answers === "object" && book.answers ? book.answers : {};
  return Object.entries(all).filter(([, entry]) => entry && typeof entry === "object" && "answer" in entry);
}

function entryOf(book, question) {
  return book && book.answers && Object.hasOwn(book.answers, question) ? book.answers[question] : undefined;
}

// The exact form of the file: one answer a line, so that a file that was cut off can still be read.
function written(book) {
  const head = JSON.stringify({ ...FORMAT, book: book.book, counter: book.counter });
  const lines = entriesOf(book).map(
    ([question, { answer, n, locked }]) => `${JSON.stringify(question)}: ${JSON.stringify({ answer, n, locked })}`,
  );
  return `${head.slice(0, -1)}, "answers": {\n${lines.join(",\n")}\n}}\n`;
}

// A browser may forbid the copy, or have no room for it: it is a bonus, and nothing waits for it.
const copies = {
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(COPY));
    } catch {
      return [];
    }
  },
  read(key) {
    try {
      const copy = JSON.parse(localStorage.getItem(key));
      return copy && typeof copy === "object" ? { ...copy, key } : undefined;
    } catch {
      return undefined;
    }
  },
  all() {
    return copies.keys().flatMap((key) => copies.read(key) || []);
  },
  write(key, copy) {
    try {
      localStorage.setItem(key, JSON.stringify(copy));
    } catch {
      return;
    }
    if (copies.keys().length > MOST_COPIES) {
      const [oldest] = copies.all().sort((one, other) => (one.at < other.at ? -1 : 1));
      copies.drop(oldest.key);
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Then there is none.
    }
  },
};

function openStore() {
  const answers = new Map(); // question -> {answer, n, locked, unsaved, sentence}
  const drafts = new Map(); // question -> {value, counts}: typed, and not yet handed in
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
    const typed = Object.fromEntries(drafts);
    copies.write(COPY + book, { ...whole(), drafts: typed, at: new Date().toISOString() });
  };
  const lacking = (copy) =>
    entriesOf(copy).filter(([question, { answer, n }]) => {
      const here = answers.get(question);
      if (question === "name" || !here) return question !== "name";
      return copy.book === book && !here.locked && n > here.n && !same(here.answer, answer);
    }).length;

  // The copy of this very workbook may hold what never reached the folder: it is set aside, to be offered.
  const lookAtOwnCopy = () => {
    const copy = copies.read(COPY + book);
    if (!copy) return;
    if (lacking(copy)) copies.write(`${COPY}${book}~${copy.counter}`, copy);
    for (const [question, draft] of Object.entries(copy.drafts || {})) {
      const known = drafts.has(question) || (answers.has(question) && answers.get(question).locked);
      if (!known && draft && typeof draft === "object") drafts.set(question, draft);
    }
  };
  // What the folder holds joins the page. An answer that is only here stays, unless it is locked there.
  const merge = (snapshot) => {
    if (!snapshot) return;
    const isNew = !folder || snapshot.book !== folder.book;
    if (isNew && folder && folder.book) {
      const gone = { ...whole(), key: COPY + book, at: new Date().toISOString() };
      asides.set(gone.key, gone);
      for (const [question, entry] of answers) if (!entry.unsaved) answers.delete(question);
      book = token();
    }
    if (snapshot.book && snapshot.book !== book) {
      copies.drop(COPY + book);
      book = snapshot.book;
    }
    folder = snapshot;
    for (const [question, entry] of entriesOf(snapshot)) {
      const mine = answers.get(question);
      const newer = mine && (mine.unsaved || mine.n > entry.n);
      if (!newer || entry.locked) answers.set(question, { ...entry, unsaved: false, sentence: "" });
    }
    counter = Math.max(counter, snapshot.counter || 0);
    if (isNew) lookAtOwnCopy();
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
    keepCopy();
    if (asked) asked.done(message);
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
    const content = { do: "record", question, answer: entry.answer, lock: entry.locked };
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
      if (store.isSaved(question)) return "Saved.";
      return store.sentence(question) ? onlyHere(store.sentence(question)) : "Saving ...";
    },
    all: () => Object.fromEntries([...answers].map(([question, { answer }]) => [question, answer])),
    unsaved: () => [...answers.values()].filter((entry) => entry.unsaved).length,
    where: () => where,
    trouble: () => trouble,
    draft: (question) => (drafts.has(question) ? drafts.get(question).value : undefined),
    // A draft that counts goes into the downloaded file as if it had been handed in.
    setDraft(question, value, counts = true) {
      if (value === undefined) drafts.delete(question);
      else drafts.set(question, { value, counts });
      keepCopy();
    },
    record(question, answer, { lock = false } = {}, line = undefined) {
      if (store.isLocked(question)) {
        return Promise.resolve({ saved: false, sentence: "what was kept first stays" });
      }
      drafts.delete(question);
      answers.set(question, { answer, n: ++counter, locked: lock, unsaved: true, sentence: "" });
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
        const missing = lacking(copy);
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
        const word = await restore(line, new TextEncoder().encode(written(copy)));
        if (word && word.did === "restored") {
          asides.delete(copy.key);
          if (copy.key !== COPY + book) copies.drop(copy.key);
          notify();
        }
        return word;
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
