"""How the mails do, for those who keep the installation: counts and instants, of every cellule together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pdp.core import clock, db
from pdp.notifications import directory, post, queries

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """How many mails wait, since when the oldest; how many were sent and failed in seven days."""

    way_out: bool
    waiting: int
    oldest: datetime | None
    sent: int
    failed: int


def read_figures() -> OutboxFigures:
    """Count the mails of every cellule, and those that open a door."""
    since = clock.now() - _WEEK
    found = []
    for scope in directory.installed().list_scopes():
        with db.reading(scope):
            found.append(queries.count_mails(scope.cellule_id, since))
    with db.reading():
        found.append(queries.count_link_mails(since))
    return OutboxFigures(
        way_out=post.installed() is not None,
        waiting=sum(each.waiting for each in found),
        oldest=_earliest(each.oldest for each in found),
        sent=sum(each.sent for each in found),
        failed=sum(each.failed for each in found),
    )


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant), default=None)
