// A field with a list (templates/complaints/_intake_picker.html). Typing asks the server; ↓ opens the whole list, ↑ ↓ move,
// Enter takes, → goes one level down, Esc closes. What is chosen is sent by its code; typing again forgets the code.
(() => {
  "use strict";
  const parts = (node) => {
    const box = node.closest("[data-picker]");
    return box && {
      box,
      text: box.querySelector("[role=combobox]"),
      code: box.querySelector("input[type=hidden]"),
      list: box.querySelector(".sw-pick"),
      hint: box.querySelector("[data-picked]"),
    };
  };
  const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];
  const current = (list) => list.querySelector("[role=option][aria-selected=true]");
  const isOpen = ({ list }) => list.classList.contains("show");

  // The list ends above the bar at the foot of the window, and scrolls in itself.
  function fit({ list }) {
    const foot = document.querySelector(".sw-foot");
    const end = foot ? Math.min(foot.getBoundingClientRect().top, window.innerHeight) : window.innerHeight;
    list.style.setProperty("--room", `${Math.floor(end - list.getBoundingClientRect().top - 8)}px`);
  }
  function open({ text, list }) {
    list.classList.add("show");
    fit({ list });
    text.setAttribute("aria-expanded", "true");
    point({ text, list }, current(list));
  }
  function close({ text, list }) {
    list.classList.remove("show");
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }
  function point({ text, list }, option) {
    for (const one of optionsOf(list)) one.setAttribute("aria-selected", String(one === option));
    if (!option) return;
    text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function take(picker, option) {
    const { box, text, code, hint } = picker;
    text.value = option.dataset.name;
    code.value = option.dataset.code;
    if (hint && box.dataset.picker === "cause") hint.textContent = option.dataset.trail;
    close(picker);
    text.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  }
  function move(picker, step) {
    const options = optionsOf(picker.list);
    if (!options.length) return;
    const at = options.indexOf(current(picker.list));
    point(picker, options[(at + step + options.length) % options.length]);
  }
  const atEnd = (text) => text.selectionStart === text.value.length && text.selectionEnd === text.value.length;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("[role=combobox]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const picker = parts(event.target);
    const option = current(picker.list);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen(picker)) move(picker, event.key === "ArrowDown" ? 1 : -1);
      else htmx.trigger(event.target, "look");
    } else if (!isOpen(picker)) {
      return;
    } else if (event.key === "Enter" && option) {
      take(picker, option);
    } else if (event.key === "Escape") {
      close(picker);
    } else if (event.key === "ArrowRight" && option && picker.box.dataset.picker === "cause" && atEnd(event.target)) {
      htmx.ajax("POST", event.target.getAttribute("hx-post"), { target: picker.list, swap: "innerHTML", values: { under: option.dataset.code } });
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[role=combobox]")) return;
    const { box, code, hint } = parts(event.target);
    code.value = "";
    if (hint && box.dataset.picker === "cause") hint.textContent = "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    if (!target.matches(".sw-pick")) return;
    const picker = parts(target);
    if (document.activeElement === picker.text && (picker.code.value === "" || optionsOf(target).length)) open(picker);
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(".sw-pick")) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest(".sw-pick [role=option]");
    if (option) take(parts(option), option);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[role=combobox]")) close(parts(event.target));
  });
})();
