"""A short model of a séance, written apart from the product: what is possible, and what follows from it."""

from dataclasses import dataclass, field
from math import ceil

CORE = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")
PARTNERS = ("spst", "cap")
# More than one seat of each service: a proxy may make the quorum.
PERCENT = 66
WITH_TEXT = ("FOR_WITH_CONDITIONS", "AGAINST")
FAVOURABLE = ("FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS")
# The referent of the cases of the walk: without that person nobody would follow them.
REFERENT = "ss2"


@dataclass
class Point:
    """An item of the agenda. `votes` holds the answer of each seat, and whether it came from an own device."""

    case: str
    shared: bool
    ballot: str = ""
    mode: str = ""
    proposed: str = ""
    voters: tuple[str, ...] = ()
    # The voters by proxy, with the seat that carries it.
    carried: dict[str, str] = field(default_factory=dict)
    votes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    quorum: bool = False
    opinion: str = ""

    def has_quorum(self, taking_part: set[str]) -> bool:
        """Two thirds of the six deliberative seats, and somebody of each service in person."""
        own = {seat for seat in self.voters if seat in CORE and seat in taking_part and seat not in self.carried}
        proxies = [seat for seat, by in self.carried.items() if seat in CORE and seat in taking_part and by in own]
        return len(own) + len(proxies) >= ceil(len(CORE) * PERCENT / 100) and {seat[:2] for seat in own} == {
            "ss",
            "sm",
            "cp",
        }

    @property
    def allowed(self) -> tuple[str, ...]:
        """Return the opinions that quorum and votes leave open."""
        values = [value for seat, (value, _) in self.votes.items() if seat in CORE]
        lead = sum(value.startswith("FOR") for value in values) - values.count("AGAINST")
        if not self.quorum or (lead == 0 and self.mode != "CONSENSUS"):
            return ("ADJOURNED",)
        if self.mode == "CONSENSUS":
            return (self.proposed,)
        return FAVOURABLE if lead > 0 else ("UNFAVOURABLE", "NO_OBJECT", "REORIENTED")


