"""Tell the voters of a consultation: that it opened, that their vote is awaited, how it ended."""

from collections.abc import Collection

from pdp.consultations import queries
from pdp.meetings import queries as meetings
from pdp.meetings.enums import BallotStatus
from pdp.meetings.models import BallotVoter, Meeting
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind


def path_of(meeting: Meeting) -> str:
    """Return the page of a consultation."""
    return f"/consultations/{meeting.public_id}"


def tell_voters(meeting: Meeting, kind: NoticeKind, *, but: Collection[int] = ()) -> None:
    """Leave a notice to everybody who may answer at least one question, less the people of `but`."""
    voters = [voter for ballot in queries.list_ballots(meeting) for voter in meetings.list_voters(ballot.id)]
    tell(meeting, kind, queries.users_of(voters) - frozenset(but))


def tell(meeting: Meeting, kind: NoticeKind, users: Collection[int]) -> None:
    """Leave a notice that leads to the consultation."""
    notifications.notify(users, kind, cellule_id=meeting.cellule_id, link=path_of(meeting))


def awaited(meeting: Meeting) -> dict[int, BallotVoter]:
    """Return, by seat, those whose answer to at least one open question is still awaited."""
    found: dict[int, BallotVoter] = {}
    for ballot in queries.list_ballots(meeting):
        if ballot.status is not BallotStatus.OPEN:
            continue
        answered = {vote.seat_id for vote in meetings.list_votes(ballot.id)}
        aside = queries.standing_aside(ballot)
        found |= {
            voter.seat_id: voter
            for voter in meetings.list_voters(ballot.id)
            if voter.seat_id not in answered and voter.membership_id not in aside
        }
    return found


def remind(meeting: Meeting) -> int:
    """Remind those whose answer is awaited, and nobody else; return how many seats."""
    waiting = awaited(meeting)
    tell(meeting, NoticeKind.CONSULTATION_REMINDER, queries.users_of(list(waiting.values())))
    return len(waiting)
