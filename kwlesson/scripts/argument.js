// The argument: keeps what is written, and makes the one page of it. Python has drawn the page and
// all that may be chosen for it; here it is filled, pruned and numbered.

parts.argument = ({ el, facts, store }) => {
  const QUESTION = "argument";
  const SIDES = ["evidence", "against"];
  const WRITTEN = ["claim", "but", "why"];
  const LEAVE = "It is kept when you leave the box.";
  const NEXT = "It is kept with your next change.";
  const form = el.querySelector("form");
  const status = el.querySelector(".kw-status");
  const find = (selector) => el.querySelector(selector);
  const all = (selector) => [...el.querySelectorAll(selector)];
  let chosen = { evidence: [], against: [] };

  // What anybody wrote into a file may come back as an answer: only texts and lists of texts are used.
  const text = (value) =>
    (typeof value === "string" ? value : "")
      .replaceAll("\r\n", "\n")
      .replace(/[\x00-\x09\x0b-\x1f\x7f]+/g, " ")
      .trim();
  const keys = (value) => [...new Set(Array.isArray(value) ? value.map(text) : [])];
  const say = (sentence) => {
    if (status.textContent !== sentence) status.textContent = sentence;
  };

  // The form

  const read = () => {
    const words = Object.fromEntries(WRITTEN.map((name) => [name, form.elements[name].value]));
    const sure = find("input[name=sure]:checked");
    const { claim, but, why } = words;
    return { claim, ...chosen, but, sure: sure ? sure.value : "", why };
  };
  // An answer as this form would give it, whoever wrote the file it came from.
  const shaped = (answer) => {
    const given = answer !== null && typeof answer === "object" ? answer : {};
    const string = (value) => (typeof value === "string" ? value : "");
    const { claim, but, sure, why } = given;
    return {
      claim: string(claim),
      evidence: keys(given.evidence),
      against: keys(given.against),
      but: string(but),
      sure: string(sure),
      why: string(why),
    };
  };
  const fill = (answer) => {
    for (const field of WRITTEN) {
      const box = form.elements[field];
      if (box.value !== answer[field]) box.value = answer[field];
    }
    for (const box of all("input[name=sure]")) box.checked = box.value === answer.sure;
    chosen = { evidence: answer.evidence, against: answer.against };
    show();
  };

  const words = (passage) => {
    if (!Intl.Segmenter) return passage.split(/\s+/).filter(Boolean).length;
    const found = new Intl.Segmenter(undefined, { granularity: "word" }).segment(passage);
    return [...found].filter((one) => one.isWordLike).length;
  };
  const count = () => {
    find("[data-count]").textContent = words(form.elements.claim.value);
  };
  const marked = () => {
    const unsupported = text(form.elements.claim.value) && !chosen.evidence.length;
    find("[data-unsupported]").hidden = !unsupported;
  };

  const name = (key) => {
    const legend = find(`[data-piece="${CSS.escape(key)}"] legend`);
    return legend ? legend.textContent.trim() : key;
  };
  const show = () => {
    for (const side of SIDES) {
      for (const box of all(`input[name=${side}]`)) box.checked = chosen[side].includes(box.value);
      const items = chosen[side].map((key) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "Take out";
        button.dataset.lmSuppressShortcuts = "true";
        button.setAttribute("aria-label", `Take out: ${name(key)}`);
        button.addEventListener("click", () => {
          choose(side, key, false);
          find(`[data-chosen=${side}] button, input[name=filter]`).focus();
        });
        item.append(`${name(key)} `, button);
        return item;
      });
      find(`[data-chosen=${side}]`).replaceChildren(...items);
      find(`[data-none=${side}]`).hidden = items.length > 0;
    }
    count();
    marked();
    look();
  };
  const choose = (side, key, isTicked) => {
    const rest = chosen[side].filter((one) => one !== key);
    if (isTicked && rest.length >= facts.most[side]) {
      show();
      say(`At most ${facts.most[side]} fit on the page. Take one out first.`);
      return;
    }
    chosen = { ...chosen, [side]: isTicked ? [...rest, key] : rest };
    show();
    keep();
  };

  const filter = () => {
    const wanted = form.elements.filter.value.trim().toLocaleLowerCase();
    let found = 0;
    for (const group of all("[data-group]")) {
      const pieces = [...group.querySelectorAll("[data-piece]")];
      for (const piece of pieces) {
        const told = [...piece.querySelectorAll("legend, .kw-source")].map((one) => one.textContent);
        piece.hidden = !told.join(" ").toLocaleLowerCase().includes(wanted);
      }
      const here = pieces.filter((piece) => !piece.hidden).length;
      group.hidden = here === 0;
      group.open = wanted !== "" && here > 0;
      found += here;
    }
    find("[data-found]").textContent = wanted && `${found} found`;
  };

  // What is kept

  let standing = ""; // how the answer stands, where nothing else was said since
  let how = NEXT;
  let waits = false; // for a kernel, which the page said it has not heard
  const tell = (next = how) => {
    how = next;
    if (store.get(QUESTION) === undefined) return;
    standing = store.draft(QUESTION) === undefined ? store.standing(QUESTION) : store.changed(QUESTION, how);
    say(standing);
  };
  const isKept = (answer) => same(answer, shaped(store.get(QUESTION)));
  const keep = () => {
    const answer = read();
    how = NEXT;
    if (isKept(answer)) {
      store.setDraft(QUESTION, undefined);
      tell();
    } else {
      store.record(QUESTION, answer).then(({ saved }) => {
        waits = !saved;
        tell();
      });
    }
  };
  const refresh = () => {
    const draft = store.draft(QUESTION);
    const answer = draft === undefined ? store.get(QUESTION) : draft;
    if (answer !== undefined && !same(shaped(answer), read())) fill(shaped(answer));
    const isHeard = waits && store.isSaved(QUESTION);
    waits = waits && !isHeard;
    if (isHeard || status.textContent === standing) tell();
  };

  // The page

  const notes = (pieces, sources, write) => {
    const first = new Map();
    return pieces.map((key, index) =>
      write(key, (source) => {
        const [full, brief] = sources(source);
        if (first.has(source)) return `${brief} (note ${first.get(source)})`;
        first.set(source, index + 1);
        return full;
      }),
    );
  };
  const told = () => {
    const answer = read();
    const known = Object.fromEntries(
      SIDES.map((side) => [side, chosen[side].filter((key) => key in facts.lines)]),
    );
    const missing = [...new Set(SIDES.flatMap((side) => chosen[side]))].filter((key) => !(key in facts.lines));
    const own = text(store.get("name"));
    const sure = Object.hasOwn(facts.sure, answer.sure) ? `${facts.sure[answer.sure]}.` : facts.empty;
    const slots = {
      ...Object.fromEntries(WRITTEN.map((key) => [key, text(answer[key]) || facts.empty])),
      name: own && `By ${own}`,
      sure,
      unsupported: known.evidence.length ? "" : facts.unsupported,
      missing: missing.length ? `${facts.missing} ${missing.join("; ")}.` : "",
    };
    return { slots, known, pieces: [...known.evidence, ...known.against] };
  };

  const page = () => {
    const { slots, known, pieces } = told();
    const made = new DOMParser().parseFromString(facts.document, "text/html");
    const slot = (key) => made.querySelector(`[data-slot=${key}]`);
    const pool = made.querySelector("#pool");
    const item = (kind, key) => pool.querySelector(`[data-${kind}="${CSS.escape(key)}"]`);
    const cited = (key) => [...item("cite", key).children].map((child) => child.textContent);
    for (const [key, value] of Object.entries(slots)) {
      if (value) slot(key).textContent = value;
      else slot(key).remove();
    }
    const written = notes(pieces, cited, (key, cite) => {
      const note = item("note", key).cloneNode(true);
      for (const source of note.querySelectorAll("[data-source]")) {
        source.replaceWith(cite(source.dataset.source));
      }
      return note;
    });
    const lines = pieces.map((key, index) => {
      const line = item("piece", key).cloneNode(true);
      const link = line.querySelector("sup a");
      link.textContent = index + 1;
      link.setAttribute("href", `#note-${index + 1}`);
      written[index].id = `note-${index + 1}`;
      line.removeAttribute("data-piece");
      written[index].removeAttribute("data-note");
      return line;
    });
    slot("evidence").replaceChildren(...lines.slice(0, known.evidence.length));
    slot("against").replaceChildren(...lines.slice(known.evidence.length));
    slot("notes").replaceChildren(...written);
    if (!pieces.length) slot("notes").previousElementSibling.remove();
    for (const key of [...SIDES, "notes"]) if (!slot(key).children.length) slot(key).remove();
    pool.remove();
    return `<!doctype html>\n${made.documentElement.outerHTML}\n`;
  };

  // Markdown takes none of it as markup: the same rule as in Python.
  const escaped = (passage) =>
    passage
      .split("\n")
      .map((line) => line.trim().replace(/[\\`*_{}[\]<>#|~$&!^@]/g, "\\$&"))
      .map((line) => line.replace(/^([0-9]{0,9})([-+=:.)])/, "$1\\$2"))
      .filter(Boolean)
      .join("\\\n");
  const markdown = () => {
    const { slots, known, pieces } = told();
    const lines = pieces.map((key, index) => `- ${facts.lines[key]} (note ${index + 1})`);
    const written = notes(
      pieces,
      (key) => facts.sources[key],
      (key, cite) => facts.notes[key].map(([source, rest]) => (source ? cite(source) : "") + rest).join(""),
    );
    const filled = {
      ...Object.fromEntries(Object.entries(slots).map(([key, value]) => [key, escaped(value)])),
      evidence: lines.slice(0, known.evidence.length).join("\n"),
      against: lines.slice(known.evidence.length).join("\n"),
      notes: written.map((note, index) => `${index + 1}. ${note}`).join("\n"),
    };
    const whole = facts.markdown.replace(/\x02(\w+)\x03/g, (_, key) => filled[key]);
    return `${whole.replace(/\n{3,}/g, "\n\n").trim()}\n`;
  };

  const look = () => {
    const details = find("[data-look]");
    if (details.open) details.querySelector("iframe").srcdoc = page();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.name === "filter") filter();
    if (!WRITTEN.includes(target.name)) return;
    const answer = read();
    store.setDraft(QUESTION, isKept(answer) ? undefined : answer);
    tell(LEAVE);
    if (target.name === "claim") {
      count();
      marked();
    }
  });
  form.addEventListener("change", ({ target }) => {
    if (target.name === "filter") return;
    if (SIDES.includes(target.name)) choose(target.name, target.value, target.checked);
    else {
      keep();
      look();
    }
  });
  // Enter in the search would look for a button to press; there is nothing to hand in.
  form.elements.filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  find("[data-look]").addEventListener("toggle", look);
  find("[data-save=html]").addEventListener("click", () => {
    store.download("my-argument.html", "text/html", page());
    say("The page is in your downloads.");
  });
  find("[data-save=md]").addEventListener("click", () => {
    store.download("my-argument.md", "text/markdown", markdown());
    say("The text is in your downloads.");
  });

  show();
  const leave = store.subscribe(refresh);
  refresh();
  return leave;
};
