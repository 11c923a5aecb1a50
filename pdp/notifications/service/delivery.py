"""Send the mails of the outbox: at least once each, decided again at the moment of leaving.

A mail is taken by a short transaction that leaves a lease on it; no transaction is open while the
server is spoken to. A process that dies in between leaves a mail that the next one sends again, under
the same Message-ID.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from pdp.core import clock, db
from pdp.core.scope import Scope
from pdp.notifications import directory, post, queries, texts
from pdp.notifications.directory import Recipient
from pdp.notifications.enums import DropReason, MailState, NoticeKind
from pdp.notifications.models import Notice, OutboxMail
from pdp.notifications.post import Letter, Post, PostRefused, PostUnavailable
from pdp.notifications.rules import pause_after
from pdp.notifications.service.digest import count_by_family

_BATCH = 20
_LEASE = timedelta(minutes=10)
# More than a server takes over one mail: connection, greeting and each answer, twenty seconds at most.
_SLOWEST = timedelta(minutes=3)
_KEPT = timedelta(days=90)


@dataclass
class Delivered:
    """How many mails a run sent, put off, gave up and dropped."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    dropped: int = 0


def deliver() -> Delivered:
    """Send what is due in every cellule. Several processes may run it at once."""
    way, total = post.installed(), Delivered()
    for scope in directory.installed().list_scopes():
        while mails := _take(scope):
            for mail in mails:
                if clock.now() < mail.next_try_at - _SLOWEST:
                    _deliver_one(scope, mail, way, total)
                else:
                    # A slow server, a lease about to end: put back, and taken again under a fresh one.
                    _change(scope, mail, next_try_at=clock.now(), attempts=mail.attempts - 1)
    return total


def purge() -> None:
    """Forget notices seen, and mails ended, more than 90 days ago."""
    limit = clock.now() - _KEPT
    for scope in directory.installed().list_scopes():
        with db.transaction(scope) as session:
            session.execute(delete(Notice).where(Notice.cellule_id == scope.cellule_id, Notice.seen_at < limit))
            session.execute(
                delete(OutboxMail).where(OutboxMail.cellule_id == scope.cellule_id, OutboxMail.ended_at < limit)
            )


def _take(scope: Scope) -> list[OutboxMail]:
    with db.transaction(scope):
        now = clock.now()
        mails = list(queries.claim_due(scope.cellule_id, now, _BATCH))
        for mail in mails:
            mail.attempts += 1
            mail.next_try_at = now + _LEASE
    return mails


def _deliver_one(scope: Scope, mail: OutboxMail, way: Post | None, total: Delivered) -> None:
    letter = _write(mail, way)
    if isinstance(letter, DropReason):
        _end(scope, mail, MailState.DROPPED, letter)
        total.dropped += 1
        return
    assert way is not None
    try:
        way.send(letter)
    except PostRefused:
        _end(scope, mail, MailState.FAILED, DropReason.REFUSED)
        total.failed += 1
    except PostUnavailable:
        _put_off(scope, mail, total)
    else:
        _end(scope, mail, MailState.SENT, None)
        total.sent += 1


def _write(mail: OutboxMail, way: Post | None) -> Letter | DropReason:
    """Return the mail as it leaves, or why it must not: rights are those of this moment."""
    if way is None:
        return DropReason.NO_TRANSPORT
    person = directory.installed().find_recipient(mail.user_id, mail.cellule_id)
    if person is None:
        return DropReason.ACCOUNT_CLOSED
    if mail.kind is NoticeKind.DIGEST:
        return _write_digest(mail, way, person)
    reference = None
    if mail.case_id is not None:
        for actor in person.actors:
            with db.reading(actor):
                reference = reference or queries.find_reference(actor, mail.case_id)
        if reference is None:
            return DropReason.CASE_NOT_OPEN
    text = texts.body(mail.kind, way.link(mail.link), reference)
    return Letter(mail.public_id, person.address, mail.kind.label, text)


def _write_digest(mail: OutboxMail, way: Post, person: Recipient) -> Letter | DropReason:
    counts = count_by_family(person)
    if not counts:
        return DropReason.NOTHING_LEFT
    text = texts.body(mail.kind, way.link(mail.link), None, counted=texts.count_in_words(counts))
    return Letter(mail.public_id, person.address, mail.kind.label, text)


def _put_off(scope: Scope, mail: OutboxMail, total: Delivered) -> None:
    pause = pause_after(mail.attempts)
    if pause is None:
        _end(scope, mail, MailState.FAILED, DropReason.TOO_MANY_TRIES)
        total.failed += 1
        return
    _change(scope, mail, next_try_at=clock.now() + pause)
    total.put_off += 1


def _end(scope: Scope, mail: OutboxMail, state: MailState, reason: DropReason | None) -> None:
    _change(scope, mail, state=state, reason=reason, ended_at=clock.now())


def _change(scope: Scope, mail: OutboxMail, **values: MailState | DropReason | datetime | int | None) -> None:
    """Write what became of a mail, unless its lease ended and another process took it."""
    with db.transaction(scope) as session:
        session.execute(
            update(OutboxMail)
            .where(
                OutboxMail.id == mail.id,
                OutboxMail.cellule_id == mail.cellule_id,
                OutboxMail.state == MailState.QUEUED,
                OutboxMail.attempts == mail.attempts,
            )
            .values(**values)
        )
