// What htmx does with an answer that is not a plain 200. Nothing the reader wrote is ever replaced by an error.
//
//   400, 422  the form again, with its errors: swapped where it belongs
//   401, or a redirect to the sign-in page: the page says so and keeps the text
//   403, 404, 409  a fragment goes into the page's notice (or the open dialog's); a whole page is said in our own words
//   5xx, no answer  said in our own words
// A request of an element with data-background (a poll) never speaks up, except that the reader was signed out.
(() => {
  "use strict";
  const OWN_WORDS = { 403: "refused", 404: "gone", 409: "stale" };

  // The place to speak: inside the open dialog, whose page is out of reach, or at the top of the page.
  function place() {
    const body = document.querySelector("dialog[open] .modal-body");
    if (!body) return document.getElementById("notice");
    let box = body.querySelector(":scope > [data-notice]");
    if (!box) {
      box = document.createElement("div");
      box.dataset.notice = "";
      box.setAttribute("role", "alert");
      body.prepend(box);
    }
    return box;
  }

  function say(kind) {
    const words = document.getElementById(`notice-${kind}`);
    const box = place();
    if (!words || !box || box.dataset.kind === kind) return;
    box.replaceChildren(words.content.cloneNode(true));
    box.dataset.kind = kind;
    box.scrollIntoView({ block: "nearest" });
  }

  function hush(...kinds) {
    for (const box of document.querySelectorAll("#notice, [data-notice]")) {
      if (kinds.length && !kinds.includes(box.dataset.kind)) continue;
      box.replaceChildren();
      delete box.dataset.kind;
    }
  }

  const isPoll = (event) => Boolean(event.detail.elt && event.detail.elt.closest("[data-background]"));

  function isSignedOut(xhr) {
    const login = document.body.dataset.login;
    if (xhr.status === 401) return true;
    return Boolean(login && xhr.responseURL && new URL(xhr.responseURL).pathname === login && location.pathname !== login);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (isSignedOut(xhr)) {
      event.detail.shouldSwap = false;
      event.detail.isError = false;
      say("signed-out");
      return;
    }
    if (xhr.status === 400 || xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      hush();
      return;
    }
    if (!(xhr.status in OWN_WORDS)) return;
    event.detail.isError = false;
    if (isPoll(event)) return;
    const isPage = /<html|^\s*[{[]/i.test(xhr.responseText.slice(0, 500)) || !xhr.responseText.trim();
    if (isPage) {
      event.detail.shouldSwap = false;
      say(OWN_WORDS[xhr.status]);
    } else {
      hush();
      event.detail.target = place();
      event.detail.swapOverride = "innerHTML show:none";
      event.detail.shouldSwap = true;
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    if (!isPoll(event)) say("failed");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!isPoll(event)) say("offline");
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 200 || xhr.status >= 400 || isSignedOut(xhr)) return;
    if (isPoll(event)) hush("offline", "signed-out");
    else hush();
  });
  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("online", () => hush("offline"));
})();
