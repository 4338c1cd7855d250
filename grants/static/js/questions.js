// Optional layer of a section of a form, in a file or in the preview of a call: questions that hang on answers, rows that
// are added and taken out. The server decides the same at each load. `read` and `write` an answer as the server keeps it.
import { holds, value } from "./conditions.js";

export const form = document.querySelector("[data-answers]");
const outside = JSON.parse(form.dataset.answers);
const all = (root, selector) => [...root.querySelectorAll(selector)];
export const questions = new Map(all(form, "[data-question]").map((place) => [place.dataset.question, place]));
const data = new Map([...questions].map(([key, place]) => [key, [place.dataset.shownIf, place.dataset.formula].map((json) => json && JSON.parse(json))]));
const ROWS = ["table", "group"];

// Answers as the server keeps them: a text, several texts, rows.
const cells = (row) => Object.fromEntries(all(row, "[name]").filter((one) => one.name.includes("-") && (one.type !== "checkbox" || one.checked)).map((one) => [one.name.split("-")[2], one.value]));
export const read = (key) => {
  const place = questions.get(key), kind = place.dataset.kind;
  if (ROWS.includes(kind)) return all(place, "tbody tr").map(cells).filter((row) => kind === "table" || Object.values(row).some((text) => text.trim()));
  const boxes = all(place, "[type=checkbox],[type=radio]");
  if (kind === "choices") return boxes.filter((one) => one.checked).map((one) => one.value);
  return boxes.length ? (boxes.find((one) => one.checked)?.value ?? "") : (place.querySelector(`[id="${key}"]`)?.value ?? "");
};
export const write = (key, answer) => {
  const place = questions.get(key);
  if (ROWS.includes(place.dataset.kind)) {
    while (all(place, "tbody tr").length < answer.length && place.querySelector("template")) add(place);
    all(place, "tbody tr").forEach((row, n) => all(row, "[name]").forEach((one) => { if (one.type === "checkbox") one.checked = answer[n]?.[one.name.split("-")[2]] === one.value; else if (one.name.includes("-")) one.value = answer[n]?.[one.name.split("-")[2]] ?? ""; }));
    return refresh();
  }
  const boxes = all(place, "[type=checkbox],[type=radio]");
  for (const one of boxes) one.checked = [answer].flat().includes(one.value);
  if (!boxes.length) place.querySelector(`[id="${key}"]`).value = answer;
  place.querySelector("textarea")?.dispatchEvent(new Event("input"));
  refresh();
};

// What is asked and computed, in the order and the rounds of the server.
export const refresh = () => {
  const answers = Object.fromEntries([...questions.keys()].map((key) => [key, read(key)]));
  let told = answers;
  for (let round = 0; round < 3; round++) {
    const seen = { ...outside, ...told };
    told = {};
    for (const [key, [condition, formula]] of data) {
      if (condition && !holds(condition, { ...outside, ...told })) continue;
      told[key] = formula ? value(formula, seen) : answers[key];
    }
  }
  for (const [key, place] of questions) {
    for (const one of [place, document.querySelector(`[data-item="${key}"]`)]) if (one) one.hidden = !(key in told);
    if (data.get(key)[1]) place.querySelector("[data-value]").textContent = told[key] || "–";
  }
};

const add = (place) => {
  const body = place.querySelector("tbody"), n = 1 + Math.max(-1, ...all(body, "tr").map((row) => Number(row.dataset.row)));
  const row = place.querySelector("template").content.cloneNode(true).querySelector("tr");
  const [old, shown] = [Number(row.dataset.row), all(body, "tr").length + 1];
  row.dataset.row = n;
  for (const one of all(row, "*")) for (const { name, value: text } of [...one.attributes]) one.setAttribute(name, text.replace(`-${old}`, `-${n}`).replace(`${old + 1}`, shown));
  for (const one of all(row, ".sr")) one.textContent = one.textContent.replace(old + 1, shown);
  body.append(row);
  return row;
};

form.addEventListener("input", refresh);
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=add],button[name=remove]");
  const place = button?.closest("[data-question]");
  if (!place) return;
  event.preventDefault();
  if (button.name === "add") add(place).querySelector("input,select,textarea").focus();
  else {
    const row = button.closest("tr"), next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("[name=remove]") ?? place.querySelector("[name=add]")).focus();
  }
  refresh();
  place.dispatchEvent(new Event("rows", { bubbles: true }));
});

refresh();
