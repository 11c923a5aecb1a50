"""An invitation of the base world, written as a row: not through the service under test."""

from datetime import timedelta

from pdp.core import clock, db
from pdp.partners.models import Invitation
from pdp.policy.roles import Role
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add an invitation of Cap emploi that waits."""
    db.session().add(
        Invitation(
            cellule_id=world.cellule[key],
            organisation_id=world.organisation[f"{key}.cap_emploi"],
            role=Role.CAP_EMPLOI,
            email=f"invite.{key}@example.org",
            given_name="Camille",
            family_name="Invitée",
            job_title="Conseillère",
            token_hash=f"{key}" * 64,
            invited_by_id=world.user[f"{key}.cap_emploi"],
            invited_at=clock.now(),
            expires_at=clock.now() + timedelta(days=7),
        )
    )
    db.session().flush()
