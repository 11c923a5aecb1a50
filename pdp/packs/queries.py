"""Everything that the sheets of a séance are made from, in a number of statements that no agenda makes grow."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts import queries as accounts
from pdp.accounts.models import Cellule, Membership
from pdp.advice import queries as advice
from pdp.advice.models import AdviceRound
from pdp.cases.models import Case
from pdp.consent.models import SharingAgreement
from pdp.convocations import queries as convocations
from pdp.convocations.service.wanted import list_wanted
from pdp.core import clock, db
from pdp.meetings import queries as meetings
from pdp.meetings.models import AgendaItem, AgendaPoint, Ballot, CelluleOpinion, FundDecision, Meeting
from pdp.meetings.rules.slots import Slot
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from pdp.requests.rules.standing import Standing


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """An opinion given on a case before this séance, and the decision that followed, if any."""

    meeting: Meeting
    request: DispositifRequest
    opinion: CelluleOpinion
    decision: FundDecision | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of one séance that the session may read; mappings by request, by case, or by public id for slots."""

    meeting: Meeting
    cellule: Cellule
    items: Sequence[AgendaItem]
    points: Sequence[AgendaPoint]
    slots: Mapping[str, Slot]
    snapshots: Mapping[int, EligibilitySnapshot]
    standings: Mapping[int, Standing]
    rounds: Mapping[int, Sequence[AdviceRound]]
    earlier: Mapping[int, Sequence[EarlierRow]]


def get_meeting(actor: Actor, public_id: str) -> Meeting:
    """Return a séance of the actor's cellule. Raises `NotFound`."""
    return meetings.get_frame(actor, public_id).meeting


def load(meeting: Meeting, only: str | None = None) -> Loaded:
    """Return what the sheets of a séance are made from; `only` names the one item that is wanted.

    The caller asks for nothing else of these cases afterwards: another query would load them with less.
    """
    # The rounds come first: they load the same cases, with less of them than the items do.
    rounds: dict[int, list[AdviceRound]] = defaultdict(list)
    for found in advice.list_rounds_about(meeting.cellule_id, _request_ids(meeting)):
        rounds[found.request_id].append(found)
    items = _items(meeting, only)
    points = meetings.list_points(meeting)
    snapshots = meetings.load_snapshots(meeting, items)
    return Loaded(
        meeting=meeting,
        cellule=accounts.get_cellule(meeting.cellule_id),
        items=items,
        points=points,
        slots=meetings.meeting_slots(meeting, points),
        snapshots=snapshots,
        standings=meetings.standings(meeting.cellule_id, snapshots),
        rounds=rounds,
        earlier=_earlier(meeting, {item.request.case_id for item in items}),
    )


def list_recipients(meeting: Meeting) -> Sequence[Membership]:
    """Return who is convened to a séance, or would be: titulaires and those who come in their place, once each."""
    rows = [row for row in convocations.list_convocations(meeting.cellule_id, meeting.id) if row.cancelled_at is None]
    keys = [row.membership_id for row in rows] or [wanted.membership.id for wanted in list_wanted(meeting)]
    people = {found.id: found for found in accounts.list_people(meeting.cellule_id, clock.today())}
    return [people[key] for key in keys if key in people]


def _request_ids(meeting: Meeting) -> Sequence[int]:
    wanted = select(AgendaItem.request_id).where(AgendaItem.cellule_id == meeting.cellule_id)
    return db.session().scalars(wanted.where(AgendaItem.meeting_id == meeting.id)).all()


def _items(meeting: Meeting, only: str | None) -> Sequence[AgendaItem]:
    request = contains_eager(AgendaItem.request)
    case = request.contains_eager(DispositifRequest.case)
    wanted = (
        select(AgendaItem)
        .join(AgendaItem.request)
        .join(DispositifRequest.case)
        .options(
            request.selectinload(DispositifRequest.pieces),
            case.joinedload(Case.person, innerjoin=True),
            case.joinedload(Case.referent),
            case.selectinload(Case.activities),
            case.selectinload(Case.stoppages),
            case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
            joinedload(AgendaItem.ballot).joinedload(Ballot.snapshot),
            joinedload(AgendaItem.opinion),
        )
        .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        wanted = wanted.where(AgendaItem.public_id == only)
    return db.session().scalars(wanted).all()


def _earlier(meeting: Meeting, case_ids: Collection[int]) -> Mapping[int, Sequence[EarlierRow]]:
    found: dict[int, list[EarlierRow]] = defaultdict(list)
    rows = db.session().execute(
        select(Meeting, DispositifRequest, CelluleOpinion, FundDecision)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .outerjoin(
            FundDecision,
            and_(FundDecision.cellule_id == Meeting.cellule_id, FundDecision.request_id == DispositifRequest.id),
        )
        .where(
            Meeting.cellule_id == meeting.cellule_id,
            Meeting.starts_at < meeting.starts_at,
            DispositifRequest.case_id.in_(case_ids),
        )
        .order_by(Meeting.starts_at.desc(), AgendaItem.id.desc())
    )
    for row in rows:
        found[row[1].case_id].append(EarlierRow(*row))
    return found
