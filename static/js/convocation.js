// Tells that somebody has the page of their convocation before them. A mail scanner that follows the link runs no
// script, or does not stay: nothing is told before the page was looked at for a moment.
(() => {
  const form = document.querySelector("[data-mark-read]");
  if (!form) return;
  let told = false;
  const tell = () => {
    if (told || document.visibilityState !== "visible") return;
    told = true;
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => {});
  };
  setTimeout(tell, 3000);
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, tell, { once: true, passive: true });
})();
