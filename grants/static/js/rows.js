// Optional layer of the editor of a call: a list that decides what a page shows sends it by itself; Alt+arrow moves a row.
for (const select of document.querySelectorAll("select[data-refresh]")) {
  select.addEventListener("change", () => {
    const form = select.form;
    const button = form.querySelector("[data-refresher]") ?? Object.assign(document.createElement("button"), { type: "submit", name: "act", value: "refresh", hidden: true });
    if (!button.isConnected) form.append(button);
    sessionStorage.setItem("palabre-focus", select.id);
    form.requestSubmit(button);
  });
}
const kept = sessionStorage.getItem("palabre-focus");
if (kept) {
  sessionStorage.removeItem("palabre-focus");
  document.getElementById(kept)?.focus();
}
for (const button of document.querySelectorAll("[data-refresher]")) button.hidden = true;
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest?.(".row, .builder-row");
  const button = row?.querySelector(`button[value^="${event.key === "ArrowUp" ? "up" : "down"}:"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
