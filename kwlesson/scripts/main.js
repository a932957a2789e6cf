// What the widget's frame calls. The HTML is drawn by our templates, which escape every cell.

export default {
  render({ model, el }) {
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
