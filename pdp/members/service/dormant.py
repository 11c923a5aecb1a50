"""Accounts without use: their holder is warned, then the account is closed."""

from datetime import datetime

from pdp.accounts import service as accounts
from pdp.accounts.enums import ClosingReason
from pdp.accounts.models import User
from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.members import queries, rules
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind


def close_dormant() -> tuple[int, int]:
    """Warn the holders of unused accounts, close those warned a month ago; return how many of each.

    The job of the night; running it twice changes nothing.
    """
    warned = closed = 0
    for scope in list_scopes():
        with db.transaction(scope):
            before = clock.now() - rules.WARN_AFTER
            for user in queries.list_unused_accounts(scope.cellule_id, before, clock.today()):
                if user.dormant_warned_at is None:
                    _warn(user, scope.cellule_id)
                    warned += 1
                elif rules.must_close(_last_use(user), user.dormant_warned_at, clock.now()):
                    accounts.close_account(user, ClosingReason.DORMANT)
                    audit.record(None, "account.close", subject=user, reason=ClosingReason.DORMANT.value)
                    closed += 1
    return warned, closed


def _warn(user: User, cellule_id: int) -> None:
    user.dormant_warned_at = clock.now()
    notifications.notify([user.id], NoticeKind.ACCOUNT_DORMANT, cellule_id=cellule_id, link="/")
    audit.record(None, "account.warn", subject=user)


def _last_use(user: User) -> datetime:
    return user.last_signed_in_at or user.created_at
