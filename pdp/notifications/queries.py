"""Reads of notices and of the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from pdp.core import db
from pdp.core.errors import NotFound
from pdp.notifications import directory
from pdp.notifications.enums import MailState, NoticeKind
from pdp.notifications.models import LinkMail, Notice, OutboxMail
from pdp.policy.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A line of the list. `reference` names the case it is about, when there is one."""

    public_id: str
    kind: NoticeKind
    reference: str | None
    created_at: datetime
    seen_at: datetime | None


def list_notices(actor: Actor) -> list[NoticeRow]:
    """Return the newest notices of the actor, less those about a case that it may no longer see."""
    cases = directory.installed().open_cases(actor).subquery()
    found = db.session().execute(
        select(Notice.public_id, Notice.kind, cases.c[1].label("reference"), Notice.created_at, Notice.seen_at)
        .outerjoin(cases, cases.c[0] == Notice.case_id)
        .where(*_own(actor), or_(Notice.case_id.is_(None), cases.c[0].is_not(None)))
        .order_by(Notice.seen_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
        .limit(PAGE)
    )
    return [NoticeRow(*row) for row in found]


def count_unread(actor: Actor) -> int:
    """Count the unread notices that `list_notices` would show. One statement."""
    return db.session().scalar(select(func.count()).where(*_shown(actor), Notice.seen_at.is_(None))) or 0


def get_notice(actor: Actor, public_id: str) -> Notice:
    """Return one notice of the actor, locked. Raises `NotFound` when it is hidden or someone else's."""
    found = (
        db.session()
        .scalars(select(Notice).where(*_shown(actor), Notice.public_id == public_id).with_for_update(of=Notice))
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def list_unread(actor: Actor) -> Sequence[Notice]:
    """Return the unread notices that the actor may see, locked."""
    return (
        db.session()
        .scalars(select(Notice).where(*_shown(actor), Notice.seen_at.is_(None)).with_for_update(of=Notice))
        .all()
    )


def unread_kinds(actor: Actor) -> dict[int, NoticeKind]:
    """Return the unread notices that the actor may see, by key."""
    found = db.session().execute(select(Notice.id, Notice.kind).where(*_shown(actor), Notice.seen_at.is_(None)))
    return {row[0]: row[1] for row in found}


def list_untold_people(cellule_id: int) -> list[int]:
    """Return the people of a cellule whom a notice waits for, that no mail told of."""
    found = db.session().scalars(
        select(Notice.user_id).where(*_untold(cellule_id)).group_by(Notice.user_id).order_by(Notice.user_id)
    )
    return list(found)


def list_untold(cellule_id: int, user_id: int) -> Sequence[Notice]:
    """Return the notices of a person that no mail told of, locked."""
    return (
        db.session()
        .scalars(
            select(Notice)
            .where(*_untold(cellule_id), Notice.user_id == user_id)
            .order_by(Notice.id)
            .with_for_update(of=Notice)
        )
        .all()
    )


def count_mails_since(cellule_id: int, user_ids: Collection[int], since: datetime) -> dict[int, int]:
    """Count the mails left to each person since an instant. One statement."""
    found = db.session().execute(
        select(OutboxMail.user_id, func.count())
        .where(OutboxMail.cellule_id == cellule_id, OutboxMail.user_id.in_(user_ids), OutboxMail.created_at >= since)
        .group_by(OutboxMail.user_id)
    )
    return {row[0]: row[1] for row in found}


def last_mail_sent(actor: Actor) -> datetime | None:
    """Return when the last mail left to the actor, in the cellule."""
    return db.session().scalar(
        select(func.max(OutboxMail.ended_at)).where(
            OutboxMail.cellule_id == actor.cellule_id,
            OutboxMail.user_id == actor.user_id,
            OutboxMail.state == MailState.SENT,
        )
    )


def list_told(
    cellule_id: int, user_ids: Collection[int], kinds: Collection[NoticeKind], link: str
) -> dict[int, list[datetime]]:
    """Return when each person was told of something, oldest first: by a notice, or by a mail while it was unread."""
    told: dict[int, set[datetime]] = {}
    for table in (Notice, OutboxMail):
        found = db.session().execute(
            select(table.user_id, table.created_at).where(
                table.cellule_id == cellule_id,
                table.user_id.in_(user_ids),
                table.kind.in_(kinds),
                table.link == link,
            )
        )
        for user_id, instant in found:
            told.setdefault(user_id, set()).add(instant)
    return {user_id: sorted(instants) for user_id, instants in told.items()}


def claim_due(cellule_id: int, now: datetime, limit: int) -> Sequence[OutboxMail]:
    """Return mails to send now, locked; those that another process is taking are left to it."""
    return (
        db.session()
        .scalars(
            select(OutboxMail)
            .where(
                OutboxMail.cellule_id == cellule_id,
                OutboxMail.state == MailState.QUEUED,
                OutboxMail.next_try_at <= now,
            )
            .order_by(OutboxMail.next_try_at, OutboxMail.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .all()
    )


def claim_due_links(now: datetime, limit: int) -> Sequence[LinkMail]:
    """Return mails that open a door to send now, locked; those that another process is taking are left to it."""
    return (
        db.session()
        .scalars(
            select(LinkMail)
            .where(LinkMail.state == MailState.QUEUED, LinkMail.next_try_at <= now)
            .order_by(LinkMail.next_try_at, LinkMail.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .all()
    )


def find_reference(actor: Actor, case_id: int) -> str | None:
    """Return the reference of a case that the actor may see today; None when it may not."""
    cases = directory.installed().open_cases(actor).subquery()
    return db.session().scalar(select(cases.c[1]).where(cases.c[0] == case_id))


def _untold(cellule_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Notice.cellule_id == cellule_id, Notice.seen_at.is_(None), Notice.announced_at.is_(None))


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Notice.cellule_id == actor.cellule_id, Notice.user_id == actor.user_id)


def _shown(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    cases = directory.installed().open_cases(actor).subquery()
    return (*_own(actor), or_(Notice.case_id.is_(None), Notice.case_id.in_(select(cases.c[0]))))


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Mails of one table: those that wait, since when the oldest; those sent and failed lately."""

    waiting: int
    oldest: datetime | None
    sent: int
    failed: int


def count_mails(cellule_id: int, since: datetime) -> MailCounts:
    """Count the mails of a cellule; those that ended are counted since an instant. One statement."""
    return _count(OutboxMail, since, OutboxMail.cellule_id == cellule_id)


def count_link_mails(since: datetime) -> MailCounts:
    """Count the mails whose link opens a door. One statement."""
    return _count(LinkMail, since)


def _count(table: type[OutboxMail | LinkMail], since: datetime, *conditions: ColumnElement[bool]) -> MailCounts:
    waits = table.state == MailState.QUEUED
    ended = table.ended_at >= since
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(waits),
                func.min(table.created_at).filter(waits),
                func.count().filter(table.state == MailState.SENT, ended),
                func.count().filter(table.state == MailState.FAILED, ended),
            ).where(*conditions)
        )
        .one()
    )
    return MailCounts(*row)
