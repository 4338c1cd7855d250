// Optional layer: <form data-autosave="/…/champs/"> sends each field as it changes; the section's button does it all without script.
// PUT <address><name> {valeur, version} → 200 {version, enregistre_a, rubrique}, 422 {message} (kept all the same), 409 {auteur}, 401.
// Sentences: data-saving, data-saved-at ({hour}), data-failed, data-session, data-conflict ({name}) on the form; the state line is [data-saved].
const form = document.querySelector("form[data-autosave]");
if (form) {
  const line = document.querySelector("[data-saved]");
  const waiting = new Map(); // name → time-out of a field that still changes
  const queue = []; // names to send, one request in flight
  const versions = {};
  const pauses = [2, 5, 15, 30];
  let busy = false;
  let failures = 0;
  let spoken = 0;

  const kept = (name) => `palabre ${location.pathname} ${name}`;
  const fields = (name) => [...form.elements].filter((field) => field.name === name);
  const value = (name) => {
    const all = new FormData(form).getAll(name).filter((item) => typeof item === "string");
    return fields(name).some((field) => field.type === "checkbox" || field.multiple) ? all : all[0] ?? "";
  };
  const store = (act) => { try { return act(localStorage); } catch { return null; } };

  // Spoken at most every 30 s, and always when something is wrong.
  const say = (sentence, wrong) => {
    if (!line || !sentence) return;
    const loud = wrong || Date.now() - spoken > 30000;
    line.setAttribute("aria-live", loud ? "polite" : "off");
    if (loud) spoken = Date.now();
    line.textContent = sentence;
    line.classList.toggle("error", Boolean(wrong));
  };

  const answer = {
    200: (name, data) => {
      versions[name] = data.version;
      failures = 0;
      store((box) => box.removeItem(kept(name)));
      say(form.dataset.savedAt?.replace("{hour}", data.enregistre_a));
    },
    401: () => say(form.dataset.session, true),
    409: (name, data) => {
      versions[name] = null; // the page of the conflict decides: this field is not sent again
      say(form.dataset.conflict?.replace("{name}", data.auteur), true);
    },
    422: (name, data) => {
      answer[200](name, data);
      say(data.message, true);
    },
  };

  const retry = (name) => {
    say(form.dataset.failed, true);
    if (!queue.includes(name)) queue.unshift(name);
    setTimeout(send, 1000 * pauses[Math.min(failures++, pauses.length - 1)]);
  };

  async function send() {
    if (busy || !queue.length) return;
    const name = queue.shift();
    if (versions[name] === null) return void send();
    busy = true;
    say(form.dataset.saving);
    let status = 0;
    try {
      const response = await fetch(form.dataset.autosave + encodeURIComponent(name), {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token?.value ?? "" },
        body: JSON.stringify({ valeur: value(name), version: versions[name] }),
        signal: AbortSignal.timeout(60000),
      });
      status = response.status;
      if (answer[status]) answer[status](name, status === 401 ? {} : await response.json());
    } catch {
      status = 0;
    }
    busy = false;
    if (!answer[status]) retry(name);
    else if (status !== 401) send();
  }

  const changed = (name, wait) => {
    clearTimeout(waiting.get(name));
    store((box) => box.setItem(kept(name), JSON.stringify({ text: value(name), version: versions[name] })));
    waiting.set(name, setTimeout(() => {
      waiting.delete(name);
      if (!queue.includes(name)) queue.push(name);
      send();
    }, wait));
  };

  const concerns = (field) => field.name && !["hidden", "submit", "file", "password"].includes(field.type);
  for (const field of [...form.elements].filter(concerns)) {
    const { name } = field;
    if (name in versions) continue;
    versions[name] = Number(field.dataset.version ?? form.dataset.version ?? 0);
    // A text that could not leave last time comes back, unless somebody wrote since.
    const left = store((box) => JSON.parse(box.getItem(kept(name)) ?? "null"));
    if (left && left.version === versions[name] && typeof left.text === "string" && "value" in field && !/checkbox|radio/.test(field.type)) {
      field.value = left.text;
      changed(name, 0);
    }
  }
  form.addEventListener("input", (event) => { if (concerns(event.target)) changed(event.target.name, 1000); });
  form.addEventListener("change", (event) => { if (concerns(event.target)) changed(event.target.name, 0); });
  form.addEventListener("submit", () => { for (const name of Object.keys(versions)) store((box) => box.removeItem(kept(name))); });
}
