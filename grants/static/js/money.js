// Amounts in the browser as in Python: `read`, `rate`, `euros`, `percent` give the same answers (tests/web/data/money.json).
const french = () => globalThis.document?.documentElement.lang !== "en";
const figure = (n, least, most) => n.toLocaleString(french() ? "fr-FR" : "en-GB", { minimumFractionDigits: least, maximumFractionDigits: most });
const bare = (text) => text.replace(/^ +| +$/g, "");

// Cents of a text as people type it, or the reason why not.
export const read = (typed, euro) => {
  if ([...typed].length > 64) return "not_a_number";
  const number = bare(bare(typed.replace(/[\t\u00a0\u2007\u2009\u202f]/g, " ")).replace(/(€|EUR|eur)$/, ""));
  if (!number) return "empty";
  const unsigned = number.replace(/^[-\u2212]+ */, "");
  if (!/^\d[\d .,]*$/.test(unsigned)) return "not_a_number";
  if (unsigned !== number) return "negative";
  let [, before, comma, decimals] = /^(.*)([.,])(\d*)$/.exec(number) ?? [];
  if (!comma || number.split(comma).length > 2) [before, decimals] = [number, ""];
  else if (!decimals) return "not_a_number";
  else if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(number)) return "ambiguous";
  else if (decimals.length > 2) return "too_many_decimals";
  if (!/^(\d+|\d{1,3}([ .,])\d{3}(\2\d{3})*)$/.test(before)) return "ambiguous";
  const cents = Number(before.replace(/\D/g, "") + decimals.padEnd(2, "0"));
  return cents > 1e12 ? "too_large" : euro && cents % 100 ? "too_many_decimals" : cents;
};
// Basis points rounded half up; null where there is nothing to divide. Integers of any size.
export const rate = (part, whole) => (whole > 0 ? Number((20000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole))) : null);
const worded = (n, sign, text) => (n < 0 ? "−" : "") + (french() ? `${text}\u00a0${sign}` : sign === "%" ? text + sign : sign + text);
export const euros = (cents) => worded(cents, "€", figure(Math.abs(cents) / 100, cents % 100 ? 2 : 0, 2));
export const percent = (bp) => (bp === null ? "–" : worded(bp, "%", figure(Math.abs(bp) / 100, 0, 2)));
