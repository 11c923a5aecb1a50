"""Tell people that something awaits them: a notice in the site, and a neutral mail at once or in a digest."""

import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from pdp.core import clock, db
from pdp.core.ids import new_public_id
from pdp.notifications import directory, queries, rules
from pdp.notifications.directory import Reach
from pdp.notifications.enums import MailState, NoticeKind
from pdp.notifications.models import Notice, OutboxMail

_PATH = re.compile(r"(?:/[A-Za-z0-9_-]+)+|/")


def notify(
    recipient_user_ids: Collection[int],
    kind: NoticeKind,
    *,
    cellule_id: int,
    case_id: int | None = None,
    link: str,
) -> None:
    """Leave a notice to each person, and a mail when it must leave at once, in the transaction under way.

    `link` is a path of the site made of opaque ids. With `case_id`, notice and mail exist only for
    those who may see the case when they look, and when the mail leaves. A second notice of the same
    kind and link waits for the first to be read. Who is away is told as well, and so are those who sit in
    their place. Raises `ValueError` for a link that could carry a text.
    """
    if not _PATH.fullmatch(link) or len(link) > 200:
        raise ValueError("a notice leads to a path of the site, without query")
    told = set(recipient_user_ids)
    reaches = directory.installed().find_reach(cellule_id, told)
    if kind not in rules.PERSONAL:
        told |= {stand_in for user_id in set(told) for stand_in in reaches.get(user_id, Reach()).stand_ins}
    now = clock.now()
    mailed = _mailed_at_once(cellule_id, kind, {user_id: reaches.get(user_id, Reach()) for user_id in told})
    for user_id in sorted(told):
        row = {
            "cellule_id": cellule_id,
            "user_id": user_id,
            "case_id": case_id,
            "kind": kind,
            "link": link,
            "created_at": now,
        }
        add_unless_waiting(Notice.__table__, row | {"announced_at": now if user_id in mailed else None})
        if user_id in mailed:
            queue_mail(row, now)


def queue_mail(row: dict[str, Any], now: datetime) -> None:
    """Leave a mail to send now, unless the same one already waits."""
    key = f"{row['cellule_id']}|{row['user_id']}|{row['kind'].value}|{row['link']}"
    waiting = {
        "state": MailState.QUEUED,
        "attempts": 0,
        "next_try_at": now,
        "dedupe_key": hashlib.sha256(key.encode()).hexdigest(),
    }
    add_unless_waiting(OutboxMail.__table__, row | waiting)


def add_unless_waiting(table: Any, row: dict[str, Any]) -> None:
    """Insert a row unless the same one already waits: two acts at once must not fail each other."""
    assert isinstance(table, Table)
    insert = sqlite.insert if db.bound().is_sqlite else postgresql.insert
    db.session().execute(insert(table).values(public_id=new_public_id(), **row).on_conflict_do_nothing())


def _mailed_at_once(cellule_id: int, kind: NoticeKind, reaches: dict[int, Reach]) -> frozenset[int]:
    """Return those to whom a mail leaves with the act; the day's mails are counted only where it matters."""
    family = rules.FAMILIES[kind]

    def leaves(user_id: int, mails_today: int) -> bool:
        reach = reaches[user_id]
        return rules.leaves_at_once(kind, reach.pace(family), absent=reach.absent, mails_today=mails_today)

    wanted = frozenset(user_id for user_id in reaches if leaves(user_id, 0))
    if kind in rules.URGENT or not wanted:
        return wanted
    sent = queries.count_mails_since(cellule_id, wanted, _midnight())
    return frozenset(user_id for user_id in wanted if leaves(user_id, sent.get(user_id, 0)))


def _midnight() -> datetime:
    return clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
