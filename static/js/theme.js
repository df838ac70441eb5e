// Light, dark or as the system: set before the first paint, so that a dark page never flashes white.
// The server writes the reader's choice into <html data-theme>; "auto" is decided here and follows the system.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    const chosen = root.dataset.theme || "auto";
    const next = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
    if (root.dataset.bsTheme === next) return;
    root.dataset.bsTheme = next;
    document.dispatchEvent(new CustomEvent("sw:theme", { detail: next }));
  }

  apply();
  system.addEventListener("change", apply);

  // <form data-theme-form> with buttons named theme: applied at once, and told to the server for the next page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    root.dataset.theme = event.submitter.value;
    apply();
    for (const button of document.querySelectorAll("[data-theme-form] button[name=theme]")) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.value === root.dataset.theme));
    }
    const body = new FormData(form);
    body.set("theme", event.submitter.value);
    fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true });
  });
})();
