"""Who is told, in the same transaction, that an access is closed. Wired in `pdp.wiring`."""

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
