// Shows and hides the password beside its button.
document.documentElement.dataset.js = "";

for (const button of document.querySelectorAll("[data-password]")) {
  const input = document.getElementById(button.dataset.password);
  const hide = () => { input.type = "password"; button.setAttribute("aria-pressed", "false"); };
  button.addEventListener("click", () => {
    if (input.type === "text") return hide();
    input.type = "text";
    button.setAttribute("aria-pressed", "true");
  });
  // A password shown must not be kept by the browser as text.
  input.form?.addEventListener("submit", hide);
}
