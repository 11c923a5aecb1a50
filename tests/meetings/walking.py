"""One walk through a séance by its forms, each step taken on a short model as well."""

import itertools
from collections import Counter
from typing import Any

from sqlalchemy import select, update

from pdp.audit import service as audit
from pdp.cases.models import CaseRecusal
from pdp.core import clock
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.models import AgendaItem, Attendance, Ballot, CelluleOpinion, Meeting, Vote
from tests.meetings.builders import SITTING, Seance, build_meeting
from tests.meetings.machine import CORE, PARTNERS, Model, Point
from tests.meetings.pages import plain
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SEATS = (*CORE, *PARTNERS)
VALUES = ("FOR", "FOR", "FOR_WITH_CONDITIONS", "AGAINST", "AGAINST", "ABSTAIN")
CODES = ("FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED")
MODES = ("NAMED", "NAMED", "CONSENSUS", "SECRET")
CASES = ("a.shared", "a.alone", "a.shared")
_keys = itertools.count()


class Walk:
    """One séance of three points, the model beside the product."""

    def __init__(self, world: World, secretary: StrictClient, members: dict[str, StrictClient], draw: Any) -> None:
        self.world, self.secretary, self.members, self.draw = world, secretary, members, draw
        self.seance: Seance = build_meeting(world, 3, status=MeetingStatus.PLANNED, cases=CASES)
        self.model = Model([Point(case, case == "a.shared") for case in CASES])
        forget_deports()
        self.path = f"/seances/{self.seance.meeting}"
        self.done: Counter[str] = Counter()
        self.told = ""

    def step(self, act: str) -> None:
        """Do one act on both sides; both must agree that it is possible, then on all that is stored."""
        answer, possible = getattr(self, act)()
        accepted = answer in (302, 303)
        assert accepted == possible, f"{act}: {answer}, the model says {possible}. {self.told}"
        self.done[f"{act} {'done' if accepted else 'refused'}"] += 1
        self.check()

    def sit(self) -> tuple[int, bool]:
        seat = self.draw.choice(SEATS)
        return self.attend(seat, state="PRESENT", mode="ROOM"), self.model.sit(seat)

    def leave(self) -> tuple[int, bool]:
        seat = self.draw.choice(SEATS)
        return self.attend(seat, state="PRESENT", left="1"), self.model.leave(seat)

    def attend(self, seat: str, **typed: str) -> int:
        with as_owner() as session:
            rows = select(Attendance.version, Attendance.seat_id).join(Meeting).where(self.is_mine())
            seats = {row.seat_id: row.version for row in session.execute(rows)}
        public, key = self.world.seat[f"a.{seat}"], self.seat_id(seat)
        return self.post(f"presences/{public}", version=seats.get(key, 1), **typed)

    def select(self) -> tuple[int, bool]:
        return self.post(f"points/{self.item(self.point())}/presenter"), self.model.select()

    def represent(self) -> tuple[int, bool]:
        """A proxy, mostly one that may be given."""
        voice = self.draw.choice((CORE, CORE, CORE, PARTNERS, SEATS))
        seat, by = self.draw.choice(voice), self.draw.choice(voice)
        answer = self.attend(seat, state="REPRESENTED", proxy_seat=self.world.seat[f"a.{by}"])
        return answer, self.model.represent(seat, by)

    def set_aside(self) -> tuple[int, bool]:
        """A déport said aloud before a vote; the seats with a suppléant, who would sit instead, are left out."""
        if any(point.ballot == "OPEN" for point in self.model.points):
            return self.select()
        place, seat = self.draw.randrange(len(CASES)), self.draw.choice([seat for seat in SEATS if seat != "ss1"])
        person = self.world.membership[f"a.{SITTING[seat]}"]
        answer = self.post(f"points/{self.item(place)}/deports", person=person, reason="EMPLOYER")
        return answer, self.model.set_aside(self.model.points[place], seat)

    def link(self) -> tuple[int, bool]:
        first, second = self.draw.sample(range(len(CASES)), 2)
        path, other = f"points/{self.item(first)}/alternative", self.item(second)
        return self.post(path, version=self.version(first), other=other), self.model.link(first, second)

    def ask(self) -> tuple[int, bool]:
        place, mode = self.point(""), self.draw.choice(MODES)
        proposed, consultative = (
            self.draw.choice(("FAVOURABLE", "UNFAVOURABLE", "ADJOURNED")),
            self.draw.random() < 0.5,
        )
        typed = {"mode": mode, "proposed": proposed} | ({"consultative": "1"} if consultative else {})
        answer = self.post(f"points/{self.item(place)}/scrutin", version=self.version(place), **typed)
        return answer, self.model.ask(self.model.points[place], mode, proposed, consultative)

    def ask_vote(self) -> tuple[int, bool]:
        """A vote asked for instead of an agreement: aloud, or from an own device by who sits in person."""
        place = self.point()
        point = self.model.points[place]
        seat = self.voter(point)
        if seat in point.carried or self.draw.random() < 0.5:
            answer = self.post(self.ballot(place, "demande-de-vote"), seat=self.world.seat[f"a.{seat}"])
        else:
            answer = self.sent(self.members[seat], f"{self.path}/vote/{self.ballot_id(place)}/demande", {})
        return answer, self.model.ask_vote(point, seat)

    def reset(self) -> tuple[int, bool]:
        place, reason = self.point(), "" if self.draw.random() < 0.2 else "Question mal lue."
        typed = {"version": self.ballot_version(place), "reset_reason": reason}
        return self.post(self.ballot(place, "reprise"), **typed), self.model.reset(self.model.points[place], reason)

    def vote(self) -> tuple[int, bool]:
        """A vote said aloud, with the sequence that the form would hold; one in six lacks its text."""
        place, value = self.point(), self.draw.choice(VALUES)
        point = self.model.points[place]
        seat = self.voter(point)
        typed = {"seat": self.world.seat[f"a.{seat}"], "vote": value, **self.text(value)}
        answer = self.post(self.ballot(place, "votes"), **typed, **self.replaces(point, seat))
        return answer, self.model.vote(point, seat, value, typed.get("text", ""), own=False)

    def own(self) -> tuple[int, bool]:
        """A vote on an own device; the same form sent twice is one vote."""
        place, value = self.point(), self.draw.choice(VALUES)
        point = self.model.points[place]
        seat = self.voter(point)
        typed = {"vote": value, "idempotency_key": f"cle-{next(_keys)}", **self.text(value)}
        typed |= self.replaces(point, seat)
        path = f"{self.path}/vote/{self.ballot_id(place)}"
        answers = {self.sent(self.members[seat], path, typed) for _ in range(self.draw.choice((1, 2)))}
        assert len(answers) == 1, answers
        return answers.pop(), self.model.vote(point, seat, value, typed.get("text", ""), own=True)

    def all_for(self) -> tuple[int, bool]:
        place = self.point()
        return self.post(self.ballot(place, "tous-pour")), self.model.all_for(self.model.points[place])

    def count(self) -> tuple[int, bool]:
        place, confirmed = self.point(), self.draw.random() < 0.5
        typed = {"version": self.ballot_version(place)} | ({"confirm_missing": "1"} if confirmed else {})
        return self.post(self.ballot(place, "cloture"), **typed), self.model.count(self.model.points[place], confirmed)

    def conclude(self) -> tuple[int, bool]:
        place = self.point("CLOSED")
        allowed = self.model.points[place].allowed
        code = self.draw.choice(allowed if self.draw.random() < 0.6 else CODES)
        typed = {"conditions": "Un bilan d’étape.", "reasons": "Un motif."}
        answer = self.post(f"points/{self.item(place)}/avis", version=self.version(place), code=code, **typed)
        return answer, self.model.conclude(self.model.points[place], code)

    def late(self) -> tuple[int, bool]:
        """A form filled before somebody else's change is refused, whatever it asks."""
        place = self.point()
        answer = self.post(f"points/{self.item(place)}/avis", version=0, code="ADJOURNED", reasons="Un motif.")
        return answer, False

    def open(self) -> tuple[int, bool]:
        return self.post("ouverture", version=self.meeting().version), self.model.open()

    def close(self) -> tuple[int, bool]:
        return self.post("cloture", version=self.meeting().version), self.model.close()

    def text(self, value: str) -> dict[str, str]:
        """Return the text of an answer that needs one, by the name of its field; now and then it is forgotten."""
        field = {"FOR_WITH_CONDITIONS": "conditions", "AGAINST": "reason"}.get(value)
        if field is None or self.draw.random() < 0.15:
            return {}
        return {field: "Un mot.", "text": "Un mot."}

    def replaces(self, point: Point, seat: str) -> dict[str, str]:
        return {"replaces": str(point.given[seat])} if seat in point.given else {}

    def point(self, ballot: str = "OPEN") -> int:
        """Choose a point, mostly one whose ballot is where the act needs it."""
        points = enumerate(self.model.points)
        fit = [place for place, point in points if point.ballot == ballot and not point.opinion]
        return self.draw.choice(fit) if fit and self.draw.random() < 0.8 else self.draw.randrange(len(CASES))

    def voter(self, point: Point) -> str:
        """Choose a seat, mostly one that votes."""
        seat: str = self.draw.choice(point.voters if point.voters and self.draw.random() < 0.7 else SEATS)
        return seat

    def post(self, path: str, **typed: Any) -> int:
        return self.sent(self.secretary, f"{self.path}/{path}", {name: str(value) for name, value in typed.items()})

    def sent(self, client: StrictClient, path: str, typed: dict[str, str]) -> int:
        answer = client.post(path, data=typed)
        self.told = plain(answer.get_data(as_text=True))[:400]
        return answer.status_code

    def item(self, place: int) -> str:
        return self.seance.items[place]

    def ballot(self, place: int, act: str) -> str:
        return f"points/{self.item(place)}/scrutin/{self.ballot_id(place)}/{act}"

    def is_mine(self) -> Any:
        return Meeting.public_id == self.seance.meeting

    def meeting(self) -> Any:
        with as_owner() as session:
            return session.execute(select(Meeting.version, Meeting.status).where(self.is_mine())).one()

    def version(self, place: int) -> int:
        with as_owner() as session:
            found = select(AgendaItem.version).where(AgendaItem.public_id == self.item(place))
            return session.scalars(found).one()

    def _ballot(self, place: int) -> Any:
        with as_owner() as session:
            found = select(Ballot.public_id, Ballot.version).join(AgendaItem, AgendaItem.id == Ballot.item_id)
            return session.execute(found.where(AgendaItem.public_id == self.item(place))).one_or_none()

    def ballot_id(self, place: int) -> str:
        found = self._ballot(place)
        return found.public_id if found else "aucun"

    def ballot_version(self, place: int) -> int:
        found = self._ballot(place)
        return found.version if found else 1

    def seat_id(self, seat: str) -> int:
        return self.keys()[seat]

    def keys(self) -> dict[str, int]:
        """Return the key of each seat by its name."""
        from pdp.accounts.models import Seat

        with as_owner() as session:
            rows = {row.public_id: row.id for row in session.execute(select(Seat.public_id, Seat.id))}
        return {name: rows[self.world.seat[f"a.{name}"]] for name in SEATS}

    def check(self) -> None:
        """Compare everything that the model knows of with what is stored."""
        names = {key: name for name, key in self.keys().items()}
        assert self.meeting().status.value == self.model.status
        with as_owner() as session:
            for place, point in enumerate(self.model.points):
                item = session.scalars(select(AgendaItem.id).where(AgendaItem.public_id == self.item(place))).one()
                ballot = session.scalars(select(Ballot).where(Ballot.item_id == item)).one_or_none()
                votes = (
                    [] if ballot is None else session.scalars(select(Vote).where(Vote.ballot_id == ballot.id)).all()
                )
                last = {names[vote.seat_id]: vote for vote in sorted(votes, key=lambda vote: vote.sequence)}
                held = {name: vote for name, vote in last.items() if ballot and vote.round == ballot.round}
                opinion = session.scalars(
                    select(CelluleOpinion.code).where(CelluleOpinion.item_id == item)
                ).one_or_none()
                assert (ballot.status.value if ballot else "") == point.ballot
                assert (ballot.mode.name if ballot else "") == point.mode
                secret = point.mode == "SECRET"
                assert {name: vote.value.value for name, vote in held.items()} == {
                    seat: value for seat, (value, _) in point.votes.items() if not secret
                }
                assert {name: vote.sequence for name, vote in last.items()} == point.given
                assert ballot is None or ballot.received == (len(point.votes) if secret else 0)
                assert len(votes) == sum(point.given.values())
                assert (opinion.value if opinion else "") == point.opinion
                if point.ballot == "CLOSED":
                    assert ballot is not None
                    assert ballot.quorum_reached == point.quorum, ballot.quorum_sentence


def forget_deports() -> None:
    """End what an earlier walk declared or left open: the cases are the same ones."""
    with as_owner() as session:
        session.execute(update(Ballot).where(Ballot.status == BallotStatus.OPEN).values(status=BallotStatus.STOPPED))
        for row in session.scalars(select(CaseRecusal).where(CaseRecusal.ended_at.is_(None))):
            row.ended_at, row.ended_by_id = clock.now(), row.declared_by_id
        audit.record(None, "tests.walk")
