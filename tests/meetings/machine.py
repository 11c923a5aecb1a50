"""A short model of a séance, written apart from the product: what is possible, and what follows from it."""

from dataclasses import dataclass, field
from math import ceil

CORE = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")
PARTNERS = ("spst", "cap")
WITH_TEXT = ("FOR_WITH_CONDITIONS", "AGAINST")


@dataclass
class Point:
    """An item of the agenda. `votes` holds the answer of each seat, and whether it came from an own device."""

    shared: bool
    ballot: str = ""
    voters: tuple[str, ...] = ()
    votes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    opinion: str = ""

    @property
    def quorum(self) -> bool:
        """Half of the six deliberative seats, rounded up, and one of each service; a déport takes its seat out."""
        sitting = [seat for seat in self.voters if seat in CORE and self.votes.get(seat, ("RECUSED",))[0] != "RECUSED"]
        return len(sitting) >= ceil(len(CORE) / 2) and {seat[:2] for seat in sitting} == {"ss", "sm", "cp"}

    @property
    def allowed(self) -> tuple[str, ...]:
        """Return the opinions that quorum and votes leave open."""
        values = [value for seat, (value, _) in self.votes.items() if seat in CORE]
        lead = sum(value.startswith("FOR") for value in values) - values.count("AGAINST")
        if not self.quorum or lead == 0:
            return ("ADJOURNED",)
        if lead > 0:
            return ("FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS")
        return ("UNFAVOURABLE", "NO_OBJECT", "REORIENTED")


@dataclass
class Model:
    """A séance: its status, who sits, its points. Each act tells whether it is possible, and does it then."""

    points: list[Point]
    status: str = "PLANNED"
    sitting: set[str] = field(default_factory=set)

    def open(self) -> bool:
        return self._move("PLANNED", "OPEN")

    def close(self) -> bool:
        if any(point.ballot and not point.opinion for point in self.points):
            return False
        return self._move("OPEN", "CLOSED")

    def sit(self, seat: str) -> bool:
        if self.status == "OPEN":
            self.sitting.add(seat)
        return self.status == "OPEN"

    def leave(self, seat: str) -> bool:
        possible = self.status == "OPEN" and seat in self.sitting
        self.sitting -= {seat} if possible else set()
        return possible

    def select(self) -> bool:
        return self.status == "OPEN"

    def ask(self, point: Point) -> bool:
        voters = [seat for seat in (*CORE, *PARTNERS) if seat in self.sitting and (seat in CORE or point.shared)]
        busy = any(other.ballot == "OPEN" for other in self.points)
        if self.status != "OPEN" or point.ballot or point.opinion or busy or not voters:
            return False
        point.ballot, point.voters = "OPEN", tuple(voters)
        return True

    def vote(self, point: Point, seat: str, value: str, text: str, *, own: bool) -> bool:
        before = point.votes.get(seat)
        taken = before is not None and before[1] and not own
        if point.ballot != "OPEN" or seat not in point.voters or taken or (value in WITH_TEXT and not text):
            return False
        point.votes[seat] = (value, own)
        point.given[seat] = point.given.get(seat, 0) + 1
        return True

    def all_for(self, point: Point) -> bool:
        for seat in point.voters if point.ballot == "OPEN" else ():
            if seat not in point.votes:
                point.votes[seat], point.given[seat] = ("FOR", False), 1
        return point.ballot == "OPEN"

    def count(self, point: Point, confirmed: bool) -> bool:
        silent = set(point.voters) - set(point.votes)
        if point.ballot != "OPEN" or (silent and not confirmed):
            return False
        point.ballot = "CLOSED"
        return True

    def conclude(self, point: Point, code: str) -> bool:
        allowed = {"": ("ADJOURNED",), "OPEN": (), "CLOSED": point.allowed}[point.ballot]
        if self.status != "OPEN" or point.opinion or code not in allowed:
            return False
        point.opinion = code
        return True

    def _move(self, before: str, after: str) -> bool:
        if self.status != before:
            return False
        self.status = after
        return True
