// While a text is typed, tells the words of the body or of private life that it holds: a warning, never a block.
// The list comes from the server, which says the same when the page comes back (pdp/core/intimate.py).
"use strict";

(() => {
  const FIELD = "textarea[data-wording]";
  const lists = new Map();

  const foldSign = (sign) => {
    if ("’ʼ'".includes(sign)) return "'";
    if ("-‐‑\u00a0\u202f\n\t".includes(sign)) return " ";
    const plain = sign.toLowerCase().normalize("NFKD");
    return sign === "Œ" ? "œ" : /^\p{M}/u.test(plain) || sign.length > 1 ? sign : plain.charAt(0);
  };
  const fold = (text) => Array.from(text, foldSign).join("");

  const longestFirst = (a, b) => b.length - a.length || (a < b ? -1 : 1);
  const whole = (words) => {
    const escaped = [...words].sort(longestFirst).map((word) => {
      const plain = word.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[\\p{L}\\p{N}_]*");
      return plain.replaceAll(" ", "\\s+") + (word.endsWith("'") ? "" : "(?![\\p{L}\\p{N}_])");
    });
    return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join("|")})`, "gu");
  };

  const read = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const list = await answer.json();
    return {
      turns: whole(list.except),
      families: list.families.map((family) => ({ label: family.label, pattern: whole(family.words) })),
      most: list.most,
    };
  };
  const load = (address) => {
    if (!lists.has(address)) lists.set(address, read(address).catch(() => null));
    return lists.get(address);
  };

  const find = (text, list) => {
    const folded = fold(text).replace(list.turns, (turn) => "\0".repeat(turn.length));
    const found = new Map();
    for (const family of list.families) {
      for (const match of folded.matchAll(family.pattern)) {
        const word = text.slice(match.index, match.index + match[0].length);
        if (!found.has(fold(word))) found.set(fold(word), { at: match.index, word, family: family.label });
      }
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  };

  const sentence = (hits, most) => {
    const words = hits.slice(0, most).map((hit) => `«\u00a0${hit.word}\u00a0»`);
    const families = [...new Set(hits.map((hit) => hit.family))];
    return `${words.join(", ")}${hits.length > most ? ", …" : ""}\u00a0: ${families.join(", ")}. `;
  };

  const look = async (field) => {
    const list = await load(field.dataset.wording);
    const zone = field.parentElement.querySelector("[data-wording-told]");
    if (!list || !zone) return;
    const hits = find(field.value, list);
    zone.hidden = hits.length === 0;
    const said = hits.length ? sentence(hits, list.most) : "";
    const words = zone.querySelector("[data-wording-words]");
    if (words.textContent !== said) words.textContent = said;
  };

  let pause;
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(FIELD)) return;
    clearTimeout(pause);
    pause = setTimeout(look, 250, event.target);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(FIELD)) load(event.target.dataset.wording);
  });
})();
