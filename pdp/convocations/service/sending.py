"""Convene people to a séance, and tell them what changed since: who is told what is worked out, never kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pdp.accounts.models import Membership
from pdp.audit import service as audit
from pdp.convocations import queries
from pdp.convocations.enums import Answer
from pdp.convocations.models import Convocation
from pdp.convocations.service.wanted import Wanted, list_wanted
from pdp.core import clock, db, links
from pdp.core.errors import RuleViolation
from pdp.core.ids import new_public_id
from pdp.meetings import queries as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.hooks import Change
from pdp.meetings.models import Meeting
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

PURPOSE = "convocation"
_KINDS = (
    NoticeKind.CONVOCATION,
    NoticeKind.CONVOCATION_CHANGED,
    NoticeKind.CONVOCATION_ADDENDUM,
    NoticeKind.CONVOCATION_CANCELLED,
)
# What leaves by itself with the change; the rest waits for the coordinator, who may still be at work on the agenda.
_AT_ONCE = {
    Change.MOVED: {NoticeKind.CONVOCATION_CHANGED, NoticeKind.CONVOCATION_CANCELLED},
    Change.CANCELLED: {NoticeKind.CONVOCATION_CANCELLED},
    Change.ITEM_REMOVED: {NoticeKind.CONVOCATION_CANCELLED},
}
# The séance is over: what somebody wrote about their own hours serves nobody any more.
_OVER = frozenset({Change.CLOSED, Change.CANCELLED})
_NOT_PLANNED = "Les convocations s’envoient avant l’ouverture de la séance."


@dataclass(frozen=True, slots=True)
class Step:
    """A mail to send: to whom, and what it says. `wanted` is None for a person no longer convened."""

    kind: NoticeKind
    row: Convocation | None
    wanted: Wanted | None

    @property
    def person(self) -> Membership:
        """Return to whom it goes."""
        if self.wanted is not None:
            return self.wanted.membership
        assert self.row is not None
        return self.row.membership


def send_convocations(actor: Actor, meeting: str) -> dict[NoticeKind, int]:
    """Convene those who are to be, and tell the others what changed for them; return how many mails of each kind.

    Raises `RuleViolation` when there is nobody to write to, or once the séance opened.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = meetings.lock_meeting(actor, meeting)
        if found.status is not MeetingStatus.PLANNED:
            raise RuleViolation(_NOT_PLANNED)
        steps = list_steps(found, queries.list_convocations(found.cellule_id, found.id))
        if not steps:
            raise RuleViolation("Chacun a déjà reçu ce qui le concerne : il n’y a rien à envoyer.")
        for step in steps:
            take(found, step)
        counts = Counter(step.kind for step in steps)
        sent = {kind.value: counts[kind] for kind in _KINDS}
        audit.record(actor, "convocation.send", subject=found, sent=sent)
    return {kind: counts[kind] for kind in _KINDS}


def on_change(actor: Actor | None, meeting: Meeting, change: Change) -> Collection[int]:
    """Tell at once those convened to a séance that moved or is cancelled, and a partner whose last case left it.

    Joins the transaction of the change. Returns the people told.
    """
    rows = queries.list_convocations(meeting.cellule_id, meeting.id)
    if change in _OVER:
        _forget_wishes(rows)
    if meeting.status not in (MeetingStatus.PLANNED, MeetingStatus.CANCELLED) or not any(_active(rows)):
        return ()
    if change is Change.MOVED:
        for row in _active(rows):
            _forget_answer(row)
    steps = [step for step in list_steps(meeting, rows) if step.kind in _AT_ONCE[change]]
    for step in steps:
        take(meeting, step)
    if steps:
        audit.record(actor, "convocation.update", subject=meeting, change=change.value, count=len(steps))
    return [step.person.user_id for step in steps]


