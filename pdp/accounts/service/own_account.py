"""What a person's own account says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.accounts import queries
from pdp.accounts.models import Membership, UndertakingAcceptance, User
from pdp.core import clock, db
from pdp.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The person, what they are in each cellule, what they accepted."""

    user: User
    memberships: Sequence[Membership]
    accepted: Sequence[UndertakingAcceptance]

    @property
    def has_password(self) -> bool:
        """Tell whether the person signs in with a password of ours."""
        return self.user.password_hash is not None


def read_own_account(actor: Actor) -> OwnAccount:
    """Return the account of the actor."""
    with db.reading(actor):
        memberships = queries.list_memberships(actor.user_id, clock.today())
        return OwnAccount(queries.get_user(actor.user_id), memberships, queries.list_accepted(actor.user_id))
