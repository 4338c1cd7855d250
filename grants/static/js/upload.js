// Optional layer of the documents' page: files go in pieces, over cut lines and reloads. Sentences come from data-* attributes.
const root = document.querySelector("[data-uploads]");
const megabytes = (n) => (n / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

for (const form of root.querySelectorAll("[data-upload]")) {
  const [input, camera, send, drop, state, line, bar, pause, cancel, buttons] = ["[name=file]", "[capture]", "[type=submit]", "[data-drop]", ".upload-state", "[data-words]", "progress", "[aria-pressed]", "[data-cancel]", ".actions"].map((name) => form.querySelector(name));
  const token = { "X-CSRFToken": form.elements.csrf_token.value };
  const several = "several" in form.dataset;
  const ours = `${form.dataset.upload} ${form.elements.kind.value} `;
  let busy, stop, dropped, paused, go;
  const say = (key, values, aloud) => {
    state.hidden = false;
    line.textContent = root.dataset[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]) ?? key;
    if (aloud) root.querySelector("[data-announce]").textContent = line.textContent;
  };

  // One request, tried again for as long as the line is cut: [status, answer].
  const ask = async (address, options, headers) => {
    for (let tries = 0; ; ) {
      if (paused) await paused;
      if (dropped) throw "";
      let wait = [1, 2, 5, 15, 30][Math.min(tries, 4)];
      stop = new AbortController();
      const late = setTimeout(() => stop.abort(), 6e4);
      try {
        const answer = await fetch(address, { ...options, redirect: "manual", signal: stop.signal, headers: { ...token, ...headers } });
        if (answer.status < 500 && answer.status !== 429) return [answer.status, await answer.json().catch(() => ({}))];
        wait = answer.headers.get("Retry-After") || wait;
      } catch { /* cut, or stopped by a button */ }
      clearTimeout(late);
      if (paused || dropped) continue;
      say("cut", { n: wait }, !tries++);
      await new Promise((resolve) => { setTimeout(resolve, 1e3 * wait); addEventListener("online", resolve, { once: true }); });
    }
  };

  const carry = async (file) => {
    const { name, size } = file;
    const key = `${ours}${size} ${file.lastModified} ${name}`;
    let place = localStorage[key], offset = 0, piece = 16384, half;
    const tell = (words, aloud) => say(words, { name, done: megabytes(offset), size: megabytes(size) }, aloud);
    const refuse = ({ reasons }) => { delete localStorage[key]; throw reasons?.join(" ") ?? "failed"; };
    let [status, answer] = place ? await ask(place) : [];
    if (status !== 200) { // announced first: a wrong kind or size is told before anything is sent
      const body = new FormData(form);
      body.delete("file");
      body.delete("request_id");
      body.set("filename", name);
      body.set("size", size);
      [status, answer] = await ask(form.dataset.upload, { method: "POST", body });
      if (status !== 201) refuse(answer);
      localStorage[key] = place = answer.place;
    }
    offset = answer.offset;
    tell(offset ? "resumed" : "sending", 1);
    buttons.hidden = false;
    cancel.onclick = () => {
      dropped = 1;
      stop.abort();
      go?.();
      delete localStorage[key];
      fetch(place, { method: "DELETE", headers: token });
    };
    pause.onclick = () => {
      if (paused) return go();
      paused = new Promise((resolve) => { go = () => { paused = 0; pause.ariaPressed = "false"; resolve(); }; });
      pause.ariaPressed = "true";
      stop.abort();
      tell("paused", 1);
    };
    while (offset < size) {
      bar.value = offset / size;
      const begun = Date.now();
      [, answer] = await ask(place, { method: "PATCH", body: file.slice(offset, offset + piece) }, { "Upload-Offset": offset, "Content-Type": "application/octet-stream" });
      if (!("offset" in answer)) refuse(answer);
      offset = answer.offset;
      const took = Date.now() - begun;
      if (took < 2e3) piece = Math.min(1e6, piece * 2);
      if (took > 8e3) piece = Math.max(16384, piece >> 1);
      tell("sending", !half && (half = 2 * offset > size));
    }
    bar.value = 1;
    tell("checking", 1);
    [status, answer] = await ask(`${place}/fin`, { method: "POST" });
    if (status !== 200 && status !== 404) refuse(answer);
    delete localStorage[key];
  };

  const take = async (files) => {
    if (busy) return;
    busy = 1;
    const refusals = [];
    for (const file of [...files].slice(0, several ? 99 : 1)) {
      dropped = bar.hidden = false;
      buttons.hidden = true;
      await carry(file).catch((refusal) => refusal && refusals.push(root.dataset[refusal] ?? refusal));
    }
    busy = 0;
    input.value = "";
    if (refusals[0]) say(refusals.join(" "), 0, bar.hidden = buttons.hidden = true);
    else if (dropped) state.hidden = true;
    else location.reload();
  };

  input.multiple = several;
  for (const field of [input, camera]) field.onchange = () => take(field.files);
  form.ondragover = (event) => event.preventDefault();
  form.ondrop = (event) => { event.preventDefault(); take(event.dataTransfer.files); };
  send.hidden = true;
  drop.hidden = !(camera.parentNode.hidden = !matchMedia("(pointer: coarse)").matches);
  // What a reload or a closed browser interrupted is asked for again.
  for (const key in localStorage) if (key.startsWith(ours)) say("again", { name: key.slice(ours.length).split(" ").slice(2).join(" ") }, buttons.hidden = true);
}
