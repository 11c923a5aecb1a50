"""Remind people of one same thing: not too often, not too many times, whoever asks for it."""

from collections.abc import Collection
from datetime import datetime

from pdp.core import clock, db
from pdp.core.scope import Scope
from pdp.notifications import queries, rules
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify


def remind(
    recipient_user_ids: Collection[int],
    kind: NoticeKind,
    *,
    cellule_id: int,
    case_id: int | None = None,
    link: str,
    after: NoticeKind | None = None,
) -> frozenset[int]:
    """Remind those who may be reminded today, in the transaction under way; return who they were.

    `after` is the kind that asked them first, if it is another one: it counts as the first call.
    """
    told = queries.list_told(cellule_id, recipient_user_ids, {kind, after or kind}, link)
    today = clock.today()
    days = {user_id: [clock.local(instant).date() for instant in instants] for user_id, instants in told.items()}
    called = frozenset(user_id for user_id in recipient_user_ids if rules.may_remind(days.get(user_id, []), today))
    if called:
        notify(called, kind, cellule_id=cellule_id, case_id=case_id, link=link)
    return called


def last_told(
    scope: Scope, user_ids: Collection[int], kinds: Collection[NoticeKind], link: str
) -> dict[int, datetime]:
    """Return when each person was last told of something: « dernière relance le… »."""
    with db.reading(scope):
        told = queries.list_told(scope.cellule_id, user_ids, kinds, link)
    return {user_id: instants[-1] for user_id, instants in told.items()}
