// Ctrl-K: finds the pages of the navigation and, where the server searches, its records.
document.documentElement.dataset.js = "";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector(".palette-list");
const nothing = dialog?.querySelector(".palette-none");
const sprite = dialog?.querySelector("use")?.getAttribute("href").split("#")[0];
const icons = { User: "user", Application: "app" };
let chosen = 0;
let asked = 0;
let pending;

const pages = () => [...document.querySelectorAll(".nav a, .page-header .menu a")].map(a => ({
  label: a.querySelector("span")?.textContent ?? a.textContent,
  href: a.href,
  kind: a.closest(".nav-group")?.querySelector("h2")?.textContent ?? "",
  icon: a.querySelector("use")?.getAttribute("href"),
}));

const matches = (page, words) => words.every(word => page.label.toLowerCase().includes(word) || page.kind.toLowerCase().startsWith(word));
// What begins with the words comes first, then what has them in its name, then what merely stands under such a heading.
const nearness = (page, words) => (!words[0] || page.label.toLowerCase().startsWith(words[0])) * 2 + page.label.toLowerCase().includes(words[0] ?? "");

function icon(href) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  svg.firstChild.setAttribute("href", href);
  return svg;
}

function choose(index) {
  const options = list.children;
  if (!options.length) return input.removeAttribute("aria-activedescendant");
  chosen = (index + options.length) % options.length;
  [...options].forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
  options[chosen].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[chosen].id);
}

function show(found, more = false) {
  list.replaceChildren(...found.map((place, i) => {
    const option = document.createElement("a");
    const label = document.createElement("span");
    const kind = document.createElement("span");
    option.id = `palette-${i}`;
    option.setAttribute("role", "option");
    option.href = place.href;
    option.tabIndex = -1;
    label.textContent = place.label;
    kind.textContent = place.kind ?? "";
    kind.className = "soft";
    const image = place.icon ?? (icons[place.kind] && `${sprite}#${icons[place.kind]}`);
    if (image) option.append(icon(image));
    option.append(label, kind);
    return option;
  }));
  nothing.hidden = more || found.length > 0;
  choose(0);
}

async function find() {
  const turn = ++asked;
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const near = pages().filter(page => matches(page, words));
  near.sort((a, b) => nearness(b, words) - nearness(a, words));
  const asks = words.length > 0 && Boolean(dialog.dataset.search);
  show(near, asks);
  if (!asks) return;
  try {
    const answer = await fetch(`${dialog.dataset.search}?q=${encodeURIComponent(input.value)}`, { headers: { accept: "application/json" } });
    const records = answer.ok ? await answer.json() : [];
    // Only what stands on our own origin is a place to go.
    const own = records.filter(record => new URL(record.href, location.href).origin === location.origin);
    if (turn === asked) show([...near, ...own]);
  } catch {
    show(near);
  }
}

function open() {
  if (dialog.open) return;
  input.value = "";
  dialog.showModal();
  find();
}

if (dialog) {
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  for (const button of document.querySelectorAll("[data-palette-open]")) button.addEventListener("click", open);
  input.addEventListener("input", () => { clearTimeout(pending); pending = setTimeout(find, 80); });
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
    if (event.key === "Enter") { event.preventDefault(); list.children[chosen]?.click(); }
  });
  dialog.addEventListener("pointerdown", event => { if (event.target === dialog) dialog.close(); });
}
