// Optional layer: every page works without it, and the server computes the same figures. Sentences come from data-* attributes.
const french = document.documentElement.lang !== "en";
const figure = (n, digits = 0) => n.toLocaleString(french ? "fr-FR" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
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

// Scoring: 0 to 5 inside a criterion, comma for the half point, weighted total out of 100, Ctrl+Enter to submit.
const scoring = document.querySelector("[data-scoring]");
if (scoring) {
  const groups = all(scoring, "[data-score]");
  const refresh = () => {
    const output = scoring.querySelector("[data-score-total]");
    const given = groups.map((group) => group.querySelector(":checked")).filter(Boolean);
    const total = given.reduce((sum, radio) => sum + (Number(radio.dataset.weight) * Number(radio.value)) / 5, 0);
    const words = figure(total, Number.isInteger(Math.round(10 * total) / 10) ? 0 : 1);
    if (output) output.textContent = given.length < groups.length ? fill(output.dataset.pending, { n: given.length, max: groups.length }) : `${words} / 100`;
  };
  scoring.addEventListener("change", refresh);
  scoring.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      scoring.requestSubmit(scoring.querySelector('button[data-kind="primary"]'));
      return;
    }
    const group = event.target.closest("[data-score]");
    if (!group || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || !/^[0-5.,]$/.test(event.key)) return;
    const whole = Math.floor(Number(group.querySelector(":checked")?.value ?? 0));
    const value = /\d/.test(event.key) ? event.key : Math.min(whole + 0.5, 5);
    const radio = group.querySelector(`input[value="${value}"]`);
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    refresh();
  });
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
