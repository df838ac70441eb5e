// The time left, recounted every minute from data-due-at and the server's clock, so it is right with every worker dead.
// The words are the server's own patterns (sla.wording.tick_words). Working days only a calendar can count: their
// words stay until the last 24 hours, and on a new day the page is loaded again unless something is being written.
(() => {
  "use strict";
  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const LOOKS = { running: ["", ""], soon: ["amber", "hourglass-high"], overdue: ["red", "alarm"] };
  const box = document.getElementById("tick-words");
  if (!box) return;
  const words = JSON.parse(box.textContent);

  // The server's clock against ours. A page taken from the history says nothing about now.
  const [entry] = performance.getEntriesByType("navigation");
  const started = Date.parse(document.body.dataset.now);
  let skew = entry && entry.type === "back_forward" ? 0 : started - Date.now();
  const now = () => Date.now() + skew;
  document.addEventListener("htmx:afterRequest", (event) => {
    const date = Date.parse(event.detail.xhr.getResponseHeader("Date") || "");
    if (date && Math.abs(date + 500 - now()) > 2000) skew = date + 500 - Date.now();
  });

  const count = (pattern, number) =>
    (Array.isArray(pattern) ? pattern[number === 1 ? 0 : 1] : pattern).replace("%(count)s", String(number));

  function span(ms) {
    const days = Math.floor(ms / DAY);
    const hours = Math.floor((ms % DAY) / HOUR);
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    const parts = [];
    if (days) parts.push(count(words.days, days));
    if (hours) parts.push(count(words.hours, hours));
    if (minutes && !days) parts.push(count(words.minutes, minutes));
    return parts.join(" ") || words.moment;
  }

  // The words for `left` milliseconds, or null where the server's own words stay.
  function say(left, unit) {
    if (left <= 0) return words.overdue.replace("%(span)s", span(-left));
    if (left < DAY) return words.left.replace("%(span)s", span(left));
    if (unit === "working_days") return null;
    const length = unit === "hours" || unit === "minutes" ? count(words.hours, Math.floor(left / HOUR)) : count(words.days, Math.floor(left / DAY));
    return words.left.replace("%(span)s", length);
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "ti");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  // A clock that has come near, or run out, since it was drawn: its tone and its icon follow.
  function follow(clock, left) {
    const state = left <= 0 ? "overdue" : left < DAY ? "soon" : "running";
    if (state === "running" || clock.dataset.clock === state) return;
    const [tone, name] = LOOKS[state];
    clock.dataset.clock = state;
    for (const part of clock.querySelectorAll("[data-tone]")) {
      part.classList.remove("amber", "red");
      part.classList.add(tone);
    }
    const mark = clock.querySelector("[data-clock-icon]");
    if (mark) mark.replaceChildren(icon(name));
  }

  function tick() {
    const moment = now();
    for (const element of document.querySelectorAll("[data-due-at]")) {
      const left = Date.parse(element.dataset.dueAt) - moment;
      const text = say(left, element.dataset.unit);
      if (text && element.textContent !== text) element.textContent = text;
      const clock = element.closest("[data-clock]");
      if (clock) follow(clock, left);
    }
  }

  let isWriting = false;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) isWriting = true;
  });
  const zone = /([+-])(\d\d):(\d\d)$/.exec(document.body.dataset.now || "");
  const offset = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * HOUR + Number(zone[3]) * MINUTE) : 0;
  const dayOf = (moment) => Math.floor((moment + offset) / DAY);
  const drawnOn = dayOf(started);

  function turn() {
    tick();
    const isNewDay = dayOf(now()) !== drawnOn;
    if (isNewDay && !isWriting && !document.hidden && !document.querySelector("dialog[open], [aria-invalid]")) location.reload();
    window.setTimeout(turn, MINUTE - (now() % MINUTE) + 50);
  }
  window.setTimeout(turn, MINUTE - (now() % MINUTE) + 50);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  window.addEventListener("pageshow", (event) => event.persisted && tick());
})();
