// Sends a form that a person has nothing to add to; without script its button does.
for (const form of document.querySelectorAll("form[data-submit]")) form.requestSubmit();
