"""The end of a consultation: its ballots close at the deadline, once, whoever runs the job and how often."""

from pdp.accounts.enums import Silence, Voice
from pdp.audit import service as audit
from pdp.consultations import queries
from pdp.consultations.queries import Held
from pdp.consultations.service.telling import path_of, tell_voters
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.core.scope import Scope
from pdp.meetings import queries as meetings
from pdp.meetings.enums import AttendanceState, BallotStatus, MeetingStatus, PointKind, VoteChannel, VoteValue
from pdp.meetings.models import Ballot, Vote
from pdp.meetings.queries import HeldBallot, Poll
from pdp.meetings.rules.workflow import BallotAction, MeetingAction, next_ballot_status, next_status
from pdp.meetings.service.ballots import result_of
from pdp.meetings.service.points import put_point
from pdp.meetings.service.steps import bump, check_version
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def close_due(scope: Scope, consultation: str) -> bool:
    """Close the ballots of a consultation whose deadline has passed; tell whether there was anything to do.

    The frame is locked first: of two processes the second one finds nothing left.
    """
    with db.transaction(scope):
        held = queries.hold(scope, consultation)
        ballots = [each for each in queries.list_ballots(held.meeting) if each.status is BallotStatus.OPEN]
        if not ballots or held.meeting.status is not MeetingStatus.OPEN or clock.now() < held.meeting.ends_at:
            return False
        for ballot in ballots:
            _close(held, ballot)
        _note_presence(held)
        bump(held.meeting)
        audit.record(None, "consultation.end", subject=held.meeting, questions=len(ballots))
        tell_voters(held.meeting, NoticeKind.CONSULTATION_CLOSED)
    return True


def finish(actor: Actor, consultation: str, *, version: int) -> None:
    """Close a consultation for good once every question has its opinion, or goes to the next séance."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        meeting = queries.hold(actor, consultation).meeting
        check_version(meeting, version, "cette consultation")
        items = meetings.list_items(meeting)
        for item in items:
            if item.ballot is None or item.ballot.status is BallotStatus.OPEN:
                raise RuleViolation("La consultation n’a pas pris fin : elle ne se clôt qu’après sa date de fin.")
            if item.ballot.status is BallotStatus.CLOSED and item.opinion is None:
                raise RuleViolation(f"L’avis sur la question {item.position} n’est pas enregistré.")
        meeting.status = next_status(meeting.status, MeetingAction.CLOSE)
        meeting.closed_at = clock.now()
        bump(meeting)
        audit.record(actor, "consultation.close", subject=meeting, questions=len(items))
        db.session().flush()
        put_on_next_agenda(actor, meeting.cellule_id)


def put_on_next_agenda(actor: Actor | None, cellule_id: int) -> None:
    """Give the next séance its point on the opinions given in writing, once there are any.

    Called at the closing of a consultation and by the job, so that a séance planned or cancelled later
    has, or leaves, the point as well.
    """
    seance = meetings.find_next_seance(cellule_id, clock.now())
    if seance is None or meetings.find_point(seance, PointKind.CONSULTATIONS) is not None:
        return
    if not meetings.list_written_opinions(seance):
        return
    point = put_point(seance, PointKind.CONSULTATIONS)
    bump(seance)
    audit.record(actor, "point.add", subject=point, kind=point.kind, meeting=seance.id)


def _close(held: Held, ballot: Ballot) -> None:
    meeting, item = held.meeting, queries.get_item(ballot)
    if held.consultation.silence is Silence.ASSENT:
        _take_silence_as_assent(held, meetings.load_poll(ballot))
    locked = HeldBallot(ballot, item.id, meeting.id, item.request_id, item.request.case_id, meeting.ends_at)
    poll = meetings.load_poll(ballot)
    result = result_of(locked, poll, meetings.standing_of(ballot))
    ballot.status = next_ballot_status(ballot.status, BallotAction.CLOSE)
    # Nobody closes it: it closes at its hour, even when the job ran later.
    ballot.closed_at, ballot.closed_by_id = meeting.ends_at, None
    ballot.quorum_reached, ballot.quorum_sentence = result.quorum.reached, result.quorum.sentence
    bump(ballot)
    audit.record(
        None,
        "ballot.close",
        case_id=item.request.case_id,
        subject=ballot,
        answers=len(poll.holding),
        silent=len(poll.silent),
    )


def _take_silence_as_assent(held: Held, poll: Poll) -> None:
    """Write a vote *pour* for the silent deliberative seats that were reached."""
    meeting = held.meeting
    told = queries.reached(meeting.cellule_id, path_of(meeting)) - queries.standing_aside(poll.ballot)
    for voter in poll.silent:
        if voter.voice is not Voice.DELIBERATIVE or voter.membership_id not in told:
            continue
        db.session().add(
            Vote(
                cellule_id=meeting.cellule_id,
                ballot_id=poll.ballot.id,
                seat_id=voter.seat_id,
                membership_id=voter.membership_id,
                sequence=1,
                value=VoteValue.FOR,
                channel=VoteChannel.SILENCE,
                cast_by_id=meeting.created_by_id,
                cast_at=meeting.ends_at,
            )
        )
    db.session().flush()


def _note_presence(held: Held) -> None:
    """Say of each seat whether it answered at least one question: what stands for presence in the minutes."""
    meeting = held.meeting
    answered = {
        vote.seat_id: vote.membership_id
        for ballot in queries.list_ballots(meeting)
        for vote in meetings.list_votes(ballot.id)
        if vote.channel is not VoteChannel.SILENCE
    }
    for row in meetings.list_attendances(meeting.cellule_id, meeting.id):
        row.state = AttendanceState.PRESENT if row.seat_id in answered else AttendanceState.ABSENT
        row.membership_id = answered.get(row.seat_id)
        bump(row)
