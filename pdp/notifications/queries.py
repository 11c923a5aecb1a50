"""Reads of notices and of the outbox."""

from collections.abc import Sequence
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


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Notice.cellule_id == actor.cellule_id, Notice.user_id == actor.user_id)


def _shown(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    cases = directory.installed().open_cases(actor).subquery()
    return (*_own(actor), or_(Notice.case_id.is_(None), Notice.case_id.in_(select(cases.c[0]))))
