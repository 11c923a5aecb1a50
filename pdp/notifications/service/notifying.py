"""Tell people that something awaits them: a notice in the site and a neutral mail, never a text."""

import hashlib
import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from pdp.core import clock, db
from pdp.core.ids import new_public_id
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
    """Leave a notice and a mail to each person, in the transaction under way.

    `link` is a path of the site made of opaque ids. With `case_id`, notice and mail exist only for
    those who may see the case when they look, and when the mail leaves. A second notice of the same
    kind and link waits for the first to be read. Raises `ValueError` for a link that could carry a text.
    """
    if not _PATH.fullmatch(link) or len(link) > 200:
        raise ValueError("a notice leads to a path of the site, without query")
    now = clock.now()
    for user_id in sorted(set(recipient_user_ids)):
        row = {
            "cellule_id": cellule_id,
            "user_id": user_id,
            "case_id": case_id,
            "kind": kind,
            "link": link,
            "created_at": now,
        }
        _add_unless_waiting(Notice.__table__, row)
        _add_unless_waiting(
            OutboxMail.__table__,
            row
            | {
                "state": MailState.QUEUED,
                "attempts": 0,
                "next_try_at": now,
                "dedupe_key": _dedupe_key(cellule_id, user_id, kind, link),
            },
        )


def _dedupe_key(cellule_id: int, user_id: int, kind: NoticeKind, link: str) -> str:
    return hashlib.sha256(f"{cellule_id}|{user_id}|{kind.value}|{link}".encode()).hexdigest()


def _add_unless_waiting(table: Any, row: dict[str, Any]) -> None:
    """Insert a row unless the same one already waits: two acts at once must not fail each other."""
    assert isinstance(table, Table)
    insert = sqlite.insert if db.bound().is_sqlite else postgresql.insert
    db.session().execute(insert(table).values(public_id=new_public_id(), **row).on_conflict_do_nothing())
