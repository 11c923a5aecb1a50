// Pages that follow a séance: an answer that is not this page is never swapped in, and a lost link is said.
"use strict";

(() => {
  const watch = document.getElementById("veille");
  const lost = document.getElementById("lien-perdu");
  if (!watch) return;

  const say = (broken) => {
    if (lost) lost.hidden = !broken;
  };

  // The person was signed out or may no longer read this séance: let the browser show why.
  document.addEventListener("htmx:before:swap", (event) => {
    const text = event.detail.ctx.text ?? "";
    if (text && !text.includes('id="veille"')) {
      event.preventDefault();
      window.location.reload();
    }
  });
  document.addEventListener("htmx:error", () => say(true));
  document.addEventListener("htmx:after:request", () => say(false));
})();
