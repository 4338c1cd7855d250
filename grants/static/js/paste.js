// A block copied from a spreadsheet onto the budget. One column fills down from here. With several, the last figure of a line is
// its amount, a cell that names an account (number, label) chooses it, the rest is the label. Titles and totals are left out.
import { add, all, check, column, field, refresh, say } from "./budget.js";

const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
const accounts = (section) => {
  const found = new Map();
  for (const { value, textContent, dataset: { number } } of all("option[data-number]", section)) {
    for (const name of [textContent, textContent.slice(number.length), number].map(plain)) {
      if (name) found.set(name, (found.get(name) ?? value) === value ? value : null);
    }
  }
  return found;
};
const write = (row, name, value) => {
  const input = field(row, name);
  if (input) input.value = value;
  if (input && name === "amount") check(input);
};
const empty = (row) => !field(row, "amount").value.trim() && !field(row, "label")?.value.trim();
const place = (start, key, section) => {
  const same = all("tr", section).filter((row) => field(row, "key")?.value === key);
  return same.includes(start) && empty(start) ? start : same.find(empty) ?? add(section, key, same.at(-1));
};

export const paste = (input, text) => {
  const start = input.closest("tr");
  const section = start.closest("section");
  const known = accounts(section);
  let [row, done] = [start, 0];
  for (const line of text.split("\n")) {
    const cells = line.split("\t").map((cell) => cell.trim());
    if (cells.length === 1) {
      const rows = all("tr:has([data-amount])", section);
      if (done) row = rows[rows.indexOf(row) + 1] ?? add(section, field(row, "key").value, row) ?? row;
      write(row, column(input), cells[0]);
    } else {
      const last = cells.findLastIndex((cell) => /^[^a-z]*\d[^a-z]*(eur)?$/i.test(cell));
      if (last < 1 || /^(sous-)?total/.test(plain(cells.join(" ")))) continue;
      const named = cells.slice(0, last).filter((cell) => known.get(plain(cell)));
      row = place(start, known.get(plain(named[0] ?? "")) ?? field(start, "key").value, section) ?? start;
      write(row, "label", cells.slice(0, last).filter((cell) => cell && !named.includes(cell)).join(" "));
      write(row, "amount", cells[last]);
    }
    done += 1;
  }
  refresh();
  say("pasted", done);
};
