// The bar "your work".

// Run All Cells leaves the reader at the last cell, past everything that is still to be read. Where
// the reader is still there when the bar comes to life, the notebook goes back to its top.
const begin = (el, frames = 60) => {
  if (!el.isConnected) {
    if (frames) requestAnimationFrame(() => begin(el, frames - 1));
    return;
  }
  const notebook = el.closest(".jp-Notebook");
  const scroller = notebook && notebook.querySelector(".jp-WindowedPanel-outer");
  if (!scroller) return;
  const cells = scroller.querySelectorAll(".jp-Cell");
  const last = cells[cells.length - 1];
  if (!last.classList.contains("jp-mod-active")) return;
  if (last.getBoundingClientRect().top > scroller.getBoundingClientRect().bottom) return;
  if (notebook.contains(document.activeElement)) cells[0].focus({ preventScroll: true });
  scroller.scrollTo({ top: 0 });
};

parts.keep = ({ el, facts, store }) => {
  const find = (selector) => el.querySelector(selector);
  const write = (name, text) => {
    const place = find(`[data-fill=${name}]`);
    if (place.textContent !== text) place.textContent = text;
  };
  const show = (name, isShown) => {
    find(`[data-show=${name}]`).hidden = !isShown;
  };
  const say = (sentence) => {
    find(".kw-status").textContent = sentence;
  };
  const count = (number) => (number === 1 ? "1 answer" : `${number} answers`);
  const name = find("input[name=name]");
  const NO_KERNEL = "No kernel is running that could write your file. Choose Run > Run All Cells, twice if need be, then try again.";

  const told = (word) => {
    if (!word) say(NO_KERNEL);
    else say(word.did === "restored" ? word.sentences.join(" ") : word.sentence);
  };
  const bring = async (file) => {
    if (!file) return;
    if (file.size > facts.largest) {
      say(`This file is larger than ${facts.largest / 1000000} MB, so it is no file of answers. Nothing was changed.`);
      return;
    }
    say("Reading the file ...");
    try {
      told(await store.restore(await file.arrayBuffer()));
    } catch {
      say("This browser cannot read the file. Nothing was changed.");
    }
  };

  const offer = (copy) => {
    const line = find("template").content.cloneNode(true);
    const whose = (entryOf(copy, "name") || {}).answer;
    const date = new Date(copy.at);
    const when = Number.isNaN(date.getTime()) ? "an unknown day" : date.toLocaleString();
    line.querySelector("span").textContent =
      `This browser holds a copy of ${whose ? `${whose}'s work` : "work without a name"} ` +
      `from ${when}, with ${count(copy.missing)} that your folder does not have.`;
    line.querySelector("button").addEventListener("click", async () => told(await store.accept(copy)));
    return line;
  };

  const refresh = () => {
    const all = store.all();
    const number = Object.keys(all).filter((question) => question !== "name").length;
    const waiting = store.unsaved();
    const place = store.where();
    const here = number ? `${count(number)} so far` : "No answers yet";
    write("kept", !number || waiting || !place ? `${here}.` : `${here}, saved in ${place}.`);
    write("unsaved", `${count(waiting)} not yet in your folder.`);
    write("where", place ? `Your answers are in the file ${place}, in the folder of your work.` : "");
    show("unsaved", waiting > 0);
    write("code", number ? store.code() : "");
    show("code", number > 0 && Boolean(store.code()));
    if (typeof all.name === "string" && document.activeElement !== name) name.value = all.name;
    if (store.trouble()) say(store.trouble());
    const offers = store.offers();
    const key = JSON.stringify(offers.map((copy) => [copy.key, copy.missing]));
    const list = find(".kw-offers");
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...offers.map(offer));
    }
  };

  find("[data-do=download]").addEventListener("click", () => {
    store.download("my-answers.json", "application/json", store.workbook());
    say("Look for my-answers.json among your downloads.");
  });
  find("[data-do=again]").addEventListener("click", () => store.again());
  find("[data-do=clear]").addEventListener("click", () => {
    store.clearCopies();
    say("This browser's copy is cleared. The file in your folder is as it was.");
  });
  find("[data-do=copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(store.code());
      say("The code is copied.");
    } catch {
      say("Mark the code and copy it by hand.");
    }
  });
  find(".kw-name").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { saved, sentence } = await store.record("name", name.value.trim());
    const why = store.isSaved("name") ? sentence : onlyHere(sentence);
    say(saved ? "Your name is kept with your answers." : why);
  });
  // JupyterLab keeps Enter from handing a form in.
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    find(".kw-name").requestSubmit();
  });
  const input = find("input[type=file]");
  input.addEventListener("change", async () => {
    await bring(input.files[0]);
    input.value = "";
  });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    bring(event.dataTransfer.files[0]);
  });
  const leave = store.subscribe(refresh);
  refresh();
  begin(el);
  return leave;
};
