// The console: one key per act, and the time spent on the current item.
"use strict";

(() => {
  const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target)) {
      // Escape gives the keys back to the console; what was typed stays in the field.
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "?") {
      const sheet = document.getElementById("raccourcis");
      sheet.open = !sheet.open;
      sheet.querySelector("summary").focus();
      return;
    }
    const wanted = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === event.key.toLowerCase() && !element.disabled,
    );
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("input, textarea, select")) wanted.focus();
    else wanted.click();
  });

  const twoDigits = (value) => String(value).padStart(2, "0");

  const show = (timer) => {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dataset.startedAt)) / 1000));
    const planned = Number(timer.dataset.minutes) * 60;
    const over = seconds >= planned;
    const progress = timer.querySelector("progress");
    timer.querySelector(".timer-value").textContent = `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
    progress.hidden = false;
    progress.value = Math.min(100, (seconds / planned) * 100);
    if (over && !timer.classList.contains("timer-over")) {
      timer.classList.add("timer-over");
      timer.querySelector(".timer-note").textContent = "temps écoulé";
    }
  };

  const tick = () => {
    for (const timer of document.querySelectorAll("[data-started-at]")) show(timer);
  };
  tick();
  window.setInterval(tick, 1000);

  document.addEventListener("htmx:after:swap", tick);
})();
