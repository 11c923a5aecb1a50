"""Who is told, in the same transaction, that an access is closed, and who is asked. Wired in `pdp.wiring`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pdp.policy.actor import Actor

if TYPE_CHECKING:
    from pdp.accounts.models import Membership

# Called with the actor of the emergency access and the key of the access.
EmergencyClosed = Callable[[Actor, int], None]
emergency_closed: list[EmergencyClosed] = []

# Called with a membership that ends, loaded with its person; returns how many invitations it ended.
MembershipEnded = Callable[["Membership"], int]
membership_ended: list[MembershipEnded] = []

# Called with the token of a sign-in that ended and where to come back to; returns the name of the provider that
# opened it and the address that ends its session there too, None when there is none.
SessionElsewhere = Callable[[str, str], tuple[str, str] | None]
sessions_elsewhere: list[SessionElsewhere] = []

# Called with the key of a sign-in and a membership of its person; tells whether what opened it opens that one too.
MayUse = Callable[[int, "Membership"], bool]
membership_limits: list[MayUse] = []


def find_session_elsewhere(token: str, back_to: str) -> tuple[str, str] | None:
    """Return where a sign-in that ended is still open: a name and the address that ends it."""
    return next(filter(None, (find(token, back_to) for find in sessions_elsewhere)), None)
