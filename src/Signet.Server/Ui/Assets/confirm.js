// Opens dialogs in browsers that don't yet know the command attribute, and starts each one blank.
document.documentElement.dataset.js = "";

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", event => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    if (button.getAttribute("command") === "close") dialog.close();
  });
}

for (const dialog of document.querySelectorAll("dialog.dialog")) {
  dialog.addEventListener("close", () => dialog.querySelector("form")?.reset());
  // A click on the veil closes; one that began inside (selecting text) doesn't.
  dialog.addEventListener("pointerdown", event => { if (event.target === dialog && dialog.matches(":modal")) dialog.close(); });
}
