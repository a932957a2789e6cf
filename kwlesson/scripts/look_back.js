// The learner's path: the ratings as they are kept, side by side. It shows them and says no more.

parts.look_back = ({ el, facts, store }) => {
  const text = (value) => (typeof value === "string" ? value.trim() : "");
  const places = Object.entries(facts.choices).map(([question, choices]) => {
    const place = el.querySelector(`[data-rating="${CSS.escape(question)}"]`);
    const [choice, reason] = place.querySelectorAll("[data-fill]");
    return { question, choices, choice, reason, empty: choice.textContent };
  });
  const mind = el.querySelector("[data-fill=after]");
  const unanswered = mind && mind.textContent;

  const refresh = () => {
    for (const { question, choices, choice, reason, empty } of places) {
      const rating = store.get(question) || {};
      const chosen = text(rating.choice);
      choice.textContent = (Object.hasOwn(choices, chosen) ? choices[chosen] : chosen) || empty;
      reason.textContent = chosen && text(rating.reason);
    }
    if (mind) mind.textContent = text(store.get(facts.after)) || unanswered;
  };

  const leave = store.subscribe(refresh);
  refresh();
  return leave;
};
