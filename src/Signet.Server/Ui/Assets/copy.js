// Copies the text a button names, and says so.
document.documentElement.dataset.js = "";

document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  const done = document.createElement("span");
  done.className = "copied";
  done.setAttribute("role", "status");
  done.textContent = button.dataset.done;
  button.append(done);
  setTimeout(() => done.remove(), 1600);
});
