// Optional layer of a page that follows a sitting: asks every two seconds whether it has moved, and replaces the parts
// that have, save those in which somebody is writing. Without it the page is reloaded by hand.
const room = document.querySelector("[data-follow]");
const lost = document.querySelector("[data-lost]");
let { version, follow, state } = room?.dataset ?? {};
let good = new Date();
let turns = 0;
addEventListener("input", ({ target }) => target.closest("[data-part]")?.setAttribute("data-written", ""));
const busy = (part) => "written" in part.dataset || part.querySelector("input:focus, select:focus, textarea:focus");

const draw = async () => {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-follow]");
  if (next?.dataset.state !== state) return location.reload();
  version = next.dataset.version;
  let kept = false;
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (busy(part)) kept = true;
    else if (other) part.replaceWith(other);
    else part.replaceChildren();
  }
  for (const one of document.querySelectorAll("[data-news]")) one.hidden = !kept;
};

const ask = async () => {
  let pause = 2000;
  try {
    const answer = await fetch(follow, { cache: "no-store", headers: { "If-None-Match": `"${version}"` } });
    if ([401, 403, 404].includes(answer.status) || answer.redirected) return location.reload();
    if (answer.status > 304) throw answer;
    if (answer.ok || ++turns % 30 === 0) await draw();
    good = new Date();
    lost.hidden = true;
  } catch {
    pause = 10000;
    lost.hidden = false;
    const at = good.toLocaleTimeString("fr", { timeStyle: "short" });
    lost.querySelector("time").textContent = at.replace(":", lost.dataset.lost);
  }
  setTimeout(ask, pause);
};
if (follow) setTimeout(ask, 2000);
