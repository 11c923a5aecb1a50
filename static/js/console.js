// The console: one key per act, the focus where the next act is, and the time spent on the current item.
"use strict";

(() => {
  const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const shown = (element) => element.checkVisibility() && !element.disabled;
  const FIELDS = "input:not([type=hidden]), select, textarea, button";

  // What comes next: a field that a refusal points at, else the act that the page proposes.
  const nextAct = () => {
    const places = ["[data-focus-field]", "[data-first]", "[data-next]"].map((each) => document.querySelectorAll(each));
    const found = places.flatMap((list) => [...list]).find(shown);
    return found?.matches("form") ? (found.querySelector("input:checked") ?? found.querySelector(FIELDS)) : found;
  };
  const goOn = () => nextAct()?.focus();
  if (!location.hash && !document.querySelector("[data-focus]")) goOn();

  const act = (element) => {
    if (element.matches("summary")) {
      const fold = element.parentElement;
      fold.open = true;
      [...fold.querySelectorAll(FIELDS)].find(shown)?.focus();
    } else if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  };

  // A seat is called by its number; with ten seats or more a first digit waits for a second one.
  let digits = "";
  let waiting = 0;
  const call = () => {
    const seat = document.querySelector(`[data-seat="${Number(digits)}"]`);
    digits = "";
    if (seat) act(seat);
  };
  const callSeat = (digit) => {
    window.clearTimeout(waiting);
    digits += digit;
    const more = [...document.querySelectorAll("[data-seat]")].some((seat) => Number(seat.dataset.seat) >= Number(digits) * 10);
    if (more && digits.length < 2 && digits !== "0") waiting = window.setTimeout(call, 600);
    else call();
  };

  document.addEventListener("keydown", (event) => {
    // A key held down must not carry out one act after the other.
    if (event.repeat && event.key === "Enter" && !event.target.closest("textarea")) event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target)) {
      // Escape gives the keys back to the console; what was typed stays in the field.
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "?") {
      const sheet = document.getElementById("raccourcis");
      if (!sheet) return;
      sheet.open = !sheet.open;
      sheet.querySelector("summary").focus();
      return;
    }
    if (/^\d$/.test(event.key)) {
      // The list that takes the focus must not take the digit for the first letter of a word.
      event.preventDefault();
      callSeat(event.key);
      return;
    }
    const wanted = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === event.key.toLowerCase() && shown(element),
    );
    if (!wanted) return;
    event.preventDefault();
    act(wanted);
  });

  // In a long agenda the case on the page stays in sight.
  const keepInSight = () => {
    const current = document.querySelector(".agenda [aria-current]");
    const list = current?.closest(".agenda");
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const above = current.getBoundingClientRect().top - list.getBoundingClientRect().top + list.scrollTop;
    list.scrollTop = above - list.clientHeight / 3;
  };
  keepInSight();

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

  // After an act of ours the focus goes to the next one; a page that only follows leaves it where it is.
  const acts = new WeakSet();
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.closest("form[method=post]")) acts.add(event.detail.ctx);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    tick();
    if (acts.has(event.detail.ctx)) goOn();
  });
})();
