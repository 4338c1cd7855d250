// Optional layer: every page works without it, and the server computes the same figures. Sentences come from data-* attributes.
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const all = (root, selector) => [...root.querySelectorAll(selector)];

// Character counters: visible at once, announced after a second of rest, never blocking. Code points, as the server counts.
for (const area of all(document, "[data-limit]")) {
  const out = document.querySelector(`[data-count-for="${area.id}"]`);
  const max = Number(area.dataset.limit);
  let timer;
  if (out) {
    area.addEventListener("input", () => {
      const n = [...area.value].length;
      out.textContent = n > max ? fill(out.dataset.over, { n: n - max, max }) : fill(out.dataset.count, { n, max });
      out.className = n > max ? "error" : "hint";
      out.removeAttribute("role");
      clearTimeout(timer);
      timer = setTimeout(() => out.setAttribute("role", "status"), 1000);
    });
  }
}

// Errors take the focus; an open menu closes with Escape or a click elsewhere.
document.querySelector(".error-summary")?.focus();
for (const menu of all(document, "details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
