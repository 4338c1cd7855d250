// Optional layer: every page works without it, and the server computes the same figures. Sentences come from data-* attributes.
const french = document.documentElement.lang !== "en";
const figure = (n, digits = 0) => n.toLocaleString(french ? "fr-FR" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const all = (root, selector) => [...root.querySelectorAll(selector)];

// Amounts: cents in, words out. A text that the server would refuse or ask about counts for nothing.
const euros = (cents) => {
  const amount = figure(Math.abs(cents) / 100, cents % 100 ? 2 : 0);
  return (cents < 0 ? "−" : "") + (french ? `${amount}\u00a0€` : `€${amount}`);
};
const number = (text) => {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "");
  if (/^\d{1,3}[.,]\d{3}$/.test(plain)) return 0;
  const found = plain.match(/^(\d[\d.,]*?)(?:[.,](\d{1,2}))?$/);
  return found ? Number(`${found[1].replace(/[.,]/g, "")}.${found[2] ?? 0}`) : 0;
};

// Budget: <form data-budget>; inputs [data-amount="expense|income|requested|in-kind-expense|in-kind-income"], or a row with
// [data-qty] and [data-cost] and its own [data-line="expense"]; outputs [data-total="expense|income|requested|gap|rate|…"].
const budget = document.querySelector("[data-budget]");
if (budget) {
  const refresh = () => {
    const sums = { expense: 0, income: 0, requested: 0, "in-kind-expense": 0, "in-kind-income": 0 };
    for (const input of all(budget, "[data-amount]")) {
      if (!input.closest("[data-ignored]")) sums[input.dataset.amount] += Math.round(100 * number(input.value));
    }
    for (const output of all(budget, "[data-line]")) {
      const row = output.closest("tr");
      const cents = Math.round(100 * number(row.querySelector("[data-qty]").value) * number(row.querySelector("[data-cost]").value));
      sums[output.dataset.line || "expense"] += cents;
      output.textContent = euros(cents);
    }
    sums.income += sums.requested;
    sums.gap = sums.income - sums.expense;
    sums["in-kind-gap"] = sums["in-kind-income"] - sums["in-kind-expense"];
    sums.grand = sums.expense + sums["in-kind-expense"];
    for (const output of all(budget, "[data-total]")) {
      const key = output.dataset.total;
      if (key === "rate") output.textContent = sums.expense ? `${(Math.round((1e4 * sums.requested) / sums.expense) / 100).toLocaleString(french ? "fr-FR" : "en-GB")}${french ? "\u00a0" : ""}%` : "–";
      else if (key in sums) output.textContent = euros(sums[key]);
    }
    for (const box of all(budget, "[data-balance]")) {
      const sentence = sums.gap === 0 ? box.dataset.ok : sums.gap < 0 ? box.dataset.missing : box.dataset.over;
      box.dataset.tone = sums.gap === 0 ? "ok" : "warn";
      box.querySelector("p").textContent = fill(sentence, { x: euros(Math.abs(sums.gap)) });
    }
  };
  budget.addEventListener("input", refresh);
}

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
