"""Consultations for tests: prepared through the services at an instant, or written for the canary world."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.accounts.enums import Silence
from pdp.accounts.models import GovernanceRules, Membership, Seat, SeatHolder
from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.consultations import service
from pdp.consultations.models import Consultation
from pdp.core import clock, db
from pdp.meetings.enums import AttendanceState, BallotStatus, MeetingKind, MeetingStatus, VoteChannel, VoteValue
from pdp.meetings.models import AgendaItem, Attendance, Ballot, BallotVoter, Meeting, Vote
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from tests.meetings.builders import build_request
from tests.support.databases import as_owner
from tests.support.world import World


@dataclass
class Consulted:
    """Public ids of a consultation built for a test, its questions in their order."""

    public_id: str
    requests: list[str]
    items: list[str] = field(default_factory=list)
    ballots: list[str] = field(default_factory=list)


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def silence_means(world: World, meaning: Silence) -> None:
    """Change the rules of cellule a."""
    with as_owner() as session:
        rules = session.scalars(select(GovernanceRules).where(GovernanceRules.cellule_id == world.cellule["a"]))
        rules.one().silence = meaning
        audit.record(None, "tests.rules")


def consult(
    world: World,
    actor: Actor,
    *,
    cases: Sequence[str] = ("a.alone",),
    ends_day: date,
    ends_time: time = time(18),
    opens_day: date | None = None,
    opens_time: time | None = None,
) -> Consulted:
    """Prepare a consultation on a request of each case; without an opening it opens at once."""
    requests = [build_request(world, case) for case in cases]
    found = service.plan_consultation(
        actor, requests=requests, ends_day=ends_day, ends_time=ends_time, opens_day=opens_day, opens_time=opens_time
    )
    return refresh(Consulted(found, requests))


def refresh(built: Consulted) -> Consulted:
    """Read again the ids of the items and ballots of a consultation."""
    with as_owner() as session:
        rows = session.execute(
            select(AgendaItem.public_id, Ballot.public_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .outerjoin(Ballot, Ballot.item_id == AgendaItem.id)
            .where(Meeting.public_id == built.public_id)
            .order_by(AgendaItem.position)
        ).all()
    return Consulted(built.public_id, built.requests, [row[0] for row in rows], [row[1] for row in rows if row[1]])


def version_of(public_id: str) -> int:
    with as_owner() as session:
        return session.scalars(select(Meeting.version).where(Meeting.public_id == public_id)).one()


def add(world: World, key: str) -> None:
    """Write a consultation under way on the case, with a vote of every seat, for the canary world."""
    session, now = db.session(), clock.now()
    cellule = key.split(".")[0]
    case = session.get_one(Case, world.case_id[key])
    request = session.scalars(
        select(DispositifRequest).where(DispositifRequest.case_id == case.id).order_by(DispositifRequest.id.desc())
    ).first()
    snapshot = session.scalars(
        select(EligibilitySnapshot).where(EligibilitySnapshot.request_id == request.id if request else False)
    ).first()
    if request is None or snapshot is None:
        return
    meeting = Meeting(
        cellule_id=case.cellule_id,
        kind=MeetingKind.WRITTEN,
        starts_at=now - timedelta(days=2),
        ends_at=now + timedelta(days=5),
        opened_at=now - timedelta(days=2),
        place="",
        status=MeetingStatus.OPEN,
        created_by_id=world.user[f"{cellule}.coordinateur"],
    )
    session.add(meeting)
    session.flush()
    session.add(Consultation(cellule_id=case.cellule_id, meeting_id=meeting.id, silence=Silence.NOTHING))
    item = AgendaItem(cellule_id=case.cellule_id, meeting_id=meeting.id, request_id=request.id, position=1)
    session.add(item)
    session.flush()
    ballot = Ballot(
        cellule_id=case.cellule_id,
        item_id=item.id,
        question="",
        status=BallotStatus.OPEN,
        opened_at=now,
        opened_by_id=meeting.created_by_id,
        snapshot_id=snapshot.id,
    )
    session.add(ballot)
    session.flush()
    for seat, membership in _seats(case.cellule_id):
        _answer(meeting, ballot, seat, membership)
    session.flush()


def _seats(cellule_id: int) -> list[tuple[Seat, Membership]]:
    rows = db.session().execute(
        select(Seat, Membership)
        .join(SeatHolder, SeatHolder.seat_id == Seat.id)
        .join(Membership, Membership.id == SeatHolder.membership_id)
        .options(joinedload(Seat.organisation))
        .where(Seat.cellule_id == cellule_id)
        .order_by(Seat.position, SeatHolder.id)
    )
    found: dict[int, tuple[Seat, Membership]] = {}
    for seat, membership in rows:
        found.setdefault(seat.id, (seat, membership))
    return list(found.values())


def _answer(meeting: Meeting, ballot: Ballot, seat: Seat, membership: Membership) -> None:
    session = db.session()
    key = {"cellule_id": meeting.cellule_id, "seat_id": seat.id}
    session.add(Attendance(meeting_id=meeting.id, state=AttendanceState.AWAITED, **key))
    session.add(
        BallotVoter(
            ballot_id=ballot.id,
            membership_id=membership.id,
            seat_label="",
            organisation_kind=seat.organisation.kind,
            voice=seat.voice,
            position=seat.position,
            **key,
        )
    )
    session.add(
        Vote(
            ballot_id=ballot.id,
            membership_id=membership.id,
            sequence=1,
            value=VoteValue.AGAINST,
            text="",
            channel=VoteChannel.OWN_DEVICE,
            cast_by_id=membership.user_id,
            cast_at=meeting.starts_at,
            **key,
        )
    )
