// What keeps a page from somebody: names, headings, contrast, size of targets, width. Run in the page; answers with sentences, none where all is well.
() => {
  const faults = [];
  const say = (fault, element) => faults.push(`${fault}: ${element.outerHTML.replace(/\s+/g, " ").slice(0, 160)}`);
  // While a dialog is open, the rest of the page is out of reach.
  const scope = document.querySelector("dialog:modal") ?? document.body;
  const shown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
  const all = selector => [...scope.querySelectorAll(selector)].filter(shown);
  const clipped = element => element.closest(".hush") !== null;

  // Names (WCAG 2.2 §1.3.1, §4.1.2).
  const nameOf = element => {
    const by = element.getAttribute("aria-labelledby")?.split(/\s+/).map(id => document.getElementById(id)?.textContent ?? "").join(" ");
    const own = element.ariaLabel || by || [...(element.labels ?? [])].map(label => label.textContent).join(" ");
    return (own || (element.matches("a, button, summary, [role=option]") ? element.textContent : "") || "").trim();
  };
  for (const field of all("input:not([type=hidden]), select, textarea, button, a[href], summary, dialog, [role]:not([role=status], [role=alert], [role=search], [role=img])")) {
    if (field.ariaHidden !== "true" && !nameOf(field) && !field.matches("form")) say("has no name", field);
  }
  for (const svg of all("svg")) if (!svg.ariaLabel && svg.ariaHidden !== "true") say("is a picture without a name", svg);
  for (const cell of all("th")) if (!cell.textContent.trim()) say("heads a column without a name", cell);

  // Ids and what refers to them (§4.1.2).
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) !== i))) faults.push(`the id ${id} is there twice`);
  for (const attribute of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "commandfor"]) {
    for (const element of scope.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/)) if (!document.getElementById(id)) say(`names ${id}, which is not there`, element);
    }
  }

  // Headings go down one step at a time (§1.3.1), landmarks are there (§2.4.1).
  if (scope === document.body) {
    const levels = all("h1, h2, h3, h4, h5, h6").filter(heading => heading.closest("nav, aside") === null).map(heading => Number(heading.localName[1]));
    if (levels.filter(level => level === 1).length !== 1) faults.push(`has ${levels.filter(level => level === 1).length} headings of the first level`);
    levels.forEach((level, i) => { if (i > 0 && level > levels[i - 1] + 1) faults.push(`a heading jumps from ${levels[i - 1]} to ${level}`); });
    if (all("main").length !== 1) faults.push("has no main part, or more than one");
    if (!document.documentElement.lang || !document.title) faults.push("has no language or no title");
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (over > 0) {
      const past = all("main *").filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(-3);
      faults.push(`is ${over} px wider than the window (§1.4.10): ${past.map(one => one.outerHTML.slice(0, 80)).join(" … ")}`);
    }
  }

  // Contrast (§1.4.3): whatever notation a colour is in, a canvas paints it.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  };
  const over = (top, ground) => top.rgb.map((channel, i) => channel * top.alpha + ground[i] * (1 - top.alpha));
  const groundOf = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = read(getComputedStyle(at).backgroundColor);
      if (layer.alpha > 0) layers.unshift(layer);
      if (layer.alpha === 1 || at === scope && at.matches("dialog")) break;
    }
    return layers.reduce((ground, layer) => over(layer, ground), read("Canvas").rgb);
  };
  const luminance = rgb => rgb.map(channel => channel / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (seen.has(element) || !texts.currentNode.data.trim() || element.closest("script, style, svg, datalist, option, :disabled, [aria-disabled=true]") || clipped(element) || !shown(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ground = groundOf(element);
    const ratio = contrast(over(read(style.color), ground), ground);
    if (ratio < least) say(`has a contrast of ${ratio.toFixed(2)}, not ${least}`, element);
  }
  // Edges of fields (§1.4.11).
  for (const field of all(".input:not(:disabled, [readonly])")) {
    const ground = groundOf(field.parentElement);
    const ratio = Math.max(contrast(over(read(getComputedStyle(field).borderTopColor), ground), ground), contrast(groundOf(field), ground));
    if (ratio < 3 && !field.matches(".colour")) say(`has an edge of contrast ${ratio.toFixed(2)}`, field);
  }

  // Targets (§2.5.8): 24 px, or in a sentence, or with that much room around.
  const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(target => !clipped(target));
  const boxes = targets.map(target => {
    // What is laid over a target by its own pseudo-element takes part (a row's link covers the row).
    const box = target.getBoundingClientRect();
    const cover = getComputedStyle(target, "::after").position === "absolute" ? target.closest("tr, .figure")?.getBoundingClientRect() : null;
    return cover ?? box;
  });
  targets.forEach((target, i) => {
    const box = boxes[i];
    if (box.width >= 24 && box.height >= 24) return;
    const block = target.parentElement.closest("p, li, dd, td, div");
    if (getComputedStyle(target).display === "inline" && block && block.textContent.trim().length > target.textContent.trim().length) return;
    if (target.matches("input[type=checkbox], input[type=radio]") && target.labels.length) return;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const crowded = boxes.some((other, j) => j !== i && !targets[j].contains(target) && x + 12 > other.left && x - 12 < other.right && y + 12 > other.top && y - 12 < other.bottom);
    if (crowded) say(`is a target of ${Math.round(box.width)} by ${Math.round(box.height)} px, too near another`, target);
  });
  return faults;
}
