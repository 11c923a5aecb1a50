"""What the coordinator sees of the convocations of a séance, and the reminders sent from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.convocations import queries
from pdp.convocations.enums import Answer, AnswerChannel
from pdp.convocations.models import Convocation
from pdp.convocations.rules import may_remind
from pdp.convocations.service.answering import Substitute, list_substitutes
from pdp.convocations.service.sending import Step, list_steps
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import queries as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.meetings.rules.forecast import Forecast
from pdp.meetings.service import forecasting
from pdp.notifications import service as notifications
from pdp.notifications.enums import MailState, NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class Row:
    """A person convened. `mail` is where their last mail is; `is_awaited` while they have not answered."""

    convocation: str
    name: str
    job_title: str
    seat: str
    organisation: str
    starts_at: datetime
    ends_at: datetime
    is_partial: bool
    sent_at: datetime
    mail: MailState | None
    read_at: datetime | None
    answer: Answer | None
    substitute: str
    wish: str
    answered_at: datetime | None
    channel: AnswerChannel | None
    reminded_at: datetime | None
    may_remind: bool
    substitutes: tuple[Substitute, ...]

    @property
    def is_awaited(self) -> bool:
        """Tell whether their answer is still to come."""
        return self.answer is None


@dataclass(frozen=True, slots=True)
class ToSend:
    """A mail that the coordinator may send now, and the reason for it."""

    kind: NoticeKind
    name: str
    seat: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The convocations of a séance. `forecast` is the quorum that the answers let expect."""

    meeting: str
    status: MeetingStatus
    starts_at: datetime
    ends_at: datetime
    place: str
    rows: tuple[Row, ...]
    to_send: tuple[ToSend, ...]
    forecast: Forecast

    @property
    def awaited(self) -> int:
        """Count those who have not answered."""
        return sum(row.is_awaited for row in self.rows)

    @property
    def too_recent(self) -> int:
        """Count those who have not answered and were reminded a short while ago."""
        return sum(row.is_awaited and not row.may_remind for row in self.rows)

    def count(self, *answers: str) -> int:
        """Count the answers of these kinds."""
        return sum(row.answer is not None and row.answer.value in answers for row in self.rows)


def read_board(actor: Actor, meeting: str) -> Board:
    """Return who is convened to a séance, what they answered, and what is still to be sent; coordinator only."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = meetings.get_frame(actor, meeting).meeting
        rows = queries.list_convocations(found.cellule_id, found.id)
        active = [row for row in rows if row.cancelled_at is None]
        day = clock.local(found.starts_at).date()
        seats = {seat.id: seat for seat in accounts.list_seats(found.cellule_id, day)}
        mails = queries.last_mails(active)
        territory = _territory(found)
        steps = list_steps(found, rows) if found.status is MeetingStatus.PLANNED else []
        forecast = forecasting.forecast_of(found)
        shown = tuple(
            _row(
                found,
                row,
                mails[row.public_id].state if row.public_id in mails else None,
                list_substitutes(row, seats[row.seat_id].holders if row.seat_id in seats else (), found),
                territory,
            )
            for row in active
        )
        to_send = tuple(_to_send(step, {seat.id: seat.label for seat in seats.values()}) for step in steps)
        audit.record(actor, "convocation.list", subject=found, count=len(shown))
    return Board(found.public_id, found.status, found.starts_at, found.ends_at, found.place, shown, to_send, forecast)


def remind(actor: Actor, meeting: str, *, convocation: str | None = None, confirmed: bool = False) -> int:
    """Remind those who have not answered, or one of them; return how many mails leave.

    Nobody is reminded twice within three working days unless `confirmed`. Raises `RuleViolation` when nobody is left.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = meetings.lock_meeting(actor, meeting)
        if found.status is not MeetingStatus.PLANNED:
            raise RuleViolation("La séance est ouverte, close ou annulée : il n’y a plus de réponse à attendre.")
        awaited = [
            row
            for row in queries.list_convocations(found.cellule_id, found.id)
            if row.cancelled_at is None and row.answer is None and convocation in (None, row.public_id)
        ]
        if convocation and not awaited:
            raise NotFound
        today, territory = clock.today(), _territory(found)
        due = [row for row in awaited if confirmed or may_remind(_day(row.reminded_at), today, territory)]
        if not due:
            raise RuleViolation(
                "Chacun a répondu : il n’y a personne à relancer."
                if not awaited
                else "Les personnes attendues ont été relancées il y a moins de trois jours ouvrables : "
                "cochez « Relancer quand même » pour leur écrire encore."
            )
        for row in due:
            row.reminded_at = clock.now()
            row.version += 1
            notifications.queue_link(NoticeKind.CONVOCATION_REMINDER, row.public_id)
        audit.record(actor, "convocation.remind", subject=found, count=len(due), confirmed=confirmed)
    return len(due)


def _row(
    meeting: Meeting,
    row: Convocation,
    mail: MailState | None,
    substitutes: tuple[Substitute, ...],
    territory: Territory,
) -> Row:
    return Row(
        convocation=row.public_id,
        name=row.membership.user.full_name,
        job_title=row.membership.user.job_title,
        seat=row.seat.label,
        organisation=row.seat.organisation.short_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_partial=(row.starts_at, row.ends_at) != (meeting.starts_at, meeting.ends_at),
        sent_at=row.sent_at,
        mail=mail,
        read_at=row.read_at,
        answer=row.answer,
        substitute=row.substitute.user.full_name if row.substitute else "",
        wish=row.wish,
        answered_at=row.answered_at,
        channel=row.channel,
        reminded_at=row.reminded_at,
        may_remind=may_remind(_day(row.reminded_at), clock.today(), territory),
        substitutes=substitutes,
    )


def _to_send(step: Step, labels: Mapping[int, str]) -> ToSend:
    about = step.wanted or step.row
    assert about is not None
    label = step.wanted.seat.label if step.wanted else labels.get(step.row.seat_id if step.row else 0, "")
    return ToSend(step.kind, step.person.user.full_name, label, about.starts_at, about.ends_at)


def _territory(meeting: Meeting) -> Territory:
    return Territory(accounts.get_cellule(meeting.cellule_id).territory)


def _day(instant: datetime | None) -> date | None:
    return clock.local(instant).date() if instant else None
