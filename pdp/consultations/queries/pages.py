"""Consultations and their questions, as pages read them; a list costs the same for one and for forty."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from pdp.accounts.models import Membership, User
from pdp.cases.models import Case
from pdp.cases.queries import reads_label
from pdp.consultations.models import Consultation
from pdp.consultations.queries.rows import ConsultationRow, ConsultationView, OwnAnswer, SeatProgress
from pdp.consultations.rules import phase
from pdp.core import clock, db
from pdp.meetings import queries as meetings
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Meeting, Vote
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can
from pdp.requests.models import DispositifRequest

_MANY = 60
_Frame = aliased(Meeting)
_Given = aliased(Vote)


def list_consultations(actor: Actor) -> tuple[ConsultationRow, ...]:
    """Return the newest consultations that the actor may know, those under way first."""
    now = clock.now()
    seen = reads_label(actor, Label.REQUEST, clock.today())
    items = _questions().where(AgendaItem.meeting_id == Meeting.id, seen)
    count = items.with_only_columns(func.count(AgendaItem.id)).correlate(Meeting).scalar_subquery()
    awaited = _awaiting(actor).with_only_columns(func.count(BallotVoter.id)).where(_Frame.id == Meeting.id)
    rows = select(Meeting, count, awaited.correlate(Meeting).scalar_subquery()).where(
        Meeting.cellule_id == actor.cellule_id, meetings.is_written()
    )
    if not can(actor, Permission.MEETING_RUN):
        rows = rows.where(Meeting.status.in_((MeetingStatus.OPEN, MeetingStatus.CLOSED)))
    if not actor.is_core:
        rows = rows.where(exists(items.correlate(Meeting)))
    over = Meeting.status.in_((MeetingStatus.CLOSED, MeetingStatus.CANCELLED))
    found = db.session().execute(rows.order_by(over, Meeting.ends_at.desc(), Meeting.id.desc()).limit(_MANY))
    return tuple(
        ConsultationRow(
            meeting.public_id,
            meeting.starts_at,
            meeting.ends_at,
            phase(meeting.status, meeting.ends_at, now),
            questions,
            waiting,
        )
        for meeting, questions, waiting in found
    )


def awaited_votes(actor: Actor) -> Select[int, datetime]:
    """Return how many votes are awaited from the actor in consultations under way, and since when."""
    return _awaiting(actor).with_only_columns(func.count(BallotVoter.id), func.min(_Frame.opened_at))


def own_answers(actor: Actor, ballots: Sequence[int]) -> Mapping[int, OwnAnswer]:
    """Return the actor's own answer to each ballot in which it answers for a seat; one statement."""
    rows = db.session().execute(
        select(BallotVoter.ballot_id, Vote)
        .outerjoin(Vote, and_(Vote.ballot_id == BallotVoter.ballot_id, Vote.seat_id == BallotVoter.seat_id))
        .where(BallotVoter.ballot_id.in_(ballots))
        .where(
            or_(
                BallotVoter.membership_id == actor.membership_id,
                exists().where(
                    _Given.ballot_id == BallotVoter.ballot_id,
                    _Given.seat_id == BallotVoter.seat_id,
                    _Given.membership_id == actor.membership_id,
                ),
            )
        )
        .order_by(Vote.sequence)
    )
    found: dict[int, OwnAnswer] = {}
    for ballot, vote in rows:
        if vote is not None and vote.membership_id == actor.membership_id:
            found[ballot] = OwnAnswer(vote.value, vote.channel)
        else:
            found.setdefault(ballot, OwnAnswer(None, None))
    return found


def list_progress(meeting: Meeting, consultation: Consultation) -> tuple[SeatProgress, ...]:
    """Return, seat by seat, how many questions were answered and when the last reminder left; one statement."""
    first = select(func.min(Vote.cast_at)).where(
        Vote.ballot_id == BallotVoter.ballot_id, Vote.seat_id == BallotVoter.seat_id
    )
    rows = db.session().execute(
        select(BallotVoter, User, first.correlate(BallotVoter).scalar_subquery())
        .join(Ballot, Ballot.id == BallotVoter.ballot_id)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(Membership, Membership.id == BallotVoter.membership_id)
        .join(User, User.id == Membership.user_id)
        .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
        .where(Ballot.status != BallotStatus.STOPPED)
        .order_by(BallotVoter.position, BallotVoter.ballot_id)
    )
    seats: dict[int, list[tuple[BallotVoter, User, datetime | None]]] = {}
    for voter, person, at in rows:
        seats.setdefault(voter.seat_id, []).append((voter, person, at))
    sent = sorted(
        filter(None, (consultation.half_reminded_at, consultation.eve_reminded_at, consultation.relanced_at))
    )
    return tuple(_progress(asked, sent) for asked in seats.values())


def view_of(meeting: Meeting, consultation: Consultation, *, can_run: bool) -> ConsultationView:
    """Return the frame of a consultation."""
    return ConsultationView(
        consultation=meeting.public_id,
        version=meeting.version,
        phase=phase(meeting.status, meeting.ends_at, clock.now()),
        starts_at=meeting.starts_at,
        opened_at=meeting.opened_at,
        ends_at=meeting.ends_at,
        closed_at=meeting.closed_at,
        silence=consultation.silence,
        extension_reason=consultation.extension_reason,
        extended_at=consultation.extended_at,
        last_reminder_at=consultation.last_reminder if can_run else None,
    )


def _progress(asked: Sequence[tuple[BallotVoter, User, datetime | None]], sent: Sequence[datetime]) -> SeatProgress:
    voter, person, _ = asked[0]
    answers = [at for _, _, at in asked]
    # A seat received those reminders that left while one of its answers was missing.
    received = [at for at in sent if any(answer is None or answer > at for answer in answers)]
    return SeatProgress(
        label=voter.seat_label,
        voice=voter.voice,
        person=person.full_name,
        asked=len(asked),
        answered=sum(answer is not None for answer in answers),
        reminded_at=received[-1] if received else None,
    )


def _questions() -> Select[int]:
    return (
        select(AgendaItem.id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
    )


def _awaiting(actor: Actor) -> Select[int]:
    """Select the places of the actor in ballots under way that it has not answered."""
    answered: ColumnElement[bool] = exists().where(
        Vote.ballot_id == BallotVoter.ballot_id, Vote.seat_id == BallotVoter.seat_id
    )
    return (
        select(BallotVoter.id)
        .join(Ballot, Ballot.id == BallotVoter.ballot_id)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(_Frame, _Frame.id == AgendaItem.meeting_id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(BallotVoter.cellule_id == actor.cellule_id, BallotVoter.membership_id == actor.membership_id)
        .where(meetings.is_written(_Frame), Ballot.status == BallotStatus.OPEN, _Frame.ends_at > clock.now())
        .where(reads_label(actor, Label.REQUEST, clock.today()), ~answered)
    )
