// A form with a save bar: the bar sticks to the bottom once something changed, and leaving asks first.
document.documentElement.dataset.js = "";

for (const form of document.querySelectorAll("form[data-save-bar]")) {
  const note = form.querySelector("[data-save-note]");
  const state = () => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();
  const start = state();
  let leaving = false;

  const update = () => {
    const changed = state() !== start;
    form.toggleAttribute("data-changed", changed);
    if (note) note.textContent = changed ? "Unsaved changes" : "";
  };

  form.addEventListener("input", update);
  form.addEventListener("change", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", event => { if (!leaving && form.hasAttribute("data-changed")) event.preventDefault(); });
}
