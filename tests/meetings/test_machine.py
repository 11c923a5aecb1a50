"""Any walk through a séance by its forms stays beside a short model: what is accepted, and what is stored."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, Attendance, Ballot, CelluleOpinion, Meeting, Vote
from tests.meetings.builders import SITTING, Seance, build_meeting
from tests.meetings.machine import CORE, PARTNERS, Model, Point
from tests.meetings.pages import plain
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
SEATS = (*CORE, *PARTNERS)
VALUES = ("FOR", "FOR", "FOR_WITH_CONDITIONS", "AGAINST", "AGAINST", "ABSTAIN")
CODES = ("FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED")
ACTS = ("sit", "leave", "select", "ask", "vote", "vote", "own", "own", "all_for", "count", "count", "conclude")
ACTS = (*ACTS, "conclude", "conclude", "late")
WALKS, STEPS = 5, 30
_keys = itertools.count()
LONG_WALKS, LONG_STEPS = 40, 60


class Walk:
    """One séance of three points, the model beside the product."""

    def __init__(self, world: World, secretary: StrictClient, members: dict[str, StrictClient], draw: Any) -> None:
        self.world, self.secretary, self.members, self.draw = world, secretary, members, draw
        cases = ("a.shared", "a.alone", "a.shared")
        self.seance: Seance = build_meeting(world, 3, status=MeetingStatus.PLANNED, cases=cases)
        self.model = Model([Point(case == "a.shared") for case in cases])
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

    def ask(self) -> tuple[int, bool]:
        place = self.point()
        return self.post(f"points/{self.item(place)}/scrutin", version=self.version(place)), self.model.ask(
            self.model.points[place]
        )

    def vote(self) -> tuple[int, bool]:
        """A vote said aloud, with the sequence that the form would hold; one in six lacks its text."""
        place, seat, value = self.point(), self.draw.choice(SEATS), self.draw.choice(VALUES)
        point = self.model.points[place]
        typed = {"seat": self.world.seat[f"a.{seat}"], "vote": value, **self.text(value)}
        answer = self.post(self.ballot(place, "votes"), **typed, **self.replaces(point, seat))
        return answer, self.model.vote(point, seat, value, typed.get("text", ""), own=False)

    def own(self) -> tuple[int, bool]:
        """A vote on an own device; the same form sent twice is one vote."""
        place, seat, value = self.point(), self.draw.choice(SEATS), self.draw.choice(VALUES)
        point = self.model.points[place]
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
        place, code = self.point(), self.draw.choice(CODES)
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

    def point(self) -> int:
        """Choose a point, mostly the one being voted."""
        busy = [place for place, point in enumerate(self.model.points) if point.ballot == "OPEN"]
        return busy[0] if busy and self.draw.random() < 0.8 else self.draw.randrange(len(self.model.points))

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
                newest = {names[vote.seat_id]: vote for vote in sorted(votes, key=lambda vote: vote.sequence)}
                opinion = session.scalars(
                    select(CelluleOpinion.code).where(CelluleOpinion.item_id == item)
                ).one_or_none()
                assert (ballot.status.value if ballot else "") == point.ballot
                assert {name: vote.value.value for name, vote in newest.items()} == {
                    seat: value for seat, (value, _) in point.votes.items()
                }
                assert {name: vote.sequence for name, vote in newest.items()} == point.given
                assert len(votes) == sum(point.given.values())
                assert (opinion.value if opinion else "") == point.opinion
                if point.ballot == "CLOSED":
                    assert ballot is not None
                    assert ballot.quorum_reached == point.quorum, ballot.quorum_sentence


def walk_all(world: World, sign_in_as: SignIn, engine_name: str, walks: int, steps: int) -> str:
    secretary = sign_in_as("a.coordinateur")
    members = {seat: sign_in_as(f"a.{SITTING[seat]}") for seat in SEATS}
    total: Counter[str] = Counter()
    # Acts of seating before the walk: nobody, hardly a quorum, nearly everybody.
    draw_seats = (0, 6, 9, 16)

    @seed(20260303)
    @settings(
        max_examples=walks,
        # A walk of forms is slow: the step that diverged is told, no shorter walk is sought.
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, 2**32), st.lists(st.sampled_from(ACTS), min_size=steps, max_size=steps))
    def walk(number: int, acts: list[str]) -> None:
        path = Walk(world, secretary, members, random.Random(number))
        seating = ["sit"] * draw_seats[number % len(draw_seats)]
        for act in ("vote", "open", *seating, *acts, "open", "close", "sit"):
            path.step(act)
        total.update(path.done)

    walk()
    done = sum(count for act, count in total.items() if act.endswith("done"))
    assert done > walks * steps // 4
    assert {act.split()[0] for act in total} >= set(ACTS)
    return (
        f"{total.total()} steps through HTTP on {engine_name}, {done} accepted and {total.total() - done} refused "
        "on both sides, 0 divergence"
    )


def test_any_walk_through_a_seance_agrees_with_the_model(
    world: World, sign_in_as: SignIn, figure: Figure, engine_name: str
) -> None:
    figure("seance.machine", walk_all(world, sign_in_as, engine_name, WALKS, STEPS))


@pytest.mark.drill
def test_long_walks_through_a_seance_agree_with_the_model(
    world: World, sign_in_as: SignIn, figure: Figure, engine_name: str
) -> None:
    figure("seance.long_machine", walk_all(world, sign_in_as, engine_name, LONG_WALKS, LONG_STEPS))
