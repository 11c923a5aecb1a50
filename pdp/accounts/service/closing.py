"""End a membership, close an account, open it again: what a person had open ends with it, in every process.

These join the caller's transaction and leave its journal entry to the caller.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from pdp.accounts import listeners, queries
from pdp.accounts.enums import ClosingReason
from pdp.accounts.models import Membership, User, UserSession
from pdp.core import clock


def end_membership(membership: Membership) -> int:
    """End a membership loaded with its person: its seats and its sign-ins end too.

    Returns how many invitations the listeners ended: a link kept aside would let the person in again.
    """
    today = clock.today()
    membership.ends_on = _yesterday(today)
    for holder in queries.list_seats_held(membership.id, today):
        holder.ends_on = _yesterday(today)
    _revoke(queries.list_sessions_through(membership.id))
    return sum(listener(membership) for listener in listeners.membership_ended)


def close_account(user: User, reason: ClosingReason) -> None:
    """Close an account in the whole installation; what it did keeps its name."""
    user.disabled_at, user.disabled_reason = clock.now(), reason
    _revoke(queries.list_sessions_of(user.id))


def reopen_account(user: User) -> None:
    """Open an account again: its password and its second factors serve as before."""
    user.disabled_at = user.disabled_reason = user.dormant_warned_at = None
    # Its clock starts again: it would else be closed as dormant the next night.
    user.last_signed_in_at = clock.now()


def _revoke(sessions: Iterable[UserSession]) -> None:
    for session in sessions:
        session.revoked_at = clock.now()


def _yesterday(today: date) -> date:
    # The last day counts: an access that ends now ended yesterday.
    return today - timedelta(days=1)
