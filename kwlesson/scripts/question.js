// A question: what it shows after an attempt is in the page already, hidden.

parts.question = ({ el, facts, store }) => {
  const BUTTON = "Press the button to keep it.";
  const { question, kind } = facts;
  const form = el.querySelector("form");
  const status = el.querySelector(".kw-status");
  const boxes = [...form.querySelectorAll("input[name=answer]")];
  const words = form.querySelector("textarea");
  let said = "";

  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const say = (sentence) => {
    if (said !== sentence) status.textContent = said = sentence;
  };
  const read = () => {
    if (kind === "text") return words.value;
    if (kind === "evidence") return ticked();
    if (kind === "scale") return { choice: ticked()[0] || "", reason: words.value };
    return ticked()[0] || "";
  };
  const fill = (answer) => {
    const chosen = kind === "scale" ? [answer.choice] : [answer].flat();
    for (const box of boxes) box.checked = chosen.includes(box.value);
    if (words) words.value = kind === "scale" ? answer.reason : answer;
  };
  const wellFormed = (answer) => {
    if (kind === "scale") return answer && typeof answer.choice === "string" && typeof answer.reason === "string";
    if (kind === "evidence") return Array.isArray(answer);
    return typeof answer === "string";
  };
  const missing = (answer) => {
    if (kind === "text") return answer.trim() ? "" : "Write something first.";
    if (kind === "evidence") return answer.length ? "" : "Tick at least one answer first.";
    if (kind === "choice") return answer ? "" : "Choose an answer first.";
    if (!answer.choice) return "Choose an answer first.";
    return answer.reason.trim() ? "" : "Write your reason first: it is kept with your rating.";
  };

  const reveal = (answer) => {
    const chosen = [answer].flat();
    for (const told of el.querySelectorAll("[data-feedback]")) {
      const isChosen = chosen.includes(told.dataset.feedback);
      told.hidden = kind !== "evidence" && !isChosen;
      for (const line of told.querySelectorAll("[data-when]")) {
        line.hidden = (line.dataset.when === "ticked") !== isChosen;
      }
    }
    const model = el.querySelector(".kw-model");
    if (model) model.hidden = false;
  };
  const lock = (answer) => {
    const box = boxes.find(({ value }) => value === answer.choice);
    el.querySelector("[data-fill=choice]").textContent = box ? box.labels[0].textContent.trim() : answer.choice;
    el.querySelector("[data-fill=reason]").textContent = answer.reason;
    el.querySelector(".kw-kept").hidden = false;
    el.querySelector(".kw-open").hidden = true;
  };

  const refresh = () => {
    const answer = store.get(question);
    const draft = store.draft(question);
    if (answer === undefined || !wellFormed(answer)) {
      if (draft !== undefined && wellFormed(draft) && !same(read(), draft)) fill(draft);
      return;
    }
    const isLocked = kind === "scale" && store.isLocked(question);
    const isChanged = !isLocked && draft !== undefined && wellFormed(draft) && !same(draft, answer);
    if (isLocked) lock(answer);
    else if (!isChanged) fill(answer);
    else if (!same(read(), draft)) fill(draft);
    if (kind !== "scale" && !isChanged) reveal(answer);
    say(isChanged ? store.changed(question, BUTTON) : store.standing(question));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = read();
    const wanting = missing(answer);
    if (wanting) {
      said = "";
      say(wanting);
      return;
    }
    store.record(question, answer, { lock: kind === "scale" });
    if (kind === "text") el.querySelector(".kw-model").open = true;
    // The button with the focus has gone: whoever reads by ear is taken to what was kept.
    if (kind === "scale") el.querySelector(".kw-kept").focus();
    // What is said under each line pushes the button down: the reader goes with it.
    if (kind === "evidence") status.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("input", () => {
    const answer = read();
    store.setDraft(question, same(answer, store.get(question)) ? undefined : answer, kind === "text");
    if (store.get(question) === undefined) say("");
    refresh();
  });
  const leave = store.subscribe(refresh);
  refresh();
  return leave;
};
