// Evidence under three tests: what is chosen is kept at once, one answer a piece.

parts.corroborate = ({ el, store }) => {
  const read = ({ boxes }) => Object.fromEntries(boxes.filter((box) => box.checked).map((box) => [box.name, box.value]));
  const fill = ({ boxes }, answer) => {
    for (const box of boxes) box.checked = Object.hasOwn(answer, box.name) && answer[box.name] === box.value;
  };
  const pieces = [...el.querySelectorAll(".kw-evidence")].map((form) => ({
    form,
    question: form.dataset.row,
    boxes: [...form.querySelectorAll("input")],
    status: form.querySelector(".kw-status"),
  }));

  const refresh = () => {
    for (const piece of pieces) {
      const answer = store.get(piece.question);
      if (!answer || typeof answer !== "object") continue;
      if (!same(read(piece), answer)) fill(piece, answer);
      const standing = store.standing(piece.question);
      if (piece.status.textContent !== standing) piece.status.textContent = standing;
    }
  };

  for (const piece of pieces) {
    piece.form.addEventListener("change", () => store.record(piece.question, read(piece)));
  }
  const leave = store.subscribe(refresh);
  refresh();
  return leave;
};
