// Optional layer: a page whose work goes on asks for itself again, and replaces what has changed, until it is finished.
const live = document.querySelector("[data-live]");
if (live) {
  let wait = 1000 * Number(live.dataset.live);
  const again = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (answer.redirected || answer.status === 401) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("main .stack");
      if (part) live.replaceChildren(...part.childNodes);
      document.title = page.title;
      if (!part?.hasAttribute("data-live")) return;
    } catch {
      // no connection: the page keeps its last figures and asks again
    }
    wait = Math.min(wait * 1.3, 10000);
    setTimeout(again, wait);
  };
  setTimeout(again, wait);
}
