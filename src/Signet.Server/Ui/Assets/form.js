// A form with a save bar: the bar appears at the bottom once something changed, and leaving asks first.
document.documentElement.dataset.js = "";

for (const form of document.querySelectorAll("form[data-save-bar]")) {
  const note = form.querySelector("[data-save-note]");
  const state = () => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();
  // What was sent back with a complaint is not saved yet.
  const start = form.querySelector(".error-summary") ? null : state();
  let leaving = false;

  const update = () => {
    const changed = state() !== start;
    const appears = changed && !form.hasAttribute("data-changed");
    form.toggleAttribute("data-changed", changed);
    // The bar must not come to lie over the field that is being filled in.
    if (appears && form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
    if (note) note.textContent = changed ? "Unsaved changes" : "";
  };

  addEventListener("pageshow", update);
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", event => { if (!leaving && form.hasAttribute("data-changed")) event.preventDefault(); });
}
