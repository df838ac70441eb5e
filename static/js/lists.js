// Lists: filters that leave no empty words in the address, chosen rows and their bar, and a list that stays true by itself.
//
//   form[data-lean]        sends only the fields that say something
//   [data-live="30"]       asks for itself again every so many seconds, and after sw:changed
//   [name=case]            a row's checkbox; #chosen is the bar and the form that appears when one is set
//   [data-choose-all], [data-choose-late], [data-choose-none]
//
// A list that is being read never moves: while a row lies under the cursor, holds the focus or is chosen, rows are brought
// up to date where they stand and new ones are only counted; else the new list takes its place, the first row in sight
// staying where it was.
(() => {
  "use strict";
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form[data-lean]")) return;
    const { formData } = event.detail;
    for (const name of new Set([...formData.keys()])) {
      if (!formData.getAll(name).some(Boolean)) formData.delete(name);
    }
  });

  const list = document.querySelector("[data-live]");
  const bulk = document.getElementById("chosen");
  if (!list) return;
  const boxes = () => [...list.querySelectorAll("[name=case]")];
  const rowOf = (box) => box.closest("[data-row]");

  // Chosen rows
  function follow() {
    const chosen = boxes().filter((box) => box.checked);
    for (const box of boxes()) rowOf(box).classList.toggle("picked", box.checked);
    const all = list.querySelector("[data-choose-all]");
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes().length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
    if (!bulk) return;
    bulk.hidden = !chosen.length;
    const count = bulk.querySelector("[data-count]");
    count.textContent = count.dataset.count.replace("{count}", String(chosen.length));
  }
  function choose(wanted) {
    for (const box of boxes()) box.checked = wanted(box);
    follow();
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) choose(() => event.target.checked);
    else if (event.target.matches("[name=case]")) follow();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose-late]")) choose((box) => rowOf(box).dataset.state === "overdue");
    if (event.target.closest("[data-choose-none]")) choose(() => false);
  });

  // Staying true
  const status = document.getElementById("fresh");
  const rowsIn = (part) => new Map([...part.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
  const isHeld = () =>
    boxes().some((box) => box.checked) ||
    Boolean(list.querySelector("[data-row]:hover, [data-row]:focus-within, select:focus")) ||
    Boolean(document.querySelector("dialog[open]"));

  function say(kind, number, time) {
    if (!status) return;
    status.textContent = status.dataset[kind].replace("{time}", time).replace("{count}", String(number));
  }

  function refreshInPlace(fresh) {
    const known = rowsIn(list);
    for (const [key, row] of rowsIn(fresh)) {
      const old = known.get(key);
      if (!old || old.cells.length !== row.cells.length) continue;
      [...row.cells].forEach((cell, at) => {
        const there = old.cells[at];
        if (cell.querySelector("[name=case]") || there.contains(document.activeElement)) return;
        if (there.innerHTML !== cell.innerHTML) there.innerHTML = cell.innerHTML;
      });
      if (row.dataset.state) old.dataset.state = row.dataset.state;
    }
    const tabs = list.querySelector("[role=list]");
    const newer = fresh.querySelector("[role=list]");
    if (tabs && newer && !tabs.contains(document.activeElement)) tabs.innerHTML = newer.innerHTML;
  }

  function replace(fresh) {
    const inSight = [...list.querySelectorAll("[data-row]")].find((row) => row.getBoundingClientRect().top >= 0);
    const key = inSight && inSight.dataset.row;
    const before = inSight ? inSight.getBoundingClientRect().top : 0;
    list.replaceChildren(...fresh.childNodes);
    window.htmx.process(list);
    const again = key && rowsIn(list).get(key);
    if (again && window.scrollY > 0) window.scrollBy(0, again.getBoundingClientRect().top - before);
    follow();
  }

  async function refresh() {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true", "X-Background": "1" } });
    if (!answer.ok || answer.redirected) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const known = rowsIn(list);
    const added = [...rowsIn(holder.content).keys()].filter((key) => !known.has(key)).length;
    const saidAt = holder.content.querySelector("[data-said-at]"); // on the institution's clock, not this computer's
    const time = saidAt ? saidAt.dataset.saidAt : "";
    const held = isHeld();
    if (held) refreshInPlace(holder.content);
    else replace(holder.content);
    if (added) say(held ? "waiting" : "more", added, time);
    else say("same", 0, time);
  }
  const quietly = () => refresh().catch(() => {}); // the heartbeat of the page says when the connection is gone

  document.addEventListener("sw:changed", () => {
    choose(() => false);
    quietly();
  });
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target === list && follow());
  window.setInterval(() => document.hidden || quietly(), Number(list.dataset.live) * 1000);
  window.addEventListener("pageshow", follow);
  follow();
})();
