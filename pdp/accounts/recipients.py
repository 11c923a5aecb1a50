"""To whom a notice may go today: the account is active and the membership holds."""

from collections.abc import Sequence

from pdp.accounts import queries, service
from pdp.core import clock, db
from pdp.core.scope import Scope, Upkeep
from pdp.notifications.directory import Recipient


def find_recipient(user_id: int, cellule_id: int) -> Recipient | None:
    """Return the address of a person and what they are in a cellule today; None for a closed account."""
    with db.reading():
        held = [m for m in queries.list_memberships(user_id, clock.today()) if m.cellule_id == cellule_id]
    if not held or held[0].user.disabled_at is not None:
        return None
    return Recipient(held[0].user.email, tuple(service.build_actor(membership) for membership in held))


def list_scopes() -> Sequence[Scope]:
    """Return one scope per cellule."""
    with db.reading():
        return [Upkeep(cellule_id) for cellule_id in queries.list_cellule_ids()]
