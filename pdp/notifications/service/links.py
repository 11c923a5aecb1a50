"""Mails whose link opens a door: queued with the act, completed and sent by the scheduler."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from pdp.core import clock, db
from pdp.notifications import doors, post, queries, texts
from pdp.notifications.calendar import Invited, invite
from pdp.notifications.doors import Opening
from pdp.notifications.enums import DropReason, MailState, NoticeKind
from pdp.notifications.models import LinkMail
from pdp.notifications.post import CalendarPart, Letter, Post, PostRefused, PostUnavailable
from pdp.notifications.rules import pause_after

_BATCH = 20
_LEASE = timedelta(minutes=10)
_KEPT = timedelta(days=90)


def queue_link(kind: NoticeKind, target_id: str) -> None:
    """Leave a mail whose link opens the row of a public id, in the transaction under way.

    It costs the same whether someone will receive it or not: who does is asked when it leaves.
    """
    now = clock.now()
    db.session().add(LinkMail(kind=kind, target_id=target_id, created_at=now, next_try_at=now))


def deliver_links() -> dict[MailState, int]:
    """Send what is due; return how many mails ended, by how. Several processes may run it at once."""
    way, ended = post.installed(), dict.fromkeys(MailState, 0)
    while mails := _take():
        for mail in mails:
            ended[_deliver_one(mail, way)] += 1
    return ended


def purge_links() -> None:
    """Forget mails ended more than 90 days ago."""
    limit = clock.now() - _KEPT
    with db.transaction() as session:
        session.execute(delete(LinkMail).where(LinkMail.ended_at < limit))


def _take() -> list[LinkMail]:
    with db.transaction():
        now = clock.now()
        mails = list(queries.claim_due_links(now, _BATCH))
        for mail in mails:
            mail.attempts += 1
            mail.next_try_at = now + _LEASE
    return mails


def _deliver_one(mail: LinkMail, way: Post | None) -> MailState:
    opening = doors.find(mail.kind, mail.target_id) if way else None
    if way is None or opening is None:
        return _end(mail, MailState.DROPPED, DropReason.LINK_OVER if way else DropReason.NO_TRANSPORT)
    try:
        way.send(_write(mail, way, opening))
    except PostRefused:
        return _end(mail, MailState.FAILED, DropReason.REFUSED)
    except PostUnavailable:
        pause = pause_after(mail.attempts)
        if pause is None:
            return _end(mail, MailState.FAILED, DropReason.TOO_MANY_TRIES)
        _change(mail, next_try_at=clock.now() + pause)
        return MailState.QUEUED
    return _end(mail, MailState.SENT, None)


def _write(mail: LinkMail, way: Post, opening: Opening) -> Letter:
    body = texts.body(mail.kind, way.link(opening.path), None, frame=opening.frame, facts=opening.facts)
    part = None
    if opening.entry:
        appointment = replace(opening.entry.appointment, link=way.link(opening.entry.appointment.link))
        invited = Invited(way.sender, opening.address)
        file = invite(appointment, mail.created_at, invited, opening.entry.method)
        part = CalendarPart(opening.entry.method, file)
    return Letter(mail.public_id, opening.address, mail.kind.label, body, part)


def _end(mail: LinkMail, state: MailState, reason: DropReason | None) -> MailState:
    _change(mail, state=state, reason=reason, ended_at=clock.now())
    return state


def _change(mail: LinkMail, **values: MailState | DropReason | datetime | None) -> None:
    """Write what became of a mail, unless its lease ended and another process took it."""
    same = (LinkMail.id == mail.id, LinkMail.state == MailState.QUEUED, LinkMail.attempts == mail.attempts)
    with db.transaction() as session:
        session.execute(update(LinkMail).where(*same).values(**values))
