"""The pages of the séance, each in a browser of its own: what they show is written down with its moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Error, Page, Request, TimeoutError

# What a page may take on a machine that others use too; what it does take is measured.
PATIENCE = 45_000
_WATCH = """
(() => {
  const places = %s;
  window.seen = [];
  const note = () => {
    const text = [...document.querySelectorAll(places)].map((each) => each.textContent).join(" ")
      .replace(/[\\s\\u00a0\\u202f]+/g, " ");
    if (window.seen.at(-1)?.text !== text) window.seen.push({ at: Date.now(), text });
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
  document.addEventListener("DOMContentLoaded", note);
  performance.setResourceTimingBufferSize(20000);
  for (const kind of ["mousedown", "pointerdown", "touchstart"])
    document.addEventListener(kind, () => sessionStorage.setItem("pointed", "1"), true);
})()
"""
# Since when the page has shown what matches, and how many polls it began after `since` until then.
_AGREES = """
({ pattern, since }) => {
  const wanted = new RegExp(pattern, "su");
  let from = null;
  for (let n = window.seen.length - 1; n >= 0 && wanted.test(window.seen[n].text); n -= 1) from = window.seen[n];
  if (!from) return null;
  const polls = performance.getEntriesByType("resource")
    .filter((entry) => new URL(entry.name).pathname === location.pathname)
    .map((entry) => performance.timeOrigin + entry.startTime)
    .filter((begun) => begun > since && begun < from.at);
  return { at: from.at, text: from.text, polls };
}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page came to show: when, in milliseconds of the machine's clock, and when it asked before."""

    at: float
    text: str
    polls: list[float]


class Screen:
    """A page of one person. `places` are the parts of it that tell where the séance stands."""

    places = "h1, #contenu"

    def __init__(self, name: str, open_page: Callable[[int, int], Page], size: tuple[int, int]) -> None:
        self.name = name
        self.page = open_page(*size)
        self.page.add_init_script(_WATCH % repr(self.places))
        self._sent: list[Request] = []
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        # A note saves itself: that is no act.
        if request.method == "POST" and not request.url.endswith("/note"):
            self._sent.append(request)

    def when(self, pattern: str, since: float) -> Seen:
        """Wait until the page shows what matches, and tell since when it does."""
        asked = {"pattern": pattern, "since": since}
        for _ in range(3):
            try:
                handle = self.page.wait_for_function(_AGREES, arg=asked, timeout=PATIENCE, polling=50)
                return Seen(**handle.json_value())
            except TimeoutError as error:
                raise AssertionError(f"{self.name} does not show {pattern!r} but {self.text()[:1500]!r}") from error
            except Error:
                # The page was left for another one in between, which shows it too.
                continue
        raise AssertionError(f"{self.name} keeps being left for another page")

    def answered(self, since: float) -> float:
        """Return when the act sent after a moment was answered: that moment itself when none was."""
        moments = [each.timing["startTime"] + max(0, each.timing["responseStart"]) for each in self._sent]
        return max([since, *moments])

    def shows(self, pattern: str) -> str:
        """Wait until the page shows what matches, and return its text."""
        return self.when(pattern, 0).text

    def text(self) -> str:
        """Return what the page shows now."""
        return str(self.page.evaluate("window.seen.at(-1)?.text || ''"))

    def was_pointed_at(self) -> bool:
        """Tell whether anybody used a mouse or a finger on the page."""
        return self.page.evaluate("sessionStorage.getItem('pointed')") is not None


class Room(Screen):
    """The room's screen."""


class Console(Screen):
    """The console of a person of the core, driven by the keyboard alone."""

    places = "h1, #annonce, #ordre-du-jour, #dossier .note, #scrutin, body:not(.console) main"

    def press(self, *keys: str) -> float:
        """Press keys one after the other; return the moment of the last one."""
        for key in keys:
            at = time.time() * 1000
            self.page.keyboard.press(key)
        return at

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)

    def go_down_to(self, words: str) -> None:
        """Go down the list that has the focus, by the arrow, to the line that holds these words."""
        line = (
            "words => [...document.activeElement.options].findIndex((each) => each.text.includes(words))"
            " - document.activeElement.selectedIndex"
        )
        self.press(*["ArrowDown"] * int(self.page.evaluate(line, words)))

    def tab_to(self, words: str) -> None:
        """Press Tab until the focus is on the act, or the field, of that name."""
        for _ in range(20):
            self.press("Tab")
            if words in self.page.evaluate("[document.activeElement.innerText, document.activeElement.name]"):
                return
        raise AssertionError(f"twenty steps by Tab do not lead to {words!r}")

    def wait_for_focus(self, words: str) -> None:
        """Wait until the focus is on what is named so: its words, its label or the name of its field."""
        found = (
            "words => { const it = document.activeElement; if (it === document.body) return false;"
            " const said = [it.innerText, it.name, it.labels?.[0]?.innerText].join(' ').replaceAll('\\u00a0', ' ');"
            " return said.includes(words); }"
        )
        try:
            self.page.wait_for_function(found, arg=words, timeout=PATIENCE, polling=50)
        except Exception as error:
            held = self.page.evaluate("document.activeElement.outerHTML.slice(0, 400)")
            raise AssertionError(f"the focus is not on {words!r} but on {held!r}") from error

    def note_holds(self, *lines: str) -> None:
        """Wait until the note of the case holds each of these lines, whole."""
        found = (
            "all => { const text = document.querySelector('#f-discussion').value;"
            " const held = text.split('\\n').map((each) => each.trim());"
            " return all.every((line) => held.includes(line)); }"
        )
        self.page.wait_for_function(found, arg=list(lines), timeout=PATIENCE)


class Phone(Screen):
    """The device of a member: a phone of 360 pixels."""

    def __init__(self, seat: str, open_page: Callable[[int, int], Page]) -> None:
        super().__init__(f"phone of {seat}", open_page, (360, 760))
        self.seat = seat

    def prepare(self, answer: str, text: str = "") -> None:
        """Choose an answer, without sending it yet."""
        self.page.get_by_label(answer, exact=True).check(timeout=PATIENCE)
        if text:
            self.page.locator("textarea:visible").fill(text)

    def send(self, at: float) -> None:
        """Send the form at a moment of the machine's clock, whatever the others do."""
        self.page.evaluate(
            "at => { const form = document.querySelector('main form[method=post]');"
            " window.setTimeout(() => form.requestSubmit(), at - Date.now()); }",
            at,
        )

    def ask_for_a_vote(self) -> float:
        """Ask for a vote instead of an agreement."""
        at = time.time() * 1000
        self.page.get_by_role("button", name="Demander un vote").click()
        return at

    def vote_for_the_represented(self, answer: str) -> float:
        """Vote for the seat whose proxy this person carries."""
        self.page.get_by_role("link", name="Pour le siège représenté").click()
        self.prepare(answer)
        at = time.time() * 1000
        self.send(at)
        return at
