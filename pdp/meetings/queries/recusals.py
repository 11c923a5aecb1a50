"""Who takes no part in the cases of a séance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from pdp.accounts.models import Membership
from pdp.cases.enums import RecusalReason
from pdp.cases.models import Case
from pdp.cases.queries import recusals as stored
from pdp.cases.queries.facts import recused_of
from pdp.core import db
from pdp.meetings.enums import BallotStatus, MeetingStatus, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, CelluleOpinion, Meeting, Vote
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """A déport as the coordination reads it; `ended_at` is None while it lasts."""

    recusal: str
    user_id: int
    person: str
    reason: RecusalReason
    declared_at: datetime
    ended_at: datetime | None


def recused_users(cellule_id: int, case_id: int) -> frozenset[int]:
    """Return the people who take no part in a case at this moment."""
    wanted = select(Case.recused).where(Case.cellule_id == cellule_id, Case.id == case_id)
    return recused_of(db.session().scalar(wanted))


def recused_by_item(meeting: Meeting) -> Mapping[str, frozenset[int]]:
    """Return the people who take no part in each case of an agenda, by item; one statement."""
    rows = db.session().execute(
        select(AgendaItem.public_id, Case.recused)
        .join(AgendaItem.request)
        .join(DispositifRequest.case)
        .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position)
    )
    found = {item: recused_of(words) for item, words in rows}
    return {item: people for item, people in found.items() if people}


def list_recusals(cellule_id: int, case_ids: Sequence[int]) -> Mapping[int, tuple[RecusalRow, ...]]:
    """Return the déports of cases, by case, oldest first; one statement."""
    found: dict[int, tuple[RecusalRow, ...]] = {}
    for row in stored.list_recusals(cellule_id, case_ids):
        line = RecusalRow(row.public_id, row.user_id, row.user.full_name, row.reason, row.declared_at, row.ended_at)
        found[row.case_id] = (*found.get(row.case_id, ()), line)
    return found


def votes_now(cellule_id: int, case_id: int, user_id: int) -> bool:
    """Tell whether a ballot of the case is open in which the person has a seat, and has not said to take no part."""
    aside = exists().where(
        Vote.ballot_id == Ballot.id, Vote.membership_id == BallotVoter.membership_id, Vote.value == VoteValue.RECUSED
    )
    wanted = (
        select(BallotVoter.id)
        .join(Ballot, Ballot.id == BallotVoter.ballot_id)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(AgendaItem.request)
        .join(Membership, Membership.id == BallotVoter.membership_id)
        .where(Ballot.cellule_id == cellule_id, Ballot.status == BallotStatus.OPEN)
        .where(DispositifRequest.case_id == case_id, Membership.user_id == user_id, ~aside)
    )
    return db.session().scalars(wanted.limit(1)).first() is not None


def find_awaiting_meeting(cellule_id: int, case_id: int) -> Meeting | None:
    """Return the first séance, planned or open, that has a point of this case without an opinion."""
    wanted = (
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(AgendaItem.request)
        .outerjoin(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .where(Meeting.cellule_id == cellule_id, DispositifRequest.case_id == case_id)
        .where(Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.OPEN)), CelluleOpinion.id.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return db.session().scalars(wanted).first()
