"""Who may vouch for a person who lost every factor: two different people, each in a part of their own.

Never the technical administration twice: it holds the machine, and could then take any account alone.
The reasons are in docs/adr/0009.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.core.enums import Labelled
from pdp.policy.actor import Actor
from pdp.policy.roles import PARTNER_ROLES, Role


class RecoveryWay(Labelled):
    """Whose words are needed for the person who asks; the label says it to that person."""

    CORE = (
        "core",
        "la coordination de la cellule, et une autre personne (coordination, administration ou manager)",
    )
    COORDINATOR = (
        "coordinator",
        "un manager ou une autre personne de la coordination, et l’une encore de ces personnes ou l’administration",
    )
    PARTNER = "partner", "le gestionnaire de votre organisme, et la coordination de la cellule"


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who lost their factors, and whose words they need."""

    user_id: int
    cellule_id: int
    organisation_id: int
    way: RecoveryWay


@dataclass(frozen=True, slots=True)
class Voucher:
    """A person who vouches, or may: in which role, of which organisation."""

    user_id: int
    cellule_id: int
    organisation_id: int
    role: Role
    is_org_manager: bool = False


_CLOSE = frozenset({Role.COORDINATEUR, Role.MANAGER, Role.ADMIN})
# One of the two at least is of these: people of the field, who know who works there.
_LEADING = {
    RecoveryWay.CORE: frozenset({Role.COORDINATEUR}),
    RecoveryWay.COORDINATOR: frozenset({Role.COORDINATEUR, Role.MANAGER}),
}


def way_of(role: Role, *, has_own_manager: bool) -> RecoveryWay:
    """Return whose words a person needs. `has_own_manager`: another person manages their organisation's people."""
    if role in PARTNER_ROLES and has_own_manager:
        return RecoveryWay.PARTNER
    return RecoveryWay.COORDINATOR if role is Role.COORDINATEUR else RecoveryWay.CORE


def voucher_of(actor: Actor) -> Voucher:
    """Return what decides whether an actor may vouch."""
    return Voucher(actor.user_id, actor.cellule_id, actor.organisation_id, actor.role, actor.is_org_manager)


def is_close(asker: Asker, voucher: Voucher) -> bool:
    """Tell whether a person may be one of the two."""
    if voucher.user_id == asker.user_id or voucher.cellule_id != asker.cellule_id:
        return False
    if asker.way is RecoveryWay.PARTNER:
        return voucher.role is Role.COORDINATEUR or _manages(asker, voucher)
    return voucher.role in _CLOSE


def may_vouch(asker: Asker, voucher: Voucher, given: Sequence[Voucher]) -> bool:
    """Tell whether a person may vouch after those who did: a second word must make a right pair with the first."""
    if not is_close(asker, voucher) or len(given) >= 2:
        return False
    return not given or is_right_pair(asker, given[0], voucher)


def is_right_pair(asker: Asker, one: Voucher, other: Voucher) -> bool:
    """Tell whether two people together are enough."""
    if one.user_id == other.user_id or not (is_close(asker, one) and is_close(asker, other)):
        return False
    if asker.way is RecoveryWay.PARTNER:
        return any(
            _manages(asker, first) and second.role is Role.COORDINATEUR
            for first, second in ((one, other), (other, one))
        )
    return bool({one.role, other.role} & _LEADING[asker.way])


def _manages(asker: Asker, voucher: Voucher) -> bool:
    """Tell whether the voucher manages the people of the asker's own organisation."""
    return (
        voucher.role in PARTNER_ROLES and voucher.is_org_manager and voucher.organisation_id == asker.organisation_id
    )
