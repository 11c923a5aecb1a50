"""Walk as one person through every page of the application, and compare what is met with the oracle."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.canary.asked import asked
from tests.access.canary.oracle import Oracle
from tests.access.canary.people import Person
from tests.access.canary.places import BASE_CASES, CASES_ABROAD, Place, places
from tests.access.canary.situations import ADDED
from tests.access.canary.tokens import Canary, values_in
from tests.access.canary.unpack import words_of
from tests.access.canary.world import CanaryWorld

CASES = (*(f"a.{name}" for name in ADDED), *CASES_ABROAD, *BASE_CASES)
# Answers that never speak of a case, or whose visit would end the walk.
_LEFT_OUT = {"static"}


@dataclass(frozen=True)
class MustSee:
    """A line of `must_see.csv`: on this page, whoever may read a column finds it there."""

    endpoint: str
    words: frozenset[tuple[str, str]]
    table: str
    column: str
    who: str


def _read_must_see() -> list[MustSee]:
    with (Path(__file__).parent / "must_see.csv").open(encoding="utf-8", newline="") as source:
        return [
            MustSee(
                row["endpoint"],
                frozenset((name, value) for name, _, value in [part.partition("=") for part in row["words"].split()]),
                row["table"],
                row["column"],
                row["who"],
            )
            for row in csv.DictReader(source)
        ]


MUST_SEE = _read_must_see()


@dataclass
class Findings:
    """What a walk found."""

    answers: int = 0
    cells: int = 0
    leaks: Counter[str] = field(default_factory=Counter)
    denials: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    met: set[tuple[str, str, str]] = field(default_factory=set)


class Walker:
    """One person with a signed-in client."""

    def __init__(self, app: Flask, canaries: CanaryWorld, person: Person, client: FlaskClient) -> None:
        self.app, self.canaries, self.person, self.client = app, canaries, person, client
        self.found = Findings()
        oracle = Oracle(canaries, person)
        self.allowed = {value for value, canary in canaries.canaries.items() if oracle.may_read(canary)}
        self.decisions = Counter(canary.case for canary in canaries.canaries.values())
        labels = {(canary.case, canary.label) for canary in canaries.canaries.values()}
        self.labels = Counter(case for case, _ in labels)

    def walk(self) -> Findings:
        """Open every page by GET, at every place."""
        for rule in self.rules():
            for place in places(self.app, self.canaries, rule, CASES):
                for query in asked(self.canaries, rule.endpoint, place.case):
                    self._look(rule, place, query)
        return self.found

    def rules(self) -> Iterator[Rule]:
        """Yield the routes that answer to GET."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if "GET" in (rule.methods or ()) and rule.endpoint not in _LEFT_OUT:
                yield rule

    def _look(self, rule: Rule, place: Place, query: dict[str, str]) -> None:
        answer = self.client.get(place.path, query_string=query)
        self.found.statuses[rule.endpoint, answer.status_code] += 1
        assert answer.status_code < 500, f"{self.person.name} {place.path}: {answer.status_code}"
        # What was typed comes back in the search field: that tells nothing.
        seen = self.seen_in(answer) - {value.lower() for value in query.values()}
        self.found.answers += 1
        self.found.cells += self.labels[place.case] if place.case else self.labels.total()
        self._note_leaks(rule, place, seen)
        if not query:
            self._note_denials(rule, place, seen, answer.status_code)

    def seen_in(self, answer: TestResponse) -> set[str]:
        """Return the values of the world that an answer holds."""
        return values_in(words_of(answer)) & self.canaries.canaries.keys()

    def _note_leaks(self, rule: Rule, place: Place, seen: set[str]) -> None:
        for value in seen:
            canary = self.canaries.canaries[value]
            self.found.met.add((rule.endpoint, canary.table, canary.column))
            if value not in self.allowed:
                where = "" if canary.case in (place.case, None) else f" (page of {place.case})"
                self.found.leaks[f"{self.person.name} read {canary.name} on {rule.endpoint}{where}"] += 1

    def _note_denials(self, rule: Rule, place: Place, seen: set[str], status: int) -> None:
        # Files are refused whole where one point of them is: what they must hold is read where they open.
        if rule.endpoint == "minutes.download" and status == 404:
            return
        for line in MUST_SEE:
            if line.endpoint != rule.endpoint or not line.words <= place.words or not self._concerns(line.who):
                continue
            for canary in self.canaries.canaries.values():
                if self._is_awaited(line, canary, place) and canary.value not in seen:
                    self.found.denials[f"{self.person.name} was denied {canary.name} on {rule.endpoint}"] += 1

    def _concerns(self, who: str) -> bool:
        person = self.person
        groups = {"core": person.is_core, "partner": person.is_partner, "csam": person.role == "csam"}
        return any(groups.get(word, word in (person.role, person.name)) for word in who.split())

    def _is_awaited(self, line: MustSee, canary: Canary, place: Place) -> bool:
        if (canary.table, canary.column) != (line.table, line.column) or canary.value not in self.allowed:
            return False
        above = canary.row["_up"]
        # The cases of the base world have less in them: some of their blocks are not shown at all.
        if canary.case is None or canary.case.partition(".")[2] not in ADDED:
            return False
        return all(above.get(table, found) == found for table, found in place.objects.items())
