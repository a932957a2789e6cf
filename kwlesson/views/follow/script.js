/** A route: the hands are put in order and sorted; the map draws the way as far as it is in order. */

import { translate } from "../../answers/translate.js";
import { defineActivity } from "../../answers/widget.js";
import { asRecord, isSame } from "../../answers/workbook_format.js";
import { find, findAll, setText } from "../kit/dom.js";

/** @import { Start } from "../../answers/widget.js" */
/** @typedef {{ step: string, looks: string, isPresumed: boolean }} Hand */

/**
 * Return the steps at which an order differs; two hands that look alike may stand for each other.
 * @param {Hand[]} ours - In order.
 * @param {Hand[]} theirs - In the order of a learner.
 */
export function differing(ours, theirs) {
  return ours.flatMap(({ step, looks }, place) => (theirs[place]?.looks === looks ? [] : [step]));
}

/**
 * @param {string} what
 * @param {(string | number)[]} steps - Where we differ.
 */
const compare = (what, steps) =>
  steps.length
    ? translate("{what}: we differ at {steps}.", { what, steps: steps.join(", ") })
    : translate("{what}: as ours.", { what });

/** @type {Start<unknown>} */
function start({ el, store }) {
  const forms = findAll(el, ".kw-follow").map((form) => prepare(form, store));
  return () => {
    for (const refresh of forms) refresh();
  };
}

/**
 * @param {HTMLElement} form
 * @param {Parameters<typeof start>[0]["store"]} store
 */
function prepare(form, store) {
  const question = form.dataset.row ?? "";
  const status = find(form, ".kw-message");
  const hands = findAll(form, ".kw-hands > li").map((item) => ({
    step: item.dataset.step ?? "",
    isPresumed: item.dataset.known !== "documented",
    name: find(item, ".kw-hand"),
    /** @type {HTMLInputElement} */
    place: find(item, "[type=number]"),
    /** @type {HTMLInputElement} */
    box: find(item, "[type=checkbox]"),
    looks: find(item, ".kw-hand").textContent ?? "",
  }));
  const ours = [...hands].sort((one, other) => Number(one.step) - Number(other.step));
  form.classList.add("kw-clickable");

  const placed = () => {
    const given = hands.filter(({ place }) => place.value);
    return given.sort((one, other) => Number(one.place.value) - Number(other.place.value));
  };
  const read = () => ({
    order: placed().map(({ step }) => step),
    presumed: hands.filter(({ box }) => box.checked).map(({ step }) => step),
  });
  const save = () => void store.record(question, read());

  /** @param {Record<string, unknown>} answer */
  const fill = ({ order, presumed }) => {
    const steps = Array.isArray(order) ? order : [];
    const ticked = Array.isArray(presumed) ? presumed : [];
    for (const { step, place, box } of hands) {
      place.value = steps.includes(step) ? String(steps.indexOf(step) + 1) : "";
      box.checked = ticked.includes(step);
    }
  };

  const saved = () => (store.get(question) === undefined ? "" : store.status(question));

  const tell = () => {
    const given = placed();
    const wrong = differing(ours, given);
    const reached = given.findIndex(({ looks }, place) => ours[place]?.looks !== looks);
    const inOrder = reached < 0 ? given.length : reached;
    for (const way of findAll(form, ".kw-way")) {
      way.classList.toggle("kw-drawn", Number(way.dataset.step) <= inOrder);
    }
    if (given.length < hands.length) {
      const told = translate("{placed} of {all} placed.", { placed: given.length, all: hands.length });
      return `${told} ${saved()}`;
    }
    find(form, ".kw-answer").setAttribute("open", "");
    const apart = hands.filter(({ box, isPresumed }) => box.checked !== isPresumed);
    const papers = apart.map(({ step }) => Number(step)).sort((one, other) => one - other);
    const told = [compare(translate("Order"), wrong), compare(translate("Papers"), papers)];
    return `${translate("All placed.")} ${told.join(" ")} ${saved()}`;
  };

  for (const { name, place, box } of hands) {
    name.addEventListener("click", () => {
      if (place.value) {
        const gone = Number(place.value);
        place.value = "";
        for (const other of hands) {
          if (Number(other.place.value) > gone) other.place.value = String(Number(other.place.value) - 1);
        }
      } else {
        place.value = String(placed().length + 1);
      }
      save();
    });
    place.addEventListener("change", save);
    box.addEventListener("change", save);
  }

  return () => {
    const answer = store.get(question);
    if (answer && typeof answer === "object" && !isSame(read(), answer)) fill(asRecord(answer));
    for (const { step, place } of hands) {
      const yours = find(form, `[data-fill="${step}"]`);
      setText(yours, place.value && place.value !== step ? translate(" (you: {place})", { place: place.value }) : "");
    }
    setText(status, tell());
  };
}

export default defineActivity(start);
