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

from tests.access.canary.asked import asked, typed
from tests.access.canary.oracle import Oracle
from tests.access.canary.people import Person
from tests.access.canary.places import BASE_CASES, CASES_ABROAD, Place, places
from tests.access.canary.situations import ADDED
from tests.access.canary.tokens import Canary, values_in
from tests.access.canary.unpack import words_of
from tests.access.canary.world import CanaryWorld

CASES = (*(f"a.{name}" for name in ADDED), *CASES_ABROAD, *BASE_CASES)
# Forms are sent about fewer cases: what they show is what their page showed.
FORM_CASES = ("a.few", "b.all")
# Answers that never speak of a case, or whose visit would end the walk.
_LEFT_OUT = {"static", "accounts.sign_out", "accounts.use_membership"}


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
        self.token: str | None = None
        versions = canaries.rows["minutes_version"]
        self.partial = {row["id"] for row in versions if row["organisation_id"] is not None}
        oracle = Oracle(canaries, person)
        self.allowed = {value for value, canary in canaries.canaries.items() if oracle.may_read(canary)}
        labels = {(canary.case, canary.label) for canary in canaries.canaries.values()}
        self.labels = Counter(case for case, _ in labels)

    def walk(self) -> Findings:
        """Open every page by GET, at every place; then send every form empty, or with what is sought."""
        for rule in self.rules("GET"):
            for place in places(self.app, self.canaries, rule, CASES):
                for query in asked(rule.endpoint, place.case):
                    self._look(rule, place, query)
        for rule in self.rules("POST"):
            for place in places(self.app, self.canaries, rule, FORM_CASES):
                for body in typed(self.canaries, rule.endpoint):
                    self._send(rule, place, body)
        return self.found

    def rules(self, method: str) -> Iterator[Rule]:
        """Yield the routes that answer to a method."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if method in (rule.methods or ()) and rule.endpoint not in _LEFT_OUT:
                yield rule

    def _look(self, rule: Rule, place: Place, query: dict[str, str]) -> None:
        answer = self.client.get(place.path, query_string=query)
        self._note(rule, place, answer, query)
        if not query:
            self._note_denials(rule, place, self.seen_in(answer), answer.status_code)

    def _send(self, rule: Rule, place: Place, body: dict[str, str]) -> None:
        token = {"X-CSRFToken": self._token()}
        answer = self.client.post(place.path, data=body, headers=token)
        self._note(rule, place, answer, body)
        if body and answer.status_code in {302, 303}:
            self._note(rule, place, self.client.get(answer.location), body)

    def _token(self) -> str:
        if self.token is None:
            page = self.client.get("/mon-role").get_data(as_text=True)
            self.token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.token

    def _note(self, rule: Rule, place: Place, answer: TestResponse, sent: dict[str, str]) -> None:
        self.found.statuses[rule.endpoint, answer.status_code] += 1
        assert answer.status_code < 500, f"{self.person.name} {place.path}: {answer.status_code}"
        self.found.answers += 1
        self.found.cells += self.labels[place.case] if place.case else self.labels.total()
        # What was typed comes back in the search field: that tells nothing.
        self._note_leaks(rule, place, self.seen_in(answer) - {value.lower() for value in sent.values()})

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
        # Who takes no part may meet the reference on an agenda, and is owed it nowhere.
        if self.person.name in ADDED[canary.case.partition(".")[2]].recused:
            return False
        # The version of a partner, which the coordination may open too, holds what that partner reads.
        if self.person.is_core and place.objects.get("minutes_version") in self.partial:
            return False
        # Of a restricted case the minutes say only that there was a point.
        if line.endpoint.startswith("minutes.") and ADDED[canary.case.partition(".")[2]].restricted:
            return False
        return all(above.get(table, found) == found for table, found in place.objects.items())
