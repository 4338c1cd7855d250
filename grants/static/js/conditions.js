// When a question is asked and what a field computes: the same answers as domain/conditions.py (one list of vectors tests both).
const trim = (text) => text.trim();
export const text = (answer) => (typeof answer === "string" ? trim(answer) : "");
export const filled = (answer) => (answer == null || typeof answer === "string" ? !!text(answer) : answer.some((one) => (typeof one === "string" ? !!one : Object.values(one).some((value) => trim(value)))));

// Numbers are whole millionths, exact whatever their size.
const SCALE = 1000000n;
export const number = (typed) => {
  const plain = [...typed].length > 30 ? "?" : typed.replace(/[ \t\u00a0\u2007\u2009\u202f]/g, " ").replace(/^ +| +$/g, "");
  if (!/^-?(\d+|\d{1,3}( \d{3})+)([.,]\d{1,6})?$/.test(plain) || /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) return null;
  const [whole, decimals = ""] = plain.replace(/[ -]/g, "").replace(",", ".").split(".");
  const found = BigInt(whole) * SCALE + BigInt(decimals.padEnd(6, "0"));
  return plain[0] === "-" ? -found : found;
};
const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");
const PLAIN = { fevrier: 2, aout: 8, decembre: 12 };
const lengths = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
const day = (typed) => {
  const plain = [...typed].length > 40 ? "?" : trim(typed).replace(/\s+/g, " ").toLowerCase();
  let [, y, m, d] = plain.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/) ?? [];
  if (!y) [, d, m, y] = plain.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/) ?? [];
  if (!y) {
    [, d, m, y] = plain.match(/^(\d{1,2})(?:er)? ([a-zûé]{3,9}) (\d{4})$/) ?? [];
    m = MONTHS.indexOf(m) + 1 || PLAIN[m];
  }
  [y, m, d] = [y, m, d].map(Number);
  return y > 0 && m > 0 && m < 13 && d > 0 && d <= lengths(y, m) ? { y, m, d, n: y * 10000 + m * 100 + d } : null;
};
const order = (answer, bound) => {
  let [a, b] = [number(answer), number(bound)];
  if (a === null || b === null) [a, b] = [day(answer)?.n, day(bound)?.n];
  return a == null || b == null ? null : a < b ? -1 : a > b ? 1 : 0;
};

export const holds = (condition, answers) => {
  if (condition.all) return condition.all.every((part) => holds(part, answers));
  if (condition.any) return condition.any.some((part) => holds(part, answers));
  if (condition.not) return !holds(condition.not, answers);
  const answer = answers[condition.field];
  if ("is" in condition) return text(answer) === condition.is;
  if ("is_not" in condition) return text(answer) !== condition.is_not;
  if ("one_of" in condition) return condition.one_of.includes(text(answer));
  if ("contains" in condition) return (typeof answer === "object" && answer ? answer : [answer ?? ""]).includes(condition.contains);
  if ("filled" in condition) return filled(answer) === condition.filled;
  return ("at_least" in condition ? [0, 1] : [0, -1]).includes(order(text(answer), condition.at_least ?? condition.at_most));
};

const rows = (answer) => (Array.isArray(answer) ? answer.filter((row) => typeof row === "object") : []);
const sum = (typed) => {
  const numbers = typed.filter(Boolean).map(number);
  return numbers.length && !numbers.includes(null) ? [numbers.reduce((a, b) => a + b), SCALE] : null;
};
const months = (first, last) => {
  if (!first || !last || first.n > last.n || last.n === 99991231) return null;
  const after = last.d === lengths(last.y, last.m) ? { y: last.m === 12 ? last.y + 1 : last.y, m: (last.m % 12) + 1, d: 1 } : { ...last, d: last.d + 1 };
  const found = (after.y - first.y) * 12 + after.m - first.m;
  return [BigInt(Math.min(first.d, lengths(after.y, after.m)) <= after.d ? found : found - 1), 1n];
};
// Each gives [numerator, denominator], or null where something is missing.
const FORMULAS = {
  sum: (keys, of) => sum(keys.map((key) => text(of[key]))),
  product: (keys, of) => keys.map((key) => number(text(of[key]))).reduce((a, b) => a && b !== null ? [a[0] * b, a[1] * SCALE] : null, [1n, 1n]),
  difference: ([a, b], of) => { const [x, y] = [number(text(of[a])), number(text(of[b]))]; return x === null || y === null ? null : [x - y, SCALE]; },
  share: ([a, b], of) => { const [x, y] = [number(text(of[a])), number(text(of[b]))]; return x === null || y === null || y <= 0n || x < 0n ? null : [(x * 100n) / y, 1n]; },
  count: (key, of) => [BigInt(rows(of[key]).filter((row) => Object.values(row).some((value) => trim(value))).length), 1n],
  sum_of: ([key, column], of) => sum(rows(of[key]).map((row) => trim(row[column] ?? ""))),
  months: ([a, b], of) => months(day(text(of[a])), day(text(of[b]))),
};

// `12`, `12,5`: two decimals at most, halves to the even one, as the server writes them.
export const value = (formula, answers) => {
  const [operator] = Object.keys(formula);
  const found = FORMULAS[operator](formula[operator], answers);
  if (!found) return "";
  const [n, d] = [found[0] < 0n ? -found[0] : found[0], found[1]];
  let cents = (n * 100n) / d;
  const rest = 2n * ((n * 100n) % d);
  if (rest > d || (rest === d && cents % 2n)) cents += 1n;
  const part = String(cents % 100n).padStart(2, "0").replace(/0+$/, "");
  return `${found[0] < 0n && cents ? "-" : ""}${cents / 100n}${part && `,${part}`}`;
};
