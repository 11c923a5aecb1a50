"""The demo's séances, from `seeds/demo/meetings.yaml`: the past one is played through the services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts.enums import BallotMode
from pdp.cases.enums import RecusalReason
from pdp.core import clock, db
from pdp.core.db import Base
from pdp.demo.agenda import settle_points
from pdp.demo.measures import follow_measures
from pdp.demo.moments import Moments
from pdp.demo.people import People, seed
from pdp.demo.requests import record_pieces
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings import service
from pdp.meetings.enums import AttendanceMode, AttendanceState, DecisionOutcome, OpinionCode, VoteValue
from pdp.meetings.models import Action, AgendaItem, Attendance, Ballot, BallotVoter, Meeting
from pdp.meetings.rules.conditions import HeldLine
from pdp.meetings.service import following
from pdp.minutes import service as minutes
from pdp.outcomes import service as outcomes
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.policy.actor import Actor
from pdp.requests import service as requests
from pdp.requests.models import DispositifRequest

_LENGTH = timedelta(hours=2, minutes=30)
_PARTNERS_ON_VIDEO = frozenset({"Cap emploi", "Comète", "MDPH", "OETH"})


class PastMeeting:
    """Plays the séance already held, minute after minute, as its people would."""

    def __init__(self, people: People, moments: Moments, asked: dict[str, str]) -> None:
        self.people, self.moments, self.requests = people, moments, asked
        self.script = seed("meetings")["past"]
        self.opening = moments.past_meeting()
        self.now = self.opening
        self.secretary: Actor = people.actor("claire")

    def play(self) -> str:
        """Plan the séance, hold it, close it, and write its minutes; return its public id."""
        with clock.acting_at(self.opening - timedelta(days=6)):
            meeting = _plan(self.secretary, self.opening, self.script["place"])
            for key in self.script["items"]:
                service.add_to_agenda(self.secretary, meeting, request=self.requests[key])
        with self._after(2):
            service.open_meeting(self.secretary, meeting, version=_version(Meeting, meeting))
            self._seat_everyone(meeting)
            settle_points(self.secretary, meeting, self.script["points"])
        for key, scene in self.script["items"].items():
            self._play_item(meeting, key, scene)
        with self._after(6):
            service.close_meeting(self.secretary, meeting, version=_version(Meeting, meeting))
        with clock.acting_at(self.opening + timedelta(hours=20)):
            minutes.compose_minutes(self.secretary, meeting, fictitious=True)
        return meeting

    @contextmanager
    def _after(self, minutes_later: int) -> Iterator[datetime]:
        self.now += timedelta(minutes=minutes_later)
        with clock.acting_at(self.now):
            yield self.now

    def _seat_everyone(self, meeting: str) -> None:
        for label in self.people.seats:
            if label not in self.script["late"]:
                self._seat(meeting, label)
        chair = self.people.seats[self.script["chair"]].public_id
        service.set_chair(self.secretary, meeting, version=_version(Meeting, meeting), seat=chair)

    def _seat(self, meeting: str, label: str, *, left: bool = False, back: bool = False) -> None:
        seat, absent = self.people.seats[label], label in self.script["absent"]
        service.set_attendance(
            self.secretary,
            meeting,
            seat=seat.public_id,
            version=_attendance_version(meeting, seat.id),
            state=AttendanceState.EXCUSED if absent else AttendanceState.PRESENT,
            mode=None if absent else _mode(label),
            left=left,
            back=back,
        )

    def _come_and_go(self, meeting: str, item: str, scene: dict[str, Any]) -> None:
        """Let people arrive, leave and come back as the point begins, and take no part in it."""
        for label in scene.get("arrive", []):
            self._seat(meeting, label)
        for label in scene.get("leave", []):
            self._seat(meeting, label, left=True)
        for label in scene.get("back", []):
            self._seat(meeting, label, back=True)
        for person, reason in scene.get("aside", {}).items():
            membership = self.people.actor(person).membership_public_id
            service.set_aside(self.secretary, item, person=membership, reason=RecusalReason(reason))

    def _play_item(self, meeting: str, key: str, scene: dict[str, Any]) -> None:
        item = _item_of(meeting, self.requests[key])
        scene = scene | {"request": self.requests[key]}
        with self._after(4):
            service.select_item(self.secretary, item)
            self._come_and_go(meeting, item, scene)
            service.save_discussion(self.secretary, item, base="", discussion=scene["discussion"])
        if "votes" in scene:
            self._vote(item, scene)
        with self._after(2):
            service.record_opinion(
                self.secretary,
                item,
                version=_version(AgendaItem, item),
                code=OpinionCode(scene["opinion"]),
                conditions=scene.get("conditions", ""),
                reasons=scene.get("reasons", ""),
                dissent=scene.get("dissent", ""),
                held=[self._held(*line) for line in scene.get("held", [])],
            )
            for owner, text, days in scene.get("actions", []):
                organisation = self.people.organisations[owner].public_id
                due_on = (self.opening + timedelta(days=days)).date()
                service.add_action(self.secretary, item, owner=organisation, text=text, due_on=due_on)

    def _held(self, owner: str, text: str, days: int) -> HeldLine:
        return HeldLine(text, self.people.organisations[owner].public_id, (self.opening + timedelta(days=days)).date())

    def _vote(self, item: str, scene: dict[str, Any]) -> None:
        with self._after(3):
            ballot = self._open(item, scene)
            for person, value in scene.get("secret", {}).items():
                service.cast_vote(self.people.actor(person), ballot, value=VoteValue(value))
            for label, (value, text) in scene["votes"].items():
                seat = self.people.seats[label].public_id
                service.type_vote(self.secretary, ballot, seat=seat, value=VoteValue(value), text=text)
            if scene.get("own_device") in _electorate(ballot):
                service.cast_vote(self.people.actor("emilie"), ballot, value=VoteValue.FOR)
            if _mode_of(scene) is BallotMode.NAMED:
                service.type_all_for(self.secretary, ballot)
            for person, group, rule, reason in scene.get("answers", []):
                self._answer(scene["request"], person, StatusGroup(group), rule, reason)
        with self._after(1):
            service.close_ballot(self.secretary, ballot, version=_version(Ballot, ballot))

    def _open(self, item: str, scene: dict[str, Any]) -> str:
        return service.open_ballot(
            self.secretary,
            item,
            version=_version(AgendaItem, item),
            mode=_mode_of(scene),
            proposed=OpinionCode(scene["opinion"]),
            consultative=_mode_of(scene) is not BallotMode.SECRET,
        )

    def _answer(self, request: str, person: str, group: StatusGroup, rule: str, reason: str) -> None:
        actor = self.people.actor(person)
        requests.answer_rule(actor, request, group=group, rule_id=rule, accepted=True, reason=reason)


def follow_up(people: People, moments: Moments, asked: dict[str, str]) -> None:
    """Record what came after the past séance: decisions, actions done, outcomes, pieces received."""
    script, opening = seed("meetings")["past"], moments.past_meeting()
    for key, values in script["decisions"].items():
        with clock.acting_at(opening + timedelta(days=values["after"])):
            _decide(people.actor("martine"), asked[key], values)
    follow_measures(people, asked)
    for text, person in script["done"].items():
        with clock.acting_at(moments.at(-9)):
            action = _action_named(text)
            service.complete_action(people.actor(person), action, version=_version(Action, action))
    for key, values in script["outcomes"].items():
        with clock.acting_at(moments.at(values["day"])):
            _conclude(people.actor("sophie"), asked[key], values)
    for ask in seed("requests"):
        record_pieces(people, moments, asked[ask["key"]], ask.get("later", {}))
    with clock.acting_at(moments.at(-2, 6, 45)):
        following.follow_all()


def plan_next(people: People, moments: Moments, asked: dict[str, str]) -> str:
    """Plan the next séance and put its requests on the agenda; return its public id."""
    secretary = people.actor("claire")
    script = seed("meetings")["next"]
    meeting = _plan(secretary, moments.next_meeting(), script["place"])
    for key in script["items"]:
        service.add_to_agenda(secretary, meeting, request=asked[key])
    # What is eligible and complete needs no debate, unless a member asks for one.
    eligible = [row.item for row in service.read_fast_track(secretary, meeting).candidates if not row.why_not]
    service.mark_fast_track(secretary, meeting, items=eligible)
    return meeting


def _mode_of(scene: dict[str, Any]) -> BallotMode:
    return BallotMode(scene.get("mode", BallotMode.NAMED))


def _plan(secretary: Actor, opening: datetime, place: str) -> str:
    return service.plan_meeting(
        secretary, day=opening.date(), start=opening.time(), end=(opening + _LENGTH).time(), place=place
    )


def _decide(actor: Actor, request: str, values: dict[str, Any]) -> None:
    service.record_decision(
        actor,
        request,
        outcome=DecisionOutcome(values["outcome"]),
        decided_on=clock.today(),
        reasons=values.get("reasons", ""),
        appeal_routes=values.get("appeal", ""),
        # A refusal is notified by its letter, which the cellule still has to send.
        notified_on=clock.today() if values["outcome"] == DecisionOutcome.GRANTED else None,
    )


def _conclude(actor: Actor, request: str, values: dict[str, Any]) -> None:
    outcomes.record_outcome(
        actor,
        request,
        status_group=StatusGroup(values["group"]),
        code=OutcomeCode(values["code"]),
        in_work=values["in_work"],
        result=MeasureResult(values["result"]),
        conclusion=MeasureConclusion(values["conclusion"]),
        observed_on=clock.today(),
    )


def _mode(label: str) -> AttendanceMode:
    return AttendanceMode.VIDEO if label in _PARTNERS_ON_VIDEO else AttendanceMode.ROOM


def _version(table: type[Base], public_id: str) -> int:
    with db.reading() as session:
        return session.scalars(select(table.version).where(table.public_id == public_id)).one()  # type: ignore[attr-defined, no-any-return]


def _attendance_version(meeting: str, seat_id: int) -> int:
    with db.reading() as session:
        rows = select(Attendance.version).join(Meeting, Meeting.id == Attendance.meeting_id)
        return session.scalars(rows.where(Meeting.public_id == meeting, Attendance.seat_id == seat_id)).one()


def _item_of(meeting: str, request: str) -> str:
    with db.reading() as session:
        items = (
            select(AgendaItem.public_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        )
        return session.scalars(items.where(Meeting.public_id == meeting, DispositifRequest.public_id == request)).one()


def _electorate(ballot: str) -> set[str]:
    with db.reading() as session:
        voters = select(BallotVoter.seat_label).join(Ballot, Ballot.id == BallotVoter.ballot_id)
        return set(session.scalars(voters.where(Ballot.public_id == ballot)))


def _action_named(text: str) -> str:
    with db.reading() as session:
        return session.scalars(select(Action.public_id).where(Action.text == text)).one()
