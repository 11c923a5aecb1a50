"""Twice a working day, one mail per person for all that came since the last one: how much awaits, and where."""

from collections import Counter

from pdp.core import clock, db
from pdp.core.scope import Scope
from pdp.notifications import directory, queries, rules
from pdp.notifications.directory import Reach, Recipient
from pdp.notifications.enums import Family, NoticeKind
from pdp.notifications.service.notifying import queue_mail

LINK = "/notifications"


def queue_digests() -> int:
    """Leave a digest to each person whom a notice waits for untold; return how many.

    Run twice it leaves none: a notice is marked as told in the transaction that leaves the mail.
    """
    count = 0
    for scope in directory.installed().list_scopes():
        with db.reading(scope):
            waiting = queries.list_untold_people(scope.cellule_id)
        reaches = _reaches(scope, waiting)
        count += sum(_queue_one(scope, user_id, reaches.get(user_id, Reach())) for user_id in waiting)
    return count


def count_by_family(person: Recipient) -> dict[Family, int]:
    """Count what awaits a person now, less the cases that they may no longer see."""
    found: dict[int, NoticeKind] = {}
    for actor in person.actors:
        with db.reading(actor):
            found |= queries.unread_kinds(actor)
    return dict(Counter(rules.FAMILIES[kind] for kind in found.values()))


def _reaches(scope: Scope, people: list[int]) -> dict[int, Reach]:
    with db.reading(scope):
        return dict(directory.installed().find_reach(scope.cellule_id, people))


def _queue_one(scope: Scope, user_id: int, reach: Reach) -> bool:
    if reach.absent:
        # All of it is told on the day of return.
        return False
    now = clock.now()
    with db.transaction(scope):
        told = [
            notice
            for notice in queries.list_untold(scope.cellule_id, user_id)
            if rules.waits_for_digest(notice.kind, reach.pace(rules.FAMILIES[notice.kind]))
        ]
        for notice in told:
            notice.announced_at = now
        if not told:
            return False
        row = {
            "cellule_id": scope.cellule_id,
            "user_id": user_id,
            "case_id": None,
            "kind": NoticeKind.DIGEST,
            "link": LINK,
            "created_at": now,
        }
        queue_mail(row, now)
    return True
