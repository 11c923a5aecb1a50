// The order of an agenda by dragging the number of a row, and with Alt and the arrows on the row that holds the focus.
// Both post the form of « Monter » and « Descendre »: without this script nothing is lost.
"use strict";

(() => {
  const list = document.querySelector("[data-reorder]");
  if (!list) return;
  const rows = [...list.querySelectorAll("li[data-rank]")];
  let carried = null;

  const send = (row, to) => {
    const form = row.querySelector("form[data-move]");
    const rank = document.createElement("input");
    Object.assign(rank, { type: "hidden", name: "to", value: to });
    form.append(rank);
    form.submit();
  };
  const mark = (target) => rows.forEach((row) => row.classList.toggle("plan-target", row === target));

  for (const row of rows) {
    const handle = row.querySelector(".plan-rank");
    handle.draggable = true;
    handle.title = "Glissez pour changer l’ordre";
    handle.addEventListener("dragstart", (event) => {
      carried = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.rank);
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener("dragend", () => {
      carried = null;
      mark(null);
    });
    row.addEventListener("dragover", (event) => {
      if (!carried || carried === row) return;
      event.preventDefault();
      mark(row);
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (carried && carried !== row) send(carried, row.dataset.rank);
    });
  }

  list.addEventListener("keydown", (event) => {
    const to = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const row = event.target.closest("li[data-rank]");
    if (!event.altKey || !to || !row) return;
    event.preventDefault();
    row.querySelector(`button[name=to][value=${to}]`)?.click();
  });
})();
