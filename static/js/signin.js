// The sign-in page: a hint while the capitals are locked, and a look at the password one typed.
(() => {
  "use strict";
  const hint = document.querySelector("[data-caps]");
  const look = (event) => {
    if (hint && event.getModifierState) hint.hidden = !event.getModifierState("CapsLock");
  };
  document.addEventListener("keydown", look);
  document.addEventListener("keyup", look);

  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const isShown = field.type === "text";
      field.type = isShown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!isShown));
      field.focus();
    });
  }
})();
