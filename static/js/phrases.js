// Puts a standard sentence in its field: at the caret, or in the first empty line where there are several. Without
// scripts the sentences are there to be read and copied.
"use strict";

(() => {
  let last = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("textarea")) last = event.target;
  });

  const fieldFor = (id) => {
    const lines = [...document.querySelectorAll("textarea")].filter((field) => field.id === id || field.id.startsWith(`${id}_`));
    if (lines.length === 1 || lines.includes(last)) return lines.includes(last) ? last : lines[0];
    return lines.find((field) => !field.value.trim()) ?? lines[0];
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-phrase]");
    const field = button && fieldFor(button.dataset.phrase);
    if (!field) return;
    const text = button.closest("li").querySelector("[data-phrase-text]").textContent;
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionEnd);
    const lead = before && !/\s$/.test(before) ? "\n" : "";
    const tail = after && !/^\s/.test(after) ? "\n" : "";
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field.focus();
    field.setRangeText(lead + text + tail, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
