// Optional layer of the sheet of marks: the keyboard inside the grid, the total, the draft saved while it is filled in. Nothing
// typed is lost: what could not be sent stays on the device and is offered again. Without it the form's buttons do it all.
const form = document.querySelector("[data-scoring]");
const said = form.dataset;
const all = (selector, root = form) => [...root.querySelectorAll(selector)];
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const make = (tag, content, more) => Object.assign(document.createElement(tag), { textContent: content, ...more });
const groups = all("[data-score]");
const language = document.documentElement.lang === "en" ? "en-GB" : "fr-FR";
const figure = (n) => n.toLocaleString(language, { maximumFractionDigits: 1 });

// ── Marks: the total over what applies, the sentence of each mark, the words that the ends of the scale ask for ──
const chosen = (group) => group.querySelector(":checked");
const sentence = (group, mark) => {
  const words = all(".anchors li", group).map((line) => line.textContent.trim());
  if (!words.length || mark === undefined) return "";
  const low = Math.floor(mark), whole = Number.isInteger(mark);
  return whole ? words[low] : fill(said.between, { low: words[low].toLowerCase(), high: words[low + 1].toLowerCase() });
};
const shown = (group) => {
  const radio = chosen(group), mark = radio && !("aside" in radio.dataset) ? Number(radio.value) : undefined;
  const line = group.querySelector("[data-anchor]"), words = sentence(group, mark);
  if (line) line.replaceChildren(...(words ? [make("b", figure(mark)), ` · ${words}`] : []));
  const remark = form.querySelector(`[data-remark="${group.id}"]`), extreme = mark <= 1.5 || mark >= 4.5;
  if (!said.address) return;
  remark.querySelector("[data-extreme]").hidden = !extreme;
  if (extreme) remark.open = true;
};
const counted = () => {
  const marked = groups.map(chosen).filter(Boolean), given = marked.filter((radio) => !("aside" in radio.dataset));
  const weights = given.reduce((sum, radio) => sum + Number(radio.dataset.weight), 0);
  const total = given.reduce((sum, radio) => sum + Number(radio.dataset.weight) * Number(radio.value) * 20, 0) / weights;
  const output = form.querySelector("[data-score-total]");
  const complete = marked.length === groups.length && weights;
  output.textContent = complete ? `${figure(total)} / 100` : fill(output.dataset.pending, { n: marked.length, max: groups.length });
};

// ── Keyboard: only inside the grid ──
const pick = (group, radio) => {
  if (radio) { radio.checked = true; radio.focus(); } else if (chosen(group)) chosen(group).checked = false;
  group.dispatchEvent(new Event("change", { bubbles: true }));
};
const move = (group) => {
  const next = groups[groups.indexOf(group) + 1], place = next ? chosen(next) ?? next.querySelector("input") : form.elements.opinion;
  place.focus();
  (next ?? place.closest(".field")).scrollIntoView({ block: "nearest" });
};
const half = (group) => {
  const radio = chosen(group), mark = radio && !("aside" in radio.dataset) ? Math.floor(Number(radio.value)) : 0;
  return group.querySelector(`input[value="${Math.min(mark + 0.5, 5)}"]`);
};
const KEYS = {
  ",": (group) => pick(group, half(group)),
  ".": (group) => pick(group, half(group)),
  s: (group) => { const aside = group.querySelector("[data-aside]"); if (aside) pick(group, aside); },
  c: (group) => { const remark = form.querySelector(`[data-remark="${group.id}"]`); remark.open = true; remark.querySelector("textarea").focus(); },
  delete: (group) => pick(group, null),
  backspace: (group) => pick(group, null),
  enter: move,
};
for (const mark of "012345") KEYS[mark] = (group) => pick(group, group.querySelector(`input[value="${mark}"]`));
form.addEventListener("keydown", (event) => {
  if (!said.address) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(form.querySelector('button[data-kind="primary"]'));
    return;
  }
  const group = event.target.closest("[data-score]"), act = KEYS[event.key.toLowerCase()];
  if (!group || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || !act) return;
  event.preventDefault();
  act(group);
});

