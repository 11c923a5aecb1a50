"""Two séances per cellule, every case on both agendas: one closed and minuted, one with its ballots open."""

from datetime import timedelta
from typing import Any

from pdp.accounts.enums import OrganisationKind
from pdp.core import clock, db
from pdp.dispositifs.enums import StatusGroup
from pdp.measures.enums import EventKind
from pdp.measures.models import MeasureEvent
from pdp.meetings.enums import (
    ActionState,
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    CorrectionState,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    PointKind,
    PointPlace,
    PresenceKind,
    VoteChannel,
    VoteValue,
)
from pdp.meetings.models import (
    Action,
    AgendaItem,
    AgendaPoint,
    Attendance,
    AttendanceEvent,
    Ballot,
    BallotVoter,
    CelluleOpinion,
    FundDecision,
    Meeting,
    OpinionCorrection,
    Vote,
)
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.outcomes.models import RequestOutcome
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from tests.access.canary.content import add_request, seats_of
from tests.access.canary.tokens import Mint
from tests.support.world import World

ACTION_OWNERS = (OrganisationKind.CPAM, OrganisationKind.CAP_EMPLOI, OrganisationKind.SPST)


def add_seance(world: World, key: str, names: list[str], mint: Mint, *, held: bool) -> str:
    """Write a séance with every case named, and return its public id."""
    session, now = db.session(), clock.now()
    start = now - (timedelta(days=7) if held else timedelta(minutes=20))
    seats = seats_of(world, key)
    meeting = Meeting(
        cellule_id=world.cellule[key],
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        place="",
        status=MeetingStatus.CLOSED if held else MeetingStatus.OPEN,
        chair_seat_id=seats[0][0].id,
        opened_at=start,
        closed_at=start + timedelta(hours=3) if held else None,
        created_by_id=world.user[f"{key}.coordinateur"],
    )
    session.add(meeting)
    session.flush()
    session.add_all(
        Attendance(
            cellule_id=meeting.cellule_id,
            meeting_id=meeting.id,
            seat_id=seat.id,
            membership_id=membership,
            state=AttendanceState.PRESENT,
            mode=AttendanceMode.ROOM,
            arrived_at=start,
        )
        for seat, membership in seats
    )
    session.add(
        AgendaPoint(
            cellule_id=meeting.cellule_id,
            meeting_id=meeting.id,
            kind=PointKind.INFORMATION,
            place=PointPlace.OPENING,
            rank=1,
            title="",
            planned_minutes=5,
        )
    )
    session.add_all(
        AttendanceEvent(
            cellule_id=meeting.cellule_id,
            meeting_id=meeting.id,
            seat_id=seat.id,
            kind=PresenceKind.ARRIVED,
            membership_id=membership,
            mode=AttendanceMode.ROOM,
            at=start,
            recorded_by_id=world.user[f"{key}.coordinateur"],
        )
        for seat, membership in seats
    )
    for position, name in enumerate(names, start=1):
        item = _item(world, key, name, mint, meeting, position, seats)
        if position == 1 and not held:
            meeting.current_item_id = item.id
    session.flush()
    return meeting.public_id


def _item(
    world: World, key: str, name: str, mint: Mint, meeting: Meeting, position: int, seats: list[Any]
) -> AgendaItem:
    held = meeting.status is MeetingStatus.CLOSED
    request, snapshot = add_request(world, key, name, mint, held=held)
    item = AgendaItem(
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        request_id=request.id,
        position=position,
        started_at=meeting.starts_at + timedelta(minutes=position),
    )
    db.session().add(item)
    db.session().flush()
    _vote(world, key, item, snapshot, seats, held=held)
    if held:
        _conclude(world, key, item, request)
    else:
        world.request[f"{key}.{name}"] = request.public_id
        world.item[f"{key}.{name}"] = item.public_id
    return item


