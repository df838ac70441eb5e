// The keyboard. Any link, button or field may carry data-key: "r", "g w" (one after the other), "ctrl+enter", "alt+1".
//   data-row-url on one of them: pressed while it is out of sight (nothing is chosen), it asks for the current row
//   ? the list of keys   / find   J K next and previous [data-row]   X its checkbox   Enter opens it
// Letters are dead inside fields, while an input method is composing, and where <body data-keys="off">; combinations
// with Ctrl or Alt work everywhere. Alt+Shift is taken for Alt: Linux browsers keep Alt+digit for themselves.
(() => {
  "use strict";
  const SEQUENCE_MS = 1200;
  const QUIET = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range]";
  let first = "";
  let timer = 0;

  const isField = (target) =>
    target.isContentEditable || target.matches("textarea, select") || (target.matches("input") && !target.matches(QUIET));
  const isVisible = (element) => element.getClientRects().length > 0;
  const scope = () => document.querySelector("dialog[open]") || document;

  function press(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) return event.key.length === 1 ? event.key.toLowerCase() : "";
    const code = /^(?:Key|Digit)(.)$/.exec(event.code);
    const key = event.altKey && code ? code[1].toLowerCase() : event.key.toLowerCase();
    if (event.altKey) return event.ctrlKey || event.metaKey ? "" : `alt+${key}`;
    return `ctrl+${event.shiftKey ? "shift+" : ""}${key}`;
  }

  function find(key) {
    const usable = (element) =>
      element.dataset.key === key && isVisible(element) && !element.disabled && element.getAttribute("aria-disabled") !== "true";
    const form = document.activeElement && document.activeElement.closest("form");
    const near = form && key.includes("+") ? [...form.querySelectorAll("[data-key]")].find(usable) : null;
    return near || [...scope().querySelectorAll("[data-key]")].find(usable);
  }

  function use(element) {
    if (isField(element)) element.focus();
    else element.click();
  }

  // Rows
  let last = null;
  function currentRow(rows) {
    const focused = document.activeElement && document.activeElement.closest("[data-row]");
    if (focused) return focused;
    return rows.find((row) => row === last || (last && row.dataset.row && row.dataset.row === last.dataset.row)) || null;
  }
  const linkOf = (row) => (row.matches("a") ? row : row.querySelector("a[href]"));

  function move(step) {
    const rows = [...scope().querySelectorAll("[data-row]")].filter(isVisible);
    if (!rows.length) return false;
    const at = rows.indexOf(currentRow(rows));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    document.querySelectorAll(".sw-current").forEach((row) => row.classList.remove("sw-current"));
    next.classList.add("sw-current");
    last = next;
    const link = linkOf(next);
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function onRow(act) {
    const rows = [...scope().querySelectorAll("[data-row]")].filter(isVisible);
    const row = currentRow(rows);
    return Boolean(row) && act(row);
  }
  function select(row) {
    const box = row.querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  }
  function ask(address, row) {
    const url = `${address}?${new URLSearchParams({ case: row.dataset.row })}`;
    if (window.htmx) window.htmx.ajax("GET", url, { target: "#dialog" });
    else window.location.assign(url);
    return true;
  }
  function openRow(row) {
    if (document.activeElement.matches("a, button, summary")) return false;
    const link = linkOf(row);
    if (link) link.click();
    return Boolean(link);
  }

  function general(key) {
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    if (key === "x") return onRow(select);
    const deed = [...scope().querySelectorAll("[data-row-url]")].find((one) => one.dataset.key === key);
    if (deed) return onRow((row) => ask(deed.dataset.rowUrl, row));
    if (key === "/") {
      const field = [...document.querySelectorAll("[data-find]")].find(isVisible);
      const opener = document.querySelector("[data-find-open]");
      if (field) {
        field.focus();
        field.select();
      } else if (opener) opener.click();
      return Boolean(field || opener);
    }
    if (key === "?") {
      const list = document.getElementById("shortcuts");
      if (list && !list.open) list.showModal();
      return Boolean(list);
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.key === "Escape" && event.target.matches("[data-find]")) event.target.blur();
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.target.matches("[data-row], [data-row] input[type=checkbox]") && onRow(openRow)) event.preventDefault();
      return;
    }
    const key = press(event);
    if (!key) return;
    const isLetter = !key.includes("+") || key === "+";
    if (isLetter && (isField(event.target) || document.body.dataset.keys === "off")) return;
    const sequence = isLetter && first ? `${first} ${key}` : "";
    const element = (sequence && find(sequence)) || find(key);
    first = "";
    window.clearTimeout(timer);
    if (element) {
      use(element);
      event.preventDefault();
    } else if (isLetter && general(key)) {
      event.preventDefault();
    } else if (key === "g") {
      first = key;
      timer = window.setTimeout(() => (first = ""), SEQUENCE_MS);
    }
  });
})();