// ── The draft: one request at a time, a second after the last key ──
const line = form.querySelector("[data-saved]"), panels = form.querySelector("[data-panels]");
const MACHINERY = new Set(["csrf_token", "request_id", "version", "last_criterion"]);
const read = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => !MACHINERY.has(name) && value !== ""));
const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
const memory = (name, kept) => { try { return kept === undefined ? JSON.parse(localStorage.getItem(name)) : kept ? localStorage.setItem(name, JSON.stringify(kept)) : localStorage.removeItem(name); } catch { return null; } };
const write = (values) => {
  for (const radio of all("[data-score] input")) radio.checked = values[radio.name] === radio.value;
  for (const area of all("textarea")) { area.value = values[area.name] ?? ""; if (area.value) area.closest("details")?.setAttribute("open", ""); }
  groups.forEach(shown);
  counted();
};
let timer, busy = null, waiting = false, tries = 0, closed = !said.address, leaving = false, spoken = 0, stored = read();
const tell = (words, wrong) => {
  const loud = wrong || Date.now() - spoken > 3e4;
  line.setAttribute("aria-live", loud ? "polite" : "off");
  if (loud) spoken = Date.now();
  line.classList.toggle("error", !!wrong);
  line.textContent = words;
};
const later = (delay) => { clearTimeout(timer); timer = setTimeout(send, delay); };
const again = (words) => { waiting = true; tell(words, true); later([2, 5, 15, 30][Math.min(tries++, 3)] * 1e3); };
const panel = (words, more, buttons = []) => {
  const box = make("div", "", { className: "notice" }), body = make("div", "", { className: "stack small" }), bar = make("p", "", { className: "actions" });
  box.dataset.tone = "warn";
  body.append(make("p", words), ...more);
  for (const [name, act] of buttons) bar.append(make("button", name, { type: "button", className: "btn", onclick: () => { box.remove(); act(); } }));
  if (buttons.length) body.append(bar);
  box.append(body);
  panels.replaceChildren(box);
  panels.scrollIntoView({ block: "nearest" });
};
const named = (name) => {
  const group = document.getElementById(name);
  return (group?.querySelector("legend > span") ?? form.querySelector(`label[for="${name}"]`))?.textContent ?? name;
};
const differences = (theirs) => {
  const mine = read(), list = make("ul", "", { className: "plain" });
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)]))
    if ((mine[name] ?? "") !== (theirs[name] ?? "")) list.append(make("li", fill(said.here, { name: named(name), mine: mine[name] ?? "–", theirs: theirs[name] ?? "–" })));
  return [list];
};
const copies = () => {
  const words = Object.entries(read()).map(([name, value]) => `${named(name)} : ${value}`).join("\n\n");
  const area = make("textarea", words, { readOnly: true, rows: 6, id: "copie" }), label = make("label", said.copy, { htmlFor: "copie" });
  return [label, area];
};
const stop = (words) => { closed = true; clearTimeout(timer); tell(words, true); panel(words, copies()); };
const adopt = (version) => { form.elements.version.value = version; };
const OUTCOMES = {
  200: (sent, answer) => {
    adopt(answer.version);
    stored = sent;
    if (same(read(), sent)) memory(said.memory, 0); else changed(0);
    tell(answer.enregistre);
  },
  409: (sent, answer) => {
    if (answer.raisons) return stop(answer.raisons.join(" "));
    closed = true;
    tell("");
    panel(answer.message, differences(answer.champs), [
      [said.keep, () => { closed = false; adopt(answer.version); changed(0); }],
      [said.take, () => { closed = false; adopt(answer.version); write(answer.champs); stored = read(); memory(said.memory, 0); tell(""); }],
    ]);
  },
  422: (sent, answer) => tell(answer.raisons.join(" "), true),
  404: () => stop(said.gone),
};

// Signed in again elsewhere: the page has a new token.
const renew = async () => {
  const page = await (await fetch(location.pathname)).text();
  const token = new DOMParser().parseFromString(page, "text/html").querySelector("[data-scoring] [name=csrf_token]");
  if (token) form.elements.csrf_token.value = token.value;
};
const send = async (more) => {
  if (busy || closed || !waiting) return;
  const sent = read(), body = new URLSearchParams({ ...sent, version: form.elements.version.value, last_criterion: form.elements.last_criterion.value });
  waiting = false;
  tell(said.saving);
  let done;
  busy = new Promise((resolve) => { done = resolve; });
  try {
    const reply = await fetch(said.address, { method: "PUT", redirect: "manual", headers: { "X-CSRFToken": form.elements.csrf_token.value }, body, signal: AbortSignal.timeout(6e4), ...more });
    if (OUTCOMES[reply.status]) {
      OUTCOMES[reply.status](sent, await reply.json().catch(() => ({})));
      tries = 0;
    } else {
      const out = [0, 400, 401].includes(reply.status);
      if (out) await renew();
      again(out ? said.session : said.failed);
    }
  } catch {
    again(said.failed);
  }
  busy = null;
  done();
  if (waiting && !tries && !leaving) later(0);
};
const changed = (delay) => {
  if (closed) return;
  const now = read();
  if (same(now, stored) && !busy) { waiting = false; clearTimeout(timer); memory(said.memory, 0); return; }
  memory(said.memory, now);
  waiting = true;
  if (!tries) later(delay);
};
form.addEventListener("change", ({ target }) => {
  const group = target.closest("[data-score]");
  if (group) { shown(group); counted(); }
  changed(150);
});
form.addEventListener("input", ({ target }) => { if (target.type !== "radio") changed(1000); });
form.addEventListener("focusin", ({ target }) => { const group = target.closest("[data-score]"); if (group) form.elements.last_criterion.value = group.id; });
addEventListener("online", () => { if (waiting) later(0); });
document.addEventListener("visibilitychange", () => { if (document.hidden && waiting) { clearTimeout(timer); send({ keepalive: true }); } });
addEventListener("beforeunload", (event) => { if (!leaving && !closed && (waiting || busy)) event.preventDefault(); });
addEventListener("pageshow", () => { leaving = false; });

// The page's own buttons: what is on its way arrives first, then everything goes at once, and once.
form.addEventListener("submit", async (event) => {
  if (leaving) return event.preventDefault();
  leaving = true;
  clearTimeout(timer);
  if (!busy) return;
  event.preventDefault();
  await Promise.race([busy, new Promise((resolve) => setTimeout(resolve, 8000))]);
  clearTimeout(timer);
  leaving = false;
  form.requestSubmit(event.submitter);
});

// What was given arrived: nothing of it is kept on the device.
for (const link of document.querySelectorAll('.queue [data-state="done"]')) memory(`review ${link.pathname.split("/").pop()}`, 0);
groups.forEach(shown);
if (said.address) {
  const kept = memory(said.memory);
  if (kept && !same(kept, stored)) panel(said.left, differences(kept), [[said.again, () => { write(kept); changed(0); }], [said.forget, () => memory(said.memory, 0)]]);
  else memory(said.memory, 0);
}