def _vote(
    world: World, key: str, item: AgendaItem, snapshot: EligibilitySnapshot, seats: list[Any], *, held: bool
) -> None:
    session = db.session()
    ballot = Ballot(
        cellule_id=item.cellule_id,
        item_id=item.id,
        question="",
        status=BallotStatus.OPEN,
        opened_at=item.started_at,
        opened_by_id=world.user[f"{key}.coordinateur"],
        chair_seat_id=seats[0][0].id,
        snapshot_id=snapshot.id,
        quorum_reached=True if held else None,
    )
    session.add(ballot)
    session.flush()
    kinds = {world.organisation[f"{key}.{kind}"]: kind for kind in OrganisationKind}
    for position, (seat, membership) in enumerate(seats, start=1):
        session.add(
            BallotVoter(
                cellule_id=item.cellule_id,
                ballot_id=ballot.id,
                seat_id=seat.id,
                membership_id=membership,
                seat_label="",
                organisation_kind=kinds[seat.organisation_id],
                voice=seat.voice,
                position=position,
            )
        )
        session.add(
            Vote(
                cellule_id=item.cellule_id,
                ballot_id=ballot.id,
                seat_id=seat.id,
                membership_id=membership,
                sequence=1,
                value=VoteValue.FOR_WITH_CONDITIONS,
                channel=VoteChannel.OWN_DEVICE,
                cast_by_id=world.user[f"{key}.coordinateur"],
                cast_at=item.started_at,
            )
        )
    session.flush()
    if held:
        ballot.status, ballot.closed_at = BallotStatus.CLOSED, item.started_at
        ballot.closed_by_id = ballot.opened_by_id
    else:
        world.ballot[f"{key}.{name_of(world, key, item)}"] = ballot.public_id
    session.flush()


def name_of(world: World, key: str, item: AgendaItem) -> str:
    """Return the situation of the case of an item."""
    case_id = db.session().get_one(DispositifRequest, item.request_id).case_id
    return next(name for name, found in world.case_id.items() if found == case_id).partition(".")[2]


def _conclude(world: World, key: str, item: AgendaItem, request: DispositifRequest) -> None:
    session, cellule_id, today = db.session(), item.cellule_id, clock.today()
    secretary = world.user[f"{key}.coordinateur"]
    session.add(
        CelluleOpinion(
            cellule_id=cellule_id,
            item_id=item.id,
            code=OpinionCode.FAVOURABLE_WITH_CONDITIONS,
            recorded_by_id=secretary,
            recorded_at=clock.now(),
        )
    )
    session.add(
        OpinionCorrection(
            cellule_id=cellule_id,
            item_id=item.id,
            case_id=request.case_id,
            reason="",
            changes=[],
            code=OpinionCode.UNFAVOURABLE,
            explanation="",
            quorum_sentence="",
            former_code=OpinionCode.FAVOURABLE_WITH_CONDITIONS,
            proposed_by_id=secretary,
            proposed_at=clock.now(),
            answer_by=clock.now() + timedelta(days=7),
            state=CorrectionState.WAITING,
        )
    )
    session.add(
        FundDecision(
            cellule_id=cellule_id,
            request_id=request.id,
            deciding_body="",
            outcome=DecisionOutcome.GRANTED,
            decided_on=today,
            recorded_by_id=world.user[f"{key}.cpam"],
            recorded_at=clock.now(),
        )
    )
    session.add(
        MeasureEvent(
            cellule_id=cellule_id,
            case_id=request.case_id,
            request_id=request.id,
            kind=EventKind.PLANNED,
            happened_on=today,
            until=today,
            text_version=1,
            recorded_by_id=world.user[f"{key}.service_social"],
            recorded_at=clock.now(),
        )
    )
    session.add(
        RequestOutcome(
            cellule_id=cellule_id,
            request_id=request.id,
            status_group=StatusGroup.SALARIE,
            code=OutcomeCode.SAME_JOB,
            in_work=True,
            result=MeasureResult.COMPLETED,
            conclusion=MeasureConclusion.POST_COMPATIBLE,
            observed_on=today,
            recorded_by_id=world.user[f"{key}.service_social"],
            recorded_at=clock.now(),
        )
    )
    session.add_all(
        Action(
            cellule_id=cellule_id,
            item_id=item.id,
            case_id=request.case_id,
            owner_organisation_id=world.organisation[f"{key}.{kind}"],
            text="",
            due_on=today,
            state=ActionState.OPEN,
            created_by_id=secretary,
        )
        for kind in ACTION_OWNERS
    )