@dataclass
class Model:
    """A séance: its status, who sits, its points. Each act tells whether it is possible, and does it then."""

    points: list[Point]
    status: str = "PLANNED"
    sitting: set[str] = field(default_factory=set)
    # Represented seats, with the seat whose person carries the proxy.
    proxies: dict[str, str] = field(default_factory=dict)
    aside: set[tuple[str, str]] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)

    def open(self) -> bool:
        return self._move("PLANNED", "OPEN")

    def close(self) -> bool:
        if any(point.ballot and not point.opinion for point in self.points):
            return False
        return self._move("OPEN", "CLOSED")

    def sit(self, seat: str) -> bool:
        if self.status == "OPEN":
            self.sitting.add(seat)
            self.proxies.pop(seat, None)
        return self.status == "OPEN"

    def leave(self, seat: str) -> bool:
        possible = self.status == "OPEN" and seat in self.sitting
        if possible:
            self._go(seat)
        return possible

    def represent(self, seat: str, by: str) -> bool:
        """One proxy each, of the same voice, to somebody who sits."""
        busy = any(carrier == by and other != seat for other, carrier in self.proxies.items())
        alike = (seat in CORE) == (by in CORE)
        if self.status != "OPEN" or seat == by or by not in self.sitting or busy or not alike:
            return False
        self._go(seat)
        self.proxies[seat] = by
        return True

    def set_aside(self, point: Point, seat: str) -> bool:
        possible = self.status != "CLOSED" and seat != REFERENT
        self.aside |= {(point.case, seat)} if possible else set()
        return possible

    def link(self, first: int, second: int) -> bool:
        """Two requests of one case without an opinion, as alternatives."""
        pair = [self.points[first], self.points[second]]
        if self.status == "CLOSED" or pair[0].case != pair[1].case or any(point.opinion for point in pair):
            return False
        self.linked = {first, second}
        return True

    def select(self) -> bool:
        return self.status == "OPEN"

    def ask(self, point: Point, mode: str, proposed: str, consultative: bool) -> bool:
        seats = [seat for seat in (*CORE, *PARTNERS) if self._is_free(point, seat)]
        own = [seat for seat in seats if seat in self.sitting]
        carried = {seat: by for seat, by in self.proxies.items() if seat in seats and by in own}
        voters = [seat for seat in seats if seat in own or seat in carried]
        if mode == "SECRET" and not consultative:
            voters = [seat for seat in voters if seat in CORE]
        busy = any(other.ballot == "OPEN" for other in self.points)
        waits = any(
            other.opinion in FAVOURABLE or (other.ballot and not other.opinion) for other in self._others(point)
        )
        if self.status != "OPEN" or point.ballot or point.opinion or busy or waits or not voters:
            return False
        if mode == "CONSENSUS" and proposed == "ADJOURNED":
            return False
        point.ballot, point.mode, point.proposed = "OPEN", mode, proposed
        point.voters, point.carried = tuple(voters), {seat: by for seat, by in carried.items() if seat in voters}
        return True

    def ask_vote(self, point: Point, seat: str) -> bool:
        if point.ballot != "OPEN" or point.mode != "CONSENSUS" or seat not in point.voters:
            return False
        point.mode = "NAMED"
        return True

    def vote(self, point: Point, seat: str, value: str, text: str, *, own: bool) -> bool:
        if point.mode == "SECRET":
            return own and self._vote_in_secret(point, seat, value)
        before = point.votes.get(seat)
        taken = before is not None and before[1] and not own
        lacks = value in WITH_TEXT and not text
        if point.ballot != "OPEN" or point.mode != "NAMED" or not self._may_answer(point, seat, own) or taken or lacks:
            return False
        self._keep(point, seat, value, own)
        return True

    def all_for(self, point: Point) -> bool:
        if point.ballot != "OPEN" or point.mode != "NAMED":
            return False
        for seat in point.voters:
            if seat not in point.votes and self._may_answer(point, seat, own=False):
                self._keep(point, seat, "FOR", False)
        return True

    def reset(self, point: Point, reason: str) -> bool:
        if point.ballot != "OPEN" or not point.votes or not reason:
            return False
        point.votes = {}
        return True

    def count(self, point: Point, confirmed: bool) -> bool:
        silent = set(point.voters) - set(point.votes)
        if point.ballot != "OPEN" or (silent and not confirmed and point.mode != "CONSENSUS"):
            return False
        # Who agrees without a vote says nothing: those who are still there count.
        there = self.sitting | {seat for seat in point.carried if seat in self.proxies}
        point.ballot, point.quorum = (
            "CLOSED",
            point.has_quorum(there if point.mode == "CONSENSUS" else set(point.votes)),
        )
        return True

    def conclude(self, point: Point, code: str) -> bool:
        done = any(other.opinion in FAVOURABLE for other in self._others(point))
        allowed = {"": ("ADJOURNED", "NO_OBJECT") if done else ("ADJOURNED",), "OPEN": (), "CLOSED": point.allowed}
        if self.status != "OPEN" or point.opinion or code not in allowed[point.ballot]:
            return False
        point.opinion = code
        return True

    def _vote_in_secret(self, point: Point, seat: str, value: str) -> bool:
        """Once, and without a text: what was counted can be told from nothing any more."""
        taken = seat in point.votes or seat in point.carried
        if point.ballot != "OPEN" or seat not in point.voters or taken or value == "FOR_WITH_CONDITIONS":
            return False
        point.votes[seat] = (value, True)
        return True

    def _may_answer(self, point: Point, seat: str, own: bool) -> bool:
        if seat in point.carried:
            return not own and seat in self.proxies
        return seat in point.voters

    def _keep(self, point: Point, seat: str, value: str, own: bool) -> None:
        point.votes[seat] = (value, own)
        point.given[seat] = point.given.get(seat, 0) + 1

    def _is_free(self, point: Point, seat: str) -> bool:
        return (seat in CORE or point.shared) and (point.case, seat) not in self.aside

    def _others(self, point: Point) -> list[Point]:
        pair = [self.points[place] for place in self.linked]
        return [other for other in pair if other is not point] if any(other is point for other in pair) else []

    def _go(self, seat: str) -> None:
        """Take a seat away, with the proxy that its person carries."""
        self.sitting.discard(seat)
        self.proxies = {other: by for other, by in self.proxies.items() if by != seat}

    def _move(self, before: str, after: str) -> bool:
        if self.status != before:
            return False
        self.status = after
        return True
