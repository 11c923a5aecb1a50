"""From stored memberships to the value that policy and services work with."""

from dataclasses import replace

from pdp.accounts import queries
from pdp.accounts.models import Membership, UserSession
from pdp.core import clock
from pdp.policy.actor import Actor


def build_actor(membership: Membership) -> Actor:
    """Copy a membership into the value that policy and services work with."""
    return Actor(
        user_id=membership.user_id,
        membership_id=membership.id,
        membership_public_id=membership.public_id,
        name=membership.user.full_name,
        role=membership.role,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.short_name,
        cellule_id=membership.cellule_id,
        cellule_name=membership.cellule.name,
        is_physician=membership.is_physician,
        is_org_manager=membership.is_org_manager,
    )


def actor_of(session: UserSession, membership: Membership) -> Actor:
    """Return who acts in a sign-in: the membership in use, or what an emergency access makes of it."""
    actor = build_actor(membership)
    until, cellule_id = session.emergency_until, session.emergency_cellule_id
    if until is None or cellule_id is None or clock.now() >= until:
        return actor
    return replace(
        actor,
        cellule_id=cellule_id,
        cellule_name=queries.get_cellule(cellule_id).name,
        emergency_case_id=session.emergency_case_id,
        emergency_reference=session.emergency_reference or "",
        emergency_until=until,
    )
