"""Everything the minutes of one séance are composed from, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.accounts import queries as accounts
from pdp.accounts.enums import PARTNER_KINDS
from pdp.accounts.models import Cellule, GovernanceRules, Organisation, Seat, SeatHolder
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.meetings import queries as meetings
from pdp.meetings.enums import ActionState, MeetingKind
from pdp.meetings.models import Action, AgendaItem, AgendaPoint, Attendance, Ballot, FundDecision, Meeting
from pdp.meetings.queries import RecusalRow
from pdp.meetings.rules.presence import Event
from pdp.policy.visibility import CaseFacts
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer


@dataclass(frozen=True, slots=True)
class LoadedMeeting:
    """The rows of one séance; the mappings are keyed by request, agenda item, case or seat.

    `snapshots` holds the eligibility frozen by the ballot, else the newest one kept while the item was open.
    """

    meeting: Meeting
    held_on: date
    cellule: Cellule
    rules: GovernanceRules
    attendances: Sequence[Attendance]
    events: Mapping[int, Sequence[Event]]
    recusals: Mapping[int, Sequence[RecusalRow]]
    seats: Mapping[int, Seat]
    holders: Mapping[int, Sequence[SeatHolder]]
    points: Sequence[AgendaPoint]
    items: Sequence[AgendaItem]
    snapshots: Mapping[int, EligibilitySnapshot]
    answers: Mapping[int, Sequence[HumanAnswer]]
    decisions: Mapping[int, FundDecision]
    actions: Mapping[int, Sequence[Action]]
    cases: Mapping[int, CaseFacts]
    partners: Sequence[Organisation]
    next_meeting_on: date | None
    # The opinions given in writing since the séance before.
    written: Sequence[meetings.WrittenOpinion] = ()


def load(meeting: Meeting) -> LoadedMeeting:
    """Return all the rows that the minutes of a séance need."""
    cellule_id, held_on = meeting.cellule_id, clock.local(meeting.starts_at).date()
    attendances = meetings.list_attendances(cellule_id, meeting.id)
    seats = _seats(cellule_id)
    items = _items(meeting)
    requests = [item.request_id for item in items]
    partners = [o for o in accounts.list_organisations(cellule_id, held_on) if o.kind in PARTNER_KINDS]
    written = meetings.list_written_opinions(meeting) if meeting.kind is MeetingKind.SEANCE else ()
    case_ids = {item.request.case_id for item in (*items, *(one.item for one in written))}
    return LoadedMeeting(
        meeting=meeting,
        held_on=held_on,
        cellule=accounts.get_cellule(cellule_id),
        # Those of the day on which it was opened, as its ballots were counted.
        rules=accounts.governance(cellule_id, clock.local(meeting.opened_at or meeting.starts_at).date()),
        attendances=attendances,
        events=meetings.list_events(cellule_id, meeting.id),
        recusals=meetings.list_recusals(cellule_id, sorted(case_ids)),
        seats=seats,
        holders=_holders(list(seats), held_on),
        points=meetings.list_points(meeting),
        items=items,
        snapshots=meetings.load_snapshots(meeting, items),
        answers=_answers(cellule_id, requests),
        decisions=_decisions(cellule_id, requests),
        actions=_actions(cellule_id, [item.id for item in items]),
        cases=meetings.case_facts(cellule_id, case_ids, [partner.id for partner in partners]),
        partners=partners,
        next_meeting_on=_next_meeting(meeting),
        written=written,
    )


def _items(meeting: Meeting) -> Sequence[AgendaItem]:
    request = joinedload(AgendaItem.request)
    case = request.joinedload(DispositifRequest.case)
    ballot = joinedload(AgendaItem.ballot)
    return (
        db.session()
        .scalars(
            select(AgendaItem)
            .options(
                request.selectinload(DispositifRequest.pieces),
                case.joinedload(Case.person),
                case.selectinload(Case.activities),
                ballot.joinedload(Ballot.snapshot),
                ballot.selectinload(Ballot.voters),
                ballot.selectinload(Ballot.votes),
                joinedload(AgendaItem.opinion),
            )
            .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
            .order_by(AgendaItem.position, AgendaItem.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def _seats(cellule_id: int) -> Mapping[int, Seat]:
    """Return every seat that the cellule ever had: an old ballot may name a seat closed since."""
    found = db.session().scalars(select(Seat).where(Seat.cellule_id == cellule_id))
    return {seat.id: seat for seat in found}


def _holders(seat_ids: Sequence[int], day: date) -> Mapping[int, Sequence[SeatHolder]]:
    by_seat: dict[int, list[SeatHolder]] = defaultdict(list)
    for holder in meetings.list_holders(seat_ids, day):
        by_seat[holder.seat_id].append(holder)
    return by_seat


def _answers(cellule_id: int, request_ids: Sequence[int]) -> Mapping[int, Sequence[HumanAnswer]]:
    by_request: dict[int, list[HumanAnswer]] = defaultdict(list)
    found = db.session().scalars(
        select(HumanAnswer)
        .options(joinedload(HumanAnswer.answered_by))
        .where(HumanAnswer.cellule_id == cellule_id, HumanAnswer.request_id.in_(request_ids))
        .order_by(HumanAnswer.id)
    )
    for answer in found:
        by_request[answer.request_id].append(answer)
    return by_request


def _decisions(cellule_id: int, request_ids: Sequence[int]) -> Mapping[int, FundDecision]:
    found = db.session().scalars(
        select(FundDecision).where(FundDecision.cellule_id == cellule_id, FundDecision.request_id.in_(request_ids))
    )
    return {decision.request_id: decision for decision in found}


def _actions(cellule_id: int, item_ids: Sequence[int]) -> Mapping[int, Sequence[Action]]:
    by_item: dict[int, list[Action]] = defaultdict(list)
    found = db.session().scalars(
        select(Action)
        .options(selectinload(Action.owner))
        .where(Action.cellule_id == cellule_id, Action.item_id.in_(item_ids), Action.state != ActionState.DROPPED)
        .order_by(Action.due_on, Action.id)
    )
    for action in found:
        by_item[action.item_id].append(action)
    return by_item


def _next_meeting(meeting: Meeting) -> date | None:
    found = db.session().scalar(
        select(func.min(Meeting.starts_at)).where(
            Meeting.cellule_id == meeting.cellule_id, meetings.is_seance(), Meeting.starts_at > meeting.starts_at
        )
    )
    return clock.local(found).date() if found else None
