// Notes that save themselves while they are typed: form[data-note] holds one field and the text it started from.
// The server brings together what several people wrote; here nothing that is being typed is ever overwritten.
"use strict";

(() => {
  const IDLE = 1200;
  const AT_MOST = 6000;
  const notes = new WeakMap();
  const tidy = (text) => text.replaceAll("\r\n", "\n").trim();
  const fieldOf = (form) => form.querySelector("textarea");
  const stateOf = (form) => form.querySelector("[data-note-state]");
  const noteOf = (form) => {
    if (!notes.has(form)) notes.set(form, { base: form.elements.base.value, sent: null, since: 0, timer: 0, failed: false });
    return notes.get(form);
  };
  const isDirty = (form) => tidy(fieldOf(form).value) !== tidy(noteOf(form).base);
  // A request that outlives its page has to stay small.
  const isShort = (form) => fieldOf(form).value.length + noteOf(form).base.length < 15000;
  const say = (form, words) => {
    const place = stateOf(form);
    if (place.textContent !== words) place.textContent = words;
  };

  // The caret stays in its place among the words around it.
  const write = (field, text) => {
    if (tidy(field.value) === tidy(text)) return;
    const { selectionStart: start, selectionEnd: end, value: old } = field;
    let same = 0;
    while (same < old.length && same < text.length && old[same] === text[same]) same += 1;
    const moved = (at) => (at <= same ? at : Math.max(same, text.length - (old.length - at)));
    const held = document.activeElement === field;
    field.value = text;
    if (held) field.setSelectionRange(moved(start), moved(end));
  };

  const copyState = (form, from) => {
    const said = stateOf(from);
    if (said && stateOf(form).innerHTML !== said.innerHTML) stateOf(form).innerHTML = said.innerHTML;
    form.dataset.version = from.dataset.version;
  };

  // What the server holds, met while nothing of ours waits: it becomes our text.
  const take = (form, stored) => {
    if (Number(stored.dataset.version) < Number(form.dataset.version) || form.hasAttribute("data-apart")) return;
    const note = noteOf(form);
    const text = fieldOf(stored).value;
    if (note.sent === null && !isDirty(form)) {
      write(fieldOf(form), text);
      note.base = text;
    }
    copyState(form, stored);
  };

  const bodyOf = (form, base) => {
    const body = new FormData(form);
    body.set("base", base);
    return body;
  };

  const answered = (form, html, status) => {
    const note = noteOf(form);
    const stored = new DOMParser().parseFromString(html, "text/html").querySelector("form[data-note]");
    if (!stored) throw new Error("no note");
    const field = fieldOf(form);
    if (status === 200) {
      const text = fieldOf(stored).value;
      if (tidy(field.value) === tidy(note.sent)) {
        write(field, text);
        note.base = text;
      } else {
        note.base = note.sent;
      }
      form.removeAttribute("data-apart");
      copyState(form, stored);
      return stored;
    }
    // Two texts for one paragraph, or a refusal: both are shown, and the person chooses.
    const words = field.value;
    const held = document.activeElement === field && [field.selectionStart, field.selectionEnd];
    form.replaceWith(stored);
    const again = fieldOf(stored);
    again.value = words;
    if (held) {
      again.focus({ preventScroll: true });
      again.setSelectionRange(...held);
    }
    noteOf(stored).failed = true;
    return null;
  };

  const save = async (form) => {
    const note = noteOf(form);
    window.clearTimeout(note.timer);
    note.timer = 0;
    if (note.sent !== null || !form.isConnected) return;
    const chosen = form.hasAttribute("data-apart");
    if (!chosen && !isDirty(form)) return;
    note.sent = fieldOf(form).value;
    note.since = 0;
    say(form, "Enregistrement…");
    try {
      const body = bodyOf(form, chosen ? form.elements.base.value : note.base);
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Note": "1" }, keepalive: isShort(form) });
      if (answer.redirected) throw new Error("signed out");
      const stored = answered(form, await answer.text(), answer.status);
      // A choice made: the form without its two texts comes back.
      if (stored && chosen) form.replaceWith(stored);
      note.failed = false;
    } catch {
      note.failed = true;
      say(form, "Note non enregistrée : nouvel essai dans un instant. Gardez cette page ouverte.");
    }
    note.sent = null;
    if (form.isConnected && (note.failed || isDirty(form))) later(form, note.failed ? AT_MOST : IDLE);
  };

  const later = (form, wait) => {
    const note = noteOf(form);
    if (form.hasAttribute("data-apart")) return;
    window.clearTimeout(note.timer);
    note.timer = window.setTimeout(() => save(form), wait);
  };

  const formOf = (target) => target.closest?.("form[data-note]");

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form || event.target !== fieldOf(form)) return;
    const note = noteOf(form);
    note.since ||= Date.now();
    if (note.sent === null) say(form, "Note non enregistrée");
    later(form, Math.max(0, Math.min(IDLE, note.since + AT_MOST - Date.now())));
  });
  document.addEventListener("focusout", (event) => {
    const form = formOf(event.target);
    if (form && event.target === fieldOf(form) && !form.hasAttribute("data-apart")) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    save(form);
  }, true);

  // A page that follows the séance brings the stored note along: it is taken only where nothing waits.
  htmx.registerExtension("notes", {
    htmx_before_morph_node: (form, { newNode }) => {
      if (!form.matches?.("form[data-note]") || !newNode.matches?.("form[data-note]")) return true;
      take(form, newNode);
      return false;
    },
  });

  // Leaving the page sends what waits; a text that was refused asks first.
  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-note]:not([data-apart])")) {
      const note = noteOf(form);
      const base = note.sent ?? note.base;
      if (tidy(fieldOf(form).value) === tidy(base)) continue;
      fetch(form.action, { method: "POST", body: bodyOf(form, base), headers: { "X-Note": "1" }, keepalive: isShort(form) });
    }
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of document.querySelectorAll("form[data-note]")) {
      if (form.hasAttribute("data-apart") || (noteOf(form).failed && isDirty(form))) event.preventDefault();
    }
  });
})();
