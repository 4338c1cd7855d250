// Optional layer of a page that waits for a document: looks whether it is there, less and less often, and opens it. Without it the page reloads.
const { wait } = document.querySelector("[data-wait]")?.dataset ?? {};
let pause = 1;
const look = async () => {
  const answer = await fetch(wait, { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (answer?.status === 200 || answer?.type === "opaqueredirect") location.replace(wait);
  else setTimeout(look, 1000 * (pause = Math.min(1.4 * pause, 10)));
};
if (wait) setTimeout(look, 1000);

// A job that is under way: [data-reload] shows how far it is; when the page has none any more, the result is there.
const live = document.querySelector("[data-reload]");
const follow = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok) {
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-reload]");
    if (!next) return location.reload();
    live.replaceChildren(...next.childNodes);
  }
  return setTimeout(follow, 2000);
};
if (live) setTimeout(follow, 2000);
