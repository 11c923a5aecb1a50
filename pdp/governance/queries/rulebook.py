"""The rules of a cellule over time, and the last séance as a new rule would have judged it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.accounts.models import GovernanceRules
from pdp.core import db
from pdp.meetings import queries as meetings
from pdp.meetings.enums import BallotStatus, MeetingKind, MeetingStatus
from pdp.meetings.models import AgendaItem, Attendance, Ballot, BallotVoter, Meeting, Vote
from pdp.meetings.queries import Poll


@dataclass(frozen=True, slots=True)
class HeldBallot:
    """A closed ballot of the last séance, with what it takes to count it again."""

    item: AgendaItem
    poll: Poll


@dataclass(frozen=True, slots=True)
class LastMeeting:
    """The last séance that was closed: its agenda, its presences, its closed ballots in the order of the agenda."""

    meeting: Meeting
    items: Sequence[AgendaItem]
    attendances: Sequence[Attendance]
    ballots: Sequence[HeldBallot]


def list_rules(cellule_id: int) -> Sequence[GovernanceRules]:
    """Return every version of the rules, the newest first."""
    return (
        db.session()
        .scalars(
            select(GovernanceRules)
            .options(joinedload(GovernanceRules.decided_by))
            .where(GovernanceRules.cellule_id == cellule_id)
            .order_by(GovernanceRules.valid_from.desc())
        )
        .all()
    )


def find_last_meeting(cellule_id: int) -> LastMeeting | None:
    """Return the last closed séance in which something was voted; six statements, whatever its length."""
    session = db.session()
    meeting = session.scalars(
        select(Meeting)
        .where(
            Meeting.cellule_id == cellule_id,
            Meeting.kind == MeetingKind.SEANCE,
            Meeting.status == MeetingStatus.CLOSED,
            Meeting.id.in_(
                select(AgendaItem.meeting_id)
                .join(AgendaItem.ballot)
                .where(AgendaItem.cellule_id == cellule_id, Ballot.status == BallotStatus.CLOSED)
            ),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    ).one_or_none()
    if meeting is None:
        return None
    agenda = meetings.load_agenda(meeting)
    items = [item for item in agenda if _is_closed(item)]
    ballots = [item.ballot.id for item in items if item.ballot]
    voters: dict[int, list[BallotVoter]] = defaultdict(list)
    for voter in session.scalars(
        select(BallotVoter).where(BallotVoter.ballot_id.in_(ballots)).order_by(BallotVoter.position)
    ):
        voters[voter.ballot_id].append(voter)
    votes: dict[int, list[Vote]] = defaultdict(list)
    for vote in session.scalars(select(Vote).where(Vote.ballot_id.in_(ballots)).order_by(Vote.seat_id, Vote.sequence)):
        votes[vote.ballot_id].append(vote)
    held = [
        HeldBallot(item, Poll(item.ballot, voters[item.ballot.id], votes[item.ballot.id]))
        for item in items
        if item.ballot
    ]
    return LastMeeting(meeting, agenda, meetings.list_attendances(cellule_id, meeting.id), held)


def _is_closed(item: AgendaItem) -> bool:
    return item.ballot is not None and item.ballot.status is BallotStatus.CLOSED
