"""Who closes an access, when an account is dormant, when a review is due. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pdp.core.errors import RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.roles import Role

# CNIL security guide, sheet on authorisations: accounts without use are closed, accesses reviewed regularly.
WARN_AFTER = timedelta(days=90)
CLOSE_AFTER_WARNING = timedelta(days=30)
REVIEW_LASTS = timedelta(days=30)
REMIND_BEFORE = timedelta(days=7)
MAY_COME_BACK = timedelta(days=90)

# Without one of these a cellule can no longer hold a séance, or the installation be kept up.
_NEEDED = frozenset({Role.COORDINATEUR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What decides who may close an access."""

    user_id: int
    role: Role


def is_dormant(last_use: datetime, now: datetime) -> bool:
    """Tell whether an account has been without use for so long that its holder must be warned."""
    return now - last_use >= WARN_AFTER


def must_close(last_use: datetime, warned_at: datetime | None, now: datetime) -> bool:
    """Tell whether a warned account has still not been used, a month after its warning."""
    return (
        warned_at is not None
        and last_use <= warned_at
        and is_dormant(last_use, now)
        and now - warned_at >= CLOSE_AFTER_WARNING
    )


def period_of(day: date) -> str:
    """Return the half-year of a day: `2026-S2`."""
    return f"{day.year}-S{1 if day.month <= 6 else 2}"


def due_on(opened: date) -> date:
    """Return the day by which a review opened on a day must be done."""
    return opened + REVIEW_LASTS


def ensure_may_give_back(actor: Actor, user_id: int) -> None:
    """Refuse to give back an access of one's own: nobody takes up alone a role they left. Raises `RuleViolation`."""
    if actor.user_id == user_id:
        raise RuleViolation("C’est votre propre accès\u00a0: une autre personne doit le rendre.")


def ensure_may_close(actor: Actor, access: AccessFacts, *, others_of_role: int) -> None:
    """Refuse to close one's own access, or the last one that the cellule cannot do without. Raises `RuleViolation`."""
    if actor.user_id == access.user_id:
        raise RuleViolation("C’est votre propre accès : une autre personne doit le retirer.")
    if access.role in _NEEDED and others_of_role == 0:
        raise RuleViolation(
            "Personne d’autre ne tient ce rôle dans la cellule : faites d’abord ouvrir un accès à qui le reprendra."
        )
