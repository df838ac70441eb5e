// The moving parts of every page: dialogs, toasts, the phone's find box, buttons that work only once.
//
// Attributes a page may use:
//   data-open="id"    opens that <dialog>            data-close     closes the dialog it lies in
//   data-light        a dialog that a click beside it closes
//   data-toast        goes by itself after 6 s       data-stay      but not this one
//   data-dismiss      removes the toast it lies in   data-focus     takes the focus when it appears
//   data-busy="…"     what a button says while its form is on its way
// An answer that htmx swaps into #dialog opens it; the event sw:close (HX-Trigger) closes it and empties it.
(() => {
  "use strict";
  const TOAST_MS = 6000;
  const FORM_LOCK_MS = 15000;

  // Dialogs
  function open(dialog) {
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus]");
    if (first) first.focus();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      const around = opener.closest("dialog");
      if (around) around.close();
      open(document.getElementById(opener.dataset.open));
    }
    if (event.target.matches("dialog[data-light]")) event.target.close();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    const dismisser = event.target.closest("[data-dismiss]");
    if (dismisser) dismisser.closest("[data-toast]").remove();
    if (event.target.closest("[data-find-open]")) {
      document.querySelector(".sw-top").classList.add("finding");
      document.querySelector("[data-find]").focus();
    }
  });

  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-find]") && !event.target.value) {
      document.querySelector(".sw-top").classList.remove("finding");
    }
  });

  const dialog = document.getElementById("dialog");
  const touched = (box) =>
    [...box.querySelectorAll("textarea, input:not([type=hidden])")].some((field) =>
      field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
    );

  if (dialog) {
    // Asked for again with something written in it: show it as it was, for Esc keeps what was written.
    document.addEventListener("htmx:beforeRequest", (event) => {
      const { target, requestConfig } = event.detail;
      if (target !== dialog || requestConfig.verb !== "get") return;
      const cases = requestConfig.formData ? requestConfig.formData.getAll("case") : [];
      const from = [requestConfig.path, ...cases].join(" "); // for other cases it is another question
      if (dialog.dataset.from === from && touched(dialog)) {
        event.preventDefault();
        open(dialog);
      } else {
        dialog.dataset.from = from;
      }
    });
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.detail.target === dialog && dialog.firstElementChild) open(dialog);
    });
    document.addEventListener("sw:close", () => {
      dialog.close();
      dialog.replaceChildren();
      delete dialog.dataset.from;
    });
  }

  // Toasts
  function arm(toast) {
    if (toast.hasAttribute("data-stay")) return;
    let timer = 0;
    const start = () => {
      timer = window.setTimeout(() => toast.remove(), TOAST_MS);
    };
    const stop = () => window.clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
    start();
  }

  const toasts = document.getElementById("toasts");
  if (toasts) {
    toasts.querySelectorAll("[data-toast]").forEach(arm);
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) if (node.matches && node.matches("[data-toast]")) arm(node);
      }
    }).observe(toasts, { childList: true });
  }

  // What must be read first takes the focus: at the start, and in what htmx brings
  const focusFirst = (box) => {
    const first = box.querySelector("[data-focus]");
    if (first) first.focus();
  };
  focusFirst(document);
  document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.detail.target));

  // Signing out takes along what the intake form kept in this browser (static/js/intake.js)
  document.addEventListener("submit", (event) => {
    if (!/\/logout\/$/.test(event.target.action)) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith("sw-intake:")) localStorage.removeItem(key);
  });

  // A form is sent once, however often the button is pressed
  function lock(form, button) {
    const buttons = [...form.elements].filter(
      (element) => element.matches("button:not([type=button]), input[type=submit]") && !element.disabled,
    );
    for (const one of buttons) one.disabled = true;
    form.dataset.sending = "";
    let label = null;
    if (button && button.dataset.busy) {
      label = [...button.childNodes];
      button.style.minWidth = `${button.offsetWidth}px`;
      button.replaceChildren(button.dataset.busy);
    }
    return () => {
      for (const one of buttons) one.disabled = false;
      delete form.dataset.sending;
      if (label) button.replaceChildren(...label);
    };
  }

  const unlock = new Map();
  const release = (form) => {
    if (unlock.has(form)) unlock.get(form)();
    unlock.delete(form);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("sending" in form.dataset) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented || (form.getAttribute("method") || "get").toLowerCase() !== "post") return;
    refreshToken(form);
    // After this turn, so that the pressed button's own name and value are still sent.
    window.setTimeout(() => unlock.set(form, lock(form, event.submitter)));
    window.setTimeout(() => release(form), FORM_LOCK_MS);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (!form.matches("form") || event.detail.requestConfig.verb === "get") return;
    const submitted = event.detail.requestConfig.triggeringEvent;
    unlock.set(form, lock(form, submitted && submitted.submitter));
  });
  // The form itself may have been replaced by then; its button in the bar must still come free.
  document.addEventListener("htmx:afterRequest", (event) => release(event.detail.requestConfig.elt));
  window.addEventListener("pageshow", () => [...unlock.keys()].forEach(release));

  // A sign-in in another tab changes the token; the cookie always holds the present one.
  function token() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : "";
  }
  function refreshToken(form) {
    const field = form.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  }
  document.addEventListener("htmx:configRequest", (event) => {
    if (!token()) return;
    event.detail.headers["X-CSRFToken"] = token();
    if (event.detail.formData.has("csrfmiddlewaretoken")) event.detail.formData.set("csrfmiddlewaretoken", token());
  });
})();
