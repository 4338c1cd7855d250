// Optional layer of a file's section: each answer is saved while it is typed, and who else is there is told. Nothing typed is
// lost: what could not be sent stays on the device and is offered again. Without it the form's button does it all.
import { filled } from "./conditions.js";
import { form, questions, read, refresh, write } from "./questions.js";

const said = form.dataset;
const line = document.querySelector("[data-saved]");
const memory = (key, kept) => { try { const name = `${said.memory} ${key}`; return kept === undefined ? JSON.parse(localStorage.getItem(name)) : kept ? localStorage.setItem(name, JSON.stringify(kept)) : localStorage.removeItem(name); } catch { return null; } };
const base = (key) => form.elements[`base:${key}`];
const waiting = new Set();
let timer, busy = null, tries = 0, closed = false, leaving = false, spoken = 0;
const tell = (words, wrong) => {
  const loud = wrong || Date.now() - spoken > 3e4;
  line.setAttribute("aria-live", loud ? "polite" : "off");
  if (loud) spoken = Date.now();
  line.classList.toggle("error", !!wrong);
  line.textContent = words;
};
const later = (delay) => { clearTimeout(timer); timer = setTimeout(send, delay); };
const put = (path, body, more) => fetch(said.address + path, { method: "PUT", redirect: "manual", headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value }, body: JSON.stringify(body), ...more });

const panel = (key, words, text, buttons) => {
  const place = questions.get(key), box = document.createElement("div"), bar = document.createElement("p");
  place.querySelector(":scope > .notice")?.remove();
  box.className = "notice stack";
  box.dataset.tone = "warn";
  for (const [tag, content] of [["p", words], ["blockquote", text]]) if (content) box.append(Object.assign(document.createElement(tag), { textContent: content }));
  bar.className = "actions";
  for (const [name, act] of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: name });
    button.onclick = () => { box.remove(); act(); };
    bar.append(button);
  }
  box.append(bar);
  place.append(box);
};
const plain = (answer) => (typeof answer === "string" ? answer : answer.map((one) => (typeof one === "string" ? one : Object.values(one).join(", "))).join("\n"));
const adopt = (key, answer) => { base(key).value = answer.empreinte; };

const OUTCOMES = {
  200: (key, sent, answer) => {
    adopt(key, answer);
    form.elements.version.value = answer.version;
    if (JSON.stringify(read(key)) === sent) memory(key, 0); else changed(key, 0);
    const problem = questions.get(key).querySelector("[data-problem]");
    problem.textContent = answer.message;
    problem.hidden = !answer.message;
    tell(answer.enregistre);
  },
  409: (key, sent, answer) => {
    if (answer.raisons) return stop(answer.raisons.join(" "));
    panel(key, answer.message, plain(answer.valeur), [
      [said.take, () => { write(key, answer.valeur); adopt(key, answer); memory(key, 0); }],
      [said.keep, () => { adopt(key, answer); changed(key, 0); }],
    ]);
  },
  422: (key, sent, answer) => tell(answer.raisons.join(" "), true),
  404: () => stop(said.gone),
};
const stop = (words) => { closed = true; tell(words, true); };
const again = (words) => { tell(words, true); later([2, 5, 15, 30][Math.min(tries++, 3)] * 1e3); };

// Signed in again elsewhere: the page has a new token.
const renew = async () => {
  const page = await (await fetch(location.pathname)).text();
  const token = new DOMParser().parseFromString(page, "text/html").querySelector("[data-answers] [name=csrf_token]");
  if (token) form.elements.csrf_token.value = token.value;
};

const send = async (more) => {
  const [key] = waiting;
  if (busy || closed || key === undefined) return;
  const answer = read(key), sent = JSON.stringify(answer);
  waiting.delete(key);
  tell(said.saving);
  let done;
  busy = new Promise((resolve) => { done = resolve; });
  try {
    const reply = await put(`/champs/${key}`, { valeur: answer, depart: base(key).value }, { signal: AbortSignal.timeout(6e4), ...more });
    if (OUTCOMES[reply.status]) {
      OUTCOMES[reply.status](key, sent, await reply.json().catch(() => ({})));
      tries = 0;
    } else {
      waiting.add(key);
      const out = [0, 400, 401].includes(reply.status);
      if (out) await renew();
      again(out ? said.session : said.failed);
    }
  } catch {
    waiting.add(key);
    again(said.failed);
  }
  busy = null;
  done();
  if (waiting.size && !tries && !leaving) later(0);
};
const changed = (key, delay) => {
  refresh();
  if (!said.address || closed || !base(key)) return;
  memory(key, { v: read(key), b: base(key).value });
  waiting.add(key);
  if (!tries) later(delay);
};
const keyOf = (target) => (target.name?.includes(":") ? null : target.closest("[data-question]")?.dataset.question);
form.addEventListener("input", ({ target }) => { const key = keyOf(target); if (key) changed(key, 1000); });
form.addEventListener("rows", ({ target }) => changed(target.dataset.question, 150));
form.addEventListener("change", ({ target }) => { if (waiting.has(keyOf(target)) && !tries) later(150); });
addEventListener("online", () => later(0));

// The page's own button: what is on its way first arrives, then everything goes at once.
form.addEventListener("submit", async (event) => {
  leaving = true;
  clearTimeout(timer);
  if (!busy) return;
  event.preventDefault();
  await Promise.race([busy, new Promise((resolve) => setTimeout(resolve, 8000))]);
  clearTimeout(timer);
  form.requestSubmit(event.submitter);
});
addEventListener("beforeunload", (event) => { if (!leaving && !closed && (waiting.size || busy)) event.preventDefault(); });
addEventListener("pageshow", () => { leaving = false; });

const present = document.querySelector("[data-presence]");
const appear = async () => {
  if (document.hidden || closed) return;
  const answer = await put("/presence", {}).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
  if (!answer) return;
  form.elements.version.value = answer.version;
  present.hidden = !answer.presents;
  if (present.lastElementChild.textContent !== answer.presents) present.lastElementChild.textContent = answer.presents;
};
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) appear();
  else if (waiting.size) send({ keepalive: true });
});

if (said.address) {
  for (const key of questions.keys()) {
    const kept = base(key) && memory(key);
    if (!kept) continue;
    if (JSON.stringify(kept.v) === JSON.stringify(read(key)) || !filled(kept.v)) memory(key, 0);
    else panel(key, said.left, plain(kept.v), [[said.again, () => { write(key, kept.v); changed(key, 0); }], [said.forget, () => memory(key, 0)]]);
  }
  appear();
  setInterval(appear, 3e4);
}