def list_steps(meeting: Meeting, rows: Sequence[Convocation]) -> list[Step]:
    """Return what is to be told to whom, given what each person was told last."""
    known = {row.membership_id: row for row in rows}
    wanted = {} if meeting.status is MeetingStatus.CANCELLED else _with_substitutes(meeting, rows)
    steps = []
    for each in wanted.values():
        row = known.get(each.membership.id)
        kind = _kind(meeting, row, each)
        if kind is not None:
            steps.append(Step(kind, row, each))
    gone = [row for row in _active(rows) if row.membership_id not in wanted]
    return steps + [Step(NoticeKind.CONVOCATION_CANCELLED, row, None) for row in gone]


def take(meeting: Meeting, step: Step) -> Convocation:
    """Write what a person is told, and queue its mail."""
    row = step.row
    if step.wanted is None:
        assert row is not None
        return withdraw(row)
    if row is None:
        row = _new(meeting, step.wanted)
        db.session().add(row)
    else:
        row.sequence += step.kind is not NoticeKind.CONVOCATION_ADDENDUM
        row.version += 1
        if step.kind is NoticeKind.CONVOCATION:
            _revive(row, step.wanted)
    row.starts_at, row.ends_at, row.place = step.wanted.starts_at, step.wanted.ends_at, meeting.place
    row.agenda_mark = step.wanted.agenda_mark
    db.session().flush()
    notifications.queue_link(step.kind, row.public_id)
    return row


def withdraw(row: Convocation) -> Convocation:
    """Take a convocation back: its link opens nothing any more, and its entry leaves the calendar."""
    row.cancelled_at = clock.now()
    row.sequence += 1
    row.version += 1
    notifications.queue_link(NoticeKind.CONVOCATION_CANCELLED, row.public_id)
    return row


def _with_substitutes(meeting: Meeting, rows: Sequence[Convocation]) -> dict[int, Wanted]:
    """Return who is wanted, the suppléants that a titulaire sends included."""
    wanted = {each.membership.id: each for each in list_wanted(meeting)}
    for row in _active(rows):
        sender = wanted.get(row.membership_id)
        if row.answer is Answer.SUBSTITUTE and row.substitute is not None and sender is not None:
            wanted.setdefault(row.substitute.id, replace(sender, membership=row.substitute))
    return wanted


def _kind(meeting: Meeting, row: Convocation | None, wanted: Wanted) -> NoticeKind | None:
    if row is None or row.cancelled_at is not None:
        return NoticeKind.CONVOCATION
    if (row.starts_at, row.ends_at, row.place) != (wanted.starts_at, wanted.ends_at, meeting.place):
        return NoticeKind.CONVOCATION_CHANGED
    return NoticeKind.CONVOCATION_ADDENDUM if row.agenda_mark != wanted.agenda_mark else None


def _new(meeting: Meeting, wanted: Wanted) -> Convocation:
    public_id = new_public_id()
    return Convocation(
        public_id=public_id,
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        seat_id=wanted.seat.id,
        membership_id=wanted.membership.id,
        token_hash=links.hash_of(links.new_token(PURPOSE, public_id)),
        sent_at=clock.now(),
    )


def _revive(row: Convocation, wanted: Wanted) -> None:
    row.cancelled_at, row.read_at, row.reminded_at = None, None, None
    row.seat_id, row.sent_at = wanted.seat.id, clock.now()
    _clear(row)


def _forget_answer(row: Convocation) -> None:
    """Ask again whoever had said whether they come: it was for another day, hour or place.

    Whoever sends a suppléant still does, and the suppléant is asked.
    """
    if row.answer is not Answer.SUBSTITUTE:
        _clear(row)


def _forget_wishes(rows: Iterable[Convocation]) -> None:
    for row in rows:
        if row.wish:
            row.wish = ""
            row.version += 1


def _clear(row: Convocation) -> None:
    row.answer, row.answered_at, row.channel, row.substitute_id, row.wish = None, None, None, None, ""


def _active(rows: Iterable[Convocation]) -> list[Convocation]:
    return [row for row in rows if row.cancelled_at is None]
