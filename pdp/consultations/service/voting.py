"""Answer a consultation: vote, vote by phone, ask for an oral debate, remind by hand."""

from pdp.audit import service as audit
from pdp.consultations import queries
from pdp.consultations.rules import PAUSE
from pdp.consultations.service.telling import remind, tell
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.core.french import hour, weekday
from pdp.meetings import queries as meetings
from pdp.meetings import service as seances
from pdp.meetings.enums import MeetingStatus, VoteChannel, VoteValue
from pdp.meetings.models import Meeting
from pdp.meetings.rules.workflow import BallotAction, next_ballot_status
from pdp.meetings.service.steps import bump, check_version, move_request
from pdp.meetings.service.voting import NOT_ENTITLED, VoteReceipt
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction


def cast(
    actor: Actor,
    ballot: str,
    *,
    value: VoteValue,
    text: str = "",
    replaces: int | None = None,
    idempotency_key: str | None = None,
) -> VoteReceipt:
    """Keep the vote of the actor's own seat until the deadline. A déport lets its suppléants know."""
    with db.transaction(actor):
        held = meetings.lock_ballot(actor, ballot, meetings.WRITTEN)
        seats = [voter.seat_id for voter in meetings.voters_for(held, actor.membership_id, clock.today())]
        receipt = seances.cast_vote(
            actor, ballot, value=value, text=text, replaces=replaces, idempotency_key=idempotency_key
        )
        if value is VoteValue.RECUSED and not receipt.replayed:
            # From here on the case is missing for the actor: nothing more of it is read in its name.
            meeting = meetings.get_meeting_row(actor.cellule_id, held.meeting_id)
            for seat_id in seats:
                others = queries.holders_of(seat_id, clock.today(), actor.membership_id)
                tell(meeting, NoticeKind.CONSULTATION_OPENED, others)
    return receipt


def type_phone_vote(actor: Actor, ballot: str, *, seat: str, value: VoteValue, text: str = "") -> VoteReceipt:
    """Keep a vote said on the telephone, typed by the coordinator, who sees it; its person is told.

    It replaces the one typed before for the seat. The person may confirm or change it until the deadline; a
    vote given by the person is never replaced.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = meetings.lock_ballot(actor, ballot, meetings.WRITTEN)
        seat_id = meetings.find_seat(actor.cellule_id, seat).id
        given = meetings.list_votes(held.ballot.id, seat_id)
        typed = given[-1].sequence if given and given[-1].channel is VoteChannel.PHONE else None
        receipt = seances.type_vote(
            actor, ballot, seat=seat, value=value, text=text, replaces=typed, channel=VoteChannel.PHONE
        )
        meeting = meetings.get_meeting_row(actor.cellule_id, held.meeting_id)
        voters = [voter for voter in meetings.list_voters(held.ballot.id) if voter.seat_id == seat_id]
        tell(meeting, NoticeKind.CONSULTATION_PHONE, queries.users_of(voters))
    return receipt


def evoke(actor: Actor, ballot: str) -> None:
    """Ask that a question be debated orally: its vote stops, and it waits, first, for the next séance.

    Any voter of the question may, until the deadline. The votes received stay in the history: they are
    neither counted nor read. The other questions go on.
    """
    ensure(actor, Permission.VOTE_CAST)
    with db.transaction(actor):
        frame, held = queries.hold_by_ballot(actor, ballot)
        meetings.ensure_can_follow(actor, held.case_id)
        if not meetings.voters_for(held, actor.membership_id, clock.today()):
            raise RuleViolation(NOT_ENTITLED)
        if held.deadline is None or clock.now() >= held.deadline:
            raise RuleViolation("La consultation a pris fin : un débat oral ne peut plus être demandé.")
        found, item = held.ballot, queries.get_item(held.ballot)
        found.status = next_ballot_status(found.status, BallotAction.STOP)
        found.closed_at, found.closed_by_id = clock.now(), actor.user_id
        bump(found)
        request = meetings.lock_request(actor, item.request.public_id)
        move_request(request, RequestAction.UNSCHEDULE)
        meeting = frame.meeting
        bump(meeting)
        audit.record(actor, "consultation.evoke", case_id=held.case_id, subject=found, meeting=meeting.id)
        voters = meetings.list_voters(found.id)
        told = queries.users_of(voters) | {meeting.created_by_id}
        tell(meeting, NoticeKind.CONSULTATION_EVOKED, told - {actor.user_id})


def relance(actor: Actor, consultation: str, *, version: int) -> int:
    """Remind by hand those whose answer is awaited; return how many seats. Once a day at the most."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.hold(actor, consultation)
        meeting = held.meeting
        check_version(meeting, version, "cette consultation")
        _ensure_under_way(meeting)
        last = held.consultation.last_reminder
        if last is not None and clock.now() - last < PAUSE:
            at = clock.local(last + PAUSE)
            raise RuleViolation(
                "Une relance est partie il y a moins d’un jour. "
                f"Vous pourrez relancer {weekday(at.date())} à {hour(at)}."
            )
        held.consultation.relanced_at = clock.now()
        seats = remind(meeting)
        bump(meeting)
        audit.record(actor, "consultation.remind", subject=meeting, seats=seats, by_hand=True)
    return seats


def _ensure_under_way(meeting: Meeting) -> None:
    if meeting.status is not MeetingStatus.OPEN or clock.now() >= meeting.ends_at:
        raise RuleViolation("La consultation n’est pas ouverte : il n’y a personne à relancer.")
