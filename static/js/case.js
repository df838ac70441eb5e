// The case page and the proof of a deadline: writing, copying, printing, and what is shown in full for one minute only.
//
//   form[data-compose="reference"]   one text for a note or for the customer; kept in the tab until it is saved
//   [data-shown="60"][data-masked]   a sealed field shown in full: masked again after so many seconds, or when one leaves
//   [data-copy="#id"][data-copied]   copies the text of an element and says so
//   [data-print]                     opens the print dialog
(() => {
  "use strict";

  // Writing. Opens on the note; the other way is only a switch, and the text stays.
  const form = document.querySelector("form[data-compose]");
  if (form) {
    const body = form.elements.body;
    const store = `compose:${form.dataset.compose}`;
    const ground = form.querySelector("[data-compose-ground]");
    const choice = form.querySelector("[data-compose-switch]");

    const show = (to) => {
      for (const label of form.querySelectorAll("[data-compose-label]")) label.hidden = label.dataset.composeLabel !== to;
      for (const button of form.querySelectorAll("[data-compose-send]")) {
        button.hidden = button.dataset.composeSend !== to;
        if (button.hidden) delete button.dataset.key;
        else button.dataset.key = "ctrl+enter";
      }
      ground.classList.toggle("sw-inside", to === "note");
      ground.classList.toggle("sw-said", to !== "note");
    };
    if (choice) {
      choice.hidden = false;
      choice.addEventListener("change", (event) => {
        show(event.target.value);
        body.focus();
      });
    }
    show("note");

    try {
      body.value = body.value || sessionStorage.getItem(store) || "";
      body.addEventListener("input", () => sessionStorage.setItem(store, body.value));
      // Saved: the server answers with the way back to the case.
      document.addEventListener("htmx:beforeOnLoad", (event) => {
        const { xhr, requestConfig } = event.detail;
        const isSaved = xhr.getResponseHeader("HX-Redirect") && /\/(note|respond)\/$/.test(requestConfig.path);
        if (isSaved) sessionStorage.removeItem(store);
      });
      document.addEventListener("submit", (event) => {
        if (/\/accounts\/logout\/$/.test(event.target.action)) sessionStorage.clear();
      });
    } catch {
      // No storage: the text lives in the page alone.
    }
  }

  // Shown in full for a minute, by the clock of this window, with or without a connection.
  const hide = (box) => {
    box.removeAttribute("data-shown");
    box.textContent = box.dataset.masked;
  };
  const watch = (root) => {
    for (const box of root.querySelectorAll("[data-shown]:not([data-watched])")) {
      box.dataset.watched = "";
      box.querySelector("[data-focus]").focus();
      window.setTimeout(hide, Number(box.dataset.shown) * 1000, box);
    }
  };
  document.addEventListener("htmx:oobAfterSwap", () => watch(document));
  document.addEventListener("htmx:afterSettle", () => watch(document));
  window.addEventListener("pagehide", () => document.querySelectorAll("[data-shown]").forEach(hide));

  // Copying and printing
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-print]")) {
      for (const more of document.querySelectorAll("main details")) more.open = true;
      window.print();
    }
    const copier = event.target.closest("[data-copy]");
    if (!copier) return;
    const source = document.querySelector(copier.dataset.copy);
    const text = source.textContent.replace(/\s+/g, " ").replace(/([。，；：]) /g, "$1").trim();
    const label = [...copier.childNodes];
    try {
      await navigator.clipboard.writeText(text);
      copier.style.minWidth = `${copier.offsetWidth}px`;
      copier.replaceChildren(copier.dataset.copied);
      window.setTimeout(() => copier.replaceChildren(...label), 2000);
    } catch {
      // Copying is not allowed here: select it, so that Ctrl+C does it.
      window.getSelection().selectAllChildren(source);
    }
  });
})();
