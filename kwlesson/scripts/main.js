// What the widget's frame calls. The HTML is drawn by our templates, which escape every cell.

// Escape leads from a control to the cell it stands in: from there the arrow keys go from text to text.
function leaveForTheCell(event) {
  if (event.key !== "Escape" || event.isComposing || !event.target.closest) return;
  const cell = event.target.closest(".jp-OutputArea") && event.target.closest(".jp-Cell");
  if (!cell) return;
  event.preventDefault();
  cell.focus();
}

export default {
  render({ model, el }) {
    // Each part brings a function of its own: one window listens with one of them.
    if (!window.kwlesson) document.addEventListener("keydown", leaveForTheCell, true);
    el.innerHTML = model.get("html");
    const store = shelf(model.get("shelf"));
    const line = store.connect(model);
    const leave = parts[model.get("part")]({ el, facts: model.get("facts"), store: store.through(line) });
    return () => {
      if (leave) leave();
      store.disconnect(line);
    };
  },
};
