"""One's own notices: read them, open one, mark them as seen. They name no case that is no longer open."""

from pdp.core import clock, db
from pdp.notifications import queries
from pdp.notifications.queries import NoticeRow
from pdp.policy.actor import Actor


def count_unread(actor: Actor) -> int:
    """Count the unread notices of the actor, for the top of every page."""
    with db.reading(actor):
        return queries.count_unread(actor)


def list_notices(actor: Actor) -> list[NoticeRow]:
    """Return the notices of the actor, unread first, then newest first."""
    with db.reading(actor):
        return queries.list_notices(actor)


def open_notice(actor: Actor, notice: str) -> str:
    """Mark a notice as seen and return the path it leads to. Raises `NotFound` when it is not one's own."""
    with db.transaction(actor):
        found = queries.get_notice(actor, notice)
        found.seen_at = found.seen_at or clock.now()
        return found.link


def mark_all_seen(actor: Actor) -> int:
    """Mark every notice of the actor as seen and return how many were not."""
    with db.transaction(actor):
        unread = queries.list_unread(actor)
        for notice in unread:
            notice.seen_at = clock.now()
    return len(unread)
