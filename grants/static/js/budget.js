// The budget as a sheet: totals at each key, Enter and arrows between amounts, lines added and taken out. The page works without it.
import { euros, percent, rate, read } from "./money.js";

const form = document.querySelector("[data-budget]");
const words = JSON.parse(form.dataset.budget);
export const all = (selector, root = form) => [...root.querySelectorAll(selector)];
export const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
export const column = (input) => input.name.split("-")[2];
const fill = (code, x) => words[code].replace("{x}", x);
let waiting;
export const say = (code, x) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { form.querySelector("[data-said]").textContent = fill(code, x); }, 900);
};
const choose = (root, value) => all("[data-when]", root).forEach((sign) => { sign.hidden = sign.dataset.when !== value; });

const judge = (item, sums) => {
  const { part, whole, most, least } = item.dataset;
  const base = whole ? sums[whole] : 1;
  const [x, y] = [BigInt(sums[part]) * (whole ? 10000n : 1n), BigInt(base)];
  const good = (whole ? base : sums[part]) > 0 && !(most && x > BigInt(most) * y) && !(least && x < BigInt(least) * y);
  item.querySelector("b").textContent = whole ? percent(rate(sums[part], base)) : euros(sums[part]);
  choose(item, good ? "ok" : "warn");
};
export const refresh = () => {
  const sums = { expense: 0, other: 0, requested: 0, "in-kind-expense": 0, "in-kind-income": 0 };
  for (const input of all("[data-amount]")) {
    const row = input.closest("tr");
    const cents = field(row, "status")?.value === "refused" ? 0 : Number(read(input.value, words.whole)) || 0;
    const heading = `of-${row.parentElement.dataset.heading}`;
    for (const key of [input.dataset.amount, heading]) sums[key] = (sums[key] ?? 0) + cents;
  }
  sums.income = sums.other + sums.requested;
  sums.gap = sums.income - sums.expense;
  sums["in-kind-gap"] = sums["in-kind-income"] - sums["in-kind-expense"];
  sums.grand = sums.expense + sums["in-kind-expense"];
  for (const output of all("[data-total]")) output.textContent = euros(sums[output.dataset.total] ?? 0);
  for (const body of all("[data-heading]")) body.hidden = !body.querySelector("[data-amount]");
  for (const item of all("[data-part]")) judge(item, sums);
  form.querySelector("[data-uneven]").hidden = !sums["in-kind-gap"];
  const box = form.querySelector("[data-balance]");
  const code = sums.gap ? (sums.gap < 0 ? "missing" : "over") : sums.expense ? "ok" : "info";
  const gap = euros(Math.abs(sums.gap));
  const line = box.querySelector("p");
  if (line.textContent !== fill(code, gap)) say(code, gap);
  line.textContent = fill(code, gap);
  box.dataset.tone = sums.gap ? "warn" : code;
  choose(box, box.dataset.tone);
};

// What cannot be read is said beside the amount, in the words of the server.
export const check = (input) => {
  const sentence = words[read(input.value, words.whole)];
  const id = `${input.id}-e`;
  document.getElementById(id)?.remove();
  input.removeAttribute("aria-invalid");
  if (!sentence) return;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  input.after(Object.assign(document.createElement("span"), { id, className: "error", textContent: sentence }));
};

let next = 1 + Math.max(-1, ...all('[name$="-key"]').map((input) => Number(input.name.split("-")[1])));
export const add = (section, key, after) => {
  const heading = key.split(".")[0];
  const name = section.querySelector(`option[value="${key}"]`)?.textContent;
  if (!name) return null;
  const row = section.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of all("*", row)) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace("__n__", next).replace("__name__", name);
  }
  row.querySelector("[data-name]").textContent = name;
  field(row, "key").value = key;
  if (heading !== "grants") field(row, "status")?.parentElement.replaceChildren();
  if (after) after.after(row);
  else section.querySelector(`[data-heading="${heading}"]`).append(row);
  next += 1;
  refresh();
  return row;
};
const drop = (row) => {
  const lines = all("[data-amount]");
  const place = lines.indexOf(field(row, "amount"));
  row.remove();
  refresh();
  say("removed");
  (lines[place + 1] ?? lines[place - 1])?.focus();
};
form.addEventListener("click", (event) => {
  const button = event.target.closest('[name="ajouter"], [name="retirer"]');
  if (!button) return;
  event.preventDefault();
  if (button.name === "retirer") drop(button.closest("tr"));
  else field(add(button.closest("section"), button.parentElement.querySelector("select").value), "label").focus();
});
form.addEventListener("keydown", (event) => {
  const { target: input, key, altKey } = event;
  const row = input.closest("tr");
  if (input.type !== "text" || !row || !["Enter", "ArrowDown", "ArrowUp", "Delete"].includes(key) || (key === "Delete") > altKey) return;
  event.preventDefault();
  if (key === "Delete") { if (row.querySelector('[name="retirer"]')) drop(row); }
  else if (key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector('[data-kind="primary"]'));
  else if (key === "Enter" && altKey) field(add(row.closest("section"), field(row, "key").value, row) ?? row, column(input)).focus();
  else {
    const cells = all(`tr [type="text"][name$="-${column(input)}"]`);
    const to = cells[cells.indexOf(input) + (key === "ArrowUp" || event.shiftKey ? -1 : 1)];
    to?.focus();
    to?.select();
  }
});
form.addEventListener("change", ({ target }) => {
  if (target.matches("[data-amount]")) check(target);
  const proof = column(target) === "status" && target.parentElement.querySelector("[data-proof]");
  if (proof) proof.hidden = target.value !== "granted";
  refresh();
});
form.addEventListener("input", refresh);
form.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!event.target.closest("tr") || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  import("./paste.js").then(({ paste }) => paste(event.target, text));
});
