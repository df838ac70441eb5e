// The intake form: its text is kept in this browser at once and on the server after a second of rest; the server is asked who
// complains, which clocks would run and how severe it is; files go up as they come. Keys: Enter is the next field; the
// combinations are data-key attributes (static/js/keys.js).
(() => {
  "use strict";
  const KEEP_MS = 1000;
  const ASK_MS = 250; // after a number; longer after a sentence
  const ASK_TEXT_MS = 800;
  const PREFIX = "sw-intake:";
  const OLD_MS = 24 * 3600 * 1000;
  const PERSONAL = ["phone", "name", "id_number", "email", "address", "account", "principal"];

  const form = () => document.getElementById("intake");
  const field = (name) => form().elements[name];
  const byId = (id) => document.getElementById(id);
  const trigger = (id, name) => byId(id) && htmx.trigger(`#${id}`, name);

  // What is typed, kept in this browser until the server has it
  const slot = () => `${PREFIX}${form().dataset.person}:${field("draft").value}`;
  const typed = () => Object.fromEntries([...new FormData(form())].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string"));
  const preset = () => new Set(form().dataset.preset.split(" ")); // what the form opens with: alone it is no draft
  const says = (values) => Object.entries(values).some(([name, value]) => name !== "draft" && !preset().has(name) && value.trim());
  let kept = "";
  let isChanged = false;

  function keepHere() {
    if (!says(typed())) {
      forgetHere();
      return;
    }
    try {
      localStorage.setItem(slot(), JSON.stringify({ at: Date.now(), typed: typed() }));
    } catch {
      byId("kept").classList.add("amber"); // full or forbidden: the server alone keeps it then
    }
  }
  function forgetHere(key = slot()) {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing was stored either
    }
  }
  function heldHere() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
        const entry = JSON.parse(localStorage.getItem(key));
        if (Date.now() - entry.at > OLD_MS) localStorage.removeItem(key);
        else if (key.startsWith(`${PREFIX}${form().dataset.person}:`)) found.push({ key, entry });
      }
    } catch {
      return [];
    }
    return found;
  }

  let keepTimer = 0;
  function keep() {
    window.clearTimeout(keepTimer);
    if (!form() || "sending" in form().dataset) return;
    kept = JSON.stringify(typed());
    trigger("kept", "keep");
  }
  function changed() {
    if (!isChanged) {
      isChanged = true;
      const address = new URL(location.href);
      address.searchParams.set("draft", field("draft").value);
      history.replaceState(history.state, "", address); // loading again, or signing in again, comes back to it
    }
    keepHere();
    missing();
    window.clearTimeout(keepTimer);
    keepTimer = window.setTimeout(keep, KEEP_MS);
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id !== "kept") return;
    const { xhr } = event.detail;
    const isKept = xhr.status === 200 && new URL(xhr.responseURL).pathname === byId("kept").getAttribute("hx-post");
    byId("kept").classList.toggle("amber", !isKept);
    if (isKept && kept === JSON.stringify(typed())) forgetHere();
    if (!isKept) byId("kept").textContent = byId("kept").dataset.here;
  });
  window.addEventListener("online", () => isChanged && keep());
  // A page of an error is never put in the place of a form.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (!form() || xhr.status < 400 || !/<html/i.test(xhr.responseText.slice(0, 500))) return;
    event.detail.shouldSwap = false;
    if (xhr.status === 400) byId("notice").replaceChildren(byId("notice-failed").content.cloneNode(true));
  });

  // Asking the server
  let askTimer = 0;
  const ask = (delay) => {
    window.clearTimeout(askTimer);
    askTimer = window.setTimeout(() => trigger("known", "ask"), delay);
  };
  // What deadlines depend on, beside the time of receipt; of a name with a list, what was chosen counts
  const WEIGHED = new Set(["channel", "severity", "referred_by", "alleges_violation", "product"]);
  const CHOSEN = new Set(["unit_text", "cause_text"]);
  let reckonTimer = 0;
  function reckon() {
    window.clearTimeout(reckonTimer);
    reckonTimer = window.setTimeout(() => form() && htmx.trigger("#id_received_at", "ask"), ASK_MS);
  }
  const isNumber = (target) => ["phone", "id_number", "claimed_amount"].includes(target.name);

  document.addEventListener("input", (event) => {
    const { target } = event;
    if (!form() || target.form !== form() || target.type === "file") return;
    if (target.name === "phone" || target.name === "id_number") rejected.delete(target.value);
    if (target.dataset.ask) ask(isNumber(target) ? ASK_MS : ASK_TEXT_MS);
    if (target.name === "channel" || target.name === "kind") unfold();
    if (target.name === "severity") decidedOn = suggested();
    if (WEIGHED.has(target.name)) reckon();
    changed();
  });
  document.addEventListener("picked", () => {
    ask(0);
    reckon();
    changed();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.form && event.target.form === form() && keepTimer && isChanged && kept !== JSON.stringify(typed())) keep();
  });

  // Fields that belong to one channel, or to an agent
  function unfold() {
    for (const box of form().querySelectorAll("[data-for-channel]")) box.hidden = box.dataset.forChannel !== field("channel").value;
    for (const box of form().querySelectorAll("[data-for-kind]")) box.hidden = box.dataset.forKind !== field("kind").value;
    const idType = field("id_type");
    if (!field("id_number").value && !field("same_as").value) idType.value = field("kind").value === "firm" ? "credit_code" : "id_card";
  }

  // Somebody found: the fields are filled with the masked texts; what was typed comes back with “Somebody else”
  const rejected = new Set();
  let before = null;
  function pick(button) {
    before = Object.fromEntries(["kind", "id_type", ...PERSONAL].map((name) => [name, field(name).value]));
    field("same_as").value = button.dataset.pick;
    if (button.dataset.kind && button.dataset.kind !== "unknown") field("kind").value = button.dataset.kind;
    if (button.dataset.id_type) field("id_type").value = button.dataset.id_type;
    for (const name of PERSONAL) {
      const masked = button.getAttribute(`data-${name}`);
      if (masked || name === "phone") field(name).value = masked;
    }
    unfold();
    changed();
    ask(0);
  }
  function unpick() {
    rejected.add(before ? before.phone : "").add(before ? before.id_number : "");
    field("same_as").value = "";
    for (const name of ["kind", "id_type", ...PERSONAL]) {
      if (before) field(name).value = before[name];
      else if (field(name).value.includes("**")) field(name).value = "";
    }
    before = null;
    unfold();
    changed();
    ask(0);
    field("name").focus();
  }
  function pickAlone() {
    const button = byId("found") && byId("found").querySelector("[data-pick][data-alone]");
    const isFree = !field("name").value && (!field("id_number").value || !field("phone").value);
    const number = field("phone").value || field("id_number").value;
    if (!button || !isFree || rejected.has(number)) return;
    const typing = document.activeElement;
    if (typing === field("phone") || typing === field("id_number")) typing.addEventListener("blur", pickAlone, { once: true });
    else pick(button);
  }

  // The address says which day it was received; the server's clock, not this computer's, says what now is
  const skew = Date.parse(document.body.dataset.now) - Date.now();
  const zone = /([+-])(\d\d):(\d\d)$/.exec(document.body.dataset.now || "");
  const offset = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60000 : 0;
  function receive(daysAgo) {
    const local = new Date(Date.now() + skew + offset - daysAgo * 86400000);
    field("received_at").value = local.toISOString().slice(0, 16);
    htmx.trigger("#id_received_at", "ask");
    changed();
  }

  // What is missing, named in the bar, with a link to each; and what the solid button will do
  let decidedOn = ""; // the suggestion that stood there when the clerk decided how severe it is
  const suggested = () => byId("suggestion").querySelector("[data-suggested]").dataset.suggested;
  function wanted() {
    const found = [...form().querySelectorAll("[data-missing]")]
      .filter((one) => (one.type === "checkbox" ? !one.checked : !one.value.trim()))
      .map((one) => ({ at: one, words: one.dataset.missing }));
    const box = byId("suggestion");
    const severity = field("severity").value;
    if (decidedOn !== suggested() && suggested() !== "ordinary" && severity === "ordinary") {
      found.push({ at: form().querySelector("input[name=severity]:checked"), words: box.dataset.undecided });
    }
    return found;
  }
  function missing() {
    const bar = byId("missing");
    if (isHeld) {
      bar.textContent = bar.dataset.files;
      return;
    }
    const found = wanted();
    const doesAdd = field("repeat") && field("repeat").value === "add";
    const save = byId("save"); // not there while the button says that it is busy
    if (save) save.textContent = doesAdd ? save.dataset.add : save.dataset.register;
    bar.replaceChildren();
    if (!found.length) return;
    bar.append(`${bar.dataset.words.replace("{count}", String(found.length))} `);
    found.forEach(({ at, words }, index) => {
      const link = document.createElement("a");
      link.href = `#${at.id}`;
      link.className = "amber text-decoration-underline";
      link.textContent = words;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        at.focus();
      });
      bar.append(...(index ? [bar.dataset.between, link] : [link]));
    });
  }

  // Files. Save waits for those that are on their way, so that none is left behind
  let onTheirWay = 0;
  let isHeld = false;
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form() || !onTheirWay) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // before htmx hears of it
      isHeld = true;
      missing();
    },
    true,
  );
  function arrived(isTaken) {
    onTheirWay -= 1;
    const wasHeld = isHeld;
    if (!isTaken || !onTheirWay) isHeld = false; // a file that was not taken is for the clerk to see first
    if (wasHeld && !isHeld) {
      missing();
      if (isTaken) form().requestSubmit(byId("save").closest("button"));
    }
  }
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || field("csrfmiddlewaretoken").value;
  async function send(file) {
    const input = byId("file");
    const hint = byId("file-hint");
    const words = input.dataset;
    hint.textContent = words.sending.replace("{name}", file.name);
    const body = new FormData();
    body.append("draft", field("draft").value);
    body.append("file", file, file.name);
    try {
      const answer = await fetch(words.url, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "manual" });
      if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
      byId("files").innerHTML = await answer.text();
      hint.textContent = words.words;
      return answer.status === 200;
    } catch {
      hint.textContent = words.lost.replace("{name}", file.name);
      return false;
    }
  }
  async function sendAll(files) {
    onTheirWay += files.length;
    for (const file of files) arrived(await send(file));
    if (files.length) changed();
  }
  function toggleFile(box, isOff) {
    const gone = new Set(field("left_out").value.split(" ").filter(Boolean));
    if (isOff) gone.add(box.dataset.file);
    else gone.delete(box.dataset.file);
    field("left_out").value = [...gone].join(" ");
    box.classList.toggle("maybe", isOff);
    box.querySelector("[data-file-off]").hidden = isOff;
    box.querySelector("[data-file-back]").hidden = !isOff;
    box.querySelector(isOff ? "[data-file-back]" : "[data-file-off]").focus();
    changed();
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (!form()) return;
    if (on("[data-files]")) byId("file").click();
    else if (on("[data-received]")) receive(Number(on("[data-received]").dataset.received));
    else if (on("[data-pick]")) pick(on("[data-pick]"));
    else if (on("[data-unpick]")) unpick();
    else if (on("[data-keep]")) keep();
    else if (on("[data-file-off]")) toggleFile(on("[data-file]"), true);
    else if (on("[data-file-back]")) toggleFile(on("[data-file]"), false);
    else if (on("[data-take-suggestion]")) {
      byId("suggestion").querySelectorAll("[data-suggested]").forEach((one) => (field("severity").value = one.dataset.suggested));
      decidedOn = suggested();
      reckon();
      changed();
    } else if (on("[data-more]")) {
      const button = on("[data-more]");
      byId("more").hidden = !byId("more").hidden;
      button.setAttribute("aria-expanded", String(!byId("more").hidden));
      if (!byId("more").hidden) field("email").focus();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "file") {
      sendAll([...event.target.files]);
      event.target.value = "";
    } else if (form() && event.target.form === form()) {
      if (CHOSEN.has(event.target.name)) reckon();
      changed();
    }
  });
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!form() || !files.length) return;
    event.preventDefault();
    sendAll(files);
  });
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!form() || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault(); // a file dropped beside the form must not replace the page
      if (name === "drop") sendAll([...event.dataTransfer.files]);
    });
  }

  // Enter goes to the next field
  const stops = () =>
    [...form().querySelectorAll("input, select, textarea, [data-files]")].filter(
      (one) => one.tabIndex >= 0 && one.type !== "hidden" && !one.disabled && one.getClientRects().length > 0 && (one.type !== "radio" || one.checked),
    );
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!form() || !form().contains(event.target) || event.target.matches("textarea, button, a, summary")) return;
    event.preventDefault();
    const all = stops();
    const next = all[all.indexOf(event.target) + 1];
    if (next) next.focus();
  });

  // Alt+digit (on Linux desktops Alt+Shift+digit) changes the channel, and the hand stays where it was
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.altKey || event.ctrlKey || event.metaKey || !form()) return;
    const digit = /^Digit([1-9])$/.exec(event.code);
    const radio = digit && form().querySelector(`[data-channel-key="${digit[1]}"]`);
    if (!radio || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // After the server has spoken
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!form()) return;
    if (event.target.id === "known") {
      pickAlone();
      missing();
    }
    if (byId("late-entry") && byId("late")) {
      const isShown = field("late_entry_reason").value || byId("late").querySelector(".invalid-feedback");
      byId("late").hidden = !byId("late-entry").dataset.late && !isShown;
    }
    if (event.target.id === "intake") {
      const first = form().querySelector("[data-focus]");
      if (first) first.focus();
      missing();
    }
  });
  // Registered: the browser's copy goes. Signing out: every copy goes.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.target.id === "intake" && event.detail.xhr.getResponseHeader("HX-Redirect")) {
      window.clearTimeout(keepTimer);
      forgetHere();
    }
  });
  // On its way the form stands still, so that nothing is typed into a form that is about to be replaced
  let hand = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "intake") return;
    window.clearTimeout(keepTimer);
    keepHere();
    hand = document.activeElement;
    form().inert = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = event.detail.requestConfig;
    if (elt.id !== "intake" || event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    elt.inert = false;
    if (event.detail.xhr.status === 422) forgetHere(); // sent back with what is wrong: the server keeps it as a draft
    if (hand && hand.isConnected) hand.focus();
  });

  function restore(values) {
    field("is_summary_confirmed").checked = false;
    field("alleges_violation").checked = false;
    for (const [name, value] of Object.entries(values)) {
      const one = field(name);
      if (!one || name === "draft") continue;
      if (one.type === "checkbox") one.checked = true;
      else one.value = value;
    }
    unfold();
    htmx.trigger("#id_received_at", "ask");
    ask(0);
    changed();
  }
  window.addEventListener("DOMContentLoaded", () => {
    if (!form()) return;
    const held = heldHere();
    const own = held.find(({ key }) => key === slot());
    // One that the server lists is found there, and newer words come back with it.
    const draftOf = (key) => key.slice(key.lastIndexOf(":") + 1);
    const other = held.find(({ key, entry }) => key !== slot() && says(entry.typed) && !document.querySelector(`[data-draft="${draftOf(key)}"]`));
    if (own) restore(own.entry.typed);
    else if (other && !new URL(location.href).searchParams.has("draft")) {
      const link = document.querySelector("[data-left-link]");
      link.href = `${link.getAttribute("href")}?draft=${draftOf(other.key)}`;
      byId("left-here").hidden = false;
    }
    missing();
  });
})();
