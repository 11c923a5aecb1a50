// Small comforts on top of pages that work without any script. Everything is found by a data attribute.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A refused form: bring the summary of errors under the reader's eyes.
  document.querySelector("[data-focus]")?.focus();

  // The navigation may be scrolled sideways on a phone: show the current page in it.
  document.querySelector(".main-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // So are the tabs; their box is scrolled by hand, the page itself must not move.
  for (const tab of all(".tabs [aria-current]")) {
    const box = tab.closest(".tabs");
    box.scrollLeft = tab.offsetLeft - box.offsetLeft - (box.clientWidth - tab.offsetWidth) / 2;
  }

  // Password fields: the button exists only where it can work.
  for (const button of all("[data-show-password]")) {
    const input = document.getElementById(button.dataset.showPassword);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Afficher" : "Masquer";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }

  // Menus close on Escape and when one clicks or tabs elsewhere.
  const closeMenus = (except) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A field that only matters for one answer: data-reveal="name=value" shows it for that answer alone.
  const reveal = () => {
    for (const zone of all("[data-reveal]")) {
      const [name, value] = zone.dataset.reveal.split("=");
      const form = zone.closest("form");
      const data = form ? new FormData(form).getAll(name) : [];
      zone.hidden = !data.includes(value);
    }
  };
  document.addEventListener("change", reveal);
  reveal();

  // Forms that hold a text: say that it is not saved, and ask before leaving.
  let unsaved = false;
  for (const form of all("form[data-unsaved]")) {
    const hint = form.querySelector(".unsaved");
    form.addEventListener("input", () => {
      unsaved = true;
      if (hint) hint.hidden = false;
    });
    form.addEventListener("submit", () => {
      unsaved = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  // A second click on the same button must not send the form again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // htmx keeps its own count of what is in flight.
    if (form.matches("[hx-post]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });

  // Print buttons, and sources that must be readable on paper.
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  window.addEventListener("beforeprint", () => {
    for (const fold of all("details.fold:not([open], .timeline-table)")) {
      fold.open = true;
      fold.dataset.openedForPrint = "1";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of all("details[data-opened-for-print]")) {
      fold.open = false;
      delete fold.dataset.openedForPrint;
    }
  });
})();
