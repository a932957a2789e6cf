// A workbook as the page reads and writes it, and its copies in this browser.

const COPY = "kwlesson:copy:";
const MOST_COPIES = 8;
const FORMAT = { format: "kwlesson-workbook", version: 1, lesson: "kwlesson" };

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The entries of a workbook that are well formed: a copy may have been changed by anybody.
function entriesOf(book) {
  const all = book && typeof book.answers === "object" && book.answers ? book.answers : {};
  return Object.entries(all).filter(([, entry]) => entry && typeof entry === "object" && "answer" in entry);
}

// What was typed and not yet handed in, as a copy holds it.
function draftsOf(copy) {
  return Object.entries((copy && copy.drafts) || {}).filter(
    ([, draft]) => draft && typeof draft === "object" && draft.value !== undefined,
  );
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
