"""How long the pages took to agree after each act, and what of it is the machine's own lateness."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import Page

from tests.journeys.great_seance.screens import Screen

BOUND = 2.0
# The first poll begun after the act was carried out brings it; a page that is being redrawn may miss one.
POLLS = 2
_BEAT = 100
# What a beat takes at rest, with its small answer from the same server.
_CALM = 150
_METRONOME = """
(address) => {
  window.beats = [];
  const beat = async () => {
    const begun = Date.now();
    await new Promise((go) => window.setTimeout(go, %d));
    await fetch(address, { cache: "no-store" });
    window.beats.push([begun, Date.now()]);
    beat();
  };
  beat();
}
"""


@dataclass(frozen=True, slots=True)
class Delay:
    """The time between the answer to an act and a page that shows its effect, in seconds."""

    act: str
    screen: str
    seconds: float
    polls: int
    late: float

    @property
    def own(self) -> float:
        """Return the seconds without those that the machine was late by, as a bare file of the same server tells."""
        return self.seconds - self.late


@dataclass
class Delays:
    """What was measured, and how much the machine itself was late meanwhile."""

    metronome: Page
    all: list[Delay] = field(default_factory=list)
    acts: int = 0

    def start(self, file: str) -> None:
        """Begin to ask for a bare file, over and over: it says how loaded browser, server and machine are."""
        self.metronome.evaluate(_METRONOME % _BEAT, file)

    def follow(self, act: str, do: Callable[[], float], expected: Mapping[Screen, str]) -> dict[Screen, str]:
        """Carry out an act, wait until every page shows it, keep how long each took; return what they show."""
        self.acts += 1
        begun = do()
        seen = {screen: screen.when(pattern, begun) for screen, pattern in expected.items()}
        since = max(screen.answered(begun) for screen in expected)
        for screen, found in seen.items():
            seconds = max(0.0, found.at - since) / 1000
            polls = sum(asked > since for asked in found.polls)
            self.all.append(Delay(act, screen.name, seconds, polls, self._late(since, found.at)))
        return {screen: found.text for screen, found in seen.items()}

    def _late(self, since: float, until: float) -> float:
        beats = self.metronome.evaluate("([a, b]) => window.beats.filter(([x, y]) => y > a && x < b)", [since, until])
        return float(sum(max(0, end - begun - _CALM) for begun, end in beats)) / 1000

    @property
    def worst(self) -> Delay:
        """Return the longest of all."""
        return max(self.all, key=lambda each: each.seconds)

    def words(self) -> str:
        """Say the figures."""
        return (
            f"{self.acts} acts seen by every page after {median(each.seconds for each in self.all):.1f} s (middle) "
            f"and {self.worst.seconds:.1f} s (worst of {len(self.all)}), {max(each.polls for each in self.all)} polls "
            "at most"
        )

    def check(self) -> None:
        """Fail when a page needed more polls than it should, or more time than the machine was late by."""
        slow = [each for each in self.all if each.polls > POLLS or each.own > BOUND]
        assert not slow, f"{len(slow)} of {len(self.all)}: {slow[:5]}"
