// Pages that follow a séance. What is being typed is never overwritten, an answer that is not this page is never
// swapped in, and a lost link is said.
"use strict";

(() => {
  const lost = document.getElementById("lien-perdu");
  let sending = null;

  const isTyped = (form) =>
    [...form.elements].some((field) =>
      field.matches("input[type=radio], input[type=checkbox]")
        ? field.checked !== field.defaultChecked
        : field.matches("textarea, input:not([type=hidden])") && field.value !== field.defaultValue,
    );

  document.addEventListener("htmx:before:request", (event) => {
    sending = event.target.closest("form[method=post]") ?? sending;
  });

  // What htmx asks while it changes a page goes to its extensions alone: no event says it.
  htmx.registerExtension("seance", {
    htmx_before_morph_node: (node) => !(node.matches?.("form[data-keep]") && node !== sending && isTyped(node)),
    // A fold that the reader opened stays open.
    htmx_before_morph_attr: (_node, { attrName }) => attrName !== "open",
  });

  // The next step of a ballot is read from its top.
  const phaseOf = () => document.querySelector("[data-phase]")?.dataset.phase;
  let phase = phaseOf();

  document.addEventListener("htmx:before:swap", (event) => {
    const { text, response, sourceElement } = event.detail.ctx;
    if (!text) return;
    const expected = sourceElement?.matches("[data-alone]") ? sourceElement.id : "veille";
    // The person was signed out or may no longer follow this séance: let the browser show why.
    if (!text.includes(`id="${expected}"`)) {
      event.preventDefault();
      window.location.reload();
    } else if (response.status < 400) {
      if (sending?.matches("[data-reset]")) {
        sending.reset();
        const fold = sending.closest("details");
        if (fold) fold.open = false;
      }
    }
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement?.id !== "veille") sending = null;
    if (phaseOf() !== phase) {
      phase = phaseOf();
      document.getElementById("scrutin")?.scrollTo(0, 0);
    }
  });
  document.addEventListener("htmx:error", () => {
    if (lost) lost.hidden = false;
  });
  document.addEventListener("htmx:after:request", () => {
    if (lost) lost.hidden = true;
  });
})();
